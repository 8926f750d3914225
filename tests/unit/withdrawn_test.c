/* withdrawn_test.c - a text or signature that its service approved and takes no longer (S25): what
 * goes by it takes another way or waits, people are told once, and a word lets it go again. */
#include <sys/stat.h>

#include "stage.h"

#define START "2026-03-10T09:00:00+08:00"
#define ACCOUNT(name, port)                                                             \
	"  - { name: " name ", type: aliyun, channels: [sms], url: "                    \
	"\"http://127.0.0.1:" port "\", internal: true, access_key_id: LTAI-example,\n" \
	"      access_key_secret: { credential: key } }\n"
#define HOUSE                                                                              \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: http://127.0.0.1:8080\n" \
	"credentials: secrets\nproviders:\n"
#define BOOK                                                                             \
	"playbook: care\ntitle: x\ncategory: service\nstatus: live\nstart: { on: visit " \
	"}\nsteps: [{ id: one, after: 1m, send: a, expires: 3d }]\n"
#define TEXT                                                                       \
	"---\ntitle: x\ncategory: service\nproviders: { aliyun: { template_code: " \
	"SMS_1, params: { who: customer.id } } }\n---\n{{ customer.id }}您好\n"
/* What each of the two counters says; NULL: it takes it. */
static struct {
	const char *refuses;
	int calls, taken;
} counters[2];

static void
arrive(struct stage *s, const struct sim_request *q, struct sim_reply *r)
{
	int i = strstr(q->url, "127.0.0.1:2") != NULL;

	(void)s;
	counters[i].calls++;
	counters[i].taken += counters[i].refuses == NULL;
	r->body = counters[i].refuses == NULL
		      ? g_strdup("{\"Code\":\"OK\",\"BizId\":\"1^0\"}")
		      : g_strdup_printf(
			    "{\"Code\":\"%s\",\"Message\":\"m\"}", counters[i].refuses);
	r->len = strlen(r->body);
}

static char *said;

static void
keep(void *arg, int status, const char *json)
{
	((struct stage *)arg)->answer = status;
	g_free(said);
	said = g_strdup(json);
}

static struct stage *
crowd(const char *accounts, const char *refuses)
{
	struct stage *s = stage_new(START, "config/secrets/key", "example-secret",
	    "config/reachd.yaml", accounts, "config/playbooks/care.yaml", BOOK,
	    "templates/sms/a.liquid", TEXT, NULL);

	memset(counters, 0, sizeof(counters));
	counters[0].refuses = refuses;
	s->arrive = arrive;
	for (int i = 0; i < 10; i++) {
		char ext[8], phone[24];

		g_snprintf(ext, sizeof(ext), "C%d", i);
		g_snprintf(phone, sizeof(phone), "+86199%08d", i);
		stage_customer(s, ext, "high", phone, "");
		stage_event(s, ext, ext, "visit");
	}
	stage_run(s, 5 * MS_MINUTE);
	return s;
}

static size_t
alarms(struct stage *s, const char *text)
{
	size_t n;
	json_t *j;
	const json_t *list;

	engine_status(s->engine, keep, s);
	stage_run(s, 5);
	j = json_loads(said, 0, NULL);
	list = json_object_get(j, "alarms");
	n = json_array_size(list);
	if (n > 0) {
		const json_t *first = json_array_get(list, 0);
		const char *told = json_string_value(json_object_get(first, "text"));

		if (strstr(told, text) == NULL)
			fail_msg("%s", told);
		assert_true(
		    g_str_has_suffix(json_string_value(json_object_get(first, "text_zh")),
			"--account first"));
	}
	json_decref(j);
	return n;
}

static int
post(struct stage *s, const char *body)
{
	s->answer = 0;
	engine_registry_take(s->engine, body, strlen(body), keep, s);
	stage_run(s, 5);
	return s->answer;
}

