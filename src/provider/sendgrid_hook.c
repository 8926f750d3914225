/* sendgrid_hook.c - ECDSA over timestamp and raw body; events as receipts.
 *
 * The signature covers the body to its last line break. Neither order nor that an event
 * comes once is promised: sg_event_id is its key. Answers come by Inbound Parse, which
 * signs nothing: only where the path holds a secret. */
#include "sendgrid.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "core/phone.h"
#include "multipart.h"

/* They try for 24 h; whether each try is signed anew is not told. */
#define VALID_FOR (25 * MS_HOUR)
#define AHEAD MS_HOUR /* clocks differ */

/* The signature ------------------------------------------------------------------- */

static EVP_PKEY *
key_of(struct arena *a, const char *base64)
{
	size_t len;
	const uint8_t *der = wire_unbase64(a, base64, &len);
	EVP_PKEY *key = der == NULL ? NULL : d2i_PUBKEY(NULL, &der, (long)len);
	char curve[32] = "";

	if (key == NULL)
		return NULL;
	EVP_PKEY_get_utf8_string_param(key, "group", curve, sizeof curve, NULL);
	if (strcmp(curve, "prime256v1") == 0)
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

bool
sendgrid_key_ok(const char *base64)
{
	struct arena *a = arena_new();
	EVP_PKEY *key = key_of(a, base64);
	bool ok = key != NULL;

	EVP_PKEY_free(key);
	arena_free(a);
	return ok;
}

static bool
is_signed(const char *key_text, const char *stamp, const struct hook_request *req,
    struct arena *a)
{
	size_t len = 0;
	const uint8_t *sig = wire_unbase64(
	    a, req->header(req, "X-Twilio-Email-Event-Webhook-Signature"), &len);
	EVP_PKEY *key = key_of(a, key_text);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = sig != NULL && key != NULL && ctx != NULL &&
		  EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
		  EVP_DigestVerifyUpdate(ctx, stamp, strlen(stamp)) == 1 &&
		  EVP_DigestVerifyUpdate(ctx, req->body, req->body_len) == 1 &&
		  EVP_DigestVerifyFinal(ctx, sig, len) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return ok;
}

static bool
admitted(const struct account *acc, const struct hook_request *req, struct arena *a)
{
	const char *stamp = req->header(req, "X-Twilio-Email-Event-Webhook-Timestamp");

	return is_signed(provider_setting(acc, "webhook_key"), stamp, req, a) &&
	       wire_is_fresh(stamp, req->now, VALID_FOR, AHEAD);
}

/* Events ---------------------------------------------------------------------------- */

#define NO_RECEIPT (-1)

static const struct {
	const char *event;
	int kind;
} kinds[] = {
	{ "processed", RECEIPT_SENT },
	{ "deferred", RECEIPT_SENT },
	{ "delivered", RECEIPT_DELIVERED },
	{ "bounce", RECEIPT_FAILED },
	{ "dropped", RECEIPT_FAILED },
	{ "open", RECEIPT_OPEN },
	{ "click", RECEIPT_CLICK },
	{ "spamreport", RECEIPT_COMPLAINT },
	{ "unsubscribe", RECEIPT_UNSUBSCRIBE },
	{ "group_unsubscribe", RECEIPT_UNSUBSCRIBE },
	/* Wanting more again is told to the house, not to its carrier. */
	{ "group_resubscribe", NO_RECEIPT },
};

/* Why it was never sent; each reason whole. */
static const struct {
	const char *reason, *perr;
	bool bad_address, opted_out;
} dropped[] = {
	{ "Bounced Address", "dropped bounced", true, false },
	{ "Invalid", "dropped invalid", true, false },
	{ "Unsubscribed Address", "dropped unsubscribed", false, true },
	{ "Spam Reporting Address", "dropped spam-report", false, true },
};

/* Kind "blocked" is of one mail: a filter, a full mailbox. "bounce" is for good. */
static void
failure(const json_t *j, const char *event, struct arena *a, struct receipt *r)
{
	const char *reason = wire_text(a, j, "reason"),
		   *status = wire_text(a, j, "status");

	if (strcmp(event, "bounce") == 0) {
		r->bad_address = strcmp(wire_text(a, j, "type"), "bounce") == 0;
		r->perr = *status != '\0' ? wire_code(a, status) : "bounce";
		mail_failed_by(r, status);
		mail_failed_by(r, reason);
		return;
	}
	r->perr = "dropped";
	for (size_t i = 0; i < G_N_ELEMENTS(dropped); i++)
		if (strcmp(reason, dropped[i].reason) == 0) {
			r->perr = dropped[i].perr;
			r->bad_address = dropped[i].bad_address;
			r->opted_out = dropped[i].opted_out;
		}
}

static int
kind_of(const json_t *j, const char *event)
{
	if (json_is_true(json_object_get(j, "sg_machine_open")))
		return NO_RECEIPT; /* a mail program fetched it ahead, nobody read */
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i].event, event) == 0)
			return kinds[i].kind;
	return NO_RECEIPT;
}

