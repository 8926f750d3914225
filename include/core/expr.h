/* expr.h - conditions as data, and their meaning: Liquid's, for playbooks and templates alike.
 *
 * == != < > <= >= contains, and, or (right-associative, no precedence, no
 * parentheses), literals, dotted and indexed paths, ranges. nil != "x" is true;
 * ordering with nil is false. Parsed by spec/ into an arena, evaluated here
 * without allocation. A path nobody defines evaluates to nil here; whether it
 * may exist at all is the check's business. Pure; any thread. */
#ifndef CORE_EXPR_H
#define CORE_EXPR_H

#include "base/err.h"
#include "core/value.h"

/* Where names come from: the innermost scope is asked first. */
struct scope {
	bool (*lookup)(const struct scope *, const char *name, size_t len, struct value *out);
	const void *arg;
	const struct scope *outer; /* NULL: none */
};
bool scope_get(const struct scope *s, const char *name, size_t len, struct value *out);
/* A scope over one map, for callers with plain data. */
struct scope scope_of_map(const struct value_map *m, const struct scope *outer);

enum expr_op {
	EXPR_LITERAL,
	EXPR_PATH,
	EXPR_RANGE, /* left..right */
	EXPR_EQ, EXPR_NE, EXPR_LT, EXPR_GT, EXPR_LE, EXPR_GE, EXPR_CONTAINS,
	EXPR_AND, EXPR_OR
};

/* One part of a path: a name, or an index that is an expression: a[b.c]. */
struct path_part {
	const char *name; /* NULL: index */
	const struct expr *index;
};

struct expr {
	enum expr_op op;
	struct pos at;
	struct value literal;
	const struct path_part *parts; /* EXPR_PATH */
	int n_parts;
	const struct expr *left, *right;
};

/* size, first and last are properties of strings and lists, as in Liquid. */
struct value expr_value(const struct expr *e, const struct scope *s);
bool expr_true(const struct expr *e, const struct scope *s);

/* all: / any: / none: lists of a playbook. */
enum cond_kind { COND_EXPR, COND_ALL, COND_ANY, COND_NONE };
struct cond {
	enum cond_kind kind;
	const char *text; /* as written, for explanations */
	struct pos at;
	const struct expr *expr;
	const struct cond *const *parts;
	int n_parts;
};
bool cond_true(const struct cond *c, const struct scope *s);
/* The innermost condition that decided (for `why`): the first false part of an
 * all, the first true part of a none; any: itself. */
const struct cond *cond_decider(const struct cond *c, const struct scope *s);

#endif
