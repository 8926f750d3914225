/* erase_test.c - a customer is forgotten: nothing of him is left in the files, and his
 * number stays closed to marketing. */
#include "cmd/cmd.h"
#include "stage.h"
#include "store/event.h"
#include "store/optout.h"
#include "store/subject.h"
#include "store/task.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE                                                               \
	"playbook: care\ncategory: marketing\nstatus: live\n"              \
	"start: { on: dormant }\nsteps: [{ id: one, after: 1m, send: a }," \
	" { id: two, after: 5d, send: c }]\n"
#define NAMED                                       \
	"---\ntitle: x\ncategory: marketing\n---\n" \
	"{{ customer.name }}您好 拒收请回复R\n"
#define NAME "欧阳莫忘"
#define PLATE "沪A77777"

static struct err e;
static json_t *said;

static void
answered(void *arg, int status, const char *json)
{
	((struct stage *)arg)->answer = status;
	json_decref(said);
	said = json_loads(json, 0, NULL);
}

static int
erase(struct stage *s, const char *ext)
{
	s->answer = 0;
	engine_erase(s->engine, ext, answered, s);
	stage_run(s, 50);
	return s->answer;
}

static int
number(const char *key)
{
	return (int)json_integer_value(json_object_get(said, key));
}

static void
import(struct stage *s, const char *what, const char *text)
{
	char *path = g_build_filename(s->dir, "import.csv", NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	engine_import(
	    s->engine, what, path, &(struct import_how){ 0 }, NULL, answered, s);
	stage_run(s, 100);
	assert_int_equal(s->answer, 200);
	g_free(path);
}

static struct stage *
open_house(void)
{
	struct stage *s = stage_new(START, "config/playbooks/care.yaml", CARE,
	    "templates/sms/c.liquid", NAMED, NULL);

	s->sync = true;
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, MS_SECOND);
	import(s, "customers",
	    "客户编号,姓名,手机,标签,同意,tier\nC1," NAME
	    ",19900000001,canary-tag,营销,high\n"
	    "C2,李四,19900000002,,营销,high\n");
	import(s, "customers",
	    "客户编号,姓名,手机,标签,同意,tier\nC1," NAME
	    ",19900000001,canary-two,营销,high\n"
	    "C2,李四,19900000002,,营销,high\n");
	import(s, "vehicles", "客户编号,车牌号\nC1," PLATE "\n");
	stage_event(s, "d1", "C1", "dormant");
	stage_event(s, "d2", "C2", "dormant");
	stage_run(s, 2 * MS_MINUTE);
	return s;
}

/* Is it in a file of the database? */
static bool
holds(const struct stage *s, const char *file, const char *what)
{
	char *path = g_build_filename(s->dir, file, NULL), *text;
	bool found;
	gsize n;

	if (!g_file_get_contents(path, &text, &n, NULL)) {
		g_free(path);
		return false;
	}
	found = memmem(text, n, what, strlen(what)) != NULL;
	g_free(text);
	g_free(path);
	return found;
}

static bool
kept(const struct stage *s, const char *what)
{
	return holds(s, "reachd.db", what) || holds(s, "reachd.db-wal", what);
}

static void
k01_nothing_is_left_but_counts(void **state)
{
	static const char *const canaries[] = { NAME, "19900000001", "canary-tag",
		"canary-two", PLATE };
	struct stage *s = open_house();
	struct message m;
	struct task_row t[2];
	int rc;

	(void)state;
	assert_int_equal(stage_touch(s, "C1", 0, &m), 2);
	assert_int_equal(m.state, MSG_ACCEPTED);
	assert_true(kept(s, NAME));
	assert_true(kept(s, PLATE));
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "r1", -1, "+8619900000001", "我要投诉"), 200);
	assert_int_equal(erase(s, "C1"), 200);
	assert_string_equal(
	    json_string_value(json_object_get(said, "receipt")), "gone:1");
	assert_int_equal(number("texts"), 1);
	assert_int_equal(number("replies"), 1);
	assert_int_equal(number("vehicles"), 1);
	stage_run(s, 2 * MS_MINUTE); /* idle moments */
	for (size_t i = 0; i < G_N_ELEMENTS(canaries); i++) {
		print_message("%s\n", canaries[i]);
		assert_false(kept(s, canaries[i]));
	}
	assert_true(kept(s, "李四"));
	/* the message that went is still counted; its slot too */
	assert_int_equal(msg_get(s->store, m.id, &m, &e), 1);
	assert_int_equal(m.state, MSG_ACCEPTED);
	assert_int_equal(stage_used(s, 1, 202603), 1);
	assert_int_equal(task_of_customer(s->store, 1, t, 2, &e), 0);
	rc = optout_has(s->store, customer_hash(s->store, CHANNEL_SMS, "+8619900000001"),
	    CHANNEL_SMS, &e);
	assert_int_equal(rc, 1);
	assert_int_equal(erase(s, "C1"), 404);
	stage_free(s);
}

