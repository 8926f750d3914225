/* publish_test.c - changed files that wait for somebody's yes (S14, Y26 ... Y28): who may
 * give it, to what exactly, and what a restart or a kill in the middle finds. */
#include <sys/stat.h>

#include "core/diff.h"
#include "core/role.h"
#include "hand_stage.h"

#define START "2026-03-10T09:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define POLICY "config/policy.yaml"
#define CONFIG "config/reachd.yaml"
#define RULES(more)                                                               \
	"quiet:\n  - { id: night, from: \"22:00\", to: \"08:00\" }\n"             \
	"tiers:\n  high: { cap: 3 }\n  low: { cap: 1 }\nmin_gap: none\n"          \
	"limits: [{ window: 1m, max: 1000, category: marketing }]\n"              \
	"service: { per_day: 100, per_month: 1000 }\n"                            \
	"costs: { sms: 0.10 }\nlaunch: { countdown: off, ramp: off, confirm: 30 " \
	"}\n" more
#define LIST(title)                                                             \
	"playbook: care\ntitle: " title "\ncategory: marketing\nstatus: live\n" \
	"start: { list: \"tag:x\", once: true }\n"                              \
	"steps:\n  - { id: one, at: day 1 09:00, on_past: now, send: a }\n"
#define HOUSE(publish)                                    \
	STAGE_ACCOUNTS("idempotency_key")                 \
	"publish: " publish "\n"                          \
	"people:\n  - { name: 李明, role: marketer }\n" \
	"  - { name: 王经理, role: manager }\n"        \
	"  - { name: 赵总, role: general-manager }\n"   \
	"  - { name: 小周, role: viewer }\n"
#define DRAFT                                                                        \
	"playbook: care\ncategory: marketing\nstatus: draft\nstart: { on: visit }\n" \
	"steps:\n  - { id: one, after: 1m, send: a }\n"

static struct stage *
house(const char *publish, const char *policy)
{
	struct stage *s;

	stage_keeps = true;
	s = stage_new(START, CONFIG, publish, POLICY, policy, CARE, DRAFT, NULL);
	stage_run(s, MS_SECOND);
	return s;
}

static struct engine_who
person(const char *name, enum staff_role role)
{
	return (struct engine_who){ name, (int)role, role_rights((int)role), NULL, "" };
}

static int
submit(struct stage *s, const char *name, int64_t confirm)
{
	const struct engine_who who = person(name, ROLE_MARKETER);

	s->answer = 0;
	engine_reload_by(s->engine, &who, "", confirm, hand_answer, s);
	stage_run(s, 5);
	return s->answer;
}

/* The hash that waits; "" none does. */
static const char *
waits(struct stage *s)
{
	static char hash[65];
	const json_t *one;
	size_t i;

	*hash = '\0';
	engine_publications(s->engine, NULL, hand_answer, s);
	stage_run(s, 5);
	json_array_foreach(json_object_get(hand_said, "publications"), i,
	    one) if (strcmp(json_string_value(json_object_get(one, "state")), "waits") ==
		     0)
	    g_strlcpy(hash, json_string_value(json_object_get(one, "hash")), 65);
	return hash;
}

static int
say(struct stage *s, const char *name, enum staff_role role, const char *hash, bool yes)
{
	const struct engine_who who = person(name, role);

	s->answer = 0;
	engine_publication_answer(
	    s->engine, &who, hash, yes, yes ? "" : "no", 0, hand_answer, s);
	stage_run(s, 20);
	return s->answer;
}

static int
entered(struct stage *s)
{
	stage_run(s, 5 * MS_MINUTE);
	return stage_number(s, "SELECT count(*) FROM run");
}

