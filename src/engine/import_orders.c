/* Repair orders: history. They make facts (last visit, visits, spend), tell the odometer,
 * and are visits: runs under way meet them, none begins. */
#include <string.h>

#include <jansson.h>

#include "concern.h"
#include "base/json.h"
#include "import_kind.h"
#include "plan.h"
#include "profile.h"
#include "store/event.h"
#include "store/subject.h"

/* A visit older than that is not news to a run under way. */
#define NEWS (7 * MS_DAY)

static void *
open_file(const struct import *im, const struct zone *zone, struct err *e)
{
	return import_record_open(&record_order, im, zone, e);
}

static int
settle(const struct import *im, struct work *w, void *row, struct row_fault *f,
    struct err *e)
{
	struct order *o = row;
	struct vehicle v;

	(void)im;
	if (import_owner(w, o->owner, o->phone, o->vehicle, &o->customer, f, e) != 0)
		return -1;
	if (vehicle_find(w->store, o->vehicle, &v, e) == 1 && v.customer == o->customer)
		o->vehicle = v.ext;
	if (o->at > w->now + MS_DAY)
		rows_judge(f, ROW_REFUSED, 0, "", "its date lies in the future");
	return 0;
}

static const char *
key(const void *row, struct arena *a)
{
	(void)a;
	return ((const struct order *)row)->ext;
}

/* ---- what it tells about the customer ---- */

/* The latest and the most of what is known. Spend falls only when the orders on file
 * cover the whole twelve months. */
static int
recount(struct work *w, const struct person *p, struct err *e)
{
	const struct customer *c = &p->row.c;
	ms_t year = w->now - 365 * MS_DAY;
	struct customer_facts f = { c->first_visit, c->last_visit, c->last_visit_at,
		c->visits, c->spend_12m };
	struct order_sums sums;
	struct local l;

	if (order_sum(w->store, c->id, year, zone_offset(p->house, w->now) * MS_SECOND,
		&sums, e) != 0)
		return -1;
	if (sums.days == 0)
		return 0;
	zone_local(p->zone, sums.last, &l);
	if (f.last_visit.year == 0 || date_days(f.last_visit) < l.day)
		f.last_visit = l.date;
	zone_local(p->zone, sums.first, &l);
	if (f.first_visit.year == 0 || date_days(f.first_visit) > l.day)
		f.first_visit = l.date;
	f.visits = MAX(f.visits, sums.days);
	if (sums.first <= year || sums.since > f.spend_12m)
		f.spend_12m = sums.since;
	return customer_set_facts(w->store, c->id, &f, e);
}

static int
facts(struct import *im, struct work *w, struct person *p, struct err *e)
{
	const char *before = "";

	if (import_facts.image(w, p->row.c.ext, &before, e) < 0 || recount(w, p, e) != 0)
		return -1;
	return import_changed(im, w, &import_facts, p->row.c.ext, before, NULL, false, e);
}

/* A service is what is called so, or an order whose lines are not told. */
static bool
is_service(const struct order *o)
{
	return strcmp(o->accepted, "[]") == 0 || strstr(o->accepted, "保养") != NULL ||
	       strstr(o->accepted, "机油") != NULL;
}

static int
odometer(struct import *im, struct work *w, const struct person *p, const struct order *o,
    struct err *e)
{
	const char *before = "";
	struct local l;
	int rc = import_vehicles.image(w, o->vehicle, &before, e);

	if (rc != 1)
		return rc;
	zone_local(p->zone, o->at, &l);
	if (vehicle_seen(w->store, o->vehicle, l.day, o->mileage, is_service(o), e) != 0 ||
	    (!im->how.dry_run && plan_dates_of(w, o->customer, e) != 0))
		return -1;
	return import_changed(
	    im, w, &import_vehicles, o->vehicle, before, NULL, false, e);
}

/* ---- events ---- */

/* 1 new, 0 known, -1. */
static int
add_event(struct import *im, struct work *w, struct event *ev, struct err *e)
{
	int rc = event_add(w->store, ev, e);

	if (rc == 1 &&
	    import_changed(im, w, &import_events, ev->evid, NULL, NULL, false, e) != 0)
		return -1;
	return rc;
}

