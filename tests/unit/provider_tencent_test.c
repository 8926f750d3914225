/* Tencent Cloud SMS: the bytes it is sent, what its answers mean, what it posts and hands out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "provider_stage.h"

static const char *const names[] = { "", "" };
static const char *const values[] = { "李女士", "11月28日" };
static const char *const other[] = { "王先生", "11月28日" };
static const struct coded coded = { "100001", names, values, 2 };
static const struct coded coded_same = { "100001", names, values, 2 };
static const struct coded coded_other = { "100001", names, other, 2 };
static const struct coded coded_code = { "100002", names, values, 2 };

static struct parcel
parcel(const char *to, const char *ref, const struct coded *c)
{
	return (struct parcel){ .msg = 1,
		.to = to,
		.ref = ref,
		.call = "call0000000000000000aaaa",
		.channel = CHANNEL_SMS,
		.category = CATEGORY_SERVICE,
		.subject = "",
		.text = "",
		.html = "",
		.unsubscribe = "",
		.customer = "",
		.signature = "示例汽车服务",
		.coded = c,
		.begun_at = SIGNED_AT };
}

static int
set_up(void **state)
{
	static const struct pair settings[] = { { "secret_id", "AKIDexample" },
		{ "secret_key", "example-secret" }, { "sdk_app_id", "1400000001" },
		{ "sender_id", "DEALER" }, { "pull", "" } };

	(void)state;
	stage_open("tencent", settings, G_N_ELEMENTS(settings));
	account.hook_secret = "secret";
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	stage_close();
	return 0;
}

static void
requests(void **state)
{
	const struct parcel p[] = { parcel("+8619900000001", "ref1", &coded),
		parcel("+8619900000002", "ref2", &coded_same) };
	const struct parcel abroad = parcel("+85251000001", "ref3", &coded);
	struct parcel asked = parcel("+8619900000001", "ref1", &coded);

	(void)state;
	stage_request("one", p, 1);
	stage_request("batch", p, 2);
	stage_request("abroad", &abroad, 1);
	stage_pull("pull_reports", "", "");
	stage_pull("pull_replies", "replies", "");
	asked.begun_at = SIGNED_AT - MS_HOUR;
	stage_query("by_number", &asked);
	asked.begun_at = SIGNED_AT - 30 * MS_DAY; /* not older than they keep */
	stage_query("by_number_old", &asked);
}

static void
only_the_same_words_go_in_a_call(void **state)
{
	struct parcel a = parcel("+8619900000001", "ref1", &coded);
	struct parcel b = parcel("+8619900000002", "ref2", &coded_same);

	(void)state;
	assert_true(provider->together(&a, &b));
	b.coded = &coded_other;
	assert_false(provider->together(&a, &b));
	b.coded = &coded_code;
	assert_false(provider->together(&a, &b));
	b.coded = &coded_same;
	b.signature = "另一家";
	assert_false(provider->together(&a, &b));
	b.signature = a.signature;
	b.to = "+85251000001"; /* all in the mainland or all abroad */
	assert_false(provider->together(&a, &b));
	a.to = "+85251000002";
	assert_true(provider->together(&a, &b));
}

static void
t10_no_link_in_a_parameter(void **state)
{
	static const char *const link[] = { "x", "https://s.example.com/l/abc" };
	const struct coded with_link = { "100001", names, link, 2 };
	struct parcel p = parcel("+8619900000001", "ref1", &with_link);

	(void)state;
	assert_string_equal(
	    provider->refuses(&account, &p, arena), "main takes no link in parameter 2");
	p.coded = &coded;
	assert_null(provider->refuses(&account, &p, arena));
}

/* ---- settings and texts ---- */

static void
says(struct report *r, const char *what)
{
	char *text;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	report_print(r, f);
	fclose(f);
	if (*what == '\0' ? len != 0 : strstr(text, what) == NULL)
		fail_msg("\"%s\" is not said: %s", what, text);
	free(text);
	report_free(r);
}

