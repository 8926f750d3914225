/* loop_impl.h - the real world's inside, shared by the files of this folder. */
#ifndef LOOP_IMPL_H
#define LOOP_IMPL_H

#include <uv.h>

#include "world/loop.h"

struct calls;
struct mailer;
struct watch;

/* timers.c: two heaps over one uv_timer. */
enum timer_clock { TIMER_WALL, TIMER_BOOT };

struct timer_entry {
	ms_t at;
	uint64_t seq; /* equal instants fire in the order they were set */
	struct timer *timer;
};

struct timers {
	uv_timer_t tick;
	struct timer_heap {
		struct timer_entry *entries;
		size_t n, size;
	} heaps[2];
	uint64_t seq;
};

/* lane.c: a thread that runs jobs, and the list it hands them back on. */
struct job_list {
	struct job *first, **last;
};

struct lane {
	struct loop *loop;
	bool read_only, started;
	bool bare; /* without a store: begun when it is first needed */
	uv_thread_t thread;
	uv_cond_t wake;
	/* Under loop->jobs: */
	struct job_list waiting;
	bool stop;
	enum { LANE_OPENING, LANE_OPEN, LANE_FAILED } state;
	ms_t busy_since; /* boot; 0: idle */
	/* The thread's own, and before it runs the starter's: */
	struct store *store;
	struct err open_err;
};

struct loop {
	struct world world; /* first: a struct world * is a struct loop * */
	struct loop_options options;
	char *state_dir, *ca_file;
	ms_t boot_start;
	uv_loop_t uv;
	bool closing;

	struct timers timers;

	uv_mutex_t jobs; /* the only lock: the lists of the lanes, and done */
	uv_cond_t opened;
	uv_async_t jobs_done;
	struct job_list done;
	struct lane writer, reader, counter; /* the last: of slow reads */
	struct lane worker;                  /* of what needs no store */

	struct calls *calls;
	struct mailer *mailer;
	struct watch *watch;

	uv_signal_t signals[3];
	uv_prepare_t turn;
	uv_timer_t heartbeat;
	ms_t progress, fed;
	ms_t slow_logged;
	int slow_count;
	uint64_t dice[32];
	int dice_left;
};

static inline struct loop *
loop_of(struct world *w)
{
	return (struct loop *)w;
}

ms_t loop_boot(void);
/* At the end of a callback that began at uv_hrtime() start: logs it if it took
 * longer than 2 ms, at most one line a second. */
void loop_measure(struct loop *l, const char *what, uint64_t start);

void timers_init(struct loop *l);
void timers_fini(struct loop *l);
void timers_set_wall(struct world *w, struct timer *t, ms_t at);
void timers_set_boot(struct world *w, struct timer *t, ms_t at);
void timers_cancel(struct world *w, struct timer *t);

int lane_start(struct lane *lane, struct loop *l, bool read_only, struct err *e);
void lane_init_bare(struct lane *lane, struct loop *l);
void lane_stop(struct lane *lane);
void lane_add(struct lane *lane, struct job *job);
/* Calls done() of what came back; false: there was nothing. */
bool lane_deliver(struct loop *l);
void lane_list_init(struct job_list *list);

int calls_init(struct loop *l, struct err *e);
void calls_fini(struct loop *l);
void calls_abandon(struct loop *l); /* ends every call that is under way */
bool calls_deliver(struct loop *l);
void calls_start(struct world *w, struct http_call *call);
void calls_cancel(struct world *w, struct http_call *call);

/* mailer.c: the calls with an envelope */
void mailer_init(struct loop *l);
void mailer_fini(struct loop *l);
void mailer_abandon(struct loop *l);
bool mailer_deliver(struct loop *l);
void mailer_start(struct world *w, struct http_call *call);
void mailer_cancel(struct world *w, struct http_call *call);

void loop_watch_close(struct loop *l);

extern const struct files files_real;
int files_room(struct world *w, int64_t *left, int64_t *size);

#endif
