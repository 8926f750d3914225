/* fit.c - does what the playbooks plan fit the policy and the providers? */
#include <string.h>

#include "core/quiet.h"
#include "flow.h"
#include "read.h"
#include "set.h"

#define OPEN_MIN (4 * 60)
#define DAY_MINUTES (24 * 60)
/* Minutes that a person who sends by hand must have. */
#define ROOM 120
#define ROOM_STEP 15

/* ---- providers ---- */

static bool
served(const struct config *cfg, enum channel channel)
{
	int i;

	for (i = 0; i < cfg->n_accounts; i++) {
		if (cfg->accounts[i].channels & BIT(channel))
			return true;
	}
	return false;
}

static void
check_served(const struct set *s, const struct playbook *p, const struct step *step)
{
	int i;

	for (i = 0; i < step->n_sends; i++) {
		const struct template *t = step->templates[i];

		if (t == NULL || t->channel == CHANNEL_PHONE ||
		    step_by_person(step, t->channel) || served(s->config, t->channel))
			continue;
		report_add(s->report,
		    p->status == PLAYBOOK_LIVE ? SEV_ERROR : SEV_WARNING,
		    step->sends_at[i], "provider",
		    "add a provider with this channel to reachd.yaml, or send another "
		    "template",
		    "\"%s\" goes by %s, which no provider serves", t->name,
		    channel_name((int)t->channel));
	}
}

static bool
has_role(const struct config *cfg, const char *name)
{
	int i;

	for (i = 0; i < cfg->n_roles; i++) {
		if (strcmp(cfg->roles[i].name, name) == 0)
			return true;
	}
	return strcmp(name, "advisor") == 0;
}

/* Staff may have been imported, so it is only a warning. */
static void
check_task(const struct set *s, const struct task_spec *t)
{
	const char *roles[] = { t->to, t->late_to };
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(roles); i++) {
		if (*roles[i] != '\0' && !has_role(s->config, roles[i]))
			report_add(s->report, SEV_WARNING, t->at, "role",
			    "name somebody under roles: in reachd.yaml, or import staff "
			    "with this role",
			    "nobody has the role \"%s\"", roles[i]);
	}
}

static void
check_tasks(const struct set *s, const struct playbook *p)
{
	int i;

	for (i = 0; i < p->n_steps; i++) {
		if (p->steps[i].verb == STEP_CALL)
			check_task(s, &p->steps[i].task);
	}
	for (i = 0; i < p->n_tasks; i++)
		check_task(s, p->tasks[i]);
}

static void
check_stores(const struct set *s, const struct playbook *p)
{
	int i;

	for (i = 0; i < p->n_stores; i++)
		if (shop_find(&s->config->stores, p->stores[i]) == NULL)
			report_add(s->report, SEV_ERROR, p->stores_at[i], "store",
			    "add it to stores.yaml, or name one that is there",
			    "there is no store \"%.80s\"", p->stores[i]);
}

/* The house's windows and the provider's own hours together must leave room. */
static int
open_minutes(const struct set *s, const struct account *acc, int channel, int category)
{
	struct policy both = *s->policy;
	struct quiet_window closed = { .id = "provider",
		.at = acc->at,
		.weekdays = 127,
		.channels = acc->channels,
		.categories = BIT(category) };
	int open;

	account_hours(acc, (enum category)category, &closed.to, &closed.from);
	closed.from %= DAY_MINUTES;
	if (closed.to < 0 || closed.from == closed.to)
		return DAY_MINUTES;
	both.quiet = g_new(struct quiet_window, (gsize)both.n_quiet + 1);
	if (both.n_quiet > 0)
		memcpy(both.quiet, s->policy->quiet,
		    sizeof(*both.quiet) * (size_t)s->policy->n_quiet);
	both.quiet[both.n_quiet++] = closed;
	open = quiet_open_minutes(&both, (enum channel)channel, (enum category)category);
	g_free(both.quiet);
	return open;
}

static void
check_hours(const struct set *s, const struct account *acc)
{
	int worst = DAY_MINUTES;

	for (int c = 0; c < CHANNELS; c++)
		for (int k = 0; k < CATEGORIES && (acc->channels & BIT(c)); k++)
			worst = MIN(worst, open_minutes(s, acc, c, k));
	if (worst < OPEN_MIN)
		report_add(s->report, SEV_ERROR, acc->at, "quiet",
		    "at least 4 h a day must stay open",
		    "the hours of \"%s\" and the quiet windows leave %d h %02d min a day",
		    acc->name, worst / 60, worst % 60);
}

/* ---- quiet windows ---- */

