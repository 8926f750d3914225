/* hours.c - calls that a playbook plans and the people that reachd.yaml names for them.
 *
 * Proved from the files alone: so many enter a day, each comes to these calls before
 * anything is decided about him, and so many people have the role. What is only known of
 * staff and customers in the database is asked there, at publication. */
#include <string.h>

#include "core/business.h"
#include "core/way.h"
#include "set.h"

#define WEEK 7
/* Of a plan without a date: a Monday before all calendars. */
#define ANY_DAY 4

/* How many have the role; -1: the files do not say. */
static int
people_of(const struct config *cfg, const char *role)
{
	for (int i = 0; i < cfg->n_roles; i++) {
		int n = 0;

		if (strcmp(cfg->roles[i].name, role) != 0)
			continue;
		while (cfg->roles[i].people[n] != NULL)
			n++;
		return n;
	}
	return -1;
}

/* How many enter at once; 0: not known from files. Who of a list is of its stores is asked of
 * the database, pace_prove(). */
static int64_t
entries(const struct playbook *p)
{
	int64_t n = 0;

	if (p->start.limit > 0 && p->start.limit_per_day)
		n = p->start.limit;
	if (p->start.kind != START_LIST || p->start.list == NULL || p->n_stores > 0 ||
	    p->n_forms > 0)
		return n;
	for (int64_t rows = 0;; rows++)
		if (p->start.list[rows] == NULL)
			return p->start.limit > 0 ? MIN(rows, p->start.limit) : rows;
}

/* The day on which he enters, for a plan without a date a day without a calendar. */
static ms_t
entry_at(const struct set *s, const struct playbook *p)
{
	return p->start.has_list_at
		   ? zone_instant(s->config->entity.zone, date_days(p->start.list_date),
			 p->start.list_minute)
		   : zone_instant(s->config->entity.zone, ANY_DAY, 0);
}

/* Calls that one person has time for on that day; without a date on the best of a week. */
static int
calls_of_one(const struct set *s, const struct playbook *p, int64_t day)
{
	int most = 0;

	if (p->start.has_list_at)
		return business_calls(s->policy, NULL, day);
	for (int64_t d = ANY_DAY; d < ANY_DAY + WEEK; d++)
		most = MAX(most, business_calls(s->policy, NULL, d));
	return most;
}

static void
tell(const struct set *s, const struct playbook *p, const struct way_call *call, int each,
    int64_t n, int people, int room)
{
	double hour = (double)MS_HOUR / (double)s->policy->tasks.each;
	struct date d = date_from_days(call->day);
	char day[32], *hint;

	if (p->start.has_list_at)
		g_snprintf(day, sizeof(day), "on %04d-%02d-%02d", d.year, d.month, d.day);
	else
		g_snprintf(day, sizeof(day), "on day %d", (int)(call->day - ANY_DAY) + 1);
	hint =
	    g_strdup_printf("write limit: %d/day, or name more people under roles: %s:",
		MAX(1, people * room / each), call->s->task.to);
	report_add(s->report, p->status == PLAYBOOK_LIVE ? SEV_ERROR : SEV_WARNING,
	    p->start.limit > 0 ? p->start.limit_at : p->start.at, "hours",
	    people * room < each ? "name more people, or give them more time for calls"
				 : hint,
	    "step \"%s\" needs %.1f h of calls %s, %d %s of the role \"%s\" %s %.1f h",
	    call->s->id, (double)(n * each) / hour, day, people,
	    people == 1 ? "person" : "people", call->s->task.to,
	    people == 1 ? "has" : "have", people * room / hour);
	g_free(hint);
}

static void
check_plan(const struct set *s, const struct playbook *p, int64_t n)
{
	struct way way = { .playbook = p,
		.policy = s->policy,
		.zone = s->config->entity.zone,
		.house = s->config->entity.zone,
		.entered = entry_at(s, p),
		.at = entry_at(s, p) };
	struct way_call calls[WAY_CALLS];
	int all = way_calls(&way, calls);

	for (int i = 0; i < all; i++) {
		const char *to = calls[i].s->task.to;
		int people = people_of(s->config, to), each = 0,
		    room = calls_of_one(s, p, calls[i].day);
		bool first = true;

		for (int k = 0; k < all; k++)
			if (calls[k].day == calls[i].day &&
			    strcmp(calls[k].s->task.to, to) == 0) {
				first = first && k >= i;
				each++;
			}
		if (first && people >= 0 && room >= 0 &&
		    n * each > (int64_t)people * room)
			tell(s, p, &calls[i], each, n, people, room);
	}
}

void
hours_check(const struct set *s)
{
	if (s->config == NULL || s->policy == NULL || s->config->entity.zone == NULL ||
	    s->policy->tasks.per_day == 0)
		return;
	for (guint i = 0; i < s->playbooks->len; i++) {
		const struct set_playbook *one = s->playbooks->pdata[i];
		int64_t n = entries(one->playbook);

		if (n > 0 && one->playbook->status <= PLAYBOOK_LIVE)
			check_plan(s, one->playbook, n);
	}
}
