#include "spec/wording.h"

#include <string.h>

#include "core/registered_text.h"
#include "spec/liquid.h"

struct names {
	struct arena *arena;
	struct value_map *root;
};

/* customer.name is ‹customer.name›, wherever it stands. */
static void
name_path(void *arg, const char *dotted, struct pos at, bool has_default)
{
	struct names *n = arg;
	struct value_map *map = n->root;
	const char *p = dotted, *dot;
	struct value v;

	(void)at;
	(void)has_default;
	for (; (dot = strchr(p, '.')) != NULL; p = dot + 1) {
		const char *key = arena_strndup(n->arena, p, (size_t)(dot - p));

		if (!value_map_get(map, key, strlen(key), &v)) {
			v = value_map(value_map_new(n->arena));
			value_map_set(n->arena, map, key, v);
		} else if (v.type != VALUE_MAP) {
			return; /* a thing and a part of it: the thing is printed */
		}
		map = (struct value_map *)(uintptr_t)v.map;
	}
	if (!value_map_get(map, p, strlen(p), &v))
		value_map_set(n->arena, map, arena_strdup(n->arena, p),
		    value_str(arena_printf(n->arena, "‹%s›", dotted)));
}

struct partials {
	struct names *names;
	const struct liquid *(*partial)(void *arg, const char *name);
	void *arg;
	int depth;
};

static void
name_partial(void *arg, const char *name, struct pos at)
{
	struct partials *p = arg;
	const struct liquid *l = p->partial == NULL ? NULL : p->partial(p->arg, name);

	(void)at;
	if (l == NULL || p->depth > 8)
		return;
	liquid_paths(l, name_path, p->names);
	p->depth++;
	liquid_partials(l, name_partial, p);
	p->depth--;
}

static const char *
make(const struct liquid *l, const struct liquid_env *env)
{
	GString *s = g_string_new(NULL);
	struct err e = { 0 };
	const char *out = NULL;

	if (liquid_render(l, env, s, &e) == 0 && strstr(s->str, "Liquid error") == NULL) {
		g_strstrip(s->str);
		out = arena_strdup(env->arena, s->str);
	}
	g_string_free(s, TRUE);
	return out;
}

/* {% if, {%- case ... */
static bool
takes_turns(const char *source)
{
	static const char *const tags[] = { "if", "unless", "case", "for", "tablerow" };

	for (const char *p = source; (p = strstr(p, "{%")) != NULL; p += 2) {
		const char *tag = p + 2 + strspn(p + 2, "- \t\r\n");

		for (size_t i = 0; i < G_N_ELEMENTS(tags); i++)
			if (g_str_has_prefix(tag, tags[i]))
				return true;
	}
	return false;
}

/* "您好，▸车已备好": the mark before the nth character that counts. */
static const char *
marked(struct arena *a, const char *s, int character)
{
	const char *p = s;
	int n = 1;

	while (*p != '\0' && g_unichar_isspace(g_utf8_get_char(p)))
		p = g_utf8_next_char(p);
	for (; *p != '\0' && n < character; n++) {
		p = g_utf8_next_char(p);
		while (*p != '\0' && g_unichar_isspace(g_utf8_get_char(p)))
			p = g_utf8_next_char(p);
	}
	return arena_printf(a, "%.*s▸%s", (int)(p - s), s, p);
}

int
wording_compare(struct arena *a, const struct template *t, const struct registered *g,
    const char *registered, const struct liquid *(*partial)(void *arg, const char *name),
    void *arg, struct wording *out)
{
	struct names names = { a, value_map_new(a) };
	struct partials inside = { &names, partial, arg, 0 };
	struct scope scope = scope_of_map(names.root, NULL);
	const struct liquid_env env = { .scope = &scope,
		.lenient = true,
		.silent = true,
		.escape = LIQUID_PLAIN,
		.partial = partial,
		.partial_arg = arg,
		.arena = a };
	const char **keys = arena_array(a, const char *, g->n_params + 1),
		   **values = arena_array(a, const char *, g->n_params + 1);
	const char *filled;

	*out = (struct wording){ .sure = !takes_turns(t->body_source) };
	liquid_paths(t->body, name_path, &names);
	liquid_partials(t->body, name_partial, &inside);
	for (int i = 0; i < g->n_params; i++)
		liquid_paths(g->params[i].value, name_path, &names);
	for (int i = 0; i < g->n_params; i++) {
		keys[i] = g->params[i].name;
		if ((values[i] = make(g->params[i].value, &env)) == NULL)
			return -1;
	}
	if ((out->ours = make(t->body, &env)) == NULL)
		return -1;
	filled = registered_fill(a, registered, keys, values, g->n_params, &out->missing);
	if (filled == NULL) {
		out->theirs = registered;
		return 0;
	}
	out->theirs = filled;
	out->same = registered_same(filled, out->ours, &out->character);
	if (!out->same) {
		out->theirs = marked(a, filled, out->character);
		out->ours = marked(a, out->ours, out->character);
	}
	return 0;
}

const char *
wording_told(
    struct arena *a, const struct wording *w, const char *code, const char *account)
{
	if (w->missing != NULL)
		return arena_printf(a,
		    "%s is registered at \"%s\" as \"%s\", and that and params do not "
		    "both "
		    "have the variable \"%s\"; this text reads \"%s\"",
		    code, account, w->theirs, w->missing, w->ours);
	return arena_printf(a,
	    "%s is registered at \"%s\" as \"%s\", and this text reads \"%s\": they part "
	    "at "
	    "character %d",
	    code, account, w->theirs, w->ours, w->character);
}
