/* optout.h - who wants no marketing, by the keyed hash of an address: a row for each source it
 * was heard from, so that what one of them told falsely can be taken back without the others. */
#ifndef STORE_OPTOUT_H
#define STORE_OPTOUT_H

#include "store/store.h"

struct refusal {
	const char *src;    /* reply, provider, link, call, import, erase, ... */
	const char *origin; /* the account it came through, or "batch:N"; "" neither */
	ms_t at;            /* as told */
	ms_t heard;         /* by us */
};

int optout_add(
    struct store *s, int64_t h, int channel, const struct refusal *r, struct err *e);
/* Those told before that instant, whoever told them. */
int optout_lift(struct store *s, int64_t h, int channel, ms_t at, struct err *e);
/* 1 opted out, 0 not, -1 err. */
int optout_has(struct store *s, int64_t h, int channel, struct err *e);

/* Since when it is known; 0: it is not. -1 err. */
ms_t optout_since(struct store *s, int64_t h, int channel, struct err *e);

/* What an origin told from one instant to before another. */
struct optout_row {
	int64_t id, h;
	int channel;
	ms_t first, last; /* heard */
	bool others;      /* the same address refused through something else, too */
};
/* Above the id, by id; also those it told of before or after. How many or -1. */
int optout_of(struct store *s, const char *origin, ms_t since, ms_t until, int64_t above,
    struct optout_row *out, int max, struct err *e);
int optout_drop(struct store *s, int64_t id, struct err *e);
/* Different addresses. */
int optout_count(struct store *s, int64_t *n, struct err *e);

/* ---- how many come in an hour ---- */

enum rush_state { RUSH_USUAL, RUSH_FLOOD, RUSH_FALSE };
/* One more; *n of this hour so far, *state as noted. */
int rush_add(struct store *s, const char *account, ms_t now, int64_t *n, int *state,
    struct err *e);
/* The busiest hour of the four weeks before: floods count once they have stood for a week,
 * what was proven false never does. */
int
rush_usual(struct store *s, const char *account, ms_t now, int64_t *most, struct err *e);
/* Notes this hour as a flood; *begins: the first for a day. */
int
rush_flood(struct store *s, const char *account, ms_t now, bool *begins, struct err *e);
/* Was there one within a day? 1/0/-1. */
int rush_on(struct store *s, const char *account, ms_t now, struct err *e);
/* What came in those hours was false. */
int
rush_false(struct store *s, const char *account, ms_t since, ms_t until, struct err *e);
int rush_purge(struct store *s, ms_t before, struct err *e);

#endif
