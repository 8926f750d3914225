/* partial_use.c - which texts say what a partial says. */
#include "set.h"

#include <string.h>

struct walk {
	const struct set *set;
	struct template *user;
	GHashTable *seen; /* partials that this text uses */
};

static void
use(void *arg, const char *name, struct pos at)
{
	struct walk *w = arg;
	const struct set_partial *p = g_hash_table_lookup(w->set->partials, name);
	GPtrArray *users;

	(void)at;
	if (p == NULL || p->liquid == NULL ||
	    !g_hash_table_add(w->seen, (void *)(uintptr_t)p))
		return;
	users = g_hash_table_lookup(w->set->users, p);
	if (users == NULL) {
		users = g_ptr_array_new();
		g_hash_table_insert(w->set->users, (void *)(uintptr_t)p, users);
	}
	g_ptr_array_add(users, w->user);
	liquid_partials(p->liquid, use, w);
}

static void
walk(const struct set *s, struct template *t)
{
	struct walk w = { s, t, g_hash_table_new(NULL, NULL) };

	if (t->body != NULL)
		liquid_partials(t->body, use, &w);
	if (t->text != NULL)
		liquid_partials(t->text, use, &w);
	if (t->subject != NULL)
		liquid_partials(t->subject, use, &w);
	if (t->layout != NULL)
		use(&w, t->layout, t->layout_at);
	g_hash_table_unref(w.seen);
}

static int
by_name(const void *a, const void *b)
{
	const struct template *x = *(const struct template *const *)a;
	const struct template *y = *(const struct template *const *)b;

	return strcmp(x->name, y->name);
}

void
partials_used(struct set *s)
{
	GHashTableIter it;
	gpointer v;

	g_hash_table_iter_init(&it, s->templates);
	while (g_hash_table_iter_next(&it, NULL, &v))
		walk(s, v);
	g_hash_table_iter_init(&it, s->users);
	while (g_hash_table_iter_next(&it, NULL, &v))
		g_ptr_array_sort(v, by_name);
}

char *
partial_users_say(const GPtrArray *users)
{
	const struct template *first;

	if (users == NULL)
		return g_strdup("");
	first = users->pdata[0];
	if (users->len == 1)
		return g_strdup_printf(" (used by \"%s\")", first->name);
	return g_strdup_printf(" (used by \"%s\" and %u other%s)", first->name,
	    users->len - 1, users->len == 2 ? "" : "s");
}
