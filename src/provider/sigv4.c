/* sigv4.c - canonical request, string to sign, derived key; see "Create a signed AWS API
 * request" of their documentation. tests/oracle checks it against their own signer. */
#include "sigv4.h"

#include <string.h>

const char *
sigv4_date(struct arena *a, ms_t at)
{
	return wire_utc(a, at, "%Y%m%dT%H%M%SZ");
}

static void
step(uint8_t key[32], size_t len, const void *from, const char *text)
{
	uint8_t out[32];

	wire_hmac(WIRE_SHA256, from, len, text, strlen(text), out);
	memcpy(key, out, sizeof out);
}

const char *
sigv4_authorization(const struct sigv4 *r, struct arena *a)
{
	bool token = *r->token != '\0';
	const char *names = token ? "content-type;host;x-amz-date;x-amz-security-token"
				  : "content-type;host;x-amz-date";
	const char *day = arena_strndup(a, r->date, 8);
	const char *scope =
	    arena_printf(a, "%s/%s/%s/aws4_request", day, r->region, r->service);
	const char *request = arena_printf(a,
	    "%s\n%s\n\ncontent-type:application/"
	    "json\nhost:%s\nx-amz-date:%s\n%s%s%s\n%s\n%s",
	    r->method, r->path, r->host, r->date, token ? "x-amz-security-token:" : "",
	    r->token, token ? "\n" : "", names, wire_sha256(a, r->body, r->body_len));
	const char *to_sign = arena_printf(a, "AWS4-HMAC-SHA256\n%s\n%s\n%s", r->date,
	    scope, wire_sha256(a, request, strlen(request)));
	const char *secret = arena_printf(a, "AWS4%s", r->secret);
	uint8_t key[32];

	step(key, strlen(secret), secret, day);
	step(key, sizeof key, key, r->region);
	step(key, sizeof key, key, r->service);
	step(key, sizeof key, key, "aws4_request");
	step(key, sizeof key, key, to_sign);
	return arena_printf(a,
	    "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s",
	    r->key_id, scope, names, wire_hex(a, key, sizeof key));
}
