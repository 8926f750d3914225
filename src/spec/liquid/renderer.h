/* renderer.h - one render: where its text goes, what its names mean, its limits.
 *
 * Lives on the stack of liquid_render(). A function that fails returns -1; the
 * failure waits in the renderer until a block sees it. */
#ifndef SPEC_LIQUID_RENDERER_H
#define SPEC_LIQUID_RENDERER_H

#include <stdbool.h>

#include "frame.h"
#include "node.h"
#include "spec/liquid.h"

#define RENDERER_MAX_OUTPUT ((size_t)64 << 10)
#define RENDERER_MAX_MEMORY ((size_t)16 << 20) /* of filters and assigns together */
#define RENDERER_MAX_ROUNDS 100000
#define RENDERER_MAX_PARTIALS 8

enum interrupt { INTERRUPT_NONE, INTERRUPT_BREAK, INTERRUPT_CONTINUE };

struct renderer {
	const struct liquid_env *env;
	GString *out; /* the message, or what a capture collects */
	size_t limit; /* of out */
	struct frame *frame;
	struct scope scope; /* the frame, then the caller's data */
	struct err *err;
	bool soft; /* the failure may be printed in lenient mode */
	enum interrupt interrupt;
	long rounds;
	int partials; /* deep */
	size_t arena_start;
	GString *buffer; /* of filters; NULL until needed */
	GString *clean;  /* of values being cleaned */
};

/* The template's own words, as they are. */
int renderer_write(struct renderer *r, const char *p, size_t len, struct pos at);
/* A value, escaped as the message needs it. */
int renderer_print(struct renderer *r, struct value v, struct pos at);
int renderer_block(struct renderer *r, const struct block *b);
/* Of n blocks the one that prints most. */
int renderer_longest(struct renderer *r, const struct block *const *blocks, int n);
/* Refuses a template that has filled its share of memory. */
int renderer_memory(struct renderer *r, struct pos at);
/* One more round of a loop. */
int renderer_round(struct renderer *r, struct pos at);
/* What stops the render in both modes. Returns -1. */
int renderer_fail(struct renderer *r, struct pos at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* What stops it in strict mode and is printed in lenient mode. Returns -1. */
int renderer_refuse(struct renderer *r, struct pos at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A value is missing: stops in strict mode; returns 0 in lenient mode. */
int renderer_missing(struct renderer *r, const struct expr *e);
struct value renderer_value(struct renderer *r, const struct expr *e);
/* NULL: nothing given, nil. Ruby's Integer(). */
int renderer_integer(struct renderer *r, const struct expr *e, bool *given, int64_t *out);

#endif
