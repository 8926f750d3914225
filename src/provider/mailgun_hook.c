/* mailgun_hook.c - HMAC over timestamp and token; events as receipts, forwarded answers as replies.
 *
 * The signature does not cover the body. So it is taken by https alone, and each token is good
 * once: posted again with other words it has no effect. The event's own id is the key: it may be
 * listed, too. 406 tells it not to try again. */
#include "mailgun.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypt.h"
#include "core/phone.h"
#include "multipart.h"

/* They try for 8 h, with the signature they had. */
#define VALID_FOR (9 * MS_HOUR)
#define AHEAD MS_HOUR /* clocks differ */
#define TOKEN_MAX 64
#define EVENT_ID_MAX 64
#define LATEST 1e11 /* seconds: the year 5138 */

/* The signature ------------------------------------------------------------------- */

static bool
is_signed(const struct account *acc, const char *stamp, const char *token,
    const char *given, struct arena *a)
{
	const char *key = provider_setting(acc, "signing_key");
	const char *text = arena_printf(a, "%s%s", stamp, token), *made;
	uint8_t mac[32];

	if (*key == '\0' || *token == '\0' || strlen(token) > TOKEN_MAX)
		return false;
	wire_hmac(WIRE_SHA256, key, strlen(key), text, strlen(text), mac);
	made = wire_hex(a, mac, sizeof mac);
	return strlen(given) == strlen(made) && crypt_equal(made, given, strlen(made));
}

static bool
admitted(const struct account *acc, const struct hook_request *req, const char *stamp,
    const char *token, const char *given, struct arena *a)
{
	return (g_str_has_prefix(req->url, "https://") || acc->internal) &&
	       is_signed(acc, stamp, token, given, a) && wire_is_fresh(stamp, req->now, VALID_FOR, AHEAD);
}

/* Events ---------------------------------------------------------------------------- */

static const struct {
	const char *event, *severity; /* severity "": any */
	enum receipt_kind kind;
} kinds[] = {
	{ "accepted", "", RECEIPT_SENT },
	{ "delivered", "", RECEIPT_DELIVERED },
	{ "failed", "temporary", RECEIPT_SENT }, /* it tries again itself */
	{ "failed", "permanent", RECEIPT_FAILED },
	{ "rejected", "", RECEIPT_FAILED },
	{ "opened", "", RECEIPT_OPEN },
	{ "clicked", "", RECEIPT_CLICK },
	{ "unsubscribed", "", RECEIPT_UNSUBSCRIBE },
	{ "complained", "", RECEIPT_COMPLAINT },
};

static const struct {
	const char *reason;
	int code;
	bool bad_address, opted_out;
} reasons[] = {
	{ "suppress-bounce", 605, true, false },
	{ "suppress-unsubscribe", 606, false, true },
	{ "suppress-complaint", 607, false, true },
};

static const char *
text_in(struct arena *a, const json_t *j, const char *outer, const char *name)
{
	return wire_text(a, json_object_get(j, outer), name);
}

/* A bounce for good is of the address only where its code says so: many a filter answers
 * 550 too. */
static void
failure(const json_t *data, struct arena *a, struct receipt *r)
{
	const char *reason = wire_text(a, data, "reason");
	const char *code = text_in(a, data, "delivery-status", "code"),
		   *status = text_in(a, data, "delivery-status", "enhanced-code");

	r->perr = wire_code(a,
	    *status != '\0'   ? status
	    : *reason != '\0' ? reason
	    : *code != '\0'   ? code
			      : "rejected");
	r->bad_address = g_str_has_prefix(status, "5.1.");
	for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
		if (strcmp(reason, reasons[i].reason) == 0 ||
		    atoi(code) == reasons[i].code) {
			r->perr = reasons[i].reason;
			r->bad_address = reasons[i].bad_address;
			r->opted_out = reasons[i].opted_out;
		}
	mail_failed_by(r, status);
	mail_failed_by(r, text_in(a, data, "delivery-status", "message"));
	mail_failed_by(r, text_in(a, data, "delivery-status", "description"));
}

static int
kind_of(const json_t *data, struct arena *a)
{
	const char *event = wire_text(a, data, "event"),
		   *severity = wire_text(a, data, "severity");

	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i].event, event) == 0 &&
		    (*kinds[i].severity == '\0' ||
			strcmp(kinds[i].severity, severity) == 0))
			return (int)kinds[i].kind;
	return -1;
}

static const char *
address_of(struct arena *a, const char *written)
{
	char out[320];

	return email_normalise(written, out, sizeof out) == 0 ? arena_strdup(a, out) : "";
}

/* A program that fetches ahead or looks for viruses reads nothing. */
static bool
by_machine(const json_t *data, struct arena *a)
{
	return *text_in(a, data, "client-info", "bot") != '\0';
}

double
mailgun_seconds(const json_t *data)
{
	double seconds = json_number_value(json_object_get(data, "timestamp"));

	return CLAMP(seconds, 0, LATEST);
}

/* Ids are of one day only. */
static const char *
key_of(const json_t *data, const char *other, struct arena *a)
{
	const char *id = wire_text(a, data, "id");

	return *id == '\0' || strlen(id) > EVENT_ID_MAX
		   ? other
		   : arena_printf(a, "%s %d", id, (int)(mailgun_seconds(data) / 86400));
}

