/* store.* and advisor.*: where a customer belongs, and who signs for him today. */
#include <string.h>

#include "base/text.h"
#include "desk.h"
#include "store/event.h"
#include "store/subject.h"

#define CHAIN 4 /* deputies of deputies */

static struct value
text(const char *s)
{
	return s == NULL || *s == '\0' ? VALUE_NONE : value_str(s);
}

const struct shop *
person_shop(struct person *p)
{
	const struct shop *of_subject =
	    shop_find(&p->work->cat->config->stores, about_store(p));

	return of_subject != NULL ? of_subject : p->shop;
}

const char *
person_form(struct person *p, const struct playbook *pb)
{
	const struct shops *all = &p->work->cat->config->stores;
	const struct shop *his = pb->n_forms == 0 ? NULL : person_shop(p);

	for (int i = 0; i < pb->n_forms && his != NULL; i++)
		if (shop_find(all, pb->forms[i].store) == his)
			return pb->forms[i].playbook;
	return NULL;
}

bool
person_of_stores(struct person *p, const struct playbook *pb)
{
	const struct shops *all = &p->work->cat->config->stores;
	const struct shop *his = pb->n_stores == 0 ? NULL : person_shop(p);

	if (person_form(p, pb) != NULL)
		return false;
	for (int i = 0; i < pb->n_stores && his != NULL; i++)
		if (shop_find(all, pb->stores[i]) == his)
			return true;
	return pb->n_stores == 0;
}

/* ---- store.* ---- */

static struct value
hours_text(struct person *p, const struct shop *s)
{
	struct local l;
	struct shop_hours h;

	zone_local(p->zone, p->work->now, &l);
	h = shop_hours_on(s, l.day);
	if (!s->has_hours || h.to == 0)
		return VALUE_NONE;
	return value_str(arena_printf(p->work->arena, "%02d:%02d-%02d:%02d", h.from / 60,
	    h.from % 60, h.to / 60, h.to % 60));
}

static bool
store_value(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	struct person *p = (struct person *)(uintptr_t)m->arg;
	const struct shop *s = person_shop(p);
	const char *own = about_store(p);
	struct local l;

	*out = VALUE_NONE;
	if (s == NULL) {
		/* Not described: what the file called it is all there is. */
		if (text_is(key, len, "id") || text_is(key, len, "name"))
			*out = text(*own != '\0' ? own : p->row.c.store);
		return true;
	}
	const struct {
		const char *name, *text;
	} texts[] = { { "id", s->id }, { "name", s->name }, { "phone", s->phone },
		{ "address", s->address }, { "map", s->map },
		{ "signature", s->signature } };

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (text_is(key, len, texts[i].name)) {
			*out = text(texts[i].text);
			return true;
		}
	if (text_is(key, len, "hours")) {
		*out = hours_text(p, s);
		return true;
	}
	if (!text_is(key, len, "open_today"))
		return false;
	zone_local(p->zone, p->work->now, &l);
	*out = value_bool(shop_hours_on(s, l.day).to != 0);
	return true;
}

/* ---- advisor.* ---- */

int
person_advisor(struct person *p, struct staff *out, struct err *e)
{
	struct store *s = p->work->store;
	const struct shop *shop = person_shop(p);
	const char *word = about_advisor(p), *home = shop == NULL ? "" : shop->id;
	struct local l;
	int rc;

	if (*word == '\0')
		word = p->row.c.advisor;
	if (*word == '\0')
		return 0;
	zone_local(p->zone, p->work->now, &l);
	if ((rc = staff_find(s, word, home, out, e)) != 1)
		return rc;
	rc = staff_today(s, l.day, out, e);
	if (rc == 0 && shop != NULL && (rc = staff_get(s, shop->manager, out, e)) == 1 &&
	    !staff_present(out, l.day))
		rc = 0;
	return rc;
}

/* 张伟, but not S1: a customer is not told a number. */
static bool
names_somebody(const char *word)
{
	return strpbrk(word, "0123456789") == NULL;
}

static bool
advisor_value(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	struct person *p = (struct person *)(uintptr_t)m->arg;
	const char *word = about_advisor(p);
	struct staff f, known;
	struct err e = { 0 };
	int rc = person_advisor(p, &f, &e);

	*out = VALUE_NONE;
	if (*word == '\0')
		word = p->row.c.advisor;
	if (rc < 0)
		return true;
	if (rc == 0) {
		/* A name of no member of staff signs as it is; who has gone does not. */
		if (text_is(key, len, "name") && names_somebody(word) &&
		    staff_find(p->work->store, word, "", &known, &e) == 0)
			*out = text(word);
		return true;
	}
	if (text_is(key, len, "id"))
		*out = text(f.ext);
	else if (text_is(key, len, "name"))
		*out = text(f.name);
	else if (text_is(key, len, "phone"))
		*out = text(f.phone);
	else if (text_is(key, len, "wecom"))
		*out = text(f.wecom);
	else if (text_is(key, len, "role"))
		*out = text(f.role);
	return true;
}

void
person_place(struct person *p)
{
	p->store = (struct value_map){ .get = store_value, .arg = p };
	p->advisor = (struct value_map){ .get = advisor_value, .arg = p };
}

/* ---- how old the news are ---- */

const char *
person_store(const struct person *p)
{
	return p->shop != NULL ? p->shop->id : p->row.c.store;
}

int
person_heard(struct person *p, ms_t *at, struct err *e)
{
	const char *store = person_store(p);

	*at = 0;
	/* A rehearsal supposes that the files go on coming. */
	if (p->work->desk->rehearsal)
		return 0;
	/* Every playbook that reads visits asks. */
	if (p->heard_of == NULL || strcmp(p->heard_of, store) != 0) {
		if (feed_last(p->work->store, store, &p->heard_at, e) != 0)
			return -1;
		p->heard_of = store;
	}
	*at = p->heard_at;
	return 0;
}

bool
person_stale(struct person *p)
{
	ms_t after = p->work->cat->policy->stale_after, at;
	struct err e = { 0 };

	return after != MS_NEVER && person_heard(p, &at, &e) == 0 && at != 0 &&
	       at + after < p->work->now;
}
