/* ses_hook.c - events of mails, in the envelope of Amazon SNS.
 *
 * The envelope is JSON and holds its own signature: it is read, nothing in it is
 * believed until topic, certificate and signature are right. A message keeps its id and
 * its signature however often it is posted, and is no younger than its first try, so
 * its age says nothing; the id is the event's. */
#include "ses.h"

#include <string.h>

#include "mail_json.h"
#include "provider/mail.h"
#include "sns.h"

static const struct {
	const char *type; /* eventType; without event publishing notificationType */
	enum receipt_kind kind;
	const char *member; /* what it tells, under this name */
	const char *people; /* whom of several it is about, a list in it; NULL: all */
} kinds[] = {
	{ "Send", RECEIPT_SENT, "send", NULL },
	{ "DeliveryDelay", RECEIPT_SENT, "deliveryDelay", "delayedRecipients" },
	{ "Delivery", RECEIPT_DELIVERED, "delivery", "recipients" },
	{ "Bounce", RECEIPT_FAILED, "bounce", "bouncedRecipients" },
	{ "Reject", RECEIPT_FAILED, "reject", NULL },
	{ "Rendering Failure", RECEIPT_FAILED, "failure", NULL },
	{ "Complaint", RECEIPT_COMPLAINT, "complaint", "complainedRecipients" },
	{ "Open", RECEIPT_OPEN, "open", NULL },
	{ "Click", RECEIPT_CLICK, "click", NULL },
	{ "Subscription", RECEIPT_UNSUBSCRIBE, "subscription", NULL },
};

/* On the account's list of those it sends nothing to. */
static bool
is_suppressed(const char *sub_type)
{
	return strcmp(sub_type, "Suppressed") == 0 ||
	       strcmp(sub_type, "OnAccountSuppressionList") == 0;
}

static void
why_failed(const json_t *what, struct arena *a, struct receipt *r)
{
	const char *sub = wire_text(a, what, "bounceSubType");

	r->perr = *sub != '\0' ? sub : wire_text(a, what, "reason");
	r->opted_out = is_suppressed(sub);
	r->bad_address =
	    !r->opted_out && strcmp(wire_text(a, what, "bounceType"), "Permanent") == 0;
}

/* false: nothing changes by it. */
static bool
read_kind(size_t kind, const json_t *what, struct arena *a, struct receipt *r)
{
	const char *sub = wire_text(a, what, "complaintSubType");

	r->kind = kinds[kind].kind;
	if (r->kind == RECEIPT_FAILED)
		why_failed(what, a, r);
	if (r->kind == RECEIPT_COMPLAINT && is_suppressed(sub)) {
		/* Nobody complained now: he did once, and it was not sent. */
		r->kind = RECEIPT_FAILED;
		r->perr = sub;
		r->opted_out = true;
	}
	if (r->kind != RECEIPT_UNSUBSCRIBE)
		return true;
	return json_is_true(json_object_get(
	    json_object_get(what, "newTopicPreferences"), "unsubscribeAll"));
}

/* The i-th of the people an event is about; NULL: no more. */
static const char *
person(const json_t *list, size_t i, struct arena *a)
{
	const json_t *one = json_array_get(list, i);

	if (one == NULL)
		return NULL;
	return json_is_string(one) ? json_string_value(one)
				   : wire_text(a, one, "emailAddress");
}

static int
read_event(size_t kind, const json_t *event, const struct receipt *like, struct arena *a,
    struct receipt **out)
{
	const json_t *what = json_object_get(event, kinds[kind].member),
		     *mail = json_object_get(event, "mail"), *people = NULL;
	size_t n;

	if (kinds[kind].people != NULL)
		people = json_object_get(what, kinds[kind].people);
	if (json_array_size(people) == 0)
		people = json_object_get(mail, "destination");
	n = MAX(json_array_size(people), 1);
	*out = arena_array(a, struct receipt, (int)n);
	for (size_t i = 0; i < n; i++) {
		struct receipt *r = &(*out)[i];
		const char *to = person(people, i, a);

		*r = *like;
		r->from = mail_json_address(a, to != NULL ? to : "");
		/* One id for several people. */
		if (n > 1)
			r->key = arena_printf(a, "%s %s", like->key, r->from);
		if (!read_kind(kind, what, a, r))
			return 0;
		mail_failed_by(r, wire_text(a, json_array_get(people, i), "diagnosticCode"));
		r->broken = *r->ref == '\0' && *r->provider_id == '\0' && !wire_stops(r);
	}
	return (int)n;
}

/* A mail that came to them, whole in `content`: an answer, or refused by mail. Every mail of
 * ours went under the id that SES answered with, <ID@REGION.amazonses.com> or, in us-east-1,
 * <ID@email.amazonses.com>: a Message-ID of ours would be replaced (Amazon SES Developer Guide,
 * "Amazon SES header fields"), so none is sent. */
