/* run_state.h - the state directory: made, locked, checked; the key of the database. */
#ifndef CMD_RUN_STATE_H
#define CMD_RUN_STATE_H

#include "base/crypt.h"
#include "base/err.h"

struct run_state {
	char *dir, *db, *socket, *flight, *inbox;
	int lock;
	uint8_t key[CRYPT_KEY];
};

/* Makes what is missing (0700, 0600), takes the lock; a second daemon is ERR_BUSY. A
 * network or FUSE file system is refused: its locks and fsync are not to be trusted. */
int run_state_open(struct run_state *s, const char *dir, struct err *e);
void run_state_close(struct run_state *s);

/* The key of the daemon whose state lies there, so that a rehearsal draws customers as it
 * does: 0; 1 there is none; -1 it may not be read. */
int run_state_key(const char *dir, uint8_t key[CRYPT_KEY]);

#endif
