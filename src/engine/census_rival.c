/* Playbooks that are due the same people within the same days, while caps leave room for
 * fewer messages than both have. */
#include "census.h"
#include "core/every.h"
#include "core/gate.h"
#include "core/way.h"
#include "plan.h"
#include "slots.h"
#include "store/msg.h"
#include "sweep_start.h"

/* Nothing holds a message back. */
#define ROOMY G_MAXINT

/* When a start would let him in; MS_NEVER: that is not known, or later than looked at. */
ms_t
census_entry(struct work *w, const struct playbook *pb)
{
	const struct zone *house = w->cat->config->entity.zone;
	ms_t at = MS_NEVER;

	if (pb->start.kind == START_WHEN)
		at = w->now;
	else if (pb->start.kind == START_LIST)
		at = pb->start.has_list_at
			 ? zone_instant(house, date_days(pb->start.list_date),
			       pb->start.list_minute)
			 : w->now;
	else if (pb->start.kind == START_EVERY)
		at = every_at(&pb->start.every, house,
		    every_after(
			&pb->start.every, every_last(&pb->start.every, house, w->now)));
	return at >= w->now && at <= w->now + w->cat->policy->lookahead ? at : MS_NEVER;
}

static int
look(struct work *w, struct person *p, struct census_book *b, struct err *e)
{
	const struct playbook *pb = b->v->playbook;
	const struct live live = { .number = b->number };
	struct way way = { .playbook = pb,
		.policy = w->cat->policy,
		.zone = p->zone,
		.house = p->house,
		.scope = person_scope(p),
		.entered = b->entry };
	int rc = 1;

	b->messages = 0;
	/* Cars, appointments and orders have entries of their own. */
	if (!b->meant || pb->category != CATEGORY_MARKETING ||
	    pb->subject != SUBJECT_NONE || way.entered == MS_NEVER)
		return 0;
	if (b->number != 0 && (rc = plan_may_enter(w, &live, pb, p, e)) < 0)
		return -1;
	if (rc == 0)
		return 0;
	way.at = way.entered;
	b->messages = way_touches(&way, w->now + w->cat->policy->lookahead);
	return b->messages > 0;
}

/* How many more the house's rules let him have within these days. */
static int
room(struct work *w, struct person *p, int *out, struct err *e)
{
	const struct policy *policy = w->cat->policy;
	const struct tier *t = gate_tier(policy, &p->row.c);
	char scope[SLOT_TEXT];
	ms_t start, end;
	int used;

	*out = ROOMY;
	if (t != NULL && t->cap >= 0) {
		int period = gate_period(t->period, p->house, w->now, &start, &end);

		if (cap_used(w->store, slots_customer(p->row.c.id, scope), period, &used,
			e) != 0)
			return -1;
		*out = MAX(0, t->cap - used);
	}
	for (int i = 0; i < policy->n_limits; i++)
		if (policy->limits[i].window >= policy->lookahead &&
		    policy->limits[i].categories & BIT(CATEGORY_MARKETING))
			*out = MIN(*out, policy->limits[i].max);
	return 0;
}

int
census_rivals(struct work *w, struct person *p, struct census *c, struct err *e)
{
	guint n = c->books->len;
	int due = 0, left;

	for (guint i = 0; i < n; i++) {
		int rc = look(w, p, &g_array_index(c->books, struct census_book, i), e);

		if (rc < 0)
			return -1;
		due += rc;
	}
	if (due < 2)
		return 0;
	if (room(w, p, &left, e) != 0)
		return -1;
	for (guint i = 0; i < n && left > 0; i++)
		for (guint k = i + 1; k < n; k++) {
			int a = g_array_index(c->books, struct census_book, i).messages,
			    b = g_array_index(c->books, struct census_book, k).messages;

			c->rivals[i * n + k] += a > 0 && b > 0 && left < a + b;
		}
	return 0;
}
