/* tencent.c - `type: tencent`: SMS of Tencent Cloud (sms 2021-01-11).
 *
 * SendSms takes many numbers but one set of parameters: those go together who get the
 * same words, all in the mainland or all abroad. Every number has a Code and a SerialNo
 * of its own. All answers are HTTP 200; a call that failed has an Error inside.
 *
 * It knows no idempotency, and a call whose answer is lost cannot be asked about: its
 * list by number has a row only once the carrier has reported, so that a missing row
 * proves nothing, and names our reference only where Tencent has turned that on. Such
 * a message counts as sent; a report that brings SessionContext back settles it. */
#include <stdlib.h>
#include <string.h>

#include "acs3.h"
#include "base/json.h"
#include "cloud_region.h"
#include "services.h"
#include "tencent.h"
#include "variables.h"

#define VERSION "2021-01-11"
#define BATCH 200

static const struct provider_setting settings[] = {
	{ "secret_id", "of a CAM user that may do no more than send", SETTING_NEEDED },
	{ "secret_key", "its secret", SETTING_NEEDED | SETTING_SECRET },
	{ "sdk_app_id", "SmsSdkAppId: of the application, as in 1400000001",
	    SETTING_NEEDED },
	{ "region", "where it is called; ap-guangzhou when not written", 0 },
	{ "extend_code", "digits behind the sender's number (ExtendCode)", 0 },
	{ "sender_id", "sender abroad (SenderId)", 0 },
	{ "pull",
	    "how often reports and replies are asked for, as in 1m, instead of webhooks",
	    0 },
	{ NULL, NULL, 0 },
};

/* Where SMS is served first; a name of another service's region is no mistake of spelling. */
static const char *const regions[] = { "ap-guangzhou", "ap-beijing", "ap-nanjing",
	"ap-singapore", "ap-shanghai", "ap-chengdu", "ap-chongqing", "ap-hongkong",
	"ap-bangkok", "ap-jakarta", "ap-seoul", "ap-tokyo", "eu-frankfurt", "na-ashburn",
	"na-siliconvalley", "sa-saopaulo", NULL };

static void
tencent_check(const struct account *acc, struct report *r)
{
	const struct setting *pull = provider_written(acc, "pull"),
			     *app = provider_written(acc, "sdk_app_id");

	cloud_region_check(acc, regions, r);
	if (app != NULL && app->value != NULL &&
	    app->value[strspn(app->value, "0123456789")] != '\0')
		report_add(r, SEV_ERROR, app->at, "provider",
		    "copy the SDKAppID of the application, as 1400000001",
		    "\"sdk_app_id\" is made of digits only");
	if (pull == NULL)
		return;
	provider_pull_check(acc, r);
	/* What is told both ways would be heard twice: a queue knows no event ids. */
	if (acc->hook_credential != NULL || acc->hook_secret != NULL)
		report_add(r, SEV_ERROR, pull->at, "pull",
		    "delete pull, or hook_secret and the address in Tencent's console",
		    "reports are posted or asked for, not both");
}

/* The same words to a number once in 30 s; here whatever they are. What else it allows a
 * number in a day is set in its console: `per_number`. */
static const struct number_limit per_number[] = { { .max = 1, .window = 31 * MS_SECOND } };

static void
tencent_capabilities(const struct account *acc, struct capabilities *out)
{
	ms_t pull = provider_pull_every(acc, 0);
	bool heard = acc->hook_secret != NULL || pull > 0;
	*out = (struct capabilities){
		.region = REGION_CN,
		.channels = 1U << CHANNEL_SMS,
		.batch = BATCH,
		.settle = heard ? SETTLE_RECEIPT : SETTLE_NONE,
		.match = MATCH_ID,
		.receipts = heard,
		.tells = heard,
		.replies = heard,
		.registered = true,
		.selling_from = 8 * 60,
		.selling_to = 22 * 60,
		.per_number = per_number,
		.n_per_number = G_N_ELEMENTS(per_number),
		.pull = pull,
	};
}

/* Texts -------------------------------------------------------------------------- */

