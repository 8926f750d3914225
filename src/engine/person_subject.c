/* What a run is about: one vehicle, appointment or order, read when somebody asks. */
#include <string.h>

#include "concern.h"
#include "base/text.h"
#include "core/service.h"
#include "desk.h"
#include "spec/record.h"
#include "store/event.h"
#include "store/subject.h"

#define HAVE_MAX 32
#define ORDER_DAYS 31

struct about {
	struct person *person;
	enum subject kind;
	const char *ext;
	bool read, found;
	int64_t owner; /* of what it is about */
	struct appointment appointment;
	struct order order;
	bool vehicle_read, has_vehicle;
	struct vehicle vehicle;
	struct value_map maps[SUBJECTS];
};

static int
read_car(struct about *b, struct err *e)
{
	const struct person *p = b->person;

	for (int i = 0; i < p->n_cars; i++)
		if (strcmp(p->cars[i].ext, b->ext) == 0) {
			b->vehicle = p->cars[i];
			return 1;
		}
	return vehicle_get(p->work->store, b->ext, &b->vehicle, e);
}

/* A subject that is another's, or that cannot be read, is none. */
static void
read_own(struct about *b)
{
	struct store *s = b->person->work->store;
	int64_t owner = 0, driver = 0;
	struct err e = { 0 };
	int rc = 0;

	if (b->read)
		return;
	b->read = true;
	if (b->kind == SUBJECT_VEHICLE) {
		rc = read_car(b, &e);
		owner = b->vehicle.customer;
		driver = b->vehicle.driver;
		b->vehicle_read = true;
	} else if (b->kind == SUBJECT_APPOINTMENT) {
		rc = appointment_get(s, b->ext, &b->appointment, &e);
		owner = b->appointment.customer;
	} else if (b->kind == SUBJECT_ORDER) {
		rc = order_get(s, b->ext, &b->order, &e);
		owner = b->order.customer;
	}
	b->owner = owner;
	b->found = rc == 1 && concern_is(b->person, owner, driver);
	b->has_vehicle = b->kind == SUBJECT_VEHICLE && b->found;
}

/* The vehicle itself, or the one that the appointment or order names. */
static bool
read_vehicle(struct about *b)
{
	const char *word = "";
	struct err e = { 0 };

	read_own(b);
	if (b->vehicle_read)
		return b->has_vehicle;
	b->vehicle_read = true;
	if (b->found)
		word =
		    b->kind == SUBJECT_ORDER ? b->order.vehicle : b->appointment.vehicle;
	b->has_vehicle =
	    vehicle_find(b->person->work->store, word, &b->vehicle, &e) == 1 &&
	    concern_is(b->person, b->vehicle.customer, b->vehicle.driver);
	return b->has_vehicle;
}

static struct value
day(const struct person *p, struct date d)
{
	return d.year == 0 ? VALUE_NONE
			   : value_time(zone_instant(p->zone, date_days(d), 0));
}

static bool
vehicle_of(struct person *p, const struct vehicle *v, const char *key, size_t len,
    struct value *out)
{
	if (text_is(key, len, "next_service"))
		*out = day(p, service_next(v));
	else if (text_is(key, len, "battery_check"))
		*out = day(p, service_battery(v));
	else
		return record_value(
		    &record_vehicle, v, key, len, p->zone, p->work->arena, out);
	return true;
}

/* Of several in one message: all plates, the earliest of the dates. */
static bool
several(struct person *p, const char *key, size_t len, struct value *out)
{
	const struct value_list *all = p->vehicles.list;
	GString *s = g_string_new(NULL);

	*out = VALUE_NONE;
	for (size_t i = 0; i < all->n; i++) {
		struct value v;

		if (!value_map_get(all->items[i].map, key, len, &v))
			continue;
		if (v.type == VALUE_TIME &&
		    (out->type != VALUE_TIME || v.time < out->time))
			*out = v;
		if (v.type == VALUE_STR &&
		    g_strstr_len(s->str, (gssize)s->len,
			arena_strndup(p->work->arena, v.s.p, v.s.len)) == NULL)
			g_string_append_printf(
			    s, "%s%.*s", s->len > 0 ? "、" : "", (int)v.s.len, v.s.p);
	}
	if (s->len > 0)
		*out = value_str(arena_strdup(p->work->arena, s->str));
	g_string_free(s, TRUE);
	return true;
}

