/* sheet.h - what a report says: typed columns, rows and notes, as one plain struct.
 *
 * Columns first, then rows; a row begins with every cell unknown and is filled by
 * column name. A name that is no column is our bug. Texts are copied. Writers
 * (terminal, JSON, CSV, xlsx) know nothing of reports. One thread at a time. */
#ifndef CORE_SHEET_H
#define CORE_SHEET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "core/stats.h"

enum sheet_type {
	SHEET_TEXT,
	SHEET_INTEGER,
	SHEET_SHARE,    /* 0.68 */
	SHEET_NUMBER,   /* a mean, a ratio */
	SHEET_MONEY,    /* yuan */
	SHEET_DATE,     /* text, "2026-11-22" */
	SHEET_INTERVAL, /* of a share or of a difference of shares */
	SHEET_RANGE,    /* of yuan */
	SHEET_TYPES
};
const char *sheet_type_name(int type);
int sheet_type_find(const char *name); /* -1: none */

struct sheet_column {
	const char *name, *title, *title_zh;
	enum sheet_type type;
	double target; /* of a share: what the house wants of it; NAN: nothing */
};
struct sheet_cell {
	bool known;
	const char *text; /* TEXT, DATE */
	double number;
	struct interval between; /* INTERVAL, RANGE; may be infinite */
};
struct sheet_note {
	const char *en, *zh;
};
enum sheet_language { SHEET_EN, SHEET_ZH };

struct sheet {
	struct arena *arena;
	const char *name, *title, *title_zh;
	struct sheet_column *columns;
	int n_columns, room_columns;
	struct sheet_cell *cells; /* n_rows * n_columns */
	int n_rows, room_rows;
	struct sheet_note *notes, *words;
	int n_notes, room_notes, n_words, room_words;
};

struct sheet *sheet_new(const char *name, const char *title, const char *title_zh);
void sheet_free(struct sheet *s); /* NULL is fine */

void sheet_column(struct sheet *s, const char *name, const char *title,
    const char *title_zh, enum sheet_type type);
/* Of the column added last. */
void sheet_target(struct sheet *s, double share);
void sheet_row(struct sheet *s);
/* Into the last row. */
void sheet_text(struct sheet *s, const char *column, const char *text);
void sheet_int(struct sheet *s, const char *column, int64_t n);
void sheet_number(struct sheet *s, const char *column, double number);
/* Nothing when nobody is in it. */
void sheet_share(struct sheet *s, const char *column, int64_t hits, int64_t n);
void sheet_ratio(struct sheet *s, const char *column, double a, double b);
void sheet_between(struct sheet *s, const char *column, struct interval between);
void sheet_date(struct sheet *s, const char *column, int64_t day);
/* A text that is a word of ours, not somebody's name: zh is said in its place. */
void sheet_words(struct sheet *s, const char *column, const char *en, const char *zh);
void sheet_note(struct sheet *s, const char *en, const char *zh);
/* A cell's text in a language; a word of ours is translated. */
const char *
sheet_said(const struct sheet *s, const struct sheet_cell *c, enum sheet_language l);
const char *sheet_heading(const struct sheet_column *c, enum sheet_language l);

const struct sheet_cell *sheet_cell(const struct sheet *s, int row, int column);
int sheet_find(const struct sheet *s, const char *column); /* -1: none */

/* JSON: {"report","title","title_zh","columns":[{"name","title","title_zh","type",
 * "target"}],"rows":[{COLUMN: value}],"notes":[{"en","zh"}],"words":{EN: ZH}}; unknown cells are null,
 * intervals [low, high] with null for what is open. sheet_from_json: NULL when it is
 * no sheet. */
struct json_t;
struct json_t *sheet_to_json(const struct sheet *s); /* new reference */
struct sheet *sheet_from_json(const struct json_t *j);

#endif
