/* One customer as conditions and templates see him. */
#include <string.h>

#include <jansson.h>

#include "base/check.h"
#include "desk.h"
#include "store/event.h"
#include "store/offer.h"

static struct value
date_value(const struct person *p, struct date d)
{
	if (d.year == 0)
		return VALUE_NONE;
	return value_time(zone_instant(p->zone, date_days(d), 0));
}

static struct value
text_value(const char *s)
{
	return *s == '\0' ? VALUE_NONE : value_str(s);
}

static struct value
tags_value(const struct person *p)
{
	struct arena *a = p->work->arena;
	const char *s = p->row.c.tags;
	struct value_list *l = value_list_new(a, 8);
	size_t cap = 8;

	while (*s != '\0') {
		size_t n = strcspn(s, ";");

		if (l->n == cap) {
			struct value_list *more = value_list_new(a, cap *= 2);

			memcpy(more->items, l->items, l->n * sizeof(*l->items));
			more->n = l->n;
			l = more;
		}
		l->items[l->n++] = value_strn(s, n);
		s += n + (s[n] != '\0');
	}
	return value_list(l);
}

static const struct value_map *
attrs(struct person *p)
{
	json_t *j;

	if (p->attrs == NULL) {
		j = json_loads(p->row.c.attrs, 0, NULL);
		p->attrs = j != NULL && json_is_object(j) ?
		    value_from_json(p->work->arena, j).map :
		    value_map_new(p->work->arena);
		json_decref(j);
	}
	return p->attrs;
}

static bool
is(const char *key, size_t len, const char *name)
{
	return strlen(name) == len && memcmp(key, name, len) == 0;
}

