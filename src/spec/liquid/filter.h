/* filter.h - the filters: one line each in the table of its family. */
#ifndef SPEC_LIQUID_FILTER_H
#define SPEC_LIQUID_FILTER_H

#include <stdbool.h>

#include <glib.h>

#include "core/value.h"
#include "node.h"

/* One use of a filter while rendering. */
struct filter_call {
	struct renderer *r;
	const struct filter *filter;
	struct pos at;
	struct value in;
	const struct value *args;
	int n_args;
	struct value named; /* nil: not given */
};

struct filter {
	const char *name;
	int min_args, max_args;
	int (*run)(struct filter_call *c, struct value *out);
	const char *use;   /* "truncate: 20, \"…\"" */
	const char *about; /* what it does, one line */
	const char *named; /* its named argument; NULL: none */
	bool takes_nil;    /* only default: a missing value is its business */
};

/* The families, each ended by a line without a name. */
extern const struct filter filter_text[], filter_replace[], filter_html[], filter_code[],
    filter_math[], filter_list[], filter_pick[], filter_order[], filter_date[],
    filter_own[];

const struct filter *filter_find(const char *name, size_t len); /* NULL: none */
const char *filter_nearest(const char *name, size_t len); /* "did you mean", or NULL */
void filter_help(GString *out);

/* For the families. Results live in the render's arena. */
struct value filter_arg(const struct filter_call *c, int i); /* nil if not given */
/* A value as text, without its copy if it is text already. */
struct value filter_string(struct filter_call *c, struct value v);
/* The scratch buffer, emptied. */
GString *filter_buffer(struct filter_call *c);
/* Copies the buffer to *out; refuses what is longer than a message can be. */
int filter_result(struct filter_call *c, const GString *text, struct value *out);
/* Refuses before a buffer grows without bound. */
int filter_room(struct filter_call *c, const GString *text);
/* Ruby's Integer(): whole numbers and text that is one; else "invalid integer". */
int filter_integer(struct filter_call *c, struct value v, int64_t *out);
/* Marks text that this filter made safe for HTML. */
void filter_safe(struct filter_call *c, struct value *v);
/* Any value as a new flat list: nil none, a map one, a range its numbers. */
int filter_items(struct filter_call *c, struct value v, struct value_list **out);
/* item[key]; nil if it has no such member; refuses numbers and other plain values. */
int filter_property(
    struct filter_call *c, struct value item, struct value key, struct value *out);
/* A mistake in what the filter was given: in strict mode it stops the render, else
 * it is printed as "Liquid error: ...". */
int filter_refuse(struct filter_call *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
