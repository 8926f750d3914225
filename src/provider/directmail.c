/* directmail.c - `type: directmail`: mail by Alibaba Cloud DirectMail (dm 2015-11-23).
 *
 * One address a call: those of one call would see each other. Our reference goes as the
 * header X-User-Notify-UID, which its events bring back; the API takes no other header of
 * our own but X-User-*, so X-Reach-Id stays at home. There is no key; a lost answer is
 * settled by an event. Events come by EventBridge, signed by nobody: the path holds a
 * secret. 5xx and a nonce seen before may or may not have been taken. */
#include <stdlib.h>
#include <string.h>

#include "acs3.h"
#include "core/phone.h"
#include "provider/mail.h"
#include "services.h"

#define VERSION "2015-11-23"
#define BYTES_MAX (2U << 20)
#define SUBJECT_MAX 100 /* characters */
#define ALIAS_MAX 14
#define UID "X-User-Notify-UID"

static const struct provider_setting settings[] = {
	ACS3_SETTINGS,
	MAIL_SETTINGS,
	{ "tag", "TagName, for the statistics there", 0 },
	{ NULL, NULL, 0 },
};

static void
directmail_check(const struct account *acc, struct report *r)
{
	mail_check(acc, r);
	if (g_utf8_strlen(provider_setting(acc, "from_name"), -1) > ALIAS_MAX)
		report_add(r, SEV_ERROR, acc->at, "provider",
		    "write at most " G_STRINGIFY(ALIAS_MAX) " characters",
		    "from_name is longer than DirectMail takes");
}

static void
directmail_capabilities(const struct account *acc, struct capabilities *out)
{
	*out = (struct capabilities){
		.region = REGION_CN,
		.channels = 1U << CHANNEL_EMAIL,
		.batch = 1,
		.settle = SETTLE_RECEIPT,
		.match = MATCH_ID,
		.receipts = acc->hook_secret != NULL,
		.opens = true,
		.clicks = true,
	};
}

static const char *
directmail_refuses(const struct account *acc, const struct parcel *p, struct arena *a)
{
	glong n = g_utf8_strlen(p->subject, -1);

	if (n > SUBJECT_MAX)
		return arena_printf(a, "%s takes %d characters in a subject, not %ld",
		    acc->name, SUBJECT_MAX, n);
	return mail_refuses(acc, p, BYTES_MAX, a);
}

/* Message -> request ---------------------------------------------------------------- */

static const char *
headers_of(const struct mail *m, struct arena *a)
{
	json_t *j = json_pack(
	    "{ss ss}", "Message-ID", arena_printf(a, "<%s>", m->message_id), UID, m->ref);

	for (int i = 0; i < m->n_fields; i++)
		if (g_str_has_prefix(m->fields[i].name, "List-"))
			json_object_set_new(
			    j, m->fields[i].name, json_string(m->fields[i].value));
	return wire_print(a, j);
}

/* Of HtmlBody and TextBody one is taken: the richer. */
static const char *
form_of(const struct account *acc, const struct mail *m, struct arena *a)
{
	const char *const fields[] = { "AccountName", m->from, "AddressType", "1",
		"ClickTrace", "0", "FromAlias", m->from_name, "Headers", headers_of(m, a),
		"HtmlBody", m->html, "ReplyAddress", m->reply_to, "ReplyToAddress",
		"false", "Subject", m->subject, "TagName", provider_setting(acc, "tag"),
		"TextBody", *m->html == '\0' ? m->text : "", "ToAddress", m->to };
	GString *form = g_string_new(NULL);
	const char *kept;

	for (size_t i = 0; i < G_N_ELEMENTS(fields); i += 2)
		if (*fields[i + 1] != '\0')
			wire_field(form, fields[i], fields[i + 1]);
	kept = arena_strndup(a, form->str, form->len);
	g_string_free(form, TRUE);
	return kept;
}

static int
directmail_request(const struct account *acc, const struct config *cfg,
    const struct parcel *p, int n, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	static const char *const none[] = { NULL };
	struct mail m;

	(void)cfg;
	if (n != 1)
		return err_set(e, ERR_INTERNAL, "a batch of %d for DirectMail", n);
	if (mail_make(acc, p, sig_ts, a, &m, e) != 0)
		return -1;
	acs3_sign(&(struct acs3){ .acc = acc,
		      .version = VERSION,
		      .action = "SingleSendMail",
		      .at = sig_ts,
		      /* Its own for every attempt; derived, so that it needs no dice. */
		      .nonce = wire_key(
			  a, arena_printf(a, "%s %" G_GINT64_FORMAT, p->ref, sig_ts)),
		      .fields = none,
		      .form = form_of(acc, &m, a) },
	    a, out);
	return 0;
}

/* Answer -> outcome ------------------------------------------------------------------- */

enum verdict { CANNOT_TELL, LATER, NOBODY, CONTENT, STOP };

/* The first whose name the code begins with. */
static const struct {
	const char *code;
	enum verdict verdict;
} codes[] = {
	{ "InternalServiceError", CANNOT_TELL },
	{ "InternalError", CANNOT_TELL },
	{ "ServiceUnavailable", CANNOT_TELL },
	{ "SignatureNonceUsed", CANNOT_TELL },
	{ "Throttling", LATER },
	{ "InvalidToAddress", NOBODY },
	{ "InvalidReceiverName.Malformed", NOBODY },
	{ "InvalidReceiver.NotFound", NOBODY },
	{ "InvalidBody", CONTENT },
	{ "InvalidSubject", CONTENT },
	/* May be the quota too; to send what was called spam again would be worse. */
	{ "InvalidSendMail.Spam", CONTENT },
	{ "InvalidMailAddress", STOP }, /* the sender's: unknown, frozen, its domain */
	{ "Forbidden", STOP },
	{ "InvalidAccessKeyId", STOP },
	{ "SignatureDoesNotMatch", STOP },
	{ "IncompleteSignature", STOP },
	{ "InvalidTimeStamp", STOP },
	ACS3_STOPS,
	{ "InsufficientBalance", STOP },
};

