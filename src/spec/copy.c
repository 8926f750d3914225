/* copy.c - the texts of a set held against the rules of copy. */
#include "set.h"

#include <string.h>

#include "read.h"

#define SAME 0.6 /* alike above this: the touch brings nothing of its own */

/* ---- where ---- */

/* A place in the template's file, of a byte of its text. */
static struct pos
place(const struct template *t, const char *p)
{
	struct pos at = t->body_at;

	for (const char *c = t->body_source; c < p; c = g_utf8_next_char(c)) {
		at.col++;
		if (*c == '\n') {
			at.line++;
			at.col = 1;
		}
	}
	return at;
}

bool
copy_excused(const struct template *t, const char *rule)
{
	for (int i = 0; i < t->n_allows; i++)
		if (strcmp(t->allows[i].rule, rule) == 0)
			return true;
	return false;
}

static void
tell(const struct set *s, const struct copy_rule *rule, struct pos at, const char *what)
{
	char *hint = g_strdup_printf("%s%sor excuse it: allow: { %s: REASON }",
	    rule->instead, *rule->instead == '\0' ? "" : "; ", rule->id);

	report_add(s->report, rule->level == COPY_ERROR ? SEV_ERROR : SEV_WARNING, at,
	    "copy", hint, "%s%s", what, rule->why);
	g_free(hint);
}

/* ---- words ---- */

/* Is the word at p part of a phrase that is fine? */
static bool
allowed(const struct copy_rule *rule, const char *text, const char *p, size_t len)
{
	for (int i = 0; rule->allow != NULL && rule->allow[i] != NULL; i++) {
		size_t whole = strlen(rule->allow[i]);
		const char *from = p - MIN((size_t)(p - text), whole);

		for (const char *at = from;
		     (at = strstr(at, rule->allow[i])) != NULL && at <= p; at++)
			if (at + whole >= p + len)
				return true;
	}
	return false;
}

void
copy_words(const struct set *s, const struct template *t, const struct copy_rule *rule,
    const char *who)
{
	const char *text = t->body_source;

	for (int i = 0; rule->words[i] != NULL; i++) {
		size_t len = strlen(rule->words[i]);

		for (const char *p = text; (p = strstr(p, rule->words[i])) != NULL;
		     p += len) {
			char *what;

			if (allowed(rule, text, p, len))
				continue;
			what = who == NULL
				   ? g_strdup_printf("\"%s\": ", rule->words[i])
				   : g_strdup_printf("\"%s\" is not taken by %s: ",
					 rule->words[i], who);
			tell(s, rule, place(t, p), what);
			g_free(what);
		}
	}
}

/* ---- shapes ---- */

struct whole {
	const struct set *set;
	GString *text;
	int depth;
};

static void
add_partial(void *arg, const char *name, struct pos at)
{
	struct whole *w = arg;
	const struct set_partial *p = g_hash_table_lookup(w->set->partials, name);

	(void)at;
	if (p == NULL || p->liquid == NULL || w->depth > 8)
		return;
	g_string_append(w->text, p->text);
	w->depth++;
	liquid_partials(p->liquid, add_partial, w);
	w->depth--;
}

/* What the template says, and what it takes from partials. */
static char *
source_of(const struct set *s, const struct template *t)
{
	struct whole w = { s, g_string_new(t->body_source), 0 };

	if (t->subject_text != NULL)
		g_string_append(w.text, t->subject_text);
	liquid_partials(t->body, add_partial, &w);
	if (t->layout != NULL)
		add_partial(&w, t->layout, t->layout_at);
	return g_string_free(w.text, FALSE);
}

