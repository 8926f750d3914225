/* aliyun.c - `type: aliyun`: SMS of Alibaba Cloud (dysmsapi 2017-05-25).
 *
 * One message goes by SendSms, several by SendBatchSms (100 numbers, own parameters
 * and signature each, one template). Only registered templates are sent, by code.
 *
 * It knows no idempotency: a lost answer is settled by QuerySendDetails, which gives
 * OutId back. OutId is one a call, so it names the call, and BizId with the number
 * names the message. Business errors come with HTTP 200 and a Code. Nothing it posts
 * is signed: the path holds a secret. Times are Beijing's, without a zone.
 *
 * 5xx, isp.SYSTEM_ERROR and a nonce seen before may or may not have been taken: the
 * query tells. */
#include <stdlib.h>
#include <string.h>

#include "acs3.h"
#include "aliyun.h"
#include "base/json.h"
#include "provider/quote.h"
#include "services.h"
#include "variables.h"

#define BATCH 100
#define SIGNED_FOR (15 * MS_MINUTE) /* InvalidTimeStamp.Expired beyond */
#define QUERY_LAG (2 * MS_MINUTE)   /* until QuerySendDetails knows of a message */

static const struct provider_setting settings[] = {
	ACS3_SETTINGS,
	{ "extend_code", "digits behind the sender's number (SmsUpExtendCode)", 0 },
	{ NULL, NULL, 0 },
};

/* Below its 50 a natural day for notices and promotions; its code for what is over is
 * isv.BUSINESS_LIMIT_CONTROL. A sliding day is never more than a natural one. */
static const struct number_limit per_number[] = { { .max = 45, .window = 24 * MS_HOUR } };

static void
aliyun_capabilities(const struct account *acc, struct capabilities *out)
{
	bool heard = acc->hook_secret != NULL;
	*out = (struct capabilities){
		.region = REGION_CN,
		.channels = 1U << CHANNEL_SMS,
		.batch = BATCH,
		.settle = SETTLE_QUERY,
		.window = SIGNED_FOR,
		.lag = QUERY_LAG,
		.match = MATCH_ID_ADDRESS,
		.receipts = true, /* by webhook, else by query */
		.tells = true,
		.replies = heard,
		.registered = true,
		.selling_from = 8 * 60,
		.selling_to = 20 * 60,
		.per_number = per_number,
		.n_per_number = G_N_ELEMENTS(per_number),
	};
}

/* Texts -------------------------------------------------------------------------- */

/* isv.PARAM_LENGTH_LIMIT, isv.PARAM_NOT_SUPPORT_URL. 35 is what a variable of free text
 * may hold; kinds of variables may be stricter. */
#define PARAM_MAX 35

static const char *
aliyun_refuses(const struct account *acc, const struct parcel *p, struct arena *a)
{
	for (int i = 0; p->coded != NULL && i < p->coded->n; i++) {
		const char *value = p->coded->values[i];
		glong n = g_utf8_strlen(value, -1);
		if (n > PARAM_MAX)
			return arena_printf(a,
			    "%s takes %d characters in \"%s\", not %ld", acc->name,
			    PARAM_MAX, p->coded->names[i], n);
		if (variables_link(value))
			return arena_printf(a, "%s takes no link in \"%s\"", acc->name,
			    p->coded->names[i]);
	}
	return NULL;
}

static void
aliyun_lint(const struct account *acc, const struct template *t, const char *text,
    struct report *r)
{
	const struct registered *g = template_registered(t, acc->name, acc->type);
	for (int i = 0; g != NULL && i < g->n_params; i++)
		if (g->params[i].name[0] == '\0')
			report_add(r, SEV_ERROR, g->at, "registered",
			    "write params: { NAME: path }, with the names of the "
			    "template there",
			    "aliyun's templates name their parameters");
	variables_lint(acc, t, text, 0, r);
}

static bool
aliyun_together(const struct parcel *a, const struct parcel *b)
{
	return a->coded != NULL && b->coded != NULL &&
	       strcmp(a->coded->code, b->coded->code) == 0;
}

/* Message -> request ------------------------------------------------------------------ */

const char *
aliyun_number(const char *to)
{
	return g_str_has_prefix(to, "+86") ? to + 3 : to + (to[0] == '+');
}

/* {"name":"text",...}, without a tree: a hundred go in a call. */
static void
add_params(GString *out, const struct coded *c)
{
	g_string_append_c(out, '{');
	for (int i = 0; i < c->n; i++) {
		if (i > 0)
			g_string_append_c(out, ',');
		quote_json(out, c->names[i]);
		g_string_append_c(out, ':');
		quote_json(out, c->values[i]);
	}
	g_string_append_c(out, '}');
}

static const char *
params_of(struct arena *a, const struct coded *c)
{
	GString *s = g_string_sized_new(128);
	add_params(s, c);
	const char *kept = arena_strndup(a, s->str, s->len);
	g_string_free(s, TRUE);
	return kept;
}

