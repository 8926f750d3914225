/* wipe.h - what a database carries beside its rows: whose key it was made with, and a log
 * that may still hold what was erased. */
#ifndef STORE_WIPE_H
#define STORE_WIPE_H

#include "store/store.h"

#define BUSY_MS 2000

int opening_key(struct store *s, struct err *e);
int wipe_wanted(struct store *s, bool *out, struct err *e);
/* Empties the log if no reader holds it; true: to be tried again. */
struct sqlite3;
bool wipe_log(struct store *s, struct sqlite3 *db);

#endif
