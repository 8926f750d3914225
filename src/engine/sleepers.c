/* sleepers.c - how the sleep of customers ends, month by month.
 *
 * One line of meta: the month, how many ended, how many of them by giving up, and
 * whether it was told. */
#include "sleepers.h"

#include <stdio.h>

#include "core/gate.h"
#include "core/stage.h"
#include "store/event.h"

#define KEY "give_up.month"
#define FEWEST 10 /* of fewer a share says nothing */

struct ended {
	int month, all, given_up, told;
};

static bool
ends_sleep(int from, int to)
{
	if (from == STAGE_DORMANT)
		return to == STAGE_RETURNED || to == STAGE_LOST || to == STAGE_GIVEN_UP;
	return from == STAGE_LOST && (to == STAGE_RETURNED || to == STAGE_GIVEN_UP);
}

static int
ended_read(struct work *w, struct ended *m, struct err *e)
{
	ms_t start, end;
	char text[64];
	int month =
	    gate_period(CAP_MONTH, w->cat->config->entity.zone, w->now, &start, &end);

	if (store_meta_get(w->store, KEY, text, sizeof(text), e) != 0)
		return -1;
	if (sscanf(text, "%d %d %d %d", &m->month, &m->all, &m->given_up, &m->told) !=
		4 ||
	    m->month != month)
		*m = (struct ended){ .month = month };
	return 0;
}

static int
warn(struct work *w, const struct ended *m, struct err *e)
{
	return alarm_add(w->store, w->now, "give_up_share", 0, 0,
	    arena_printf(w->arena,
		"%d of %d customers whose sleep ended this month were given up, more "
		"than "
		"give_up_warn of lifecycle.yaml: look whether it was too soon",
		m->given_up, m->all),
	    e);
}

int
sleepers_count(struct work *w, int from, int to, struct err *e)
{
	int most = w->cat->lifecycle->give_up_warn;
	struct ended m;
	char text[64];

	if (most == 0 || !ends_sleep(from, to))
		return 0;
	if (ended_read(w, &m, e) != 0)
		return -1;
	m.all++;
	m.given_up += to == STAGE_GIVEN_UP;
	if (m.told == 0 && m.all >= FEWEST &&
	    m.given_up * 10000LL > (long long)m.all * most) {
		m.told = 1;
		if (warn(w, &m, e) != 0)
			return -1;
	}
	g_snprintf(text, sizeof(text), "%d %d %d %d", m.month, m.all, m.given_up, m.told);
	return store_meta_set(w->store, KEY, text, e);
}
