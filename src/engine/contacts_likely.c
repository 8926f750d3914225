#include "contacts_likely.h"

#include <string.h>

#include "contacts_match.h"
#include "core/salutation.h"
#include "store/subject.h"

#define SUGGESTED_MAX 5

struct served {
	char *ext, *name;
};

struct likely {
	GHashTable *advisors; /* id of staff -> GArray of struct served */
};

static void
served_clear(gpointer p)
{
	g_free(((struct served *)p)->ext);
	g_free(((struct served *)p)->name);
}

static void
served_free(gpointer p)
{
	g_array_unref(p);
}

struct likely *
likely_new(void)
{
	struct likely *l = g_new0(struct likely, 1);

	l->advisors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, served_free);
	return l;
}

void
likely_free(struct likely *l)
{
	g_hash_table_destroy(l->advisors);
	g_free(l);
}

static void
keep(void *arg, const char *ext, const char *name)
{
	const struct served one = { g_strdup(ext), g_strdup(name) };

	g_array_append_val((GArray *)arg, one);
}

static const GArray *
served_by(struct work *w, struct likely *l, const struct staff *f, struct err *e)
{
	GArray *all = g_hash_table_lookup(l->advisors, f->ext);

	if (all != NULL)
		return all;
	all = g_array_new(FALSE, FALSE, sizeof(struct served));
	g_array_set_clear_func(all, served_clear);
	g_hash_table_insert(l->advisors, g_strdup(f->ext), all);
	return contact_advised(w->store, f->name, f->ext, keep, all, e) != 0 ? NULL : all;
}

/* ---- suggestions ---- */

static bool
has(const json_t *list, const char *ext)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(json_string_value(
			       json_object_get(json_array_get(list, i), "customer")),
			ext) == 0)
			return true;
	return false;
}

static void
suggest(json_t *list, const char *ext, const char *name, const char *why)
{
	if (json_array_size(list) < SUGGESTED_MAX && !has(list, ext))
		json_array_append_new(list,
		    json_pack("{ss ss ss}", "customer", ext, "name", name, "why", why));
}

/* Those one way names, as a shared number does. */
static int
named(
    struct work *w, const struct contact_named *by, int way, json_t *list, struct err *e)
{
	for (int i = 0; i < by->n; i++) {
		struct person p;

		if (person_load(w, by->who[i], &p, e) != 1)
			return -1;
		suggest(list, p.row.c.ext, p.row.c.name, contact_way_name(way));
	}
	return 0;
}

static bool
begins_alike(const char *text, const char *name)
{
	size_t n = salutation_surname(name);

	return n > 0 && strncmp(text, name, n) == 0;
}

static int
of_member(struct work *w, struct likely *l, const struct contact_row *c,
    const struct follow *f, const struct staff *member, json_t *list, struct err *e)
{
	const GArray *all = served_by(w, l, member, e);

	for (guint i = 0; all != NULL && i < all->len; i++) {
		const struct served *s = &g_array_index(all, struct served, i);

		if (begins_alike(f->remark, s->name) || begins_alike(c->name, s->name))
			suggest(list, s->ext, s->name, "surname");
	}
	return all == NULL ? -1 : 0;
}

/* ---- the row ---- */

static int
members(struct work *w, struct likely *l, const struct contact_row *c, json_t *j,
    json_t *suggestions, struct err *e)
{
	const struct zone *z = w->cat->config->entity.zone;
	struct follow *f = arena_array(w->arena, struct follow, FOLLOWS_MAX);
	int n = follow_of(w->store, c->id, false, f, FOLLOWS_MAX, e);
	json_t *list = json_array();

	json_object_set_new(j, "members", list);
	for (int i = 0; i < n; i++) {
		struct staff member = { .name = "" };
		char at[CLOCK_TEXT];
		int rc = staff_of_wecom(w->store, f[i].member, &member, e);

		if (rc < 0 ||
		    (rc == 1 && of_member(w, l, c, &f[i], &member, suggestions, e) != 0))
			return -1;
		json_array_append_new(list,
		    json_pack("{ss ss ss ss}", "member", f[i].member, "name",
			rc == 1 ? member.name : "", "remark", f[i].remark, "since",
			clock_format(f[i].since, zone_offset(z, f[i].since) / 60, at)));
	}
	return n < 0 ? -1 : 0;
}

int
likely_json(struct work *w, struct likely *l, const struct contact_row *c, json_t *list,
    struct err *e)
{
	struct contact_evidence ev;
	struct contact_verdict v;
	json_t *suggestions = json_array(), *j;
	char id[24];

	g_snprintf(id, sizeof(id), "%" G_GINT64_FORMAT, c->id);
	j = json_pack(
	    "{ss ss so}", "id", id, "name", c->name, "suggestions", suggestions);
	json_array_append_new(list, j);
	if (contacts_judge(w, c, &ev, &v, e) != 0)
		return -1;
	json_object_set_new(
	    j, "why", json_string(v.customer == 0 ? contact_way_name(v.way) : ""));
	if (v.customer == 0 && v.way != CONTACT_BY_NOTHING &&
	    named(w, &ev.by[v.way], v.way, suggestions, e) != 0)
		return -1;
	return members(w, l, c, j, suggestions, e);
}
