/* dialect_resend.c - Resend at the sandbox: /emails, /emails/batch, its key, its webhooks. */
#include <string.h>

#include "dialect_mail.h"
#include "dialects.h"
#include "provider/wire.h"

static void
refuse(struct dialect_call *c, int status, const char *name)
{
	dialect_json(c, status,
	    json_pack("{si ss ss}", "statusCode", status, "name", name, "message", name));
}

static bool
admit(struct dialect_call *c, const char *key)
{
	const char *auth = dialect_header(c, "Authorization");

	if (*auth == '\0')
		refuse(c, 401, "missing_api_key");
	else if (c->acc == NULL || !g_str_has_prefix(auth, "Bearer ") ||
		 strcmp(auth + strlen("Bearer "), provider_setting(c->acc, key)) !=
		     0)
		refuse(c, 403, "invalid_api_key");
	else if (*dialect_header(c, "User-Agent") == '\0')
		refuse(c, 403, "invalid_access");
	else
		return true;
	return false;
}

static const char *
tag(const json_t *mail)
{
	const json_t *tags = json_object_get(mail, "tags");

	for (size_t i = 0; i < json_array_size(tags); i++)
		if (strcmp(dialect_mail_text(json_array_get(tags, i), "name"),
			"reach_id") == 0)
			return dialect_mail_text(json_array_get(tags, i), "value");
	return "";
}

static const char *
address(const json_t *mail)
{
	const char *to =
	    json_string_value(json_array_get(json_object_get(mail, "to"), 0));

	return to == NULL ? "" : to;
}

/* Under its place in the call's key a mail is recognised when it comes again. */
static enum take
take(struct dialect_call *c, const json_t *mail, size_t i, json_t *ids)
{
	const char *key = dialect_header(c, "Idempotency-Key");
	struct dialect_message m = { .channel = CHANNEL_EMAIL,
		.to = address(mail),
		.ref = tag(mail),
		.text = dialect_mail_text(mail, "text"),
		.subject = dialect_mail_text(mail, "subject"),
		.html = dialect_mail_text(mail, "html"),
		.key = *key == '\0' ? NULL : arena_printf(c->arena, "%s.%zu", key, i) };
	struct sandbox_take t;

	dialect_mail_way_out(c,
	    dialect_mail_text(json_object_get(mail, "headers"), "List-Unsubscribe"), &m);
	dialect_take(c, &m, &t);
	json_array_append_new(ids, json_pack("{ss}", "id", t.id));
	return t.what;
}

/* The domains of its account: the one that mails come from. */
static void
list_domains(struct dialect_call *c)
{
	const char *at = strchr(provider_setting(c->acc, "from"), '@');

	dialect_json(c, 200,
	    json_pack("{s[{ss ss}]}", "data", "name", at != NULL ? at + 1 : "", "status", "verified"));
}

/* Whatever was taken has arrived. */
static void
show_mail(struct dialect_call *c)
{
	const char *id = c->path + strlen("/emails/");

	if (!admit(c, "read_key"))
		return;
	if (!dialect_knows(c, id))
		refuse(c, 404, "not_found");
	else
		dialect_json(c, 200,
		    json_pack("{ss ss ss}", "object", "email", "id", id, "last_event",
			"delivered"));
}

/* Whole or not at all: what fails behind others that were taken is "try again". */
static bool
take_all(struct dialect_call *c, const json_t *mails, json_t *ids)
{
	size_t n = json_array_size(mails);

	for (size_t i = 0; i < n; i++)
		if (strchr(address(json_array_get(mails, i)), '@') == NULL) {
			refuse(c, 422, "validation_error");
			return false;
		}
	for (size_t i = 0; i < n; i++) {
		enum take what = take(c, json_array_get(mails, i), i, ids);

		if (what == TAKE_ACCEPTED || what == TAKE_AGAIN)
			continue;
		if (what == TAKE_CONFLICT)
			refuse(c, 409, "invalid_idempotent_request");
		else if (i == 0)
			refuse(c, 422, "validation_error");
		else
			refuse(c, 500, "internal_server_error");
		return false;
	}
	return true;
}

