/* import_booking.c - what a file of appointments tells as events (core of S2 and S20).
 *
 *   on file          the row says      and then                         event
 *   nothing, or over booked, moved     it lies ahead                    booking
 *   open             open              another time, and it lies ahead  reschedule
 *   open             cancelled                                          cancelled
 *   open, or new     arrived           since the last file              check_in
 *   not done         done              since the last file              check_in, check_out
 *   open, or new     no_show           since the last file              no_show
 *   open, or new     open              2 h past, nobody saw him         no_show
 *
 * The clock finds the last one, too, where no file is to be waited for: missed.c.
 *
 * Once each, by appointment, event, time and what it was before. A new row of the past is
 * history unless it lies between two files; so is all that is over for three days. Where
 * no file of orders tells who came, `done` is a visit too. */
#include <string.h>

#include <jansson.h>

#include "import_booking.h"
#include "intake.h"
#include "store/event.h"

#define CURRENT BOOKING_CURRENT
#define TYPES_MAX 4

struct telling {
	struct import *im;
	struct work *w;
	const struct appointment *was, *is; /* was NULL: it is new */
	const char *types[TYPES_MAX];
	int n;
};

static bool
was(const struct telling *t, const char *state)
{
	return t->was != NULL && strcmp(t->was->state, state) == 0;
}

static bool
is(const struct telling *t, const char *state)
{
	return strcmp(t->is->state, state) == 0;
}

/* It was still to come about when it was last heard of. */
static bool
stood_open(const struct telling *t)
{
	if (t->was != NULL)
		return appointment_open(t->was);
	return t->im->before != 0 && t->is->at > t->im->before;
}

/* He is fetched with his car. */
static bool
is_pickup(const struct appointment *a)
{
	static const char *const words[] = { "取送", "取车", "上门取", "pickup",
		"pick-up" };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strstr(a->service, words[i]) != NULL)
			return true;
	return false;
}

int
booking_seen(struct work *w, const struct appointment *a, struct err *e)
{
	struct customer_row row;
	struct local l;

	if (customer_get(w->store, a->customer, &row, e) != 1)
		return -1;
	zone_local(w->cat->config->entity.zone, a->at, &l);
	if (row.c.last_visit.year != 0 && date_days(row.c.last_visit) >= l.day)
		return 1;
	return event_seen_since(w->store, a->customer, a->at - MS_DAY / 2, e);
}

static void
add(struct telling *t, const char *type)
{
	t->types[t->n++] = type;
}

static int
decide_open(struct telling *t, struct err *e)
{
	bool known_open = t->was != NULL && appointment_open(t->was);
	int seen;

	if (t->is->at > t->w->now) {
		if (!known_open) {
			add(t, "booking");
			if (is_pickup(t->is))
				add(t, "pickup_booked");
		} else if (t->was->at != t->is->at) {
			add(t, "reschedule");
		}
		return 0;
	}
	/* A file that never says who came says nothing of who did not. */
	if (!t->im->arrivals || !stood_open(t) || t->is->at + BOOKING_NO_SHOW_AFTER > t->w->now)
		return 0;
	if ((seen = booking_seen(t->w, t->is, e)) == 0)
		add(t, "no_show");
	return seen < 0 ? -1 : 0;
}

static int
decide(struct telling *t, struct person *p, struct err *e)
{
	ms_t heard;

	if (t->is->at <= t->w->now - CURRENT)
		return 0;
	if (appointment_open(t->is))
		return decide_open(t, e);
	if (is(t, "cancelled")) {
		if (t->was != NULL && appointment_open(t->was))
			add(t, "cancelled");
		return 0;
	}
	if (!stood_open(t) && !(was(t, "arrived") && is(t, "done")))
		return 0;
	if (is(t, "no_show")) {
		add(t, "no_show");
		return 0;
	}
	if (!was(t, "arrived"))
		add(t, "check_in");
	if (is(t, "arrived"))
		return 0;
	add(t, "check_out");
	if (feed_last(t->w->store, person_store(p), &heard, e) != 0)
		return -1;
	if (heard == 0)
		add(t, "visit");
	return 0;
}

static const char *
data_of(const struct telling *t)
{
	const struct appointment *a = t->is;
	json_t *j = json_pack("{ss}", "appointment", a->ext);
	const char *const more[][2] = { { "vehicle", a->vehicle }, { "store", a->store },
		{ "service", a->service } };
	const char *copy;
	char *text;

	for (size_t i = 0; i < G_N_ELEMENTS(more); i++)
		if (*more[i][1] != '\0')
			json_object_set_new(j, more[i][0], json_string(more[i][1]));
	text = json_dumps(j, JSON_COMPACT);
	copy = arena_strdup(t->w->arena, text);
	free(text);
	json_decref(j);
	return copy;
}

static const char *
id_of(const struct telling *t, const struct person *p, const char *type)
{
	struct local l;

	/* The same as of an order of that day: one visit. */
	if (strcmp(type, "visit") == 0) {
		zone_local(p->zone, t->is->at, &l);
		return arena_printf(t->w->arena,
		    "visit:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, p->row.c.id, l.day);
	}
	/* Once for that time, whoever found it. */
	return arena_printf(t->w->arena, "appointment:%s:%s:%" G_GINT64_FORMAT ":%s",
	    t->is->ext, type, t->is->at, t->was == NULL || strcmp(type, "no_show") == 0 ? "" : t->was->state);
}

static int
tell(struct telling *t, struct person *p, const char *type, struct err *e)
{
	bool ahead = t->is->at > t->w->now || strcmp(type, "cancelled") == 0;
	struct event ev = { .source = "import",
		.evid = id_of(t, p, type),
		.customer = p->row.c.id,
		.type = type,
		.at = ahead ? t->w->now : t->is->at,
		.recv_at = t->w->now,
		.data = data_of(t) };
	int rc = event_add(t->w->store, &ev, e);

	if (rc <= 0)
		return rc;
	if (t->im != NULL &&
	    import_changed(t->im, t->w, &import_events, ev.evid, NULL, NULL, false, e) !=
	    0)
		return -1;
	return intake_apply(t->w, p, &ev, e);
}

int
import_booking_tell(struct import *im, struct work *w, const struct appointment *before,
    const struct appointment *now, struct err *e)
{
	struct telling t = { im, w, before, now, { NULL }, 0 };
	struct person p;
	int rc;

	if (im->how.dry_run || im->how.history || now->customer == 0)
		return 0;
	if ((rc = person_load(w, now->customer, &p, e)) != 1)
		return rc;
	if (p.row.erased_at != 0 || decide(&t, &p, e) != 0)
		return p.row.erased_at != 0 ? 0 : -1;
	if (t.n > 0 && import_profile_keep(im, w, p.row.c.id, e) != 0)
		return -1;
	for (int i = 0; i < t.n; i++)
		if (tell(&t, &p, t.types[i], e) != 0)
			return -1;
	return 0;
}

int
booking_no_show(
    struct work *w, struct person *p, const struct appointment *a, struct err *e)
{
	struct telling t = { NULL, w, a, a, { NULL }, 0 };

	return tell(&t, p, "no_show", e);
}
