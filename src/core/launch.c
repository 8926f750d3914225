#include "core/launch.h"

#include <glib.h>

#include "core/playbook.h"

static const char *const names[LAUNCH_STATES] = { "done", "countdown", "ramp", "untested",
	"held", "stopped" };

const char *
launch_state_name(int state)
{
	return names[state];
}

static const char *const budgets[BUDGETS] = { "budget.day", "budget.total", "budgets.day",
	"budgets.month", "budgets.store_day", "budgets.store_month" };

const char *
budget_name(int kind)
{
	return budgets[kind];
}

bool
launch_stands(int state)
{
	return state == LAUNCH_HELD || state == LAUNCH_STOPPED;
}

static int
said(int own, int house)
{
	return own != RAMP_UNSAID ? own : house;
}

void
ramp_of(const struct launch_rules *rules, const struct playbook *p, struct ramp *out)
{
	const struct ramp_limits *house = &rules->ramp.stop_at;
	/* Left alone, only a campaign to a list is let out by stages. */
	bool usual = p->category == CATEGORY_MARKETING && p->start.kind == START_LIST;

	*out = p->ramp.said ? p->ramp : rules->ramp;
	if (!p->ramp.said && !usual)
		out->n = 0;
	if (out->hold == 0)
		out->hold = rules->ramp.hold;
	out->stop_at.complaints = said(out->stop_at.complaints, house->complaints);
	out->stop_at.opt_outs = said(out->stop_at.opt_outs, house->opt_outs);
	out->stop_at.errors = said(out->stop_at.errors, house->errors);
}

static bool
over(
    int64_t n, int64_t of, int limit, int least, const char *what, char *why, size_t size)
{
	if (limit == RAMP_UNSAID || n < least || n * 10000 <= of * limit)
		return false;
	g_snprintf(why, size,
	    "%s: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
	    " sent (%.1f%%), more than %.1f%%",
	    what, n, of, 100.0 * (double)n / (double)MAX(of, 1), limit / 100.0);
	return true;
}

bool
ramp_over(const struct ramp_limits *l, const struct ramp_count *c, char *why, size_t n)
{
	return over(c->complaints, c->sent, l->complaints, 1, "complaints", why, n) ||
	       over(c->opt_outs, c->sent, l->opt_outs, 2, "opt-outs", why, n) ||
	       over(c->errors, c->sent + c->errors, l->errors, 2, "errors", why, n);
}

bool
ramp_admits(const struct ramp *r, int stage, int64_t place, int draw)
{
	for (int i = 0; i <= stage && i < r->n; i++)
		if (r->stages[i].count > 0 ? place < r->stages[i].count
					   : draw < r->stages[i].share)
			return true;
	return false;
}

bool
ramp_full(const struct ramp *r, int stage, int64_t place)
{
	/* By share alone somebody later may have the draw. */
	for (int i = 0; i <= stage && i < r->n; i++)
		if (r->stages[i].count == 0 || place < r->stages[i].count)
			return false;
	return true;
}
