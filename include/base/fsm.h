/* fsm.h - a state machine is data: names, and for each state the set it may move to.
 *
 * The machine is drawn in a comment above its table. fsm_move() to a state that
 * the table does not list is our bug and stops the process. At most 32 states. */
#ifndef BASE_FSM_H
#define BASE_FSM_H

#include <stdbool.h>
#include <stdint.h>

struct fsm_state {
	const char *name;
	uint32_t to; /* bit set of states, FSM_TO(a) | FSM_TO(b) */
};

#define FSM_TO(s) (UINT32_C(1) << (s))

struct fsm {
	const char *name;
	const struct fsm_state *states;
	int count;
};

bool fsm_may(const struct fsm *m, int from, int to);
int fsm_move(const struct fsm *m, int from, int to); /* returns `to`, or stops */
const char *fsm_name(const struct fsm *m, int state);
int fsm_find(const struct fsm *m, const char *name); /* -1: none */

#endif
