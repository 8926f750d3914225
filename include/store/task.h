/* task.h - what people are asked to do: rows of the table task. */
#ifndef STORE_TASK_H
#define STORE_TASK_H

#include "core/task.h"
#include "store/store.h"

struct task_row {
	int64_t id;
	int64_t msg;           /* of a call; 0: none */
	int64_t customer, run; /* run 0: no playbook asked for it */
	int64_t version;       /* whose texts it uses; 0: none */
	const char *kind, *template_;
	const char *assignee, *role, *store; /* role: as written, "advisor" */
	ms_t created_at;
	int64_t day; /* local day on which the call was last offered; 0: none */
	ms_t span;   /* how long whoever has it may take, in working time */
	ms_t due_at,
	    next_at; /* next_at: when something becomes of it by itself; 0: never */
	const char *late_to; /* who gets it then; "": nobody */
	ms_t late_after;
	int state, level; /* enum task_state; level 1: with late_to */
	int tries;        /* calls that nobody answered */
	const char *outcome, *cause, *done_by;
	ms_t done_at;
};

int task_add(struct store *s, const struct task_row *t, struct err *e);
int
task_get(struct store *s, int64_t id, struct task_row *out, struct err *e); /* 1/0/-1 */
int task_of_msg(
    struct store *s, int64_t msg, struct task_row *out, struct err *e); /* 1/0/-1 */
/* Writes what changes; the state must be allowed from the stored one. */
int task_save(struct store *s, const struct task_row *t, struct err *e);
/* Sealed. task_note: into the scratch arena; 1/0/-1. */
int task_set_note(struct store *s, int64_t id, const char *note, struct err *e);
int task_note(struct store *s, int64_t id, char **note, struct err *e);

/* Live tasks of a customer in order, at most max; returns how many or -1. */
int task_of_customer(
    struct store *s, int64_t customer, struct task_row *out, int max, struct err *e);
/* Live tasks of all customers with an id above `after`, in order. */
int
task_page(struct store *s, int64_t after, struct task_row *out, int max, struct err *e);
/* Those whose next_at has come, the longest waiting first. */
int task_due(struct store *s, ms_t now, struct task_row *out, int max, struct err *e);
/* All live tasks are due to be looked at. */
int task_look_again(struct store *s, ms_t now, struct err *e);
int task_next(struct store *s, ms_t *at, struct err *e); /* MS_NEVER: none */
/* Calls, or drafts, offered to a person on a day. */
int task_load(struct store *s, const char *assignee, const char *kind, int64_t day, int *n,
    struct err *e);
/* Calls of a person offered before a day and not done yet. */
int task_carried(
    struct store *s, const char *assignee, int64_t day, int *n, struct err *e);
/* Live tasks of a person. */
int task_held(struct store *s, const char *assignee, int *n, struct err *e);
int task_counts(struct store *s, int64_t by_state[TASK_STATES], struct err *e);

#endif
