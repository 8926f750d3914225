/* What a publication would set off within the hour. */
#include <string.h>

#include "launch.h"
#include "store/launch.h"
#include "store/msg.h"
#include "store/run.h"
#include "store/version.h"
#include "sweep_start.h"

#define SOON MS_HOUR
#define PAGE 500
/* Of a larger house so many are asked, and the rest is held to be like them. */
#define ASKED_MAX 5000

/* Does he go out at once when he enters? */
static bool
acts_soon(const struct playbook *pb)
{
	for (int i = 0; i < pb->n_steps; i++) {
		const struct timing *t = &pb->steps[i].timing;
		bool soon = t->kind == TIMING_NOW ||
			    (t->kind == TIMING_DAY && t->days == 1) ||
			    (t->kind == TIMING_AFTER && t->days == 0 && t->delay <= SOON);

		if (!soon)
			return false;
		if (pb->steps[i].n_sends > 0)
			return true;
	}
	return false;
}

static ms_t
starts_at(const struct work *w, const struct playbook *pb)
{
	const struct zone *house = w->cat->config->entity.zone;
	struct local l;

	if (pb->start.kind == START_LIST)
		return pb->start.has_list_at
			   ? zone_instant(house, date_days(pb->start.list_date),
				 pb->start.list_minute)
			   : w->now;
	zone_local(house, w->now, &l);
	return zone_instant(
	    house, l.minute >= SWEEP_MINUTE ? l.day + 1 : l.day, SWEEP_MINUTE);
}

static bool
is_meant(struct person *p, const struct playbook *pb)
{
	if (pb->start.kind == START_LIST)
		return sweep_listed(p, pb);
	return cond_true(pb->start.when, person_scope(p));
}

/* One of those whom the row means is of its stores. */
static int
row_is_meant(struct work *w, const struct playbook *pb, const char *row, struct err *e)
{
	int64_t ids[SWEEP_SAME];
	const char *vehicle = NULL;
	int n = sweep_row(w, row, ids, &vehicle, e);

	for (int i = 0; i < n; i++) {
		struct person p;

		if (person_load(w, ids[i], &p, e) != 1)
			return -1;
		if (vehicle != NULL && pb->subject == SUBJECT_VEHICLE)
			person_subject(&p, pb->subject, vehicle);
		if (person_of_stores(&p, pb))
			return 1;
	}
	return MIN(n, 0);
}

/* A file that is for every store is as long as it is. */
static int
audience_of_rows(struct work *w, const struct playbook *pb, int64_t *n, struct err *e)
{
	int64_t all = 0, asked = 0;

	while (pb->start.list != NULL && pb->start.list[all] != NULL)
		all++;
	if (pb->n_stores == 0 && pb->n_forms == 0) {
		*n = all;
		return 0;
	}
	for (; asked < MIN(all, ASKED_MAX); asked++) {
		int rc = row_is_meant(w, pb, pb->start.list[asked], e);

		if (rc < 0)
			return -1;
		*n += rc;
	}
	if (asked > 0)
		*n = *n * all / asked;
	return 0;
}

int
launch_audience(struct work *w, const struct playbook *pb, int64_t *n, struct err *e)
{
	struct customer_row *rows = arena_array(w->arena, struct customer_row, PAGE);
	int64_t asked = 0, all, last, cursor = 0;

	*n = 0;
	if (pb->start.kind != START_LIST && pb->start.kind != START_WHEN)
		return 0;
	if (pb->start.kind == START_LIST && pb->start.tag == NULL &&
	    pb->start.segment == NULL)
		return audience_of_rows(w, pb, n, e);
	if (customer_count(w->store, &all, e) != 0 ||
	    customer_last(w->store, &last, e) != 0)
		return -1;
	for (; cursor < last && asked < ASKED_MAX; cursor += PAGE) {
		int got = customer_page(w->store, cursor, PAGE, NULL, rows, e);

		if (got < 0)
			return -1;
		for (int i = 0; i < got; i++) {
			struct person p;

			person_of_row(w, &rows[i], &p);
			*n += person_of_stores(&p, pb) && is_meant(&p, pb);
		}
		asked += got;
	}
	if (asked > 0 && asked < all)
		*n = *n * all / asked;
	return 0;
}

/* Those whom a new version brings in, as far as its limit and its first stage go. */
static int
newcomers(struct work *w, const struct version *v, int64_t *n, struct err *e)
{
	const struct playbook *pb = v->playbook;
	struct launch l;
	struct ramp ramp;
	int rc = launch_of_hash(w->store, v->hash, &l, e);

	*n = 0;
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if ((pb->start.kind != START_LIST && pb->start.kind != START_WHEN) ||
	    !acts_soon(pb) || starts_at(w, pb) > w->now + SOON)
		return 0;
	if (launch_audience(w, pb, n, e) != 0)
		return -1;
	if (pb->start.limit > 0)
		*n = MIN(*n, pb->start.limit);
	ramp_of(&w->cat->policy->launch, pb, &ramp);
	if (ramp.n > 0)
		*n = ramp.stages[0].count > 0 ? MIN(*n, ramp.stages[0].count)
					      : *n * ramp.stages[0].share / 10000;
	return 0;
}

int
launch_due_soon(struct work *w, int64_t *n, struct err *e)
{
	*n = 0;
	for (int i = 0; i < w->cat->n_versions; i++) {
		const struct version *v = w->cat->versions[i];
		const struct live *live = desk_live_named(w->desk, v->playbook->name);
		int64_t some;

		if (v->playbook->status != PLAYBOOK_LIVE)
			continue;
		if (newcomers(w, v, &some, e) != 0)
			return -1;
		*n += some;
		/* What a pause has held goes when it ends. */
		if (live == NULL || !live_stands(live) || launch_stands(live->launch))
			continue;
		if (msg_count_soon(w->store, live->number, w->now + SOON, &some, e) != 0)
			return -1;
		*n += some;
	}
	return 0;
}
