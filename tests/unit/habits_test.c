/* habits_test.c - same seed, same people; and they behave at plausible rates.
 * proves: 2.5 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/habits.h"

#define CROWD 20000
#define NOON INT64_C(1795320000000) /* 2026-11-22T12:00:00+08:00, a Sunday */

struct counts {
	int delivered, dead, opened, clicked, replied, stopped, complained, visited,
	    scanned;
	int answered_figure;
};

static uint64_t
person(int i)
{
	char address[32];
	int len = snprintf(address, sizeof address, "+86100%08d", i);
	return habits_person(address, (size_t)len);
}

static bool
is_stop(const char *text)
{
	static const char *const words[] = { "TD", "T", "td", "ＴＤ", "退订", "拒收", "R",
		"别发了", "不要再发了" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strncmp(text, words[i], strlen(words[i])) == 0)
			return true;
	return strstr(text, "退订") != NULL;
}

static void
count(const struct habits *h, struct counts *c)
{
	c->delivered += h->delivered;
	c->dead += h->bad_address;
	for (int i = 0; i < h->n; i++) {
		const struct habit_act *a = &h->acts[i];
		c->opened += a->kind == HABIT_OPEN;
		c->clicked += a->kind == HABIT_CLICK;
		c->scanned += a->kind == HABIT_SCAN;
		c->visited += a->kind == HABIT_VISIT;
		c->complained += a->kind == HABIT_COMPLAINT;
		c->stopped += a->kind == HABIT_UNSUBSCRIBE;
		if (a->kind != HABIT_REPLY)
			continue;
		c->replied++;
		c->stopped += is_stop(a->text);
		c->answered_figure += a->text[0] >= '0' && a->text[0] <= '9';
		c->complained +=
		    strstr(a->text, "投诉") != NULL || strstr(a->text, "举报") != NULL;
	}
}

static struct counts
crowd(struct habits_message m)
{
	struct counts c = { 0 };
	for (int i = 0; i < CROWD; i++) {
		struct habits h;
		m.person = person(i);
		m.nth = (uint64_t)i;
		habits_draw(7, &m, &h);
		count(&h, &c);
	}
	return c;
}

static void
assert_rate(const char *row, int n, double low, double high)
{
	double rate = (double)n / CROWD;
	if (rate < low || rate > high)
		fail_msg("%s: %.4f is not within %.4f and %.4f", row, rate, low, high);
}

static void
test_rates(void **state)
{
	(void)state;
	static const struct {
		const char *row;
		struct habits_message m;
		double open[2], click[2], reply[2], stop[2], visit[2];
	} rows[] = {
		{ "sms, marketing",
		    { .channel = CHANNEL_SMS,
			.text = "到店免费检测，退订回TD",
			.links = 1 },
		    { 0, 0 }, { 0.015, 0.05 }, { 0.008, 0.02 }, { 0.002, 0.006 },
		    { 0.005, 0.02 } },
		{ "sms that asks",
		    { .channel = CHANNEL_SMS, .text = "回复1预约免费检测，退订回TD" },
		    { 0, 0 }, { 0, 0 }, { 0.095, 0.135 }, { 0.002, 0.006 },
		    { 0.005, 0.02 } },
		{ "wecom", { .channel = CHANNEL_WECOM, .text = "冬天胎压", .links = 1 },
		    { 0.27, 0.38 }, { 0.07, 0.13 }, { 0.008, 0.02 }, { 0.002, 0.006 },
		    { 0.01, 0.04 } },
		{ "push", { .channel = CHANNEL_PUSH, .text = "积分到账", .links = 1 },
		    { 0.10, 0.20 }, { 0.02, 0.08 }, { 0, 0 }, { 0.002, 0.006 },
		    { 0.005, 0.03 } },
		{ "email",
		    { .channel = CHANNEL_EMAIL, .text = "您的保养记录", .links = 3 },
		    { 0.17, 0.26 }, { 0.04, 0.09 }, { 0.004, 0.012 }, { 0.002, 0.006 },
		    { 0.008, 0.03 } },
		{ "service sms",
		    { .channel = CHANNEL_SMS,
			.category = CATEGORY_SERVICE,
			.text = "明天见" },
		    { 0, 0 }, { 0, 0 }, { 0.004, 0.012 }, { 0, 0.0012 }, { 0.01, 0.03 } },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct habits_message m = rows[i].m;
		m.at = NOON;
		m.offset = 480;
		struct counts c = crowd(m);
		assert_rate(rows[i].row, c.delivered, 0.94, 0.995);
		assert_rate(rows[i].row, c.opened, rows[i].open[0], rows[i].open[1]);
		assert_rate(rows[i].row, c.clicked, rows[i].click[0], rows[i].click[1]);
		assert_rate(rows[i].row, c.replied, rows[i].reply[0], rows[i].reply[1]);
		assert_rate(rows[i].row, c.stopped, rows[i].stop[0], rows[i].stop[1]);
		assert_rate(rows[i].row, c.visited, rows[i].visit[0], rows[i].visit[1]);
		assert_rate(rows[i].row, c.complained, 0, 0.001);
	}
}

