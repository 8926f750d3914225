#include "concern.h"

#include <string.h>

#include "plan.h"
#include "store/event.h"
#include "store/subject.h"
#include "store/tie.h"

#define OWN 8
#define COMPANIES 64
#define FLEET 4096

bool
concern_is(struct person *p, int64_t owner, int64_t driver)
{
	const struct customer *c = &p->row.c;
	struct store *s = p->work->store;
	int64_t contact;
	struct err e = { 0 };

	if (driver != 0 && driver == c->id)
		return true;
	if (owner == c->id)
		return *c->contact == '\0' || tie_contact_of(s, owner, &contact, &e) != 1;
	return c->ties & TIE_CONTACT && tie_contact_of(s, owner, &contact, &e) == 1 &&
	       contact == c->id;
}

int
concern_of(struct work *w, int64_t owner, int64_t *who, struct err *e)
{
	int rc = tie_contact_of(w->store, owner, who, e);

	if (rc == 0)
		*who = owner;
	return rc < 0 ? -1 : 0;
}

int
concern_owners(struct person *p, int64_t **owners)
{
	int64_t own = p->row.c.id;
	struct err e = { 0 };
	int n = 0, more = 0;

	*owners = arena_array(p->work->arena, int64_t, 1 + COMPANIES);
	if (concern_is(p, own, 0))
		(*owners)[n++] = own;
	if (p->row.c.ties & TIE_CONTACT)
		more = tie_companies(p->work->store, own, *owners + n, COMPANIES, &e);
	return n + MAX(more, 0);
}

/* Few have many cars: the long list is read by those alone. */
static int
vehicles_of(
    struct store *s, int64_t owner, bool driven, struct vehicle **out, struct arena *a)
{
	struct err e = { 0 };
	int max = OWN, n;

	do {
		*out = arena_array(a, struct vehicle, max);
		n = driven ? tie_vehicles(s, owner, *out, max, &e)
			   : vehicle_of_customer(s, owner, *out, max, &e);
	} while (n == max && (max *= 8) <= FLEET);
	return MAX(n, 0);
}

static int
join_lists(
    struct vehicle **all, int n, const struct vehicle *more, int k, struct arena *a)
{
	struct vehicle *both;

	if (k == 0)
		return n;
	both = arena_array(a, struct vehicle, n + k);
	if (n > 0)
		memcpy(both, *all, sizeof(*both) * (size_t)n);
	memcpy(both + n, more, sizeof(*both) * (size_t)k);
	*all = both;
	return n + k;
}

int
concern_vehicles(struct person *p, struct vehicle **out)
{
	struct arena *a = p->work->arena;
	struct store *s = p->work->store;
	struct vehicle *more;
	int64_t *owners;
	int n = 0;

	if ((p->row.c.ties & (TIE_CONTACT | TIE_DRIVER)) == 0 &&
	    *p->row.c.contact == '\0')
		return vehicles_of(s, p->row.c.id, false, out, a);
	*out = NULL;
	for (int i = 0, k = concern_owners(p, &owners); i < k; i++) {
		int have = vehicles_of(s, owners[i], false, &more, a);

		n = join_lists(out, n, more, have, a);
	}
	if (p->row.c.ties & TIE_DRIVER) {
		int have = vehicles_of(s, p->row.c.id, true, &more, a), kept = 0;

		/* One he drives for a company he speaks for stands among its cars. */
		for (int i = 0; i < have; i++)
			if (!concern_is(p, more[i].customer, 0))
				more[kept++] = more[i];
		n = join_lists(out, n, more, kept, a);
	}
	return n;
}

/* ---- events ---- */

/* The car an event names, whoever it stands under: 1, 0, -1. */
static int
car_of(struct person *p, struct vehicle *v, struct err *e)
{
	struct value word;

	if (p->event_value.type != VALUE_MAP ||
	    !value_map_get(p->event_value.map, "vehicle", 7, &word) ||
	    word.type != VALUE_STR)
		return 0;
	return vehicle_find(
	    p->work->store, arena_strndup(p->work->arena, word.s.p, word.s.len), v, e);
}

static void
add(int64_t *ids, int *n, int64_t id, int64_t self)
{
	for (int i = 0; i < *n; i++)
		if (ids[i] == id)
			return;
	if (id != 0 && id != self)
		ids[(*n)++] = id;
}

static int
tell_one(struct work *w, struct person *p, int64_t id, const struct event *ev,
    const char *vehicle, bool starts, struct err *e)
{
	struct person other;

	if (person_load(w, id, &other, e) != 1)
		return -1;
	person_event(&other, ev);
	if (plan_event_about(w, &other, ev, vehicle, p->row.c.id, e) != 0)
		return -1;
	return starts ? plan_start_about(w, &other, ev, e) : 0;
}

int
concern_tell(
    struct work *w, struct person *p, const struct event *ev, bool starts, struct err *e)
{
	int64_t ids[3], contact = 0, self = p->row.c.id;
	struct vehicle v = { .ext = "" };
	int n = 0, named;

	if ((p->row.c.ties & (TIE_OTHERS | TIE_CONTACT | TIE_DRIVER)) == 0)
		return 0;
	if ((named = car_of(p, &v, e)) < 0)
		return -1;
	if (*p->row.c.contact != '\0') {
		if (concern_of(w, self, &contact, e) != 0)
			return -1;
		add(ids, &n, contact, self);
	}
	if (named == 1) {
		int64_t owner;

		if (concern_of(w, v.customer, &owner, e) != 0)
			return -1;
		add(ids, &n, owner, self);
		add(ids, &n, v.driver, self);
	}
	for (int i = 0; i < n; i++)
		if (tell_one(w, p, ids[i], ev, named == 1 ? v.ext : NULL,
			starts && ids[i] == contact, e) != 0)
			return -1;
	return 0;
}
