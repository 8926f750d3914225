/* place.h - line and column of any character of a source, cheap when asked nearly in
 * order. */
#ifndef SPEC_LIQUID_PLACE_H
#define SPEC_LIQUID_PLACE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

struct places {
	const char *src, *end;
	struct pos base;    /* of the first character */
	const char **lines; /* where each line begins */
	int n_lines;
	const char *last;        /* the last answer: columns are counted from it */
	int last_line, last_col; /* line index from 0, column from 0 */
};

void place_init(
    struct places *p, struct arena *a, const char *src, size_t len, struct pos base);
struct pos place_at(struct places *p, const char *at);

#endif
