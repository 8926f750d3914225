/* draft.h - what becomes of a text that an advisor sends by hand: one line a word, one button a word.
 *
 * What he did with it he says himself. What was really sent is not known. (dealership S17) */
#ifndef CORE_DRAFT_H
#define CORE_DRAFT_H

#include <stdbool.h>

enum draft_effect {
	DRAFT_SENT, /* he sent it, as it was or changed */
	DRAFT_UNFIT, /* not to this customer, not now: the step ends, by no other channel */
	DRAFT_LATER /* it comes back */
};

struct draft_word {
	const char *name;
	enum draft_effect effect;
	const char *zh, *en;
};

#define DRAFT_WORDS 3
extern const struct draft_word draft_words[];          /* ends with a NULL name */
const struct draft_word *draft_word(const char *name); /* NULL: there is none */

/* Observed: he changed the text before he sent it. */
#define DRAFT_CHANGED "changed"

#endif
