/* record.h - the kinds of thing a dealer's files hold beside customers: one table of
 * fields a kind, read by everybody.
 *
 * The same table gives the headings an import knows, the names that conditions and
 * templates may use (vehicle.plate), and the image of a row that undoing an import
 * puts back. A new kind is one file record_NAME.c with its table, and one line in
 * record_all. Pure; any thread. */
#ifndef SPEC_RECORD_H
#define SPEC_RECORD_H

#include "base/arena.h"
#include "base/err.h"
#include "base/zone.h"
#include "core/value.h"
#include "spec/rows.h"
#include "spec/columns.h"

enum record_cell {
	CELL_ID,     /* text of at most 64 characters */
	CELL_TEXT,   /* const char * */
	CELL_DATE,   /* struct date */
	CELL_MOMENT, /* ms_t: a date with or without a time of day, in the house's zone */
	CELL_COUNT,  /* int */
	CELL_MONEY,  /* double */
	CELL_FLAG,   /* int: 是 1 yes, 否 0 no */
	CELL_WORD,   /* const char *: a word of a closed list */
	CELL_PHONE,  /* const char *: E.164 */
	CELL_LINES   /* const char *: a JSON list; "机油;滤芯" in the file */
};

struct record_word { /* as fields_word: "预约|已预约|booked" */
	const char *written, *word;
};

struct record_field {
	const char *name, *headings; /* '|' between them, folded as columns.h says */
	enum record_cell cell;
	size_t offset;
	const struct record_word
	    *words;  /* CELL_WORD: ends with NULL; the first is the default */
	bool hidden; /* no path of conditions and templates */
};

struct record_kind {
	const char *what;  /* the word after `reachd import` */
	const char *title; /* "vehicle": also the root of its paths */
	size_t size;
	size_t attrs; /* offset of its JSON object of other columns */
	const struct record_field *fields;
	int n_fields;
	/* After all cells: what one field says about another. May be NULL. */
	void (*finish)(void *row, struct row_fault *fault);
	const char *needs; /* fields of which one must be a column: "id|vin|plate" */
	/* What a file does not say of one that is on file stays (records_keep()), and a date
	 * that cannot be read costs its cell, not the row. */
	bool keeps;
};
extern const struct record_kind record_vehicle, record_appointment, record_order,
    record_staff, record_send, record_complaint, record_contact;
/* NULL: no kind is called so. */
const struct record_kind *record_find(const char *what);

/* Every text "", words at their default. */
void record_clear(const struct record_kind *k, void *row);

/* vehicle.plate: false when the kind has no such name. Dates are midnights of zone. */
bool record_value(const struct record_kind *k, const void *row, const char *key,
    size_t len, const struct zone *zone, struct arena *a, struct value *out);
/* The names of its paths, NULL-terminated; g_free the array. */
const char **record_paths(const struct record_kind *k);
bool record_has_path(const struct record_kind *k, const char *name);

/* The row as JSON and back; strings of the row come from the arena. */
char *record_image(const struct record_kind *k, const void *row, struct arena *a);
int record_of_image(
    const struct record_kind *k, const char *json, struct arena *a, void *row);

/* ---- reading a file of a kind; used like customers.h ---- */
struct records;
struct records *
records_open(const struct record_kind *k, const char *path, enum table_encoding encoding,
    const char *const *mapping, const struct zone *zone, struct err *e);
void records_close(struct records *r); /* NULL is fine */
/* row has k->size bytes. */
int records_next(struct records *r, struct arena *a, void *row, struct row_fault *fault,
    struct err *e);
/* What the row at hand does not say, without a column or by a cell that cannot be read, is as
 * it is on file: `said`, of the kind. Names and numbers that tell whose it is are the row's. */
void records_keep(const struct records *r, struct arena *a, void *row, const void *said);
const struct columns *records_columns(const struct records *r);

#endif
