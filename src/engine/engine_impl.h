/* engine_impl.h - the loop's side of the engine: tasks, outlets, timers. Private to engine/. */
#ifndef ENGINE_ENGINE_IMPL_H
#define ENGINE_ENGINE_IMPL_H

#include <jansson.h>
#include <stdatomic.h>

#include "begin.h"
#include "desk.h"
#include "flight.h"
#include "steady.h"

/* A job with what it needs and what it leaves behind. Allocated by task_new(),
 * freed after done. Fill run (store thread) and done (loop; may be NULL). */
struct task {
	struct job job;
	struct engine *en;
	struct catalog *cat; /* counted */
	ms_t now;
	ms_t boot; /* when it was made: what is told later its run may not have seen */
	ms_t next_due[CHANNELS], next_wake, next_settle, next_people;
	bool inbox_open, asked;
	GPtrArray *touches;
	GArray *stops, *news;
	int (*run)(struct task *t, struct work *w, struct err *e);
	void (*done)(struct task *t, const struct err *e);
	GDestroyNotify free_data;
	void *data;
};
struct task *task_new(struct engine *en, int (*run)(struct task *, struct work *, struct err *),
    void (*done)(struct task *, const struct err *), void *data, GDestroyNotify free_data);
void task_mend(struct timer *t); /* after a job that failed: the desk believes the database again */
void task_start(struct task *t);      /* on the writer */
/* The same for what may run twice: data is only read, or filled from the start. */
void task_start_repeatable(struct task *t);
void task_start_read(struct task *t); /* on the reader: a snapshot, no desk */
void task_start_slow(struct task *t); /* likewise, beside those that are quick */

/* One account as the dispatcher sees it. */
struct outlet {
	char *name;
	double tokens;       /* at `refilled`, boot clock */
	ms_t refilled;
	int busy;            /* requests under way */
	int failures;        /* in a row, before anything was written */
	char failed_why[64]; /* the last of them */
	int refusals;        /* for now, in a row */
	ms_t back_until;     /* boot; 0: not backing off */
	bool frozen;         /* credentials, balance, redirect */
	char frozen_why[128];
	bool told;           /* that it is frozen; of an earlier life: who knows */
	ms_t chance_at;      /* wall: what was sent before says nothing about it any more */
	int doubts;          /* answers in a row with this code, which nobody knows */
	char doubt[ANSWER_CODE];
	int stumbles;        /* answers in a row that say the service itself is ill */
	int64_t sent, failed, unknown;
	int64_t mails, complaints; /* of the last seven days, of a mail account */
	int spam;                  /* enum spam_state */
};

struct call { /* one request under way */
	struct http_call http;
	struct engine *en;
	struct catalog *cat;
	struct intent *it;
	int slot;
	ms_t begun; /* boot, at T2 */
	ms_t judged; /* boot: what was told before was seen by the gate */
	struct timer again; /* T3 that found no room */
	struct answer *answers;
	struct search_found found; /* of a search's step, in the intent's arena */
	struct intent *next;       /* what it goes on with; NULL: it is over */
};

struct engine {
	struct world *world;
	struct catalog *catalog;
	struct engine_options options;
	struct desk *desk;
	struct flight *flight;
	char db_id[40];
	int64_t epoch;
	bool started, stopping;
	ms_t started_at; /* boot */
	ms_t began_at;   /* the same, wall */

	/* dispatch.c */
	GPtrArray *outlets;      /* struct outlet *, by account index of the current catalog */
	int in_flight;
	bool beginning;          /* a T2 task is under way */
	ms_t next_due[CHANNELS]; /* as the last task saw it */
	struct timer due_timer, token_timer, mend_timer, stop_timer;
	GHashTable *stops;       /* int64 key -> boot instant it was added */

	/* clockwork.c */
	struct timer wake_timer, settle_timer, sweep_timer, people_timer, tidy_timer;
	bool waking, settling, sweeping, minding; /* minding: tasks, whose time has come */
	ms_t next_wake, next_settle, next_sweep, next_people;
	GHashTable *frozen;      /* cause -> itself */

	/* vitals.c */
	struct timer second_timer;
	struct steady steady;
	ms_t marked_at;          /* boot: the mark was last written */
	ms_t full_until;         /* boot: a job found no room, wait */
	bool marking, disk_low;

	struct pocket *pocket;   /* pocket.c: tokens and certificates */
	struct stock *stock;     /* stock.c: keys that services give out */
	struct pulls *pulls;     /* pulls.c: receipts and replies asked for */
	struct contacts *contacts; /* contacts.c: whose contacts customers are, asked for */
	struct notices *notices; /* notices.c: staff told of their tasks */
	bool asked;
	struct counting *counting; /* counting.c: reports under way, the oldest first */
	int64_t tickets;           /* how many reports were asked */

	struct nightly *nightly; /* nightly.c; NULL: no folder is watched */

	/* requests.c */
	bool publishing, publish_again; /* reload.c: one at a time */
	bool publishing_by_itself;      /* nobody waits for it: an order goes behind it */
	struct reload *reload_next;     /* what waits for its end; NULL: nothing */
	bool changed_before;     /* the files are not those in force: looked at once it runs */
	GPtrArray *keyring;      /* access.c: struct key *, all tokens */
	json_t *refused;         /* reload.c: the set refused last, NULL when the last was good */
	struct catalog *census; /* census_ask.c: the set on disk while it is asked about; or NULL */
	GHashTable *keys;        /* Idempotency-Keys being worked on */
	bool inbox_open, inbox_busy;

	void (*stopped)(void *arg);
	void *stopped_arg;
	struct { int64_t events, receipts, hits, sent, rejected, unknown, begun; } count;
};

/* dispatch.c */
void dispatch_look(struct engine *en);    /* something may be due, or may go now */
/* A repeated call keeps to its account's pace too; true: its token is taken. */
void dispatch_send(const struct task *t, struct intent *it); /* what this task decided */
void dispatch_stop_keys(struct engine *en, const GArray *keys);
/* A call beside T2 and settling has ended. */
void dispatch_call_over(struct engine *en);
bool dispatch_idle(const struct engine *en);
/* clockwork.c */
void clockwork_start(struct engine *en);
void clockwork_look(struct engine *en);
void clockwork_stop(struct engine *en);
/* requests.c */
void requests_look(struct engine *en); /* open inbox rows may fit now */

/* import.c */
void import_resume(struct engine *en); /* goes on with what a crash interrupted */

/* nightly.c */
void nightly_start(struct engine *en);
void nightly_cancel(struct engine *en);
void nightly_stop(struct engine *en); /* and frees */

bool engine_is_frozen(const struct engine *en);
bool engine_frozen_for(const struct engine *en, const char *cause);

#endif
