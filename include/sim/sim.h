/* sim.h - the simulated world: struct world over a seed and an agenda of future events.
 *
 * One thread, no waiting. The process inside it can be killed at any event
 * (sim_kill): its timers, jobs and calls are gone, what its requests had put on
 * the wire still arrives. The wall clock can step away from the true time. What
 * lies beyond the wire is told by sim_options.arrive, called with each request at
 * the instant its first byte reaches the other side. */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "base/world.h"
#include "sim/agenda.h"
#include "sim/rng.h"

struct sim;

/* What the other side does with a request. Body is taken over (g_free). */
enum sim_reply_kind { SIM_ANSWER, SIM_SILENCE, SIM_CUT };
struct sim_reply {
	enum sim_reply_kind kind;
	int status;
	char *body;
	size_t len;
	ms_t after; /* from arrival to the answer's last byte, or the cut */
	ms_t retry_after;
	const char *head; /* of the answer (base/header.h), for ever; NULL: none */
};

/* A request on the wire. Borrowed during arrive(). */
struct sim_request {
	const char *method, *url, *body;
	char *const *headers; /* NULL-terminated */
	size_t body_len;
	bool mail; /* by SMTP */
	ms_t left; /* true time when its first byte left */
};

/* How bad the net and the disk are; the caller may change it at any event. */
struct sim_faults {
	double connect;  /* no connection */
	double slow_job; /* a transaction that takes up to three seconds */
	double slow_net; /* connecting takes up to eight seconds */
	double stuck;    /* a request arrives up to twelve minutes after it left */
	/* Said at each transaction; true: the process dies in it. NULL: never. */
	bool (*dies)(void *arg);
	void *arg;
};

struct sim_options {
	uint64_t seed;
	ms_t start;   /* wall and true time */
	bool instant; /* rehearsal: jobs take no time, answers 100 ms */
	void (*started)(
	    void *arg); /* a call was begun: connecting now. NULL: nobody asks */
	void (*arrive)(void *arg, const struct sim_request *q, struct sim_reply *r);
	/* Does anybody listen there? NULL: always. */
	bool (*listens)(void *arg, const char *url);
	/* A transaction failed in a way no process survives, or `dies` said so. */
	void (*died)(void *arg);
	void *arg;
};

struct sim *sim_new(const struct sim_options *o);
void sim_free(struct sim *s);
struct world *sim_world(struct sim *s);
struct sim_faults *sim_faults(struct sim *s);

ms_t sim_true(const struct sim *s); /* what a good clock would show */
/* Something of the world's own, in true time; it survives every kill. */
void sim_at(struct sim *s, ms_t true_time, agenda_fn *fn, void *arg);
/* Until nothing is left before that instant. -1: the world stands still at one
 * instant, which is a loop in the program under test. */
int sim_run(struct sim *s, ms_t until, struct err *e);

void sim_store(struct sim *s, struct store *store); /* which jobs run on */
/* The process is gone. power: the machine too: its boot id and its memory files. */
void sim_kill(struct sim *s, bool power);
/* The wall clock goes by so much away from where it is; 0: back to the truth. */
void sim_step_clock(struct sim *s, ms_t by);
bool sim_clock_true(const struct sim *s);

/* The trace: every event of the run in one number. */
void sim_note(struct sim *s, uint64_t what);
uint64_t sim_trace(const struct sim *s);

#endif
