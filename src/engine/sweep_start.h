/* sweep_start.h - starts that the clock makes: lists, and what comes round. Private to
 * the sweep. */
#ifndef ENGINE_SWEEP_START_H
#define ENGINE_SWEEP_START_H

#include "sweep.h"

/* Customers a job looks at or lets in. One costs from 20 us to 0.5 ms, by playbooks and by
 * what is in memory: a job keeps the writer for about 10 ms, so that messages pass. */
#define SWEEP_PORTION 40
#define SWEEP_MINUTE 360

/* How far a start has come. */
struct pass {
	int64_t cursor;
	bool end, full; /* full: whoever is next found no place */
};

/* Who enters, and by which key. */
struct entry {
	const struct playbook *pb;
	const char *key;
	bool (*meant)(struct person *p, const struct playbook *pb); /* NULL: everyone */
	const char *only; /* of his subjects; NULL: each */
};
/* Enters whoever of the next portion is meant; a customer for each of his subjects that the
 * playbook is about. */
int sweep_pass(struct work *w, const struct live *live, const struct entry *in,
    struct pass *pass, struct err *e);

/* Does a list by tag or segment name him? */
bool sweep_listed(struct person *p, const struct playbook *pb);

/* Whom a row of a file means: a customer's id, a phone, a VIN or a plate. How many, or -1;
 * *vehicle: the one it names. */
#define SWEEP_SAME 8
int sweep_row(struct work *w, const char *row, int64_t *ids, const char **vehicle,
    struct err *e);

/* A portion of this playbook's start, if one is due; *next as in sweep_portion(). */
int sweep_list(
    struct work *w, const struct live *live, ms_t *next, bool *worked, struct err *e);
int sweep_every(
    struct work *w, const struct live *live, ms_t *next, bool *worked, struct err *e);

#endif
