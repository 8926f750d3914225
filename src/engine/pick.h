/* pick.h - by which account of a channel a message goes: the first in the order they are written that
 * can be used now. Store thread. */
#ifndef ENGINE_PICK_H
#define ENGINE_PICK_H

#include "begin.h"

struct pick {
	struct work *w;
	struct person *p;
	const struct step *step; /* what people do of it has no account */
	const struct budget *budgets;
	const struct account
	    *asked;   /* whom the text was rendered for last: the caller's */
	bool *passed; /* by account: it would not take the text */
};

void pick_open(struct pick *k, struct work *w, const struct step *step, struct person *p,
    const struct budget *budgets);
/* *tokens false: it is one to wait for. NULL: none carries the channel. */
const struct account *pick_any(struct pick *k, enum channel channel, bool *tokens);
/* Since pick_any(): another one than those asked; they would not take the text. NULL: there
 * is none, or only such as are frozen. */
const struct account *pick_other(struct pick *k, enum channel channel, bool *tokens);
/* Channels all of whose accounts are frozen; what people do they do all the same. */
unsigned pick_frozen(const struct pick *k);

#endif