static bool
vehicle_value(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	struct about *b = (struct about *)(uintptr_t)m->arg;

	*out = VALUE_NONE;
	if (b->person->vehicles.type == VALUE_LIST && b->person->vehicles.list->n > 1)
		return several(b->person, key, len, out);
	return read_vehicle(b) ? vehicle_of(b->person, &b->vehicle, key, len, out) : true;
}

static bool
appointment_value(
    const struct value_map *m, const char *key, size_t len, struct value *out)
{
	struct about *b = (struct about *)(uintptr_t)m->arg;

	*out = VALUE_NONE;
	read_own(b);
	return b->found ? record_value(&record_appointment, &b->appointment, key, len,
			      b->person->zone, b->person->work->arena, out)
			: true;
}

static bool
order_value(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	struct about *b = (struct about *)(uintptr_t)m->arg;

	*out = VALUE_NONE;
	read_own(b);
	return b->found ? record_value(&record_order, &b->order, key, len,
			      b->person->zone, b->person->work->arena, out)
			: true;
}

void
person_subject(struct person *p, enum subject kind, const char *ext)
{
	struct about *b;

	p->about = NULL;
	p->vehicles = VALUE_NONE;
	if (kind == SUBJECT_NONE || *ext == '\0')
		return;
	b = arena_new_of(p->work->arena, struct about);
	b->person = p;
	b->kind = kind;
	b->ext = arena_strdup(p->work->arena, ext);
	b->maps[SUBJECT_VEHICLE] = (struct value_map){ .get = vehicle_value, .arg = b };
	b->maps[SUBJECT_APPOINTMENT] =
	    (struct value_map){ .get = appointment_value, .arg = b };
	b->maps[SUBJECT_ORDER] = (struct value_map){ .get = order_value, .arg = b };
	p->about = b;
}

const char *
person_subject_ext(const struct person *p)
{
	return p->about == NULL ? "" : p->about->ext;
}

const char *
person_vehicle(const struct person *p)
{
	return p->about == NULL || p->about->kind != SUBJECT_VEHICLE ? "" : p->about->ext;
}

bool
person_subject_stands(struct person *p)
{
	struct about *b = p->about;

	if (b == NULL)
		return true;
	read_own(b);
	if (!b->found)
		return false;
	if (b->kind == SUBJECT_VEHICLE)
		return !b->vehicle.sold;
	return b->kind != SUBJECT_APPOINTMENT ||
	       strcmp(b->appointment.state, "cancelled") != 0;
}

bool
about_value(struct person *p, const char *root, size_t len, struct value *out)
{
	for (int k = SUBJECT_VEHICLE; k < SUBJECTS; k++) {
		if (!text_is(root, len, subject_name(k)))
			continue;
		*out =
		    p->about == NULL || (k != SUBJECT_VEHICLE && k != (int)p->about->kind)
			? VALUE_NONE
			: value_map(&p->about->maps[k]);
		return true;
	}
	return false;
}

const char *
about_store(struct person *p)
{
	struct about *b = p->about;

	if (b == NULL)
		return "";
	read_own(b);
	if (!b->found)
		return "";
	return b->kind == SUBJECT_VEHICLE       ? b->vehicle.store
	       : b->kind == SUBJECT_APPOINTMENT ? b->appointment.store
						: b->order.store;
}

const char *
about_advisor(struct person *p)
{
	struct about *b = p->about;

	if (b == NULL || b->kind == SUBJECT_VEHICLE)
		return "";
	read_own(b);
	if (!b->found)
		return "";
	return b->kind == SUBJECT_APPOINTMENT ? b->appointment.advisor : b->order.advisor;
}

/* ---- which of them ---- */

static int
appointments_of(struct person *p, int64_t owner, const char **out)
{
	struct appointment *v = arena_array(p->work->arena, struct appointment, HAVE_MAX);
	struct err e = { 0 };
	int have = appointment_of_customer(p->work->store, owner, v, HAVE_MAX, &e), n = 0;

	for (int i = 0; i < have; i++)
		if (appointment_open(&v[i]))
			out[n++] = v[i].ext;
	return n;
}

static int
orders_of(struct person *p, int64_t owner, const char **out)
{
	struct order *v = arena_array(p->work->arena, struct order, HAVE_MAX);
	struct err e = { 0 };
	int have = order_of_customer(p->work->store, owner, v, HAVE_MAX, &e), n = 0;

	for (int i = 0; i < have; i++)
		if (v[i].at >= p->work->now - ORDER_DAYS * MS_DAY)
			out[n++] = v[i].ext;
	return n;
}

