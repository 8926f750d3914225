/* dialect_sendgrid.c - SendGrid: v3/mail/send, its event webhook.
 *
 * Webhooks are signed with the key below, whose public half an account needs as
 * webhook_key to believe the sandbox:
 *
 *	MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEg/McuM4h2w7rfBFsKvYPrQx+QiU3cBS6h1fY141g
 *	lkSkkFlgafQ1C7R/co2p8iV34t1SpI2Pns3g54/qLDHFUg==
 *
 * It is no secret: everybody has it. */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/check.h"
#include "base/crypt.h"
#include "dialects.h"
#include "provider/wire.h"

#define SANDBOX_KEY                                                                      \
	"MHcCAQEEIEbktQEUlexDkMoUQ1VL81rBTAkF/ym45lAuiIGvM1uooAoGCCqGSM49AwEHoUQDQgAEg/" \
	"McuM4h2w7rfBFsKvYPrQx+QiU3cBS6h1fY141glkSkkFlgafQ1C7R/co2p8iV34t1SpI2Pns3g54/"  \
	"qLDHFUg=="

static void
error(struct dialect_call *c, int status, const char *message, const char *field)
{
	dialect_json(c, status,
	    json_pack("{s[{ss ss? sn}]}", "errors", "message", message, "field", field,
		"help"));
}

static bool
admit(struct dialect_call *c)
{
	const char *auth = dialect_header(c, "Authorization"), *key;

	key = c->acc == NULL ? "" : provider_setting(c->acc, "api_key");
	if (*key != '\0' && g_str_has_prefix(auth, "Bearer ") &&
	    strlen(auth + 7) == strlen(key) && crypt_equal(auth + 7, key, strlen(key)))
		return true;
	error(c, 401, "The provided authorization grant is invalid, expired, or revoked",
	    NULL);
	return false;
}

/* A part of the content, with what this one has for its marks. */
static const char *
content(struct dialect_call *c, const json_t *mail, const json_t *one, const char *type)
{
	const json_t *parts = json_object_get(mail, "content"),
		     *marks = json_object_get(one, "substitutions");
	GString *s = g_string_new(NULL);
	const char *mark, *kept;
	json_t *value;

	for (size_t i = 0; i < json_array_size(parts); i++)
		if (strcmp(wire_text(c->arena, json_array_get(parts, i), "type"), type) ==
		    0)
			g_string_assign(
			    s, wire_text(c->arena, json_array_get(parts, i), "value"));
	json_object_foreach((json_t *)(uintptr_t)marks, mark, value)
	{
		g_string_replace(s, mark, json_string_value(value), 0);
	}
	kept = arena_strndup(c->arena, s->str, s->len);
	g_string_free(s, TRUE);
	return kept;
}

static const char *
address_of(struct dialect_call *c, const json_t *one)
{
	return wire_text(
	    c->arena, json_array_get(json_object_get(one, "to"), 0), "email");
}

/* <https://...>, <mailto:...> */
static const char *
way_out(struct dialect_call *c, const json_t *one)
{
	const char *s =
	    wire_text(c->arena, json_object_get(one, "headers"), "List-Unsubscribe");

	return *s == '<' ? arena_strndup(c->arena, s + 1, strcspn(s + 1, ">")) : "";
}

static void
take(struct dialect_call *c, const json_t *mail, const json_t *one,
    struct sandbox_take *out)
{
	const char *unsubscribe = way_out(c, one);
	const struct dialect_message m = { .channel = CHANNEL_EMAIL,
		.category = *unsubscribe != '\0' ? CATEGORY_MARKETING : CATEGORY_SERVICE,
		.to = address_of(c, one),
		.ref =
		    wire_text(c->arena, json_object_get(one, "custom_args"), "reach_id"),
		.subject = wire_text(c->arena, one, "subject"),
		.text = content(c, mail, one, "text/plain"),
		.html = content(c, mail, one, "text/html"),
		.unsubscribe = unsubscribe };

	dialect_take(c, &m, out);
}

/* The service looks at the whole call before it takes any of it. What the sandbox would
 * refuse behind a mail already taken is taken and goes nowhere. */