static void
test_too_much_tires(void **state)
{
	(void)state;
	struct habits_message m = {
		.channel = CHANNEL_WECOM, .text = "特惠", .at = NOON, .offset = 480
	};
	struct counts few = crowd(m);
	m.recent = 20;
	struct counts many = crowd(m);
	assert_true(many.opened < few.opened * 2 / 3);
	assert_true(many.stopped > few.stopped * 2);
	assert_true(many.complained > few.complained);
}

static void
test_same_seed_same_behaviour(void **state)
{
	(void)state;
	struct habits_message m = { .person = person(3),
		.nth = 9,
		.channel = CHANNEL_EMAIL,
		.text = "回复1",
		.links = 2,
		.at = NOON,
		.offset = 480 };
	int differ = 0;
	for (uint64_t i = 0; i < 200; i++) {
		struct habits a, b, c;
		m.nth = i;
		habits_draw(11, &m, &a);
		habits_draw(11, &m, &b);
		habits_draw(12, &m, &c);
		assert_int_equal(a.n, b.n);
		assert_memory_equal(&a, &b, sizeof a);
		differ += a.n != c.n || a.receipt_after != c.receipt_after;
	}
	assert_true(differ > 150);
}

/* Whoever cannot be reached does nothing, now and later. */
static void
test_dead_addresses_stay_dead(void **state)
{
	(void)state;
	int dead = 0;
	for (int i = 0; i < CROWD; i++) {
		struct habits first, then;
		struct habits_message m = { .person = person(i),
			.channel = CHANNEL_SMS,
			.text = "回复1",
			.at = NOON,
			.offset = 480 };
		habits_draw(5, &m, &first);
		m.nth = 77;
		habits_draw(5, &m, &then);
		assert_int_equal(first.bad_address, then.bad_address);
		if (!first.bad_address)
			continue;
		dead++;
		assert_false(then.delivered);
		assert_int_equal(then.n, 0);
		assert_string_equal(then.perr, "absent");
	}
	assert_rate("dead numbers", dead, 0.010, 0.020);
}

static int
local_hour(ms_t at)
{
	return (int)((at + 8 * MS_HOUR) / MS_HOUR % 24);
}