static void
handle(struct dialect_call *c)
{
	bool batch = strcmp(c->path, "/emails/batch") == 0;
	json_t *in, *ids = json_array();

	if (strcmp(c->x->method, "GET") == 0 && g_str_has_prefix(c->path, "/emails/")) {
		show_mail(c);
		json_decref(ids);
		return;
	}
	if (!admit(c, "api_key") || strcmp(c->path, "/domains") == 0) {
		if (c->status == 200)
			list_domains(c);
		json_decref(ids);
		return;
	}
	in = json_loadb(c->x->body, c->x->body_len, 0, NULL);
	if (!batch && json_is_object(in))
		in = json_pack("[o]", in);
	if (strcmp(c->x->method, "POST") != 0)
		refuse(c, 405, "method_not_allowed");
	else if (!batch && strcmp(c->path, "/emails") != 0)
		refuse(c, 404, "not_found");
	else if (json_array_size(in) == 0 || json_array_size(in) > 100)
		refuse(c, 422, "validation_error");
	else if (take_all(c, in, ids))
		dialect_json(c, 200,
		    batch ? json_pack("{sO}", "data", ids)
			  : json_incref(json_array_get(ids, 0)));
	json_decref(in);
	json_decref(ids);
}

/* Webhooks ------------------------------------------------------------------------------- */

static const struct {
	const char *kind, *type;
} types[] = {
	{ "sent", "email.sent" },
	{ "delivered", "email.delivered" },
	{ "failed", "email.bounced" },
	{ "open", "email.opened" },
	{ "click", "email.clicked" },
	{ "complaint", "email.complained" },
};

static void
add(struct dialect_post *out, const char *name, const char *value)
{
	g_ptr_array_add(out->headers, g_strdup_printf("%s: %s", name, value));
}

static void
sign(const struct account *acc, const struct dialect_event *ev, struct dialect_post *out)
{
	const char *secret = provider_setting(acc, "webhook_secret");
	struct arena *a = arena_new();
	const char *id = arena_printf(a, "msg_%s", ev->key);
	const char *at = arena_printf(a, "%" G_GINT64_FORMAT, ev->at / MS_SECOND);
	const char *text = arena_printf(a, "%s.%s.%s", id, at, out->body);
	size_t len = 0;
	const uint8_t *key =
	    wire_unbase64(a, g_str_has_prefix(secret, "whsec_") ? secret + 6 : "", &len);
	uint8_t mac[32];

	wire_hmac(WIRE_SHA256, key, len, text, strlen(text), mac);
	add(out, "svix-id", id);
	add(out, "svix-timestamp", at);
	add(out, "svix-signature",
	    arena_printf(a, "v1,%s", wire_base64(a, mac, sizeof(mac))));
	arena_free(a);
}

static bool
event(const struct account *acc, const char *url, const struct dialect_event *ev,
    ms_t real, struct dialect_post *out)
{
	const char *type = NULL;
	char at[CLOCK_TEXT];
	json_t *j;

	(void)url;
	(void)real;
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(types[i].kind, ev->kind) == 0)
			type = types[i].type;
	if (type == NULL)
		return false;
	j = json_pack("{ss ss s{ss s[s] s{ss}}}", "type", type, "created_at",
	    dialect_mail_time(ev->at, at), "data", "email_id", ev->id, "to", ev->to,
	    "tags", "reach_id", ev->ref);
	if (strcmp(ev->kind, "failed") == 0)
		json_object_set_new(json_object_get(j, "data"), "bounce",
		    json_pack("{ss ss}", "type", "Permanent", "subType", "General"));
	dialect_mail_post(out, j);
	sign(acc, ev, out);
	return true;
}

const struct dialect dialect_resend = { "resend", handle, event };