static bool
known(const char *event)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i].event, event) == 0)
			return true;
	return false;
}

/* false: it tells nothing of ours. Others may send by the same account: what carries no
 * reference of ours is passed over, unless it stops something at the address. */
static bool
read_event(const json_t *j, struct arena *a, struct receipt *r)
{
	const char *event = wire_text(a, j, "event"),
		   *key = wire_text(a, j, "sg_event_id");
	const char *email = wire_text(a, j, "email");
	char address[320];
	int kind = kind_of(j, event);

	*r = (struct receipt){ .kind = kind == NO_RECEIPT ? RECEIPT_SENT
							  : (enum receipt_kind)kind,
		.channel = CHANNEL_EMAIL,
		.ref = wire_text(a, j, "reach_id"),
		.provider_id = "",
		.from = email_normalise(email, address, sizeof address) == 0
			    ? arena_strdup(a, address)
			    : "",
		.text = "",
		.perr = "",
		.raw = "" };
	r->at = (ms_t)json_number_value(json_object_get(j, "timestamp")) * 1000;
	r->broken = !json_is_object(j) || (*r->ref != '\0' && !known(event));
	if (r->broken)
		r->raw = wire_raw(a, j);
	r->key = *key != '\0' ? key : wire_key(a, wire_raw(a, j));
	if (r->kind == RECEIPT_FAILED)
		failure(j, event, a, r);
	return r->broken || (kind != NO_RECEIPT && (*r->ref != '\0' || wire_stops(r)));
}

/* Inbound Parse: the whole mail in the field email, "send raw" there. */
static int
inbound(const struct account *acc, const struct hook_request *req, const char *type,
    struct arena *a, struct receipt **out, int *n, struct hook_reply *reply)
{
	const struct form_field *mail;
	struct form_field *fields;
	int count;

	if (acc->hook_secret == NULL || *acc->hook_secret == '\0')
		return wire_refuse(reply, 401,
		    "{\"error\":\"answers are taken where hook_secret is set\"}");
	count = multipart_fields(a, type, req->body, req->body_len, &fields);
	mail = multipart_field(fields, count, "email");
	if (mail == NULL)
		return wire_refuse(reply, 400,
		    "{\"error\":\"turn on: POST the raw, full MIME message\"}");
	*n = mail_receipts(acc, mail->value, mail->len, a, out);
	*reply = (struct hook_reply){
		.status = 200, .type = "application/json", .body = "{}"
	};
	return 0;
}

int
sendgrid_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply)
{
	const char *type = req->header(req, "Content-Type");

	(void)cfg;
	if (strcmp(req->method, "POST") != 0)
		return wire_refuse(reply, 405, "{\"error\":\"use POST\"}");
	if (multipart_is(type))
		return inbound(acc, req, type, a, out, n, reply);
	if (!admitted(acc, req, a))
		return wire_refuse(
		    reply, 401, "{\"error\":\"the signature does not fit\"}");
	json_t *events = wire_rows(req, false, reply);
	if (events == NULL)
		return -1;
	*n = 0;
	*out = arena_array(a, struct receipt, json_array_size(events) + 1);
	for (size_t i = 0; i < json_array_size(events); i++)
		*n += read_event(json_array_get(events, i), a, &(*out)[*n]);
	json_decref(events);
	return wire_taken(reply, "{}");
}