static void
y24_texts_it_would_not_register(void **state)
{
	static const struct {
		const char *name, *source, *text, *param, *says;
	} rows[] = {
		{ "fine", "{{ a }} 您好，{{ b }} 到店", " 您好， 到店", "", "" },
		{ "side by side", "您好{{ a }}{{ b }}", "您好", "", "side by side" },
		{ "variables only", "{{ a }} {{ b }}", " ", "", "variables only" },
		{ "by name", "您好{{ a }}", "您好", "name", "count their parameters" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct registered_param param = { .name = rows[i].param, .written = "" };
		struct registered g = {
			.to = "tencent", .code = "1", .params = &param, .n_params = 1
		};
		const struct template t = { .name = "x",
			.title = "x",
			.file = "x.liquid",
			.body_source = rows[i].source,
			.registered = &g,
			.n_registered = 1 };
		struct report *r = report_new();

		provider->lint(&account, &t, rows[i].text, r);
		says(r, rows[i].says);
	}
}

static void
k4_asking_and_being_told(void **state)
{
	static const struct {
		const char *pull, *secret, *says;
		ms_t every;
		bool heard;
	} rows[] = {
		{ "1m", NULL, "", MS_MINUTE, true },
		{ "1m", "s", "not both", MS_MINUTE, true },
		{ "often", NULL, "between 1s and 1d", 0, false },
		{ "2d", NULL, "between 1s and 1d", 2 * MS_DAY, true },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct report *r = report_new();
		struct capabilities c;

		account.settings[4].value = rows[i].pull;
		account.hook_secret = rows[i].secret;
		provider->check(&account, r);
		says(r, rows[i].says);
		c = stage_capabilities();
		assert_int_equal(c.pull, rows[i].every);
		assert_int_equal(c.receipts, rows[i].heard);
		assert_int_equal(c.settle, rows[i].heard ? SETTLE_RECEIPT : SETTLE_NONE);
	}
	account.settings[4].value = "";
	account.hook_secret = "secret";
}

static void
k4_regions_and_applications(void **state)
{
	static const struct {
		const char *name, *value, *says;
		int errors, warnings;
	} rows[] = {
		{ "region", "ap-guangzhou", "", 0, 0 },
		{ "region", "", "", 0, 0 },
		{ "region", "ap-guangzou", "none that reachd knows of", 0, 1 },
		{ "region", "ap-newtown", "none that reachd knows of", 0, 1 },
		{ "region", "guangzhou", "not the name of a region", 1, 0 },
		{ "region", "ap guangzhou", "not the name of a region", 1, 0 },
		{ "sdk_app_id", "1400000001", "", 0, 0 },
		{ "sdk_app_id", "140000000l", "digits only", 1, 0 },
	};

	(void)state;
	account.settings[4].value = "1m";
	account.hook_secret = NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct setting
		    *its = &account.settings[strcmp(rows[i].name, "region") == 0 ? 3 : 2],
		    before = *its;
		struct report *r = report_new();
		char *text = NULL;
		size_t len;
		FILE *f = open_memstream(&text, &len);

		its->name = rows[i].name;
		its->value = rows[i].value;
		provider->check(&account, r);
		report_print(r, f);
		fclose(f);
		if (r->errors != rows[i].errors || r->warnings != rows[i].warnings ||
		    strstr(text, rows[i].says) == NULL ||
		    (strcmp(rows[i].value, "ap-guangzou") == 0 &&
			strstr(text, "did you mean \"ap-guangzhou\"?") == NULL))
			fail_msg("%s: %s", rows[i].value, text);
		free(text);
		report_free(r);
		*its = before;
	}
	account.settings[4].value = "";
	account.hook_secret = "secret";
}

/* ---- answers ---- */

#define A "+8619900000001"
#define B "+8619900000002"
#define ROW(to, id, code)                                                                \
	"{\"SerialNo\":\"" id "\",\"PhoneNumber\":\"" to "\",\"Fee\":1,\"Code\":\"" code \
	"\"}"
#define ROWS(rows) "{\"Response\":{\"SendStatusSet\":[" rows "],\"RequestId\":\"r\"}}"
#define WHOLE(code) "{\"Response\":{\"Error\":{\"Code\":\"" code "\",\"Message\":\"m\"}}}"
#define NEXT_DAY (12 * MS_HOUR + 10 * MS_MINUTE)