static const struct row {
	const char *code, *alarm, *why, *approve;
} rows[] = {
	{ "isv.SMS_TEMPLATE_ILLEGAL",
	    "first no longer takes the text SMS_1 under the signature 示例: code "
	    "isv.SMS_TEMPLATE_ILLEGAL",
	    "first does not take the text (code isv.SMS_TEMPLATE_ILLEGAL)",
	    "{\"account\":\"first\",\"approved\":{\"code\":\"SMS_1\"}}" },
	{ "isv.SMS_SIGNATURE_ILLEGAL",
	    "first no longer takes the signature 示例: code isv.SMS_SIGNATURE_ILLEGAL",
	    "first does not take the signature (code isv.SMS_SIGNATURE_ILLEGAL)",
	    "{\"account\":\"first\",\"approved\":{\"signature\":\"示例\"}}" },
	{ "isv.SMS_TEMPLATE_ILLEGAL", "first no longer takes",
	    "first does not take the text (code isv.SMS_TEMPLATE_ILLEGAL)",
	    "{\"account\":\"aliyun\",\"rows\":[{\"code\":\"SMS_1\",\"text\":\"${who}"
	    "您好\","
	    "\"status\":\"approved\"}]}" },
};

static void
s25_it_waits_and_says_so(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = crowd(HOUSE ACCOUNT("first", "1"), rows[i].code);

		assert_true(counters[0].calls > 0);
		stage_run(s, 5 * MS_HOUR);
		assert_true(counters[0].calls <= 10);
		assert_int_equal(alarms(s, rows[i].alarm), 1);
		for (int k = 0; k < 10; k++) {
			char ext[8];

			g_snprintf(ext, sizeof(ext), "C%d", k);
			stage_expect(s, ext, 0, MSG_DUE, REASON_PROVIDER_RULE);
		}
		engine_why(s->engine, "C1", keep, s);
		stage_run(s, 5);
		if (strstr(said, rows[i].why) == NULL ||
		    strstr(said, "不接受这个") == NULL)
			fail_msg("%s", said);
		engine_registry(s->engine, NULL, keep, s);
		stage_run(s, 5);
		assert_non_null(strstr(said, "\"answer\":\"isv.SMS_"));
		counters[0].refuses = NULL;
		stage_run(s, MS_HOUR);
		assert_int_equal(counters[0].taken, 0);
		if (post(s, rows[i].approve) != 200)
			fail_msg("%s", said);
		assert_int_equal(alarms(s, ""), 0);
		stage_run(s, 11 * MS_MINUTE);
		assert_int_equal(counters[0].taken, 10);
		stage_free(s);
	}
}

static void
s25_another_account_takes_over(void **state)
{
	struct stage *s =
	    crowd(HOUSE ACCOUNT("first", "1") ACCOUNT("second", "2"), rows[0].code);

	(void)state;
	assert_int_equal(counters[1].taken, 10);
	assert_int_equal(alarms(s, rows[0].alarm), 1);
	stage_free(s);
}

static void
s25_only_what_was_withdrawn_is_approved(void **state)
{
	struct stage *s = crowd(HOUSE ACCOUNT("first", "1"), rows[0].code);

	(void)state;
	assert_int_equal(
	    post(s, "{\"account\":\"first\",\"approved\":{\"code\":\"SMS_2\"}}"), 404);
	assert_int_equal(post(s, "{\"account\":\"first\",\"approved\":{}}"), 422);
	assert_int_equal(
	    post(s, "{\"account\":\"other\",\"approved\":{\"code\":\"SMS_1\"}}"), 404);
	assert_int_equal(post(s, "{\"account\":\"first\",\"rows\":[{\"code\":\"SMS_1\","
				 "\"text\":\"${who}您好\""
				 ",\"status\":\"pending\"}]}"),
	    200);
	assert_int_equal(alarms(s, rows[0].alarm), 1);
	stage_free(s);
}

int
main(void)
{
	umask(0077); /* secrets are read by nobody else */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s25_it_waits_and_says_so),
		cmocka_unit_test(s25_another_account_takes_over),
		cmocka_unit_test(s25_only_what_was_withdrawn_is_approved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
