/* money.h - budgets: what messages may cost, as slots of money beside the caps. Store thread.
 *
 * Where nothing is limited nothing is counted. Transactional messages and corrections cost
 * too, but are not refused. */
#ifndef ENGINE_MONEY_H
#define ENGINE_MONEY_H

#include "core/gate.h"
#include "desk.h"

/* A verdict that said go says capped when a budget cannot pay `cost` yuan. */
int money_ask(struct work *w, struct person *p, const struct version *v,
    const struct message *m, double cost, struct verdict *out, struct err *e);
/* m->cost and m->begun_at are known; what is taken is noted in m->slots. 1, or 0: a budget
 * cannot pay after all, -1. */
int money_take(struct work *w, struct message *m, struct person *p,
    const struct playbook *pb, struct err *e);
int money_give(struct work *w, struct message *m, struct err *e);

/* What is used of a budget now, in hundredths of a fen; id: of the playbook or store. */
int money_used(struct work *w, int kind, const char *id, int64_t *used, struct err *e);
/* The id of a playbook for it. */
char *money_id(int playbook, char buf[16]);

#endif
