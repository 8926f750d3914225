/* Variables that texts lack: most customers are asked only whether they have the value;
 * for the others the text is rendered, since it may know how to do without. */
#include <string.h>

#include "census.h"
#include "spec/liquid.h"

#define PARTIALS_DEEP 8

/* What only a message, an event or a grant brings is not known of a customer. */
static const char *const roots[] = { "customer", "signals", "entity", "store", "advisor",
	"vehicle", "appointment", "order", NULL };

struct gather {
	struct census *c;
	struct census_book *b;
	struct census_text *text;
	int depth;
};

static bool
path_of(struct census *c, const char *name, struct pos at, guint *index)
{
	struct census_path fresh = { .name = arena_strdup(c->arena, name) };
	struct report *r;

	for (*index = 0; *index < c->paths->len; ++*index)
		if (strcmp(g_array_index(c->paths, struct census_path, *index).name,
			name) == 0)
			return true;
	r = report_new();
	fresh.expr = liquid_condition(c->arena, fresh.name, at, r);
	report_free(r);
	if (fresh.expr != NULL)
		g_array_append_val(c->paths, fresh);
	return fresh.expr != NULL;
}

static void
note_path(void *arg, const char *dotted, struct pos at, bool has_default)
{
	struct gather *g = arg;
	char root[32];
	struct census_use use = { .at = at };
	size_t n = strcspn(dotted, ".");

	if (has_default || n >= sizeof(root))
		return;
	memcpy(root, dotted, n);
	root[n] = '\0';
	if (g_strv_contains(roots, root) && path_of(g->c, dotted, at, &use.path))
		g_array_append_val(g->text->uses, use);
}

static void gather(struct gather *g, const struct liquid *l);

static void
note_partial(void *arg, const char *name, struct pos at)
{
	struct gather *g = arg;

	(void)at;
	if (g->depth == PARTIALS_DEEP)
		return;
	g->depth++;
	gather(g, g_hash_table_lookup(g->b->v->partials, name));
	g->depth--;
}

static void
gather(struct gather *g, const struct liquid *l)
{
	if (l == NULL)
		return;
	liquid_paths(l, note_path, g);
	liquid_partials(l, note_partial, g);
}

static void
add(struct census *c, struct census_book *b, const struct template *t)
{
	struct census_text text = { .t = t };
	struct gather g = { c, b, &text, 0 };

	for (guint i = 0; i < b->texts->len; i++)
		if (g_array_index(b->texts, struct census_text, i).t == t)
			return;
	text.uses = g_array_new(FALSE, FALSE, sizeof(struct census_use));
	gather(&g, t->subject);
	gather(&g, t->body);
	gather(&g, t->text);
	if (t->layout != NULL)
		gather(&g, g_hash_table_lookup(b->v->partials, t->layout));
	g_array_append_val(b->texts, text);
}

void
census_texts(struct census *c, struct census_book *b)
{
	const struct playbook *pb = b->v->playbook;

	for (int i = 0; i < pb->n_steps; i++)
		for (int k = 0; k < pb->steps[i].n_sends; k++)
			if (pb->steps[i].templates[k] != NULL)
				add(c, b, pb->steps[i].templates[k]);
}

/* ---- one customer ---- */

struct trial {
	struct work *w;
	const struct census_book *b;
	struct scope scope;
	struct value_map *message;
};

/* What every message brings. */
static bool
brought(const struct scope *s, const char *name, size_t len, struct value *out)
{
	const struct trial *t = s->arg;

	if (len == 7 && memcmp(name, "message", 7) == 0)
		*out = value_map(t->message);
	else if (len == 7 && memcmp(name, "content", 7) == 0)
		*out = value_str("-");
	else
		return false;
	return true;
}

static const struct liquid *
partial(void *arg, const char *name)
{
	const struct trial *t = arg;

	return g_hash_table_lookup(t->b->v->partials, name);
}

static int
render(struct trial *t, const struct person *p, const struct liquid *l, struct err *e)
{
	const struct liquid_env env = { .scope = &t->scope,
		.now = t->w->now,
		.zone = p->zone,
		.partial = partial,
		.partial_arg = t,
		.arena = t->w->arena };
	GString *out;
	int rc;

	if (l == NULL)
		return 0;
	out = g_string_new(NULL);
	rc = liquid_render(l, &env, out, e);
	g_string_free(out, TRUE);
	return rc;
}

/* Where it stops; false: it does not. */
static bool
stops(struct work *w, struct person *p, const struct census_book *b,
    const struct template *t, struct err *e)
{
	struct trial trial = { .w = w, .b = b, .message = value_map_new(w->arena) };

	value_map_set(w->arena, trial.message, "unsubscribe", value_str("-"));
	trial.scope =
	    (struct scope){ .lookup = brought, .arg = &trial, .outer = person_scope(p) };
	return render(&trial, p, t->subject, e) != 0 ||
	       render(&trial, p, t->body, e) != 0 ||
	       (t->layout != NULL &&
		   render(&trial, p, partial(&trial, t->layout), e) != 0) ||
	       render(&trial, p, t->text, e) != 0;
}

static bool
is_there(struct census *c, struct person *p, guint index)
{
	struct census_path *path = &g_array_index(c->paths, struct census_path, index);

	if (path->asked != c->turn) {
		path->asked = c->turn;
		path->there = expr_value(path->expr, person_scope(p)).type != VALUE_NIL;
	}
	return path->there;
}

static void
try(struct work *w, struct person *p, struct census *c, struct census_book *b,
    struct census_text *text)
{
	struct err e = { 0 };
	bool all = true;

	for (guint i = 0; i < text->uses->len && all; i++)
		all =
		    is_there(c, p, g_array_index(text->uses, struct census_use, i).path);
	if (all || !stops(w, p, b, text->t, &e))
		return;
	for (guint i = 0; i < text->uses->len; i++) {
		struct census_use *use = &g_array_index(text->uses, struct census_use, i);

		if (use->at.line == e.at.line && use->at.col == e.at.col &&
		    g_strcmp0(use->at.file, e.at.file) == 0) {
			use->lack++;
			return;
		}
	}
}

void
census_lacks(struct work *w, struct person *p, struct census *c, struct census_book *b)
{
	for (guint i = 0; i < b->texts->len; i++)
		try(w, p, c, b, &g_array_index(b->texts, struct census_text, i));
}
