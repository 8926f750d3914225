/* fold.h - a text as it is compared: full-width, spaced out, in the other script or with
 * other dots is still the same word. */
#ifndef SPEC_FOLD_H
#define SPEC_FOLD_H

#include <stdbool.h>
#include <stddef.h>

/* ＮＯ·１, N O . 1 and №.1 are no.1, 獨 一 無 二 is 独一无二. Lines stay apart. */
struct fold {
	const char *source;
	char *text;
	size_t *at; /* of each byte of text: where its character begins in source */
	size_t len; /* of text; at[len] is the end of source */
};

void fold_init(struct fold *f, const char *source); /* source is borrowed */
void fold_release(struct fold *f);
/* Is text[from, to) a word of its own in the source, no piece of a longer Latin word or
 * number? */
bool fold_is_whole(const struct fold *f, size_t from, size_t to);

#endif
