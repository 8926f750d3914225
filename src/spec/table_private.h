/* table_private.h - what the readers of a table share: a batch of rows, bytes as UTF-8, a
 * source.
 *
 * A source (CSV or xlsx) is asked for more and puts finished rows into the
 * batch; table.c takes them out. A row still open when a chunk ends is moved to
 * the front of the batch, so that memory is one chunk and one row. */
#ifndef SPEC_TABLE_PRIVATE_H
#define SPEC_TABLE_PRIVATE_H

#include "spec/table.h"

#define TABLE_CHUNK (32 << 10)

struct batch_cell {
	uint32_t at, len; /* into text */
};

struct batch_row {
	int64_t row, line;
	uint32_t first; /* cell */
	int kept;       /* cells that are here: at most one more than TABLE_COLUMNS_MAX */
	int n;          /* cells the file had */
};

struct batch {
	GString *text;
	GArray *cells; /* struct batch_cell */
	GArray *rows;  /* struct batch_row; without the open one */
	guint next;    /* row to hand out */
	struct batch_row open;
	bool blank;    /* nothing but empty cells in the open row so far */
	int64_t count; /* rows ever finished */
};

void table_batch_init(struct batch *b);
void table_batch_fini(struct batch *b);
void table_batch_clear(struct batch *b);   /* for a rewind */
void table_batch_compact(struct batch *b); /* before the next chunk */
void table_batch_cell(struct batch *b, const char *p, size_t len);
void table_batch_end(struct batch *b, int64_t row, int64_t line); /* drops a blank row */

/* ---- bytes of a text file as complete UTF-8 characters ---- */
struct table_bytes;

struct table_bytes *
table_bytes_open(const char *path, int fd, enum table_encoding encoding, struct err *e);
void table_bytes_close(struct table_bytes *b); /* and the fd */
int table_bytes_rewind(struct table_bytes *b, struct err *e);
/* The next piece, at most about a chunk: 1, 0 at the end, -1. */
int table_bytes_next(struct table_bytes *b, const char **p, size_t *n, struct err *e);
/* The encoding of the whole file, read from its start. want TABLE_DETECT: found out. */
int table_encoding_find(const char *path, int fd, enum table_encoding want,
    enum table_encoding *out, struct err *e);

/* ---- sources ---- */
struct table_source {
	/* Puts rows into the batch: 1, 0 at the end, -1. */
	int (*feed)(struct table_source *, struct batch *, struct err *);
	int (*rewind)(struct table_source *, struct err *);
	void (*close)(struct table_source *);
	enum table_encoding encoding;
	bool dates_1904;
	bool pads; /* short rows are filled up */
};

struct table_source *
table_csv_open(const char *path, int fd, enum table_encoding want, struct err *e);
struct table_source *xlsx_open(const char *path, struct err *e);

#endif
