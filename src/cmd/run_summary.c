#include "run_summary.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <jansson.h>

#include "base/zone.h"
#include "core/message.h"
#include "core/words.h"

#define BAR 16
#define DAY_BAR 8

/* Figures of a status; a line of a day shows how much they grew. */
struct figures {
	int64_t by[CHANNELS]; /* sent; phone: calls made */
	int64_t sent, capped, replies, opt_outs, goals;
};

struct run_summary {
	struct engine *en;
	struct timer timer;
	void (*done)(void *arg, bool balanced);
	void *arg;
	int days, day;
	int64_t today; /* the local day under way */
	struct figures before;
	bool closing;
};

static int64_t
number(const json_t *j, const char *key)
{
	return json_integer_value(json_object_get(j, key));
}

static void
bar(int64_t n, int64_t full, int width)
{
	int64_t cells = full == 0 ? 0 : (n * width + full - 1) / full;

	for (int i = 0; i < width; i++)
		fputs(i < cells ? "█" : " ", stdout);
}

static void
heading(void)
{
	printf("\n%-9s %5s %5s %5s %5s %5s %*s %5s %-11s %4s %5s %4s %4s\n", "day", "sms",
	    "wecom", "email", "push", "phone", DAY_BAR, "", "held", "until", "cap", "reply",
	    "stop", "goal");
}

static struct figures
figures(const json_t *j)
{
	const json_t *b = json_object_get(j, "balance"),
		     *by = json_object_get(b, "sent_by");
	struct figures f = {
		.sent = number(b, "sent"),
		.capped = number(b, "capped"),
		.replies = number(j, "replies"),
		.opt_outs = number(j, "opt_outs"),
		.goals = number(json_object_get(b, "runs"), "goals"),
	};

	for (int i = 0; i < CHANNELS; i++)
		f.by[i] = number(by, channel_name(i));
	return f;
}

/* "2026-11-24T08:00:22+08:00" as "11-24 08:00"; "" when nothing is held. */
static void
until_text(const char *at, char *buf, size_t size)
{
	g_snprintf(buf, size, "%.11s", at == NULL || strlen(at) < 16 ? "" : at + 5);
	if (strlen(buf) > 5)
		buf[5] = ' ';
}

static void
day_line(struct run_summary *s, const json_t *j)
{
	static const char *const names[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat",
		"Sun" };
	const json_t *b = json_object_get(j, "balance");
	const struct figures f = figures(j), *was = &s->before;
	struct date d = date_from_days(s->today);
	char until[16];

	until_text(
	    json_string_value(json_object_get(b, "held_until")), until, sizeof(until));
	if (s->day % 20 == 1)
		heading();
	printf("%s %02d-%02d", names[date_weekday(s->today)], d.month, d.day);
	for (int i = 0; i < CHANNELS; i++)
		printf(" %5" G_GINT64_FORMAT, f.by[i] - was->by[i]);
	putchar(' ');
	bar(f.sent - was->sent, MAX(number(j, "customers") / 10, 1), DAY_BAR);
	printf(" %5" G_GINT64_FORMAT " %-11s %4" G_GINT64_FORMAT " %5" G_GINT64_FORMAT
	       " %4" G_GINT64_FORMAT " %4" G_GINT64_FORMAT "\n",
	    number(b, "held"), until, f.capped - was->capped, f.replies - was->replies,
	    f.opt_outs - was->opt_outs, f.goals - was->goals);
	fflush(stdout);
	s->before = f;
}

