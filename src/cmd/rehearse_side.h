/* rehearse_side.h - one of two rehearsals that are compared: every touch by its name. */
#ifndef CMD_REHEARSE_SIDE_H
#define CMD_REHEARSE_SIDE_H

#include <jansson.h>

#include "rehearse_play.h"

/* The nth message of a step to a customer, or why there was none. */
struct rehearse_touch {
	char *key;
	json_t *json; /* as `rehearse --json` prints it */
	ms_t at;
	double cost;
	bool task; /* a person does it */
};

struct rehearse_sum {
	int64_t messages, tasks;
	double cost;
};

struct rehearse_side {
	GPtrArray *touches;  /* struct rehearse_touch *, in order of time */
	GHashTable *by_key;  /* key -> touch */
	GHashTable *refused; /* key -> json_t *: the last verdict */
	GHashTable *counts;  /* how many messages of a step a customer got */
	GHashTable *days;    /* "2026-11-22" -> struct rehearse_sum * */
	struct rehearse_sum sum;
	int parts; /* it was played in; 0: whole */
	struct balance balance;
};

/* Catalog is taken over. */
struct rehearse_side *
rehearse_side_play(const struct rehearse_options *o, struct catalog *cat, struct err *e);
void rehearse_side_free(struct rehearse_side *s); /* NULL is fine */

#endif
