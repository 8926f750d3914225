/* plan.h - runs: who enters, what comes next, when it ends. Store thread. */
#ifndef ENGINE_PLAN_H
#define ENGINE_PLAN_H

#include "desk.h"

/* Enters a customer into a live playbook if its rules let him: 1 entered, 0 not,
 * PLAN_NO_PLACE when its limit is reached, PLAN_NO_SHARE when his share of it is,
 * PLAN_NO_HOURS when nobody has time for his call: he waits; -1.
 * entry is the entry key; event NULL: by sweep or list. An entry that fails by our
 * fault is undone and counts as none. */
#define PLAN_NO_PLACE 2
#define PLAN_NO_SHARE 3
#define PLAN_NO_HOURS 4
int plan_enter(struct work *w, struct person *p, const struct live *live, const char *entry,
    const struct event *ev, struct err *e);

/* Of a playbook with a limit: are all places taken, of every share? 1, 0, -1. */
int plan_full(
    struct work *w, const struct live *live, const struct playbook *pb, struct err *e);
/* As far as his earlier runs go, without an event. 1, 0, -1. */
int plan_may_enter(struct work *w, const struct live *live, const struct playbook *pb,
    struct person *p, struct err *e);

/* Lets a run go on from step index `at` as far as it can without waiting. */
int plan_go(struct work *w, struct person *p, struct run *r, const struct version *v, int at,
    struct err *e);

/* Sends a running run elsewhere: its planned touches end, it goes on at `target`. */
int plan_redirect(struct work *w, struct person *p, struct run *r, const struct version *v,
    int target, struct err *e);

/* The instant after which nothing of this playbook is sent; MS_NEVER: none. */
ms_t plan_campaign_end(const struct playbook *p, const struct zone *house);

/* The end of a run's goal window. */
ms_t plan_goal_until(const struct playbook *p, const struct run *r);

/* What happens to one run, or one message, must not fail what happens around it. After
 * store_mark(): undoes it, logs the error and reads p (may be NULL) again. 0, or -1
 * when it was the database that failed. */
int plan_undo(struct work *w, struct person *p, const char *what, int64_t id,
    const struct err *own, struct err *e);

/* An instant just after `at`, spread by id so that 08:00 is not a spike. */
ms_t plan_spread(ms_t at, int64_t id, ms_t before);

/* A message has come to an end the run may go on from (accepted, presumed,
 * suppressed, rejected). */
int plan_settled(struct work *w, const struct message *m, struct err *e);
/* Like it, when on_cap or on_past says the run is to leave. */
/* A rule of exits: without an event that holds by now has ended the run of a message that was
 * about to go: 1, 0 none holds, -1. */
int plan_left(struct work *w, struct person *p, struct run *r, const struct playbook *pb,
    struct err *e);
int plan_exit(struct work *w, const struct message *m, const char *why, struct err *e);

/* The run leaves: its planned touches end with the reason. */
int plan_leave(struct work *w, struct run *r, const char *why, int reason, struct err *e);

/* All runs of a customer leave; *n: how many. */
int plan_leave_all(struct work *w, int64_t customer, const char *why, int *n, struct err *e);

/* Live runs of a customer meet an event or a reply: goals, exits, waits. */
int plan_event(struct work *w, struct person *p, const struct event *ev, struct err *e);
/* The same event meets the runs of another whom it concerns: those about this vehicle, or
 * (NULL: it names none) about what stands under `owner`. And starts what it starts for him:
 * playbooks about what it names. */
int plan_event_about(struct work *w, struct person *p, const struct event *ev,
    const char *vehicle, int64_t owner, struct err *e);
int plan_start_about(
    struct work *w, struct person *p, const struct event *ev, struct err *e);
/* His runs, live ones only or all, from the arena; how many or -1. */
int plan_runs(struct work *w, int64_t customer, bool live, struct run **out, struct err *e);
/* An answer meets the rules of the run it answers (0: not known, then of all) and every
 * wait for a reply. text NULL: there are none, only waits. 1: a rule understood it, 0: none,
 * -1. */
int plan_reply(struct work *w, struct person *p, const char *text, int64_t run, struct err *e);

/* He wants no more, or complains: that is no answer to a question. Whatever waits for one
 * ends. */
int plan_refused(struct work *w, struct person *p, struct err *e);

/* The answer being taken in is this run's, for its texts and tasks; none is: nothing. */
int plan_hear(struct work *w, int64_t run, struct err *e);
/* What number an answer to this run gives, if it asked for one, and the most it asks for. */
struct reply_score;
int plan_score(struct work *w, int64_t run, const char *text, struct reply_score *out,
    int *scale, struct err *e);

/* A run in a `wait: {for: …}` goes on when what it waits for has come. */
int plan_wait_end(struct work *w, struct person *p, struct run *r, const struct version *v,
    const char *what, struct err *e);
/* Is that among what the step waits for? */
bool plan_waits_for(const struct step *s, const char *what);
/* Something is told of a message: a run may wait for it. A run that fails is undone. */
int plan_told(struct work *w, const struct message *m, enum fact fact, struct err *e);

/* `when` starts (sweep and events) and `on` starts. */
int plan_start_when(struct work *w, struct person *p, const char *entry, struct err *e);
int plan_start_on(struct work *w, struct person *p, const struct event *ev, struct err *e);

/* A date of this customer's may have moved: what is planned before it is planned again,
 * or ends where the date is gone. */
int plan_dates(struct work *w, struct person *p, struct err *e);
int plan_dates_of(struct work *w, int64_t customer, struct err *e);
/* A planned touch whose time has come: is it still its time? 1 yes; 0 it was moved or has
 * ended, -1. */
int plan_still(struct work *w, struct person *p, struct run *r, const struct version *v,
    struct message *m, struct err *e);

/* A run whose wake_at has come. */
int plan_wake(struct work *w, int64_t run, struct err *e);

/* Actions of do:, then: and replies of a run; *target gets a goto (or stays). */
int plan_actions(struct work *w, struct person *p, struct run *r, const struct actions *a,
    int *target, struct err *e);

/* The same for a run under way. An action may make an event that ends or moves this
 * very run: it is saved before and read again after. 1: it goes on, 0: it has ended
 * or been sent elsewhere, -1. */
int plan_act(struct work *w, struct person *p, struct run *r, const struct actions *a, int *target,
    struct err *e);

/* Ends a planned touch without sending. */
int plan_suppress(struct work *w, struct message *m, int reason, const char *rule,
    struct pos at, const char *detail, struct err *e);

/* Tells the watcher; m as it is now. */
void plan_tell(struct work *w, const struct message *m, const char *rule, struct pos at,
    const char *detail, ms_t next);

#endif
