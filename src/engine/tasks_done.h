/* tasks_done.h - what a person did: outcome, cause, observations, and what follows from
 * them. Store thread. */
#ifndef ENGINE_TASKS_DONE_H
#define ENGINE_TASKS_DONE_H

#include "tasks.h"

struct tasks_report {
	const char *outcome;  /* "": done */
	const char *cause;    /* why the customer stays away; "": not told */
	const char *observed; /* names with commas between; "": nothing */
	const char *note;     /* "": none */
	const char *by;       /* who; "": the one it was assigned to */
};

/* What came of it, for whoever reported: an HTTP status and a sentence. */
struct tasks_answer {
	int status;
	const char *text;
};

/* Done, or called without an answer: then it may come back. Repeating it changes
 * nothing. */
int tasks_done(struct work *w, int64_t id, const struct tasks_report *r,
    struct tasks_answer *out, struct err *e);
/* Nobody needs it any more; a call's run goes on as if nobody had called. */
int tasks_withdraw(struct work *w, int64_t id, struct tasks_answer *out, struct err *e);

/* The script of a task by its pinned version; NULL: it has none. */
const struct template *tasks_script(const struct version *v, const struct task_row *t);
/* That of a task no playbook asks for: the policy names it, and it is the set's in force.
 * *v: what to render it by. */
const struct template *tasks_house_script(
    const struct work *w, const struct task_row *t, struct version *v);

#endif
