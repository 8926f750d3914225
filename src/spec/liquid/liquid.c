/* liquid.c - the door: parse, render, what a template refers to. */
#include "spec/liquid.h"

#include <string.h>

#include "filter.h"
#include "parser.h"
#include "renderer.h"
#include "tag.h"
#include "walker.h"

#define MAX_SOURCE ((size_t)256 << 10)

struct liquid *
liquid_parse(
    struct arena *a, const char *source, size_t len, struct pos at, struct report *r)
{
	struct liquid *t = arena_new_of(a, struct liquid);
	struct parser p;

	if (len > MAX_SOURCE) {
		report_add(r, SEV_ERROR, at, "liquid", "",
		    "a template is larger than %zu KiB", MAX_SOURCE >> 10);
		return NULL;
	}
	if (!g_utf8_validate(source, (gssize)len, NULL)) {
		report_add(r, SEV_ERROR, at, "liquid", "save the file as UTF-8",
		    "a template is not UTF-8 text");
		return NULL;
	}
	parser_init(&p, a, r, source, len, at);
	parser_document(&p, &t->body);
	return p.failed ? NULL : t;
}

struct expr *
liquid_condition(struct arena *a, const char *text, struct pos at, struct report *r)
{
	struct parser p;
	const struct expr *e;

	parser_init(&p, a, r, text, strlen(text), at);
	p.where = "condition";
	lexer_init(&p.lex, text, p.end);
	e = parser_condition(&p);
	if (e == NULL || p.failed || !parser_done(&p))
		return NULL;
	return (struct expr *)(uintptr_t)e; /* const inside, the caller's own outside */
}

int
liquid_render(
    const struct liquid *t, const struct liquid_env *env, GString *out, struct err *e)
{
	struct frame frame = { .a = env->arena };
	struct err failure; /* lenient mode prints some and goes on */
	struct renderer r = {
		.env = env,
		.out = out,
		.limit = out->len + RENDERER_MAX_OUTPUT,
		.frame = &frame,
		.err = &failure,
		.arena_start = arena_size(env->arena),
	};
	int rc;

	r.scope =
	    (struct scope){ .lookup = frame_lookup, .arg = &frame, .outer = env->scope };
	rc = renderer_block(&r, &t->body);
	if (rc < 0)
		*e = failure;
	if (r.buffer != NULL)
		g_string_free(r.buffer, TRUE);
	if (r.clean != NULL)
		g_string_free(r.clean, TRUE);
	return rc;
}

static void
walk(const struct liquid *t, struct walker *w)
{
	w->scratch = arena_new();
	w->naming = true;
	walker_block(w, &t->body);
	w->naming = false;
	walker_block(w, &t->body);
	arena_free(w->scratch);
}

void
liquid_paths(const struct liquid *t,
    void (*each)(void *arg, const char *dotted, struct pos at, bool has_default),
    void *arg)
{
	struct walker w = { .path = each, .arg = arg };

	walk(t, &w);
}

void
liquid_partials(const struct liquid *t,
    void (*each)(void *arg, const char *name, struct pos at), void *arg)
{
	struct walker w = { .partial = each, .arg = arg };

	walk(t, &w);
}

void
liquid_handed(const struct liquid *t,
    void (*each)(void *arg, const char *partial, const char *name, const char *written),
    void *arg)
{
	struct walker w = { .handed = each, .arg = arg };

	walk(t, &w);
}

void
liquid_help(GString *out)
{
	g_string_append(out, "Tags\n");
	tag_help(out);
	g_string_append(
	    out, "\nFilters: {{ value | filter | filter }}, eight in a row at most\n");
	filter_help(out);
}
