/* seen.h - one customer looked at by the shipped lifecycle: events in, signals and stage
 * out. No engine, no store. */
#ifndef TESTS_SEEN_H
#define TESTS_SEEN_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <jansson.h>

#include "core/stage.h"
#include "spec/catalog.h"

#define DAY0 20500 /* somewhere in 2026 */

struct seen {
	struct arena *arena;
	const struct catalog *cat;
	struct customer c;
	struct profile p;
	struct view v;
	struct scope scope;
	struct value_map customer, signals;
	struct value event;
	struct value_map *attrs;
};

static inline struct catalog *
seen_catalog(void)
{
	static struct catalog *cat;
	const char *paths[] = { "config", "templates", NULL };
	struct report *r;

	if (cat == NULL) {
		r = report_new();
		cat = catalog_load_dry(paths, r);
		if (cat == NULL)
			report_print(r, stderr);
		assert_non_null(cat);
		report_free(r);
	}
	return cat;
}

static inline bool
seen_is(const char *key, size_t len, const char *name)
{
	return strlen(name) == len && memcmp(key, name, len) == 0;
}

static inline bool
seen_signal(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	struct seen *s = (struct seen *)(uintptr_t)m->arg;
	const struct signal *g = signal_find(key, len);

	if (g == NULL)
		return false;
	*out = g->read(&s->v);
	return true;
}

static inline bool
seen_customer(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	struct seen *s = (struct seen *)(uintptr_t)m->arg;
	const struct {
		const char *name, *text;
	} texts[] = {
		{ "stage", s->c.stage },
		{ "lifecycle", stage_lifecycle(&s->v) },
		{ "lost_duration", stage_duration(&s->v) },
		{ "lost_cause", stage_lost_cause(&s->v) },
		{ "dormant_type", stage_dormant_type(&s->v) },
		{ "tier", stage_tier(&s->v) },
		{ "tags", s->c.tags },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (seen_is(key, len, texts[i].name)) {
			*out = *texts[i].text == '\0' ? VALUE_NONE
						      : value_str(texts[i].text);
			return true;
		}
	return value_map_get(s->attrs, key, len, out);
}

static inline bool
seen_top(const struct scope *sc, const char *name, size_t len, struct value *out)
{
	const struct seen *s = sc->arg;

	if (seen_is(name, len, "customer"))
		*out = value_map(&s->customer);
	else if (seen_is(name, len, "signals"))
		*out = value_map(&s->signals);
	else if (seen_is(name, len, "event"))
		*out = s->event;
	else
		return false;
	return true;
}

static inline void
seen_day(struct seen *s, int day)
{
	s->v.today = day;
	s->v.now = (ms_t)day * MS_DAY + 6 * MS_HOUR;
	s->v.month = day / 30;
	s->v.month_start = day / 30 * 30;
	s->v.next_month = day / 30 * 30 + 30;
}

static inline void
seen_init(struct seen *s)
{
	memset(s, 0, sizeof(*s));
	s->arena = arena_new();
	s->cat = seen_catalog();
	s->c = (struct customer){
		.ext = "C1", .tier = "", .stage = "", .tags = "", .attrs = "{}"
	};
	s->p.presence.strength = 1;
	s->attrs = value_map_new(s->arena);
	s->customer = (struct value_map){ .get = seen_customer, .arg = s };
	s->signals = (struct value_map){ .get = seen_signal, .arg = s };
	s->scope = (struct scope){ .lookup = seen_top, .arg = s };
	s->v = (struct view){ .p = &s->p,
		.lc = s->cat->lifecycle,
		.policy = s->cat->policy,
		.c = &s->c,
		.scope = &s->scope };
	seen_day(s, DAY0);
}

static inline void
seen_fini(struct seen *s)
{
	arena_free(s->arena);
}

/* The stage as the rules have it after an event, or "" at a sweep; NULL: no change. */
static inline const char *
seen_judge(struct seen *s, const char *type)
{
	struct stage_change c;

	if (!stage_judge(&s->v, type, &c))
		return NULL;
	s->c.stage = stage_names[c.to];
	stage_set(&s->v, c.to, STAGE_BY_RULE);
	return s->c.stage;
}

/* An event on a day, then the rules. */
static inline const char *
seen_event(struct seen *s, int day, const char *type, const char *data)
{
	json_t *j = json_loads(data, 0, NULL);
	struct value_map *m = value_map_new(s->arena);
	struct happening h = { .type = type,
		.day = day,
		.at = (ms_t)day * MS_DAY + 6 * MS_HOUR,
		.month = day / 30 };
	struct value v;

	assert_non_null(j);
	v = value_from_json(s->arena, j);
	json_decref(j);
	h.data = v.map;
	value_map_set(s->arena, m, "data", v);
	s->event = value_map(m);
	seen_day(s, day);
	if (strcmp(type, "visit") == 0) {
		s->c.visits++;
		s->c.last_visit = date_from_days(day);
		if (s->c.first_visit.year == 0)
			s->c.first_visit = s->c.last_visit;
	}
	s->v.told_day = 0;
	profile_fold(&s->p, s->v.lc, &s->v.policy->presence, &h);
	stage_note(&s->v, type);
	return seen_judge(s, type);
}

static inline double
seen_number(struct seen *s, const char *name)
{
	const struct signal *g = signal_find(name, strlen(name));
	struct value v;

	assert_non_null(g);
	v = g->read(&s->v);
	return v.type == VALUE_INT     ? (double)v.i
	       : v.type == VALUE_FLOAT ? v.f
	       : v.type == VALUE_BOOL  ? v.b
				       : NAN;
}

#define assert_signal(s, name, want)                                              \
	do {                                                                      \
		double got_ = seen_number(s, name), want_ = (want);               \
		if (isnan(want_) ? !isnan(got_) : !(fabs(got_ - want_) < 0.0051)) \
			fail_msg("signals.%s is %g, not %g", name, got_, want_);  \
	} while (0)

#define assert_text(got, want)                                                           \
	do {                                                                             \
		const char *g_ = (got), *w_ = (want);                                    \
		if (g_strcmp0(g_, w_) != 0)                                              \
			fail_msg("\"%s\" instead of \"%s\"", g_ == NULL ? "(none)" : g_, \
			    w_ == NULL ? "(none)" : w_);                                 \
	} while (0)

#endif
