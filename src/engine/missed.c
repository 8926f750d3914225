/* missed.c - `no_show` by the clock (S20). An appointment that lies ahead is looked at two
 * hours after its time. Who was not seen until then did not come, if that can be known:
 *
 *   the store's visits are told by files       not before one told after those two hours
 *   files of appointments tell who came        likewise
 *   neither: events tell who comes             at once
 *
 * News that do not come within three days settle it in silence. */
#include "missed.h"

#include <string.h>

#include <jansson.h>

#include "base/log.h"
#include "import_booking.h"
#include "store/event.h"
#include "store/subject.h"

#define FILES "feed.arrivals"

int
missed_expect(struct work *w, const struct appointment *before,
    const struct appointment *a, struct err *e)
{
	ms_t at = a->at + BOOKING_NO_SHOW_AFTER;

	if (!appointment_open(a))
		return appointment_look(w->store, a->ext, 0, e);
	if (before != NULL && appointment_open(before) && before->at == a->at)
		return 0;
	/* What was over when it was first told of is history. */
	if (at <= w->now)
		return appointment_look(w->store, a->ext, 0, e);
	desk_people(w->desk, at);
	return appointment_look(w->store, a->ext, at, e);
}

int
missed_event(struct work *w, const struct event *ev, struct err *e)
{
	json_t *data;
	const char *ext;
	int rc;

	if (strcmp(ev->source, "import") == 0)
		return 0;
	data = json_loads(ev->data, 0, NULL);
	ext = json_string_value(json_object_get(data, "appointment"));
	rc = appointment_settled(w->store, ev->customer, ext == NULL ? "" : ext, e);
	json_decref(data);
	return rc;
}

int
missed_file(struct work *w, struct err *e)
{
	char at[32];

	g_snprintf(at, sizeof(at), "%" G_GINT64_FORMAT, w->now);
	return store_meta_set(w->store, FILES, at, e);
}

/* 1: whoever came by then is known, 0: news are to be waited for, -1. */
static int
is_known(
    struct work *w, const struct person *p, const struct appointment *a, struct err *e)
{
	const struct shop *shop = shop_find(&w->cat->config->stores, a->store);
	ms_t heard, until = a->at + BOOKING_NO_SHOW_AFTER;
	char file[32];

	if (feed_last(w->store,
		shop != NULL        ? shop->id
		: *a->store != '\0' ? a->store
				    : person_store(p),
		&heard, e) != 0 ||
	    store_meta_get(w->store, FILES, file, sizeof(file), e) != 0)
		return -1;
	return (heard == 0 || heard >= until) &&
	       (*file == '\0' || g_ascii_strtoll(file, NULL, 10) >= until);
}

static int
one(struct work *w, const struct appointment *a, struct err *e)
{
	struct person p;
	int rc;

	if (!appointment_open(a) || a->at + BOOKING_CURRENT <= w->now)
		return appointment_look(w->store, a->ext, 0, e);
	if ((rc = person_load(w, a->customer, &p, e)) != 1)
		return rc < 0 ? -1 : appointment_look(w->store, a->ext, 0, e);
	if (p.row.erased_at != 0 || (rc = booking_seen(w, a, e)) == 1)
		return appointment_look(w->store, a->ext, 0, e);
	if (rc < 0 || (rc = is_known(w, &p, a, e)) < 0)
		return -1;
	if (rc == 0)
		return appointment_look(w->store, a->ext, w->now + MS_HOUR, e);
	if (appointment_look(w->store, a->ext, 0, e) != 0)
		return -1;
	return booking_no_show(w, &p, a, e);
}

/* One that cannot be handled must not stand before all others. */
static int
try_one(struct work *w, const struct appointment *a, struct err *e)
{
	struct err own = { 0 };

	if (store_mark(w->store, e) != 0)
		return -1;
	if (one(w, a, &own) == 0)
		return store_unmark(w->store, e);
	if (store_back(w->store, &own, e) != 0)
		return -1;
	log_error("no_show_failed", "appointment=%" G_GINT64_FORMAT " error=\"%s\"",
	    a->id, own.text);
	return appointment_look(w->store, a->ext, w->now + MS_HOUR, e);
}

int
missed_clock(struct work *w, int max, ms_t *next, struct err *e)
{
	struct appointment *due = arena_array(w->arena, struct appointment, max);
	int n = appointment_due(w->store, w->now, due, max, e);
	ms_t later;

	for (int i = 0; i < n; i++)
		if (try_one(w, &due[i], e) != 0)
			return -1;
	if (n < 0 || appointment_next(w->store, &later, e) != 0)
		return -1;
	*next = MIN(*next, later);
	return 0;
}
