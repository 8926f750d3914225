/* pace.h - entry paced to the hours of those who call. Store thread.
 *
 * Who would enter a playbook that leads to calls is asked for the way of a customer who
 * never reacts: the calls he comes to, and their days. Each must find somebody with time
 * on its day; calls that other runs will come to are counted, those of less important
 * playbooks are not: they move. Who finds none waits, is told of in `why` and `status`,
 * and is tried again each morning, the most important playbook first. */
#ifndef ENGINE_PACE_H
#define ENGINE_PACE_H

#include "core/way.h"
#include "desk.h"

/* ---- pace.c ---- */

/* Whom a call would go to on its day, and how many more he has time for. */
struct pace_room {
	const char *who;
	int64_t day;
	int left, of; /* of -1: there is no end */
};
/* How many more calls room->who has time for on room->day. */
int pace_left(struct work *w, const struct shop *shop, int priority,
    struct pace_room *room, struct err *e);

/* The calls he would come to if he entered at `at`, as way_calls(). */
int pace_way(struct work *w, struct person *p, const struct playbook *pb, ms_t at,
    struct way_call out[WAY_CALLS]);

/* May he enter now? 1; 0: *full is the day without room; -1. */
int pace_admits(struct work *w, struct person *p, const struct playbook *pb,
    struct pace_room *full, struct err *e);
/* He waits. */
int pace_wait(struct work *w, const struct person *p, const struct live *live,
    const struct playbook *pb, const char *entry, const struct event *ev,
    const struct pace_room *full, struct err *e);
/* He has entered, or never will by this entry. */
int pace_over(struct work *w, const struct person *p, const struct live *live,
    const char *entry, struct err *e);
/* What the run will come to is written down anew. */
int pace_book(struct work *w, struct person *p, int64_t run, const struct version *v,
    struct err *e);

/* ---- pace_due.c ---- */

/* Tries those who wait, once a day; part of sweep_portion(). */
int pace_portion(struct work *w, ms_t *next, bool *worked, struct err *e);

/* ---- pace_plan.c ---- */
/* When the next of them enter: a list at its hour, the others as from now. */
ms_t pace_starts_at(const struct work *w, const struct playbook *pb);

/* What a playbook would ask of people if it started now. */
struct pace_plan {
	int64_t entries; /* at once: all, or as many as its limit lets in */
	int64_t day;     /* the first that asks too much, else the fullest; 0: no calls */
	int64_t calls, room; /* of that day; room: how many more there is time for */
	int people;          /* who could make them */
	const char *step;
};
/* live NULL: never published. */
int pace_plan(struct work *w, const struct playbook *pb, const struct live *live,
    struct pace_plan *out, struct err *e);

/* What w->cat would publish anew and asks for more hours than there are, as errors. */
struct report;
int pace_prove(struct work *w, struct report *r, struct err *e);

/* ---- pace_tell.c ---- */

struct json_t;
/* How many wait and since when; NULL: nobody does. */
int pace_status(struct work *w, int number, struct json_t **out, struct err *e);
/* Adds to the list why he waits, if he does. */
int pace_why(struct work *w, const struct person *p, int number, const char *playbook,
    struct json_t *list, struct err *e);

#endif