static void
answers(void **state)
{
	const struct parcel p[] = { parcel(A, "ref1", &coded),
		parcel(B, "ref2", &coded_same) };
	static const struct stage_answer rows[] = {
		{ "taken", 200, ROWS(ROW(A, "26:1", "Ok")), 1, OUTCOME_ACCEPTED, "26:1",
		    "", "", 0 },
		{ "taken, in another order", 200,
		    ROWS(ROW(B, "26:2", "Ok") "," ROW(A, "26:1", "Ok")), 2,
		    OUTCOME_ACCEPTED, "26:1", "", "", 0 },
		{ "its row is missing", 200, ROWS(ROW(B, "26:2", "Ok")), 2,
		    OUTCOME_UNKNOWN, "", "http-200", "", 0 },
		{ "two rows of one number", 200,
		    ROWS(ROW(A, "26:1", "Ok") "," ROW(A, "26:2", "Ok")), 1,
		    OUTCOME_UNKNOWN, "", NULL, "", 0 },
		{ "Ok without an id", 200, ROWS(ROW(A, "", "Ok")), 1, OUTCOME_UNKNOWN, "",
		    NULL, "", 0 },
		{ "Ok with another status", 502, ROWS(ROW(A, "26:1", "Ok")), 1,
		    OUTCOME_UNKNOWN, "", "http-502", "", 0 },
		{ "no JSON", 200, "<html>", 1, OUTCOME_UNKNOWN, "", "http-200", "", 0 },
		{ "bad gateway", 502, "<html>", 1, OUTCOME_UNKNOWN, "", "http-502", "",
		    0 },
		{ "an error with a 5xx proves nothing", 500,
		    WHOLE("RequestLimitExceeded"), 1, OUTCOME_UNKNOWN, "", "http-500", "",
		    0 },
		{ "a time-out of theirs", 200, WHOLE("InternalError.Timeout"), 1,
		    OUTCOME_UNKNOWN, "", "InternalError.Timeout", "", 0 },
		{ "their errors are not believed", 200, WHOLE("InternalError.OtherError"),
		    1, OUTCOME_UNKNOWN, "", NULL, "", 0 },
		{ "a code nobody knows", 200, WHOLE("Strange.New"), 1, OUTCOME_UNKNOWN,
		    "", "Strange.New", "", 0 },
		{ "too many calls", 200, WHOLE("RequestLimitExceeded.UinLimitExceeded"),
		    2, OUTCOME_REFUSED_RETRY, "", NULL, "", 0 },
		{ "half a minute", 200,
		    ROWS(ROW(A, "", "LimitExceeded.PhoneNumberThirtySecondLimit")), 1,
		    OUTCOME_REFUSED_RETRY, "", NULL, "number", 30 * MS_SECOND },
		{ "an hour", 200,
		    ROWS(ROW(A, "", "LimitExceeded.PhoneNumberOneHourLimit")), 1,
		    OUTCOME_REFUSED_RETRY, "", NULL, "number", MS_HOUR },
		{ "as the console says", 200,
		    ROWS(ROW(A, "", "LimitExceeded.DeliveryFrequencyLimit")), 1,
		    OUTCOME_REFUSED_RETRY, "", NULL, "number", MS_HOUR },
		{ "a day: until midnight in Beijing", 200,
		    ROWS(ROW(A, "", "LimitExceeded.PhoneNumberDailyLimit")), 1,
		    OUTCOME_REFUSED_RETRY, "", NULL, "number", NEXT_DAY },
		{ "the same words, a day", 200,
		    ROWS(ROW(A, "", "LimitExceeded.PhoneNumberSameContentDailyLimit")), 1,
		    OUTCOME_REFUSED_RETRY, "", NULL, "number", NEXT_DAY },
		{ "marketing at night waits for 08:00", 200,
		    ROWS(ROW(A, "", "FailedOperation.MarketingSendTimeConstraint")), 1,
		    OUTCOME_REFUSED_RETRY, "", NULL, "number", NEXT_DAY + 8 * MS_HOUR },
		{ "the application's day is full", 200,
		    WHOLE("LimitExceeded.AppDailyLimit"), 2, OUTCOME_REFUSED_RETRY, "",
		    NULL, "", NEXT_DAY },
		{ "no such number", 200,
		    ROWS(ROW(A, "", "InvalidParameterValue.IncorrectPhoneNumber")), 1,
		    OUTCOME_REJECTED, "", NULL, "bad_address", 0 },
		{ "one of a batch", 200,
		    WHOLE("InvalidParameterValue.IncorrectPhoneNumber"), 2,
		    OUTCOME_REFUSED_RETRY, "",
		    "InvalidParameterValue.IncorrectPhoneNumber", "alone", 0 },
		{ "mainland and abroad in one call", 200,
		    WHOLE("UnsupportedOperation."
			  "ContainDomesticAndInternationalPhoneNumber"),
		    2, OUTCOME_REFUSED_RETRY, "", NULL, "alone", 0 },
		{ "too many numbers", 200, WHOLE("LimitExceeded.PhoneNumberCountLimit"),
		    2, OUTCOME_REFUSED_RETRY, "", NULL, "alone", 0 },
		{ "a country it does not serve is no wrong number", 200,
		    ROWS(ROW(A, "", "UnsupportedOperation.UnsuportedRegion")), 1,
		    OUTCOME_REJECTED, "", NULL, "", 0 },
		{ "he wants no more", 200,
		    ROWS(ROW(A, "", "FailedOperation.PhoneNumberInBlacklist")), 1,
		    OUTCOME_REJECTED, "", NULL, "opted_out", 0 },
		{ "content", 200,
		    ROWS(ROW(A, "", "FailedOperation.ContainSensitiveWord")), 1,
		    OUTCOME_REJECTED, "", NULL, "", 0 },
		{ "a link in a parameter", 200,
		    WHOLE("InvalidParameterValue.ProhibitedUseUrlInTemplateParameter"), 1,
		    OUTCOME_REJECTED, "", NULL, "", 0 },
		{ "the template", 200,
		    WHOLE("FailedOperation.TemplateUnapprovedOrNotExist"), 2,
		    OUTCOME_REJECTED, "", NULL, "no_code", 0 },
		{ "the signature, its code whole", 200,
		    WHOLE("FailedOperation.SignatureIncorrectOrUnapproved"), 1,
		    OUTCOME_REJECTED, "", "FailedOperation.SignatureIncorrectOrUnapproved",
		    "no_signature", 0 },
		{ "the signature, of one row", 200,
		    ROWS(ROW(A, "", "FailedOperation.SignatureIncorrectOrUnapproved")), 1,
		    OUTCOME_REJECTED, "", NULL, "no_signature", 0 },
		{ "its parameters are the message's", 200,
		    WHOLE("FailedOperation.TemplateParamSetNotMatchApprovedTemplate"), 1,
		    OUTCOME_REJECTED, "", NULL, "", 0 },
		{ "no money", 200,
		    ROWS(ROW(A, "", "FailedOperation.InsufficientBalanceInSmsPackage")),
		    1, OUTCOME_REJECTED, "", NULL, "freeze", 0 },
		{ "wrong key stops a batch", 200, WHOLE("AuthFailure.SignatureFailure"),
		    2, OUTCOME_REJECTED, "", NULL, "freeze", 0 },
		{ "from an address it does not know", 200,
		    WHOLE("UnauthorizedOperation.RequestIpNotInWhitelist"), 1,
		    OUTCOME_REJECTED, "", NULL, "freeze", 0 },
		{ "no such application", 200,
		    WHOLE("InvalidParameterValue.SdkAppIdNotExist"), 1, OUTCOME_REJECTED,
		    "", NULL, "freeze", 0 },
		{ "no such region", 200, WHOLE("UnsupportedRegion"), 2, OUTCOME_REJECTED,
		    "", NULL, "freeze", 0 },
		{ "a code nobody knows", 200, WHOLE("FailedOperation.NewRule"), 1,
		    OUTCOME_UNKNOWN, "", NULL, "", 0 },
		{ "a redirect is not followed", 302, "", 1, OUTCOME_REJECTED, "", NULL,
		    "freeze", 0 },
	};

	(void)state;
	stage_answers(p, rows, G_N_ELEMENTS(rows));
}

