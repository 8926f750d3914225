/* flow.c - the graph of a playbook's steps and what can be proved from it.
 *
 * Times are minutes since the midnight that begins the day of entry, so day 1 at
 * 00:00 is 0; every figure is the earliest possible. */
#include "flow_graph.h"

#include <string.h>

#include "admit.h"
#include "core/call.h"
#include "step.h"

#define HOUR_MINUTES 60

void
leads_add(struct leads *l, int target, int64_t wait)
{
	const struct playbook *p = l->playbook;
	struct edge e = { target, wait };

	if (target == STEP_NEXT)
		e.to = l->from + 1;
	else if (target == STEP_END)
		e.to = p->n_steps;
	g_array_append_val(l->edges, e);
}

void
leads_actions(struct leads *l, const struct actions *a, int64_t wait)
{
	int target = STEP_NEXT, i;

	/* The last one decides, as it does for a run. */
	for (i = 0; i < a->n; i++) {
		if (a->items[i].kind == ACTION_GOTO)
			target = a->items[i].target;
		else if (a->items[i].kind == ACTION_STOP)
			target = STEP_END;
	}
	leads_add(l, target, wait);
}

void
flow_edges(const struct playbook *p, const struct step *s, const char *tier, GArray *out)
{
	struct leads l = { p, s->index, tier, out };

	g_array_set_size(out, 0);
	if (step_kinds[s->verb].leads != NULL)
		step_kinds[s->verb].leads(s, &l);
	else
		leads_add(&l, STEP_NEXT, 0);
}

/* What a step's own timing makes of the time a run arrives at it. */
static int64_t
leave(const struct step *s, int64_t arrive)
{
	const struct timing *t = &s->timing;
	int64_t due;

	if (t->kind == TIMING_DAY) {
		due = (int64_t)(t->days - 1) * DAY_MINUTES + MAX(t->minute, 0);
		return MAX(arrive, due);
	}
	if (t->kind == TIMING_NOW || t->kind == TIMING_BEFORE)
		return arrive;
	if (t->days == 0)
		return arrive + t->delay / MS_MINUTE;
	if (t->minute < 0)
		return arrive + (int64_t)t->days * DAY_MINUTES;
	return (arrive / DAY_MINUTES + t->days) * DAY_MINUTES + t->minute;
}

/* ---- who is reached, and when at the earliest ---- */

static void
lower(int64_t *arrive, int to, int64_t at, bool *changed)
{
	if (at < arrive[to]) {
		arrive[to] = at;
		*changed = true;
	}
}

/* Earliest arrival at each step and at the end; NEVER: unreachable. */
static void
arrivals(const struct playbook *p, const char *tier, int64_t arrive[FLOW_STEPS_MAX + 1])
{
	GArray *edges = g_array_new(FALSE, FALSE, sizeof(struct edge));
	bool changed = true;
	int i, k;
	guint e;

	for (i = 0; i <= p->n_steps; i++)
		arrive[i] = i == 0 ? 0 : NEVER;
	for (i = 0; i < p->n_replies; i++) {
		const struct actions *then = &p->replies[i].then;

		for (k = 0; k < then->n; k++) {
			/* STEP_NEXT of a reply is the step after wherever the run stands.
			 */
			if (then->items[k].kind == ACTION_GOTO &&
			    then->items[k].target >= 0)
				arrive[then->items[k].target] = 0;
		}
	}
	while (changed) {
		changed = false;
		for (i = 0; i < p->n_steps; i++) {
			if (arrive[i] == NEVER)
				continue;
			flow_edges(p, &p->steps[i], tier, edges);
			for (e = 0; e < edges->len; e++) {
				struct edge *to = &g_array_index(edges, struct edge, e);

				lower(arrive, to->to,
				    leave(&p->steps[i], arrive[i]) + to->wait, &changed);
			}
		}
	}
	g_array_free(edges, TRUE);
}