static bool
customer_value(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	struct person *p = (struct person *)(uintptr_t)m->arg;
	const struct customer *c = &p->row.c;
	struct err e = { 0 };

	/* Addresses stay sealed until somebody asks. */
	if (p->row.sealed != NULL &&
	    (is(key, len, "phone") || is(key, len, "email") || is(key, len, "wecom") ||
		is(key, len, "push")) &&
	    customer_open(p->work->store, &p->row, &e) != 0)
		return false;
	const struct {
		const char *name, *text;
	} texts[] = {
		{ "id", c->ext },
		{ "name", c->name },
		{ "gender", c->gender },
		{ "tier", c->tier },
		{ "stage", c->stage },
		{ "store", c->store },
		{ "advisor", c->advisor },
		{ "tz", c->tz },
		{ "phone", *c->address[CHANNEL_SMS] ? c->address[CHANNEL_SMS] :
						      c->address[CHANNEL_PHONE] },
		{ "email", c->address[CHANNEL_EMAIL] },
		{ "wecom", c->address[CHANNEL_WECOM] },
		{ "push", c->address[CHANNEL_PUSH] },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (is(key, len, texts[i].name)) {
			*out = text_value(texts[i].text);
			return true;
		}
	if (is(key, len, "birthday"))
		*out = date_value(p, c->birthday);
	else if (is(key, len, "first_visit"))
		*out = date_value(p, c->first_visit);
	else if (is(key, len, "last_visit"))
		*out = date_value(p, c->last_visit);
	else if (is(key, len, "visits"))
		*out = value_int(c->visits);
	else if (is(key, len, "spend_12m"))
		*out = value_float(c->spend_12m);
	else if (is(key, len, "tags"))
		*out = tags_value(p);
	else
		return value_map_get(attrs(p), key, len, out);
	return true;
}

static bool
signal_value(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	const struct person *p = m->arg;
	struct local today;

	if (!is(key, len, "days_since_visit"))
		return false;
	*out = VALUE_NONE;
	if (p->row.c.last_visit.year != 0) {
		zone_local(p->zone, p->work->now, &today);
		*out = value_int(today.day - date_days(p->row.c.last_visit));
	}
	return true;
}

static bool
entity_value(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	const struct person *p = m->arg;
	const struct config *c = p->work->cat->config;

	if (is(key, len, "name"))
		*out = text_value(c->entity.name);
	else if (is(key, len, "phone"))
		*out = c->entity.phone == NULL ? VALUE_NONE : text_value(c->entity.phone);
	else
		return false;
	return true;
}

bool
person_offer(struct person *p, const char *name)
{
	struct grant *g = arena_new_of(p->work->arena, struct grant);
	struct err e = { 0 };

	p->offer_known = true;
	p->granted = NULL;
	if (offer_standing(p->work->store, p->row.c.id, name, p->work->now, g, 1, &e) == 1)
		p->granted = g;
	return p->granted != NULL;
}

static bool
offer_value(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	struct person *p = (struct person *)(uintptr_t)m->arg;
	const struct grant *g;
	const struct offer *o;

	if (!p->offer_known)
		person_offer(p, NULL);
	g = p->granted;
	*out = VALUE_NONE;
	if (g == NULL)
		return true;
	o = offer_named(p->work->cat->offers, g->name);
	if (is(key, len, "name"))
		*out = value_str(g->name);
	else if (is(key, len, "title"))
		*out = value_str(o != NULL ? o->title : g->name);
	else if (is(key, len, "value"))
		*out = value_float(g->value);
	else if (is(key, len, "expires"))
		*out = value_time(g->expires_at);
	else
		return false;
	return true;
}

static bool
top_value(const struct scope *s, const char *name, size_t len, struct value *out)
{
	const struct person *p = s->arg;

	if (is(name, len, "customer"))
		*out = value_map(&p->customer);
	else if (is(name, len, "signals"))
		*out = value_map(&p->signals);
	else if (is(name, len, "entity"))
		*out = value_map(&p->entity);
	else if (is(name, len, "offer"))
		*out = value_map(&p->offer);
	else if (is(name, len, "event"))
		*out = p->event_value;
	else if (is(name, len, "now"))
		*out = value_time(p->work->now);
	else if (is(name, len, "store"))
		*out = value_map(&p->store);
	else if (is(name, len, "advisor"))
		*out = value_map(&p->advisor);
	else if (is(name, len, "vehicles"))
		*out = p->vehicles;
	else
		return about_value((struct person *)(uintptr_t)p, name, len, out);
	return true;
}

void
person_of_row(struct work *w, const struct customer_row *row, struct person *p)
{
	const struct config *cfg = w->cat->config;

	memset(p, 0, sizeof(*p));
	p->row = *row;
	p->work = w;
	p->house = cfg->entity.zone;
	p->shop = shop_find(&cfg->stores, row->c.store);
	p->zone = *row->c.tz != '\0' ? zone_get(row->c.tz) : NULL;
	if (p->zone == NULL && p->shop != NULL)
		p->zone = p->shop->zone;
	if (p->zone == NULL)
		p->zone = p->house;
	p->customer = (struct value_map){ .get = customer_value, .arg = p };
	p->signals = (struct value_map){ .get = signal_value, .arg = p };
	p->offer = (struct value_map){ .get = offer_value, .arg = p };
	p->entity = (struct value_map){ .get = entity_value, .arg = p };
	p->customer_scope = (struct scope){ .lookup = top_value, .arg = p };
	p->event_value = p->vehicles = VALUE_NONE;
	person_place(p);
}

int
person_load(struct work *w, int64_t id, struct person *p, struct err *e)
{
	struct customer_row row;
	int rc = customer_get(w->store, id, &row, e);

	if (rc == 1)
		person_of_row(w, &row, p);
	return rc;
}

const struct scope *
person_scope(struct person *p)
{
	return &p->customer_scope;
}

void
person_event(struct person *p, const struct event *ev)
{
	struct arena *a = p->work->arena;
	struct value_map *m;
	json_t *data;

	p->event = ev;
	p->event_value = VALUE_NONE;
	if (ev == NULL)
		return;
	m = value_map_new(a);
	data = json_loads(ev->data, 0, NULL);
	if (data != NULL) {
		struct value v = value_from_json(a, data);

		value_map_set(a, m, "data", v);
		/* event.score reads like event.data.score */
		for (size_t i = 0; v.type == VALUE_MAP && i < v.map->n; i++)
			value_map_set(a, m, v.map->pairs[i].key, v.map->pairs[i].value);
		json_decref(data);
	}
	value_map_set(a, m, "id", value_str(ev->evid));
	value_map_set(a, m, "type", value_str(ev->type));
	value_map_set(a, m, "at", value_time(ev->at));
	p->event_value = value_map(m);
}
