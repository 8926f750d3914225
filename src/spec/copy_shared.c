/* copy_shared.c - what texts take from partials, held against the rules of those texts. */
#include "set.h"

#include <string.h>

static int
by_file(const void *a, const void *b)
{
	const struct set_partial *x = *(const struct set_partial *const *)a;
	const struct set_partial *y = *(const struct set_partial *const *)b;

	return strcmp(x->name, y->name);
}

void
copy_places_shared(const struct set *s, const struct copy_rule *rule,
    copy_holds_fn *holds, void *arg, const char *who)
{
	GPtrArray *held = g_ptr_array_new(), *partials = g_ptr_array_new();
	GHashTableIter it;
	gpointer p;

	g_hash_table_iter_init(&it, s->users);
	while (g_hash_table_iter_next(&it, &p, NULL))
		g_ptr_array_add(partials, p);
	g_ptr_array_sort(partials, by_file);
	for (guint i = 0; i < partials->len; i++) {
		const struct set_partial *one = partials->pdata[i];
		const GPtrArray *users = g_hash_table_lookup(s->users, one);
		struct copy_piece piece = { one->text, { one->file, 1, 1 }, "", NULL,
			NULL, NULL };

		g_ptr_array_set_size(held, 0);
		for (guint k = 0; k < users->len; k++)
			if (holds(arg, rule, users->pdata[k]))
				g_ptr_array_add(held, users->pdata[k]);
		if (held->len == 0)
			continue;
		char *say = partial_users_say(held);
		piece.users = say;
		copy_places(s, &piece, rule, who);
		if (rule->shape != NULL && rule->shape->asks_handed)
			copy_places_handed(s, one, held, rule, who);
		g_free(say);
	}
	g_ptr_array_unref(partials);
	g_ptr_array_unref(held);
}

static bool
applies(void *arg, const struct copy_rule *rule, const struct template *t)
{
	(void)arg;
	return copy_applies(rule, t);
}

void
copy_check_shared(const struct set *s)
{
	for (int i = 0; i < s->copy.n; i++)
		if (copy_has_places(&s->copy.items[i]))
			copy_places_shared(s, &s->copy.items[i], applies, NULL, NULL);
}
