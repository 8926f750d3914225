/* dialect_twilio.c - Twilio: Messages.json, status callbacks, replies; signed like them. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/crypt.h"
#include "dialects.h"
#include "provider/wire.h"

static const char *
field(struct dialect_call *c, const char *name)
{
	const char *v = wire_field_of(c->arena, c->x->body, name);

	return v == NULL ? "" : v;
}

static void
refuse(struct dialect_call *c, int status, int code, const char *message)
{
	dialect_json(c, status,
	    json_pack("{si ss ss si}", "code", code, "message", message, "more_info",
		"https://www.twilio.com/docs/errors", "status", status));
}

/* By the auth token, or by a key and its secret. */
static bool
admit(struct dialect_call *c)
{
	const char *given = dialect_header(c, "Authorization"), *user, *secret, *both;

	if (c->acc == NULL)
		return false;
	user = provider_setting(c->acc, "api_key");
	secret = provider_setting(c->acc, "api_secret");
	if (*user == '\0') {
		user = provider_setting(c->acc, "account_sid");
		secret = provider_setting(c->acc, "auth_token");
	}
	both = arena_printf(c->arena, "%s:%s", user, secret);
	both =
	    arena_printf(c->arena, "Basic %s", wire_base64(c->arena, both, strlen(both)));
	return strlen(both) == strlen(given) && crypt_equal(both, given, strlen(both));
}

static void
answer(struct dialect_call *c, const char *sid)
{
	json_t *j = json_pack("{ss ss ss ss ss sn sn}", "sid", sid, "account_sid",
	    provider_setting(c->acc, "account_sid"), "to", field(c, "To"), "body",
	    field(c, "Body"), "status",
	    *field(c, "MessagingServiceSid") != '\0' ? "accepted" : "queued",
	    "error_code", "error_message");

	dialect_json(c, 201, j);
}

static const char *
ref_of(struct dialect_call *c)
{
	const char *url = field(c, "StatusCallback"), *query = strchr(url, '?'), *ref;

	ref = query == NULL ? NULL : wire_field_of(c->arena, query + 1, "ref");
	return ref == NULL ? "" : ref;
}

static void
take(struct dialect_call *c)
{
	const char *ref = ref_of(c);
	const struct dialect_message m = { .channel = CHANNEL_SMS,
		.category = CATEGORY_MARKETING,
		.to = field(c, "To"),
		.ref = ref,
		.text = field(c, "Body"),
		.call_id = arena_printf(c->arena, "SM%.32s", wire_key(c->arena, ref)) };
	struct sandbox_take t;

	dialect_take(c, &m, &t);
	if (t.what == TAKE_ACCEPTED || t.what == TAKE_AGAIN)
		answer(c, m.call_id);
	else if (strcmp(t.code, "bad_address") == 0)
		refuse(c, 400, 21211, "Invalid 'To' Phone Number");
	else
		refuse(c, 400, 21602, "Message body is required");
}

static void
handle(struct dialect_call *c)
{
	const char *path;

	if (!admit(c)) {
		refuse(c, 401, 20003, "Authenticate");
		return;
	}
	path = arena_printf(c->arena, "/2010-04-01/Accounts/%s/Balance.json",
	    provider_setting(c->acc, "account_sid"));
	if (strcmp(c->path, path) == 0) {
		g_string_assign(c->body, "{\"balance\":\"12.50\",\"currency\":\"USD\"}");
		return;
	}
	path = arena_printf(c->arena, "/2010-04-01/Accounts/%s/Messages.json",
	    provider_setting(c->acc, "account_sid"));
	if (strcmp(c->path, path) != 0 || strcmp(c->x->method, "POST") != 0)
		refuse(c, 404, 20404, "The requested resource was not found");
	else if ((*field(c, "From") == '\0') ==
		 (*field(c, "MessagingServiceSid") == '\0'))
		refuse(c, 400, 21603, "A 'From' phone number is required");
	else
		take(c);
}

/* Fields in the order of their names: signed as they are sent. */
static void
add(GString *form, GString *to_sign, const char *name, const char *value)
{
	wire_field(form, name, value);
	g_string_append_printf(to_sign, "%s%s", name, value);
}

static void
add_status(GString *form, GString *to_sign, const struct dialect_event *ev)
{
	bool failed = strcmp(ev->kind, "failed") == 0;
	const char *word = failed ? "undelivered" : ev->kind;

	if (failed)
		add(form, to_sign, "ErrorCode",
		    strcmp(ev->code, "bad_address") == 0 ? "30005" : "30003");
	add(form, to_sign, "MessageSid", ev->id);
	add(form, to_sign, "MessageStatus", word);
	add(form, to_sign, "SmsSid", ev->id);
	add(form, to_sign, "SmsStatus", word);
	add(form, to_sign, "To", ev->to);
}

static void
add_reply(GString *form, GString *to_sign, const struct dialect_event *ev, const char *to)
{
	GString *sid = g_string_new("SM");

	for (unsigned i = 0; i < 4; i++)
		g_string_append_printf(sid, "%08x", g_str_hash(ev->key) + i);
	add(form, to_sign, "Body", ev->text);
	add(form, to_sign, "From", ev->to);
	add(form, to_sign, "MessageSid", sid->str);
	add(form, to_sign, "NumMedia", "0");
	add(form, to_sign, "SmsStatus", "received");
	add(form, to_sign, "To", to);
	g_string_free(sid, TRUE);
}

static bool
event(const struct account *acc, const char *url, const struct dialect_event *ev,
    ms_t real, struct dialect_post *out)
{
	bool reply = strcmp(ev->kind, "reply") == 0;
	const char *token = provider_setting(acc, "auth_token");
	GString *form, *to_sign;
	uint8_t mac[32];
	char *base64;
	size_t n;

	(void)real;
	if (!reply && strcmp(ev->kind, "sent") != 0 &&
	    strcmp(ev->kind, "delivered") != 0 && strcmp(ev->kind, "failed") != 0)
		return false;
	out->url = reply ? g_strdup(url) : g_strdup_printf("%s?ref=%s", url, ev->ref);
	form = g_string_new(NULL);
	to_sign = g_string_new(out->url);
	add(form, to_sign, "AccountSid", provider_setting(acc, "account_sid"));
	add(form, to_sign, "ApiVersion", "2010-04-01");
	if (reply)
		add_reply(form, to_sign, ev, provider_setting(acc, "from"));
	else
		add_status(form, to_sign, ev);
	n = wire_hmac(WIRE_SHA1, token, strlen(token), to_sign->str, to_sign->len, mac);
	base64 = g_base64_encode(mac, n);
	g_ptr_array_add(out->headers, g_strdup_printf("X-Twilio-Signature: %s", base64));
	out->type = g_strdup("application/x-www-form-urlencoded");
	out->body = g_string_free(form, FALSE);
	g_string_free(to_sign, TRUE);
	g_free(base64);
	return true;
}

const struct dialect dialect_twilio = { "twilio", handle, event };