static void
each_of_a_batch_has_its_own(void **state)
{
	const struct parcel p[] = { parcel(A, "ref1", &coded),
		parcel(B, "ref2", &coded_same) };
	const char *body = ROWS(ROW(A, "26:1", "Ok") "," ROW(
	    B, "", "FailedOperation.PhoneNumberInBlacklist"));
	struct answer a[2];

	(void)state;
	provider->answer(
	    &account, p, 2, &(struct provider_reply){ 200, body, strlen(body), NULL }, a);
	stage_judge("first", &a[0], OUTCOME_ACCEPTED, "26:1", "", "", 0);
	stage_judge("second", &a[1], OUTCOME_REJECTED, "", NULL, "opted_out", 0);
}

/* As many as the service takes, and no more, in one call; each finds its own row. */
static void
two_hundred_in_one_call(void **state)
{
	struct provider_request r = { .headers = g_ptr_array_new() };
	GString *rows = g_string_new("{\"Response\":{\"SendStatusSet\":[");
	struct capabilities caps = { 0 };
	static struct parcel p[200];
	static struct answer a[200];
	struct err e = { 0 };
	json_t *sent;

	(void)state;
	provider->capabilities(&account, &caps);
	assert_int_equal(caps.batch, 200);
	for (int i = 0; i < 200; i++) {
		const char *to = arena_printf(arena, "+86199%08d", i);

		p[i] = parcel(to, arena_printf(arena, "ref%d", i), &coded);
		g_string_append_printf(rows,
		    "%s{\"SerialNo\":\"26:%d\",\"PhoneNumber\":\"%s\",\"Code\":\"Ok\"}",
		    i > 0 ? "," : "", i, to);
	}
	g_string_append(rows, "],\"RequestId\":\"r\"}}");
	assert_int_equal(
	    provider->request(&account, &config, p, 200, SIGNED_AT, arena, &r, &e), 0);
	sent = json_loadb(r.body, r.body_len, 0, NULL);
	assert_int_equal(json_array_size(json_object_get(sent, "PhoneNumberSet")), 200);
	provider->answer(&account, p, 200,
	    &(struct provider_reply){ 200, rows->str, rows->len, NULL }, a);
	for (int i = 0; i < 200; i++) {
		assert_int_equal(a[i].outcome, OUTCOME_ACCEPTED);
		assert_string_equal(a[i].provider_id, arena_printf(arena, "26:%d", i));
	}
	json_decref(sent);
	g_string_free(rows, TRUE);
	g_ptr_array_unref(r.headers);
}

