/* Who is asked (S12): the advisor, who stands in for him, the manager; decided when the
 * task is made and when it is shown.
 * proves: S12 */
#include "store/subject.h"
#include "task_stage.h"

#define MONDAY "2026-11-23T10:05:00+08:00"
#define BOOK                                                                           \
	"playbook: p\ncategory: service\nstatus: live\nstart: { on: visit }\nsteps:\n" \
	"  - { id: t, do: [ { task: { to: advisor, due: 2h } } ] }\n"                  \
	"  - { id: u, do: [ { task: { to: specialist, due: 3h, template: ask } } ] }\n"

static void
put(struct stage *s, const char *ext, const char *name, const char *role,
    const char *deputy, const char *successor, const char *from, const char *to,
    const char *left)
{
	struct staff f = { .ext = ext,
		.name = name,
		.store = "",
		.role = role,
		.wecom = "",
		.phone = "",
		.deputy = deputy,
		.successor = successor,
		.attrs = "{}" };

	date_parse(from, &f.away_from);
	date_parse(to, &f.away_to);
	date_parse(left, &f.left_on);
	stage_staff(s, &f);
}

static struct stage *
begin(void)
{
	struct stage *s = stage_new(MONDAY, "config/reachd.yaml",
	    STAGE_ACCOUNTS("idempotency_key") ROLES, "config/policy.yaml", MEALS,
	    "templates/phone/ask.liquid", ASK, "config/playbooks/p.yaml", BOOK, NULL);

	task_customer(s, "C1", "+8619912345678", "李娜");
	return s;
}

/* The two tasks of the playbook, by who has them. */
static void
expect(struct stage *s, const char *advisor, const char *specialist)
{
	struct task_row all[4];
	struct err e = { 0 };
	int64_t id;

	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	assert_int_equal(customer_find(s->store, "C1", &id, &e), 1);
	assert_int_equal(task_of_customer(s->store, id, all, 4, &e), 2);
	assert_string_equal(all[0].assignee, advisor);
	assert_string_equal(all[1].assignee, specialist);
	stage_free(s);
}

static void
without_staff_names_and_roles_are_enough(void **state)
{
	(void)state;
	expect(begin(), "李娜", "陈静");
}

static void
who_is_away_has_a_deputy(void **state)
{
	struct stage *s = begin();

	(void)state;
	put(s, "S1", "李娜", "advisor", "S2", "", "2026-11-20", "2026-11-24", "");
	put(s, "S2", "赵敏", "advisor", "", "", "", "", "");
	put(s, "S3", "周倩", "win-back", "", "", "", "", "");
	expect(s, "赵敏", "周倩");
}

static void
who_has_left_has_a_successor(void **state)
{
	struct stage *s = begin();

	(void)state;
	put(s, "S1", "李娜", "advisor", "S3", "S2", "", "", "2026-11-01");
	put(s, "S2", "赵敏", "advisor", "S4", "", "2026-11-23", "2026-11-23", "");
	put(s, "S4", "何平", "advisor", "", "", "", "", "");
	expect(s, "何平", "陈静");
}

static void
else_the_manager(void **state)
{
	struct stage *s = begin();

	(void)state;
	put(s, "S1", "李娜", "advisor", "", "", "2026-11-23", "2026-11-30", "");
	put(s, "S9", "孙店长", "manager", "", "", "", "", "");
	put(s, "S3", "陈静", "win-back", "", "", "2026-11-23", "2026-11-30", "");
	put(s, "S4", "刘洋", "win-back", "", "", "", "", "2026-01-01");
	expect(s, "孙店长", "孙店长");
}

static void
the_least_busy_of_a_role(void **state)
{
	struct stage *s = begin();
	struct task_row all[4];
	struct err e = { 0 };
	int64_t id;

	(void)state;
	task_customer(s, "C2", "+8619912345679", "李娜");
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	assert_int_equal(stage_event(s, "v2", "C2", "visit"), 201);
	assert_int_equal(customer_find(s->store, "C2", &id, &e), 1);
	assert_int_equal(task_of_customer(s->store, id, all, 4, &e), 2);
	assert_string_equal(all[1].assignee, "刘洋");
	stage_free(s);
}

struct shown {
	int status;
	json_t *json;
};

static void
keep(void *arg, int status, const char *json)
{
	struct shown *out = arg;

	out->status = status;
	json_decref(out->json);
	out->json = json_loads(json, 0, NULL);
}

static int
leave(struct stage *s, const char *name, const char *deputy, struct shown *out)
{
	struct engine_leave l = { name, deputy, { 2026, 11, 23 }, { 2026, 11, 27 } };

	engine_staff_leave(s->engine, &l, keep, out);
	stage_run(s, 5);
	return out->status;
}

static void
leave_shows_all_it_moves(void **state)
{
	struct stage *s = begin();
	struct shown out = { 0 };
	const json_t *one;

	(void)state;
	put(s, "S1", "李娜", "advisor", "", "", "", "", "");
	put(s, "S2", "赵敏", "advisor", "", "", "", "", "");
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	assert_int_equal(leave(s, "王五", "", &out), 404);
	assert_int_equal(leave(s, "李娜", "S1", &out), 422);
	assert_int_equal(leave(s, "李娜", "赵敏", &out), 200);
	assert_int_equal(json_integer_value(json_object_get(out.json, "customers")), 1);
	assert_int_equal(json_array_size(json_object_get(out.json, "tasks")), 1);
	one = json_array_get(json_object_get(out.json, "tasks"), 0);
	assert_string_equal(json_string_value(json_object_get(one, "to")), "赵敏");
	/* and the list shows it to whoever stands in */
	engine_tasks(s->engine, "赵敏", NULL, keep, &out);
	stage_run(s, 5);
	assert_int_equal(json_array_size(json_object_get(out.json, "tasks")), 1);
	json_decref(out.json);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_staff_names_and_roles_are_enough),
		cmocka_unit_test(who_is_away_has_a_deputy),
		cmocka_unit_test(who_has_left_has_a_successor),
		cmocka_unit_test(else_the_manager),
		cmocka_unit_test(the_least_busy_of_a_role),
		cmocka_unit_test(leave_shows_all_it_moves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
