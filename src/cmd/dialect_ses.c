/* dialect_ses.c - Amazon SES v2 at the sandbox: SendEmail, its signature, and SNS, which signs
 * with a key made for the occasion: its certificate lies below the account's url. */
#include <string.h>

#include "base/crypt.h"
#include "dialect_mail.h"
#include "dialect_sns.h"
#include "dialects.h"
#include "provider/wire.h"

#define VALID_FOR (5 * MS_MINUTE)

static void
refuse(struct dialect_call *c, int status, const char *name, const char *message)
{
	g_string_append_printf(c->headers, "x-amzn-errortype: %s\r\n", name);
	dialect_json(c, status, json_pack("{ss}", "message", message));
}

/* The signature, taken apart and made again ------------------------------------------------ */

static const char *
part(struct dialect_call *c, const char *auth, const char *name)
{
	const char *at = strstr(auth, name);

	at = at == NULL ? "" : at + strlen(name);
	return arena_strndup(c->arena, at, strcspn(at, ", "));
}

static void
chain(uint8_t key[32], const char *text)
{
	uint8_t out[32];

	wire_hmac(WIRE_SHA256, key, 32, text, strlen(text), out);
	memcpy(key, out, sizeof(out));
}

/* scope: DAY/REGION/SERVICE/aws4_request */
static const char *
signature(struct dialect_call *c, const char *names, const char *scope)
{
	const char *secret = arena_printf(
	    c->arena, "AWS4%s", provider_setting(c->acc, "secret_access_key"));
	char **list = g_strsplit(names, ";", -1), **parts = g_strsplit(scope, "/", -1);
	GString *s = g_string_new(NULL);
	uint8_t key[32];

	g_string_printf(s, "%s\n%s\n%s\n", c->x->method, c->x->path, c->x->query);
	for (int i = 0; list[i] != NULL; i++)
		g_string_append_printf(s, "%s:%s\n", list[i], dialect_header(c, list[i]));
	g_string_append_printf(
	    s, "\n%s\n%s", names, wire_sha256(c->arena, c->x->body, c->x->body_len));
	wire_hmac(WIRE_SHA256, secret, strlen(secret), parts[0] != NULL ? parts[0] : "",
	    parts[0] != NULL ? strlen(parts[0]) : 0, key);
	for (int i = 1; parts[0] != NULL && parts[i] != NULL; i++)
		chain(key, parts[i]);
	chain(key, arena_printf(c->arena, "AWS4-HMAC-SHA256\n%s\n%s\n%s",
		       dialect_header(c, "X-Amz-Date"), scope,
		       wire_sha256(c->arena, s->str, s->len)));
	g_string_free(s, TRUE);
	g_strfreev(parts);
	g_strfreev(list);
	return wire_hex(c->arena, key, sizeof(key));
}

/* 20261122T035000Z */
static bool
is_fresh(const struct dialect_call *c, const char *date)
{
	char text[CLOCK_TEXT];
	ms_t at;

	if (strlen(date) != 16)
		return false;
	g_snprintf(text, sizeof(text), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", date, date + 4,
	    date + 6, date + 9, date + 11, date + 13);
	return clock_parse(text, &at) == 0 &&
	       (!c->desk->clock->agreed || ABS(c->now - at) <= VALID_FOR);
}

static bool
admit(struct dialect_call *c)
{
	const char *auth = dialect_header(c, "Authorization");
	const char *credential = part(c, auth, "Credential="),
		   *names = part(c, auth, "SignedHeaders="),
		   *given = part(c, auth, "Signature="), *made;
	const char *scope = strchr(credential, '/');
	const char *key = scope == NULL ? ""
					: arena_strndup(c->arena, credential,
					      (size_t)(scope - credential));

	if (c->acc == NULL || *key == '\0' ||
	    strcmp(key, provider_setting(c->acc, "access_key_id")) != 0) {
		refuse(c, 403, "UnrecognizedClientException", "no such key");
		return false;
	}
	made = signature(c, names, scope + 1);
	if (strlen(made) != strlen(given) || !crypt_equal(made, given, strlen(made)) ||
	    !is_fresh(c, dialect_header(c, "X-Amz-Date"))) {
		refuse(c, 403, "InvalidSignatureException",
		    "the signature does not match, or is too old");
		return false;
	}
	return true;
}

/* Mails ------------------------------------------------------------------------------------ */