static enum verdict
verdict_of(int status, const char *code)
{
	if (status >= 300 && status < 400)
		return STOP;
	for (size_t i = 0; code != NULL && i < G_N_ELEMENTS(codes); i++)
		if (g_str_has_prefix(code, codes[i].code))
			return codes[i].verdict;
	return CANNOT_TELL;
}

static void
directmail_answer(const struct account *acc, const struct parcel *p, int n,
    const struct provider_reply *reply, struct answer *out)
{
	json_t *j = json_loadb(reply->body, reply->len, 0, NULL);
	const char *code = json_string_value(json_object_get(j, "Code"));
	const char *id = json_string_value(json_object_get(j, "EnvId"));
	enum verdict v = verdict_of(reply->status, code);

	(void)acc;
	(void)p;
	(void)n;
	*out = (struct answer){ .outcome = v == CANNOT_TELL ? OUTCOME_UNKNOWN
					   : v == LATER     ? OUTCOME_REFUSED_RETRY
							    : OUTCOME_REJECTED,
		.freeze = v == STOP,
		.bad_address = v == NOBODY };
	if (code != NULL)
		g_strlcpy(out->perr, code, sizeof out->perr);
	else
		g_snprintf(out->perr, sizeof out->perr, "http-%d", reply->status);
	if (reply->status == 200 && code == NULL && id != NULL && *id != '\0' &&
	    strlen(id) < sizeof out->provider_id) {
		out->outcome = OUTCOME_ACCEPTED;
		out->perr[0] = '\0';
		g_strlcpy(out->provider_id, id, sizeof out->provider_id);
	}
	json_decref(j);
	if (v == LATER)
		out->retry_after = acs3_retry_after(reply);
}

/* Events ---------------------------------------------------------------------------- */

#define NO_RECEIPT (-1)

static const struct {
	const char *type;
	int kind;
} kinds[] = {
	{ "dm:Deliver:Succeed", RECEIPT_DELIVERED },
	{ "dm:Deliver:Fail", RECEIPT_FAILED },
	{ "dm:Feedback:FblReport", RECEIPT_COMPLAINT },
	{ "dm:Feedback:UnSubscribe", RECEIPT_UNSUBSCRIBE },
	{ "dm:Feedback:Subscribe", NO_RECEIPT },
	{ "dm:Trace:Open", RECEIPT_OPEN },
	{ "dm:Trace:Click", RECEIPT_CLICK },
};

/* -2: unknown. */
static int
kind_of(const char *type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i].type, type) == 0)
			return kinds[i].kind;
	return -2;
}

static void
failure(const json_t *data, struct arena *a, struct receipt *r)
{
	const char *code = wire_text(a, data, "err_code");

	r->perr = wire_code(a, *code != '\0' ? code : "failed");
	r->bad_address = strcmp(wire_text(a, data, "failed_type"), "SmtpNxBox") == 0 ||
			 (*code == '5' && strstr(wire_text(a, data, "err_msg"),
					      "doesn't exist") != NULL);
	mail_failed_by(r, wire_text(a, data, "err_msg"));
}

/* false: it has no effect. */
static bool
read_event(const json_t *j, struct arena *a, struct receipt *r)
{
	const json_t *data = json_object_get(j, "data");
	int kind = kind_of(wire_text(a, j, "type"));
	char address[320];
	const char *key = wire_text(a, j, "id");

	*r = (struct receipt){ .kind = kind < 0 ? RECEIPT_SENT : (enum receipt_kind)kind,
		.channel = CHANNEL_EMAIL,
		.ref = wire_text(a, json_object_get(data, "header"), UID),
		.provider_id = wire_text(a, data, "env_id"),
		.from = email_normalise(
			    wire_text(a, data, "rcpt"), address, sizeof address) == 0
			    ? arena_strdup(a, address)
			    : "",
		.text = "",
		.perr = "",
		.raw = "" };
	r->key = *key != '\0' ? key : wire_key(a, wire_raw(a, j));
	/* Times within have no zone; the envelope's has. */
	if (clock_parse(wire_text(a, j, "time"), &r->at) != 0)
		r->at = 0;
	if (r->kind == RECEIPT_FAILED)
		failure(data, a, r);
	r->broken = kind < NO_RECEIPT ||
		    (*r->ref == '\0' && *r->provider_id == '\0' && !wire_stops(r));
	if (r->broken)
		r->raw = wire_raw(a, j);
	return kind != NO_RECEIPT;
}

static int
directmail_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply)
{
	(void)acc;
	(void)cfg;
	json_t *rows = wire_rows(req, true, reply);
	if (rows == NULL)
		return -1;
	*n = 0;
	*out = arena_array(a, struct receipt, json_array_size(rows) + 1);
	for (size_t i = 0; i < json_array_size(rows); i++)
		*n += read_event(json_array_get(rows, i), a, &(*out)[*n]);
	json_decref(rows);
	return wire_taken(reply, "{}");
}

const struct provider directmail_provider = {
	.name = "directmail",
	.summary = "Alibaba Cloud DirectMail (阿里云邮件推送): one mail a call",
	.url = "https://dm.aliyuncs.com",
	.settings = settings,
	.check = directmail_check,
	.probe = &directmail_probe,
	.capabilities = directmail_capabilities,
	.lint = mail_lint,
	.refuses = directmail_refuses,
	.request = directmail_request,
	.answer = directmail_answer,
	.hook = directmail_hook,
};