const char *
aliyun_out_id(const struct parcel *p)
{
	return p->call[0] != '\0' ? p->call : p->ref;
}

const char *
aliyun_nonce(struct arena *a, const char *what, ms_t at)
{
	return wire_key(a, arena_printf(a, "%s %" G_GINT64_FORMAT, what, at));
}

static void
one(const struct account *acc, const struct parcel *p, struct arena *a, struct acs3 *r)
{
	const char *extend = provider_setting(acc, "extend_code");
	const char **f = arena_array(a, const char *, 13);
	int n = 0;
	f[n++] = "OutId";
	f[n++] = aliyun_out_id(p);
	f[n++] = "PhoneNumbers";
	f[n++] = aliyun_number(p->to);
	f[n++] = "SignName";
	f[n++] = p->signature;
	if (extend[0] != '\0') {
		f[n++] = "SmsUpExtendCode";
		f[n++] = extend;
	}
	f[n++] = "TemplateCode";
	f[n++] = p->coded->code;
	f[n++] = "TemplateParam";
	f[n++] = params_of(a, p->coded);
	r->action = "SendSms";
	r->fields = f;
	r->form = "";
}

/* Lists of one length, an element a recipient. */
#define EXTENDS 2
static const char *const lists[] = { "PhoneNumberJson", "SignNameJson",
	"SmsUpExtendCodeJson", "TemplateParamJson" };

static void
add_list(GString *form, GString *list, int which, const char *extend,
    const struct parcel *p, int n)
{
	g_string_assign(list, "[");
	for (int i = 0; i < n; i++) {
		const char *texts[] = { aliyun_number(p[i].to), p[i].signature, extend };
		if (i > 0)
			g_string_append_c(list, ',');
		if (which < (int)G_N_ELEMENTS(texts))
			quote_json(list, texts[which]);
		else
			add_params(list, p[i].coded);
	}
	g_string_append_c(list, ']');
	wire_field(form, lists[which], list->str);
}

static void
many(const struct account *acc, const struct parcel *p, int n, struct arena *a,
    struct acs3 *r)
{
	const char *extend = provider_setting(acc, "extend_code");
	GString *form = g_string_sized_new(1024 + 512 * (gsize)n),
		*list = g_string_sized_new(128 * (gsize)n);
	const char **f = arena_array(a, const char *, 5);

	for (int i = 0; i < (int)G_N_ELEMENTS(lists); i++)
		if (i != EXTENDS || extend[0] != '\0')
			add_list(form, list, i, extend, p, n);
	f[0] = "OutId";
	f[1] = aliyun_out_id(p);
	f[2] = "TemplateCode";
	f[3] = p->coded->code;
	r->action = "SendBatchSms";
	r->fields = f;
	r->form = arena_strndup(a, form->str, form->len);
	g_string_free(list, TRUE);
	g_string_free(form, TRUE);
}

static int
aliyun_request(const struct account *acc, const struct config *cfg,
    const struct parcel *p, int n, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	struct acs3 r = { .acc = acc,
		.version = ALIYUN_VERSION,
		.at = sig_ts,
		.nonce = aliyun_nonce(a, aliyun_out_id(p), sig_ts) };
	(void)cfg;
	for (int i = 0; i < n; i++)
		if (p[i].coded == NULL)
			return err_set(
			    e, ERR_INTERNAL, "aliyun sends registered texts only");
	if (n == 1)
		one(acc, p, a, &r);
	else
		many(acc, p, n, a, &r);
	acs3_sign(&r, a, out);
	return 0;
}

/* Answer -> outcome --------------------------------------------------------------------- */

enum verdict {
	LATER,
	NUMBER,
	NOBODY,
	CONTENT,
	NO_CODE,
	NO_SIGNATURE,
	STOP,
	DAY,
	MONTH,
	CANNOT_TELL
};

/* The first whose name the code begins with. */
static const struct {
	const char *code;
	enum verdict verdict;
} codes[] = {
	{ "isp.SYSTEM_ERROR", CANNOT_TELL }, { "isp.RAM_PERMISSION_DENY", STOP },
	{ "InternalError", CANNOT_TELL }, { "ServiceUnavailable", CANNOT_TELL },
	{ "SignatureNonceUsed", CANNOT_TELL }, { "Throttling", LATER },
	{ "isv.BUSINESS_LIMIT_CONTROL", NUMBER }, { "isv.MOBILE_NUMBER_ILLEGAL", NOBODY },
	{ "isv.DOMESTIC_NUMBER_NOT_SUPPORTED", NOBODY }, { "isv.DAY_LIMIT_CONTROL", DAY },
	{ "isv.MONTH_LIMIT_CONTROL", MONTH }, { "isv.AMOUNT_NOT_ENOUGH", STOP },
	{ "isv.OUT_OF_SERVICE", STOP }, { "isv.PRODUCT_UN", STOP },
	{ "isv.ACCOUNT_", STOP }, { "isv.DENY_IP_RANGE", STOP }, { "Forbidden", STOP },
	{ "InvalidAccessKeyId", STOP }, { "SignatureDoesNotMatch", STOP },
	{ "IncompleteSignature", STOP }, { "InvalidTimeStamp", STOP }, ACS3_STOPS,
	{ "isv.SMS_SIGNATURE_SCENE_ILLEGAL", NO_CODE }, /* not under this signature */
	{ "isv.SMS_SIGN", NO_SIGNATURE }, { "isv.SIGN_", NO_SIGNATURE },
	{ "isv.SMS_TEMPLATE_ILLEGAL", NO_CODE }, { "isv.EXTEND_CODE_ERROR", STOP },
	{ "isv.", CONTENT }, /* this message, not the person */
};