/* InvalidParameterValue.ProhibitedUseUrlInTemplateParameter */
static const char *
tencent_refuses(const struct account *acc, const struct parcel *p, struct arena *a)
{
	for (int i = 0; p->coded != NULL && i < p->coded->n; i++)
		if (variables_link(p->coded->values[i]))
			return arena_printf(
			    a, "%s takes no link in parameter %d", acc->name, i + 1);
	return NULL;
}

static void
tencent_lint(const struct account *acc, const struct template *t, const char *text,
    struct report *r)
{
	const struct registered *g = template_registered(t, acc->name, acc->type);

	for (int i = 0; g != NULL && i < g->n_params; i++)
		if (g->params[i].name[0] != '\0') {
			report_add(r, SEV_ERROR, g->at, "registered",
			    "write params: [path, path], in the order of {1}, {2}",
			    "tencent's templates count their parameters");
			break;
		}
	variables_lint(acc, t, text, VARIABLES_APART | VARIABLES_WORDS, r);
}

static bool
is_mainland(const char *to)
{
	return g_str_has_prefix(to, "+86");
}

static bool
same_words(const struct coded *a, const struct coded *b)
{
	if (strcmp(a->code, b->code) != 0 || a->n != b->n)
		return false;
	for (int i = 0; i < a->n; i++)
		if (strcmp(a->values[i], b->values[i]) != 0)
			return false;
	return true;
}

static bool
tencent_together(const struct parcel *a, const struct parcel *b)
{
	return a->coded != NULL && b->coded != NULL && same_words(a->coded, b->coded) &&
	       strcmp(a->signature, b->signature) == 0 &&
	       is_mainland(a->to) == is_mainland(b->to);
}

/* Message -> request ------------------------------------------------------------------ */

struct tc3
tencent_call(const struct account *acc, const char *action, ms_t at)
{
	return (struct tc3){ .acc = acc,
		.service = "sms",
		.action = action,
		.version = VERSION,
		.at = at };
}

static int
tencent_request(const struct account *acc, const struct config *cfg,
    const struct parcel *p, int n, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	const char *extend = provider_setting(acc, "extend_code"),
		   *sender = provider_setting(acc, "sender_id");
	const struct tc3 r = tencent_call(acc, "SendSms", sig_ts);
	json_t *numbers = json_array(), *params = json_array(), *j;

	(void)cfg;
	for (int i = 0; i < n; i++)
		json_array_append_new(numbers, json_string(p[i].to));
	for (int i = 0; p->coded != NULL && i < p->coded->n; i++)
		json_array_append_new(params, json_string(p->coded->values[i]));
	j = json_pack("{so ss ss ss so ss}", "PhoneNumberSet", numbers, "SmsSdkAppId",
	    provider_setting(acc, "sdk_app_id"), "TemplateId",
	    p->coded != NULL ? p->coded->code : "", "SignName", p->signature,
	    "TemplateParamSet", params, "SessionContext",
	    p->call[0] != '\0' ? p->call : p->ref);
	if (p->coded == NULL || j == NULL) {
		json_decref(j);
		return err_set(e, ERR_INTERNAL, "tencent sends registered texts only");
	}
	if (extend[0] != '\0')
		json_object_set_new(j, "ExtendCode", json_string(extend));
	if (sender[0] != '\0' && !is_mainland(p->to))
		json_object_set_new(j, "SenderId", json_string(sender));
	tc3_sign(&r, j, a, out);
	return 0;
}

/* Answer -> outcome --------------------------------------------------------------------- */

enum verdict {
	CANNOT_TELL, /* may have been taken */
	LATER,
	DAY, /* the application's day is full */
	HALF_MINUTE,
	HOUR,
	NUMBER_DAY,
	MORNING, /* this number alone, after that long */
	NOBODY,
	OPTED_OUT,
	CONTENT,
	NO_CODE,
	NO_SIGNATURE, /* all of a call have the same */
	STOP,
	MIXED /* numbers that do not go in one call */
};

/* The first whose name the code begins with. Which InternalErrors were not taken is told
 * by the documentation only: none is believed. UnsupportedOperation is about a country
 * and its kind of template: nothing is wrong with the number. */
