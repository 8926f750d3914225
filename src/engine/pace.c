#include "pace.h"

#include <string.h>

#include "assign.h"
#include "core/business.h"
#include "store/event.h"
#include "store/pace.h"
#include "store/run.h"
#include "sweep_start.h"

/* ---- room ---- */

/* What nobody did when it was to be done is today's. */
static int
taken(struct work *w, int priority, const struct pace_room *room, int *n, struct err *e)
{
	int64_t today = desk_today(w);
	int booked, listed = 0, carried = 0;

	if (booking_count(w->store, room->who, room->day <= today ? 0 : room->day,
		room->day, priority, &booked, e) != 0)
		return -1;
	if (room->day <= today &&
	    (task_load(w->store, room->who, TASK_CALL, today, &listed, e) != 0 ||
		task_carried(w->store, room->who, today, &carried, e) != 0))
		return -1;
	*n = booked + listed + carried;
	return 0;
}

int
pace_left(struct work *w, const struct shop *shop, int priority, struct pace_room *room,
    struct err *e)
{
	int n;

	room->of = business_calls(w->cat->policy, shop, room->day);
	room->left = G_MAXINT;
	if (room->of < 0)
		return 0;
	room->of = (int)desk_portion(w, room->of, room->who, room->day);
	if (taken(w, priority, room, &n, e) != 0)
		return -1;
	room->left = room->of - n;
	return 0;
}

/* Whom a call would go to on its day, and how many more he has time for. */
static int
room_for(struct work *w, struct person *p, const struct way_call *call, int priority,
    struct pace_room *out, struct err *e)
{
	struct team team;

	if (task_team(w, &p->row.c, call->s->task.to, call->day, &team, e) != 0)
		return -1;
	if (team.n == 0)
		team.names[team.n++] = ""; /* whoever has the role takes it */
	for (int i = 0; i < team.n; i++) {
		struct pace_room one = { .who = team.names[i], .day = call->day };

		if (pace_left(w, p->shop, priority, &one, e) != 0)
			return -1;
		if (i == 0 || one.left > out->left)
			*out = one;
	}
	return 0;
}

/* ---- entry ---- */

int
pace_way(struct work *w, struct person *p, const struct playbook *pb, ms_t at,
    struct way_call out[WAY_CALLS])
{
	struct way way = { .playbook = pb,
		.policy = w->cat->policy,
		.zone = p->zone,
		.house = p->house,
		.scope = person_scope(p),
		.entered = at,
		.at = at };

	return way_calls(&way, out);
}

int
pace_admits(struct work *w, struct person *p, const struct playbook *pb,
    struct pace_room *full, struct err *e)
{
	struct way_call calls[WAY_CALLS];
	int n;

	if (w->cat->policy->tasks.per_day == 0 || !way_has_calls(pb))
		return 1;
	n = pace_way(w, p, pb, w->now, calls);
	for (int i = 0; i < n; i++) {
		int before = 0;

		if (room_for(w, p, &calls[i], pb->priority, full, e) != 0)
			return -1;
		/* His own calls before it may fall on the same day. */
		for (int k = 0; k < i; k++)
			before += calls[k].day == calls[i].day &&
				  strcmp(calls[k].s->task.to, calls[i].s->task.to) == 0;
		if (full->left <= before)
			return 0;
	}
	return 1;
}

/* A day's look, a list and a period let in again by themselves; an event and a run do so
 * once. */
static const char *
lasting(const char *entry)
{
	return *entry == 's' || *entry == 'w' ? "" : entry;
}

int
pace_wait(struct work *w, const struct person *p, const struct live *live,
    const struct playbook *pb, const char *entry, const struct event *ev,
    const struct pace_room *full, struct err *e)
{
	struct local l;
	struct waiting wait = { .playbook = live->number,
		.customer = p->row.c.id,
		.event = ev == NULL ? 0 : ev->id,
		.subject = person_subject_ext(p),
		.entry = lasting(entry),
		.priority = pb->priority,
		.at = w->now,
		.full = full->day,
		.who = full->who };

	zone_local(p->house, w->now, &l);
	wait.day = l.minute >= SWEEP_MINUTE ? l.day : l.day - 1;
	return waiting_add(w->store, &wait, e);
}

int
pace_over(struct work *w, const struct person *p, const struct live *live,
    const char *entry, struct err *e)
{
	return waiting_drop(w->store,
	    &(struct waiting){ .playbook = live->number,
		.customer = p->row.c.id,
		.subject = person_subject_ext(p),
		.entry = lasting(entry) },
	    e);
}

/* ---- what runs will come to ---- */

static int
way_of_run(struct work *w, struct person *p, const struct playbook *pb,
    const struct run *r, struct way_call out[WAY_CALLS])
{
	const struct step *s = playbook_step(pb, r->step);
	struct way way = { .playbook = pb,
		.policy = w->cat->policy,
		.zone = p->zone,
		.house = p->house,
		.scope = person_scope(p),
		.entered = r->entered_at,
		.at = w->now,
		.step = s == NULL ? pb->n_steps : s->index, /* no step is left */
		.until = r->wait == WAIT_FOR ? r->wake_at : 0 };

	return way_calls(&way, out);
}

int
pace_book(
    struct work *w, struct person *p, int64_t run, const struct version *v, struct err *e)
{
	const struct playbook *pb = v->playbook;
	struct way_call calls[WAY_CALLS];
	struct run r;
	int n;

	if (run_get(w->store, run, &r, e) != 1 ||
	    booking_drop(w->store, run, NULL, e) != 0)
		return -1;
	if (r.state != RUN_RUNNING || r.control != CONTROL_NONE)
		return 0;
	n = way_of_run(w, p, pb, &r, calls);
	for (int i = 0; i < n; i++) {
		struct pace_room room;

		if (room_for(w, p, &calls[i], pb->priority, &room, e) != 0)
			return -1;
		if (booking_add(w->store,
			&(struct booking){
			    run, calls[i].s->id, room.who, calls[i].day, pb->priority },
			e) != 0)
			return -1;
	}
	return 0;
}
