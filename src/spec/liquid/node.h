/* node.h - a compiled template: blocks of nodes in an arena, never changed after parsing.
 */
#ifndef SPEC_LIQUID_NODE_H
#define SPEC_LIQUID_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "core/expr.h"

struct renderer;
struct walker;
struct node;

/* What a kind of node does. */
struct node_ops {
	int (*render)(struct renderer *r, const struct node *n);
	void (*walk)(struct walker *w, const struct node *n); /* NULL: names nothing */
};

struct node {
	const struct node_ops *ops;
	const void *data; /* of its kind */
	struct pos at;
	bool blank; /* prints nothing but white space */
};

struct block {
	struct node *nodes;
	int n, cap;
	bool filled; /* some node is not blank */
};

/* {{ value | filter: args }}, also of echo and assign. */
#define OUTPUT_ARGS 2
struct filter;
struct filter_use {
	const struct filter *filter;
	struct pos at;
	const struct expr *args[OUTPUT_ARGS];
	int n_args;
	const struct expr
	    *named; /* the value of its one named argument; NULL: not given */
};
struct output {
	const struct expr *base;
	const struct filter_use *filters;
	int n_filters;
};

struct liquid {
	struct block body;
};

#endif
