/* sim_test.c - many seeds of the simulator, on all processors; and that its referee sees.
 *
 * SEEDS=5-80 chooses other seeds than 1-200, LARGE=0 leaves out the large towns,
 * WORKERS=N the processes. A failing seed prints how to run it again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

#include "../../src/cmd/accounts.h"
#include "../../src/sim/referee_impl.h"
#include "base/log.h"
#include "sim/trial.h"

#define SHIPPED 0
#define CROWDED 1

/* What all workers together have done: shared memory. */
struct total {
	int next, failed, deaths, reloads, orders, taken, unknown;
};

struct ground {
	struct catalog *sets[2][2];
	int n_sets[2];
	struct total *total;
};

static struct catalog *
load(const char *dir)
{
	struct report *r = report_new();
	struct catalog *c = catalog_load((const char *const[]){ dir, NULL }, r);

	if (c == NULL)
		report_print(r, stderr);
	report_free(r);
	assert_non_null(c);
	return c;
}

static int
set_up(void **state)
{
	struct ground *g = g_new0(struct ground, 1);

	accounts_register();
	log_threshold(LOG_LEVEL_INFO);
	g->sets[SHIPPED][0] = load("config");
	g->n_sets[SHIPPED] = 1;
	g->sets[CROWDED][0] = load("tests/sim/crowded/config");
	g->sets[CROWDED][1] = load("tests/sim/crowded/next");
	g->n_sets[CROWDED] = 2;
	g->total = mmap(NULL, sizeof(*g->total), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	*state = g;
	return g->total == MAP_FAILED ? -1 : 0;
}

static int
tear_down(void **state)
{
	struct ground *g = *state;

	catalog_unref(g->sets[SHIPPED][0]);
	catalog_unref(g->sets[CROWDED][0]);
	catalog_unref(g->sets[CROWDED][1]);
	munmap(g->total, sizeof(*g->total));
	g_free(g);
	return 0;
}

/* ---- many seeds ---- */

struct stint {
	uint64_t seed;
	int set, customers, days;
};

static void
one(struct ground *g, const struct stint *j)
{
	const struct trial_options o = { .seed = j->seed,
		.customers = j->customers,
		.days = j->days,
		.faults = j->seed % 20 != 0,
		.sets = g->sets[j->set],
		.n_sets = g->n_sets[j->set],
		.program = j->set == SHIPPED
			       ? "reachd"
			       : "with --config tests/sim/crowded/config --other "
				 "tests/sim/crowded/next: reachd" };
	struct trial t, again;

	if (trial_run(&o, &t) != 0) {
		trial_print(&o, &t, stderr);
		__atomic_add_fetch(&g->total->failed, 1, __ATOMIC_SEQ_CST);
	}
	/* One in twenty runs again and must leave the same trace. */
	if (j->seed % 20 == 1 && j->customers <= 200) {
		trial_run(&o, &again);
		if (again.trace != t.trace) {
			fprintf(stderr,
			    "seed %" G_GUINT64_FORMAT ": two runs, two traces\n",
			    j->seed);
			__atomic_add_fetch(&g->total->failed, 1, __ATOMIC_SEQ_CST);
		}
	}
	__atomic_add_fetch(&g->total->deaths, t.deaths, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&g->total->reloads, t.reloads, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&g->total->orders, t.orders, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&g->total->taken, t.taken, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&g->total->unknown, (int)t.unknown, __ATOMIC_SEQ_CST);
}

static void
work(struct ground *g, const GArray *jobs)
{
	int i;

	while ((i = __atomic_fetch_add(&g->total->next, 1, __ATOMIC_SEQ_CST)) <
	       (int)jobs->len)
		one(g, &g_array_index(jobs, struct stint, i));
}

static int
workers(void)
{
	const char *text = getenv("WORKERS");
	long n = text != NULL ? atol(text) : sysconf(_SC_NPROCESSORS_ONLN);

	return (int)CLAMP(n, 1, 64);
}

/* Every worker takes the next job; a worker that dies has failed. */
static void
run_all(struct ground *g, const GArray *jobs)
{
	int n = workers();

	*g->total = (struct total){ 0 };
	fflush(NULL);
	for (int i = 0; i < n; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			work(g, jobs);
			fflush(NULL);
			_exit(0);
		}
	}
	for (int i = 0; i < n; i++) {
		int status;

		assert_true(wait(&status) > 0);
		if (status != 0)
			g->total->failed++;
	}
	printf("%u towns, %d messages taken, %d deaths, %d reloads, %d orders by hand\n",
	    jobs->len, g->total->taken, g->total->deaths, g->total->reloads,
	    g->total->orders);
	assert_int_equal(g->total->failed, 0);
}

