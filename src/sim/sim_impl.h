/* sim_impl.h - the simulated world's parts. Private to sim*.c. */
#ifndef SIM_SIM_IMPL_H
#define SIM_SIM_IMPL_H

#include <glib.h>

#include "sim/sim.h"

struct group;

struct sim {
	struct world w; /* first: a struct world * is a struct sim * */
	struct sim_options o;
	struct sim_faults faults;
	struct agenda *agenda;
	struct rng world, code;
	ms_t wall_off, true_off; /* to the agenda's clock */
	ms_t boot_base;
	int life, boots;
	uint64_t trace;
	struct store *store;

	/* sim_jobs.c */
	struct job *waiting, **waiting_end;
	bool job_due, dying;
	struct job *works, **works_end; /* of work_start, not begun yet */
	GPtrArray *calls; /* struct sim_call *: of this life, and what is on the wire */
	GHashTable *files;
	struct group *groups; /* committed, not told yet */
};

/* What a dead process had in its memory stays as it was, and is no leak. */
void sim_bury(void *remains);

void sim_jobs_init(struct sim *s);
void sim_jobs_kill(struct sim *s);
void sim_http_init(struct sim *s);
void sim_http_kill(struct sim *s);
void sim_http_free(struct sim *s);
void sim_files_init(struct sim *s);
void sim_files_free(struct sim *s);
void sim_files_lost(struct sim *s); /* the machine went down: they were in memory */

#endif
