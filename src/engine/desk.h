/* desk.h - where decisions are made: what the store thread knows beside the database.
 *
 * Owned by the store thread; nothing here is touched by the loop while jobs run.
 * A struct work is one job's view: store, desk, the catalog it was given, now. */
#ifndef ENGINE_DESK_H
#define ENGINE_DESK_H

#include <stdbool.h>

#include <glib.h>

#include "base/world.h"
#include "core/customer.h"
#include "core/expr.h"
#include "core/message.h"
#include "core/portion.h"
#include "core/run.h"
#include "core/subject.h"
#include "engine/engine.h"
#include "spec/catalog.h"
#include "store/customer.h"

/* A lane is the queue of one playbook on one channel: messages of different
 * lanes do not wait for each other. */
struct lane {
	int playbook, channel;
	ms_t next; /* no message of the lane is due before; may be too early */
};

struct live { /* a playbook as published now */
	int number;
	int family;             /* the number of what it is a store's form of, or its own */
	const char *name;       /* interned */
	int64_t version;        /* id; 0: none published */
	enum playbook_status status;
	int launch;             /* enum launch_state */
	const char *why;        /* it is held; interned, "" not */
	bool correction;        /* of what another sent: outside the caps */
};

struct desk {
	GHashTable *versions; /* id -> struct version *, owned */
	GArray *lives;        /* struct live */
	GArray *lanes;        /* struct lane */
	GArray *pauses;       /* struct pause, of all times */
	GHashTable *zones;    /* names of customers' zones, "" for the house's */
	int64_t epoch;
	ms_t next_wake, next_settle, next_people; /* lower bounds, like lane.next */
	uint64_t turn;        /* which lane is served first */
	double speed;         /* wall ms per boot ms */
	bool rehearsal;
	struct house_part portion; /* of what the house shares, in a rehearsal in parts */
	struct crypt *draw;   /* the key customers are drawn by; NULL: the store's */
	bool inbox_open;      /* receipts wait for their message */
	bool asked;           /* a task may be open that its person was not told of */
	bool has_forms;       /* some playbook is a store's form of another */
	unsigned needs;       /* VERSION_…: of all versions, runs may be pinned to any */
};

struct books;

/* What a job has learned of an account, for the loop. */
struct account_news {
	const char *account; /* interned */
	const char *code;    /* interned; not NULL: a mailbox refused its domain with this, of */
	ms_t begun_at;       /* a mail that went then. Else: */
	int64_t sent, complaints; /* mails of the last days */
	int spam;                 /* enum spam_state */
};

struct work {
	struct store *store;
	struct desk *desk;
	const struct catalog *cat;
	struct world *world; /* secret() only */
	ms_t now;
	struct arena *arena; /* the job's scratch */
	GPtrArray *touches;  /* struct engine_touch *, told to the watcher after the commit; NULL: nobody watches */
	GArray *stops;       /* int64_t keys for the stop set, applied after the commit */
	GArray *news;        /* struct account_news, likewise */
	int depth;           /* events made by actions made by events */
	const struct heard *answer; /* being taken in; NULL: none is */
	struct books *books; /* registry.c: the code asked about last */
};

/* Nothing of it goes: paused, draft, or its file is gone. */
bool live_stands(const struct live *l);

struct desk *desk_new(const struct world *w, bool rehearsal);
void desk_free(struct desk *d);

/* The pinned version, loaded from the store when needed. */
int desk_version(struct work *w, int64_t id, const struct version **out, struct err *e);
struct live *desk_live(struct desk *d, int number);
/* live.family */
int desk_family(struct desk *d, int number);
struct live *desk_live_named(struct desk *d, const char *name);
/* Publishes the catalog's playbooks: numbers, versions, statuses. */
int desk_publish(struct work *w, struct err *e);

/* Begins and ends pauses by the statuses now; part of desk_publish(). */
int desk_pauses(struct work *w, struct err *e);
/* For how long between two instants a playbook was frozen. */
ms_t desk_held(const struct desk *d, int playbook, ms_t from, ms_t to);

/* What stood goes on, or what went stands: after its status has changed by itself. */
int desk_restate(struct work *w, struct live *l, enum playbook_status status, struct err *e);

/* A correction is in nobody's file: it lets nobody in, and what it has goes on. */
int desk_correction(struct work *w, const char *name, struct err *e);

/* Nothing is known but what the database says: after a job that was rolled back. */
void desk_forget(struct desk *d);

/* What this part of the house may use of a limit that all parts share; name and period say
 * who gets the odd ones. */
int64_t
desk_portion(const struct work *w, int64_t limit, const char *name, int64_t period);
/* The lot of a customer, the same after a restart and in a rehearsal with the same key. */
uint64_t desk_draw(struct work *w, const char *use, const char *ext);

/* Notes that a message of this lane is due at `at`. */
void desk_due(struct desk *d, int playbook, int channel, ms_t at);
void desk_wake(struct desk *d, ms_t at);
void desk_settle(struct desk *d, ms_t at);
void desk_people(struct desk *d, ms_t at);
/* A customer of this zone exists: the daily sweep must visit it. */
void desk_zone(struct desk *d, const char *tz);
/* The house's day. */
int64_t desk_today(const struct work *w);
/* A protocol duration (boot clock) as wall time from now. */
ms_t desk_after(const struct work *w, ms_t boot_duration);