/* The files are the test's own user's: put forward by 李明, agreed to by another. */
static void
s14_a_changed_set_waits_for_another(void **state)
{
	struct stage *s = house(HOUSE("approved"), RULES(""));
	char first[65];

	(void)state;
	/* nobody has agreed to anything yet: the draft waits, too */
	assert_string_not_equal(waits(s), "");
	assert_int_equal(say(s, "王经理", ROLE_MANAGER, waits(s), true), 200);
	assert_string_equal(waits(s), "");
	hand_people(s, 5);
	stage_put(s, CARE, LIST("x"));
	assert_int_equal(submit(s, "李明", 0), 202);
	g_strlcpy(first, waits(s), sizeof(first));
	assert_int_equal(entered(s), 0);
	assert_int_equal(say(s, "李明", ROLE_MARKETER, first, true), 403);
	assert_int_equal(say(s, "小周", ROLE_VIEWER, first, true), 403);
	assert_int_equal(say(s, "", ROLE_NONE, first, true), 403);
	assert_int_equal(say(s, "王经理", ROLE_MANAGER, "0123456789abcdef", true), 409);
	/* one letter more is another set */
	stage_put(s, CARE, LIST("xy"));
	assert_int_equal(submit(s, "李明", 0), 202);
	assert_string_not_equal(waits(s), first);
	assert_int_equal(say(s, "王经理", ROLE_MANAGER, first, true), 409);
	assert_int_equal(entered(s), 0);
	assert_int_equal(say(s, "王经理", ROLE_MANAGER, waits(s), true), 200);
	assert_int_equal(entered(s), 5);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM audit WHERE act = 'agree'"), 2);
	stage_free(s);
}

/* Putting it forward in another's name does not make one the other. */
static void
s14_who_types_for_another_may_not_agree(void **state)
{
	struct stage *s = house(HOUSE("approved"), RULES(""));
	const struct engine_who admin = person("root", ROLE_ADMIN);

	(void)state;
	engine_reload_by(s->engine, &admin, "李明", 0, hand_answer, s);
	stage_run(s, 20);
	assert_int_equal(say(s, "root", ROLE_ADMIN, waits(s), true), 403);
	assert_int_equal(say(s, "李明", ROLE_MARKETER, waits(s), true), 403);
	assert_int_equal(say(s, "赵总", ROLE_GENERAL_MANAGER, waits(s), true), 200);
	stage_free(s);
}

/* What waits is shown with its difference; a no with its reason stands for good. */
static void
s14_it_is_shown_and_refused(void **state)
{
	struct stage *s = house(HOUSE("approved"), RULES(""));
	const json_t *one;
	char hash[65];

	(void)state;
	assert_int_equal(say(s, "王经理", ROLE_MANAGER, waits(s), true), 200);
	hand_people(s, 5);
	stage_put(s, CARE, LIST("x"));
	assert_int_equal(submit(s, "李明", 0), 202);
	g_strlcpy(hash, waits(s), sizeof(hash));
	engine_publication(s->engine, hash, hand_answer, s);
	stage_run(s, 20);
	one = json_array_get(json_object_get(hand_said, "playbooks"), 0);
	assert_string_equal(json_string_value(json_object_get(one, "is")), "live");
	assert_int_equal(json_integer_value(json_object_get(one, "audience")), 5);
	one = json_array_get(json_object_get(hand_said, "files"), 0);
	assert_string_equal(json_string_value(json_object_get(one, "path")), CARE);
	assert_non_null(
	    strstr(json_string_value(json_object_get(one, "diff")), "+ status: live"));
	engine_status(s->engine, hand_answer, s);
	stage_run(s, 5);
	assert_string_equal(json_string_value(json_object_get(
				json_object_get(hand_said, "publication"), "hash")),
	    hash);
	assert_int_equal(say(s, "王经理", ROLE_MANAGER, hash, false), 200);
	assert_string_equal(waits(s), "");
	/* saving it again asks nobody again; a person may */
	assert_int_equal(hand_reload(s), 409);
	assert_int_equal(submit(s, "李明", 0), 202);
	stage_free(s);
}

