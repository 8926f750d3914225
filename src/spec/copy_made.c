/* copy_made.c - what is read in the end: words that a text puts together from pieces, that
 * tags or comments part, that a mail writes by numbers.
 *
 * The text as it goes with nothing known, by its first and by its longest branches. What
 * stands there as it is read is told at its place (copy.c), the rest here. */
#include "set.h"

#include <string.h>

#include "core/plain_text.h"
#include "fold.h"

#define TEXTS 6

struct copy_made {
	const char *texts[TEXTS];
	struct pos at[TEXTS];
	int n;
	GPtrArray *written; /* folded: the file and the partials it uses */
	GHashTable *told;   /* rule and word */
};

static void
add(struct copy_made *m, const struct set *s, const struct template *t,
    const struct liquid *l, struct pos at, struct arena *a)
{
	for (int kind = SAMPLE_READ; l != NULL && kind <= SAMPLE_READ_BRANCHES; kind++) {
		char *text = lint_sample(s, t, l, (enum sample)kind, a);

		m->texts[m->n] = t->channel == CHANNEL_EMAIL && l == t->body
				     ? plain_text_of(a, text)
				     : arena_strdup(a, text);
		g_free(text);
		if (m->n == 0 || strcmp(m->texts[m->n], m->texts[m->n - 1]) != 0)
			m->at[m->n++] = at;
	}
}

static void
add_written(struct copy_made *m, const char *text)
{
	char *masked = copy_mask(text);
	struct fold f;

	fold_init(&f, masked);
	g_ptr_array_add(m->written, g_strdup(f.text));
	fold_release(&f);
	g_free(masked);
}

struct copy_made *
copy_made_new(const struct set *s, const struct template *t, struct arena *a)
{
	struct copy_made *m = g_new0(struct copy_made, 1);
	GHashTableIter it;
	gpointer p, users;

	m->written = g_ptr_array_new_with_free_func(g_free);
	m->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	add(m, s, t, t->body, t->body_at, a);
	add(m, s, t, t->subject, t->subject_at, a);
	add(m, s, t, t->text, t->text_at, a);
	add_written(m, t->source);
	if (t->subject_text != NULL)
		add_written(m, t->subject_text);
	if (t->text_source != NULL)
		add_written(m, t->text_source);
	g_hash_table_iter_init(&it, s->users);
	while (g_hash_table_iter_next(&it, &p, &users))
		if (g_ptr_array_find(users, t, NULL))
			add_written(m, ((const struct set_partial *)p)->text);
	return m;
}

void
copy_made_free(struct copy_made *m)
{
	g_ptr_array_unref(m->written);
	g_hash_table_unref(m->told);
	g_free(m);
}

void
copy_made_places(const struct set *s, struct copy_made *m, const struct copy_rule *rule,
    const char *who)
{
	for (int i = 0; i < m->n; i++) {
		struct copy_piece piece = {
			.text = m->texts[i], .at = m->at[i], .users = "", .made = m
		};

		copy_places(s, &piece, rule, who);
	}
}

bool
copy_made_is_news(
    struct copy_made *m, const struct copy_rule *rule, const char *folded, size_t len)
{
	char *word = g_strndup(folded, len);
	bool news = true;

	for (guint i = 0; news && i < m->written->len; i++)
		news = strstr(m->written->pdata[i], word) == NULL;
	if (news)
		news =
		    g_hash_table_add(m->told, g_strdup_printf("%s %s", rule->id, word));
	g_free(word);
	return news;
}