/* At night it is the same day's 08:00, in the evening the next. */
static void
mornings(void **state)
{
	static const struct {
		ms_t at, wait;
	} rows[] = {
		{ SIGNED_AT + 11 * MS_HOUR, 9 * MS_HOUR + 10 * MS_MINUTE },
		{ SIGNED_AT + 14 * MS_HOUR, 6 * MS_HOUR + 10 * MS_MINUTE },
	};
	const char *body = WHOLE("FailedOperation.MarketingSendTimeConstraint");

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct parcel p = parcel(A, "ref1", &coded);
		struct answer a;

		p.begun_at = rows[i].at;
		provider->answer(&account, &p, 1,
		    &(struct provider_reply){ 200, body, strlen(body), NULL }, &a);
		assert_int_equal(a.retry_after, rows[i].wait);
	}
}

/* ---- what comes back ---- */

#define REPORT(status, code, text)                                                       \
	"{\"user_receive_time\":\"2026-11-22 11:50:09\",\"nationcode\":\"86\","          \
	"\"mobile\":\"19900000001\",\"report_status\":\"" status "\",\"errmsg\":\"" code \
	"\",\"description\":\"" text "\",\"sid\":\"26:1\"}"
#define REPLY(text)                                                          \
	"{\"extend\":\"\",\"mobile\":\"19900000001\",\"nationcode\":\"86\"," \
	"\"sign\":\"s\",\"text\":\"" text "\",\"time\":1795319409}"