static int
read_mail(
    const struct account *acc, const json_t *event, struct arena *a, struct receipt **out)
{
	const char *raw = wire_text(a, event, "content"),
		   *how = wire_text(a,
		       json_object_get(json_object_get(event, "receipt"), "action"),
		       "encoding");
	size_t len = strlen(raw);

	if (g_ascii_strcasecmp(how, "BASE64") == 0)
		raw = (const char *)wire_unbase64(a, raw, &len);
	return raw == NULL ? 0 : mail_receipts_to(acc, raw, len, "amazonses.com", a, out);
}

static ms_t
time_of(const json_t *event, size_t kind, struct arena *a)
{
	const json_t *what = json_object_get(event, kinds[kind].member);
	const char *at = wire_text(a, what, "timestamp");

	return mail_json_time(
	    *at != '\0' ? at : wire_text(a, json_object_get(event, "mail"), "timestamp"));
}

/* How many receipts a notification makes. */
static int
read_note(const struct account *acc, const json_t *envelope, struct arena *a,
    struct receipt **out)
{
	const char *text = wire_text(a, envelope, "Message");
	json_t *event = json_loads(text, 0, NULL);
	const json_t *mail = json_object_get(event, "mail"), *tags;
	const char *type = wire_text(a, event, "eventType");
	struct receipt like = { .channel = CHANNEL_EMAIL,
		.key = wire_text(a, envelope, "MessageId"),
		.ref = "",
		.provider_id = wire_text(a, mail, "messageId"),
		.from = "",
		.text = "",
		.perr = "",
		.raw = text };
	int n = 0;

	if (*type == '\0')
		type = wire_text(a, event, "notificationType");
	if (strcmp(type, "Received") == 0) {
		n = read_mail(acc, event, a, out);
		json_decref(event);
		return n;
	}
	tags = json_object_get(json_object_get(mail, "tags"), "reach_id");
	if (json_is_string(json_array_get(tags, 0)))
		like.ref = arena_strdup(a, json_string_value(json_array_get(tags, 0)));
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i].type, type) == 0) {
			like.at = time_of(event, i, a);
			n = read_event(i, event, &like, a, out);
			json_decref(event);
			return n;
		}
	json_decref(event);
	/* What SES writes when the topic is set up. */
	if (g_str_has_prefix(text, "Successfully validated SNS topic"))
		return 0;
	like.broken = true;
	*out = arena_new_of(a, struct receipt);
	**out = like;
	return 1;
}

/* 1: the certificate first. 0: signed by them, for our topic. -1: neither. */
static int
verify(const struct account *acc, const struct hook_request *req, const json_t *envelope,
    struct arena *a, struct hook_reply *reply)
{
	const char *topic = wire_text(a, envelope, "TopicArn"),
		   *wanted = provider_setting(acc, "topic_arn"),
		   *url = wire_text(a, envelope, "SigningCertURL"), *certificate;

	if (*wanted == '\0' || strcmp(topic, wanted) != 0 ||
	    !sns_is_theirs(acc, url, true))
		return -1;
	certificate = req->fetched(req, url);
	if (certificate == NULL) {
		reply->fetch = url;
		return 1;
	}
	return sns_verify(a, envelope, certificate) ? 0 : -1;
}

/* The page behind SubscribeURL confirms: having fetched it is all. */
static int
confirm(const struct account *acc, const struct hook_request *req, const json_t *envelope,
    struct arena *a, struct hook_reply *reply)
{
	const char *url = wire_text(a, envelope, "SubscribeURL");

	if (!sns_is_theirs(acc, url, false))
		return wire_refuse(
		    reply, 401, "{\"error\":\"the address to confirm is not theirs\"}");
	if (req->fetched(req, url) != NULL)
		return 0;
	reply->fetch = url;
	return 1;
}

static int
take(const struct account *acc, const struct hook_request *req, const json_t *envelope,
    struct arena *a, struct receipt **out, int *n, struct hook_reply *reply)
{
	const char *type = wire_text(a, envelope, "Type");
	int rc = verify(acc, req, envelope, a, reply);

	if (rc < 0)
		return wire_refuse(
		    reply, 401, "{\"error\":\"topic or signature do not match\"}");
	if (rc == 0 && strcmp(type, "SubscriptionConfirmation") == 0)
		rc = confirm(acc, req, envelope, a, reply);
	if (rc != 0)
		return rc;
	*reply = (struct hook_reply){
		.status = 200, .type = "application/json", .body = "{\"ok\":true}"
	};
	if (strcmp(type, "Notification") == 0)
		*n = read_note(acc, envelope, a, out);
	return 0;
}

int
ses_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply)
{
	json_t *envelope;
	int rc;

	(void)cfg;
	if (strcmp(req->method, "POST") != 0)
		return wire_refuse(reply, 405, "{\"error\":\"use POST\"}");
	envelope = wire_load(req->body, req->body_len);
	if (!json_is_object(envelope)) {
		json_decref(envelope);
		return wire_refuse(reply, 400, "{\"error\":\"send one message\"}");
	}
	rc = take(acc, req, envelope, a, out, n, reply);
	json_decref(envelope);
	return rc;
}
