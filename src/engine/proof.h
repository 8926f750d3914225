/* proof.h - bulk mail of a domain that is known not to prove itself stands still (B-EM1). What is
 * known is what the last `reachd check-dns` saw. Store thread. */
#ifndef ENGINE_PROOF_H
#define ENGINE_PROOF_H

#include <jansson.h>

#include "core/gate.h"
#include "desk.h"

/* Has today's marketing by the account reached what its domain may? Then *v says why, and when to
 * ask again. */
bool proof_halts(struct work *w, const struct account *acc, const struct template *t,
    struct verdict *v);
/* An alarm for each account that it holds; none when it holds it no more. */
int proof_clock(struct work *w, struct err *e);
/* Into doctor_look()'s: today's mails of each primary domain, and what is missing. */
int proof_tell(struct work *w, json_t *doctor, struct err *e);

#endif