static void
test_order_and_hours(void **state)
{
	(void)state;
	for (int i = 0; i < CROWD; i++) {
		struct habits h;
		struct habits_message m = { .person = person(i),
			.nth = (uint64_t)i,
			.channel = (enum channel)(i % 4),
			.text = "回复1-5",
			.links = 2,
			.at = NOON + (ms_t)(i % 24) * MS_HOUR,
			.offset = 480 };
		habits_draw(3, &m, &h);
		for (int k = 0; k < h.n; k++) {
			const struct habit_act *a = &h.acts[k];
			int hour = local_hour(m.at + a->after);
			assert_true(a->after > h.receipt_after);
			assert_true(k == 0 || a->after >= h.acts[k - 1].after);
			assert_true(a->link >= 0 && a->link < 2);
			if (a->kind == HABIT_VISIT)
				assert_true(hour >= 9 && hour < 18 && a->yuan > 0);
			else if (a->kind == HABIT_OPEN || a->kind == HABIT_REPLY)
				assert_true(hour >= 7 && hour <= 23);
			/* A person is never quicker than a machine may be taken for. */
			if (a->kind == HABIT_CLICK)
				assert_true(a->after > h.receipt_after + 2 * MS_SECOND);
		}
	}
}

static void
test_answers_to_what_is_asked(void **state)
{
	(void)state;
	static const struct {
		const char *row, *text;
		int low, high; /* figures that may come; low > high: none */
	} rows[] = {
		{ "a booking", "回复1预约，退订回复TD", 1, 1 },
		{ "a scale", "请回复1-5分为我们打分", 1, 5 },
		{ "a wide scale", "满意吗？回复 0～10 即可", 0, 10 },
		{ "in words", "请回复数字 1至5", 1, 5 },
		{ "in English", "Reply 1 to book", 1, 1 },
		{ "only the way out", "回复TD退订", 1, 0 },
		{ "no question", "冬天请注意胎压", 1, 0 },
		{ "a year is no scale", "回复2026年计划", 1, 0 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int figures = 0;
		for (int k = 0; k < CROWD; k++) {
			struct habits h;
			struct habits_message m = { .person = person(k),
				.nth = 1,
				.channel = CHANNEL_SMS,
				.text = rows[i].text,
				.at = NOON,
				.offset = 480 };
			habits_draw(3, &m, &h);
			for (int a = 0; a < h.n; a++) {
				const char *text = h.acts[a].text;
				if (h.acts[a].kind != HABIT_REPLY || text[0] < '0' ||
				    text[0] > '9')
					continue;
				figures++;
				if (atoi(text) < rows[i].low || atoi(text) > rows[i].high)
					fail_msg("%s: answered %s", rows[i].row, text);
			}
		}
		assert_rate(rows[i].row, figures, rows[i].low <= rows[i].high ? 0.08 : 0,
		    rows[i].low <= rows[i].high ? 0.13 : 0);
	}
}

/* Over 80 % of the calls that succeed, on workdays 10-11 and 15-16. */
static void
test_calls_reach_people_when_they_can_talk(void **state)
{
	(void)state;
	int best[4] = { 0 }, noon[4] = { 0 };
	ms_t tuesday_ten = NOON + 2 * MS_DAY - 2 * MS_HOUR;
	for (int i = 0; i < CROWD; i++) {
		best[habits_call(1, person(i), 0, tuesday_ten, 480)]++;
		noon[habits_call(1, person(i), 0, tuesday_ten + 3 * MS_HOUR, 480)]++;
	}
	assert_true(best[HABIT_CALL_REACHED] > 2 * noon[HABIT_CALL_REACHED]);
	assert_rate("reached at ten", best[HABIT_CALL_REACHED], 0.45, 0.65);
	assert_rate("refused at ten", best[HABIT_CALL_REFUSED], 0.02, 0.12);
	assert_rate("wrong number at ten", best[HABIT_CALL_WRONG], 0.0005, 0.006);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_too_much_tires),
		cmocka_unit_test(test_same_seed_same_behaviour),
		cmocka_unit_test(test_dead_addresses_stay_dead),
		cmocka_unit_test(test_order_and_hours),
		cmocka_unit_test(test_answers_to_what_is_asked),
		cmocka_unit_test(test_calls_reach_people_when_they_can_talk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