static bool
covers(const struct quiet_window *w, int day, int minute)
{
	bool today = w->weekdays & BIT(day), before = w->weekdays & BIT((day + 6) % 7);

	if (w->from < w->to)
		return today && w->from <= minute && minute < w->to;
	return (today && minute >= w->from) || (before && minute < w->to);
}

/* The window that lies over this minute on every weekday, or NULL. */
static const char *
always_quiet(const struct policy *p, const struct template *t, int minute)
{
	const char *id = NULL;
	int day, i;

	for (day = 0; day < 7; day++) {
		for (i = 0; i < p->n_quiet; i++) {
			const struct quiet_window *w = &p->quiet[i];

			if ((w->channels & BIT(t->channel)) &&
			    (w->categories & BIT(t->category)) && covers(w, day, minute))
				break;
		}
		if (i == p->n_quiet)
			return NULL;
		id = p->quiet[i].id;
	}
	return id;
}

static const char *
always_closed(const struct config *cfg, const struct template *t, int minute)
{
	const char *name = NULL;
	int i, from, to;

	for (i = 0; cfg != NULL && i < cfg->n_accounts; i++) {
		const struct account *acc = &cfg->accounts[i];

		if (!(acc->channels & BIT(t->channel)))
			continue;
		account_hours(acc, t->category, &from, &to);
		if (from < 0 || (minute >= from && minute < to))
			return NULL;
		name = acc->name;
	}
	return name;
}

/* An advisor is given a draft only where he has two hours to send it. */
static void
check_room(
    const struct set *s, const struct step *step, const struct template *t, int minute)
{
	for (int k = ROOM_STEP; k < ROOM; k += ROOM_STEP) {
		const char *window =
		    always_quiet(s->policy, t, (minute + k) % DAY_MINUTES);

		if (window == NULL)
			continue;
		report_add(s->report, SEV_WARNING, step->at, "quiet",
		    "choose a time two hours or more before a quiet window",
		    "step \"%s\" is due at %02d:%02d, always less than two hours before "
		    "quiet window \"%s\": the draft waits until after it",
		    step->id, minute / 60, minute % 60, window);
		return;
	}
}

/* -1: no time of day of its own. */
static int
minute_of(const struct set *s, const struct step *step)
{
	const struct timing *t = &step->timing;

	if (t->kind == TIMING_NOW)
		return -1;
	if (t->minute < 0 && t->kind == TIMING_DAY)
		return s->policy->send_time;
	return step->timing.minute;
}

/* Closed at this minute of the day by the house or by all accounts, on every weekday. */
static bool
never_open(const struct set *s, const struct template *t, int minute)
{
	return always_quiet(s->policy, t, minute) != NULL ||
	       always_closed(s->config, t, minute) != NULL;
}

/* Minutes until it may go after all; -1: never. */
static int
wait_from(const struct set *s, const struct template *t, int minute)
{
	int lead = (int)(quiet_lead(t->channel) / MS_MINUTE);

	for (int w = 0; w < DAY_MINUTES; w++)
		if (!never_open(s, t, (minute + w) % DAY_MINUTES) &&
		    !never_open(s, t, (minute + w + lead) % DAY_MINUTES))
			return w;
	return -1;
}

/* A text for a step waits until it may go, if that is before it expires. One that does not
 * wait, or not so long, never goes at all: by the house's windows that may be meant, by its
 * provider's hours it is a mistake. (B-CN8) */
static void
check_text_time(
    const struct set *s, const struct step *step, const struct template *t, int minute)
{
	int late = (minute + (int)(quiet_lead(t->channel) / MS_MINUTE)) % DAY_MINUTES;
	/* The last minutes before a window are as good as inside. */
	const char *window = always_quiet(s->policy, t, minute),
		   *account = step_by_person(step, t->channel)
				  ? NULL
				  : always_closed(s->config, t, minute);
	int wait = wait_from(s, t, minute);
	ms_t expires = step->expires > 0 ? step->expires : MS_DAY;
	bool never = wait < 0 || (wait > 0 && step->on_quiet == QUIET_DROP) ||
		     (step->on_quiet == QUIET_DEFER && wait * MS_MINUTE >= expires);
	enum severity severity =
	    never && (wait < 0 || account != NULL) ? SEV_ERROR : SEV_WARNING;
	/* A step before its date moves out of the way by itself, but to another hour. */
	const char *hint = never ? "choose another time for the step: it is never sent"
			   : step->on_quiet == QUIET_EARLIER
			       ? "choose another time for the step: it is sent before the "
				 "window, maybe the evening before"
			       : "choose another time for the step";

	if (window == NULL)
		window = always_quiet(s->policy, t, late);
	if (window == NULL && step->personal && t->channel == CHANNEL_WECOM)
		check_room(s, step, t, minute);
	if (window != NULL)
		report_add(s->report, severity, step->at, "quiet", hint,
		    "step \"%s\" is due at %02d:%02d, always in or right before quiet "
		    "window \"%s\" for %s",
		    step->id, minute / 60, minute % 60, window,
		    channel_name((int)t->channel));
	else if (account != NULL)
		report_add(s->report, severity, step->at, "quiet", hint,
		    "step \"%s\" is due at %02d:%02d, always outside the hours of \"%s\"",
		    step->id, minute / 60, minute % 60, account);
}