static const char *const *
subjects(struct person *p, enum subject kind, bool keep)
{
	struct arena *a = p->work->arena;
	struct vehicle *v;
	const char **out;
	int64_t *owners;
	int n = 0, have;

	if (kind == SUBJECT_VEHICLE) {
		have = concern_vehicles(p, &v);
		out = arena_array(a, const char *, have + 1);
		for (int i = 0; i < have; i++)
			if (!v[i].sold)
				out[n++] = v[i].ext;
		if (keep) {
			p->cars = v;
			p->n_cars = MAX(have, 0);
		}
		return out;
	}
	have = concern_owners(p, &owners);
	out = arena_array(a, const char *, have * HAVE_MAX + 1);
	for (int i = 0; i < have; i++)
		n += kind == SUBJECT_ORDER ? orders_of(p, owners[i], out + n)
					   : appointments_of(p, owners[i], out + n);
	return out;
}

const char *const *
person_subjects(struct person *p, enum subject kind)
{
	return subjects(p, kind, false);
}

const char *const *
person_subjects_kept(struct person *p, enum subject kind)
{
	if (p->kept[kind] == NULL)
		p->kept[kind] = subjects(p, kind, true);
	return p->kept[kind];
}

/* What the event names of this kind, as it wrote it; "" nothing. */
static const char *
named(struct person *p, enum subject kind)
{
	const char *name = subject_name((int)kind);
	struct value v;

	if (p->event_value.type != VALUE_MAP ||
	    !value_map_get(p->event_value.map, name, strlen(name), &v) ||
	    v.type != VALUE_STR)
		return "";
	return arena_strndup(p->work->arena, v.s.p, v.s.len);
}

const char *
person_subject_of_event(struct person *p, enum subject kind)
{
	struct store *s = p->work->store;
	const char *word = named(p, kind);
	struct appointment a;
	struct vehicle v;
	struct order o;
	struct err e = { 0 };
	const char *const *have;

	if (*word == '\0') {
		have = person_subjects(p, kind);
		return kind == SUBJECT_VEHICLE && have[0] != NULL && have[1] == NULL
			   ? have[0]
			   : "";
	}
	if (kind == SUBJECT_VEHICLE && vehicle_find(s, word, &v, &e) == 1 &&
	    concern_is(p, v.customer, v.driver))
		return v.ext;
	if (kind == SUBJECT_APPOINTMENT && appointment_get(s, word, &a, &e) == 1 &&
	    concern_is(p, a.customer, 0))
		return a.ext;
	if (kind == SUBJECT_ORDER && order_get(s, word, &o, &e) == 1 &&
	    concern_is(p, o.customer, 0))
		return o.ext;
	return "";
}

bool
person_event_names(struct person *p, enum subject kind)
{
	return *named(p, kind) != '\0';
}

int64_t
person_subject_owner(struct person *p)
{
	if (p->about == NULL)
		return 0;
	read_own(p->about);
	return p->about->owner;
}

bool
person_event_concerns(struct person *p, enum subject kind, const char *ext)
{
	const char *own;

	if (kind == SUBJECT_NONE || *ext == '\0' || *named(p, kind) == '\0')
		return true;
	own = person_subject_of_event(p, kind);
	return *own == '\0' || strcmp(own, ext) == 0;
}

/* ---- several vehicles in one message ---- */

struct one_vehicle {
	struct person *person;
	struct vehicle vehicle;
	struct value_map map;
};

static bool
one_value(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	const struct one_vehicle *one = m->arg;

	return vehicle_of(one->person, &one->vehicle, key, len, out);
}

void
person_vehicles(struct person *p, const char *const *exts)
{
	struct arena *a = p->work->arena;
	struct value_list *list =
	    value_list_new(a, MAX(1, g_strv_length((char **)(uintptr_t)exts)));
	struct err e = { 0 };

	for (; *exts != NULL; exts++) {
		struct one_vehicle *one = arena_new_of(a, struct one_vehicle);

		if (vehicle_get(p->work->store, *exts, &one->vehicle, &e) != 1 ||
		    !concern_is(p, one->vehicle.customer, one->vehicle.driver))
			continue;
		one->person = p;
		one->map = (struct value_map){ .get = one_value, .arg = one };
		list->items[list->n++] = value_map(&one->map);
	}
	p->vehicles = value_list(list);
}