/* ---- one customer as decisions see them ---- */
struct person {
	struct customer_row row;
	const struct zone *zone, *house;
	const struct value_map *attrs; /* parsed on first use */
	struct view *view;             /* the profile, read on first use (profile.h) */
	struct look look;              /* the next one, as stored */
	bool moved;                    /* the profile changed: rules are to be asked */
	struct scope customer_scope, step_scope;
	int64_t run;             /* whose steps are taken; 0: none */
	bool answer_known;       /* of that run: answer_value is read */
	struct value answer_value;
	struct value_map customer, signals, entity, offer;
	const struct grant *granted;   /* what `offer` is; asked for on first use */
	bool offer_known;
	const struct event *event;     /* in `where`, templates of that entry; may be NULL */
	struct value event_value;
	struct work *work;
	const struct shop *shop; /* his store; NULL: not described */
	const char *heard_of;    /* the store asked about; NULL: none yet */
	ms_t heard_at;           /* its news, as found then */
	struct about *about;     /* what the run at hand is about; NULL: nothing */
	struct value vehicles;   /* of a message about several; else nil */
	const char *const *kept[SUBJECTS]; /* what he has, once every playbook is asked */
	const struct vehicle *cars;        /* of kept[SUBJECT_VEHICLE] and those sold */
	int n_cars;
	struct run_entry *entries; /* person_entry.c: while nothing is written */
	int64_t entries_at;
	bool entries_known;
	struct value_map store, advisor;
};
/* 1/0/-1. Of one who was merged into another: that one. */
int person_load(struct work *w, int64_t id, struct person *p, struct err *e);
/* What is stored may have changed behind it: reads it again. The event and the subject stay. */
int person_again(struct person *p, struct err *e);
void person_of_row(struct work *w, const struct customer_row *row, struct person *p);
/* Names: customer, signals, entity, offer, event, now, store, advisor, and what the subject
 * adds: vehicle, appointment, order, vehicles. */
const struct scope *person_scope(struct person *p);
/* Is he in the named segment, as defined now? */
bool person_in(struct person *p, const char *segment);
void person_event(struct person *p, const struct event *ev);
/* As the steps of a run see him: `event` is the last answer it was given, else what it
 * was entered by. */
void person_run(struct person *p, int64_t run);
const struct scope *person_step_scope(struct person *p);
/* Does he hold that offer? Then it is what `offer` names. Before, it is his newest. */
bool person_offer(struct person *p, const char *name);

/* ---- person_customer.c ---- */

void person_customer(struct person *p); /* customer.* */

/* ---- person_entry.c ---- */

/* The last run of a playbook or of its forms about his subject at hand: 1/0/-1. */
struct run_entry;
int person_entry(struct person *p, int family, struct run_entry *out, struct err *e);

/* ---- person_subject.c ---- */

/* From here on conditions and texts are about this vehicle, appointment or order, and
 * store.* and advisor.* are its; SUBJECT_NONE or "": about nothing. Read when asked for. */
void person_subject(struct person *p, enum subject kind, const char *ext);
const char *person_subject_ext(const struct person *p); /* "" none */
const char *person_vehicle(const struct person *p); /* the same, if it is a vehicle */
/* Whether it is there, his, and not over: a car not sold, an appointment not cancelled. */
bool person_subject_stands(struct person *p);
/* The ids of what he has of this kind that a playbook may be about, from the arena,
 * NULL-terminated: unsold vehicles, open appointments, orders of the last 31 days. */
const char *const *person_subjects(struct person *p, enum subject kind);
/* The same, read once: for who asks all playbooks about him in one go. */
const char *const *person_subjects_kept(struct person *p, enum subject kind);
/* Which of them an event is about: what it names if that is his, else the only vehicle
 * he has; "" none. */
const char *person_subject_of_event(struct person *p, enum subject kind);
/* Does the event concern a run about this subject? Not if it names another. */
bool person_event_concerns(struct person *p, enum subject kind, const char *ext);
bool person_event_names(struct person *p, enum subject kind); /* one at all */
/* The customer the subject stands under; 0 none. */
int64_t person_subject_owner(struct person *p);
bool about_value(struct person *p, const char *root, size_t len, struct value *out);
/* The store and the advisor that the subject names; "" none. */
const char *about_store(struct person *p);
const char *about_advisor(struct person *p);
/* Values of several vehicles of his, as the list `vehicles`. */
void person_vehicles(struct person *p, const char *const *exts);

/* ---- person_place.c ---- */

const struct shop *person_shop(struct person *p);
/* Is this playbook for customers of his store (of the subject's, else his own)? */
bool person_of_stores(struct person *p, const struct playbook *pb);
/* The playbook that his store has in its place; NULL: none. */
const char *person_form(struct person *p, const struct playbook *pb);
void person_place(struct person *p); /* store.* and advisor.* */
/* The id of his store in stores.yaml, else what his file called it. */
const char *person_store(const struct person *p);
/* When visits of his store were last heard of; 0: there is no feed to wait for. */
int person_heard(struct person *p, ms_t *at, struct err *e);
/* They were heard of too long ago to say that somebody did not come. */
bool person_stale(struct person *p);
/* Who answers for a customer today: his advisor, else the deputy, the successor, the
 * store's manager. 1, 0 nobody is known, -1. */
int person_advisor(struct person *p, struct staff *out, struct err *e);

#endif
