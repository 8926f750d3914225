/* resend.c - `type: resend`: email by Resend (resend.com), up to 100 a call.
 *
 * A call has a key, Idempotency-Key, good for 24 h: the same key with the same bytes is
 * answered alike and sends nothing again. So a lost answer is settled by the same call;
 * a batch is repeated whole or not at all. A batch is taken whole or refused whole
 * (x-batch-validation: strict), for whichever mail was at fault.
 *
 * What it says with 500 may or may not have been taken: the key settles it. */
#include <string.h>

#include "mail_json.h"
#include "resend.h"
#include "base/json.h"
#include "services.h"
#include "svix.h"

#define BATCH 100
#define KEY_LIFE (24 * MS_HOUR)
/* The oldest call it may still take: it signs no time, and cuts idle connections. */
#define LATEST MS_MINUTE
#define BYTES_MAX (2U << 20)
/* Tried again at these intervals until the quota is there again. */
#define DAY_FULL MS_HOUR
#define MONTH_FULL (6 * MS_HOUR)

static const struct provider_setting settings[] = {
	MAIL_SETTINGS,
	{ "api_key", "re_...; one that may only send", SETTING_NEEDED | SETTING_SECRET },
	{ "webhook_secret", "whsec_..., of the webhook there",
	    SETTING_NEEDED | SETTING_SECRET },
	{ "read_key",
	    "re_... with full access: mails without a receipt are asked about",
	    SETTING_SECRET },
	{ NULL, NULL, 0 },
};

static const struct setting *
written(const struct account *acc, const char *name)
{
	for (int i = 0; i < acc->n_settings; i++)
		if (strcmp(acc->settings[i].name, name) == 0)
			return &acc->settings[i];
	return NULL;
}

static void
resend_secrets(const struct account *acc, struct report *r)
{
	const struct setting *secret = written(acc, "webhook_secret");
	struct arena *a = arena_new();
	const uint8_t *key;

	if (secret != NULL && secret->value != NULL &&
	    svix_key(a, secret->value, &key) == 0)
		report_add(r, SEV_ERROR, secret->at, "provider",
		    "copy the signing secret of the webhook, whsec_...",
		    "webhook_secret is none of Resend's");
	arena_free(a);
}

static void
resend_capabilities(const struct account *acc, struct capabilities *out)
{
	*out = (struct capabilities){
		.region = REGION_OUTSIDE,
		.channels = 1U << CHANNEL_EMAIL,
		.batch = BATCH,
		.settle = SETTLE_KEY,
		/* A key that may only send may not read. */
		.tells = provider_is_set(acc, "read_key"),
		.key_ttl = KEY_LIFE,
		.window = LATEST,
		.call_key = true,
		.match = MATCH_REF,
		.receipts = true,
		.opens = true,
		.clicks = true,
	};
}

static const char *
resend_refuses(const struct account *acc, const struct parcel *p, struct arena *a)
{
	return mail_refuses(acc, p, BYTES_MAX, a);
}

/* Message -> request ------------------------------------------------------------------ */

static json_t *
letter(const struct account *acc, const struct parcel *p, const struct mail *m,
    struct arena *a)
{
	json_t *j = json_pack("{ss s[s] ss}", "from", mail_json_from(a, m), "to", m->to,
	    "subject", m->subject);
	json_t *fields = json_object();

	(void)acc;
	(void)p;
	mail_json_set(j, "html", m->html);
	mail_json_set(j, "text", m->text);
	mail_json_set(j, "reply_to", m->reply_to);
	for (int i = 0; i < m->n_fields; i++)
		mail_json_set(fields, m->fields[i].name, m->fields[i].value);
	json_object_set_new(j, "headers", fields);
	json_object_set_new(j, "tags",
	    json_pack("[o]", mail_json_pair("name", "reach_id", "value", m->ref)));
	return j;
}

static int
resend_request(const struct account *acc, const struct config *cfg,
    const struct parcel *p, int n, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	json_t *all = mail_json_all(acc, p, n, sig_ts, letter, a, e);

	(void)cfg;
	if (all == NULL)
		return -1;
	if (n == 1) {
		wire_json(out, a, provider_url(acc, a, "/emails"),
		    json_incref(json_array_get(all, 0)));
		json_decref(all);
	} else {
		wire_json(out, a, provider_url(acc, a, "/emails/batch"), all);
		wire_header(out, a, "x-batch-validation", "strict");
	}
	wire_header(out, a, "Authorization",
	    arena_printf(a, "Bearer %s", provider_setting(acc, "api_key")));
	wire_header(
	    out, a, "Idempotency-Key", p[0].call[0] != '\0' ? p[0].call : p[0].ref);
	wire_header(out, a, "User-Agent", "reachd"); /* 403 without one */
	return 0;
}

