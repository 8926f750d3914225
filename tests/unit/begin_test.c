/* begin_test.c - T2 on the engine: what a refusal does to the message and its run, and
 * one slot for two. */
#include "../../src/store/sql.h"
#include "stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define MONTH 202603
#define CARE "config/playbooks/care.yaml"
#define OTHER "config/playbooks/other.yaml"
#define VISIT                                                                    \
	"playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit " \
	"}\nsteps:\n"
#define PHONE "+8619900000001"

/* One step is in question, the next is a service message that shows whether the run goes
 * on. */
static const struct row {
	const char *name, *step, *tier, *start;
	ms_t span;
	enum msg_state state;
	enum reason reason;
	int touches;    /* -1: not looked at */
	const char *at; /* when it came to the gateway; NULL: it did not */
} rows[] = {
	{ "at night: at eight", "after: 13h, send: a", "high", START, MS_DAY,
	    MSG_ACCEPTED, REASON_NONE, 2, "2026-03-11T08:00:00+08:00" },
	{ "at night, drop", "after: 13h, send: a, on_quiet: drop", "high", START, MS_DAY,
	    MSG_SUPPRESSED, REASON_QUIET, 2, NULL },
	{ "at night, earlier", "after: 13h, send: a, on_quiet: earlier", "high", START,
	    MS_DAY, MSG_ACCEPTED, REASON_NONE, 2, "2026-03-10T21:43:40+08:00" },
	{ "at night, of no use by eight", "after: 13h, send: a, expires: 2h", "high",
	    START, MS_DAY, MSG_SUPPRESSED, REASON_EXPIRED, 2, NULL },
	{ "capped: skip", "after: 1h, send: a", "none", START, MS_DAY, MSG_SUPPRESSED,
	    REASON_CAPPED, 2, NULL },
	{ "capped: exit", "after: 1h, send: a, on_cap: exit", "none", START, MS_DAY,
	    MSG_SUPPRESSED, REASON_CAPPED, 1, NULL },
	{ "capped: retry, until it has lost its use",
	    "after: 1h, send: a, on_cap: retry, expires: 3d", "none", START, 5 * MS_DAY,
	    MSG_SUPPRESSED, REASON_CAPPED, 2, NULL },
	{ "capped: retry, in the next month",
	    "after: 1h, send: a, on_cap: retry, expires: 3d", "used",
	    "2026-03-31T10:00:00+08:00", MS_DAY, MSG_ACCEPTED, REASON_NONE, 2,
	    "2026-04-01T08:00:00+08:00" },
	{ "held over the end of the month", "after: 13h, send: a", "used",
	    "2026-03-31T10:00:00+08:00", MS_DAY, MSG_ACCEPTED, REASON_NONE, 2,
	    "2026-04-01T08:00:00+08:00" },
	{ "past: skip", "at: day 1 08:00, send: a, expires: 1h", "high", START, MS_HOUR,
	    MSG_ACCEPTED, REASON_NONE, 2, START },
	{ "a channel that has no address", "after: 1h, send: [p, a]", "high", START,
	    MS_DAY, MSG_ACCEPTED, REASON_NONE, 2, "2026-03-10T11:00:00+08:00" },
	{ "no channel at all", "after: 1h, send: p", "high", START, MS_DAY,
	    MSG_SUPPRESSED, REASON_NO_ADDRESS, 2, NULL },
};

