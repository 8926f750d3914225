/* balance.h - the sums: every touch in one column, every run in one state. */
#ifndef STORE_BALANCE_H
#define STORE_BALANCE_H

#include "core/message.h"
#include "store/store.h"

struct balance {
	int64_t touches, columns[COLUMNS];
	int64_t runs, running, watching, finished, left, control, goals;
	int64_t tasks; /* asked of people in all, calls among them */
	int64_t channel_sent[CHANNELS];
	ms_t held_until; /* when the first held message may go; MS_NEVER: none is held */
};
/* playbook 0: all. */
int balance_get(struct store *s, int playbook, ms_t now, struct balance *out, struct err *e);
/* Replies taken in, and addresses opted out. */
int balance_answers(struct store *s, int64_t *replies, int64_t *opt_outs, struct err *e);
/* Columns sum to touches, and runs to their states. */
int balance_ok(const struct balance *b);

#endif
