/* dialect_acs3.c - the signature taken apart and made again from what came over the wire. */
#include "dialect_acs3.h"

#include <stdlib.h>
#include <string.h>

#include "provider/wire.h"
#include "base/crypt.h"

#define VALID_FOR (15 * MS_MINUTE)

const char *
dialect_acs3_param(struct dialect_call *c, const char *name)
{
	const char *v = wire_field_of(c->arena, c->x->query, name);

	if (v == NULL)
		v = wire_field_of(c->arena, c->x->body, name);
	return v == NULL ? "" : v;
}

void
dialect_acs3_error(
    struct dialect_call *c, int status, const char *code, const char *message)
{
	dialect_json(c, status,
	    json_pack(
		"{ss ss ss}", "RequestId", "sandbox", "Code", code, "Message", message));
}

/* "Credential=K,SignedHeaders=a;b,Signature=H": the part behind NAME=. */
static const char *
part(struct dialect_call *c, const char *auth, const char *name)
{
	const char *at = strstr(auth, name);

	if (at == NULL)
		return "";
	at += strlen(name);
	return arena_strndup(c->arena, at, strcspn(at, ","));
}

static const char *
signature(struct dialect_call *c, const char *names, const char *secret)
{
	char **list = g_strsplit(names, ";", -1);
	const char *hash = wire_sha256(c->arena, c->x->body, c->x->body_len), *to_sign;
	GString *s = g_string_new(NULL);
	uint8_t mac[32];

	g_string_printf(s, "%s\n/\n%s\n", c->x->method, c->x->query);
	for (int i = 0; list[i] != NULL; i++)
		g_string_append_printf(s, "%s:%s\n", list[i], dialect_header(c, list[i]));
	g_string_append_printf(s, "\n%s\n%s", names, hash);
	to_sign = arena_printf(
	    c->arena, "ACS3-HMAC-SHA256\n%s", wire_sha256(c->arena, s->str, s->len));
	wire_hmac(WIRE_SHA256, secret, strlen(secret), to_sign, strlen(to_sign), mac);
	g_string_free(s, TRUE);
	g_strfreev(list);
	return wire_hex(c->arena, mac, sizeof(mac));
}

bool
dialect_acs3_admit(struct dialect_call *c)
{
	const char *auth = dialect_header(c, "Authorization"), *made;
	const char *names = part(c, auth, "SignedHeaders="),
		   *given = part(c, auth, "Signature=");
	ms_t at;

	if (c->acc == NULL || strcmp(part(c, auth, "Credential="),
				  provider_setting(c->acc, "access_key_id")) != 0) {
		dialect_acs3_error(c, 404, "InvalidAccessKeyId.NotFound", "no such key");
		return false;
	}
	made = signature(c, names, provider_setting(c->acc, "access_key_secret"));
	if (strlen(made) != strlen(given) || !crypt_equal(made, given, strlen(made))) {
		dialect_acs3_error(
		    c, 400, "SignatureDoesNotMatch", "the signature does not match");
		return false;
	}
	if (clock_parse(dialect_header(c, "x-acs-date"), &at) != 0 ||
	    (c->desk->clock->agreed && ABS(c->now - at) > VALID_FOR)) {
		dialect_acs3_error(
		    c, 400, "InvalidTimeStamp.Expired", "the signature is too old");
		return false;
	}
	return true;
}