static const json_t *
at(const json_t *j, const char *a, const char *b)
{
	return json_object_get(json_object_get(j, a), b);
}

static const char *
tag(const json_t *in)
{
	const json_t *tags = json_object_get(in, "EmailTags");

	return dialect_mail_field(tags, "reach_id");
}

static void
take(struct dialect_call *c, const json_t *in)
{
	const json_t *mail = at(in, "Content", "Simple"),
		     *to = json_array_get(at(in, "Destination", "ToAddresses"), 0);
	struct dialect_message m = { .channel = CHANNEL_EMAIL,
		.to = json_is_string(to) ? json_string_value(to) : "",
		.ref = tag(in),
		.subject = dialect_mail_text(json_object_get(mail, "Subject"), "Data"),
		.text = dialect_mail_text(at(mail, "Body", "Text"), "Data"),
		.html = dialect_mail_text(at(mail, "Body", "Html"), "Data") };
	struct sandbox_take t;

	dialect_mail_way_out(c,
	    dialect_mail_field(json_object_get(mail, "Headers"), "List-Unsubscribe"), &m);
	dialect_take(c, &m, &t);
	if (t.what == TAKE_ACCEPTED || t.what == TAKE_AGAIN)
		dialect_json(c, 200, json_pack("{ss}", "MessageId", t.id));
	else
		refuse(c, 400,
		    strcmp(t.code, "bad_address") == 0 ? "BadRequestException"
						       : "MessageRejected",
		    t.code);
}

static void
handle(struct dialect_call *c)
{
	json_t *in;

	if (strcmp(c->path, DIALECT_SNS_PATH) == 0) {
		c->type = "application/x-pem-file";
		g_string_assign(c->body, dialect_sns_certificate());
		return;
	}
	if (!admit(c))
		return;
	if (strcmp(c->path, "/v2/email/account") == 0) {
		g_string_assign(c->body,
		    "{\"SendingEnabled\":true,\"ProductionAccessEnabled\":true,\"SendQuota\":{"
		    "\"Max24HourSend\":50000.0,\"SentLast24Hours\":12.0}}");
		return;
	}
	in = json_loadb(c->x->body, c->x->body_len, 0, NULL);
	if (strcmp(c->path, "/v2/email/outbound-emails") != 0)
		refuse(c, 404, "UnknownOperationException", "no such operation");
	else if (!json_is_object(in))
		refuse(c, 400, "BadRequestException", "no JSON");
	else if (strcmp(dialect_mail_text(in, "ConfigurationSetName"),
		     provider_setting(c->acc, "configuration_set")) != 0)
		refuse(c, 404, "NotFoundException", "no such configuration set");
	else
		take(c, in);
	json_decref(in);
}

/* Events ------------------------------------------------------------------------------------ */

static const struct {
	const char *kind, *type, *member;
} types[] = {
	{ "sent", "Send", "send" },
	{ "delivered", "Delivery", "delivery" },
	{ "failed", "Bounce", "bounce" },
	{ "open", "Open", "open" },
	{ "click", "Click", "click" },
	{ "complaint", "Complaint", "complaint" },
};

static json_t *
what(const struct dialect_event *ev, const char *when)
{
	json_t *j = json_pack("{ss}", "timestamp", when);

	if (strcmp(ev->kind, "failed") == 0) {
		json_object_set_new(j, "bounceType", json_string("Permanent"));
		json_object_set_new(j, "bounceSubType", json_string("General"));
		json_object_set_new(
		    j, "bouncedRecipients", json_pack("[{ss}]", "emailAddress", ev->to));
	}
	return j;
}

static bool
event(const struct account *acc, const char *url, const struct dialect_event *ev,
    ms_t real, struct dialect_post *out)
{
	char when[CLOCK_TEXT];

	(void)url;
	(void)real;
	dialect_mail_time(ev->at, when);
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(types[i].kind, ev->kind) == 0) {
			json_t *j = json_pack("{ss so s{ss s[s] s{s[s]}}}", "eventType",
			    types[i].type, types[i].member, what(ev, when), "mail",
			    "messageId", ev->id, "destination", ev->to, "tags",
			    "reach_id", ev->ref);

			dialect_sns_wrap(acc, ev->key, when, j, out);
			return true;
		}
	return false;
}

const struct dialect dialect_ses = { "ses", handle, event };
