/* kills.h - the kill loop's parts: processes and clock (kills.c), what is posted
 * meanwhile (kills_feed.c), the judgment afterwards (kills_judge.c). */
#ifndef TESTS_E2E_KILLS_H
#define TESTS_E2E_KILLS_H

#include <stdbool.h>

#include <glib.h>

#include "base/clock.h"

#define KILLS_SPEED 120     /* wall seconds in a real one */
#define KILLS_ENTERED 1500  /* customers of the list, K00000 and so on */
#define KILLS_VISITORS 6000 /* customers that visit at most once, V00000 and so on */

/* What somebody was told is durable. Written by the feeder's thread. */
struct kills_acked {
	GPtrArray *events;   /* char *: ids of visits */
	GPtrArray *receipts; /* char *: keys, all of the account `keyed` */
	GHashTable *stops; /* number that said stop -> ms_t *, real time of the answer */
};

struct kills {
	const char *reachd, *dir;
	char *socket, *ledger, *db;
	ms_t boot; /* when the wall stood at KILLS_EPOCH */
	struct kills_acked acked;
};

ms_t kills_boot(void);
ms_t kills_real(void);
/* The run's wall clock, as RFC 3339 in China's zone. */
char *kills_wall(const struct kills *k, char buf[CLOCK_TEXT]);
char *kills_path(const struct kills *k, const char *name); /* g_free */

/* Posts visits, receipts and stop words until kills_feed_stop(); each one again and
 * again until it is answered. */
void kills_feed_start(struct kills *k);
void kills_feed_stop(void);

struct kills_verdict {
	int sent, twice, lost, violations, open;
};
/* patient: an outcome still open by its protocol's own time counts as lost. */
void kills_judge(const struct kills *k, bool patient, struct kills_verdict *v);

#endif
