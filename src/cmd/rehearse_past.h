/* rehearse_past.h - how a dealer's customers reacted so far, from the database of the
 * daemon, as odds for a rehearsal.
 *
 * Read only, and only what is not sealed: counts by playbook and channel. Where fewer
 * than 30 messages went out by a playbook on a channel, those of all playbooks on it
 * count; where those are too few, people react as in the field. */
#ifndef CMD_REHEARSE_PAST_H
#define CMD_REHEARSE_PAST_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "sim/habits.h"

struct rehearse_past;

/* path: the database, or the state directory it lies in. */
struct rehearse_past *rehearse_past_load(const char *path, struct err *e);
void rehearse_past_free(struct rehearse_past *p); /* NULL is fine */
/* NULL: too little is known. */
const struct habits_rates *
rehearse_past_rates(const struct rehearse_past *p, const char *playbook, int channel);
void rehearse_past_print(const struct rehearse_past *p, bool json, FILE *out);

#endif