static const struct second_row {
	const char *name, *rules;
	int people, asked; /* how many must agree */
} seconds[] = {
	{ "few", "", 10, 1 },
	{ "an audience above the bound", "approvals: { audience: 9 }\n", 10, 2 },
	{ "a cost above the bound", "approvals: { cost: 0.9 }\n", 10, 2 },
	{ "no bounds", "approvals: { audience: off, cost: off, due: off }\n", 10, 1 },
	{ "due within the hour", "approvals: { due: 9 }\n", 10, 2 },
};

static void
s14_much_wants_two_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(seconds); i++) {
		const struct second_row *row = &seconds[i];
		char *rules = g_strconcat(RULES(""), row->rules, NULL);
		struct stage *s = house(HOUSE("approved"), rules);
		char hash[65];

		assert_int_equal(say(s, "王经理", ROLE_MANAGER, waits(s), true), 200);
		hand_people(s, row->people);
		stage_put(s, CARE, LIST("x"));
		assert_int_equal(submit(s, "李明", 0), 202);
		if (hand_count("needs") != row->asked)
			fail_msg("%s: %d", row->name, (int)hand_count("needs"));
		g_strlcpy(hash, waits(s), sizeof(hash));
		if (row->asked == 2) {
			assert_int_equal(say(s, "王经理", ROLE_MANAGER, hash, true), 202);
			assert_int_equal(say(s, "王经理", ROLE_MANAGER, hash, true), 409);
			/* a yes outlives a death */
			stage_fall(s, true);
			stage_rise(s);
			stage_run(s, MS_SECOND);
			assert_int_equal(entered(s), 0);
		}
		assert_int_equal(say(s, "赵总", ROLE_GENERAL_MANAGER, hash, true), 200);
		assert_int_equal(entered(s), row->people);
		stage_free(s);
		g_free(rules);
	}
}

static void
s14_a_yes_lapses(void **state)
{
	struct stage *s = house(HOUSE("approved"), RULES("approvals: { audience: 9 }\n"));
	char hash[65];

	(void)state;
	assert_int_equal(say(s, "王经理", ROLE_MANAGER, waits(s), true), 200);
	hand_people(s, 10);
	stage_put(s, CARE, LIST("x"));
	assert_int_equal(submit(s, "李明", 0), 202);
	g_strlcpy(hash, waits(s), sizeof(hash));
	assert_int_equal(say(s, "王经理", ROLE_MANAGER, hash, true), 202);
	/* a fifth more people than the first one saw: he is asked again */
	hand_people(s, 13);
	assert_int_equal(say(s, "赵总", ROLE_GENERAL_MANAGER, hash, true), 409);
	assert_int_equal(say(s, "赵总", ROLE_GENERAL_MANAGER, hash, true), 202);
	stage_run(s, 31 * MS_DAY);
	assert_int_equal(say(s, "王经理", ROLE_MANAGER, hash, true), 409);
	assert_int_equal(entered(s), 0);
	assert_string_equal(waits(s), "");
	stage_free(s);
}

/* Y26: automatic, too. Too many are asked back; above the limit somebody else must agree. */
static void
y26_a_blast_wants_a_second_person(void **state)
{
	struct stage *s = house(HOUSE("automatic"), RULES("approvals: { due: 40 }\n"));

	(void)state;
	hand_people(s, 35);
	stage_put(s, CARE, LIST("x"));
	assert_int_equal(submit(s, "李明", 0), 409);
	assert_int_equal(hand_count("confirm"), 35);
	assert_int_equal(submit(s, "李明", 35), 200);
	assert_int_equal(entered(s), 35);
	stage_free(s);

	s = house(HOUSE("automatic"), RULES("approvals: { due: 40 }\n"));
	hand_people(s, 45);
	stage_put(s, CARE, LIST("x"));
	assert_int_equal(submit(s, "李明", 0), 409);
	assert_int_equal(hand_count("confirm"), 45);
	assert_int_equal(submit(s, "李明", 45), 202);
	assert_int_equal(entered(s), 0);
	assert_int_equal(say(s, "李明", ROLE_MARKETER, waits(s), true), 403);
	assert_int_equal(say(s, "王经理", ROLE_MANAGER, waits(s), true), 200);
	assert_int_equal(entered(s), 45);
	stage_free(s);
}

