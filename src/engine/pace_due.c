/* Those who wait for hours, each morning. */
#include <string.h>

#include "pace.h"
#include "plan.h"
#include "store/event.h"
#include "store/pace.h"
#include "sweep_start.h"

#define PORTION 200

/* Does the start still mean him? */
static bool
is_meant(struct person *p, const struct playbook *pb)
{
	bool blind = pb->reads_visits && person_stale(p);

	if (pb->while_ != NULL && !cond_true(pb->while_, person_scope(p)))
		return false;
	switch (pb->start.kind) {
	case START_WHEN:
	case START_EVERY:
		return pb->start.when == NULL ||
		       (!blind && cond_true(pb->start.when, person_scope(p)));
	case START_LIST:
		return (pb->start.tag == NULL && pb->start.segment == NULL) ||
		       sweep_listed(p, pb);
	default:
		return true; /* what happened has happened */
	}
}

/* As it is called for whoever comes today. */
static const char *
entry_of(struct work *w, const struct waiting *wait, int64_t day)
{
	return *wait->entry != '\0' ? wait->entry
				    : arena_printf(w->arena, "s:%" G_GINT64_FORMAT, day);
}

/* 1: he waits on, 0: it is over, -1. */
static int
try(struct work *w, const struct live *live, const struct playbook *pb,
    const struct waiting *wait, int64_t day, struct err *e)
{
	const struct event *brought = NULL;
	struct event ev;
	struct person p;
	int rc = wait->event == 0 ? 1 : event_get(w->store, wait->event, &ev, e);

	if (rc != 1 || (rc = person_load(w, wait->customer, &p, e)) != 1)
		return rc < 0 ? -1 : 0;
	if (wait->event != 0) {
		brought = &ev;
		person_event(&p, brought);
	}
	person_subject(&p, pb->subject, wait->subject);
	if (!is_meant(&p, pb))
		return 0;
	rc = plan_enter(w, &p, live, entry_of(w, wait, day), brought, e);
	return rc == PLAN_NO_HOURS || (rc == PLAN_NO_PLACE && pb->start.limit_per_day) ||
		       rc == PLAN_NO_SHARE
		   ? 1
		   : MIN(rc, 0);
}

/* What he would enter now: the form that his store has got since, or the common playbook
 * where it has none any more. NULL: what he waits for. 0/-1. */
static int
elsewhere(struct work *w, const struct live *live, const struct waiting *wait,
    const struct live **to, struct err *e)
{
	const struct live *common = desk_live(w->desk, live->family);
	const struct version *v;
	const char *form;
	struct person p;
	int rc;

	*to = NULL;
	if (!w->desk->has_forms || common == NULL || common->version == 0)
		return 0;
	if (desk_version(w, common->version, &v, e) != 0 ||
	    (rc = person_load(w, wait->customer, &p, e)) < 0)
		return -1;
	if (rc == 0)
		return 0;
	person_subject(&p, v->playbook->subject, wait->subject);
	form = person_form(&p, v->playbook);
	*to = form == NULL ? common : desk_live_named(w->desk, form);
	if (*to == live || (*to != NULL && (*to)->version == 0))
		*to = NULL;
	return 0;
}

static int
one(struct work *w, struct waiting *wait, int64_t day, struct err *e)
{
	const struct live *live = desk_live(w->desk, wait->playbook), *to = NULL;
	const struct version *v;
	int rc = 1;

	if (live != NULL && elsewhere(w, live, wait, &to, e) != 0)
		return -1;
	if (to != NULL) {
		if (waiting_drop(w->store, wait, e) != 0)
			return -1;
		wait->playbook = to->number;
		live = to;
	}

	/* A pause keeps them; a playbook that has ended does not. */
	if (live == NULL || live->version == 0 || live->status == PLAYBOOK_ENDED)
		rc = 0;
	else if (live->status == PLAYBOOK_LIVE)
		rc = desk_version(w, live->version, &v, e) != 0
			 ? -1
			 : try(w, live, v->playbook, wait, day, e);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return waiting_drop(w->store, wait, e);
	wait->day = day;
	return waiting_add(w->store, wait, e);
}

int
pace_portion(struct work *w, ms_t *next, bool *worked, struct err *e)
{
	const struct zone *house = w->cat->config->entity.zone;
	struct waiting *some = arena_array(w->arena, struct waiting, PORTION);
	struct local l;
	int64_t day;
	int n;

	zone_local(house, w->now, &l);
	day = l.minute >= SWEEP_MINUTE ? l.day : l.day - 1;
	n = waiting_some(w->store, day, some, PORTION, e);
	if (n < 0)
		return -1;
	/* Whoever comes to wait today is tried tomorrow. */
	if (n == 0) {
		*next = MIN(*next, zone_instant(house, day + 1, SWEEP_MINUTE));
		return 0;
	}
	*worked = true;
	for (int i = 0; i < n; i++)
		if (one(w, &some[i], day, e) != 0)
			return -1;
	return 0;
}
