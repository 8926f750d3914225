/* ses.c - `type: ses`: email by Amazon SES, its API v2, one mail a call.
 *
 * Its bulk call sends templates kept there, so each mail goes by SendEmail. It knows no
 * idempotency and cannot be asked: a lost answer is settled by the events of the mail,
 * which carry our reference as a tag. For that the configuration set must publish them,
 * sends included, to the SNS topic whose subscriber we are.
 *
 * The name of an error is in a header, x-amzn-errortype; older gateways write __type
 * into the body. What it says with 5xx may or may not have been taken. */
#include "ses.h"

#include <string.h>

#include "mail_json.h"
#include "cloud_region.h"
#include "services.h"
#include "sigv4.h"

#define PATH "/v2/email/outbound-emails"
#define BYTES_MAX (2U << 20)
/* The quota is that of the last 24 h: some of it comes back all the time. */
#define DAY_FULL MS_HOUR

static const struct provider_setting settings[] = {
	MAIL_SETTINGS,
	{ "region", "as ap-southeast-1", SETTING_NEEDED },
	{ "access_key_id", "of a user that may do no more than ses:SendEmail",
	    SETTING_NEEDED },
	{ "secret_access_key", "its secret", SETTING_NEEDED | SETTING_SECRET },
	{ "session_token", "of temporary credentials", SETTING_SECRET },
	{ "configuration_set", "that publishes events to the topic, Send among them",
	    SETTING_NEEDED },
	{ "topic_arn", "arn:aws:sns:...: the topic; nothing else is believed",
	    SETTING_NEEDED },
	{ "inbound", "yes: a receipt rule publishes what comes to reply_to to the topic",
	    0 },
	{ NULL, NULL, 0 },
};

static bool
is_name(const char *s, const char *more)
{
	for (; *s != '\0'; s++)
		if (!g_ascii_isalnum(*s) && strchr(more, *s) == NULL)
			return false;
	return true;
}

/* Where SES is served. */
static const char *const regions[] = { "ap-southeast-1", "us-east-1", "us-east-2",
	"us-west-1", "us-west-2", "af-south-1", "ap-east-1", "ap-south-1", "ap-south-2",
	"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-2",
	"ap-southeast-3", "ap-southeast-5", "ca-central-1", "ca-west-1", "eu-central-1",
	"eu-central-2", "eu-north-1", "eu-south-1", "eu-west-1", "eu-west-2", "eu-west-3",
	"il-central-1", "me-central-1", "me-south-1", "sa-east-1", "us-gov-east-1",
	"us-gov-west-1", NULL };

static void
ses_check(const struct account *acc, struct report *r)
{
	const char *topic = provider_setting(acc, "topic_arn");

	mail_check(acc, r);
	cloud_region_check(acc, regions, r);
	if (!is_name(provider_setting(acc, "configuration_set"), "-_"))
		report_add(r, SEV_ERROR, acc->at, "provider",
		    "write its name: letters, digits, - and _",
		    "configuration_set is not the name of one");
	if (*provider_setting(acc, "inbound") != '\0' &&
	    (strcmp(provider_setting(acc, "inbound"), "yes") != 0 ||
		*provider_setting(acc, "reply_to") == '\0'))
		report_add(r, SEV_ERROR, acc->at, "provider",
		    "write inbound: \"yes\" and reply_to: the address that the receipt "
		    "rule is for",
		    "inbound is \"yes\", beside reply_to, or nothing");
	if (*topic != '\0' &&
	    (!g_str_has_prefix(topic, "arn:aws") || strstr(topic, ":sns:") == NULL))
		report_add(r, SEV_ERROR, acc->at, "provider",
		    "copy the topic's ARN, arn:aws:sns:REGION:ACCOUNT:NAME",
		    "topic_arn is not the ARN of an SNS topic");
}

static void
ses_capabilities(const struct account *acc, struct capabilities *out)
{
	*out = (struct capabilities){
		.region = REGION_OUTSIDE,
		.channels = 1U << CHANNEL_EMAIL,
		.batch = 1,
		.settle = SETTLE_RECEIPT,
		.match = MATCH_REF,
		.receipts = true,
		.replies = *provider_setting(acc, "inbound") != '\0',
		.opens = true,
		.clicks = true,
	};
}

static const char *
ses_refuses(const struct account *acc, const struct parcel *p, struct arena *a)
{
	return mail_refuses(acc, p, BYTES_MAX, a);
}