static void
send_all(struct dialect_call *c, const json_t *mail)
{
	const json_t *all = json_object_get(mail, "personalizations");
	size_t n = json_array_size(all);
	struct sandbox_take t;

	if (n == 0 || n > 1000) {
		error(c, 400, "1 to 1000 personalizations", "personalizations");
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (strchr(address_of(c, json_array_get(all, i)), '@') == NULL) {
			error(c, 400, "Does not contain a valid address.",
			    arena_printf(c->arena, "personalizations.%zu.to.0.email", i));
			return;
		}
	for (size_t i = 0; i < n; i++) {
		take(c, mail, json_array_get(all, i), &t);
		if (i == 0 && t.what == TAKE_REFUSED) {
			error(c, 400, t.code, "content.0.value");
			return;
		}
		if (i == 0)
			g_string_append_printf(c->headers, "X-Message-Id: %s\r\n", t.id);
	}
	c->status = 202;
}

static void
handle(struct dialect_call *c)
{
	json_t *mail;

	if (!admit(c))
		return;
	if (strcmp(c->path, "/v3/scopes") == 0) {
		g_string_assign(c->body, "{\"scopes\":[\"mail.send\"]}");
		return;
	}
	if (strcmp(c->path, "/v3/mail/send") != 0 || strcmp(c->x->method, "POST") != 0) {
		error(c, 404, "Not Found", NULL);
		return;
	}
	mail = json_loadb(c->x->body, c->x->body_len, 0, NULL);
	if (mail == NULL)
		error(c, 400, "Bad Request", NULL);
	else
		send_all(c, mail);
	json_decref(mail);
}

/* Events ------------------------------------------------------------------------------ */

static const struct {
	const char *kind, *event;
} names[] = {
	{ "sent", "processed" },
	{ "delivered", "delivered" },
	{ "failed", "bounce" },
	{ "open", "open" },
	{ "click", "click" },
	{ "complaint", "spamreport" },
	{ "unsubscribe", "unsubscribe" },
};

static char *
sign(const char *stamp, const char *body)
{
	gsize len;
	guchar *raw = g_base64_decode(SANDBOX_KEY, &len);
	const unsigned char *der = raw;
	EVP_PKEY *key = d2i_PrivateKey(EVP_PKEY_EC, NULL, &der, (long)len);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	char *text = g_strconcat(stamp, body, NULL), *out;
	unsigned char sig[128];
	size_t n = sizeof(sig);

	CHECK(
	    EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
	    EVP_DigestSign(ctx, sig, &n, (const unsigned char *)text, strlen(text)) == 1);
	out = g_base64_encode(sig, n);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	g_free(text);
	g_free(raw);
	return out;
}

static json_t *
event_of(const struct dialect_event *ev, const char *name)
{
	json_t *j = json_pack("{ss sI ss ss ss ss}", "email", ev->to, "timestamp",
	    (json_int_t)(ev->at / 1000), "event", name, "sg_event_id", ev->key,
	    "sg_message_id", ev->id, "reach_id", ev->ref);

	if (strcmp(name, "bounce") == 0) {
		json_object_set_new(j, "type", json_string("bounce"));
		json_object_set_new(j, "status",
		    json_string(g_ascii_isdigit(*ev->code) ? ev->code : "5.1.1"));
	}
	return json_pack("[o]", j);
}

static bool
event(const struct account *acc, const char *url, const struct dialect_event *ev,
    ms_t real, struct dialect_post *out)
{
	const char *name = NULL;
	char *text, *stamp, *signature;
	json_t *j;

	(void)acc;
	(void)url;
	(void)real;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(names[i].kind, ev->kind) == 0)
			name = names[i].event;
	if (name == NULL)
		return false;
	j = event_of(ev, name);
	text = json_dumps(j, JSON_COMPACT);
	out->body = g_strconcat(text, "\r\n", NULL);
	stamp = g_strdup_printf("%" G_GINT64_FORMAT, ev->at / 1000);
	signature = sign(stamp, out->body);
	g_ptr_array_add(out->headers,
	    g_strconcat("X-Twilio-Email-Event-Webhook-Timestamp: ", stamp, NULL));
	g_ptr_array_add(out->headers,
	    g_strconcat("X-Twilio-Email-Event-Webhook-Signature: ", signature, NULL));
	g_free(signature);
	g_free(stamp);
	free(text);
	json_decref(j);
	return true;
}

const struct dialect dialect_sendgrid = { "sendgrid", handle, event };
