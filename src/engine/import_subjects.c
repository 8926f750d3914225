/* Vehicles, appointments and staff: things of their own, as their files tell them. */
#include <string.h>

#include "import_booking.h"
#include "missed.h"
#include "plan.h"
#include "store/subject.h"
#include "store/tie.h"

/* ---- vehicles ---- */

static void *
vehicles_open(const struct import *im, const struct zone *zone, struct err *e)
{
	return import_record_open(&record_vehicle, im, zone, e);
}

/* By his id or by a number that is his alone: a name is not enough. */
static int
settle_driver(struct work *w, struct vehicle *v, struct row_fault *f, struct err *e)
{
	int64_t ids[2];
	int rc = *v->driver_ext == '\0' ? 0 : customer_find(w->store, v->driver_ext, &v->driver, e);

	if (rc == 0 && *v->driver_phone != '\0') {
		rc = customer_of_address(w->store,
		    customer_hash(w->store, CHANNEL_PHONE, v->driver_phone), ids, 2, e);
		if (rc == 1)
			v->driver = ids[0];
	}
	if (rc < 0)
		return -1;
	if (rc > 1)
		rows_judge(f, ROW_NOTED, 0, "",
		    "its driver's number is that of several customers: name him by his "
		    "id");
	else if (rc == 0)
		rows_judge(f, ROW_NOTED, 0, "",
		    "its driver is no known customer: import him with his consent first");
	return 0;
}

static int
vehicle_settle(const struct import *im, struct work *w, void *row, struct row_fault *f,
    struct err *e)
{
	struct vehicle *v = row;

	(void)im;
	if (import_owner(w, v->owner, v->phone, "", &v->customer, f, e) != 0)
		return -1;
	return *v->driver_ext == '\0' && *v->driver_phone == '\0' ? 0 : settle_driver(w, v, f, e);
}

static const char *
vehicle_key(const void *row, struct arena *a)
{
	(void)a;
	return ((const struct vehicle *)row)->ext;
}

/* A file that says nothing of a column says nothing against what is known: a column
 * that is there but empty does. */
static int
vehicle_store(struct import *im, struct work *w, void *row, bool fresh, struct err *e)
{
	struct vehicle *v = row, said;

	if (!fresh && vehicle_get(w->store, v->ext, &said, e) != 1)
		return -1;
	if (!fresh)
		records_keep(im->reader, w->arena, v, &said);
	if (vehicle_put(w->store, v, e) != 0)
		return -1;
	if (im->how.dry_run)
		return 0;
	return plan_dates_of(w, v->customer, e) != 0 ? -1 : plan_dates_of(w, v->driver, e);
}

static int
vehicle_image(struct work *w, const char *ext, const char **json, struct err *e)
{
	struct vehicle v;
	int rc = vehicle_get(w->store, ext, &v, e);

	if (rc != 1)
		return rc;
	v.owner = import_ext(w, v.customer);
	v.driver_ext = import_ext(w, v.driver);
	*json = record_image(&record_vehicle, &v, w->arena);
	return 1;
}

static int
vehicle_restore(struct work *w, const char *ext, const char *json, struct err *e)
{
	struct vehicle v;

	if (json == NULL)
		return vehicle_drop(w->store, ext, e);
	if (record_of_image(&record_vehicle, json, w->arena, &v) != 0 ||
	    customer_find(w->store, v.owner, &v.customer, e) != 1)
		return 0;
	if (*v.driver_ext != '\0' && customer_find(w->store, v.driver_ext, &v.driver, e) < 0)
		return -1;
	return vehicle_put(w->store, &v, e) != 0
		   ? -1
		   : tie_set_driver(w->store, v.ext, v.driver, e);
}

const struct import_kind import_vehicles = { .what = "vehicles",
	IMPORT_RECORD,
	.open = vehicles_open,
	.settle = vehicle_settle,
	.key = vehicle_key,
	.put = vehicle_store,
	.image = vehicle_image,
	.restore = vehicle_restore };

/* ---- appointments ---- */

static void *
appointments_open(const struct import *im, const struct zone *zone, struct err *e)
{
	return import_record_open(&record_appointment, im, zone, e);
}

static int
appointment_settle(const struct import *im, struct work *w, void *row,
    struct row_fault *f, struct err *e)
{
	struct appointment *a = row;
	struct vehicle v;

