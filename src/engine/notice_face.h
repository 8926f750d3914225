/* notice_face.h - cards that were sent do not go on asking for what is done or taken back. Store thread.
 *
 * In place of the buttons stands one word. A code allows that once, for 72 hours from when the
 * service gave it: with the card, and anew with every tap. It is tried once; what was certainly
 * not taken is tried again, what is in doubt is not. (semantics B-WC7, B-WC6) */
#ifndef ENGINE_NOTICE_FACE_H
#define ENGINE_NOTICE_FACE_H

#include "notice.h"
#include "store/card.h"

/* The next card to be replaced, written down as on its way: 1, 0 none is, -1. */
int notice_face_next(
    struct work *w, const struct account *acc, struct notice *out, struct err *e);
int
notice_face_outcome(struct work *w, int64_t card, const struct answer *a, struct err *e);
/* The card's own code, or the one that came with a tap; "" or NULL: there is none. */
int notice_face_code(struct work *w, int64_t card, const char *code, struct err *e);

#endif
