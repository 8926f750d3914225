/* import_lists.h - `reachd import undo N`, `batches` and `quality`. */
#ifndef CMD_IMPORT_LISTS_H
#define CMD_IMPORT_LISTS_H

#include "client.h"

/* word is one of the three, arg what follows it or NULL: the exit code; -1: none of them.
 */
int import_list(const struct client *c, const char *word, const char *arg,
    const char *limit, bool as_json);

#endif