static void
check_days(const struct playbook *p, struct report *r)
{
	int64_t arrive[FLOW_STEPS_MAX + 1];
	int i;

	arrivals(p, NULL, arrive);
	for (i = 0; i < p->n_steps; i++) {
		const struct step *s = &p->steps[i];
		const struct timing *t = &s->timing;
		int64_t last;

		if (arrive[i] == NEVER) {
			report_add(r, SEV_WARNING, s->at, "unreachable",
			    "lead to it with goto:, or delete it",
			    "no run ever reaches step \"%s\"", s->id);
			continue;
		}
		if (t->kind != TIMING_DAY)
			continue;
		last = (int64_t)(t->days - 1) * DAY_MINUTES +
		       (t->minute < 0 ? DAY_MINUTES - 1 : t->minute);
		if (arrive[i] > last)
			report_add(r, s->on_past == PAST_NOW ? SEV_WARNING : SEV_ERROR,
			    s->at, "backwards",
			    "days count from entry; put the steps in order, or use "
			    "after:",
			    "step \"%s\" is due on day %d, but a run comes here on day "
			    "%d at the "
			    "earliest",
			    s->id, t->days, (int)(arrive[i] / DAY_MINUTES) + 1);
	}
}

/* ---- cycles ---- */

int64_t
flow_stay(const struct step *s)
{
	const struct timing *t = &s->timing;

	return t->kind != TIMING_AFTER ? 0
	       : t->days > 0           ? (int64_t)t->days * DAY_MINUTES
				       : t->delay / MS_MINUTE;
}

struct walk {
	const struct playbook *p;
	struct report *r;
	char mark[FLOW_STEPS_MAX]; /* 0 new, 1 on the path, 2 done */
	int path[FLOW_STEPS_MAX];
	int depth;
};

static void
cycle(const struct walk *w, int to)
{
	GString *names = g_string_new(NULL);
	int i = 0;

	while (w->path[i] != to)
		i++;
	for (; i < w->depth; i++)
		g_string_append_printf(names, "%s -> ", w->p->steps[w->path[i]].id);
	g_string_append(names, w->p->steps[to].id);
	report_add(w->r, SEV_ERROR, w->p->steps[to].at, "cycle",
	    "put a wait of at least 1h into the loop", "cycle without a wait of 1h: %s",
	    names->str);
	g_string_free(names, TRUE);
}

/* then: and else: may lead to one place. */
static bool
is_repeated(const GArray *edges, guint at)
{
	for (guint i = 0; i < at; i++)
		if (g_array_index(edges, struct edge, i).to ==
		    g_array_index(edges, struct edge, at).to)
			return true;
	return false;
}

/* Follows only what takes less than an hour; at most 200 steps deep. */
static void
visit(struct walk *w, int i)
{
	GArray *edges = g_array_new(FALSE, FALSE, sizeof(struct edge));
	guint e;

	w->mark[i] = 1;
	w->path[w->depth++] = i;
	flow_edges(w->p, &w->p->steps[i], NULL, edges);
	for (e = 0; e < edges->len; e++) {
		struct edge *to = &g_array_index(edges, struct edge, e);

		if (to->to == w->p->n_steps ||
		    flow_stay(&w->p->steps[i]) + to->wait >= HOUR_MINUTES)
			continue;
		if (w->mark[to->to] == 1 && !is_repeated(edges, e))
			cycle(w, to->to);
		else if (w->mark[to->to] == 0)
			visit(w, to->to);
	}
	w->depth--;
	w->mark[i] = 2;
	g_array_free(edges, TRUE);
}

static void
check_cycles(const struct playbook *p, struct report *r)
{
	struct walk w = { .p = p, .r = r };
	int i;

	for (i = 0; i < p->n_steps; i++) {
		if (w.mark[i] == 0)
			visit(&w, i);
	}
}

/* A wait for news of a message before which nothing can have been sent. */
static void
check_news(const struct playbook *p, struct report *r)
{
	int i;

	for (i = 0; i < p->n_steps && p->steps[i].n_sends == 0; i++) {
		if (p->steps[i].facts != 0)
			report_add(r, SEV_ERROR, p->steps[i].at, "wait",
			    "put a send before it",
			    "step \"%s\" waits for news of a message, and no step before "
			    "it sends one",
			    p->steps[i].id);
	}
}

/* ---- calls that nobody makes ---- */

/* Where the run goes when nobody has called; NULL: to the end. */
static const struct step *
uncalled(const struct playbook *p, const struct step *s)
{
	int to = s->index + 1, i, k;

	for (i = 0; i < s->n_outcomes; i++) {
		if (strcmp(s->outcomes[i].name, CALL_NONE) != 0)
			continue;
		for (k = 0; k < s->outcomes[i].then.n; k++) {
			const struct action *a = &s->outcomes[i].then.items[k];

			if (a->kind == ACTION_STOP)
				to = p->n_steps;
			else if (a->kind == ACTION_GOTO && a->target != STEP_NEXT)
				to = a->target == STEP_END ? p->n_steps : a->target;
		}
	}
	return to < p->n_steps ? &p->steps[to] : NULL;
}

