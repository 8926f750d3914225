/* launch.h - letting a campaign out: countdown, stages, limits, a person's word. Store thread.
 *
 *   publish ─► UNTESTED ─test send─► COUNTDOWN ─time, go─► RAMP ─stages─► DONE
 *                                        │                  │  ▲
 *                                        └──── hold ─► HELD ◄┤  │ go
 *                                              over a limit ─► STOPPED
 *
 * HELD and STOPPED are as if the playbook were paused; a new version of it waits too. */
#ifndef ENGINE_LAUNCH_H
#define ENGINE_LAUNCH_H

#include "desk.h"

/* Part of desk_publish(): how far the version at hand is, into l. */
int
launch_publish(struct work *w, struct live *l, const struct version *v, struct err *e);

/* May he enter as far as the launch goes? 1, 0 not yet, PLAN_NO_PLACE nobody may, -1.
 * Whom an event brings is offered again. */
int launch_admit(struct work *w, const struct live *l, struct person *p,
    const char *entry, const struct event *ev, struct err *e);
/* He has entered. */
int launch_let_in(struct work *w, const struct live *l, struct err *e);

/* Countdowns that end, stages, limits; part of sweep_portion(). */
int launch_portion(struct work *w, ms_t *next, bool *worked, struct err *e);

/* The same by a person: why says who and what for. 1 done, 0 there is nothing to do, -1. */
int launch_hold(struct work *w, struct live *l, const char *why, struct err *e);
int launch_go(struct work *w, struct live *l, struct err *e);

/* What status says of it, or NULL; on a snapshot, without the desk. v NULL: its file is gone. */
struct json_t;
int launch_status(struct work *w, int number, const struct version *v,
    struct json_t **out, struct err *e);

/* Its budgets, of the house without a playbook; NULL: there are none. */
int launch_budgets(struct work *w, int number, const struct playbook *pb,
    struct json_t **out, struct err *e);

/* How many a list or a condition means now: by asking everybody, in a large house some. */
int launch_audience(struct work *w, const struct playbook *pb, int64_t *n, struct err *e);
/* How many messages publishing w->cat would make due within the hour. */
int launch_due_soon(struct work *w, int64_t *n, struct err *e);

/* What a test send vouches for: the text itself, not its file. */
void launch_text_hash(const struct template *t, char hash[65]);

#endif
