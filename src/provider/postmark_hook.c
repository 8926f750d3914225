/* postmark_hook.c - one JSON object a call; RecordType says what it is, an inbound mail has none. */
#include "postmark.h"

#include <string.h>

#include "base/crypt.h"
#include "mail_json.h"

/* Who posts ----------------------------------------------------------------------------- */

/* Hashes are compared, so that not even a length shows in the time. */
static bool
same(const char *given, const char *wanted)
{
	uint8_t a[32], b[32];

	crypt_sha256(given, strlen(given), a);
	crypt_sha256(wanted, strlen(wanted), b);
	return crypt_equal(a, b, sizeof a);
}

/* With a password it must be shown; without one the path held a secret, which whoever
 * came this far knew. */
static bool
admitted(const struct account *acc, const struct hook_request *req, struct arena *a)
{
	const char *user = provider_setting(acc, "webhook_user"),
		   *password = provider_setting(acc, "webhook_password");
	const char *both = arena_printf(a, "%s:%s", user, password);

	if (*user == '\0')
		return acc->hook_secret != NULL && *acc->hook_secret != '\0';
	return *password != '\0' &&
	       same(req->header(req, "Authorization"),
		   arena_printf(a, "Basic %s", wire_base64(a, both, strlen(both))));
}

/* Receipts ------------------------------------------------------------------------------- */

/* Why a mail came back. What is not here: it failed, and the address may be good. */
static const struct {
	const char *type;
	enum receipt_kind kind;
	bool bad_address;
} bounces[] = {
	{ "HardBounce", RECEIPT_FAILED, true },
	{ "BadEmailAddress", RECEIPT_FAILED, true },
	{ "Unsubscribe", RECEIPT_UNSUBSCRIBE, false },
	{ "SpamNotification", RECEIPT_COMPLAINT, false },
	{ "SpamComplaint", RECEIPT_COMPLAINT, false },
	/* It has arrived, or may still. */
	{ "Transient", RECEIPT_SENT, false },
	{ "AutoResponder", RECEIPT_SENT, false },
	{ "AddressChange", RECEIPT_SENT, false },
	{ "ChallengeVerification", RECEIPT_SENT, false },
};

static void
read_bounce(const json_t *j, struct arena *a, struct receipt *r)
{
	bool inactive = json_is_true(json_object_get(j, "Inactive"));

	r->kind = RECEIPT_FAILED;
	r->perr = wire_text(a, j, "Type");
	for (size_t i = 0; i < G_N_ELEMENTS(bounces); i++)
		if (strcmp(bounces[i].type, r->perr) == 0) {
			r->kind = bounces[i].kind;
			r->bad_address = bounces[i].bad_address;
		}
	/* It will send him nothing more: neither shall we. */
	if (inactive && r->kind == RECEIPT_SENT)
		r->kind = RECEIPT_FAILED;
	r->opted_out = inactive && !r->bad_address;
	mail_failed_by(r, wire_text(a, j, "Details"));
}

/* false: he takes mail again. */
static bool
read_change(const json_t *j, struct arena *a, struct receipt *r)
{
	const char *why = wire_text(a, j, "SuppressionReason");

	r->perr = why;
	r->bad_address = strcmp(why, "HardBounce") == 0;
	r->kind = r->bad_address                      ? RECEIPT_FAILED
		  : strcmp(why, "SpamComplaint") == 0 ? RECEIPT_COMPLAINT
						      : RECEIPT_UNSUBSCRIBE;
	return json_is_true(json_object_get(j, "SuppressSending"));
}

static const char *
first_of(struct arena *a, const json_t *j, const char *const *names)
{
	for (; *names != NULL; names++) {
		const char *s = wire_text(a, j, *names);

		if (*s != '\0')
			return s;
	}
	return "";
}

#define FIRST_OF(a, j, ...) first_of(a, j, (const char *const[]){ __VA_ARGS__, NULL })

/* false: of no interest. */
static bool
read_kind(const char *type, const json_t *j, struct arena *a, struct receipt *r)
{
	if (strcmp(type, "Delivery") == 0)
		r->kind = RECEIPT_DELIVERED;
	else if (strcmp(type, "Bounce") == 0)
		read_bounce(j, a, r);
	else if (strcmp(type, "SpamComplaint") == 0)
		r->kind = RECEIPT_COMPLAINT;
	else if (strcmp(type, "Open") == 0)
		r->kind = RECEIPT_OPEN;
	else if (strcmp(type, "Click") == 0)
		r->kind = RECEIPT_CLICK;
	else if (strcmp(type, "SubscriptionChange") == 0)
		return read_change(j, a, r);
	else
		return false;
	return true;
}

