/* intake.h - what happens to customers: events, opt-outs, complaints, taken in once. Store thread. */
#ifndef ENGINE_INTAKE_H
#define ENGINE_INTAKE_H

#include "desk.h"
#include "spec/event.h"
#include "store/event.h"

/* An event of a known customer as it was told: 1 new, 0 seen before, -1. */
int intake_take(struct work *w, const struct event_in *in, int64_t customer, struct err *e);
/* An event of a known customer, already deduplicated and stored: signals, runs, starts. */
int intake_apply(struct work *w, struct person *p, const struct event *ev, struct err *e);
/* An event reachd itself makes (playbook action, reply, stage change). data: JSON object. */
int intake_own(struct work *w, struct person *p, const char *type, const char *data,
    struct err *e);

/* Messages that a stop has ended. Their runs go on by intake_go_on() once every run has met
 * what happened: exits come before next steps. */
#define ENDED_MAX 64
struct ended {
	int64_t ids[ENDED_MAX];
	int n;
};
/* p is read again, if any went on. */
int intake_go_on(
    struct work *w, struct person *p, const struct ended *ended, struct err *e);

/* Stops marketing to this person's address of a channel (-1: all channels); ends what is
 * queued there and fills the stop set. p's addresses are open. */
struct refusal;
int intake_opt_out(struct work *w, struct person *p, int channel, const struct refusal *r,
    struct ended *ended, struct err *e);

/* Whoever was sent this message wants no more marketing: at the address it went to, and
 * at those he has by now. */
int intake_stop(struct work *w, const struct message *m, ms_t at, const char *src,
    struct err *e);
/* Everything stops, on every channel, and what is queued ends; an alarm. */
int intake_block(struct work *w, struct person *p, const char *src, struct ended *ended,
    struct err *e);
/* The same, told to his runs as the event `complaint`, after which they go on. */
int intake_complaint(struct work *w, struct person *p, const char *src, struct err *e);

/* The key under which an address stands in the stop set: for marketing; with STOP_ALL
 * flipped, for everything. */
#define STOP_ALL ((int64_t)1 << 60)
int64_t intake_stop_key(int64_t h, int channel);
/* The key of a playbook that has begun to stand. */
int64_t intake_stand_key(int playbook);

#endif
