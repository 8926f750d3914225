/* acs3.c - canonical request, string to sign, header; and Beijing's calendar. */
#include "acs3.h"

#include <stdio.h>
#include <string.h>

#define SIGNED_MAX 8

/* What is behind the scheme: libcurl sends the same as Host. */
static const char *
host_of(const char *url, struct arena *a)
{
	const char *host = strstr(url, "://");
	host = host != NULL ? host + 3 : url;
	return arena_strndup(a, host, strcspn(host, "/?"));
}

static const char *
query_of(const char *const *fields, struct arena *a)
{
	GString *q = g_string_sized_new(512);
	for (; *fields != NULL; fields += 2)
		wire_field(q, fields[0], fields[1]);
	const char *kept = arena_strndup(a, q->str, q->len);
	g_string_free(q, TRUE);
	return kept;
}

struct field {
	const char *name, *value;
};

/* Those that are signed, sorted by name. */
static int
signed_fields(const struct acs3 *r, const char *host, const char *hash, struct arena *a,
    struct field out[SIGNED_MAX])
{
	int n = 0;
	if (r->form[0] != '\0')
		out[n++] =
		    (struct field){ "content-type", "application/x-www-form-urlencoded" };
	out[n++] = (struct field){ "host", host };
	out[n++] = (struct field){ "x-acs-action", r->action };
	out[n++] = (struct field){ "x-acs-content-sha256", hash };
	out[n++] =
	    (struct field){ "x-acs-date", wire_utc(a, r->at, "%Y-%m-%dT%H:%M:%SZ") };
	out[n++] = (struct field){ "x-acs-signature-nonce", r->nonce };
	out[n++] = (struct field){ "x-acs-version", r->version };
	return n;
}

static void
add(GString *out, const char *a, const char *b, const char *c)
{
	g_string_append(out, a);
	g_string_append(out, b);
	g_string_append(out, c);
}

void
acs3_sign(const struct acs3 *r, struct arena *a, struct provider_request *out)
{
	const char *secret = provider_setting(r->acc, "access_key_secret");
	const char *url = provider_url(r->acc, a, "/"), *query = query_of(r->fields, a);
	const char *hash = wire_sha256(a, r->form, strlen(r->form));
	struct field f[SIGNED_MAX];
	int n = signed_fields(r, host_of(url, a), hash, a, f);
	GString *request = g_string_sized_new(1024), *names = g_string_sized_new(128);
	uint8_t mac[32];

	add(request, "POST\n/\n", query, "\n");
	for (int i = 0; i < n; i++) {
		add(request, f[i].name, ":", f[i].value);
		g_string_append_c(request, '\n');
		add(names, i > 0 ? ";" : "", f[i].name, "");
	}
	add(request, "\n", names->str, "\n");
	g_string_append(request, hash);
	const char *to_sign = arena_printf(
	    a, "ACS3-HMAC-SHA256\n%s", wire_sha256(a, request->str, request->len));
	wire_hmac(WIRE_SHA256, secret, strlen(secret), to_sign, strlen(to_sign), mac);

	out->method = "POST";
	out->url = query[0] != '\0' ? arena_printf(a, "%s?%s", url, query) : url;
	out->body = r->form;
	out->body_len = strlen(r->form);
	for (int i = 0; i < n; i++)
		if (strcmp(f[i].name, "host") != 0)
			wire_header(out, a, f[i].name, f[i].value);
	wire_header(out, a, "Authorization",
	    arena_printf(a,
		"ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%s",
		provider_setting(r->acc, "access_key_id"), names->str,
		wire_hex(a, mac, sizeof mac)));
	g_string_free(request, TRUE);
	g_string_free(names, TRUE);
}

/* Their SDK reads milliseconds, up to two minutes. */
ms_t
acs3_retry_after(const struct provider_reply *reply)
{
	gint64 v = g_ascii_strtoll(header_of(reply->head, "x-acs-retry-after"), NULL, 10);

	return v <= 0 ? 0 : CLAMP(v, MS_SECOND, 2 * MS_MINUTE);
}

/* Beijing has had no summer time since 1991: eight hours, always. */
#define BEIJING (8 * MS_HOUR)

ms_t
acs3_time(const char *text)
{
	int y, mo, d, h, mi, s;
	if (sscanf(text, "%4d-%2d-%2d %2d:%2d:%2d", &y, &mo, &d, &h, &mi, &s) != 6)
		return 0;
	GDateTime *t = g_date_time_new_utc(y, mo, d, h, mi, s);
	if (t == NULL)
		return 0;
	ms_t at = g_date_time_to_unix(t) * 1000 - BEIJING;
	g_date_time_unref(t);
	return at;
}

int
acs3_day(ms_t at)
{
	GDateTime *t = g_date_time_new_from_unix_utc((at + BEIJING) / 1000);
	int day = g_date_time_get_year(t) * 10000 + g_date_time_get_month(t) * 100 +
		  g_date_time_get_day_of_month(t);
	g_date_time_unref(t);
	return day;
}

ms_t
acs3_until_day(ms_t at)
{
	return MS_DAY - (at + BEIJING) % MS_DAY;
}

ms_t
acs3_until_month(ms_t at)
{
	ms_t wait = acs3_until_day(at);
	while (acs3_day(at + wait) % 100 != 1)
		wait += MS_DAY;
	return wait;
}