	(void)im;
	if (import_owner(w, a->owner, a->phone, a->vehicle, &a->customer, f, e) != 0)
		return -1;
	if (vehicle_find(w->store, a->vehicle, &v, e) == 1 && v.customer == a->customer)
		a->vehicle = v.ext;
	return 0;
}

static const char *
appointment_key(const void *row, struct arena *a)
{
	(void)a;
	return ((const struct appointment *)row)->ext;
}

static int
appointment_store(struct import *im, struct work *w, void *row, bool fresh, struct err *e)
{
	const struct appointment *a = row;
	struct appointment before;

	if ((!fresh && appointment_get(w->store, a->ext, &before, e) != 1) ||
	    appointment_put(w->store, a, e) != 0)
		return -1;
	/* A cancellation ends a run before its dates are looked at. */
	if (missed_expect(w, fresh ? NULL : &before, a, e) != 0 ||
	    import_booking_tell(im, w, fresh ? NULL : &before, a, e) != 0)
		return -1;
	return im->how.dry_run ? 0 : plan_dates_of(w, a->customer, e);
}

static void
appointment_count(struct import *im, const void *row)
{
	const struct appointment *a = row;

	im->arrivals |= !appointment_open(a) && strcmp(a->state, "cancelled") != 0;
}

static int
appointment_ended(struct import *im, struct work *w, struct err *e)
{
	return im->arrivals && !im->how.history ? missed_file(w, e) : 0;
}

static int
appointment_image(struct work *w, const char *ext, const char **json, struct err *e)
{
	struct appointment a;
	int rc = appointment_get(w->store, ext, &a, e);

	if (rc != 1)
		return rc;
	a.owner = import_ext(w, a.customer);
	*json = record_image(&record_appointment, &a, w->arena);
	return 1;
}

static int
appointment_restore(struct work *w, const char *ext, const char *json, struct err *e)
{
	struct appointment a;

	if (json == NULL)
		return appointment_drop(w->store, ext, e);
	if (record_of_image(&record_appointment, json, w->arena, &a) != 0 ||
	    customer_find(w->store, a.owner, &a.customer, e) != 1)
		return 0;
	return appointment_put(w->store, &a, e) != 0 ? -1 : missed_expect(w, NULL, &a, e);
}

const struct import_kind import_appointments = { .what = "appointments",
	IMPORT_RECORD,
	.open = appointments_open,
	.settle = appointment_settle,
	.count = appointment_count,
	.key = appointment_key,
	.put = appointment_store,
	.image = appointment_image,
	.restore = appointment_restore,
	.ended = appointment_ended };

/* ---- staff ---- */

static void *
staff_open(const struct import *im, const struct zone *zone, struct err *e)
{
	return import_record_open(&record_staff, im, zone, e);
}

static int
staff_settle(const struct import *im, struct work *w, void *row, struct row_fault *f,
    struct err *e)
{
	struct staff *s = row;
	const struct shop *shop = shop_find(&w->cat->config->stores, s->store);

	(void)im;
	(void)e;
	if (shop != NULL)
		s->store = shop->id;
	else if (w->cat->config->stores.n > 0 && *s->store != '\0')
		rows_judge(f, ROW_NOTED, 0, "",
		    "no store of stores.yaml is called \"%.40s\"; kept as written",
		    s->store);
	return 0;
}

static const char *
staff_key(const void *row, struct arena *a)
{
	(void)a;
	return ((const struct staff *)row)->ext;
}

static int
staff_store(struct import *im, struct work *w, void *row, bool fresh, struct err *e)
{
	(void)im;
	(void)fresh;
	return staff_put(w->store, row, e);
}

static int
staff_image(struct work *w, const char *ext, const char **json, struct err *e)
{
	struct staff s;
	int rc = staff_get(w->store, ext, &s, e);

	if (rc != 1)
		return rc;
	*json = record_image(&record_staff, &s, w->arena);
	return 1;
}

static int
staff_restore(struct work *w, const char *ext, const char *json, struct err *e)
{
	struct staff s;

	if (json == NULL)
		return staff_drop(w->store, ext, e);
	return record_of_image(&record_staff, json, w->arena, &s) == 0
		   ? staff_put(w->store, &s, e)
		   : 0;
}

const struct import_kind import_staff = { .what = "staff",
	IMPORT_RECORD,
	.open = staff_open,
	.settle = staff_settle,
	.key = staff_key,
	.put = staff_store,
	.image = staff_image,
	.restore = staff_restore };