static const struct {
	const char *code;
	enum verdict verdict;
} codes[] = {
	{ "InternalError", CANNOT_TELL },
	{ "RequestLimitExceeded", LATER },
	{ "LimitExceeded.PhoneNumberThirtySecondLimit", HALF_MINUTE },
	{ "LimitExceeded.PhoneNumberOneHourLimit", HOUR },
	{ "LimitExceeded.DeliveryFrequencyLimit", HOUR },
	{ "LimitExceeded.PhoneNumberDailyLimit", NUMBER_DAY },
	{ "LimitExceeded.PhoneNumberSameContentDailyLimit", NUMBER_DAY },
	{ "LimitExceeded.PhoneNumberCountLimit", MIXED },
	{ "LimitExceeded.App", DAY },
	{ "LimitExceeded.DailyLimit", DAY },
	{ "UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber", MIXED },
	{ "UnsupportedOperation.", CONTENT },
	{ "InvalidParameterValue.IncorrectPhoneNumber", NOBODY },
	{ "InvalidParameterValue.SdkAppIdNotExist", STOP },
	{ "InvalidParameter", CONTENT },
	{ "FailedOperation.PhoneNumberInBlacklist", OPTED_OUT },
	{ "FailedOperation.InsufficientBalanceInSmsPackage", STOP },
	{ "FailedOperation.ContainSensitiveWord", CONTENT },
	{ "FailedOperation.Signature", NO_SIGNATURE },
	{ "FailedOperation.TemplateParam", CONTENT },
	{ "FailedOperation.Template", NO_CODE },
	/* What any of its services answers: the call, the place or the account is wrong. */
	{ "UnsupportedRegion", STOP },
	{ "UnsupportedProtocol", STOP },
	{ "InvalidAction", STOP },
	{ "NoSuchProduct", STOP },
	{ "NoSuchVersion", STOP },
	{ "InvalidCredential", STOP },
	{ "FailedOperation.NotEnterpriseCertification", STOP },
	{ "InvalidRequest", CONTENT },
	{ "MissingParameter", CONTENT },
	{ "UnknownParameter", CONTENT },
	{ "RequestSizeLimitExceeded", CONTENT },
	{ "FailedOperation.FailResolvePacket", CONTENT },
	{ "FailedOperation.JsonParseFail", CONTENT },
	{ "AuthFailure", STOP },
	{ "UnauthorizedOperation", STOP },
	{ "IpNotInWhitelist", STOP },
	{ "ActionOffline", STOP },
};

static enum verdict
verdict_of(const char *code)
{
	/* Marketing goes from 08:00 to 22:00 only. */
	if (g_str_has_suffix(code, "MarketingSendTimeConstraint"))
		return MORNING;
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
		if (g_str_has_prefix(code, codes[i].code))
			return codes[i].verdict;
	return CANNOT_TELL;
}

bool
tencent_stops(const char *code)
{
	return verdict_of(code) == STOP;
}

static ms_t
until_morning(ms_t at)
{
	ms_t wait = acs3_until_day(at) + 8 * MS_HOUR;
	return wait > MS_DAY ? wait - MS_DAY : wait;
}

static ms_t
wait_of(enum verdict v, ms_t at)
{
	switch (v) {
	case HALF_MINUTE:
		return 30 * MS_SECOND;
	case HOUR:
		return MS_HOUR;
	case MORNING:
		return until_morning(at);
	case DAY:
	case NUMBER_DAY:
		return acs3_until_day(at);
	default:
		return 0;
	}
}