static enum verdict
verdict_of(const char *code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
		if (g_str_has_prefix(code, codes[i].code))
			return codes[i].verdict;
	return CANNOT_TELL;
}

/* "触发天级流控Permits:10" names the window it was too much for. */
static ms_t
limit_of(const char *message, ms_t at)
{
	if (strstr(message, "天级") != NULL)
		return acs3_until_day(at);
	return strstr(message, "小时级") != NULL ? MS_HOUR : MS_MINUTE;
}

static void
judge(const char *code, const char *message, ms_t at, bool batch, struct answer *out)
{
	enum verdict v = verdict_of(code);
	g_strlcpy(out->perr, code, sizeof out->perr);
	out->outcome = v == CANNOT_TELL ? OUTCOME_UNKNOWN
		       : v == CONTENT || v == STOP || v == NOBODY || v == NO_CODE ||
			       v == NO_SIGNATURE
			   ? OUTCOME_REJECTED
			   : OUTCOME_REFUSED_RETRY;
	out->freeze = v == STOP;
	out->no_code = v == NO_CODE;
	out->no_signature = v == NO_SIGNATURE;
	out->bad_address = v == NOBODY;
	out->number = v == NUMBER;
	if (v == NUMBER)
		out->retry_after = limit_of(message, at);
	else if (v == DAY)
		out->retry_after = acs3_until_day(at);
	else if (v == MONTH)
		out->retry_after = acs3_until_month(at);
	/* One number, text or signature of many: the code does not say whose. */
	if (batch && (v == NUMBER || v == NOBODY || v == CONTENT || v == NO_SIGNATURE ||
			 strcmp(code, "isv.SMS_SIGNATURE_SCENE_ILLEGAL") == 0))
		*out = (struct answer){ .outcome = OUTCOME_REFUSED_RETRY, .alone = true };
	if (out->alone)
		g_strlcpy(out->perr, code, sizeof out->perr);
}

static void
aliyun_answer(const struct account *acc, const struct parcel *p, int n,
    const struct provider_reply *reply, struct answer *out)
{
	json_t *j = json_read(reply->body, reply->len);
	const char *code = json_string_value(json_object_get(j, "Code"));
	const char *message = json_string_value(json_object_get(j, "Message"));
	const char *id = json_string_value(json_object_get(j, "BizId"));
	(void)acc;
	for (int i = 0; i < n; i++) {
		out[i] = (struct answer){ .outcome = OUTCOME_UNKNOWN };
		g_snprintf(out[i].perr, sizeof out[i].perr, "http-%d", reply->status);
		if (code == NULL) {
			out[i].freeze = reply->status >= 300 && reply->status < 400;
			if (out[i].freeze)
				out[i].outcome = OUTCOME_REJECTED;
		} else if (strcmp(code, "OK") != 0) {
			judge(code, message != NULL ? message : "", p[i].begun_at, n > 1,
			    &out[i]);
			if (verdict_of(code) == LATER)
				out[i].retry_after = acs3_retry_after(reply);
		} else if (reply->status == 200 && id != NULL && id[0] != '\0' &&
			   strlen(id) < sizeof out[i].provider_id) {
			out[i].outcome = OUTCOME_ACCEPTED;
			out[i].perr[0] = '\0';
			g_strlcpy(out[i].provider_id, id, sizeof out[i].provider_id);
		}
	}
	json_decref(j);
}

const struct provider aliyun_provider = {
	.name = "aliyun",
	.summary = "Alibaba Cloud SMS (阿里云短信): registered texts, batches of 100",
	.url = "https://dysmsapi.aliyuncs.com",
	.settings = settings,
	.probe = &aliyun_probe,
	.capabilities = aliyun_capabilities,
	.lint = aliyun_lint,
	.refuses = aliyun_refuses,
	.together = aliyun_together,
	.request = aliyun_request,
	.answer = aliyun_answer,
	.query = aliyun_query,
	.query_answer = aliyun_query_answer,
	.hook = aliyun_hook,
};
