/* tc3.c - canonical request, string to sign, header. */
#include "tc3.h"

#include <string.h>

#define TYPE "application/json"
#define SIGNED "content-type;host"

/* Behind the scheme, without the port: so their own SDK signs it. */
static const char *
host_of(const char *url, struct arena *a)
{
	const char *host = strstr(url, "://");
	host = host != NULL ? host + 3 : url;
	return arena_strndup(a, host, strcspn(host, ":/?"));
}

/* 2026-11-22, in UTC. */
static const char *
date_of(struct arena *a, ms_t at)
{
	GDateTime *t = g_date_time_new_from_unix_utc(at / 1000);
	const char *date = arena_printf(a, "%04d-%02d-%02d", g_date_time_get_year(t),
	    g_date_time_get_month(t), g_date_time_get_day_of_month(t));
	g_date_time_unref(t);
	return date;
}

static void
chain(uint8_t key[32], const char *text)
{
	uint8_t next[32];
	wire_hmac(WIRE_SHA256, key, 32, text, strlen(text), next);
	memcpy(key, next, sizeof next);
}

static const char *
signature(struct arena *a, const struct tc3 *r, const char *host, const char *secret,
    const char *body, size_t len)
{
	const char *date = date_of(a, r->at), *start = arena_printf(a, "TC3%s", secret);
	const char *request =
	    arena_printf(a, "POST\n/\n\ncontent-type:" TYPE "\nhost:%s\n\n" SIGNED "\n%s",
		host, wire_sha256(a, body, len));
	const char *to_sign = arena_printf(a,
	    "TC3-HMAC-SHA256\n%" G_GINT64_FORMAT "\n%s/%s/tc3_request\n%s", r->at / 1000,
	    date, r->service, wire_sha256(a, request, strlen(request)));
	uint8_t key[32];

	wire_hmac(WIRE_SHA256, start, strlen(start), date, strlen(date), key);
	chain(key, r->service);
	chain(key, "tc3_request");
	chain(key, to_sign);
	return wire_hex(a, key, sizeof key);
}

void
tc3_sign(const struct tc3 *r, json_t *j, struct arena *a, struct provider_request *out)
{
	const char *url = provider_url(r->acc, a, "/"),
		   *region = provider_setting(r->acc, "region");

	out->method = "POST";
	out->url = url;
	out->body = wire_print(a, j);
	out->body_len = strlen(out->body);
	wire_header(out, a, "Content-Type", TYPE);
	wire_header(out, a, "X-TC-Action", r->action);
	wire_header(out, a, "X-TC-Version", r->version);
	wire_header(
	    out, a, "X-TC-Timestamp", arena_printf(a, "%" G_GINT64_FORMAT, r->at / 1000));
	wire_header(out, a, "X-TC-Region", region[0] != '\0' ? region : "ap-guangzhou");
	wire_header(out, a, "Authorization",
	    arena_printf(a,
		"TC3-HMAC-SHA256 Credential=%s/%s/%s/tc3_request, "
		"SignedHeaders=" SIGNED ", Signature=%s",
		provider_setting(r->acc, "secret_id"), date_of(a, r->at), r->service,
		signature(a, r, host_of(url, a), provider_setting(r->acc, "secret_key"),
		    out->body, out->body_len)));
}
