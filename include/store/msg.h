/* msg.h - touches and messages, their attempts, slots and decisions. */
#ifndef STORE_MSG_H
#define STORE_MSG_H

#include <stdbool.h>

#include "core/message.h"
#include "store/store.h"

/* T1. 1 written, 0 this (run, step, occ) exists already, -1 err. */
int msg_add(struct store *s, const struct message *m, struct err *e);
int msg_get(struct store *s, int64_t id, struct message *out, struct err *e); /* 1/0/-1 */
/* Writes the times of a touch that is planned anew, and its reason. */
int msg_move(struct store *s, const struct message *m, struct err *e);
/* The state must be allowed from the stored one. The body and planned_at stay as they are. */
int msg_save(struct store *s, const struct message *m, struct err *e);
/* T3 of one that stands as T2 wrote it: ACCEPTED, with the provider_id. 1; 0: something else
 * has become of it, nothing is written; -1. */
int msg_accept(struct store *s, const struct message *begun, struct err *e);
/* The same as msg_save with the body as it is sent, sealed. msg_body: into the scratch arena; 1/0/-1. */
int msg_save_body(struct store *s, const struct message *m, const char *body, size_t len,
    struct err *e);
int msg_body(struct store *s, int64_t id, char **body, size_t *len, struct err *e);

/* Due messages of one lane in order, at most max; returns how many or -1. */
int msg_due(struct store *s, int playbook, int channel, ms_t now, struct message *out, int max,
    struct err *e);
/* The earliest due instant in a lane; MS_NEVER: none. */
int msg_next_due(struct store *s, int playbook, int channel, ms_t *at, struct err *e);
/* What waits for the end of a pause or a freeze is due now. */
int msg_let_go(struct store *s, int playbook, ms_t now, struct err *e);
/* DUE messages of a customer, at most max. */
int msg_planned(struct store *s, int64_t customer, struct message *out, int max, struct err *e);
/* Other DUE messages of m's customer and playbook, due and planned before these: of its step
 * or (any) of all. From the scratch arena, at most max. */
int msg_beside(struct store *s, const struct message *m, bool any, ms_t due, ms_t planned,
    int max, struct message **out, struct err *e);
/* Other DUE marketing of its customer above a priority and due before `until`, of runs that
 * are not held out, at most max. */
struct msg_rival {
	ms_t due_at;
	int priority, playbook;
};
int msg_rivals(struct store *s, const struct message *m, int priority, ms_t until,
    struct msg_rival *out, int max, struct err *e);
/* The touch of a run by its occurrence, which counts through all steps: 1/0/-1. */
int msg_of_occ(struct store *s, int64_t run, int occ, struct message *out, struct err *e);
/* Messages of a run in order, at most max. */
int msg_of_run(struct store *s, int64_t run, struct message *out, int max, struct err *e);
/* Ids with settle_at <= now, at most max. */
int msg_settling(struct store *s, ms_t now, int64_t *ids, int max, struct err *e);
int msg_next_settle(struct store *s, ms_t *at, struct err *e);
/* SENDING rows of earlier epochs: 1/0/-1 per call, by walking *cursor. */
int msg_stranded(struct store *s, int64_t epoch, int64_t *cursor, struct message *out,
    struct err *e);
/* Messages before a person, at most max, oldest first: by their alarms. */
int msg_parked(struct store *s, int64_t after, struct message *out, int max, struct err *e);
/* The newest accepted message to him on a channel (-1: on any), for replies without a
 * reference. */
int msg_last_to(struct store *s, int64_t customer, int channel, struct message *out,
    struct err *e);

/* What was handed to accounts for an address since an instant, whoever's it is; person: also
 * what went to other addresses, on the channel, of those who have it. sole: who alone has it,
 * 0: nobody knows; but: a run of his whose only touch is the one that asks, 0: none. At most max,
 * in no order; how many or -1. */