/* A restart is no way around it. */
static void
y26_a_restart_asks_too(void **state)
{
	struct stage *s = house(HOUSE("automatic"), RULES("approvals: { due: 40 }\n"));
	struct report *r = report_new();

	(void)state;
	hand_people(s, 45);
	stage_fall(s, false);
	stage_put(s, CARE, LIST("x"));
	catalog_unref(s->catalog);
	s->catalog = stage_load(s, r);
	report_free(r);
	stage_rise(s);
	assert_int_equal(entered(s), 0);
	assert_int_equal(submit(s, "李明", 45), 202);
	assert_int_equal(entered(s), 0);
	stage_free(s);
}

/* Y27: two at once, both ways of it: the first wins. */
static void
y27_the_first_of_two_wins(void **state)
{
	struct stage *s = house(HOUSE("approved"), RULES("")), first = { 0 },
		     second = { 0 };
	const struct engine_who manager = person("王经理", ROLE_MANAGER),
				general = person("赵总", ROLE_GENERAL_MANAGER);
	char hash[65];

	(void)state;
	g_strlcpy(hash, waits(s), sizeof(hash));
	engine_publication_answer(
	    s->engine, &manager, hash, true, "", 0, stage_answer, &first);
	engine_publication_answer(
	    s->engine, &general, hash, true, "", 0, stage_answer, &second);
	stage_run(s, 20);
	assert_int_equal(first.answer, 200);
	assert_int_equal(second.answer, 409);
	engine_reload(s->engine, stage_answer, &first);
	engine_reload_by(s->engine, &manager, "", 0, stage_answer, &second);
	stage_run(s, 20);
	assert_int_equal(first.answer, 200);
	assert_int_equal(second.answer, 409);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM publication WHERE state = 1"), 1);
	stage_free(s);
}

static void
nobody_waits(void *arg)
{
	(void)arg;
}

static void
order_meanwhile(void *arg, enum log_level level, const char *line)
{
	const struct engine_who author = person("李明", ROLE_MARKETER);
	struct stage *s = arg;

	(void)level;
	if (s->answer != 0 || !g_str_has_prefix(line, "publication_waits "))
		return;
	s->answer = -1;
	engine_reload_by(s->engine, &author, "", 0, hand_answer, s);
}

/* Y27: the look at the files at a start is nobody's order: who asks meanwhile goes behind it. */
static void
y27_an_order_at_a_start(void **state)
{
	struct stage *s = house(HOUSE("approved"), RULES(""));

	(void)state;
	stage_fall(s, false);
	s->answer = 0;
	log_sink(order_meanwhile, s);
	stage_rise(s);
	stage_run(s, MS_SECOND);
	log_sink(stage_line, NULL);
	assert_int_equal(s->answer, 202);
	stage_free(s);
}

static int
stopped_while(bool yes)
{
	const struct engine_who manager = person("王经理", ROLE_MANAGER);
	struct stage *s = house(HOUSE("approved"), RULES(""));
	int answer;
	char hash[65];

	g_strlcpy(hash, waits(s), sizeof(hash));
	s->answer = 0;
	if (yes)
		engine_publication_answer(
		    s->engine, &manager, hash, true, "", 0, hand_answer, s);
	else
		engine_publication(s->engine, hash, hand_answer, s);
	engine_stop(s->engine, nobody_waits, NULL);
	stage_run(s, MS_SECOND);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM publication WHERE state = 1"), 0);
	answer = s->answer;
	stage_free(s);
	return answer;
}