static void
small_towns(void **state)
{
	struct ground *g = *state;
	const char *range = getenv("SEEDS");
	GArray *jobs = g_array_new(FALSE, FALSE, sizeof(struct stint));
	uint64_t first = 1, last = 200;

	if (range != NULL) {
		char *rest;

		first = last = g_ascii_strtoull(range, &rest, 10);
		if (*rest == '-')
			last = g_ascii_strtoull(rest + 1, NULL, 10);
	}
	for (uint64_t s = first; s <= last; s++) {
		struct stint j = { s, s % 2 ? CROWDED : SHIPPED, 200, 30 };

		g_array_append_val(jobs, j);
	}
	run_all(g, jobs);
	if (jobs->len >= 50) {
		/* A quiet sky would prove nothing. */
		assert_true(g->total->deaths > (int)jobs->len);
		assert_true(g->total->reloads > (int)jobs->len / 2);
		assert_true(g->total->orders > 4 * (int)jobs->len);
	}
	g_array_unref(jobs);
}

/* Told after the gate had run and before T2 was answered: neither the gate nor a guard that
 * asked only for stops since the answer knew of it. */
static void
a_stop_between_the_gate_and_its_answer(void **state)
{
	const struct stint j = { 179, CROWDED, 200, 30 };
	GArray *jobs = g_array_new(FALSE, FALSE, sizeof(struct stint));

	g_array_append_val(jobs, j);
	run_all(*state, jobs);
	g_array_unref(jobs);
}

static void
large_towns(void **state)
{
	struct ground *g = *state;
	const struct stint large[] = { { 1001, CROWDED, 2000, 90 },
		{ 1002, SHIPPED, 2000, 90 }, { 1003, SHIPPED, 2000, 90 },
		{ 1004, SHIPPED, 2000, 90 } };
	GArray *jobs;

	if (getenv("LARGE") != NULL && strcmp(getenv("LARGE"), "0") == 0)
		skip();
	jobs = g_array_new(FALSE, FALSE, sizeof(struct stint));
	g_array_append_vals(jobs, large, G_N_ELEMENTS(large));
	run_all(g, jobs);
	g_array_unref(jobs);
}

/* ---- does the referee see? ---- */

static void
minutes(void **state)
{
	static const struct {
		const char *name, *at, *zone, *rule;
		int channel, category;
	} rows[] = {
		{ "open", "2026-11-24T10:00:00+08:00", "Asia/Shanghai", NULL, 0, 0 },
		{ "night", "2026-11-24T22:00:00+08:00", "Asia/Shanghai", "night", 0, 0 },
		{ "night's last minute", "2026-11-24T07:59:59+08:00", "Asia/Shanghai",
		    "night", 0, 0 },
		{ "night has ended", "2026-11-24T08:00:00+08:00", "Asia/Shanghai", NULL,
		    0, 0 },
		{ "too near for sms", "2026-11-24T11:25:00+08:00", "Asia/Shanghai",
		    "lunch", 0, 0 },
		{ "not for wecom", "2026-11-24T11:25:00+08:00", "Asia/Shanghai", NULL, 1,
		    0 },
		{ "wecom's minute", "2026-11-24T11:29:10+08:00", "Asia/Shanghai", "lunch",
		    1, 0 },
		{ "elsewhere", "2026-11-24T10:00:00+08:00", "America/New_York", NULL, 0,
		    0 },
		{ "elsewhere at night", "2026-11-24T13:40:00+08:00", "America/New_York",
		    "night", 0, 0 },
		{ "sunday", "2026-11-22T09:00:00+08:00", "Asia/Shanghai", "sunday", 0,
		    0 },
		{ "sunday, service", "2026-11-22T09:00:00+08:00", "Asia/Shanghai", NULL,
		    0, 1 },
		{ "monday", "2026-11-23T09:00:00+08:00", "Asia/Shanghai", NULL, 0, 0 },
	};
	const struct ground *g = *state;
	const struct policy *p = g->sets[CROWDED][0]->policy;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *rule;
		ms_t at;

		assert_int_equal(clock_parse(rows[i].at, &at), 0);
		rule = referee_quiet(p, NULL, zone_get(rows[i].zone), rows[i].channel,
		    rows[i].category, false, false, at);
		if (g_strcmp0(rule, rows[i].rule) != 0)
			fail_msg("%s: %s", rows[i].name, rule == NULL ? "open" : rule);
	}
}