static void
column_line(const json_t *b, enum column column, int64_t touches)
{
	static const char *const means[COLUMNS] = {
		[COLUMN_PLANNED] = "not due yet",
		[COLUMN_HELD] = "due; waits for quiet hours, gaps, its turn",
		[COLUMN_AWAITING] = "on its way, or with a person",
		[COLUMN_SENT] = "",
		[COLUMN_UNKNOWN] = "no clear answer; never resent blindly",
		[COLUMN_CAPPED] = "the customer has had enough for now",
		[COLUMN_OPTED_OUT] = "the customer said no, or never said yes",
		[COLUMN_EXPIRED] = "too late to be of use",
		[COLUMN_FAILED] = "no address, or refused by the provider",
		[COLUMN_LEFT] = "goal met, or the playbook was left",
		[COLUMN_CONTROL] = "held out on purpose, to measure the rest",
	};
	const json_t *by = json_object_get(b, "sent_by");
	int64_t n = number(b, column_name((int)column));

	printf("  %-10s %8" G_GINT64_FORMAT " ", column_name((int)column), n);
	bar(n, touches, BAR);
	printf("  %s", means[column]);
	for (int i = 0; column == COLUMN_SENT && i < CHANNELS; i++)
		printf("%s%s %" G_GINT64_FORMAT, i == 0 ? "" : ", ", channel_name(i),
		    number(by, channel_name(i)));
	putchar('\n');
}

/* What people were asked to do: calls, and what needs a person. */
static void
task_line(const json_t *tasks)
{
	static const char *const states[] = { "open", "waiting", "escalated", "done",
		"withdrawn", "lapsed" };
	int64_t all = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
		all += number(tasks, states[i]);
	printf("tasks: %" G_GINT64_FORMAT " asked =", all);
	for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
		printf("%s %" G_GINT64_FORMAT " %s", i > 0 ? " +" : "",
		    number(tasks, states[i]), states[i]);
	putchar('\n');
}

static void
balance_table(const json_t *j)
{
	const json_t *b = json_object_get(j, "balance"),
		     *runs = json_object_get(b, "runs");
	int64_t touches = number(b, "touches");

	printf("\nthe balance of %" G_GINT64_FORMAT " touches\n", touches);
	for (int i = 0; i < COLUMNS; i++)
		column_line(b, (enum column)i, touches);
	printf("runs: %" G_GINT64_FORMAT " entered = %" G_GINT64_FORMAT
	       " running + %" G_GINT64_FORMAT " watching + %" G_GINT64_FORMAT
	       " finished + %" G_GINT64_FORMAT " left + %" G_GINT64_FORMAT
	       " control\nmet their goal: %" G_GINT64_FORMAT "\n",
	    number(runs, "entered"), number(runs, "running"), number(runs, "watching"),
	    number(runs, "finished"), number(runs, "left"), number(runs, "control"),
	    number(runs, "goals"));
	task_line(json_object_get(j, "tasks"));
	puts(json_is_true(json_object_get(b, "balanced"))
		 ? "it balances: every touch stands in exactly one column"
		 : "IT DOES NOT BALANCE: a touch is missing or stands twice; please "
		   "report it");
	fflush(stdout);
}

static const struct zone *
zone_of(const struct run_summary *s)
{
	return engine_catalog(s->en)->config->entity.zone;
}

/* Wakes at the midnight that ends `today`. */
static void
wait_for_midnight(struct run_summary *s)
{
	struct world *w = engine_world(s->en);

	w->timer_set(w, &s->timer, zone_instant(zone_of(s), s->today + 1, 0));
}

static void
told(void *arg, int status, const char *text)
{
	struct run_summary *s = arg;
	json_t *j = s->closing ? NULL : json_loads(text, 0, NULL);
	bool balanced;

	if (status == 200 && j != NULL) {
		s->day++;
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
	s->today++;
	if (!s->closing)
		wait_for_midnight(s);
}

static void
tick(struct timer *t)
{
	struct run_summary *s =
	    (struct run_summary *)((char *)t - offsetof(struct run_summary, timer));

	engine_status(s->en, told, s);
}

struct run_summary *
run_summary_new(
    struct engine *en, int days, void (*done)(void *arg, bool balanced), void *arg)
{
	struct run_summary *s = g_new0(struct run_summary, 1);
	struct world *w = engine_world(en);
	struct local now;

	s->en = en;
	s->days = days;
	s->done = done;
	s->arg = arg;
	s->timer.fire = tick;
	zone_local(zone_of(s), w->now(w), &now);
	s->today = now.day;
	wait_for_midnight(s);
	return s;
}

void
run_summary_end(struct run_summary *s)
{
	s->days = 0;
	engine_status(s->en, told, s);
}

void
run_summary_free(struct run_summary *s)
{
	g_free(s);
}
