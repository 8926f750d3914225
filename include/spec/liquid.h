/* liquid.h - Liquid templates: compiled once, rendered often.
 *
 * Shopify's documented language: every tag and filter, whitespace control,
 * partials by {% render %}; plus the filters money, mask, date with Chinese
 * forms, and short_link. Strict by default: a variable without a value (unknown
 * or nil) that is output, or fed to a filter other than `default`, stops the
 * render with its place; it never leaves a hole. Conditions and loops are never
 * strict. Values are data: a value holding "{{" is printed, never rendered again.
 * The template's own words (text, quoted literals, captures) are not escaped.
 * A partial sees the caller's scope and its arguments, not the template's assigns.
 *
 * Limits: 256 KiB source, 64 KiB output, 16 MiB scratch, 8 filters in a row, 32
 * nested blocks, 100 terms of a condition, partials 8 deep, 100,000 loop rounds.
 *
 * A compiled template is immutable and may be rendered by any thread. */
#ifndef SPEC_LIQUID_H
#define SPEC_LIQUID_H

#include <stdbool.h>

#include <glib.h>

#include "base/arena.h"
#include "base/report.h"
#include "base/zone.h"
#include "core/expr.h"

struct liquid;

/* Compiles source into the arena. `at` is the place of its first character.
 * Mistakes go to the report; returns NULL if there was any error. source is
 * borrowed for the life of the arena. */
struct liquid *liquid_parse(struct arena *a, const char *source, size_t len, struct pos at,
    struct report *r);

/* Compiles one condition of a playbook; NULL and a diag on a mistake. */
struct expr *liquid_condition(struct arena *a, const char *text, struct pos at, struct report *r);

enum liquid_escape {
	LIQUID_PLAIN, /* SMS, push, phone: control characters and bidi overrides stripped */
	LIQUID_HTML,  /* email body, WeCom markdown: values are HTML-escaped unless | raw ... */
	LIQUID_JSON,  /* provider bodies: nothing is escaped but by | json */
	LIQUID_HEADER /* CR or LF in a value refuses the render */
};

struct liquid_env {
	const struct scope *scope;
	/* As Shopify: undefined prints nothing, a filter's mistake "Liquid error: ...". */
	bool lenient;
	bool silent; /* lenient, and a filter's mistake prints nothing either: for samples */
	const char *hole; /* lenient: printed where a value is missing; NULL: nothing */
	/* Of if, unless and case the longest branch is printed, of a value and its default the
	 * longer, and a loop over nothing once:
	 * for the check of a text's length. */
	bool longest;
	enum liquid_escape escape;
	ms_t now;
	const struct zone *zone; /* of printed times and of dates without one; NULL: UTC */
	/* Source of {% render 'name' %}: compiled partial, or NULL. May be NULL. */
	const struct liquid *(*partial)(void *arg, const char *name);
	void *partial_arg;
	/* Target of | short_link: returns the link to print, or NULL to refuse the
	 * target. Member NULL: it prints its input. */
	const char *(*short_link)(void *arg, struct arena *a, const char *target);
	void *link_arg;
	struct arena *arena; /* scratch of this render */
};

/* Appends to out. -1 with place and text on a strict-mode or limit error; out
 * then holds what came before. */
int liquid_render(const struct liquid *t, const struct liquid_env *env, GString *out,
    struct err *e);

/* Calls each(path, place, has_default) for every variable path the template
 * outputs or tests that is not one of its own assigns or loop variables; for
 * the check. A path is given as far as its names are fixed: of a.b[0].c "a.b".
 * has_default: the render does not stop if it has no value (also: it is only
 * tested, looped over or handed to a partial, or stands where an if has made sure). */
void liquid_paths(const struct liquid *t,
    void (*each)(void *arg, const char *dotted, struct pos at, bool has_default), void *arg);

/* Names of partials used, likewise. */
void liquid_partials(const struct liquid *t,
    void (*each)(void *arg, const char *name, struct pos at), void *arg);

/* What is handed to partials: a path as above, "\"" for what is written out. */
void liquid_handed(const struct liquid *t,
    void (*each)(void *arg, const char *partial, const char *name, const char *written),
    void *arg);

/* Every tag and filter: what it does and how it is written, for `reachd help filters`. */
void liquid_help(GString *out);

#endif
