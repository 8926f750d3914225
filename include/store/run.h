/* run.h - runs and their trail. */
#ifndef STORE_RUN_H
#define STORE_RUN_H

#include <stdbool.h>

#include "core/run.h"
#include "store/store.h"

struct message;

/* Inserts; 1 done, 0 that entry exists already (nothing written), -1 err. */
int run_add(struct store *s, struct run *r, struct err *e);
int run_get(struct store *s, int64_t id, struct run *out, struct err *e); /* 1/0/-1 */
int run_save(struct store *s, const struct run *r, struct err *e);
/* Ends the run that waits for this message of its version, sent, after which nothing comes: 1; 0:
 * it is no such run, nothing is written; -1. */
int run_finish(struct store *s, const struct message *last, ms_t at, const char *why,
    struct err *e);
/* Up to max runs of a customer, newest first; live_only: RUNNING or WATCHING. */
int run_of_customer(struct store *s, int64_t customer, bool live_only, struct run *out, int max,
    struct err *e);
/* What of a run says whether another may begin. */
struct run_entry {
	int64_t id;
	int playbook;
	int family; /* the caller's */
	const char *subject;
	struct run_entry *next;
	bool read; /* the rest */
	int state;
	ms_t entered_at, first_sent_at;
};
/* All of a customer, by an index alone, and the rest of one of them. */
int run_entries(
    struct store *s, int64_t customer, struct run_entry **out, struct err *e);
int run_entry_read(struct store *s, struct run_entry *r, struct err *e);
/* The newest entry of a customer and subject into a playbook: 1/0/-1. */
int run_last_entry(struct store *s, int64_t customer, int playbook, const char *subject,
    struct run *out, struct err *e);
/* Has that entry been made, about this (NULL: anything): 1/0/-1. */
int run_entered(struct store *s, int64_t customer, int playbook, const char *subject,
    const char *entry, struct err *e);
/* Ids of runs whose wake_at has come, at most max; returns how many. */
int run_due(struct store *s, ms_t now, int64_t *ids, int max, struct err *e);
/* Ids of live runs of a playbook above *cursor, at most max; returns how many. */
int run_ids_live(struct store *s, int playbook, int64_t *cursor, int64_t *ids, int max,
    struct err *e);
/* The earliest wake_at; MS_NEVER: none. */
int run_next_wake(struct store *s, ms_t *at, struct err *e);
/* What stands because its playbook is paused (wake_at is MS_NEVER) wakes now. */
int run_let_go(struct store *s, int playbook, ms_t now, struct err *e);

/* Milestones: the first time only. */
int mark_add(struct store *s, int64_t run, const char *name, ms_t at, struct err *e);
int mark_each(struct store *s, int64_t run, void (*each)(void *arg, ms_t at, const char *name),
    void *arg, struct err *e);

/* The last answer a run was given, for texts, conditions and tasks. */
struct heard {
	ms_t at;
	int channel;
	int score, scale; /* -1: none; the most that was asked for, kept only while it is taken in */
	const char *text, *comment; /* as written; what is left of it beside the score */
};
int heard_put(struct store *s, int64_t run, const struct heard *a, struct err *e);
int heard_get(struct store *s, int64_t run, struct heard *out, struct err *e); /* 1/0/-1 */

/* A playbook's newest migration: which version takes over, how far it has come. */
struct migration {
	int playbook;
	int64_t version;
	const char *map; /* JSON: old step -> new step */
	int64_t cursor;  /* runs up to this id have been looked at */
	int moved, stayed;
	ms_t done_at; /* 0: under way */
};
int migration_put(struct store *s, const struct migration *m, struct err *e);
int migration_get(struct store *s, int playbook, struct migration *out, struct err *e);
int migration_open(struct store *s, struct migration *out, struct err *e);
/* Running runs of a playbook that are of another version: ids above `after`; and how many
 * stand at each step. */
int run_behind(struct store *s, int playbook, int64_t version, int64_t after, int64_t *ids,
    int max, struct err *e);
int run_stands(struct store *s, int playbook, int64_t version,
    void (*each)(void *arg, const char *step, int runs), void *arg, struct err *e);

int trail_add(struct store *s, int64_t run, ms_t at, const char *what, struct err *e);
int trail_each(struct store *s, int64_t run,
    void (*each)(void *arg, ms_t at, const char *what), void *arg, struct err *e);

#endif
