/* One customer as conditions and templates see him. */
#include <string.h>

#include <jansson.h>

#include "base/json.h"
#include "base/text.h"
#include "desk.h"
#include "profile.h"
#include "store/event.h"
#include "store/offer.h"
#include "store/run.h"

static struct value
text_value(const char *s)
{
	return *s == '\0' ? VALUE_NONE : value_str(s);
}

bool
person_in(struct person *p, const char *segment)
{
	const struct catalog *cat = p->work->cat;

	for (int i = 0; i < cat->n_audiences; i++)
		if (strcmp(cat->audiences[i].name, segment) == 0)
			return cond_true(cat->audiences[i].cond, person_scope(p));
	return false;
}

static bool
signal_value(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	struct person *p = (struct person *)(uintptr_t)m->arg;
	const struct signal *s = signal_find(key, len);

	if (s == NULL)
		return false;
	*out = s->read(profile_view(p));
	return true;
}

static bool
entity_value(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	const struct person *p = m->arg;
	const struct config *c = p->work->cat->config;

	if (text_is(key, len, "name"))
		*out = text_value(c->entity.name);
	else if (text_is(key, len, "phone"))
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
	if (text_is(key, len, "name"))
		*out = value_str(g->name);
	else if (text_is(key, len, "title"))
		*out = value_str(o != NULL ? o->title : g->name);
	else if (text_is(key, len, "value"))
		*out = value_float(g->value);
	else if (text_is(key, len, "expires"))
		*out = value_time(g->expires_at);
	else
		return false;
	return true;
}

static bool
top_value(const struct scope *s, const char *name, size_t len, struct value *out)
{
	const struct person *p = s->arg;

	/* The two that conditions ask most, by their length first. */
	if (len == 8 && memcmp(name, "customer", 8) == 0)
		*out = value_map(&p->customer);
	else if (len == 7 && memcmp(name, "signals", 7) == 0)
		*out = value_map(&p->signals);
	else if (text_is(name, len, "entity"))
		*out = value_map(&p->entity);
	else if (text_is(name, len, "offer"))
		*out = value_map(&p->offer);
	else if (text_is(name, len, "event"))
		*out = p->event_value;
	else if (text_is(name, len, "now"))
		*out = value_time(p->work->now);
	else if (text_is(name, len, "store"))
		*out = value_map(&p->store);
	else if (text_is(name, len, "advisor"))
		*out = value_map(&p->advisor);
	else if (text_is(name, len, "vehicles"))
		*out = p->vehicles;
	else
		return about_value((struct person *)(uintptr_t)p, name, len, out);
	return true;
}

/* ---- the last answer of a run ---- */

static struct value
answer_map(struct arena *a, const struct heard *got)
{
	struct value_map *m = value_map_new(a);

	value_map_set(a, m, "text", value_str(got->text));
	if (*got->comment != '\0')
		value_map_set(a, m, "comment", value_str(got->comment));
	value_map_set(a, m, "channel", value_str(channel_name(got->channel)));
	value_map_set(a, m, "at", value_time(got->at));
	if (got->score >= 0) {
		value_map_set(a, m, "score", value_int(got->score));
		value_map_set(a, m, "value", value_int(got->score));
	}
	return value_map(m);
}

static bool
step_value(const struct scope *s, const char *name, size_t len, struct value *out)
{
	struct person *p = (struct person *)(uintptr_t)s->arg;
	struct heard got;
	struct err e = { 0 };

	if (!text_is(name, len, "event"))
		return top_value(&p->customer_scope, name, len, out);
	if (!p->answer_known) {
		p->answer_known = true;
		p->answer_value = p->event_value;
		if (p->run != 0 && heard_get(p->work->store, p->run, &got, &e) == 1)
			p->answer_value = answer_map(p->work->arena, &got);
	}
	*out = p->answer_value;
	return true;
}

void
person_run(struct person *p, int64_t run)
{
	p->run = run;
	p->answer_known = false;
}

const struct scope *
person_step_scope(struct person *p)
{
	return &p->step_scope;
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
	person_customer(p);
	p->signals = (struct value_map){ .get = signal_value, .arg = p };
	p->offer = (struct value_map){ .get = offer_value, .arg = p };
	p->entity = (struct value_map){ .get = entity_value, .arg = p };
	p->customer_scope = (struct scope){ .lookup = top_value, .arg = p };
	p->step_scope = (struct scope){ .lookup = step_value, .arg = p };
	p->event_value = p->vehicles = VALUE_NONE;
	person_place(p);
}

int
person_load(struct work *w, int64_t id, struct person *p, struct err *e)
{
	struct customer_row row;
	int rc = customer_get(w->store, id, &row, e);

	/* Old messages, tasks and rows name who he was. */
	while (rc == 1 && row.merged != 0)
		rc = customer_get(w->store, row.merged, &row, e);
	if (rc == 1)
		person_of_row(w, &row, p);
	return rc;
}

int
person_again(struct person *p, struct err *e)
{
	const struct person was = *p;
	bool open = p->row.sealed == NULL;

	if (person_load(was.work, was.row.c.id, p, e) != 1 ||
	    (open && customer_open(was.work->store, &p->row, e) != 0))
		return -1;
	person_event(p, was.event);
	p->about = was.about;
	p->moved = was.moved;
	return 0;
}

const struct scope *
person_scope(struct person *p)
{
	return &p->customer_scope;
}

static double
number_of(const struct value_map *m, const char *name, double none)
{
	struct value v;

	if (!value_map_get(m, name, strlen(name), &v))
		return none;
	return v.type == VALUE_INT ? (double)v.i : v.type == VALUE_FLOAT ? v.f : none;
}

/* event.share: stores rate on scales of their own, rules compare shares. */
static void
rated_share(struct person *p, struct value_map *m)
{
	struct value ask;
	bool nps = value_map_get(m, "question", strlen("question"), &ask) &&
		   value_equal(ask, value_str("nps"));
	double of = number_of(m, "scale", nps ? 10 : p->work->cat->lifecycle->scale);
	double score = number_of(m, "score", number_of(m, "value", -1));

	if (of > 0 && score >= 0 && score <= of)
		value_map_set(p->work->arena, m, "share", value_float(score / of));
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
	data = json_read_text(ev->data);
	if (data != NULL) {
		struct value v = value_from_json(a, data);

		value_map_set(a, m, "data", v);
		/* event.score reads like event.data.score */
		for (size_t i = 0; v.type == VALUE_MAP && i < v.map->n; i++)
			value_map_set(a, m, v.map->pairs[i].key, v.map->pairs[i].value);
		json_decref(data);
	}
	if (strcmp(ev->type, "rating") == 0)
		rated_share(p, m);
	/* The words are kept sealed elsewhere; while they are taken in they can be asked. */
	if (p->work->answer != NULL && strcmp(ev->type, "reply") == 0) {
		value_map_set(a, m, "text", value_str(p->work->answer->text));
		if (*p->work->answer->comment != '\0')
			value_map_set(
			    a, m, "comment", value_str(p->work->answer->comment));
	}
	value_map_set(a, m, "id", value_str(ev->evid));
	value_map_set(a, m, "type", value_str(ev->type));
	value_map_set(a, m, "at", value_time(ev->at));
	p->event_value = value_map(m);
}