const char *
postmark_change_key(const struct receipt *r, struct arena *a)
{
	return wire_key(a, arena_printf(a, "SubscriptionChange %s %s %" G_GINT64_FORMAT,
			       r->perr, r->from, r->at / MS_SECOND));
}

/* A complaint is listed among the bounces, under the id that it is posted with. What has no id
 * is listed nowhere, or known by its instant; told twice it stops nobody twice. */
static const char *
key_of(const char *type, const char *id, const char *at, const struct receipt *r,
    struct arena *a)
{
	bool numbered = *id != '\0' && strcmp(id, "0") != 0;

	if (strcmp(type, "SubscriptionChange") == 0)
		return postmark_change_key(r, a);
	if (numbered)
		return arena_printf(a, "%s %s",
		    strcmp(type, "SpamComplaint") == 0 ? "Bounce" : type, id);
	return wire_key(
	    a, arena_printf(a, "%s %s %s %s", type, r->provider_id, r->from, at));
}

bool
postmark_record(const char *type, const json_t *j, struct arena *a, struct receipt *r)
{
	const char *at =
	    FIRST_OF(a, j, "DeliveredAt", "BouncedAt", "ReceivedAt", "ChangedAt");
	const char *id = wire_text(a, j, "ID");

	r->ref = wire_text(a, json_object_get(j, "Metadata"), "reach_id");
	r->provider_id = wire_text(a, j, "MessageID");
	r->from = mail_json_address(a, FIRST_OF(a, j, "Recipient", "Email"));
	r->at = mail_json_time(at);
	if (!read_kind(type, j, a, r))
		return false;
	r->key = key_of(type, id, at, r, a);
	r->broken = *r->ref == '\0' && *r->provider_id == '\0' && !wire_stops(r);
	return true;
}

/* Answers -------------------------------------------------------------------------------- */

/* "I am away until Monday" is no answer. */
static bool
is_automatic(const json_t *j, struct arena *a)
{
	const json_t *fields = json_object_get(j, "Headers");

	for (size_t i = 0; i < json_array_size(fields); i++) {
		const json_t *f = json_array_get(fields, i);
		const char *name = wire_text(a, f, "Name");

		if (g_ascii_strcasecmp(name, "Auto-Submitted") == 0)
			return g_ascii_strcasecmp(wire_text(a, f, "Value"), "no") != 0;
		if (g_ascii_strcasecmp(name, "X-Autoreply") == 0)
			return true;
	}
	return false;
}

static bool
read_answer(const json_t *j, struct arena *a, struct receipt *r)
{
	const char *from = wire_text(a, json_object_get(j, "FromFull"), "Email");

	r->kind = RECEIPT_REPLY;
	r->ref = wire_text(a, j, "MailboxHash");
	r->from = mail_json_address(a, *from != '\0' ? from : wire_text(a, j, "From"));
	r->text = FIRST_OF(a, j, "StrippedTextReply", "TextBody");
	r->key = wire_text(a, j, "MessageID");
	r->broken = *r->from == '\0' && *r->ref == '\0';
	if (*r->key == '\0')
		r->key = wire_key(a, r->raw);
	return !is_automatic(j, a);
}

int
postmark_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply)
{
	const char *type;
	json_t *j;

	(void)cfg;
	if (strcmp(req->method, "POST") != 0)
		return wire_refuse(reply, 405, "{\"error\":\"use POST\"}");
	if (!admitted(acc, req, a))
		return wire_refuse(reply, 401, "{\"error\":\"wrong user or password\"}");
	j = wire_load(req->body, req->body_len);
	if (!json_is_object(j)) {
		json_decref(j);
		return wire_refuse(reply, 400, "{\"error\":\"send one record\"}");
	}
	type = wire_text(a, j, "RecordType");
	*out = arena_new_of(a, struct receipt);
	**out = (struct receipt){ .channel = CHANNEL_EMAIL,
		.ref = "",
		.provider_id = "",
		.text = "",
		.perr = "",
		.raw = wire_raw(a, j) };
	*n = (*type == '\0' ? read_answer(j, a, *out) : postmark_record(type, j, a, *out))
		 ? 1
		 : 0;
	json_decref(j);
	return wire_taken(reply, "{\"ok\":true}");
}