/* A service that is asked for what came lately tells the same event again. */
static void
k01_what_he_wrote_does_not_come_back(void **state)
{
	struct stage *s = open_house();
	struct inbox again = { .account = s->catalog->config->accounts[0].name,
		.evkey = "r1",
		.kind = RECEIPT_REPLY,
		.verdict = "open",
		.raw = "{}" };

	(void)state;
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "r1", -1, "+8619900000001", "好的"), 200);
	assert_int_equal(erase(s, "C1"), 200);
	assert_int_equal(number("replies"), 1);
	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(inbox_add(s->store, &again, false, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
	stage_free(s);
}

static void
k01_what_was_planned_ends(void **state)
{
	struct stage *s = open_house();
	size_t letters = s->letters->len;

	(void)state;
	assert_int_equal(erase(s, "C1"), 200);
	assert_int_equal(number("runs"), 1);
	stage_expect(s, "gone:1", 1, MSG_SUPPRESSED, REASON_ERASED);
	stage_run(s, 6 * MS_DAY);
	assert_int_equal(s->letters->len, letters + 1); /* the other customer's */
	/* a new row of the same number is somebody new, and not written to */
	import(s, "customers", "客户编号,姓名,手机,同意\nC1,新人,19900000001,营销\n");
	stage_event(s, "d3", "C1", "dormant");
	stage_run(s, 2 * MS_MINUTE);
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_SUPPRESSED);
	assert_int_equal(s->letters->len, letters + 1);
	stage_free(s);
}

static void
k01_a_crash_before_the_log_is_empty(void **state)
{
	struct stage *s = open_house();

	(void)state;
	engine_erase(s->engine, "C1", answered, s);
	stage_run(s, 1);
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, 2 * MS_MINUTE);
	if (erase(s, "C1") == 200)
		stage_run(s, 2 * MS_MINUTE);
	assert_false(kept(s, NAME));
	stage_free(s);
}

static void
k01_both_rows_of_one_person(void **state)
{
	struct stage *s = open_house();

	(void)state;
	engine_merge(s->engine, "C2", "C1", false, answered, s);
	stage_run(s, 50);
	assert_int_equal(s->answer, 200);
	assert_int_equal(erase(s, "C1"), 200);
	stage_run(s, 2 * MS_MINUTE);
	assert_false(kept(s, NAME));
	assert_false(kept(s, "李四"));
	stage_free(s);
}

static void
k01_a_pipe_must_say_yes(void **state)
{
	char erase_[] = "erase", who[] = "C1", yes[] = "--yes",
	     none[] = "--socket=/nowhere", *silent[] = { erase_, who, NULL },
	     *sure[] = { erase_, who, yes, none, NULL };

	(void)state;
	assert_non_null(freopen("/dev/null", "r", stdin));
	assert_int_equal(cmd_erase(2, silent), 2);
	assert_int_not_equal(
	    cmd_erase(4, sure), 2); /* it asks the daemon, which is not there */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(k01_nothing_is_left_but_counts),
		cmocka_unit_test(k01_what_he_wrote_does_not_come_back),
		cmocka_unit_test(k01_what_was_planned_ends),
		cmocka_unit_test(k01_a_crash_before_the_log_is_empty),
		cmocka_unit_test(k01_both_rows_of_one_person),
		cmocka_unit_test(k01_a_pipe_must_say_yes),
	};

	return cmocka_run_group_tests_name("erase", tests, NULL, NULL);
}