static const char *
data_of(struct work *w, const struct order *o)
{
	json_t *j = json_pack("{ss sf so so}", "order", o->ext, "amount", o->amount,
	    "recommended", json_read_text(o->recommended), "accepted",
	    json_read_text(o->accepted));
	char *text;
	const char *copy;

	if (*o->vehicle != '\0')
		json_object_set_new(j, "vehicle", json_string(o->vehicle));
	if (*o->store != '\0')
		json_object_set_new(j, "store", json_string(o->store));
	text = json_dumps(j, JSON_COMPACT | JSON_REAL_PRECISION(12));
	copy = arena_strdup(w->arena, text);
	free(text);
	json_decref(j);
	return copy;
}

/* Runs under way see that he came; nothing starts. */
static int
tell(struct work *w, struct person *p, const struct event *visit, struct err *e)
{
	int rc;

	if (visit->at < w->now - NEWS || visit->at > w->now)
		return 0;
	person_event(p, visit);
	rc = plan_event(w, p, visit, e);
	if (rc == 0)
		rc = concern_tell(w, p, visit, false, e);
	person_event(p, NULL);
	return rc;
}

static int
events(struct import *im, struct work *w, struct person *p, const struct order *o,
    struct err *e)
{
	const char *data = data_of(w, o);
	struct event ev = { .source = "import",
		.customer = o->customer,
		.at = o->at,
		.recv_at = w->now,
		.data = data };
	struct local l;
	int rc;

	ev.type = "order";
	ev.evid = arena_printf(w->arena, "order:%s", o->ext);
	if ((rc = add_event(im, w, &ev, e)) < 0 ||
	    (rc == 1 && !im->how.dry_run && profile_history(w, p, &ev, e) != 0))
		return -1;
	/* Several orders of one day are one visit. */
	zone_local(p->zone, o->at, &l);
	ev.type = "visit";
	ev.evid = arena_printf(
	    w->arena, "visit:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, o->customer, l.day);
	if ((rc = add_event(im, w, &ev, e)) < 0)
		return -1;
	return rc == 1 && !im->how.dry_run ? tell(w, p, &ev, e) : 0;
}

static int
put(struct import *im, struct work *w, void *row, bool fresh, struct err *e)
{
	struct order *o = row;
	struct person p;

	if (order_put(w->store, o, e) != 0 || person_load(w, o->customer, &p, e) != 1)
		return -1;
	if (fresh && import_profile_keep(im, w, o->customer, e) != 0)
		return -1;
	if (facts(im, w, &p, e) != 0 || odometer(im, w, &p, o, e) != 0)
		return -1;
	if (!im->how.dry_run && feed_heard(w->store,
				    *o->store == '\0' ? person_store(&p)
				    : shop_find(&w->cat->config->stores, o->store) != NULL
					? shop_find(&w->cat->config->stores, o->store)->id
					: o->store,
				    im->how.source, w->now, e) != 0)
		return -1;
	return events(im, w, &p, o, e);
}

/* A day without visits is news as well: all stores of this source have been heard of. */
static int
ended(struct import *im, struct work *w, struct err *e)
{
	return feed_renew(w->store, im->how.source, w->now, e);
}

static int
image(struct work *w, const char *ext, const char **json, struct err *e)
{
	struct order o;
	int rc = order_get(w->store, ext, &o, e);

	if (rc != 1)
		return rc;
	o.owner = import_ext(w, o.customer);
	*json = record_image(&record_order, &o, w->arena);
	return 1;
}

static int
restore(struct work *w, const char *ext, const char *json, struct err *e)
{
	struct order o;

	if (json == NULL)
		return order_drop(w->store, ext, e);
	if (record_of_image(&record_order, json, w->arena, &o) != 0 ||
	    customer_find(w->store, o.owner, &o.customer, e) != 1)
		return 0;
	return order_put(w->store, &o, e);
}

const struct import_kind import_orders = { .what = "orders",
	IMPORT_RECORD,
	.open = open_file,
	.settle = settle,
	.key = key,
	.put = put,
	.image = image,
	.restore = restore,
	.ended = ended };

/* ---- events that an import made ---- */

static int
event_image(struct work *w, const char *evid, const char **json, struct err *e)
{
	*json = "{}";
	return event_known(w->store, "import", evid, e);
}

static int
event_restore(struct work *w, const char *evid, const char *json, struct err *e)
{
	if (json != NULL)
		return 0;
	return profile_untell(w, "import", evid, e) < 0 ? -1 :
							  event_drop(w->store, "import", evid, e);
}

const struct import_kind import_events = {
	.what = "event", .image = event_image, .restore = event_restore
};
