/* run.h - one customer going through one playbook.
 *
 *   enter ──► RUNNING ──► WATCHING (steps done, goal window open) ──► FINISHED
 *                │            │
 *                └────────────┴──► LEFT (exit rule, goal, stop by reply, restart)
 *
 * A run of the control group walks the same way, each touch ends as `control`;
 * the balance shows it as control whatever its state. */
#ifndef CORE_RUN_H
#define CORE_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/fsm.h"

enum run_state { RUN_RUNNING, RUN_WATCHING, RUN_FINISHED, RUN_LEFT, RUN_STATES };
extern const struct fsm run_fsm;

/* What a running run waits for. */
enum run_wait {
	WAIT_STEP,    /* the time of its step: wake_at */
	WAIT_MESSAGE, /* the message of its step to be settled */
	WAIT_FOR,     /* an event or reply, until wake_at */
	WAIT_OFFER    /* somebody to agree to an offer, until wake_at */
};

/* Held out on purpose: by the playbook's share, or by the house's of everything. */
enum control { CONTROL_NONE, CONTROL_PLAYBOOK, CONTROL_HOUSE };

struct run {
	int64_t id;
	int64_t customer, version;
	int playbook;
	enum run_state state;
	enum control control;
	const char *step;    /* id of the cursor's step; "" when the steps are done */
	enum run_wait wait;
	int occ;             /* how often the cursor has come to a send, for the occurrence */
	int round;           /* of a repeat: how many are planned or over */
	ms_t entered_at, step_at; /* entry; end of the step before */
	ms_t wake_at;        /* 0: none */
	ms_t goal_at;        /* when the goal was met; 0: not */
	ms_t ended_at;
	const char *why;     /* why it ended: "goal", "exit:complaint", "steps", "reply", "restart" … */
	const char *entry;   /* entry key, unique per (playbook, customer) for ever */
	int64_t event;       /* entry event, 0: none */
	const char *subject; /* id of the vehicle, appointment or order it is about; "" none */
	ms_t first_sent_at;  /* 0: nothing sent yet */
	const char *priority; /* signals.priority at entry, for reports; NULL, "": none. Written once */
};

#endif
