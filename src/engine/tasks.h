/* tasks.h - what people are asked to do: asked, offered, withdrawn, late, lapsed. Store
 * thread.
 *
 * A call is a message on the channel phone, a draft (drafts.h) one by wecom that the advisor
 * sends by hand. It goes through the gate like any other; then its task is OPEN and the message AWAITING, with its slots. Before a quiet window
 * begins the task is taken off the lists (WAITING) and the message is DUE again, its
 * slots given back; the gate offers it anew. What other tasks ask is no touch. */
#ifndef ENGINE_TASKS_H
#define ENGINE_TASKS_H

#include "desk.h"
#include "store/task.h"

/* Those who call and who send drafts by hand: an account with no end of tokens. */
extern const struct account tasks_people;
/* Was it given to a person? */
bool tasks_are_of(const struct message *m);
bool tasks_is_draft(const struct task_row *t);
/* So long before a quiet window it is off the lists. */
ms_t tasks_lead(const struct task_row *t);

/* A task that is no call. */
struct tasks_ask {
	const char *kind;
	const char *to;
	ms_t due;
	const char *late_to;
	ms_t late_after;
	const char *script; /* "": none */
	int64_t run, version;
};
/* What is asked already and not done is not asked twice. */
int
tasks_ask(struct work *w, struct person *p, const struct tasks_ask *ask, struct err *e);
/* One that reachd itself asks for. */
int tasks_ask_own(struct work *w, struct person *p, const char *kind, struct err *e);

/* Is it the turn of this call? `until` 0: yes, by `assignee`; else when to ask again. */
struct tasks_turn {
	const char *assignee;
	ms_t until;
	bool over; /* it was given to somebody and has ended: no second time */
	char detail[120];
};
int tasks_turn(struct work *w, struct person *p, const struct step *s,
    const struct message *m, ms_t open_until, struct tasks_turn *turn, struct err *e);
/* m is SENDING, its slots taken and saved: the task is on somebody's list. */
int tasks_offer(struct work *w, const struct person *p, const struct step *s,
    struct message *m, ms_t open_until, const char *assignee, struct err *e);

/* Calls and drafts of a customer (of one run, if not 0; of one channel, if not -1) off the
 * lists: their messages are DUE. */
int tasks_recall(
    struct work *w, int64_t customer, int64_t run, int channel, struct err *e);
/* The message has ended, or goes another way. */
int tasks_close(struct work *w, const struct message *m, struct err *e);
/* The message DUE again at `at`, its slots given back; the task WAITING. Saves both. */
int
tasks_wait(struct work *w, struct task_row *t, struct message *m, ms_t at, struct err *e);

/* By when, asked at `from`; of a complaint by the clock, else in the hours of the store. */
ms_t tasks_deadline(const struct work *w, const char *kind, const char *store, ms_t from,
    ms_t span);
/* The last instant at which the task may still be done. */
ms_t tasks_last(const struct work *w, const struct task_row *t);
/* When something becomes of it by itself, if nobody does it. */
ms_t tasks_late_at(const struct work *w, const struct task_row *t);

/* Those whose time has come: off the lists, to the next person, or lapsed. */
int tasks_clock(struct work *w, int max, struct err *e);

#endif
