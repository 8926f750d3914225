/* copy.c - the texts of a set held against the rules of copy. */
#include "set.h"

#include <string.h>

#include "fold.h"
#include "read.h"

/* ---- where ---- */

/* A place in the file, of a byte of the piece. */
static struct pos
place(const struct copy_piece *piece, const char *p)
{
	struct pos at = piece->at;

	if (piece->file != NULL)
		return yaml_text_place(piece->file, at, piece->text, p);
	for (const char *c = piece->text; c < p; c = g_utf8_next_char(c)) {
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

const struct copy_rule *
copy_rule_named(const struct set *s, const char *id)
{
	for (int i = 0; i < s->copy.n; i++)
		if (strcmp(s->copy.items[i].id, id) == 0)
			return &s->copy.items[i];
	return NULL;
}

void
copy_tell(const struct set *s, const struct copy_rule *rule, struct pos at,
    const char *what, const char *where)
{
	char *hint = g_strdup_printf("%s%sor excuse it%s: allow: { %s: REASON }",
	    rule->instead, *rule->instead == '\0' ? "" : "; ", where, rule->id);

	report_add(s->report, rule->level == COPY_ERROR ? SEV_ERROR : SEV_WARNING, at,
	    "copy", hint, "%s%s", what, rule->why);
	g_free(hint);
}

/* ---- words ---- */

/* Is what stands at [from, to) part of a phrase that is fine? */
static bool
allowed(const struct copy_rule *rule, const struct fold *f, size_t from, size_t to)
{
	bool yes = false;

	for (int i = 0; !yes && rule->allow != NULL && rule->allow[i] != NULL; i++) {
		struct fold phrase;
		const char *at;

		fold_init(&phrase, rule->allow[i]);
		at = f->text + from - MIN(from, phrase.len);
		while (!yes && (at = strstr(at, phrase.text)) != NULL &&
		       at <= f->text + from) {
			yes = at + phrase.len >= f->text + to;
			at++;
		}
		fold_release(&phrase);
	}
	return yes;
}

/* The next place of a word. */
static size_t
find_word(const struct fold *f, const char *word, size_t from, size_t *end)
{
	for (const char *p = f->text + from; (p = strstr(p, word)) != NULL; p++) {
		size_t at = (size_t)(p - f->text);

		*end = at + strlen(word);
		if (fold_is_whole(f, at, *end))
			return at;
	}
	return SIZE_MAX;
}

static void
tell_place(const struct set *s, const struct copy_piece *piece,
    const struct copy_rule *rule, const struct fold *f, size_t from, size_t to,
    const char *who)
{
	/* What was folded may be the piece without what nobody reads: as long as it. */
	const char *p = piece->text + f->at[from], *end = piece->text + f->at[to];
	const char *put_together =
	    piece->made == NULL ? "" : " is what this text says in the end";
	char *what;

	if (piece->made != NULL &&
	    !copy_made_is_news(piece->made, rule, f->text + from, to - from))
		return;

	while (end > p && g_unichar_isspace(g_utf8_get_char(g_utf8_prev_char(end))))
		end = g_utf8_prev_char(end);
	what = who == NULL ? g_strdup_printf("\"%.*s\"%s%s: ", (int)(end - p), p,
				 piece->users, put_together)
			   : g_strdup_printf("\"%.*s\"%s%s%s is not taken by %s: ",
				 (int)(end - p), p, piece->users, put_together,
				 piece->made == NULL ? "" : " and", who);
	copy_tell(s, rule, piece->made == NULL ? place(piece, p) : piece->at, what,
	    *piece->users == '\0' ? "" : " in each text that uses it");
	g_free(what);
}

void
copy_fold_words(struct arena *a, struct copy_rule *rule)
{
	int n = 0;

	while (rule->words != NULL && rule->words[n] != NULL)
		n++;
	rule->folded = arena_array(a, const char *, n + 1);
	for (int i = 0; i < n; i++) {
		struct fold word;
		bool again = false;

		fold_init(&word, rule->words[i]);
		for (int k = 0; k < i && !again; k++)
			again = strcmp(rule->folded[k], word.text) == 0;
		rule->folded[i] = again ? "" : arena_strdup(a, word.text);
		fold_release(&word);
	}
}

/* Is it there whatever the partial is handed? */
static bool
is_there_anyway(const struct copy_rule *rule, const struct fold *f, size_t place)
{
	size_t at, end;

	for (at = 0; (at = rule->shape->find(f, NULL, at, &end)) != SIZE_MAX; at = end)
		if (at == place)
			return true;
	return false;
}

static void
find_all(const struct set *s, const struct copy_piece *piece,
    const struct copy_rule *rule, const struct fold *f, const char *who)
{
	size_t at, end;

	if (rule->words == NULL) {
		for (at = 0;
		     (at = rule->shape->find(f, piece->handed, at, &end)) != SIZE_MAX;
		     at = end)
			if (!allowed(rule, f, at, end) &&
			    (piece->handed == NULL || !is_there_anyway(rule, f, at)))
				tell_place(s, piece, rule, f, at, end, who);
		return;
	}
	for (int i = 0; rule->words[i] != NULL; i++) {
		const char *word =
		    rule->folded == NULL ? rule->words[i] : rule->folded[i];

		for (at = 0;
		     *word != '\0' && (at = find_word(f, word, at, &end)) != SIZE_MAX;
		     at = end)
			if (!allowed(rule, f, at, end))
				tell_place(s, piece, rule, f, at, end, who);
	}
}

void
copy_places(const struct set *s, const struct copy_piece *piece,
    const struct copy_rule *rule, const char *who)
{
	char *masked = copy_mask(piece->text);
	struct fold f;

	fold_init(&f, masked);
	find_all(s, piece, rule, &f, who);
	fold_release(&f);
	g_free(masked);
}

void
copy_places_own(const struct set *s, const struct template *t,
    const struct copy_rule *rule, const char *who)
{
	const struct copy_piece pieces[] = {
		{ t->body_source, t->body_at, "", NULL, NULL, NULL },
		{ t->subject_text, t->subject_at, "", NULL, t->source, NULL },
		{ t->text_source, t->text_at, "", NULL, t->source, NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++)
		if (pieces[i].text != NULL)
			copy_places(s, &pieces[i], rule, who);
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

/* What the template, or its own text part, says, and what it takes from partials. */
static char *
source_of(const struct set *s, const struct template *t, bool part)
{
	struct whole w = { s, g_string_new(part ? t->text_source : t->body_source), 0 };

	if (t->subject_text != NULL && !part)
		g_string_append(w.text, t->subject_text);
	liquid_partials(part ? t->text : t->body, add_partial, &w);
	if (t->layout != NULL && !part)
		add_partial(&w, t->layout, t->layout_at);
	return g_string_free(w.text, FALSE);
}

/* Every name that a hint offers, and every one that may be switched on. */
static bool
is_rule(const struct set *s, const char *id)
{
	bool known = copy_rule_named(s, id) != NULL || copy_shape_named(id) != NULL;

	for (int i = 0; !known && i < s->lexicon.n; i++)
		known = strcmp(s->lexicon.items[i].id, id) == 0;
	return known;
}

static void
check_excuses(const struct set *s, const struct template *t)
{
	for (int i = 0; i < t->n_allows; i++)
		if (!is_rule(s, t->allows[i].rule))
			report_add(s->report, SEV_ERROR, t->allows[i].at, "copy",
			    "`reachd help copy` lists the built-in ones, copy.yaml and "
			    "lexicon.yaml the others",
			    "there is no rule of copy called \"%s\"", t->allows[i].rule);
}

bool
copy_applies(const struct copy_rule *rule, const struct template *t)
{
	return rule->level != COPY_OFF && (rule->words != NULL || rule->shape != NULL) &&
	       (rule->channels & BIT(t->channel)) &&
	       (rule->categories & BIT(t->category)) && !copy_excused(t, rule->id);
}

bool
copy_has_places(const struct copy_rule *rule)
{
	return rule->words != NULL || (rule->shape != NULL && rule->shape->find != NULL);
}

static void
check_shapes(const struct set *s, const struct template *t, const char *plain, bool part)
{
	char *source = source_of(s, t, part);
	const struct copy_text text = { t, plain, source };

	for (int i = 0; i < s->copy.n; i++) {
		const struct copy_rule *rule = &s->copy.items[i];

		if (copy_applies(rule, t) && !copy_has_places(rule) &&
		    rule->shape->breaks != NULL && rule->shape->breaks(&text))
			copy_tell(s, rule, part ? t->text_at : t->body_at, "", "");
	}
	g_free(source);
}

void
copy_check(const struct set *s, const struct template *t, const char *plain,
    const char *part, struct copy_made *made)
{
	for (int i = 0; i < s->copy.n; i++)
		if (copy_applies(&s->copy.items[i], t) &&
		    copy_has_places(&s->copy.items[i])) {
			copy_places_own(s, t, &s->copy.items[i], NULL);
			copy_made_places(s, made, &s->copy.items[i], NULL);
		}
	check_shapes(s, t, plain, false);
	if (part != NULL)
		check_shapes(s, t, part, true);
	check_excuses(s, t);
}