struct handed_query {
	int channel;
	int64_t address;
	ms_t since;
	bool person;
	int64_t sole, but;
};
struct handed {
	ms_t at;
	const char *account;
	int category;
};
int msg_handed(struct store *s, const struct handed_query *ask, struct handed *out, int max,
    struct err *e);

int attempt_add(struct store *s, const struct message *m, const char *outcome, struct err *e);
/* Members of a call with several recipients: ids in order; request_members returns
 * how many, 0 when the call had one recipient. */
int request_add(struct store *s, int64_t token, ms_t at, const int64_t *ids, int n, struct err *e);
int request_members(struct store *s, int64_t token, int64_t *ids, int max, struct err *e);
int request_purge(struct store *s, ms_t before, struct err *e);
int ref_add(struct store *s, const char *account, const char *provider_id, int64_t msg,
    struct err *e);
int ref_find(struct store *s, const char *account, const char *provider_id, int64_t *msg,
    struct err *e); /* 1/0/-1 */

/* Slots: one conditional row write each. 1 taken, 0 none left, -1 err. */
int cap_take(struct store *s, const char *scope, int period, int limit, struct err *e);
int cap_give(struct store *s, const char *scope, int period, struct err *e);
/* Counts what has gone elsewhere, whatever the limit; and takes it back, never below 0. */
int cap_add(struct store *s, const char *scope, int period, int n, struct err *e);
/* What a customer was sent at an address counts for the address, too, from now on: others have it
 * with him, or he gives it up. Again: nothing. */
int cap_address(struct store *s, int64_t h, int64_t customer, struct err *e);
/* Of whoever has it now: something else is about to count for it. */
int cap_address_held(struct store *s, int64_t h, struct err *e);
/* Several at once: money. */
int cap_take_n(struct store *s, const char *scope, int period, int64_t n, int64_t limit,
    struct err *e);
int cap_give_n(struct store *s, const char *scope, int period, int64_t n, struct err *e);
int cap_sum(struct store *s, const char *scope, int period, int64_t *used, struct err *e);
int cap_used(struct store *s, const char *scope, int period, int *used, struct err *e);
/* What the gate asks of an address at once: is it opted out of the channel, and the slots of its
 * scope and the customer's that are in use. */
struct cap_query {
	int64_t h;
	int channel, period;
	const char *address, *customer; /* scopes */
};
struct cap_standing {
	bool opted_out;
	int address_used, customer_used;
};
int cap_standing(struct store *s, const struct cap_query *ask, struct cap_standing *out,
    struct err *e);

/* Submissions that count for a customer since an instant, newest first. */
/* What a customer had by an account since then and was not given back. */
int msg_had(struct store *s, int64_t customer, const char *account, ms_t since, int *n,
    struct err *e);
int reservation_add(struct store *s, int64_t customer, ms_t at, int64_t msg, int category,
    struct err *e);
int reservation_drop(struct store *s, int64_t customer, ms_t at, int64_t msg, struct err *e);
/* What another system sent; msg is no message of ours (negative). 1 new, 0 known. */
int reservation_put(struct store *s, int64_t customer, ms_t at, int64_t msg, int category,
    struct err *e);
/* Without an error when there is none: 1 dropped, 0 not there. */
int reservation_take(struct store *s, int64_t customer, ms_t at, int64_t msg, struct err *e);
int reservation_known(struct store *s, int64_t customer, ms_t at, int64_t msg, struct err *e);
int reservation_since(struct store *s, int64_t customer, ms_t since,
    void (*each)(void *arg, ms_t at, int category), void *arg, struct err *e);

struct decision {
	int64_t msg;
	ms_t at, next; /* next 0: none */
	int reason;
	const char *rule, *file, *detail;
	int line;
};
int decision_add(struct store *s, const struct decision *d, struct err *e);
/* Takes back the one that was added then. */
int decision_drop(struct store *s, int64_t msg, ms_t at, const char *rule, struct err *e);
int decision_each(struct store *s, int64_t msg, void (*each)(void *arg, const struct decision *d),
    void *arg, struct err *e);

#endif
