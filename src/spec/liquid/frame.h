/* frame.h - the names of one template while it renders: loops, assigns, counters.
 *
 * A partial has a frame of its own: it sees the caller's data, but not its
 * assigns and loops. Everything lives in the render's arena. */
#ifndef SPEC_LIQUID_FRAME_H
#define SPEC_LIQUID_FRAME_H

#include "base/arena.h"
#include "core/expr.h"

/* A loop that runs: its variable and its forloop or tablerowloop object. */
struct frame_loop {
	struct frame_loop *outer;
	const char *var;
	struct value item;
	const char *name;            /* "item-list" */
	int64_t index, length, cols; /* index from 0; cols 0: not a tablerow */
	struct frame_loop *parent;   /* the for loop around a for loop */
	struct value_map object;     /* answers forloop.x from this struct */
};

struct frame_var {
	const char *name;
	struct value value;
	struct frame_var *next;
};

/* A number kept under a name: counters, cycles, where a for loop stopped. */
struct frame_number {
	char kind; /* FRAME_COUNTER ... */
	const char *name;
	int64_t n;
	struct frame_number *next;
};
enum { FRAME_COUNTER = 'i', FRAME_CYCLE = 'c', FRAME_OFFSET = 'o' };

struct frame {
	struct arena *a;
	struct frame_loop *loops; /* innermost first */
	struct frame_var *vars;
	struct frame_number *numbers;
	int n_numbers;
};
#define FRAME_MAX_NUMBERS 1000

bool frame_lookup(const struct scope *s, const char *name, size_t len, struct value *out);
/* Names are borrowed. */
void frame_assign(struct frame *f, const char *name, struct value v);
/* The number under this name, 0 at first. NULL: there are too many. */
int64_t *frame_number(struct frame *f, char kind, const char *name);
struct frame_loop *frame_push(
    struct frame *f, const char *var, const char *name, int64_t length, int64_t cols);
void frame_pop(struct frame *f);

#endif
