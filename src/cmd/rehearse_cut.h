/* rehearse_cut.h - the rows of a file to the parts of a house, into files without names. */
#ifndef CMD_REHEARSE_CUT_H
#define CMD_REHEARSE_CUT_H

#include <stdio.h>

#include <glib.h>

#include "base/err.h"
#include "base/zone.h"
#include "core/words.h"

enum cut_table {
	CUT_CUSTOMERS,
	CUT_VEHICLES,
	CUT_ORDERS,
	CUT_APPOINTMENTS,
	CUT_SENDS,
	CUT_TABLES
};

/* What a key is of, beside the channels of addresses. */
enum { CUT_CUSTOMER = CHANNELS, CUT_VEHICLE };

struct cut_part {
	FILE *file[CUT_TABLES];
	char path[CUT_TABLES][40];
};

struct cut {
	GHashTable *rows; /* key -> row of the customers, from 1 */
	int *part;        /* by row */
	struct cut_part *parts;
	int n;
	bool whole; /* a file was met that cannot be cut */
};

void cut_begin(struct cut *c);
void cut_parts(struct cut *c, int n);
void cut_forget(struct cut *c); /* all but the files */
void cut_part_done(struct cut *c, int nth);
void cut_end(struct cut *c);

uint64_t cut_key(int of, const char *word);
int cut_row(const struct cut *c, uint64_t key); /* -1: none */
void cut_name(struct cut *c, uint64_t key, int row);

/* A file row by row, as its cells stand there. */
struct cut_file;
struct cut_file *
cut_file_open(struct cut *c, enum cut_table table, const char *path, struct err *e);
int cut_file_next(struct cut_file *f, struct err *e); /* 1, 0 the end, -1 */
void cut_file_give(struct cut_file *f, int part);     /* the row at hand */
void cut_file_close(struct cut_file *f);              /* NULL is fine */

/* Whatever is somebody's: to his part. 0 or -1. */
int cut_records(struct cut *c, enum cut_table table, const char *path,
    const struct zone *zone, bool quiet, struct err *e);

#endif
