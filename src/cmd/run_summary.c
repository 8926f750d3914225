#include "run_summary.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <jansson.h>

#include "base/zone.h"
#include "core/message.h"
#include "core/words.h"

#define BAR 24

struct run_summary {
	struct engine *en;
	struct timer timer;
	void (*done)(void *arg, bool balanced);
	void *arg;
	int days, day;
	ms_t start;
	int64_t sent_before;
	bool asking, closing;
};

static int64_t
number(const json_t *j, const char *key)
{
	return json_integer_value(json_object_get(j, key));
}

static void
bar(int64_t n, int64_t full)
{
	int64_t cells = full == 0 ? 0 : (n * BAR + full - 1) / full;

	for (int i = 0; i < BAR; i++)
		fputs(i < cells ? "█" : " ", stdout);
}

static void
heading(void)
{
	printf("day         sent today                      "
	       "   sms  wecom email  push | held until        | capped replies opt-outs goals\n");
}

static void
day_line(struct run_summary *s, const json_t *j)
{
	const json_t *b = json_object_get(j, "balance");
	const json_t *by = json_object_get(b, "sent_by");
	int64_t sent = number(b, "sent"), today = sent - s->sent_before;
	const char *until = json_string_value(json_object_get(b, "held_until"));
	const char *now = json_string_value(json_object_get(j, "now"));

	if (s->day % 20 == 1)
		heading();
	printf("%.10s  %5" G_GINT64_FORMAT " ", now, today);
	bar(today, number(j, "customers") / 10);
	printf(" %6" G_GINT64_FORMAT " %6" G_GINT64_FORMAT " %5" G_GINT64_FORMAT " %5" G_GINT64_FORMAT
	       " | %4" G_GINT64_FORMAT " %-12.11s | %6" G_GINT64_FORMAT " %7" G_GINT64_FORMAT
	       " %8" G_GINT64_FORMAT " %5" G_GINT64_FORMAT "\n",
	    number(by, "sms"), number(by, "wecom"), number(by, "email"), number(by, "push"),
	    number(b, "held"), until == NULL || strlen(until) < 16 ? "" : until + 5,
	    number(b, "capped"), number(j, "replies"), number(j, "opt_outs"),
	    number(json_object_get(b, "runs"), "goals"));
	fflush(stdout);
	s->sent_before = sent;
}

static void
balance_table(const json_t *j)
{
	const json_t *b = json_object_get(j, "balance"), *runs = json_object_get(b, "runs");
	int64_t touches = number(b, "touches");

	printf("\nthe balance: %" G_GINT64_FORMAT " touches\n", touches);
	for (int i = 0; i < COLUMNS; i++) {
		int64_t n = number(b, column_name(i));

		printf("  %-10s %8" G_GINT64_FORMAT " ", column_name(i), n);
		bar(n, touches);
		putchar('\n');
	}
	printf("runs: %" G_GINT64_FORMAT " entered = %" G_GINT64_FORMAT " running + %" G_GINT64_FORMAT
	       " watching + %" G_GINT64_FORMAT " finished + %" G_GINT64_FORMAT
	       " left + %" G_GINT64_FORMAT " control; %" G_GINT64_FORMAT " goals\n",
	    number(runs, "entered"), number(runs, "running"), number(runs, "watching"),
	    number(runs, "finished"), number(runs, "left"), number(runs, "control"),
	    number(runs, "goals"));
	printf(json_is_true(json_object_get(b, "balanced")) ?
		"it balances: every touch stands in exactly one column\n" :
		"IT DOES NOT BALANCE\n");
	fflush(stdout);
}

static void
told(void *arg, int status, const char *text)
{
	struct run_summary *s = arg;
	json_t *j = json_loads(text, 0, NULL);
	bool balanced;

	s->asking = false;
	if (status == 200 && j != NULL) {
		day_line(s, j);
		if (s->day >= s->days) {
			balanced = json_is_true(
			    json_object_get(json_object_get(j, "balance"), "balanced"));
			balance_table(j);
			s->closing = true;
			s->done(s->arg, balanced);
		}
	}
	json_decref(j);
}

static void
tick(struct timer *t)
{
	struct run_summary *s = (struct run_summary *)((char *)t - offsetof(struct run_summary, timer));
	struct world *w = engine_world(s->en);

	if (s->closing)
		return;
	if (!s->asking) {
		s->asking = true;
		s->day++;
		engine_status(s->en, told, s);
	}
	w->timer_set(w, t, s->start + (s->day + 1) * MS_DAY);
}

struct run_summary *
run_summary_new(struct engine *en, int days, void (*done)(void *arg, bool balanced), void *arg)
{
	struct run_summary *s = g_new0(struct run_summary, 1);
	struct world *w = engine_world(en);

	s->en = en;
	s->days = days;
	s->done = done;
	s->arg = arg;
	s->start = w->now(w);
	s->timer.fire = tick;
	w->timer_set(w, &s->timer, s->start + MS_DAY);
	return s;
}

void
run_summary_free(struct run_summary *s)
{
	g_free(s);
}