/* Message -> request ------------------------------------------------------------------ */

static json_t *
content(const char *text)
{
	return json_pack("{ss ss}", "Data", text, "Charset", "UTF-8");
}

static json_t *
letter(const struct account *acc, const struct mail *m, struct arena *a)
{
	json_t *j = json_pack("{ss s{s[s]}}", "FromEmailAddress",
	    mail_mailbox(a, m->from_name, m->from), "Destination", "ToAddresses", m->to);
	json_t *body = json_object(), *fields = json_array();

	if (*m->reply_to != '\0')
		json_object_set_new(j, "ReplyToAddresses", json_pack("[s]", m->reply_to));
	if (*m->text != '\0')
		json_object_set_new(body, "Text", content(m->text));
	if (*m->html != '\0')
		json_object_set_new(body, "Html", content(m->html));
	for (int i = 0; i < m->n_fields; i++)
		json_array_append_new(fields, mail_json_pair("Name", m->fields[i].name,
						  "Value", m->fields[i].value));
	json_object_set_new(j, "Content",
	    json_pack("{s{so so so}}", "Simple", "Subject", content(m->subject), "Body",
		body, "Headers", fields));
	json_object_set_new(j, "EmailTags",
	    json_pack("[o]", mail_json_pair("Name", "reach_id", "Value", m->ref)));
	mail_json_set(
	    j, "ConfigurationSetName", provider_setting(acc, "configuration_set"));
	return j;
}

const char *
ses_url(const struct account *acc, struct arena *a, const char *path)
{
	if (acc->url != NULL && *acc->url != '\0')
		return provider_url(acc, a, path);
	return arena_printf(
	    a, "https://email.%s.amazonaws.com%s", provider_setting(acc, "region"), path);
}

void
ses_sign(
    const struct account *acc, ms_t sig_ts, struct arena *a, struct provider_request *out)
{
	const char *host = strstr(out->url, "://") + 3;
	const struct sigv4 r = { .key_id = provider_setting(acc, "access_key_id"),
		.secret = provider_setting(acc, "secret_access_key"),
		.token = provider_setting(acc, "session_token"),
		.region = provider_setting(acc, "region"),
		.service = "ses",
		.method = out->method,
		.host = arena_strndup(a, host, strcspn(host, "/")),
		.path = host + strcspn(host, "/"),
		.body = out->body,
		.body_len = out->body_len,
		.date = sigv4_date(a, sig_ts) };

	wire_header(out, a, "X-Amz-Date", r.date);
	if (*r.token != '\0')
		wire_header(out, a, "X-Amz-Security-Token", r.token);
	wire_header(out, a, "Authorization", sigv4_authorization(&r, a));
}

static int
ses_request(const struct account *acc, const struct config *cfg, const struct parcel *p,
    int n, ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e)
{
	struct mail m;

	(void)cfg;
	if (n != 1)
		return err_set(e, ERR_INTERNAL, "a batch of %d for ses", n);
	if (mail_make(acc, p, sig_ts, a, &m, e) != 0)
		return -1;
	wire_json(out, a, ses_url(acc, a, PATH), letter(acc, &m, a));
	ses_sign(acc, sig_ts, a, out);
	return 0;
}

/* Answer -> outcome --------------------------------------------------------------------- */

enum verdict { LATER, DAY, CONTENT, STOP, CANNOT_TELL };

static const struct {
	const char *name;
	enum verdict verdict;
} names[] = {
	{ "InternalServiceErrorException", CANNOT_TELL },
	{ "TooManyRequestsException", LATER },
	{ "ThrottlingException", LATER },
	{ "Throttling", LATER },
	{ "LimitExceededException", DAY },
	{ "BadRequestException", CONTENT },
	{ "ValidationException", CONTENT },
	{ "MessageRejected", CONTENT },
	{ "AccountSuspendedException", STOP },
	{ "SendingPausedException", STOP },
	{ "MailFromDomainNotVerifiedException", STOP },
	{ "NotFoundException", STOP },
	{ "InvalidSignatureException", STOP },
	{ "SignatureDoesNotMatch", STOP },
	{ "UnrecognizedClientException", STOP },
	{ "InvalidClientTokenId", STOP },
	{ "MissingAuthenticationTokenException", STOP },
	{ "MissingAuthenticationToken", STOP },
	{ "IncompleteSignatureException", STOP },
	{ "IncompleteSignature", STOP },
	{ "ExpiredTokenException", STOP },
	{ "ExpiredToken", STOP },
	{ "RequestExpired", STOP },
	{ "AccessDeniedException", STOP },
	{ "AccessDenied", STOP },
	{ "OptInRequired", STOP },
	{ "ConfigurationSetDoesNotExistException", STOP },
	{ "ConfigurationSetSendingPausedException", STOP },
	{ "AccountSendingPausedException", STOP },
	{ "FromEmailAddressNotVerifiedException", STOP },
	{ "UnknownOperationException", STOP },
	{ "NotAuthorized", STOP },
	{ "SerializationException", CONTENT },
};

