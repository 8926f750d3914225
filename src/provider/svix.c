#include "svix.h"

#include <string.h>

#include "base/crypt.h"

#define PREFIX "whsec_"
#define TOLERANCE 300 /* s, either way */

size_t
svix_key(struct arena *a, const char *secret, const uint8_t **key)
{
	size_t len = 0;

	*key = g_str_has_prefix(secret, PREFIX)
		   ? wire_unbase64(a, secret + strlen(PREFIX), &len)
		   : NULL;
	return *key != NULL ? len : 0;
}

/* The value of the signature's header, for one version. */
static const char *
sign(struct arena *a, const uint8_t *key, size_t key_len, const char *id,
    const char *timestamp, const char *body, size_t len)
{
	GString *s = g_string_new(NULL);
	uint8_t mac[32];

	g_string_printf(s, "%s.%s.", id, timestamp);
	g_string_append_len(s, body, (gssize)len);
	wire_hmac(WIRE_SHA256, key, key_len, s->str, s->len, mac);
	g_string_free(s, TRUE);
	return arena_printf(a, "v1,%s", wire_base64(a, mac, sizeof mac));
}

static bool
is_fresh(const char *timestamp, ms_t now)
{
	size_t n = strlen(timestamp);
	int64_t told;

	if (n == 0 || n > 12 || strspn(timestamp, "0123456789") != n)
		return false;
	told = g_ascii_strtoll(timestamp, NULL, 10);
	return ABS(now / MS_SECOND - told) <= TOLERANCE;
}

/* While a secret is replaced there is a signature for the old one and one for the new. */
static bool
is_among(const char *wanted, const char *list)
{
	size_t len = strlen(wanted);
	bool found = false;

	for (const char *p = list; *p != '\0'; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");

		found |= n == len && crypt_equal(p, wanted, len);
		p += n;
	}
	return found;
}

bool
svix_verify(
    const struct hook_request *req, const char *secret, struct arena *a, const char **id)
{
	static const char *const names[][3] = {
		{ "svix-id", "svix-timestamp", "svix-signature" },
		{ "webhook-id", "webhook-timestamp", "webhook-signature" },
	};
	const uint8_t *key;
	size_t len = svix_key(a, secret, &key);

	for (size_t i = 0; len > 0 && i < G_N_ELEMENTS(names); i++) {
		const char *at = req->header(req, names[i][1]);

		*id = req->header(req, names[i][0]);
		if (**id != '\0' && is_fresh(at, req->now) &&
		    is_among(sign(a, key, len, *id, at, req->body, req->body_len),
			req->header(req, names[i][2])))
			return true;
	}
	return false;
}
