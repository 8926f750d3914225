/* simvfs.h - a disk in memory for SQLite, which a dying process leaves as a real one
 * would.
 *
 * kill -9 keeps every write that was made; a power cut keeps what was synced and
 * of the rest a drawn part, in any order, torn at sectors. One connection at a
 * time, with exclusive locking (no shared memory). One thread. */
#ifndef SIM_SIMVFS_H
#define SIM_SIMVFS_H

#include <stdbool.h>
#include <stdint.h>

struct simvfs;

struct simvfs *simvfs_new(uint64_t seed); /* registers itself with SQLite */
void simvfs_free(struct simvfs *v);       /* NULL is fine */
const char *simvfs_name(const struct simvfs *v);

/* Write number `after` from now, or a sync in its place, is the last thing that
 * happens: it is done in part or not at all, and everything after it fails. */
void simvfs_wound(struct simvfs *v, int after);
/* Nothing is written any more: what is open may only be closed. */
void simvfs_die(struct simvfs *v);
void simvfs_rise(struct simvfs *v, bool power);

#endif
