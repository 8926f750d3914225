/* table.h - rows out of a file people hand us: CSV (UTF-8 or GB18030) or the first sheet
 * of an xlsx.
 *
 * A table is read forward, in bounded memory (an xlsx also keeps its shared
 * strings), and may be rewound for a second pass. What the file is shows in its
 * bytes, never in its name. Opening reads a CSV once from end to end: its
 * encoding is known, and a NUL byte found, before the first row is believed.
 *
 * Whatever makes the whole file unusable is an error (ERR_INPUT with the line,
 * ERR_IO when the disk fails): an unclosed quote, an empty or a double heading, a
 * broken character, a file that changes while it is read. A row that is wrong in
 * itself is the reader's business above. Used by one thread at a time. */
#ifndef SPEC_TABLE_H
#define SPEC_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/err.h"

#define TABLE_FILE_MAX (64 << 20) /* bytes of the file, and of an xlsx unpacked */
#define TABLE_ROWS_MAX 1000000    /* without the heading */
#define TABLE_COLUMNS_MAX 64
#define TABLE_FIELD_MAX (8 << 10) /* bytes */
#define TABLE_HEADING_MAX 64      /* characters */

/* TABLE_DETECT: a byte order mark or bytes that are valid UTF-8 mean UTF-8, else
 * GB18030 if every byte of the file is. It is refused as ambiguous when, without
 * a mark, the bytes are valid UTF-8 while every one of its characters outside
 * ASCII would also be a pair of the common Chinese set GB 2312: real Chinese in
 * UTF-8 leaves that set within a few characters, so only small files, or names
 * like "José" alone, meet it. The error shows both readings; the caller asks
 * and opens again with the answer. */
enum table_encoding { TABLE_DETECT, TABLE_UTF8, TABLE_GB18030, TABLE_XLSX };

struct table;

struct table_cell {
	const char *p; /* UTF-8, NUL-terminated, no NUL inside; never NULL */
	size_t len;
};

struct table_row {
	int64_t row;  /* as a spreadsheet counts: the heading is in row 1 unless lines
			 above it are blank */
	int64_t line; /* of the text file; an xlsx: the same as row */
	int n;        /* cells in this row; an xlsx is filled up to the heading */
	const struct table_cell
	    *cells; /* at most TABLE_COLUMNS_MAX of them, valid until the next call */
};

/* NULL with err set. path is borrowed by the table and by its errors. */
struct table *table_open(const char *path, enum table_encoding encoding, struct err *e);
void table_close(struct table *t); /* NULL is fine */

enum table_encoding table_encoding(const struct table *t); /* never TABLE_DETECT */
const char *table_encoding_name(enum table_encoding encoding);
/* Serial numbers of dates count from 1904 (xlsx made on old Macs). */
bool table_dates_1904(const struct table *t);

/* The heading: trimmed, each of them once, none empty. */
int table_columns(const struct table *t);
const char *table_heading(const struct table *t, int column);

/* The next row after the heading that is not blank: 1, or 0 at the end, or -1. */
int table_next(struct table *t, struct table_row *out, struct err *e);
/* Back to the first row after the heading. */
int table_rewind(struct table *t, struct err *e);

/* Days since 1970 of a spreadsheet's serial number; -1 when it is no date of one. */
int table_serial_days(double serial, bool from_1904, int64_t *days);

/* A field for a CSV we hand out: quoted when it has to be, and with ' before it
 * when a spreadsheet would take it for a formula (= + - @ TAB CR NUL). */
void table_write_field(GString *out, const char *s, size_t len);
/* The inverse for a cell that came back: skips that '. */
const char *table_write_undo(const char *s);

#endif
