/* registry_test.c - texts as the gateways have them registered (S25): how they are filled and
 * compared, and that a message which differs, or whose text is not approved, is not sent. */
#include <sys/stat.h>

#include "core/registered_text.h"
#include "stage.h"

#define START "2026-03-10T09:00:00+08:00"
#define CONFIG                                                                             \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: http://127.0.0.1:8080\n" \
	"credentials: secrets\n"                                                           \
	"providers:\n  - { name: ali, type: aliyun, channels: [sms], url: "                \
	"\"http://127.0.0.1:1\", internal: true, access_key_id: LTAI-example,\n"           \
	"      access_key_secret: { credential: key }, hook_secret: { credential: hook "   \
	"} }\n"
#define BOOK                                                                             \
	"playbook: care\ntitle: x\ncategory: service\nstatus: live\nstart: { on: visit " \
	"}\n"                                                                            \
	"steps: [{ id: one, after: 1m, send: a, expires: 3d }]\n"
#define TEXT                                                                       \
	"---\ntitle: x\ncategory: service\nproviders: { aliyun: { template_code: " \
	"SMS_1, "                                                                  \
	"params: { who: customer.id } } }\n---\n{{ customer.id }}您好，车已备好\n"

/* ---- pure ---- */

static void
s25_variables_are_filled_in(void **state)
{
	static const struct {
		const char *name, *text, *names[3], *values[3];
		int n;
		const char *want, *missing;
	} rows[] = {
		{ "by name", "${who}您好", { "who" }, { "李" }, 1, "李您好", NULL },
		{ "by position", "{1}在{2}", { "", "" }, { "车", "店" }, 2, "车在店",
		    NULL },
		{ "twice", "${a}${a}", { "a" }, { "x" }, 1, "xx", NULL },
		{ "no variables", "到店", { NULL }, { NULL }, 0, "到店", NULL },
		{ "text has more", "${a}${b}", { "a" }, { "x" }, 1, NULL, "b" },
		{ "params have more", "${a}", { "a", "b" }, { "x", "y" }, 2, NULL, "b" },
		{ "position too high", "{3}", { "" }, { "x" }, 1, NULL, "3" },
		{ "a brace is a brace", "{a} $", { NULL }, { NULL }, 0, "{a} $", NULL },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *missing,
		    *got = registered_fill(a, rows[i].text, rows[i].names, rows[i].values,
			rows[i].n, &missing);

		if (g_strcmp0(got, rows[i].want) != 0 ||
		    g_strcmp0(missing, rows[i].missing) != 0)
			fail_msg("%s: %s, %s", rows[i].name, got, missing);
	}
	arena_free(a);
}

