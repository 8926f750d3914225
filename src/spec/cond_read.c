/* cond_read.c - conditions: a line of Liquid's language, or all, any and none of a list.
 */
#include <string.h>

#include "core/lifecycle.h"
#include "core/signal.h"
#include "read.h"
#include "spec/schema.h"

static const struct {
	const char *key;
	enum cond_kind kind;
} groups[] = { { "all", COND_ALL }, { "any", COND_ANY }, { "none", COND_NONE } };

static void
check_path(const struct expr *e, enum path_use use, struct report *r)
{
	GString *dotted = g_string_new(NULL);
	int i;

	for (i = 0; i < e->n_parts; i++) {
		const struct path_part *p = &e->parts[i];

		if (p->name != NULL)
			g_string_append_printf(dotted, "%s%s", i > 0 ? "." : "", p->name);
		else if (p->index->op == EXPR_LITERAL &&
			 p->index->literal.type == VALUE_STR)
			g_string_append_printf(dotted, ".%.*s",
			    (int)p->index->literal.s.len, p->index->literal.s.p);
		else
			g_string_append(dotted, "[]");
	}
	path_check(dotted->str, e->at, use, r);
	g_string_free(dotted, TRUE);
}

static void
check_paths(const struct expr *e, enum path_use use, struct report *r)
{
	int i;

	if (e == NULL)
		return;
	if (e->op == EXPR_PATH) {
		check_path(e, use, r);
		for (i = 0; i < e->n_parts; i++)
			check_paths(e->parts[i].index, use, r);
	} else if (e->op != EXPR_LITERAL) {
		check_paths(e->left, use, r);
		check_paths(e->right, use, r);
	}
}

/* A signal beside a value it can never be like. */
static void
check_type(const struct expr *path, const struct expr *other, struct report *r)
{
	const struct signal *s;
	const char *name;
	enum value_type t = other->literal.type;
	bool number = t == VALUE_INT || t == VALUE_FLOAT;

	if (path->op != EXPR_PATH || other->op != EXPR_LITERAL || t == VALUE_NIL ||
	    path->n_parts < 2 || path->parts[0].name == NULL || path->parts[1].name == NULL ||
	    strcmp(path->parts[0].name, "signals") != 0)
		return;
	name = path->parts[1].name;
	s = signal_find(name, strlen(name));
	if (s == NULL)
		return;
	if (s->type == SIGNAL_BOOL ? t != VALUE_BOOL :
		s->type == SIGNAL_TEXT ? t != VALUE_STR && t != VALUE_EMPTY && t != VALUE_BLANK :
					 !number)
		report_add(r, SEV_ERROR, path->at, "type",
		    s->type == SIGNAL_BOOL ? "compare it with true or false" :
			s->type == SIGNAL_TEXT ? "compare it with text in quotes" :
						 "compare it with a number, without quotes",
		    "signals.%s is %s%s", name, s->type == SIGNAL_NUMBER || s->type == SIGNAL_SHARE ?
			"a " : "", signal_type_name(s->type));
	else if (s->type == SIGNAL_SHARE && (t == VALUE_INT ? other->literal.i > 1 :
							      other->literal.f > 1))
		report_add(r, SEV_ERROR, path->at, "range", "write 0.4 for 40 %",
		    "signals.%s is a share from 0 to 1", name);
}

/* Words of a fixed list; tiers and durations are the house's own. */
static const struct {
	const char *root, *name;
	const char *const *words;
	enum severity severity;
} worded[] = {
	/* A file may bring stages of the house's own. */
	{ "customer", "stage", stage_names, SEV_WARNING },
	{ "customer", "dormant_type", dormant_types, SEV_ERROR },
	{ "customer", "lost_cause", lost_causes, SEV_ERROR },
};

/* A field of a few words beside a word it never is. */
static void
check_word(const struct expr *path, const struct expr *other, struct report *r)
{
	char *word;

	if (path->op != EXPR_PATH || other->op != EXPR_LITERAL || path->n_parts != 2 ||
	    other->literal.type != VALUE_STR || other->literal.s.len == 0 ||
	    path->parts[0].name == NULL || path->parts[1].name == NULL)
		return;
	word = g_strndup(other->literal.s.p, other->literal.s.len);
	for (size_t i = 0; i < G_N_ELEMENTS(worded); i++)
		if (strcmp(path->parts[0].name, worded[i].root) == 0 &&
		    strcmp(path->parts[1].name, worded[i].name) == 0 &&
		    !g_strv_contains(worded[i].words, word))
			report_unknown(r, worded[i].severity, other->at, "value",
			    "reachd never writes", word, worded[i].words);
	g_free(word);
}