/* An earlier text of the step goes at the same hours, so what is said of it is said. */
static bool
told_already(const struct step *step, int i)
{
	const struct template *t = step->templates[i];

	for (int k = 0; k < i; k++) {
		const struct template *o = step->templates[k];

		if (o != NULL && !o->urgent && o->channel == t->channel &&
		    o->category == t->category && o->greeting == t->greeting)
			return true;
	}
	return false;
}

static void
check_time(const struct set *s, const struct step *step)
{
	int minute = minute_of(s, step);

	for (int i = 0; minute >= 0 && i < step->n_sends; i++)
		if (step->templates[i] != NULL && !step->templates[i]->urgent &&
		    !told_already(step, i))
			check_text_time(s, step, step->templates[i], minute);
}

/* ---- caps ---- */

static bool
is_marketing(const struct step *step)
{
	int i;

	for (i = 0; i < step->n_sends; i++) {
		if (step->templates[i] != NULL &&
		    step->templates[i]->category == CATEGORY_MARKETING)
			return true;
	}
	return false;
}

/* Tiers that cannot be sent the whole plan, each with its cap. */
static void
check_tiers(const struct set *s, const struct playbook *p)
{
	int i;

	for (i = 0; i < s->policy->n_tiers; i++) {
		const struct tier *t = &s->policy->tiers[i];
		int days = t->period == CAP_YEAR ? 365 : 30, most;

		if (t->cap <= 0 || !flow_admits(p, t->name))
			continue;
		most = flow_most(p, t->name, days, is_marketing);
		if (most > t->cap)
			report_add(s->report, SEV_WARNING, p->steps_at, "cap",
			    "branch round some steps for this tier, or leave it out of "
			    "the start",
			    "%d marketing messages within %d days, tier \"%s\" gets %d a "
			    "%s",
			    most, days, t->name, t->cap,
			    t->period == CAP_YEAR ? "year" : "month");
	}
}

/* A playbook can only be stricter than the policy. */
static void
check_cap(const struct set *s, const struct playbook *p)
{
	int i, highest = 0;

	for (i = 0; i < s->policy->n_tiers; i++) {
		if (s->policy->tiers[i].cap < 0)
			return;
		highest = MAX(highest, s->policy->tiers[i].cap);
	}
	if (p->cap > highest && s->policy->n_tiers > 0)
		report_add(s->report, SEV_ERROR, p->cap_at, "cap",
		    "a playbook can only be stricter than the policy",
		    "cap %d is above every tier's, the highest is %d", p->cap, highest);
}

/* 02:30 on the day the clocks go forward. */
static void
check_moment(const struct set *s, const struct playbook *p)
{
	const struct zone *z = s->config->entity.zone;
	struct local l;

	if (!p->start.has_list_at || z == NULL)
		return;
	zone_local(
	    z, zone_instant(z, date_days(p->start.list_date), p->start.list_minute), &l);
	if (l.minute != p->start.list_minute)
		report_add(s->report, SEV_WARNING, p->start.at, "dst", "",
		    "%02d:%02d does not exist on that day in %s; it begins at %02d:%02d",
		    p->start.list_minute / 60, p->start.list_minute % 60,
		    s->config->entity.tz, l.minute / 60, l.minute % 60);
}

void
fit_check(const struct set *s)
{
	guint i;
	int k;

	for (k = 0; s->config != NULL && s->policy != NULL && k < s->config->n_accounts;
	     k++)
		check_hours(s, &s->config->accounts[k]);
	if (s->policy != NULL)
		tiers_in_segments(s);
	for (i = 0; i < s->playbooks->len; i++) {
		const struct playbook *p =
		    ((const struct set_playbook *)s->playbooks->pdata[i])->playbook;

		for (k = 0; s->config != NULL && playbook_sender(p, k) != NULL; k++) {
			check_served(s, p, playbook_sender(p, k));
			answering_check(s, p, playbook_sender(p, k));
		}
		for (k = 0; s->policy != NULL && k < p->n_steps; k++)
			check_time(s, &p->steps[k]);
		if (s->config != NULL) {
			check_moment(s, p);
			check_tasks(s, p);
			check_stores(s, p);
		}
		if (s->policy != NULL) {
			tiers_in_rules(s, p);
			check_cap(s, p);
			check_tiers(s, p);
		}
	}
}