static void
judge(const char *code, ms_t at, bool whole, struct answer *out)
{
	enum verdict v = verdict_of(code);
	bool off_books = v == NO_CODE || v == NO_SIGNATURE;
	bool refused = v == NOBODY || v == OPTED_OUT || v == CONTENT || v == STOP ||
		       v == MIXED || off_books;

	*out = (struct answer){ .outcome = v == CANNOT_TELL ? OUTCOME_UNKNOWN
					   : refused        ? OUTCOME_REJECTED
							    : OUTCOME_REFUSED_RETRY };
	g_strlcpy(out->perr, code, sizeof out->perr);
	/* One error for a whole batch does not say whose it is. */
	if (whole && v != CANNOT_TELL && v != LATER && v != DAY && v != MORNING &&
	    v != STOP && !off_books) {
		out->outcome = OUTCOME_REFUSED_RETRY;
		out->alone = true;
		return;
	}
	out->no_code = v == NO_CODE;
	out->no_signature = v == NO_SIGNATURE;
	out->freeze = v == STOP;
	out->bad_address = v == NOBODY;
	out->opted_out = v == OPTED_OUT;
	out->number = v == HALF_MINUTE || v == HOUR || v == NUMBER_DAY || v == MORNING;
	out->retry_after = wait_of(v, at);
}

const char *
tencent_error(const json_t *j)
{
	const json_t *said = json_object_get(j, "Response");
	return json_string_value(json_object_get(json_object_get(said, "Error"), "Code"));
}

/* As a rule the rows come in order: then each is looked at once. */
static bool
is_in_order(const json_t *rows, const struct parcel *p, int n)
{
	bool same = json_array_size(rows) == (size_t)n;
	for (int i = 0; same && i < n; i++)
		same = g_strcmp0(json_string_value(json_object_get(
				     json_array_get(rows, (size_t)i), "PhoneNumber")),
			   p[i].to) == 0;
	return same;
}

/* The one row of a number; NULL: none, or more than one. */
static const json_t *
row_of(const json_t *rows, const char *to)
{
	const json_t *found = NULL;
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		const char *number =
		    json_string_value(json_object_get(row, "PhoneNumber"));
		if (number == NULL || strcmp(number, to) != 0)
			continue;
		if (found != NULL)
			return NULL;
		found = row;
	}
	return found;
}

static void
read_row(const json_t *row, ms_t at, struct answer *out)
{
	const char *code = json_string_value(json_object_get(row, "Code"));
	const char *id = json_string_value(json_object_get(row, "SerialNo"));
	if (code == NULL)
		return;
	if (strcmp(code, "Ok") != 0) {
		judge(code, at, false, out);
	} else if (id != NULL && id[0] != '\0' && strlen(id) < sizeof out->provider_id) {
		out->outcome = OUTCOME_ACCEPTED;
		out->perr[0] = '\0';
		g_strlcpy(out->provider_id, id, sizeof out->provider_id);
	}
}

static void
tencent_answer(const struct account *acc, const struct parcel *p, int n,
    const struct provider_reply *reply, struct answer *out)
{
	json_t *j = json_read(reply->body, reply->len);
	const json_t *rows =
	    json_object_get(json_object_get(j, "Response"), "SendStatusSet");
	const char *error = tencent_error(j);
	bool in_order = is_in_order(rows, p, n);
	(void)acc;
	for (int i = 0; i < n; i++) {
		out[i] = (struct answer){ .outcome = OUTCOME_UNKNOWN };
		g_snprintf(out[i].perr, sizeof out[i].perr, "http-%d", reply->status);
		if (reply->status >= 300 && reply->status < 400) {
			out[i].outcome = OUTCOME_REJECTED;
			out[i].freeze = true;
		} else if (error != NULL && reply->status < 500) {
			judge(error, p[i].begun_at, n > 1, &out[i]);
		} else if (reply->status == 200) {
			read_row(in_order ? json_array_get(rows, (size_t)i)
					  : row_of(rows, p[i].to),
			    p[i].begun_at, &out[i]);
		}
	}
	json_decref(j);
}

const struct provider tencent_provider = {
	.name = "tencent",
	.summary = "Tencent Cloud SMS (腾讯云短信): registered texts, same words to 200",
	.url = "https://sms.tencentcloudapi.com",
	.settings = settings,
	.check = tencent_check,
	.probe = &tencent_probe,
	.capabilities = tencent_capabilities,
	.lint = tencent_lint,
	.refuses = tencent_refuses,
	.together = tencent_together,
	.request = tencent_request,
	.answer = tencent_answer,
	.query = tencent_query,
	.query_answer = tencent_query_answer,
	.pull = tencent_pull,
	.pull_answer = tencent_pull_answer,
	.hook = tencent_hook,
};