/* Answer -> outcome --------------------------------------------------------------------- */

enum verdict { LATER, DAY, MONTH, CONTENT, STOP, AGAIN, OURS };

static const struct {
	const char *name;
	enum verdict verdict;
} names[] = {
	{ "internal_server_error", AGAIN },
	{ "application_error", AGAIN },
	{ "concurrent_idempotent_requests", AGAIN },
	{ "invalid_idempotent_request", OURS },
	{ "rate_limit_exceeded", LATER },
	{ "daily_quota_exceeded", DAY },
	{ "monthly_quota_exceeded", MONTH },
	{ "validation_error", CONTENT },
	{ "missing_required_field", CONTENT },
	{ "missing_required_fields", CONTENT },
	{ "invalid_parameter", CONTENT },
	{ "invalid_attachment", CONTENT },
	{ "missing_api_key", STOP },
	{ "invalid_api_key", STOP },
	{ "invalid_api_Key", STOP }, /* so written in their own tables */
	{ "restricted_api_key", STOP },
	{ "invalid_from_address", STOP },
	{ "security_error", STOP },
	{ "invalid_access", STOP },
	{ "invalid_idempotency_key", STOP },
	{ "not_found", STOP },
	{ "method_not_allowed", STOP },
};

/* AGAIN: what nothing names may have been taken, too. */
static enum verdict
verdict_of(const char *name, int status)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (strcmp(names[i].name, name) != 0)
			continue;
		/* With 403 it is our domain or address that is not let through, not this
		 * mail; and no 5xx says that it was not taken. */
		if (status >= 500)
			return AGAIN;
		return names[i].verdict == CONTENT && status == 403 ? STOP
								    : names[i].verdict;
	}
	return AGAIN;
}

static void
judge(const char *name, int status, bool batch, struct answer *out)
{
	enum verdict v = verdict_of(name, status);
	bool later = v == LATER || v == DAY || v == MONTH || (v == CONTENT && batch);

	*out = (struct answer){ .outcome = later ? OUTCOME_REFUSED_RETRY
					   : v == AGAIN || v == OURS ? OUTCOME_UNKNOWN
								     : OUTCOME_REJECTED,
		.freeze = v == STOP,
		.hopeless = v == OURS,
		.alone = v == CONTENT && batch,
		.retry_after = v == DAY     ? DAY_FULL
			       : v == MONTH ? MONTH_FULL
					    : 0 };
	g_strlcpy(out->perr, name, sizeof out->perr);
}

static void
take(const char *id, struct answer *out)
{
	if (id == NULL || *id == '\0' || strlen(id) >= sizeof out->provider_id)
		return;
	*out = (struct answer){ .outcome = OUTCOME_ACCEPTED };
	g_strlcpy(out->provider_id, id, sizeof out->provider_id);
}

static void
resend_answer(const struct account *acc, const struct parcel *p, int n,
    const struct provider_reply *reply, struct answer *out)
{
	json_t *j = json_read(reply->body, reply->len);
	const char *name = json_string_value(json_object_get(j, "name"));
	const json_t *rows = json_object_get(j, "data");

	(void)acc;
	(void)p;
	for (int i = 0; i < n; i++) {
		out[i] = (struct answer){ .outcome = OUTCOME_UNKNOWN };
		g_snprintf(out[i].perr, sizeof out[i].perr, "http-%d", reply->status);
		if (reply->status >= 300 && reply->status < 400) {
			out[i].outcome = OUTCOME_REJECTED;
			out[i].freeze = true;
		} else if (reply->status >= 400 && name != NULL) {
			judge(name, reply->status, n > 1, &out[i]);
		} else if (reply->status == 200 && n == 1) {
			take(json_string_value(json_object_get(j, "id")), &out[i]);
		} else if (reply->status == 200 && json_array_size(rows) == (size_t)n) {
			take(json_string_value(
				 json_object_get(json_array_get(rows, (size_t)i), "id")),
			    &out[i]);
		}
	}
	json_decref(j);
	wire_pace(reply, "ratelimit-remaining", "ratelimit-reset", out, n);
}

/* Webhooks ------------------------------------------------------------------------------- */