static void
words(void **state)
{
	static const struct {
		const char *text;
		enum referee_word word;
	} rows[] = { { "退订", WORD_STOP }, { "ｔ ｄ", WORD_STOP }, { "TD。", WORD_STOP },
		{ "不要再发了", WORD_STOP }, { "r", WORD_STOP }, { "取消", WORD_STOP },
		{ "取消明天的预约", WORD_NONE }, { "好的", WORD_NONE },
		{ "Tomorrow", WORD_NONE }, { "我要投诉", WORD_COMPLAINT },
		{ "打12315了", WORD_COMPLAINT } };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (referee_word(rows[i].text) != rows[i].word)
			fail_msg("row %zu", i);
}

/* A town of one customer, and what a gateway might see of him. */
struct scene {
	struct referee *r;
	struct vendor_letter l;
	struct crowd_ack stop;
};

static struct scene
scene(struct catalog *cat)
{
	struct customer c = { .ext = "C1",
		.name = "",
		.tier = "mid",
		.tz = "",
		.address = { "+8615400000000", "", "", "", "+8615400000000" } };
	struct scene s = { .r = referee_new() };
	ms_t at;

	clock_parse("2026-11-24T10:00:00+08:00", &at);
	referee_customer(s.r, &c);
	referee_rules(s.r, at - MS_DAY, cat);
	s.l = (struct vendor_letter){ .account = "a-sms",
		.key = "k",
		.ref = "r",
		.to = "+8615400000000",
		.customer = "C1",
		.channel = CHANNEL_SMS,
		.category = CATEGORY_MARKETING,
		.msg = 7,
		.n = 1,
		.left = at,
		.at = at,
		.expires = at + MS_HOUR };
	s.stop = (struct crowd_ack){ .kind = CROWD_REPLY,
		.account = "a-sms",
		.key = "1",
		.to = "+8615400000000",
		.channel = CHANNEL_SMS,
		.text = "TD",
		.said = at };
	return s;
}

static void
expect(struct scene *s, const char *begins)
{
	const char *foul = referee_verdict(s->r);

	if (begins == NULL ? foul != NULL
			   : foul == NULL || !g_str_has_prefix(foul, begins))
		fail_msg("wanted %s, was %s", begins == NULL ? "nothing" : begins,
		    foul == NULL ? "nothing" : foul);
	referee_free(s->r);
}

static void
fouls(void **state)
{
	struct catalog *cat = ((struct ground *)*state)->sets[CROWDED][0];
	struct scene s = scene(cat);
	ms_t now = s.l.left;

	referee_came(s.r, &s.l);
	referee_took(s.r, &s.l, now);
	expect(&s, NULL);

	s = scene(cat);
	referee_took(s.r, &s.l, now);
	referee_took(s.r, &s.l, now);
	expect(&s, "twice");

	s = scene(cat);
	referee_acked(s.r, &s.stop, now - 1);
	referee_came(s.r, &s.l);
	expect(&s, "opt-out");

	s = scene(cat);
	referee_acked(s.r, &s.stop, now + 1); /* it had begun before */
	referee_came(s.r, &s.l);
	expect(&s, NULL);

	s = scene(cat);
	s.stop.text = "我要投诉";
	s.l.category = CATEGORY_SERVICE;
	referee_acked(s.r, &s.stop, now - 1);
	referee_came(s.r, &s.l);
	expect(&s, "complaint");

	s = scene(cat);
	referee_start_word(s.r, CHANNEL_SMS, s.l.to, now - 5);
	s.stop.said = now - 10; /* an older stop word that comes late */
	referee_acked(s.r, &s.stop, now - 1);
	referee_came(s.r, &s.l);
	expect(&s, NULL);

	s = scene(cat);
	s.l.expires = now;
	referee_came(s.r, &s.l);
	expect(&s, "expired");

	s = scene(cat);
	referee_clock(s.r, now - 5000, true);
	referee_came(s.r, &s.l);
	expect(&s, "clock");

	s = scene(cat);
	referee_erasing(s.r, "C1");
	referee_erased(s.r, "C1", "gone:1", now - 1);
	referee_came(s.r, &s.l);
	expect(&s, "erased");

	s = scene(cat);
	s.l.to = "+8615400000001";
	referee_came(s.r, &s.l);
	expect(&s, "wire");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(minutes),
		cmocka_unit_test(words),
		cmocka_unit_test(fouls),
		cmocka_unit_test(small_towns),
		cmocka_unit_test(a_stop_between_the_gate_and_its_answer),
		cmocka_unit_test(large_towns),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
