/* store.h - what is remembered: one SQLite database in WAL mode, one writer.
 *
 * A struct store is one connection, used by one thread. All verbs of the other
 * store/ headers run inside the transaction their job was given; they return 0
 * or -1 with err. Strings they return live until the store's scratch arena is
 * reset, which happens between jobs. Rows are structs of core/.
 *
 * A COMMIT that fails with an I/O error has an unknown outcome and comes back
 * as ERR_IO: the caller must end the process. "Full" is a true rollback and
 * comes back as ERR_FULL. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/crypt.h"
#include "base/err.h"

struct store;

struct store_options {
	const char *path;   /* the database file; ":memory:" for rehearsals */
	const uint8_t *key; /* CRYPT_KEY bytes; NULL: only to read what is not sealed */
	bool read_only;
	bool create;
	bool exclusive;     /* no shared memory file: the simulator's VFS */
	const char *vfs;    /* NULL: the system's */
	bool sync;          /* synchronous=FULL; false only for rehearsals */
};

struct store *store_open(const struct store_options *o, struct err *e);
void store_close(struct store *s);

int store_begin(struct store *s, struct err *e);
/* A job's savepoint. */
int store_savepoint(struct store *s, struct err *e);
int store_release(struct store *s, struct err *e);
void store_rollback_to(struct store *s);
/* Inside a job, for one of many rows: a row that fails must not take the others with
 * it. store_back() undoes what followed the mark because of `own`; -1 when the job must
 * return at once: the fault is the world's, or the group is not run carefully, has no
 * savepoints and runs again (ERR_AGAIN). Careful unless told otherwise. */
int store_mark(struct store *s, struct err *e);
int store_unmark(struct store *s, struct err *e);
int store_back(struct store *s, const struct err *own, struct err *e);
void store_set_careful(struct store *s, bool careful);
/* A trial inside a job: whatever is done between the two is undone. */
int store_try(struct store *s, struct err *e);
int store_untry(struct store *s, struct err *e);
int store_commit(struct store *s, struct err *e);
void store_rollback(struct store *s);
/* In a transaction that erases: the log is emptied as soon as it can be, even after a crash. */
int store_wipe(struct store *s, struct err *e);
/* Between transactions: a passive checkpoint when the log has grown. */
void store_idle(struct store *s);

struct arena *store_scratch(struct store *s);
struct crypt *store_crypt(struct store *s);
bool store_read_only(const struct store *s);
/* Rows changed by the last verb. */
int64_t
store_written(struct store *s); /* rows written since it was opened, undone ones too */
int store_changes(struct store *s);

/* The next time-ordered id. */
int64_t store_next_id(struct store *s, ms_t now);
/* The newest one there is; 0: none. */
int64_t store_newest_id(const struct store *s);

/* Facts about the database itself. */
int store_meta_get(struct store *s, const char *key, char *buf, size_t n, struct err *e); /* "" when unset */
int store_meta_set(struct store *s, const char *key, const char *value, struct err *e);
/* epoch + 1, committed by the caller's transaction. */
int store_epoch_next(struct store *s, const char *boot_id, int64_t *epoch, struct err *e);
int store_check(struct store *s, struct err *e); /* integrity_check and foreign keys */

#endif
