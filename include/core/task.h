/* task.h - what a person is asked to do: its states and kinds.
 *
 *   (none) ─► OPEN ─────────────────► ESCALATED (its deadline passed, another does it)
 *              │ ▲                       │ ▲
 *              ▼ │ after a quiet window  ▼ │
 *             WAITING ◄──────────────────┘ │   (before a quiet window, and between tries)
 *              │   └───────────────────────┘
 *              ▼ from any of the three
 *   DONE (with its outcome) | WITHDRAWN (nobody needs it) | LAPSED (nobody did it)
 *
 * A call or a draft is a touch as well: its message is AWAITING while the task is OPEN or
 * ESCALATED and DUE while it is WAITING. (ARCHITECTURE.md, Tasks) */
#ifndef CORE_TASK_H
#define CORE_TASK_H

#include <stdbool.h>

#include "base/fsm.h"

enum task_state {
	TASK_OPEN,
	TASK_WAITING,
	TASK_ESCALATED,
	TASK_DONE,
	TASK_WITHDRAWN,
	TASK_LAPSED,
	TASK_STATES
};
extern const struct fsm task_fsm;

/* Something is still to be done about it. */
bool task_is_live(int state);

/* Kinds: what it is about, where no script says so. */
#define TASK_CALL "call"                 /* a step of a playbook */
#define TASK_DRAFT "draft"               /* a text to be sent by hand, of a step */
#define TASK_ACTION "task"               /* an action of a playbook */
#define TASK_COMPLAINT "complaint"       /* answer for it in person */
#define TASK_WRONG_PERSON "wrong_person" /* find the right address */
#define TASK_ANSWER "answer"             /* read what the customer wrote */

/* One sentence; "" for the kinds that playbooks make. */
const char *task_sentence(const char *kind);
const char *task_sentence_zh(const char *kind);

#endif
