#include "core/run.h"

/* Drawn in run.h. */
static const struct fsm_state states[RUN_STATES] = {
	[RUN_RUNNING] = { "running",
	    FSM_TO(RUN_WATCHING) | FSM_TO(RUN_FINISHED) | FSM_TO(RUN_LEFT) },
	[RUN_WATCHING] = { "watching", FSM_TO(RUN_FINISHED) | FSM_TO(RUN_LEFT) },
	[RUN_FINISHED] = { "finished", 0 },
	[RUN_LEFT] = { "left", 0 },
};
const struct fsm run_fsm = { "run", states, RUN_STATES };