/* Y27: a stop while what waits is read: nothing is published, and it is no mistake. */
static void
y27_a_stop_in_the_middle(void **state)
{
	(void)state;
	assert_int_equal(stopped_while(true), 503);
	assert_int_equal(stopped_while(false), 503);
}

/* Y28: killed before, in or after the transaction: the old set whole or the new one. */
static void
y28_a_kill_in_the_middle(void **state)
{
	int olds = 0, news = 0;

	(void)state;
	for (int turns = 0; turns < 12; turns++) {
		struct stage *s = house(HOUSE("approved"), RULES("")), mute = { 0 };
		const struct engine_who who = person("王经理", ROLE_MANAGER);
		char hash[65], *sql;
		int in_force, lives;

		assert_int_equal(say(s, "王经理", ROLE_MANAGER, waits(s), true), 200);
		hand_people(s, 3);
		stage_put(s, CARE, LIST("x"));
		assert_int_equal(submit(s, "李明", 0), 202);
		g_strlcpy(hash, waits(s), sizeof(hash));
		engine_publication_answer(
		    s->engine, &who, hash, true, "", 0, stage_answer, &mute);
		if (turns > 0)
			stage_run(s, turns - 1);
		stage_fall(s, true);
		stage_rise(s);
		stage_run(s, MS_SECOND);
		sql = g_strdup_printf("SELECT count(*) FROM publication WHERE state = 1 "
				      "AND hash = '%s'",
		    hash);
		in_force = stage_number(s, sql);
		lives = entered(s);
		if (lives != (in_force ? 3 : 0))
			fail_msg(
			    "after %d ms: in force %d, %d in", turns, in_force, lives);
		/* who was told so may rely on it */
		assert_true(mute.answer != 200 || in_force == 1);
		assert_int_equal(
		    stage_number(s, "SELECT count(*) FROM publication WHERE state = 1"),
		    1);
		*(in_force ? &news : &olds) += 1;
		g_free(sql);
		stage_free(s);
	}
	assert_true(olds > 0 && news > 0); /* both sides of it were tried */
}

/* The machine's own file holds at once, whatever waits. */
static void
s14_the_machine_needs_no_yes(void **state)
{
	struct stage *s = house(HOUSE("approved"), RULES(""));
	char hash[65];

	(void)state;
	g_strlcpy(hash, waits(s), sizeof(hash));
	stage_put(s, CONFIG, HOUSE("approved") "  - { name: 新人, role: manager }\n");
	assert_int_equal(hand_reload(s), 202);
	assert_string_equal(waits(s), hash);
	assert_non_null(config_member(engine_catalog(s->engine)->config, "新人"));
	stage_free(s);
}

static const struct diff_row {
	const char *name, *a, *b, *out;
} diffs[] = {
	{ "same", "a\nb\n", "a\nb\n", "" },
	{ "new", "", "a\nb\n", "+ a\n+ b\n" },
	{ "gone", "a\n", "", "- a\n" },
	{ "in the middle", "1\n2\n3\n4\n5\n6\n7\n", "1\n2\n3\nx\n5\n6\n7\n",
	    "  2\n  3\n- 4\n+ x\n  5\n  6\n" },
	{ "at both ends", "1\n2\n3\n4\n5\n6\n7\n", "a\n2\n3\n4\n5\n6\nb\n",
	    "- 1\n+ a\n  2\n  3\n…\n  5\n  6\n- 7\n+ b\n" },
};

static void
differences(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(diffs); i++) {
		GString *out = g_string_new(NULL);

		diff_lines(diffs[i].a, diffs[i].b, out);
		if (strcmp(out->str, diffs[i].out) != 0)
			fail_msg("%s:\n%s", diffs[i].name, out->str);
		g_string_free(out, TRUE);
	}
}

/* ---- S25: what the gateway has said since it was put forward ---- */