static void
refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct row *r = &rows[i];
		char *text = g_strdup_printf(VISIT
		    "  - { id: one, %s }\n  - { id: two, after: 1m, send: s }\n",
		    r->step);
		struct stage *s = stage_new(r->start, CARE, text, "config/policy.yaml",
		    "quiet:\n  - { id: night, from: \"22:00\", to: \"08:00\" }\n"
		    "tiers:\n  high: { cap: 3 }\n  used: { cap: 1 }\n  none: { cap: 0 "
		    "}\nmin_gap: none\n"
		    "limits: [{ window: 1m, max: 1000, category: marketing }]\n"
		    "service: { per_day: 100, per_month: 1000 }\n",
		    NULL);
		int64_t id = stage_customer(s, "C1", r->tier, PHONE, "");
		struct err e = { 0 };
		char scope[32];
		bool came = false;

		print_message("%s\n", r->name);
		g_snprintf(scope, sizeof(scope), "c%" G_GINT64_FORMAT, id);
		if (strcmp(r->tier, "used") == 0)
			assert_int_equal(cap_take(s->store, scope, MONTH, 1, &e), 1);
		stage_event(s, "v1", "C1", "visit");
		stage_run(s, r->span);
		stage_expect(s, "C1", 0, r->state, r->reason);
		assert_int_equal(stage_touch(s, "C1", 0, NULL), r->touches);
		for (guint k = 0; k < s->letters->len; k++) {
			const struct letter *l = s->letters->pdata[k];

			if (strstr(l->text, "one") == NULL)
				continue;
			assert_false(came);
			came = true;
			assert_non_null(r->at);
			if (l->at < stage_at(r->at) ||
			    l->at > stage_at(r->at) + 6 * MS_MINUTE)
				fail_msg("%s: off by %lld s", r->name,
				    (long long)(l->at - stage_at(r->at)) / 1000);
		}
		assert_int_equal(came, r->at != NULL);
		stage_free(s);
		g_free(text);
	}
}

/* Two want the last slot at one instant, in one transaction: one gets it. */
static void
one_slot_for_two(void **state)
{
	struct stage *s =
	    stage_new(START, CARE, VISIT "  - { id: one, after: 1m, send: a }\n", OTHER,
		"playbook: other\ncategory: marketing\nstatus: live\nstart: { on: visit "
		"}\nsteps:\n"
		"  - { id: one, after: 1m, send: b }\n",
		NULL);
	int64_t id = stage_customer(s, "C1", "low", PHONE, "");

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	assert_int_equal(stage_used(s, id, MONTH), 1);
	stage_free(s);
}

/* Two customers with one number: its cap counts for both. */
static void
one_number_for_two(void **state)
{
	struct stage *s =
	    stage_new(START, CARE, VISIT "  - { id: one, after: 1m, send: a }\n", NULL);

	(void)state;
	stage_customer(s, "C1", "low", PHONE, "");
	stage_customer(s, "C2", "low", PHONE, "");
	stage_event(s, "v1", "C1", "visit");
	stage_event(s, "v2", "C2", "visit");
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	stage_free(s);
}

/* A first address that is full says nothing about the second, which is the one in use. */
static void
the_number_in_use(void **state)
{
	struct stage *s = stage_new(
	    START, CARE, VISIT "  - { id: one, after: 1m, send: [a, p] }\n", NULL);
	char scope[32];
	struct err e = { 0 };
	int64_t id;

	(void)state;
	id = stage_customer(s, "C1", "low", PHONE, "device-1");
	g_snprintf(scope, sizeof(scope), "a%" G_GINT64_MODIFIER "x",
	    (guint64)customer_hash(s->store, CHANNEL_SMS, PHONE));
	assert_int_equal(cap_take(s->store, scope, MONTH, 1, &e), 1);
	assert_int_equal(customer_invalidate(s->store, id, CHANNEL_SMS, &e), 0);
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	stage_free(s);
}

/* What cannot be looked up is not taken for a yes. */
static void
consent_cannot_be_looked_up(void **state)
{
	struct stage *s =
	    stage_new(START, CARE, VISIT "  - { id: one, after: 1m, send: a }\n", NULL);
	struct err e = { 0 };

	(void)state;
	stage_customer(s, "C1", "high", PHONE, "");
	stage_customer(s, "C2", "high", "+8619900000002", "");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, 2 * MS_MINUTE);
	assert_int_equal(s->letters->len, 1);
	assert_int_equal(
	    sql_script(s->store, "ALTER TABLE optout RENAME TO lost", &e), 0);
	stage_event(s, "v2", "C2", "visit");
	stage_run(s, MS_DAY);
	assert_int_equal(s->letters->len, 1);
	stage_expect(s, "C2", 0, MSG_SUPPRESSED, REASON_TEMPLATE_ERROR);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals),
		cmocka_unit_test(one_slot_for_two),
		cmocka_unit_test(one_number_for_two),
		cmocka_unit_test(the_number_in_use),
		cmocka_unit_test(consent_cannot_be_looked_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