void
copy_check(const struct set *s, const struct template *t, const char *plain)
{
	char *source = source_of(s, t);
	const struct copy_text text = { t, plain, source };

	for (int i = 0; i < s->copy.n; i++) {
		const struct copy_rule *rule = &s->copy.items[i];

		if (rule->level == COPY_OFF || !(rule->channels & BIT(t->channel)) ||
		    !(rule->categories & BIT(t->category)) || copy_excused(t, rule->id))
			continue;
		if (rule->words != NULL)
			copy_words(s, t, rule, NULL);
		else if (rule->shape != NULL && rule->shape->breaks(&text))
			tell(s, rule, t->body_at, "");
	}
	for (int i = 0; i < t->n_allows; i++) {
		bool known = false;

		for (int k = 0; k < s->copy.n; k++)
			known =
			    known || strcmp(s->copy.items[k].id, t->allows[i].rule) == 0;
		for (int k = 0; k < s->lexicon.n; k++)
			known = known ||
				strcmp(s->lexicon.items[k].id, t->allows[i].rule) == 0;
		if (!known)
			report_add(s->report, SEV_ERROR, t->allows[i].at, "copy",
			    "`reachd help copy` lists the built-in ones, copy.yaml and "
			    "lexicon.yaml the others",
			    "there is no rule of copy called \"%s\"", t->allows[i].rule);
	}
	g_free(source);
}

/* ---- plans ---- */

/* Behind {{ … }} and {% … %}: names and links are in every text. */
static const char *
behind_liquid(const char *p)
{
	const char *end;

	while (p[0] == '{' && (p[1] == '{' || p[1] == '%')) {
		end = strstr(p, p[1] == '{' ? "}}" : "%}");
		if (end == NULL)
			break;
		p = end + 2;
	}
	return p;
}

static GHashTable *
pairs_of(const char *text, int *n)
{
	GHashTable *pairs = g_hash_table_new(NULL, NULL);
	gunichar before = 0;

	*n = 0;
	for (text = behind_liquid(text); *text != '\0';
	     text = behind_liquid(g_utf8_next_char(text))) {
		gunichar c = g_utf8_get_char(text);
		gpointer key = GUINT_TO_POINTER(before * 0x10001U ^ c);

		if (!g_unichar_isalnum(c))
			continue;
		if (before != 0) {
			(*n)++;
			g_hash_table_insert(pairs, key,
			    GINT_TO_POINTER(
				GPOINTER_TO_INT(g_hash_table_lookup(pairs, key)) + 1));
		}
		before = c;
	}
	return pairs;
}

double
copy_alike(const char *a, const char *b)
{
	int n_a, n_b, common = 0;
	GHashTable *of_a = pairs_of(a, &n_a), *of_b = pairs_of(b, &n_b);
	GHashTableIter it;
	gpointer key, count;

	g_hash_table_iter_init(&it, of_a);
	while (g_hash_table_iter_next(&it, &key, &count)) {
		int other = GPOINTER_TO_INT(g_hash_table_lookup(of_b, key));

		common += MIN(GPOINTER_TO_INT(count), other);
	}
	g_hash_table_unref(of_a);
	g_hash_table_unref(of_b);
	return n_a + n_b == 0 ? 0 : 2.0 * common / (n_a + n_b);
}

/* Candidates of one step may say the same on different channels; steps may not. */
static void
compare(const struct set *s, const struct step *first, const struct step *later)
{
	for (int i = 0; i < first->n_sends; i++)
		for (int k = 0; k < later->n_sends; k++) {
			const struct template *a = first->templates[i],
					      *b = later->templates[k];

			if (a == NULL || b == NULL || a == b || a->body_source == NULL ||
			    b->body_source == NULL || copy_excused(b, "alike") ||
			    copy_alike(a->body_source, b->body_source) <= SAME)
				continue;
			report_add(s->report, SEV_WARNING, later->sends_at[k], "copy",
			    "give each touch something of its own; or excuse it in the "
			    "text: allow: "
			    "{ alike: REASON }",
			    "\"%s\" says much the same as \"%s\" of step \"%s\"", b->name,
			    a->name, first->id);
		}
}

void
copy_check_plans(const struct set *s)
{
	for (guint i = 0; s->copy.file != NULL && i < s->playbooks->len; i++) {
		const struct set_playbook *one = s->playbooks->pdata[i];
		const struct playbook *p = one->playbook;

		for (int k = 1; k < p->n_steps; k++)
			for (int j = 0; j < k; j++)
				compare(s, &p->steps[j], &p->steps[k]);
	}
}