static void
check_types(const struct expr *e, struct report *r)
{
	if (e == NULL)
		return;
	if (e->op >= EXPR_EQ && e->op <= EXPR_GE) {
		check_type(e->left, e->right, r);
		check_type(e->right, e->left, r);
		column_check(e->left, e->right, r);
		column_check(e->right, e->left, r);
		check_word(e->left, e->right, r);
		check_word(e->right, e->left, r);
	} else if (e->op == EXPR_AND || e->op == EXPR_OR) {
		check_types(e->left, r);
		check_types(e->right, r);
	}
}

const struct expr *
cond_path(struct arena *a, const struct yaml *y, enum path_use use, struct report *r)
{
	const struct expr *e;
	const char *text;

	if (y == NULL || !yaml_str(y, &text, r))
		return NULL;
	e = liquid_condition(a, text, y->text_at, r);
	if (e == NULL)
		return NULL;
	check_paths(e, use, r);
	if (e->op == EXPR_PATH)
		return e;
	report_add(r, SEV_ERROR, y->at, "type", "write a path, as in signals.referrals",
	    "\"%.80s\" is not a path", text);
	return NULL;
}

static const struct cond *
line(struct arena *a, const struct yaml *y, enum path_use use, struct report *r)
{
	struct cond *c = arena_new_of(a, struct cond);

	if (!yaml_str(y, &c->text, r))
		return NULL;
	c->kind = COND_EXPR;
	c->at = y->at;
	c->expr = liquid_condition(a, c->text, y->text_at, r);
	if (c->expr == NULL)
		return NULL;
	check_paths(c->expr, use, r);
	check_types(c->expr, r);
	return c;
}

static const struct cond *
group(struct arena *a, const char *key, enum cond_kind kind, const struct yaml *y,
    enum path_use use, struct report *r)
{
	struct cond *c = arena_new_of(a, struct cond);
	const struct cond **parts;
	bool fine = true;
	int i;

	if (y->kind != YAML_LIST || y->n == 0) {
		report_add(r, SEV_ERROR, y->at, "type",
		    "write each condition on a line with \"- \"",
		    "\"%s\" needs a list of conditions", key);
		return NULL;
	}
	parts = arena_array(a, const struct cond *, y->n);
	for (i = 0; i < y->n; i++) {
		parts[i] = cond_read(a, y->items[i], use, r);
		fine = fine && parts[i] != NULL;
	}
	c->kind = kind;
	c->text = key;
	c->at = y->at;
	c->parts = parts;
	c->n_parts = y->n;
	return fine ? c : NULL;
}

/* `all:` and `none:` side by side both have to hold. */
static const struct cond *
groups_read(struct arena *a, const struct yaml *y, enum path_use use, struct report *r)
{
	const struct cond **parts =
	    arena_array(a, const struct cond *, G_N_ELEMENTS(groups));
	struct cond *both;
	bool fine = true;
	size_t i;
	int n = 0;

	if (!schema_check(y, &schema_group, r))
		return NULL;
	for (i = 0; i < G_N_ELEMENTS(groups); i++) {
		const struct yaml *list = yaml_get(y, groups[i].key);

		if (list == NULL)
			continue;
		parts[n] = group(a, groups[i].key, groups[i].kind, list, use, r);
		fine = fine && parts[n++] != NULL;
	}
	if (!fine || n == 0)
		return NULL;
	if (n == 1)
		return parts[0];
	both = arena_new_of(a, struct cond);
	*both = (struct cond){ COND_ALL, "all", y->at, NULL, parts, n };
	return both;
}

const struct cond *
cond_read(struct arena *a, const struct yaml *y, enum path_use use, struct report *r)
{
	if (y == NULL)
		return NULL;
	if (y->kind == YAML_MAP && y->n > 0)
		return groups_read(a, y, use, r);
	if (y->kind == YAML_SCALAR)
		return line(a, y, use, r);
	report_add(r, SEV_ERROR, y->at, "type",
	    "write all:, any: or none: above the list", "a condition is expected here");
	return NULL;
}
