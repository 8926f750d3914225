/* batch.h - what each imported file changed, its undoing, and the rows that were no good.
 */
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include <stdbool.h>

#include "store/store.h"

struct import_batch {
	int64_t id;
	const char *what, *source;
	ms_t at, undone_at; /* 0: in force */
	int64_t rows, refused, aside;
	const char *basis, *evidence; /* of consent; "" none told */
	int64_t created, changed;     /* as far as its rows are still kept */
};
/* id is filled. */
int batch_add(struct store *s, struct import_batch *b, struct err *e);
int batch_end(struct store *s, const struct import_batch *b, struct err *e);
int
batch_drop(struct store *s, int64_t id, struct err *e); /* of a file that was refused */
int batch_get(
    struct store *s, int64_t id, struct import_batch *out, struct err *e); /* 1/0/-1 */
int batch_set_undone(struct store *s, int64_t id, ms_t at, struct err *e);
/* The newest first, before an id (0: all), at most max; returns how many. */
int batch_list(struct store *s, int64_t before, struct import_batch *out, int max, struct err *e);
/* Nothing kept of batches before that: they can no longer be undone. */
int batch_purge(struct store *s, ms_t before, struct err *e);

struct batch_row {
	int64_t id;
	const char *what, *key;
	const char *before; /* NULL: it was new */
	int64_t after;      /* keyed hash of what it became */
};
/* The first image of a key stays, the last hash does. */
int
batch_row_add(struct store *s, int64_t batch, const struct batch_row *r, struct err *e);
/* The next one back from *cursor (0: the last): 1/0/-1. */
int batch_row_prev(struct store *s, int64_t batch, int64_t *cursor, struct batch_row *out,
    struct err *e);
/* Has the batch a row of that key: 1/0/-1. */
int batch_row_known(
    struct store *s, int64_t batch, const char *what, const char *key, struct err *e);
/* Has a later batch that stands changed what is known of this customer: 1/0/-1. */
int batch_touched_since(struct store *s, int64_t batch, const char *key, struct err *e);
/* Later batches forget what that row was before. */
int batch_forget_since(
    struct store *s, int64_t batch, const char *what, const char *key, struct err *e);
int64_t batch_hash(struct store *s, const char *image);

/* The data-quality list of a source's last file. */
int quality_clear(struct store *s, const char *what, const char *source, struct err *e);
struct quality {
	const char *what, *source, *key, *heading, *reason;
	int64_t row;
	ms_t at;
};
int quality_add(struct store *s, const struct quality *q, struct err *e);
/* By what, source and row, after one (NULL: all). */
int quality_each(struct store *s, const struct quality *after, int max,
    void (*each)(void *arg, const struct quality *q), void *arg, struct err *e);
int quality_count(struct store *s, int64_t *n, struct err *e);

#endif
