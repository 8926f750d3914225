/* withdrawn.h - a text or signature that was registered and is taken no longer. Store thread. */
#ifndef ENGINE_WITHDRAWN_H
#define ENGINE_WITHDRAWN_H

#include "desk.h"
#include "provider/provider.h"
#include "store/msg.h"
#include "store/registry.h"

/* The service says so of this message: nothing more goes by the text (or the signature) through
 * its account; an alarm the first time. */
int withdrawn_note(
    struct work *w, const struct message *m, const struct answer *a, struct err *e);
/* A person says that it is approved again. place: an account or a type of provider; code "":
 * signatures; signature "": whichever. How many there were, or -1. */
int withdrawn_over(struct work *w, const char *place, const char *code,
    const char *signature, struct err *e);

#endif