bool
mailgun_event(const json_t *data, const char *key, struct arena *a, struct receipt *r)
{
	int kind = kind_of(data, a);
	const char *ref = text_in(a, data, "user-variables", "reach-id");
	const json_t *headers =
	    json_object_get(json_object_get(data, "message"), "headers");

	*r = (struct receipt){ .kind = kind < 0 ? RECEIPT_SENT : (enum receipt_kind)kind,
		.channel = CHANNEL_EMAIL,
		.key = key_of(data, key, a),
		/* In a batch it may come back as it was written. */
		.ref = strchr(ref, '%') != NULL ? "" : ref,
		.provider_id = wire_text(a, headers, "message-id"),
		.from = address_of(a, wire_text(a, data, "recipient")),
		.text = "",
		.perr = "",
		.at = (ms_t)(mailgun_seconds(data) * 1000),
		.raw = "" };
	if (r->kind == RECEIPT_FAILED)
		failure(data, a, r);
	if (strcmp(wire_text(a, data, "event"), "stored") == 0)
		return false;
	if ((kind == RECEIPT_OPEN || kind == RECEIPT_CLICK) && by_machine(data, a))
		return false;
	r->broken =
	    kind < 0 || (*r->ref == '\0' && *r->provider_id == '\0' && !wire_stops(r));
	if (r->broken)
		r->raw = wire_raw(a, data);
	return true;
}

/* Answers, forwarded by a route ------------------------------------------------------- */

/* With an attachment it comes in parts. */
struct form {
	const char *text; /* NULL: in parts */
	struct form_field *fields;
	int n;
};

static const char *
form_value(struct arena *a, const struct form *form, const char *name)
{
	const struct form_field *f =
	    form->text == NULL ? multipart_field(form->fields, form->n, name) : NULL;
	const char *s = form->text != NULL ? wire_field_of(a, form->text, name)
			: f != NULL        ? f->value
					   : NULL;

	return s == NULL ? "" : s;
}

/* In-Reply-To: <REF@DOMAIN>; what is no reference of ours counts for nothing. */
static const char *
ref_of(struct arena *a, const char *id)
{
	id += *id == '<';
	return arena_strndup(a, id, strcspn(id, "@>"));
}

static void
read_answer(
    const struct form *form, const char *token, struct arena *a, struct receipt *r)
{
	const char *plain = form_value(a, form, "stripped-text");

	*r = (struct receipt){ .kind = RECEIPT_REPLY,
		.channel = CHANNEL_EMAIL,
		.key = token,
		.once = token,
		.ref = ref_of(a, form_value(a, form, "In-Reply-To")),
		.provider_id = "",
		.from = address_of(a, form_value(a, form, "sender")),
		.text = *plain != '\0' ? plain : form_value(a, form, "body-plain"),
		.perr = "",
		.at = g_ascii_strtoll(form_value(a, form, "timestamp"), NULL, 10) * 1000,
		.raw = "" };
	r->broken = *r->from == '\0';
}

/* ------------------------------------------------------------------------------------- */

static const char forged[] = "{\"error\":\"the signature does not fit\"}";

static int
taken(struct hook_reply *reply)
{
	*reply = (struct hook_reply){
		.status = 200, .type = "application/json", .body = "{}"
	};
	return 0;
}

static int
answer_hook(const struct account *acc, const struct hook_request *req,
    const struct form *form, struct arena *a, struct receipt *r, int *n,
    struct hook_reply *reply)
{
	const char *token = form_value(a, form, "token");

	if (!admitted(acc, req, form_value(a, form, "timestamp"), token,
		form_value(a, form, "signature"), a))
		return wire_refuse(reply, 401, forged);
	read_answer(form, token, a, r);
	*n = 1;
	return taken(reply);
}

static bool
read_form(const struct hook_request *req, struct arena *a, struct form *form)
{
	const char *type = req->header(req, "Content-Type");

	*form = (struct form){ 0 };
	if (g_str_has_prefix(type, "application/x-www-form-urlencoded"))
		form->text = arena_strndup(a, req->body, req->body_len);
	else if (multipart_is(type))
		form->n =
		    multipart_fields(a, type, req->body, req->body_len, &form->fields);
	return form->text != NULL || form->n > 0;
}

int
mailgun_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply)
{
	const char *token;
	struct form form;

	(void)cfg;
	if (strcmp(req->method, "POST") != 0)
		return wire_refuse(reply, 405, "{\"error\":\"use POST\"}");
	*out = arena_array(a, struct receipt, 1);
	if (read_form(req, a, &form))
		return answer_hook(acc, req, &form, a, *out, n, reply);
	json_t *j = wire_load(req->body, req->body_len);
	if (!json_is_object(json_object_get(j, "signature"))) {
		json_decref(j);
		return wire_refuse(
		    reply, 406, "{\"error\":\"send an event with its signature\"}");
	}
	token = text_in(a, j, "signature", "token");
	if (!admitted(acc, req, text_in(a, j, "signature", "timestamp"), token,
		text_in(a, j, "signature", "signature"), a)) {
		json_decref(j);
		return wire_refuse(reply, 401, forged);
	}
	*n = mailgun_event(json_object_get(j, "event-data"), token, a, *out);
	(*out)->once = token;
	json_decref(j);
	return taken(reply);
}
