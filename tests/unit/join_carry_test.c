/* join_carry_test.c - what goes over when two rows become one person, and what comes back.
 *
 * proves: S5 */
#include "core/profile.h"
#include "stage.h"
#include "store/experiment.h"
#include "store/offer.h"
#include "store/signal.h"
#include "store/task.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE                                                  \
	"playbook: care\ncategory: marketing\nstatus: live\n" \
	"start: { on: dormant }\nsteps: [{ id: one, after: 1d, send: a }]\n"

static struct err e;
static GString *report;

static void
answered(void *arg, int status, const char *json)
{
	((struct stage *)arg)->answer = status;
	g_string_assign(report, json);
}

static int
merge(struct stage *s, bool dry)
{
	s->answer = 0;
	engine_merge(s->engine, "C1", "C2", dry, answered, s);
	stage_run(s, 20);
	return s->answer;
}

static int
unmerge(struct stage *s)
{
	s->answer = 0;
	engine_unmerge(s->engine, "C2", false, answered, s);
	stage_run(s, 20);
	return s->answer;
}

static int
counted(struct stage *s, int64_t customer, enum tally t)
{
	struct profile p;
	const void *fold = "";
	size_t len = 0;
	struct look look;

	assert_in_range(signal_get(s->store, customer, &fold, &len, &look, &e), 0, 1);
	profile_unpack(fold, len, &p);
	return p.tally[t].total;
}

static int
task_of(struct stage *s, int64_t customer)
{
	struct task_row rows[4];

	return task_of_customer(s->store, customer, rows, 4, &e);
}

static int64_t
offer_of(struct stage *s, int64_t id)
{
	struct grant g;

	assert_int_equal(offer_get(s->store, id, &g, &e), 1);
	return g.customer;
}

/* Two customers; the second has an offer by hand, an open task, an arm and a booking. */
static struct stage *
open_pair(int64_t *offer)
{
	struct stage *s = stage_new(START, "config/playbooks/care.yaml", CARE, NULL);
	struct grant g = { .name = "wash",
		.state = OFFER_GRANTED,
		.store = "",
		.author = "李",
		.by = "",
		.asked_at = 1,
		.expires_at = stage_at("2026-06-01T00:00:00+08:00") };
	struct task_row t = { .kind = "care",
		.template_ = "",
		.assignee = "张",
		.role = "",
		.store = "",
		.created_at = 1,
		.span = MS_DAY,
		.due_at = stage_at("2026-03-20T00:00:00+08:00"),
		.late_to = "",
		.outcome = "",
		.cause = "",
		.done_by = "" };

	report = g_string_new("");
	stage_customer(s, "C1", "high", "+8619900000001", "");
	g.customer = t.customer = stage_customer(s, "C2", "high", "+8619900000002", "");
	assert_int_equal(store_begin(s->store, &e), 0);
	t.id = store_next_id(s->store, 1);
	assert_int_equal(offer_add(s->store, &g, &e), 1);
	assert_int_equal(task_add(s->store, &t, &e), 0);
	assert_int_equal(experiment_draw(s->store, 1, 2, 77, 1, 1, &e), 1);
	assert_int_equal(experiment_draw(s->store, 2, 2, 78, 1, 1, &e), 1);
	assert_int_equal(experiment_draw(s->store, 2, 1, 79, 0, 1, &e), 1);
	assert_int_equal(store_commit(s->store, &e), 0);
	*offer = g.id;
	stage_event(s, "b1", "C1", "booking");
	stage_event(s, "b2", "C2", "booking");
	stage_event(s, "d2", "C2", "dormant");
	return s;
}

/* Was it drawn already? Drawing twice changes nothing. */
static bool
drawn(struct stage *s, int64_t experiment, int64_t customer)
{
	int rc;

	assert_int_equal(store_begin(s->store, &e), 0);
	rc = experiment_draw(s->store, experiment, customer, 1, 0, 1, &e);
	store_rollback(s->store);
	return rc == 0;
}

static void
s05_what_goes_over(void **state)
{
	int64_t offer;
	struct stage *s = open_pair(&offer);

	(void)state;
	assert_int_equal(merge(s, true), 200);
	assert_non_null(strstr(report->str, "1 offers, 1 open tasks, 1 arms of tests"));
	assert_int_equal(offer_of(s, offer), 2);
	assert_int_equal(counted(s, 1, TALLY_BOOKING), 1);
	assert_int_equal(merge(s, false), 200);
	assert_int_equal(offer_of(s, offer), 1);
	assert_int_equal(task_of(s, 1), 1);
	assert_int_equal(task_of(s, 2), 0);
	assert_int_equal(counted(s, 1, TALLY_BOOKING), 2);
	assert_true(drawn(s, 1, 1));
	assert_false(drawn(s, 1, 2));
	assert_true(drawn(s, 2, 2)); /* A has an arm of his own there */
	g_string_free(report, TRUE);
	stage_free(s);
}

static void
s05_what_comes_back(void **state)
{
	int64_t offer;
	struct stage *s = open_pair(&offer);

	(void)state;
	assert_int_equal(merge(s, false), 200);
	stage_run(s, MS_SECOND);
	stage_event(s, "b3", "C2", "booking"); /* leads to A, and stays with him */
	assert_int_equal(counted(s, 1, TALLY_BOOKING), 3);
	assert_int_equal(unmerge(s), 200);
	assert_int_equal(offer_of(s, offer), 2);
	assert_int_equal(task_of(s, 1), 0);
	assert_int_equal(task_of(s, 2), 1);
	assert_int_equal(counted(s, 1, TALLY_BOOKING), 2);
	assert_int_equal(counted(s, 2, TALLY_BOOKING), 1);
	assert_false(drawn(s, 1, 1));
	assert_true(drawn(s, 1, 2));
	assert_true(drawn(s, 2, 1));
	g_string_free(report, TRUE);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s05_what_goes_over),
		cmocka_unit_test(s05_what_comes_back),
	};

	return cmocka_run_group_tests_name("join", tests, NULL, NULL);
}
