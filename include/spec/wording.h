/* wording.h - does a text say what a gateway has registered? Told without any customer: both are
 * made with the names of variables in place of their values. */
#ifndef SPEC_WORDING_H
#define SPEC_WORDING_H

#include "base/arena.h"
#include "core/template.h"

struct wording {
	bool same;
	bool sure;  /* false: the text takes turns of its own ({% if %}), of which one was read */
	const char *missing; /* a variable that only one of them has; NULL: none */
	const char *ours, *theirs; /* from where they part on behind "▸"; variables as ‹name› */
	int character; /* of where they part, from 1 */
};

/* registered: the text on the gateway's books. -1: it cannot be told without a customer. */
int wording_compare(struct arena *a, const struct template *t, const struct registered *g,
    const char *registered,
    const struct liquid *(*partial)(void *arg, const char *name), void *arg,
    struct wording *out);

/* One sentence about it: what differs, both texts named. */
const char *wording_told(struct arena *a, const struct wording *w, const char *code,
    const char *account);

#endif
