/* undo.h - `reachd undo`, which has two files. */
#ifndef CMD_UNDO_H
#define CMD_UNDO_H

#include <jansson.h>

#include "client.h"

/* Opt-outs of many: listed, and with yes taken back. Consumes in. */
int undo_optouts(const struct client *c, const char *verb, json_t *in, bool yes);

#endif
