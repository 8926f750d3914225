/* route_link.c - tracked links and the open pixel.
 *
 * A link is looked up whatever the code looks like, so that a wrong one takes as
 * long as a right one; nothing in the query has a say. */
#include <string.h>

#include <glib.h>

#include "caller.h"
#include "core/config.h"
#include "page.h"
#include "pending.h"
#include "respond.h"
#include "route.h"

#define CODE_MAX 64

static void
write_gone(struct pending *p, int status)
{
	GString *html = g_string_new("");

	page_write(PAGE_GONE, page_language(http_in_field(p->in, "Accept-Language")),
	    engine_catalog(p->web->en)->config->entity.name, html);
	respond_page(p->in, status, html->str);
	g_string_free(html, TRUE);
}

/* A header of its own making must not be possible, whatever is stored. */
static char *
location(const char *target)
{
	for (const char *p = target; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f)
			return NULL;
	if (!g_str_has_prefix(target, "https://") && !g_str_has_prefix(target, "http://"))
		return NULL;
	char *ascii = g_uri_escape_string(target, ":/?#[]@!$&'()*+,;=%", FALSE);
	char *header = g_strconcat("Location: ", ascii, NULL);
	g_free(ascii);
	return header;
}

static void
looked_up(void *arg, int status, const char *target)
{
	struct pending *p = arg;
	char *header = status == 302 ? location(target) : NULL;

	if (header != NULL)
		respond(p->in, 302, "", header, "", 0);
	else
		write_gone(p, status == 410 || status == 503 ? status : 404);
	g_free(header);
	pending_free(p);
}

void
route_link(const struct call *c)
{
	struct pending *p = pending_new(c->web, c->in);
	bool ours =
	    strlen(c->rest) <= CODE_MAX &&
	    !caller_wrong_host(c->in, engine_catalog(c->web->en)->config->public_url);
	const struct engine_hit hit = {
		.code = ours ? c->rest : "",
		.head = strcmp(c->in->method, "HEAD") == 0,
		.agent = http_in_field(c->in, "User-Agent"),
	};

	engine_hit(c->web->en, &hit, looked_up, p);
}

static void
noted(void *arg, int status, const char *json)
{
	(void)arg;
	(void)status;
	(void)json;
}

/* /o/REF.gif: the picture comes in any case. */
void
route_open(const struct call *c)
{
	static const unsigned char gif[] = { 'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0,
		0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x21, 0xf9, 4, 1, 0, 0, 0, 0, 0x2c,
		0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 1, 0x44, 0, 0x3b };
	size_t len = strlen(c->rest);

	if (len > 4 && len <= CODE_MAX && g_str_has_suffix(c->rest, ".gif")) {
		char *ref = g_strndup(c->rest, len - 4);
		const struct engine_hit hit = {
			.ref = ref,
			.head = strcmp(c->in->method, "HEAD") == 0,
			.agent = http_in_field(c->in, "User-Agent"),
		};

		engine_hit(c->web->en, &hit, noted, NULL);
		g_free(ref);
	}
	respond(c->in, 200, "image/gif", NULL, (const char *)gif, sizeof(gif));
}
