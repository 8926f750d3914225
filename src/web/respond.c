/* respond.c - the headers every answer carries. */
#include "respond.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "base/text.h"

#define JSON_TYPE "application/json"
#define PAGE_TYPE "text/html; charset=utf-8"

static const char *const always[] = {
	"X-Content-Type-Options: nosniff",
	"Referrer-Policy: no-referrer",
};

/* No inline script or style anywhere, so a stored name can never run. */
static const char *const of_pages[] = {
	"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src "
	"'self'; "
	"img-src 'self'; connect-src 'self'; base-uri 'none'; object-src 'none'; "
	"frame-ancestors 'none'; form-action 'self'",
	"Cross-Origin-Opener-Policy: same-origin",
	"Cross-Origin-Resource-Policy: same-origin",
};

void
respond_headers(const struct http_in *in, int status, const char *type,
    const char *header, const char **out)
{
	int n = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(always); i++)
		out[n++] = always[i];
	for (size_t i = 0;
	     g_str_has_prefix(type, "text/html") && i < G_N_ELEMENTS(of_pages); i++)
		out[n++] = of_pages[i];
	if (header == NULL || g_ascii_strncasecmp(header, "Cache-Control:", 14) != 0)
		out[n++] = "Cache-Control: no-store";
	if (in->tls)
		out[n++] =
		    "Strict-Transport-Security: max-age=31536000; includeSubDomains";
	if (status == 409)
		out[n++] = "Retry-After: 1";
	if (status == 429 || status == 503)
		out[n++] = "Retry-After: 5";
	if (header != NULL)
		out[n++] = header;
	out[n] = NULL;
}

void
respond_count(struct http_in *in, int status)
{
	uint64_t *answered = in->arg;

	if (answered != NULL && status >= 100 && status < 600)
		answered[status / 100]++;
}

void
respond(struct http_in *in, int status, const char *type, const char *header,
    const char *body, size_t len)
{
	const char *headers[RESPOND_HEADERS];

	type = type != NULL ? type : "";
	respond_headers(in, status, type, header, headers);
	respond_count(in, status);
	in->reply(in, status, type, headers, body, len);
}

void
respond_json(struct http_in *in, int status, const char *json)
{
	bool is_json = *json == '{' || *json == '[';

	respond(in, status, is_json ? JSON_TYPE : "text/plain; charset=utf-8", NULL, json,
	    strlen(json));
}

void
respond_error(struct http_in *in, int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	json_t *j = json_pack("{ss}", "error", text_mend(text));
	char *json = json_dumps(j, JSON_COMPACT);
	respond(in, status, JSON_TYPE, NULL, json, strlen(json));
	free(json);
	json_decref(j);
	g_free(text);
}

void
respond_page(struct http_in *in, int status, const char *html)
{
	respond(in, status, PAGE_TYPE, NULL, html, strlen(html));
}
