/* copy_handed.c - what texts hand to the partials they use: {% render 'x', days: 3 %} says what
 * a text would that has the 3 in it.
 *
 * What is worked out when the text is made (copy_count.c) may be handed on. */
#include "set.h"

#include <string.h>

#include "fold.h"

#define DEEP 8

struct asking {
	const struct set *set;
	const struct template *user;
	const struct set_partial *to;
	const char *name;
	int depth;
	bool written; /* it is handed what was written down */
	/* Whoever hands it: */
	const char *text;
	const struct set_partial *partial; /* NULL: the text itself */
};

static bool hands_written(const struct set *s, const struct template *user,
    const struct set_partial *to, const char *name, int depth);

static void
hand(void *arg, const char *partial, const char *name, const char *written)
{
	struct asking *q = arg;
	char *low;
	struct fold f;

	if (q->written || strcmp(partial, q->to->name) != 0 ||
	    g_ascii_strcasecmp(name, q->name) != 0)
		return;
	low = g_ascii_strdown(written, -1);
	fold_init(&f, q->text);
	q->written = !copy_made_now(&f, low) ||
		     (q->partial != NULL && hands_written(q->set, q->user, q->partial,
						written, q->depth + 1));
	fold_release(&f);
	g_free(low);
}

/* All that the text says, one piece after the other. */
static void
each_piece(const struct set *s, const struct template *t,
    void (*see)(struct asking *q, const struct liquid *l), struct asking *q)
{
	const struct liquid *own[] = { t->body, t->subject, t->text };
	GHashTableIter it;
	gpointer p, users;

	q->partial = NULL;
	q->text = t->source;
	for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
		if (own[i] != NULL)
			see(q, own[i]);
	g_hash_table_iter_init(&it, s->users);
	while (g_hash_table_iter_next(&it, &p, &users)) {
		q->partial = p;
		q->text = q->partial->text;
		if (g_ptr_array_find(users, t, NULL))
			see(q, q->partial->liquid);
	}
}

static void
ask(struct asking *q, const struct liquid *l)
{
	liquid_handed(l, hand, q);
}

static bool
hands_written(const struct set *s, const struct template *user,
    const struct set_partial *to, const char *name, int depth)
{
	struct asking q = {
		.set = s, .user = user, .to = to, .name = name, .depth = depth
	};

	if (depth > DEEP)
		return false;
	each_piece(s, user, ask, &q);
	return q.written;
}

/* ---- under which names ---- */

struct naming {
	struct asking q; /* first */
	GHashTable *names;
};

static void
note(void *arg, const char *partial, const char *name, const char *written)
{
	struct naming *n = arg;

	(void)written;
	if (strcmp(partial, n->q.to->name) == 0)
		g_hash_table_add(n->names, g_ascii_strdown(name, -1));
}

static void
note_all(struct asking *q, const struct liquid *l)
{
	liquid_handed(l, note, q);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *
names_handed(const struct set *s, const struct set_partial *one, const GPtrArray *users)
{
	struct naming n = { .q = { .set = s, .to = one },
		.names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL) };
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
	GHashTableIter it;
	gpointer name;

	for (guint i = 0; i < users->len; i++)
		each_piece(s, users->pdata[i], note_all, &n.q);
	g_hash_table_iter_init(&it, n.names);
	while (g_hash_table_iter_next(&it, &name, NULL))
		g_ptr_array_add(all, g_strdup(name));
	g_hash_table_unref(n.names);
	g_ptr_array_sort(all, by_text);
	return all;
}

/* Does anything come of what it is handed? */
static bool
makes_a_difference(const struct set_partial *one, const struct copy_rule *rule)
{
	struct fold f;
	size_t at = 0, end, plain = 0, handed = 0;

	fold_init(&f, one->text);
	for (; (at = rule->shape->find(&f, NULL, at, &end)) != SIZE_MAX; at = end)
		plain++;
	for (at = 0; (at = rule->shape->find(&f, COPY_HANDED_ANY, at, &end)) != SIZE_MAX;
	     at = end)
		handed++;
	fold_release(&f);
	return handed != plain;
}

void
copy_places_handed(const struct set *s, const struct set_partial *one,
    const GPtrArray *users, const struct copy_rule *rule, const char *who)
{
	GPtrArray *names, *some;

	if (!makes_a_difference(one, rule))
		return;
	names = names_handed(s, one, users);
	some = g_ptr_array_new();
	for (guint i = 0; i < names->len; i++) {
		struct copy_piece piece = { one->text, { one->file, 1, 1 }, "",
			names->pdata[i], NULL, NULL };
		char *say;

		g_ptr_array_set_size(some, 0);
		for (guint k = 0; k < users->len; k++)
			if (hands_written(s, users->pdata[k], one, names->pdata[i], 0))
				g_ptr_array_add(some, users->pdata[k]);
		if (some->len == 0)
			continue;
		piece.users = say = partial_users_say(some);
		copy_places(s, &piece, rule, who);
		g_free(say);
	}
	g_ptr_array_unref(some);
	g_ptr_array_unref(names);
}
