/* One customer as conditions and templates see him. */
#include <string.h>

#include <jansson.h>

#include "core/salutation.h"
#include "core/stage.h"
#include "desk.h"
#include "profile.h"
#include "store/event.h"
#include "store/offer.h"
#include "store/run.h"

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

/* The named segments he is in, as defined now. */
static struct value
segments_value(struct person *p)
{
	const struct catalog *cat = p->work->cat;
	struct value_list *l =
	    value_list_new(p->work->arena, (size_t)MAX(1, cat->n_audiences));

	for (int i = 0; i < cat->n_audiences; i++)
		if (cond_true(cat->audiences[i].cond, person_scope(p)))
			l->items[l->n++] = value_str(cat->audiences[i].name);
	return value_list(l);
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

/* The person to speak to at a company, whatever the file calls the column. */
static const char *
contact_of(struct person *p)
{
	static const char *const names[] = { "contact", "联系人", "对接人", "车队联系人" };
	struct value v;

	if (*p->row.c.contact_name != '\0')
		return p->row.c.contact_name;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (value_map_get(attrs(p), names[i], strlen(names[i]), &v) && v.type == VALUE_STR)
			return arena_strndup(p->work->arena, v.s.p, v.s.len);
	return "";
}

enum field {
	F_ID, F_NAME, F_GENDER, F_TIER, F_STAGE, F_STORE, F_ADVISOR, F_TZ, F_PHONE, F_EMAIL, F_WECOM,
	F_PUSH, F_BIRTHDAY, F_FIRST_VISIT, F_LAST_VISIT, F_VISITS, F_SPEND, F_TAGS, F_SEGMENTS, F_LIFECYCLE,
	F_TYPE, F_CAUSE, F_DURATION, F_SALUTATION, F_KIND, F_CONTACT_NAME, F_HOUSEHOLD
};

static const struct {
	const char *name;
	unsigned char len;
	enum field field;
} fields[] = {
#define FIELD(name, field) { name, sizeof(name) - 1, field }
	FIELD("stage", F_STAGE), FIELD("tier", F_TIER), FIELD("tags", F_TAGS), FIELD("segments", F_SEGMENTS), FIELD("name", F_NAME),
	FIELD("visits", F_VISITS), FIELD("id", F_ID), FIELD("gender", F_GENDER),
	FIELD("store", F_STORE), FIELD("advisor", F_ADVISOR), FIELD("tz", F_TZ),
	FIELD("phone", F_PHONE), FIELD("email", F_EMAIL), FIELD("wecom", F_WECOM),
	FIELD("push", F_PUSH), FIELD("birthday", F_BIRTHDAY), FIELD("first_visit", F_FIRST_VISIT),
	FIELD("last_visit", F_LAST_VISIT), FIELD("spend_12m", F_SPEND),
	FIELD("lifecycle", F_LIFECYCLE), FIELD("dormant_type", F_TYPE),
	FIELD("kind", F_KIND), FIELD("contact_name", F_CONTACT_NAME), FIELD("household", F_HOUSEHOLD),
	FIELD("salutation", F_SALUTATION), FIELD("lost_cause", F_CAUSE), FIELD("lost_duration", F_DURATION),
#undef FIELD
};

static int
field_find(const char *key, size_t len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		if (fields[i].len == len && memcmp(fields[i].name, key, len) == 0)
			return (int)fields[i].field;
	return -1;
}

/* Addresses stay sealed until somebody asks. */
static bool
address_value(struct person *p, enum channel channel, enum channel other, struct value *out)
{
	struct err e = { 0 };

	if (p->row.sealed != NULL && customer_open(p->work->store, &p->row, &e) != 0)
		return false;
	*out = text_value(*p->row.c.address[channel] != '\0' ? p->row.c.address[channel] :
								p->row.c.address[other]);
	return true;
}

/* What is computed stands before what an import or `set` wrote. */
static bool
computed_value(struct person *p, const char *text, const char *key, size_t len,
    struct value *out)
{
	if (*text == '\0')
		return value_map_get(attrs(p), key, len, out);
	*out = value_str(text);
	return true;
}

static bool
customer_value(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	struct person *p = (struct person *)(uintptr_t)m->arg;
	const struct customer *c = &p->row.c;

	switch (field_find(key, len)) {
	case F_ID:
		*out = text_value(c->ext);
		return true;
	case F_NAME:
		*out = text_value(c->name);
		return true;
	case F_GENDER:
		*out = text_value(c->gender);
		return true;
	case F_TIER:
		*out = text_value(stage_tier(profile_view(p)));
		return true;
	case F_STAGE:
		*out = text_value(c->stage);
		return true;
	case F_STORE:
		*out = text_value(c->store);
		return true;
	case F_ADVISOR:
		*out = text_value(c->advisor);
		return true;
	case F_TZ:
		*out = text_value(c->tz);
		return true;
	case F_PHONE:
		return address_value(p, CHANNEL_SMS, CHANNEL_PHONE, out);
	case F_EMAIL:
		return address_value(p, CHANNEL_EMAIL, CHANNEL_EMAIL, out);
	case F_WECOM:
		return address_value(p, CHANNEL_WECOM, CHANNEL_WECOM, out);
	case F_PUSH:
		return address_value(p, CHANNEL_PUSH, CHANNEL_PUSH, out);
	case F_BIRTHDAY:
		*out = date_value(p, c->birthday);
		return true;
	case F_FIRST_VISIT:
		*out = date_value(p, c->first_visit);
		return true;
	case F_LAST_VISIT:
		*out = date_value(p, c->last_visit);
		return true;
	case F_VISITS:
		*out = value_int(c->visits);
		return true;
	case F_SPEND:
		*out = value_float(c->spend_12m);
		return true;
	case F_SALUTATION:
		*out = text_value(salutation(p->work->arena, c->name, c->gender, contact_of(p)));
		return true;
	case F_KIND:
		*out = text_value(c->kind);
		return true;
	case F_CONTACT_NAME:
		*out = text_value(contact_of(p));
		return true;
	case F_HOUSEHOLD:
		*out = text_value(c->household);
		return true;
	case F_TAGS:
		*out = tags_value(p);
		return true;
	case F_SEGMENTS:
		*out = segments_value(p);
		return true;
	case F_LIFECYCLE:
		*out = value_str(stage_lifecycle(profile_view(p)));
		return true;
	case F_DURATION:
		*out = text_value(stage_duration(profile_view(p)));
		return true;
	case F_TYPE:
		return computed_value(p, stage_dormant_type(profile_view(p)), key, len, out);
	case F_CAUSE:
		return computed_value(p, stage_lost_cause(profile_view(p)), key, len, out);
	default:
		return value_map_get(attrs(p), key, len, out);
	}
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

	/* The two that conditions ask most, by their length first. */
	if (len == 8 && memcmp(name, "customer", 8) == 0)
		*out = value_map(&p->customer);
	else if (len == 7 && memcmp(name, "signals", 7) == 0)
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

	if (!is(name, len, "event"))
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
	p->customer = (struct value_map){ .get = customer_value, .arg = p };
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
	data = json_loads(ev->data, 0, NULL);
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