static void
s25_white_space_is_no_difference(void **state)
{
	static const struct {
		const char *name, *a, *b;
		bool same;
		int where;
	} rows[] = {
		{ "equal", "您好", "您好", true, 3 },
		{ "around", " 您好\n", "您好", true, 3 },
		{ "line for a space", "a\n b", "a b", true, 3 },
		{ "a space more", "ab", "a b", false, 2 },
		{ "another word", "您好", "你好", false, 1 },
		{ "longer", "您好啊", "您好", false, 3 },
		{ "empty", "", "x", false, 1 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		int where;

		if (registered_same(rows[i].a, rows[i].b, &where) != rows[i].same ||
		    (!rows[i].same && where != rows[i].where))
			fail_msg("%s: %d", rows[i].name, where);
	}
}

static void
s25_words_of_consoles(void **state)
{
	(void)state;
	assert_int_equal(registered_status("审核通过"), REGISTERED_APPROVED);
	assert_int_equal(registered_status("AUDIT_STATE_INIT"), REGISTERED_PENDING);
	assert_int_equal(registered_status("Rejected"), REGISTERED_REJECTED);
	assert_int_equal(registered_status("maybe"), -1);
}

/* ---- in the world ---- */

static struct stage *
house(void)
{
	struct stage *s = stage_new(START, "config/secrets/key", "example-secret",
	    "config/secrets/hook", "examplehooksecret000000", "config/reachd.yaml",
	    CONFIG, "config/playbooks/care.yaml", BOOK, "templates/sms/a.liquid", TEXT,
	    NULL);

	stage_customer(s, "c1", "high", "+8619900000001", "");
	return s;
}

static int
take(struct stage *s, const char *account, const char *text, const char *status)
{
	char *body = g_strdup_printf("{\"account\":\"%s\",\"rows\":[{\"code\":\"SMS_1\","
				     "\"text\":\"%s\",\"status\":\"%s\"}]}",
	    account, text, status);

	s->answer = 0;
	engine_registry_take(s->engine, body, strlen(body), stage_answer, s);
	g_free(body);
	stage_run(s, 5);
	return s->answer;
}

static char told[4096];

static void
hear(void *arg, int status, const char *json)
{
	((struct stage *)arg)->answer = status;
	g_strlcpy(told, json, sizeof(told));
}

#define RIGHT_WORDS "${who}您好，车已备好"

static void
s25_only_what_is_registered_so_is_sent(void **state)
{
	static const struct {
		const char *name, *account, *text, *status;
		int calls;
		const char *why;
	} rows[] = {
		{ "nothing known", NULL, NULL, NULL, 1, NULL },
		{ "as registered", "ali", RIGHT_WORDS, "approved", 1, NULL },
		{ "by type", "aliyun", RIGHT_WORDS, "审核通过", 1, NULL },
		{ "other words", "ali", "${who}您好，车备好了", "approved", 0,
		    "reads otherwise from its character" },
		{ "other variable", "ali", "${name}您好，车已备好", "approved", 0,
		    "variable" },
		{ "pending", "ali", RIGHT_WORDS, "审核中", 0, "is pending at" },
		{ "rejected, by type", "aliyun", RIGHT_WORDS, "rejected", 0,
		    "is rejected at" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = house();

		if (rows[i].text != NULL)
			assert_int_equal(
			    take(s, rows[i].account, rows[i].text, rows[i].status), 200);
		assert_int_equal(stage_event(s, "e1", "c1", "visit"), 201);
		stage_run(s, 5 * MS_MINUTE);
		if (s->calls != rows[i].calls)
			fail_msg("%s: %d calls", rows[i].name, s->calls);
		engine_why(s->engine, "c1", hear, s);
		stage_run(s, 5);
		if (rows[i].why != NULL && (strstr(told, rows[i].why) == NULL ||
					       strstr(told, "provider_rule") == NULL ||
					       strstr(told, "a.liquid") == NULL))
			fail_msg("%s: %s", rows[i].name, told);
		stage_free(s);
	}
}

static void
s25_a_set_with_a_text_that_is_not_approved_is_refused(void **state)
{
	struct stage *s = house();

	(void)state;
	assert_int_equal(take(s, "ali", RIGHT_WORDS, "pending"), 200);
	s->answer = 0;
	engine_reload(s->engine, hear, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 422);
	assert_non_null(strstr(told, "SMS_1 is pending"));
	assert_int_equal(take(s, "ali", RIGHT_WORDS, "approved"), 200);
	engine_reload(s->engine, hear, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 200);
	stage_free(s);
}

/* The words themselves, and both texts named with the place where they part. */
static void
s25_a_set_that_reads_otherwise_is_refused(void **state)
{
	static const struct {
		const char *name, *text;
		int status;
		const char *told[3];
	} rows[] = {
		{ "the same", RIGHT_WORDS, 200, { NULL } },
		{ "another name of the variable", "${who}您好，车已备好", 200, { NULL } },
		{ "one character", "${who}您好，车备好了", 422,
		    { "SMS_1 is registered at \\\"ali\\\" as "
		      "\\\"‹customer.id›您好，车▸备好了\\\"",
			"this text reads \\\"‹customer.id›您好，车▸已备好\\\": they part "
			"at "
			"character 18",
			"a.liquid:4:22: error" } },
		{ "no variable", "您好，车已备好", 422,
		    { "do not both have the variable \\\"who\\\"", "registered at",
			NULL } },
		{ "the variable elsewhere", "您好，${who}，车已备好", 422,
		    { "\\\"▸您好，‹customer.id›，车已备好\\\"",
			"they part at character 1", NULL } },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = house();

		assert_int_equal(take(s, "ali", rows[i].text, "approved"), 200);
		engine_reload(s->engine, hear, s);
		stage_run(s, 5);
		for (int k = 0; k < 3 && rows[i].told[k] != NULL; k++)
			if (strstr(told, rows[i].told[k]) == NULL)
				fail_msg("%s: %s", rows[i].name, told);
		if (s->answer != rows[i].status)
			fail_msg("%s: %d %s", rows[i].name, s->answer, told);
		stage_free(s);
	}
}

static void
s25_a_list_is_taken_whole_or_not_at_all(void **state)
{
	struct stage *s = house();
	static const char half[] =
	    "{\"account\":\"ali\",\"rows\":[{\"code\":\"SMS_1\",\"text\":\"x\","
	    "\"status\":"
	    "\"approved\"},{\"code\":\"SMS_2\",\"text\":\"x\",\"status\":\"maybe\"}]}";

	(void)state;
	assert_int_equal(take(s, "nobody", "x", "approved"), 404);
	engine_registry_take(s->engine, half, strlen(half), stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 422);
	engine_registry(s->engine, NULL, hear, s);
	stage_run(s, 5);
	assert_non_null(strstr(told, "\"texts\":[]"));
	assert_non_null(strstr(told, "\"template\":\"a\""));
	assert_int_equal(take(s, "ali", "x", "approved"), 200);
	engine_registry(s->engine, NULL, hear, s);
	stage_run(s, 5);
	assert_non_null(strstr(told, "\"used_by\":[\"a\"]"));
	assert_non_null(strstr(told, "\"unknown\":[]"));
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s25_variables_are_filled_in),
		cmocka_unit_test(s25_white_space_is_no_difference),
		cmocka_unit_test(s25_words_of_consoles),
		cmocka_unit_test(s25_only_what_is_registered_so_is_sent),
		cmocka_unit_test(s25_a_set_with_a_text_that_is_not_approved_is_refused),
		cmocka_unit_test(s25_a_set_that_reads_otherwise_is_refused),
		cmocka_unit_test(s25_a_list_is_taken_whole_or_not_at_all),
	};

	umask(077); /* secrets that others may read are refused */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