static enum verdict
verdict_of(const char *name, const char *message, int status)
{
	if (status >= 500)
		return CANNOT_TELL;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		enum verdict v = names[i].verdict;

		if (strcmp(names[i].name, name) != 0)
			continue;
		if (v == LATER && strstr(message, "Daily message quota") != NULL)
			return DAY;
		/* Ours, or in their sandbox every address: nothing else will pass. */
		if (v == CONTENT && strstr(message, "not verified") != NULL)
			return STOP;
		return v;
	}
	return CANNOT_TELL;
}

/* "com.amazonaws.ses#MessageRejected:http://..." */
static const char *
bare(struct arena *a, const char *name)
{
	const char *hash = strchr(name, '#');

	name = hash != NULL ? hash + 1 : name;
	return arena_strndup(a, name, strcspn(name, ":"));
}

static const char *
text_of(const json_t *j, const char *name, const char *other)
{
	const char *s = json_string_value(json_object_get(j, name));

	if (s == NULL)
		s = json_string_value(json_object_get(j, other));
	return s != NULL ? s : "";
}

const char *
ses_error(const struct provider_reply *reply, const json_t *j, struct arena *a)
{
	const char *told = header_of(reply->head, "x-amzn-errortype");

	return bare(a, *told != '\0' ? told : text_of(j, "__type", "code"));
}

static void
judge(const char *name, const char *message, int status, struct answer *out)
{
	enum verdict v = verdict_of(name, message, status);

	*out =
	    (struct answer){ .outcome = v == CANNOT_TELL         ? OUTCOME_UNKNOWN
					: v == LATER || v == DAY ? OUTCOME_REFUSED_RETRY
								 : OUTCOME_REJECTED,
		    .freeze = v == STOP,
		    .retry_after = v == DAY ? DAY_FULL : 0 };
	g_strlcpy(out->perr, name, sizeof out->perr);
}

static void
ses_answer(const struct account *acc, const struct parcel *p, int n,
    const struct provider_reply *reply, struct answer *out)
{
	json_t *j = json_loadb(reply->body, reply->len, 0, NULL);
	const char *id = json_string_value(json_object_get(j, "MessageId"));
	struct arena *a = arena_new();
	const char *name = ses_error(reply, j, a);

	(void)acc;
	(void)p;
	(void)n; /* 1 */
	*out = (struct answer){ .outcome = OUTCOME_UNKNOWN };
	g_snprintf(out->perr, sizeof out->perr, "http-%d", reply->status);
	if (reply->status >= 300 && reply->status < 400) {
		out->outcome = OUTCOME_REJECTED;
		out->freeze = true;
	} else if (reply->status >= 400 && *name != '\0') {
		judge(name, text_of(j, "message", "Message"), reply->status, out);
	} else if (reply->status == 429) {
		out->outcome = OUTCOME_REFUSED_RETRY;
	} else if (reply->status == 200 && id != NULL && *id != '\0' &&
		   strlen(id) < sizeof out->provider_id) {
		*out = (struct answer){ .outcome = OUTCOME_ACCEPTED };
		g_strlcpy(out->provider_id, id, sizeof out->provider_id);
	}
	json_decref(j);
	arena_free(a);
}

const struct provider ses_provider = {
	.name = "ses",
	.summary = "email by Amazon SES v2, its events by an SNS topic",
	.settings = settings,
	.check = ses_check,
	.probe = &ses_probe,
	.capabilities = ses_capabilities,
	.lint = mail_lint,
	.refuses = ses_refuses,
	.request = ses_request,
	.answer = ses_answer,
	.signs = true,
	.hook = ses_hook,
};
