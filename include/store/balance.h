/* balance.h - the sums: every touch in one column, every run in one state. */
#ifndef STORE_BALANCE_H
#define STORE_BALANCE_H

#include <glib.h>

#include "core/message.h"
#include "store/store.h"

struct balance {
	int64_t touches, columns[COLUMNS];
	int64_t runs, running, watching, finished, left, control, goals;
	int64_t tasks; /* asked of people in all, calls among them */
	int64_t channel_sent[CHANNELS];
	ms_t held_until; /* when the first held message may go; MS_NEVER: none is held */
};
/* Those of every playbook in one pass, since that is a second's work in a large house: an
 * array for balance_of(), g_array_unref(); NULL with err. */
struct balance_of {
	int playbook;
	struct balance b;
};
GArray *balance_all(struct store *s, ms_t now, struct err *e);
/* playbook 0: all. Lives until another one that has nothing is asked for. */
const struct balance *balance_of(GArray *all, int playbook);
int balance_get(struct store *s, int playbook, ms_t now, struct balance *out, struct err *e);
/* Only what is held, the tasks and the goals: for whoever asks day by day. */
int balance_day(struct store *s, ms_t now, struct balance *out, struct err *e);
/* Replies taken in, and addresses opted out. */
int balance_answers(struct store *s, int64_t *replies, int64_t *opt_outs, struct err *e);
/* Of another part of the house. */
void balance_add(struct balance *sum, const struct balance *b);
/* Columns sum to touches, and runs to their states. */
int balance_ok(const struct balance *b);

#endif
