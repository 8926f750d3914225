/* tasks_report.h - a report of a person while it is taken in. Private to tasks_*.c. */
#ifndef ENGINE_TASKS_REPORT_H
#define ENGINE_TASKS_REPORT_H

#include "core/call.h"
#include "tasks_done.h"

/* Of a task that is no call and was simply done. */
#define TASKS_DONE "done"

/* A report under way. */
struct report_of {
	struct work *w;
	struct task_row t;
	const struct tasks_report *r;
	const struct version *v;        /* NULL: no playbook asked */
	const struct template *script;  /* NULL: none */
	const struct call_outcome *own; /* as the script names it; NULL: it does not */
	const struct call_word *word;   /* NULL: the script's own word */
	const char *outcome;
	struct tasks_answer *out;
};

/* May it be reported of a task with that script (NULL: none), beside what the script names? */
bool task_takes(const struct task_row *t, const struct template *script,
    const struct call_word *c);
/* May it simply be done? */
bool task_takes_done(const struct task_row *t, const struct template *script);

static inline int
tasks_answer(struct report_of *d, int status, const char *text)
{
	*d->out = (struct tasks_answer){ status, text };
	return 0;
}

/* What was done while it was off the list has been done all the same. */
int tasks_take_back(struct report_of *d, struct message *m, struct err *e);
/* DONE, with what he said. */
int tasks_end(struct report_of *d, struct err *e);

/* What follows for the customer: tags, cause, opt-out, complaint, events. */
int tasks_follow(struct report_of *d, struct err *e);
/* What the end of a task ends: that of an answer the conversation. */
int tasks_closed(
    struct work *w, struct person *p, const struct task_row *t, struct err *e);

#endif