static void
webhooks(void **state)
{
	static const struct {
		const char *name, *body;
		int rc, status, n;
		enum receipt_kind kind;
		const char *from, *id, *text;
		bool broken, bad_address, opted_out;
	} rows[] = {
		{ "delivered", "[" REPORT("SUCCESS", "DELIVRD", "用户短信送达成功") "]",
		    0, 200, 1, RECEIPT_DELIVERED, A, "26:1", "", false, false, false },
		{ "nobody has the number", "[" REPORT("FAIL", "MK:0001", "空号") "]", 0,
		    200, 1, RECEIPT_FAILED, A, "26:1", "", false, true, false },
		{ "he has opted out there", "[" REPORT("FAIL", "X", "用户已退订") "]", 0,
		    200, 1, RECEIPT_FAILED, A, "26:1", "", false, false, true },
		{ "switched off", "[" REPORT("FAIL", "MI:0024", "关机") "]", 0, 200, 1,
		    RECEIPT_FAILED, A, "26:1", "", false, false, false },
		{ "he has opted out, whoever sent it",
		    "[{\"user_receive_time\":\"2026-11-22 "
		    "11:50:09\",\"mobile\":\"19900000001\","
		    "\"report_status\":\"FAIL\",\"description\":\"黑名单\"}]",
		    0, 200, 1, RECEIPT_FAILED, A, "", "", false, false, true },
		{ "neither", "[" REPORT("WAIT", "", "") "]", 0, 200, 1, RECEIPT_FAILED, A,
		    "26:1", "", true, false, false },
		{ "W12 a reply", REPLY("退订"), 0, 200, 1, RECEIPT_REPLY, A, "", "退订",
		    false, false, false },
		{ "an object that is no reply", "{}", 0, 200, 1, RECEIPT_REPLY, "", "",
		    "", true, false, false },
		{ "W7 a broken row among others", "[3," REPORT("SUCCESS", "", "") "]", 0,
		    200, 2, RECEIPT_FAILED, "", "", "", true, false, false },
		{ "neither list nor object", "3", -1, 400, 0, 0, "", "", "", false, false,
		    false },
		{ "no JSON", "[", -1, 400, 0, 0, "", "", "", false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct stage_hook h = { .body = rows[i].body };
		struct hook_reply reply;
		struct receipt *r;
		int n, rc = stage_hook(&h, SIGNED_AT, &r, &n, &reply);

		if (rc != rows[i].rc || reply.status != rows[i].status || n != rows[i].n)
			fail_msg("%s: %d %d %d", rows[i].name, rc, reply.status, n);
		if (n == 0)
			continue;
		assert_string_equal(reply.body, "{\"result\":0,\"errmsg\":\"OK\"}");
		if (r->kind != rows[i].kind || strcmp(r->from, rows[i].from) != 0 ||
		    strcmp(r->provider_id, rows[i].id) != 0 ||
		    strcmp(r->text, rows[i].text) != 0 || r->broken != rows[i].broken ||
		    r->bad_address != rows[i].bad_address ||
		    r->opted_out != rows[i].opted_out)
			fail_msg("%s: kind %d from \"%s\" id \"%s\"", rows[i].name,
			    (int)r->kind, r->from, r->provider_id);
		if (!r->broken)
			assert_int_equal(r->at, SIGNED_AT + 9 * MS_SECOND);
	}
}

static void
w3_the_same_report_has_one_key(void **state)
{
	const char *body = "[" REPORT("SUCCESS", "DELIVRD", "a") "," REPORT(
	    "SUCCESS", "DELIVRD", "b") "," REPORT("FAIL", "X", "") "]";
	const struct stage_hook h = { .body = body }, one = { .body = REPLY("1") },
				two = { .body = REPLY("2") };
	struct receipt *r, *again;
	struct hook_reply reply;
	int n;

	(void)state;
	assert_int_equal(stage_hook(&h, SIGNED_AT, &r, &n, &reply), 0);
	assert_int_equal(n, 3);
	assert_string_equal(r[0].key, r[1].key);
	assert_string_not_equal(r[0].key, r[2].key);
	assert_int_equal(stage_hook(&one, SIGNED_AT, &r, &n, &reply), 0);
	assert_int_equal(stage_hook(&one, SIGNED_AT, &again, &n, &reply), 0);
	assert_string_equal(r->key, again->key);
	assert_int_equal(stage_hook(&two, SIGNED_AT, &again, &n, &reply), 0);
	assert_string_not_equal(r->key, again->key);
}

#define PULLED(set, rows) "{\"Response\":{\"" set "\":" rows ",\"RequestId\":\"r\"}}"
#define PULLED_REPORT                                                             \
	"{\"UserReceiveTime\":1795319409,\"CountryCode\":\"86\",\"PhoneNumber\":" \
	"\"+8619900000001\",\"SerialNo\":\"26:1\",\"ReportStatus\":\"FAIL\","     \
	"\"Description\":\"空号\",\"SessionContext\":\"call\"}"
#define PULLED_REPLY                                                  \
	"{\"CountryCode\":\"86\",\"PhoneNumber\":\"+8619900000001\"," \
	"\"SignName\":\"s\",\"ReplyContent\":\"T\",\"ReplyTime\":1795319409}"

static void
queues(void **state)
{
	static const struct {
		const char *name;
		int status;
		const char *body;
		int rc, n;
		const char *cursor;
		bool more, freeze;
	} rows[] = {
		{ "reports, then replies", 200,
		    PULLED("PullSmsSendStatusSet", "[" PULLED_REPORT "]"), 0, 1,
		    "replies", true, false },
		{ "no reports", 200, PULLED("PullSmsSendStatusSet", "[]"), 0, 0,
		    "replies", true, false },
		{ "none at all", 200, PULLED("PullSmsSendStatusSet", "null"), 0, 0,
		    "replies", true, false },
		{ "replies, then it rests", 200,
		    PULLED("PullSmsReplyStatusSet", "[" PULLED_REPLY "]"), 0, 1, "",
		    false, false },
		{ "W7 a broken row is kept", 200, PULLED("PullSmsSendStatusSet", "[3]"),
		    0, 1, "replies", true, false },
		{ "an error", 200, WHOLE("InternalError"), -1, 0, "", false, false },
		{ "wrong key", 200, WHOLE("AuthFailure.SecretIdNotFound"), -1, 0, "",
		    false, true },
		{ "no rows", 200, "{\"Response\":{}}", -1, 0, "", false, false },
		{ "no JSON", 502, "<html>", -1, 0, "", false, false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct answer why = { .outcome = OUTCOME_UNKNOWN };
		struct receipt *r = NULL;
		const char *cursor = "";
		bool more = false;
		int n = 0,
		    rc = provider->pull_answer(&account, rows[i].status, rows[i].body,
			strlen(rows[i].body), arena, &r, &n, &cursor, &more, &why);

		if (rc != rows[i].rc || n != rows[i].n || more != rows[i].more ||
		    strcmp(cursor, rows[i].cursor) != 0 || why.freeze != rows[i].freeze)
			fail_msg("%s: %d %d \"%s\"", rows[i].name, rc, n, cursor);
		if (n > 0 && !r->broken) {
			assert_string_equal(r->from, A);
			assert_int_equal(r->at, SIGNED_AT + 9 * MS_SECOND);
		}
		if (i == 0) {
			assert_true(r->bad_address);
			assert_string_equal(r->ref, "call");
			assert_string_equal(r->provider_id, "26:1");
		}
	}
}

static void
a_full_page_is_followed_by_the_next(void **state)
{
	GString *s = g_string_new("{\"Response\":{\"PullSmsReplyStatusSet\":[");
	struct answer why = { .outcome = OUTCOME_UNKNOWN };
	const char *cursor = "";
	struct receipt *r;
	bool more = false;
	int n = 0;

	(void)state;
	for (int i = 0; i < 20; i++)
		g_string_append_printf(s, "%s" PULLED_REPLY, i > 0 ? "," : "");
	g_string_append(s, "]}}");
	assert_int_equal(provider->pull_answer(&account, 200, s->str, s->len, arena, &r,
			     &n, &cursor, &more, &why),
	    0);
	assert_int_equal(n, 20);
	assert_true(more);
	assert_string_equal(cursor, "replies");
	g_string_free(s, TRUE);
}

/* ---- one message, by its number ---- */

#define SET(rows) \
	"{\"Response\":{\"PullSmsSendStatusSet\":[" rows "],\"RequestId\":\"r\"}}"
#define ONE(id, ref, status, text)                           \
	"{\"SerialNo\":\"" id "\",\"SessionContext\":\"" ref \
	"\",\"ReportStatus\":\"" status "\",\"Description\":\"" text "\"}"

static void
what_a_query_tells(void **state)
{
	static const struct {
		const char *name, *body;
		int status;
		enum outcome outcome;
		enum told told;
		bool out, bad;
	} rows[] = {
		{ "delivered", SET(ONE("s:1", "", "SUCCESS", "DELIVRD")), 200,
		    OUTCOME_ACCEPTED, TOLD_DELIVERED, false, false },
		{ "another's first",
		    SET(ONE("s:9", "", "FAIL", "空号") "," ONE("s:1", "", "SUCCESS", "")),
		    200, OUTCOME_ACCEPTED, TOLD_DELIVERED, false, false },
		{ "nobody there", SET(ONE("s:1", "", "FAIL", "空号")), 200,
		    OUTCOME_ACCEPTED, TOLD_FAILED, false, true },
		{ "refused by the carrier's list", SET(ONE("s:1", "", "FAIL", "黑名单")),
		    200, OUTCOME_ACCEPTED, TOLD_FAILED, true, false },
		{ "by our own reference", SET(ONE("s:7", "ref-1", "SUCCESS", "")), 200,
		    OUTCOME_ACCEPTED, TOLD_DELIVERED, false, false },
		{ "no row proves nothing", SET(""), 200, OUTCOME_UNKNOWN, TOLD_NOTHING,
		    false, false },
		{ "only another's", SET(ONE("s:9", "", "SUCCESS", "")), 200,
		    OUTCOME_UNKNOWN, TOLD_NOTHING, false, false },
		{ "a new word", SET(ONE("s:1", "", "PENDING", "")), 200, OUTCOME_ACCEPTED,
		    TOLD_NOTHING, false, false },
		{ "throttled",
		    "{\"Response\":{\"Error\":{\"Code\":\"RequestLimitExceeded\"}}}", 200,
		    OUTCOME_UNKNOWN, TOLD_NOTHING, false, false },
		{ "no answer of theirs", "x", 502, OUTCOME_UNKNOWN, TOLD_NOTHING, false,
		    false },
	};
	const struct parcel p = {
		.ref = "ref-1", .to = "+8619900000001", .provider_id = "s:1"
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct answer got;

		provider->query_answer(&account, &p, rows[i].status, rows[i].body,
		    strlen(rows[i].body), &got);
		if (got.outcome != rows[i].outcome || got.told != rows[i].told ||
		    got.opted_out != rows[i].out || got.bad_address != rows[i].bad)
			fail_msg("%s: outcome %d, told %d", rows[i].name, got.outcome,
			    got.told);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(only_the_same_words_go_in_a_call),
		cmocka_unit_test(t10_no_link_in_a_parameter),
		cmocka_unit_test(y24_texts_it_would_not_register),
		cmocka_unit_test(k4_regions_and_applications),
		cmocka_unit_test(k4_asking_and_being_told),
		cmocka_unit_test(answers),
		cmocka_unit_test(each_of_a_batch_has_its_own),
		cmocka_unit_test(two_hundred_in_one_call),
		cmocka_unit_test(mornings),
		cmocka_unit_test(webhooks),
		cmocka_unit_test(w3_the_same_report_has_one_key),
		cmocka_unit_test(queues),
		cmocka_unit_test(a_full_page_is_followed_by_the_next),
		cmocka_unit_test(what_a_query_tells),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
