/* walker.h - what a template refers to, for the check: variable paths and partials. */
#ifndef SPEC_LIQUID_WALKER_H
#define SPEC_LIQUID_WALKER_H

#include <stdbool.h>

#include "node.h"

/* A name of the template's own, while it is in sight. */
struct walker_name {
	const char *name;
	const struct walker_name *outer;
};

struct walker {
	void (*path)(void *arg, const char *dotted, struct pos at, bool has_default);
	void (*partial)(void *arg, const char *name, struct pos at);
	void (*handed)(
	    void *arg, const char *partial, const char *name, const char *written);
	void *arg;
	bool naming; /* first round: collect assigned names */
	const struct walker_name *names;
	const struct walker_name *present; /* dotted paths that have a value here */
	struct arena *scratch;
};

void walker_block(struct walker *w, const struct block *b);
/* guarded: nothing happens if the path has no value. NULL is fine. */
void walker_expr(struct walker *w, const struct expr *e, bool guarded);
/* A partial is handed this under that name. */
void walker_hand(struct walker *w, const char *partial, const char *name,
    const struct expr *value);
/* What has a value where the condition holds; until w->present is put back. */
void walker_given(struct walker *w, const struct expr *when);
/* The template assigns this name somewhere. */
void walker_own(struct walker *w, const char *name);

#endif
