#include "sweep_start.h"

#include <string.h>

#include "launch.h"
#include "migrate.h"
#include "pace.h"
#include "plan.h"
#include "profile.h"
#include "store/event.h"

/* ---- `when` ---- */

static int
visit(struct work *w, const char *tz, int64_t day, ms_t since, int64_t *cursor, bool *end,
    struct err *e)
{
	struct customer_row *rows =
	    arena_array(w->arena, struct customer_row, SWEEP_PORTION);
	char entry[48];
	int n;

	g_snprintf(entry, sizeof(entry), "s:%" G_GINT64_FORMAT, day);
	n = profile_portion(w, tz, day, since, cursor, rows, SWEEP_PORTION, end, e);
	for (int i = 0; i < n; i++) {
		struct person p;

		person_of_row(w, &rows[i], &p);
		if (profile_judge(w, &p, "", e) != 0 || plan_start_when(w, &p, entry, e) != 0 ||
		    profile_seen(w, &p, true, e) != 0)
			return -1;
	}
	return n < 0 ? -1 : 0;
}

/* The local day to sweep now, or the instant of the next one. */
static bool
day_due(const struct zone *z, ms_t now, int64_t done, int64_t *day, ms_t *next)
{
	struct local l;

	zone_local(z, now, &l);
	*day = l.minute >= SWEEP_MINUTE ? l.day : l.day - 1;
	*next = zone_instant(z, *day + 1, SWEEP_MINUTE);
	return *day > done;
}

static int
sweep_zone(struct work *w, const char *tz, ms_t *next, bool *worked, struct err *e)
{
	const struct zone *z = *tz == '\0' ? w->cat->config->entity.zone : zone_get(tz);
	int64_t done, cursor, day;
	bool end, more;

	if (z == NULL)
		return 0;
	if (sweep_get(w->store, tz, &done, &cursor, e) != 0)
		return -1;
	if (cursor > 0)
		day =
		    done; /* begun: it is ended first, whatever day it has become since */
	else if (!day_due(z, w->now, done, &day, next))
		return 0;
	*worked = true;
	*next = w->now;
	if (profile_month(w, &more, e) != 0)
		return -1;
	if (more)
		return 0;
	if (visit(w, tz, day, done == 0 ? 0 : zone_instant(z, done, SWEEP_MINUTE), &cursor, &end,
		e) != 0)
		return -1;
	return sweep_set(w->store, tz, day, end ? 0 : cursor, e);
}

int
sweep_portion(struct work *w, ms_t *next, struct err *e)
{
	struct desk *d = w->desk;
	GHashTableIter it;
	gpointer tz;
	bool worked = false;

	*next = MS_NEVER;
	if (migrate_portion(w, &worked, e) != 0 ||
	    (!worked && launch_portion(w, next, &worked, e) != 0) ||
	    (!worked && pace_portion(w, next, &worked, e) != 0))
		return -1;
	if (worked)
		*next = w->now;
	for (guint i = 0; i < d->lives->len && !worked; i++) {
		const struct live *live = &g_array_index(d->lives, struct live, i);

		if (sweep_list(w, live, next, &worked, e) != 0 ||
		    (!worked && sweep_every(w, live, next, &worked, e) != 0))
			return -1;
	}
	g_hash_table_iter_init(&it, d->zones);
	while (!worked && g_hash_table_iter_next(&it, &tz, NULL)) {
		ms_t zone_next = MS_NEVER;

		if (sweep_zone(w, tz, &zone_next, &worked, e) != 0)
			return -1;
		*next = MIN(*next, zone_next);
	}
	return 0;
}