#define GATEWAY                                                                            \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: http://127.0.0.1:8080\n" \
	"credentials: secrets\npublish: approved\n"                                        \
	"providers:\n  - { name: ali, type: aliyun, channels: [sms], url: "                \
	"\"http://127.0.0.1:1\", internal: true, access_key_id: LTAI-example,\n"           \
	"      access_key_secret: { credential: key }, hook_secret: { credential: hook "   \
	"} }\n"                                                                            \
	"people:\n  - { name: 李明, role: marketer }\n"                                  \
	"  - { name: 王经理, role: manager }\n"
#define CODED                                                                      \
	"---\ntitle: x\ncategory: service\nproviders: { aliyun: { template_code: " \
	"SMS_1, "                                                                  \
	"params: { who: customer.id } } }\n---\n{{ customer.id }}您好，车已备好\n"
#define LIVE                                                                       \
	"playbook: care\ntitle: x\ncategory: service\nstatus: live\nstart: { on: " \
	"visit }\nsteps: [{ id: one, after: 1m, send: a }]\n"

static int
registered(struct stage *s, const char *text, const char *status)
{
	char *body = g_strdup_printf("{\"account\":\"ali\",\"rows\":[{\"code\":\"SMS_1\","
				     "\"text\":\"%s\",\"status\":\"%s\"}]}",
	    text, status);

	s->answer = 0;
	engine_registry_take(s->engine, body, strlen(body), hand_answer, s);
	g_free(body);
	stage_run(s, 5);
	return s->answer;
}

static void
s25_what_was_proved_is_proved_again_by_the_yes(void **state)
{
	static const struct {
		const char *name, *text, *status;
		int answer;
		const char *told;
	} rows[] = {
		{ "as it was", "${who}您好，车已备好", "approved", 200, "published" },
		{ "refused since", "${who}您好，车已备好", "rejected", 422,
		    "the text of SMS_1 is rejected" },
		{ "worded anew since", "${who}您好，车备好了", "approved", 422,
		    "they part at character" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s;
		char *said;

		stage_keeps = true;
		umask(077);
		s = stage_new(START, "config/secrets/key", "example-secret",
		    "config/secrets/hook", "examplehooksecret000000", CONFIG, GATEWAY,
		    POLICY, RULES(""), CARE, DRAFT, "templates/sms/a.liquid", CODED,
		    "templates/sms/b.liquid", CODED, "templates/sms/s.liquid", CODED,
		    NULL);
		stage_run(s, MS_SECOND);
		assert_int_equal(registered(s, "${who}您好，车已备好", "approved"), 200);
		stage_put(s, CARE, LIVE);
		assert_int_equal(submit(s, "李明", 0), 202);
		assert_int_equal(registered(s, rows[i].text, rows[i].status), 200);
		if (say(s, "王经理", ROLE_MANAGER, waits(s), true) != rows[i].answer)
			fail_msg("%s: %d", rows[i].name, s->answer);
		said = json_dumps(hand_said, 0);
		if (strstr(said, rows[i].told) == NULL)
			fail_msg("%s: %s", rows[i].name, said);
		free(said);
		stage_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s14_a_changed_set_waits_for_another),
		cmocka_unit_test(s14_who_types_for_another_may_not_agree),
		cmocka_unit_test(s14_it_is_shown_and_refused),
		cmocka_unit_test(s14_much_wants_two_others),
		cmocka_unit_test(s14_a_yes_lapses),
		cmocka_unit_test(y26_a_blast_wants_a_second_person),
		cmocka_unit_test(y26_a_restart_asks_too),
		cmocka_unit_test(y27_the_first_of_two_wins),
		cmocka_unit_test(y27_an_order_at_a_start),
		cmocka_unit_test(y27_a_stop_in_the_middle),
		cmocka_unit_test(y28_a_kill_in_the_middle),
		cmocka_unit_test(s14_the_machine_needs_no_yes),
		cmocka_unit_test(s25_what_was_proved_is_proved_again_by_the_yes),
		cmocka_unit_test(differences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