/* A call that is given up after the day of the step that follows costs that step. */
static void
check_calls(const struct playbook *p, struct report *r)
{
	int64_t arrive[FLOW_STEPS_MAX + 1], over;
	int i;

	arrivals(p, NULL, arrive);
	for (i = 0; i < p->n_steps; i++) {
		const struct step *s = &p->steps[i], *to;
		const struct task_spec *t = &s->task;

		if (s->verb != STEP_CALL || arrive[i] == NEVER ||
		    (to = uncalled(p, s)) == NULL || to->timing.kind != TIMING_DAY ||
		    to->on_past != PAST_SKIP)
			continue;
		over = leave(s, arrive[i]) + t->due / MS_MINUTE;
		if (*t->late_to != '\0')
			over += (t->late_after + t->due) / MS_MINUTE;
		if (over / DAY_MINUTES >= to->timing.days)
			report_add(r, SEV_WARNING, s->at, "late",
			    "shorten due: or late:, or move the step",
			    "when nobody calls, \"%s\" is given up on day %d, and step "
			    "\"%s\" "
			    "of day %d is past",
			    s->id, (int)(over / DAY_MINUTES) + 1, to->id,
			    to->timing.days);
	}
}

void
flow_check(const struct playbook *p, struct report *r)
{
	check_news(p, r);
	check_cycles(p, r);
	check_days(p, r);
	check_calls(p, r);
}

/* ---- how much one run can be sent ---- */

struct count {
	const struct playbook *p;
	const char *tier;
	bool (*counts)(const struct step *);
	const int64_t *arrive;
	int64_t from, to;
	int most[FLOW_STEPS_MAX]; /* -1: unknown, -2: on the path */
};

/* How many of a step's messages fall into the window, from the one at `at`. */
static int
messages(const struct count *c, const struct step *s, int64_t at)
{
	int n = 0, k;

	if (at == NEVER || !c->counts(s))
		return 0;
	for (k = 0; k < MAX(1, s->times); k++) {
		int64_t round = at + k * step_repeat_minutes(s);

		n += round >= c->from && round < c->to;
	}
	return n;
}

static int
most_from(struct count *c, int i)
{
	const struct step *s;
	int64_t at;
	GArray *edges;
	int best = 0;
	guint e;

	if (i == c->p->n_steps || c->most[i] == -2)
		return 0;
	if (c->most[i] >= 0)
		return c->most[i];
	c->most[i] = -2;
	s = &c->p->steps[i];
	edges = g_array_new(FALSE, FALSE, sizeof(struct edge));
	flow_edges(c->p, s, c->tier, edges);
	for (e = 0; e < edges->len; e++)
		best = MAX(best, most_from(c, g_array_index(edges, struct edge, e).to));
	g_array_free(edges, TRUE);
	at = c->arrive[i] == NEVER ? NEVER : leave(s, c->arrive[i]);
	best += messages(c, s, at);
	c->most[i] = best;
	return best;
}

/* From the start, within c's window. */
static int
most_in(struct count *c)
{
	for (int i = 0; i < c->p->n_steps; i++)
		c->most[i] = -1;
	return most_from(c, 0);
}

int
flow_most(const struct playbook *p, const char *tier, int days,
    bool (*counts)(const struct step *s))
{
	int64_t arrive[FLOW_STEPS_MAX + 1];
	struct count c = { .p = p, .tier = tier, .counts = counts, .arrive = arrive };
	int most = 0;

	arrivals(p, tier, arrive);
	for (int i = 0; i < p->n_steps; i++) {
		if (arrive[i] == NEVER || !counts(&p->steps[i]))
			continue;
		c.from = leave(&p->steps[i], arrive[i]);
		c.to = c.from + (int64_t)days * DAY_MINUTES;
		most = MAX(most, most_in(&c));
	}
	return most;
}

int
flow_first(const struct playbook *p, const char *tier, int days,
    bool (*counts)(const struct step *s))
{
	int64_t arrive[FLOW_STEPS_MAX + 1];
	struct count c = { p, tier, counts, arrive, 0, (int64_t)days * DAY_MINUTES,
		{ 0 } };

	arrivals(p, tier, arrive);
	return most_in(&c);
}

bool
flow_admits(const struct playbook *p, const char *tier)
{
	return admit_tier(p->start.when, tier) != ADMIT_NO &&
	       admit_tier(p->while_, tier) != ADMIT_NO;
}
