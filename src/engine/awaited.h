/* awaited.h - messages that the service took but a person must send: watched, reminded of, withdrawn. Store thread.
 *
 *	AWAITING ─► DELIVERED (he pressed send and it arrived) | UNDELIVERED (it did not)
 *	        └─► withdrawing ─► withdrawn ─► LAPSED ─► DUE on another channel of the step
 *
 * It is withdrawn when its time to be confirmed is over, before a quiet window begins, on an
 * opt-out, and when its run needs it no more. It has lapsed only once the service has
 * withdrawn it and, asked after that, knows nothing of its being sent. (semantics B-WC1, B-WC3, S17) */
#ifndef ENGINE_AWAITED_H
#define ENGINE_AWAITED_H

#include "core/gate.h"
#include "intent.h"

/* Says no where nobody could confirm it before the gate closes. */
bool awaited_too_late(const struct work *w, const struct message *m, struct verdict *v);
/* Nobody sent it on its channel: the others of the step are left. */
void awaited_narrow(struct work *w, const struct message *m, struct step *s);
/* Has the step another channel than the message's? */
bool awaited_another(const struct message *m, const struct step *s);
/* Nobody will send it in time: it goes by another channel of the step. */
void awaited_pass(struct work *w, struct message *m, struct step *s);
/* Nobody sent it: LAPSED, its slots given back; DUE again where another channel is left. */
int awaited_lapse(struct work *w, struct message *m, struct err *e);
int
awaited_begin(struct work *w, struct message *m, const struct answer *a, struct err *e);
/* Its time to be looked at: fills out with what to ask. */
int awaited_look(struct work *w, struct message *m, GPtrArray *out, struct err *e);
int
awaited_told(struct work *w, struct message *m, const struct answer *a, struct err *e);

#endif
