/* rehearse_record.h - what a part of a rehearsal tells, kept in a file without a name until
 * all parts are through and can be told as one. */
#ifndef CMD_REHEARSE_RECORD_H
#define CMD_REHEARSE_RECORD_H

#include <stdio.h>

#include <glib.h>

#include "base/clock.h"
#include "base/err.h"

enum record_kind {
	RECORD_LINE,
	RECORD_DAY,
	RECORD_EFFECT,
	RECORD_BALANCE,
	RECORD_FAILED
};

struct record {
	enum record_kind kind;
	ms_t at;
	size_t len;
};

void record_write(FILE *f, enum record_kind kind, ms_t at, const void *p, size_t len);
/* All of it has been written, as far as anybody can tell: 0 or -1. */
int record_end(FILE *f);

struct tape {
	FILE *file;
	struct record head;
	GString *text; /* a NUL follows */
	bool more;     /* head and text are the record at hand */
};
/* From the beginning; the first record is at hand. */
void tape_open(struct tape *t, FILE *f);
void tape_next(struct tape *t);
void tape_close(struct tape *t); /* the file stays open */

#endif
