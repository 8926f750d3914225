/* customer.*: what stands in his row and what is computed from his profile, before what an
 * import or `set` wrote under the same name. */
#include <string.h>

#include <jansson.h>

#include "base/json.h"
#include "core/salutation.h"
#include "core/stage.h"
#include "profile.h"

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

static const struct value_map *
attrs(struct person *p)
{
	json_t *j;

	if (p->attrs == NULL) {
		j = json_read_text(p->row.c.attrs);
		p->attrs = j != NULL && json_is_object(j)
			       ? value_from_json(p->work->arena, j).map
			       : value_map_new(p->work->arena);
		json_decref(j);
	}
	return p->attrs;
}

/* The person to speak to at a company, whatever the file calls the column. */
static const char *
contact_of(struct person *p)
{
	static const char *const names[] = { "contact", "联系人", "对接人",
		"车队联系人" };
	struct value v;

	if (*p->row.c.contact_name != '\0')
		return p->row.c.contact_name;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (value_map_get(attrs(p), names[i], strlen(names[i]), &v) &&
		    v.type == VALUE_STR)
			return arena_strndup(p->work->arena, v.s.p, v.s.len);
	return "";
}

enum field {
	F_ID,
	F_NAME,
	F_GENDER,
	F_TIER,
	F_STAGE,
	F_STORE,
	F_ADVISOR,
	F_TZ,
	F_PHONE,
	F_EMAIL,
	F_WECOM,
	F_PUSH,
	F_BIRTHDAY,
	F_FIRST_VISIT,
	F_LAST_VISIT,
	F_VISITS,
	F_SPEND,
	F_TAGS,
	F_SEGMENTS,
	F_LIFECYCLE,
	F_TYPE,
	F_CAUSE,
	F_DURATION,
	F_SALUTATION,
	F_KIND,
	F_CONTACT_NAME,
	F_HOUSEHOLD
};

static const struct {
	const char *name;
	unsigned char len;
	enum field field;
} fields[] = {
#define FIELD(name, field)                    \
	{                                     \
		name, sizeof(name) - 1, field \
	}
	FIELD("stage", F_STAGE),
	FIELD("tier", F_TIER),
	FIELD("tags", F_TAGS),
	FIELD("segments", F_SEGMENTS),
	FIELD("name", F_NAME),
	FIELD("visits", F_VISITS),
	FIELD("id", F_ID),
	FIELD("gender", F_GENDER),
	FIELD("store", F_STORE),
	FIELD("advisor", F_ADVISOR),
	FIELD("tz", F_TZ),
	FIELD("phone", F_PHONE),
	FIELD("email", F_EMAIL),
	FIELD("wecom", F_WECOM),
	FIELD("push", F_PUSH),
	FIELD("birthday", F_BIRTHDAY),
	FIELD("first_visit", F_FIRST_VISIT),
	FIELD("last_visit", F_LAST_VISIT),
	FIELD("spend_12m", F_SPEND),
	FIELD("lifecycle", F_LIFECYCLE),
	FIELD("dormant_type", F_TYPE),
	FIELD("kind", F_KIND),
	FIELD("contact_name", F_CONTACT_NAME),
	FIELD("household", F_HOUSEHOLD),
	FIELD("salutation", F_SALUTATION),
	FIELD("lost_cause", F_CAUSE),
	FIELD("lost_duration", F_DURATION),
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
address_value(
    struct person *p, enum channel channel, enum channel other, struct value *out)
{
	struct err e = { 0 };

	if (p->row.sealed != NULL && customer_open(p->work->store, &p->row, &e) != 0)
		return false;
	*out = text_value(*p->row.c.address[channel] != '\0' ? p->row.c.address[channel]
							     : p->row.c.address[other]);
	return true;
}

/* What is computed stands before what an import or `set` wrote. */
static bool
computed_value(
    struct person *p, const char *text, const char *key, size_t len, struct value *out)
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
		*out = text_value(
		    salutation(p->work->arena, c->name, c->gender, contact_of(p)));
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
		return computed_value(
		    p, stage_dormant_type(profile_view(p)), key, len, out);
	case F_CAUSE:
		return computed_value(
		    p, stage_lost_cause(profile_view(p)), key, len, out);
	default:
		return value_map_get(attrs(p), key, len, out);
	}
}

void
person_customer(struct person *p)
{
	p->customer = (struct value_map){ .get = customer_value, .arg = p };
}