static const struct {
	const char *type;
	enum receipt_kind kind;
} kinds[] = {
	{ "email.sent", RECEIPT_SENT },
	{ "email.scheduled", RECEIPT_SENT },
	{ "email.delivery_delayed", RECEIPT_SENT },
	{ "email.delivered", RECEIPT_DELIVERED },
	{ "email.bounced", RECEIPT_FAILED },
	{ "email.failed", RECEIPT_FAILED },
	{ "email.suppressed", RECEIPT_FAILED },
	{ "email.opened", RECEIPT_OPEN },
	{ "email.clicked", RECEIPT_CLICK },
	{ "email.complained", RECEIPT_COMPLAINT },
};

/* tags is an object, in older accounts a list of {name, value}. */
static const char *
ref_of(struct arena *a, const json_t *tags)
{
	for (size_t i = 0; i < json_array_size(tags); i++)
		if (strcmp(wire_text(a, json_array_get(tags, i), "name"), "reach_id") ==
		    0)
			return wire_text(a, json_array_get(tags, i), "value");
	return wire_text(a, tags, "reach_id");
}

static void
why_failed(const char *type, const json_t *data, struct arena *a, struct receipt *r)
{
	const json_t *bounce = json_object_get(data, "bounce");
	const char *how = wire_text(a, bounce, "subType");
	bool known = strcmp(how, "Suppressed") == 0 ||
		     strcmp(how, "OnAccountSuppressionList") == 0;

	r->perr =
	    *how != '\0' ? how : wire_text(a, json_object_get(data, "failed"), "reason");
	if (*r->perr == '\0')
		r->perr = type + strlen("email.");
	r->opted_out = strcmp(type, "email.suppressed") == 0 || known;
	r->bad_address =
	    !r->opted_out && strcmp(wire_text(a, bounce, "type"), "Permanent") == 0;
	mail_failed_by(r, wire_text(a, bounce, "message"));
}

/* On his page of theirs he has refused, whatever was sent. false: he has not. */
static bool
read_contact(const json_t *data, struct arena *a, struct receipt *r)
{
	r->kind = RECEIPT_UNSUBSCRIBE;
	r->from = mail_json_address(a, wire_text(a, data, "email"));
	return json_is_true(json_object_get(data, "unsubscribed")) && *r->from != '\0';
}

/* false: an event of another kind, as contact.created. */
static bool
read_event(const json_t *j, const char *id, struct arena *a, struct receipt *r)
{
	const char *type = wire_text(a, j, "type");
	const json_t *data = json_object_get(j, "data");
	const char *to =
	    json_string_value(json_array_get(json_object_get(data, "to"), 0));

	*r = (struct receipt){ .channel = CHANNEL_EMAIL,
		.key = id,
		.ref = ref_of(a, json_object_get(data, "tags")),
		.provider_id = wire_text(a, data, "email_id"),
		.from = mail_json_address(a, to != NULL ? to : ""),
		.text = "",
		.perr = "",
		.at = mail_json_time(wire_text(a, j, "created_at")),
		.raw = wire_raw(a, j) };
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i].type, type) == 0) {
			r->kind = kinds[i].kind;
			if (r->kind == RECEIPT_FAILED)
				why_failed(type, data, a, r);
			r->broken =
			    *r->ref == '\0' && *r->provider_id == '\0' && !wire_stops(r);
			return true;
		}
	if (strcmp(type, "contact.updated") == 0)
		return read_contact(data, a, r);
	r->broken = *type == '\0';
	return r->broken;
}

static int
resend_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply)
{
	const char *id = "";
	json_t *j;

	(void)cfg;
	if (strcmp(req->method, "POST") != 0)
		return wire_refuse(reply, 405, "{\"error\":\"use POST\"}");
	if (!svix_verify(req, provider_setting(acc, "webhook_secret"), a, &id))
		return wire_refuse(
		    reply, 401, "{\"error\":\"the signature does not match\"}");
	j = wire_load(req->body, req->body_len);
	if (!json_is_object(j)) {
		json_decref(j);
		return wire_refuse(reply, 400, "{\"error\":\"send one event\"}");
	}
	*out = arena_new_of(a, struct receipt);
	*n = read_event(j, id, a, *out) ? 1 : 0;
	json_decref(j);
	return wire_taken(reply, "{\"ok\":true}");
}

const struct provider resend_provider = {
	.name = "resend",
	.summary = "email by Resend: batches of 100, a lost answer is settled by its key",
	.url = "https://api.resend.com",
	.settings = settings,
	.check = mail_check,
	.secrets = resend_secrets,
	.probe = &resend_probe,
	.capabilities = resend_capabilities,
	.lint = mail_lint,
	.refuses = resend_refuses,
	.request = resend_request,
	.answer = resend_answer,
	.query = resend_query,
	.query_answer = resend_query_answer,
	.signs = true,
	.hook = resend_hook,
};
