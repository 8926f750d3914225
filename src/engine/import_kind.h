/* import_kind.h - what can be imported: one small file a kind, and one line in the table.
 *
 *	file ─ judge (reader thread, a snapshot): every row, nothing written
 *	     └─ portions (writer): settle ─ image before ─ put ─ image after ─► batch_row
 *
 * The image of a row is a JSON object of all that undoing has to put back. A dry run
 * goes the same way and is rolled back. Private to engine/. */
#ifndef ENGINE_IMPORT_KIND_H
#define ENGINE_IMPORT_KIND_H

#include "core/customer.h"
#include "core/past.h"
#include "core/subject.h"
#include "engine_impl.h"
#include "spec/record.h"
#include "spec/rows.h"
#include "store/batch.h"

#define IMPORT_EXAMPLES 5

struct import_kind;

struct import {
	struct engine *en;
	const struct import_kind *kind;
	char *path;
	struct import_how how; /* its strings are owned */
	char **mapping;        /* pairs, NULL-terminated; NULL: none */
	/* The thread's whose job runs; the loop's when none is queued. */
	void *reader;
	struct arena *arena;
	struct rows_report report;
	int64_t rows, done, batch;
	int64_t created, changed, repeated, unknown, late;
	GHashTable *met; /* hashes of the keys of the rows so far, and whether they count */
	int64_t consents[3], by_channel[CHANNELS]; /* whom the basis lets through */
	GString *examples;
	int n_examples;
	bool merges; /* some customers were merged into others */
	bool arrivals; /* of appointments: the file says who came */
	ms_t before;   /* when a file of this kind was last taken in; 0: never */
	bool ended;
	atomic_bool failed;
	/* The loop's. */
	int queued, status;
	struct err err;
	ms_t told; /* boot, last progress line */
	void (*line)(void *arg, const char *json);
	engine_answer *cb;
	void *arg;
};

struct import_kind {
	const char *what;
	size_t size; /* of a row */
	void *(*open)(const struct import *im, const struct zone *zone, struct err *e);
	void (*close)(void *reader);
	int (*next)(
	    void *reader, struct arena *a, void *row, struct row_fault *f, struct err *e);
	const struct columns *(*columns)(const void *reader);
	/* What the store knows about the row: whose it is. In both passes. May be NULL.
	 */
	int (*settle)(const struct import *im, struct work *w, void *row,
	    struct row_fault *f, struct err *e);
	void (*count)(struct import *im, const void *row); /* first pass; may be NULL */
	const char *(*key)(const void *row, struct arena *a);
	int (*put)(
	    struct import *im, struct work *w, void *row, bool fresh, struct err *e);
	/* 1/0/-1; NULL: its batches cannot be undone. */
	int (*image)(struct work *w, const char *key, const char **json, struct err *e);
	/* The same of a row of the file that was not there before. May be NULL. */
	const char *(*image_of)(const void *row, struct arena *a);
	/* json NULL: it was not there before. */
	int (*restore)(struct work *w, const char *key, const char *json, struct err *e);
	bool always; /* restored whatever has changed since */
	int (*ended)(struct import *im, struct work *w, struct err *e); /* may be NULL */
	/* Columns the file has not, whose values stay. May be NULL. */
	const char *(*untold)(const void *reader, struct arena *a);
};

extern const struct import_kind import_customers, import_optouts, import_vehicles,
    import_appointments, import_orders, import_staff, import_sends, import_complaints,
    import_contacts, import_facts, import_events, import_profile;
const struct import_kind *import_kind_find(const char *what); /* NULL: none */
char *import_kind_names(void);                                /* g_free */

/* One row of the second pass: 1, 0 at the end, -1. */
int import_row(struct import *im, struct work *w, struct err *e);
/* After something changed: keeps its image before (NULL: it was new). counted: it is a
 * row of the file. after: what it is now, NULL: to be read. */
int import_changed(struct import *im, struct work *w, const struct import_kind *k,
    const char *key, const char *before, const char *after, bool counted, struct err *e);

/* Reading records as import_kind wants it. */
#define IMPORT_RECORD                                                   \
	.size = sizeof(union import_any), .close = import_record_close, \
	.next = import_record_next, .columns = import_record_columns
union import_any {
	struct vehicle vehicle;
	struct appointment appointment;
	struct order order;
	struct staff staff;
	struct past_send send;
	struct past_complaint complaint;
	struct contact contact;
};
void *import_record_open(const struct record_kind *k, const struct import *im,
    const struct zone *zone, struct err *e);
void import_record_close(void *reader);
int import_record_next(
    void *reader, struct arena *a, void *row, struct row_fault *f, struct err *e);
const struct columns *import_record_columns(const void *reader);

/* Whose row it is, by his id, else by a number that is one customer's only, else by the
 * vehicle. What cannot be told is refused. */
int import_owner(struct work *w, const char *owner, const char *phone,
    const char *vehicle, int64_t *customer, struct row_fault *f, struct err *e);
/* The customer's id as files write it; "" unknown. */
const char *import_ext(struct work *w, int64_t customer);

/* Before a batch first tells of something that happened to him: his profile, for undoing. */
int import_profile_keep(
    struct import *im, struct work *w, int64_t customer, struct err *e);

/* ---- import_how.c ---- */
void import_how_copy(struct import *im, const struct import_how *how);
void import_how_free(struct import *im);
char *import_how_json(const struct import *im);            /* g_free */
void import_how_read(struct import *im, const char *json); /* after a crash */
/* The mapping told, else the saved one of this source. */
int import_mapping(struct import *im, struct store *s, struct err *e);
int import_save_mapping(const struct import *im, struct store *s, struct err *e);

/* ---- import_report.c ---- */
char *import_report(const struct import *im); /* g_free; JSON */
/* Adds what differs, masked where it is personal. */
void import_example(struct import *im, const struct work *w, const char *key,
    const char *before, const char *after);
char *import_key_text(const struct work *w, const char *key); /* as people read it; g_free */

#endif
