/* flight.h - the flight log: which requests have touched the wire, and what came back.
 *
 * A small file on tmpfs with fixed slots, one a request under way. The guard's
 * last act before "go" writes W; when a reply is parsed, before T3, A with the
 * answers. It survives kill -9 and costs no fsync; after a reboot its header no
 * longer fits and it is not believed. Loop thread only. */
#ifndef ENGINE_FLIGHT_H
#define ENGINE_FLIGHT_H

#include <glib.h>

#include "base/world.h"
#include "provider/provider.h"

#define FLIGHT_SLOTS 1024

struct flight;

struct flight_record {
	int64_t token;
	bool answered; /* else only written */
	int n;
	struct answer answers[]; /* n, when answered */
};

/* What an earlier life of this boot and database left: token -> record; NULL when
 * there is no fitting header, and then nothing may be concluded. It speaks of the
 * messages that life began, those of *epoch, and of no others. */
GHashTable *flight_read(struct world *w, const char *path, const char *db_id, int64_t *epoch);
/* Empties it for this life; the database must have committed what was read. */
struct flight *flight_open(struct world *w, const char *path, const char *db_id, int64_t epoch,
    struct err *e);
void flight_close(struct flight *f); /* NULL is fine */

int flight_take(struct flight *f); /* a free slot, or -1 */
/* 0, or -1: then the request must not go. */
int flight_written(struct flight *f, int slot, int64_t token);
void flight_answered(struct flight *f, int slot, int64_t token, const struct answer *a, int n);
void flight_give(struct flight *f, int slot); /* after T3 has committed */
int flight_free(const struct flight *f);      /* free slots */

#endif
