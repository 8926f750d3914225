/* What comes round with the calendar: every week, month, quarter or year. */
#include "core/every.h"
#include "plan.h"
#include "store/event.h"
#include "sweep_start.h"

/* A start that was missed for longer, by a pause or an outage, waits for the next. */
#define LATE MS_DAY
/* A cursor of 0 says that the period is through: this is before the first customer. */
#define AT_START (-1)

static bool
is_meant(struct person *p, const struct playbook *pb)
{
	/* On old news who came yesterday would be missed today: not this time. */
	return pb->start.when == NULL || (!(pb->reads_visits && person_stale(p)) &&
					     cond_true(pb->start.when, person_scope(p)));
}

/* The places of today, or all, are taken: on tomorrow, or over. */
static int
no_place(struct work *w, const struct playbook *pb, const char *key, int64_t period,
    const struct pass *pass, ms_t *next, struct err *e)
{
	const struct zone *house = w->cat->config->entity.zone;

	if (!pb->start.limit_per_day)
		return sweep_set(w->store, key, period, 0, e);
	*next = MIN(*next, zone_instant(house, desk_today(w) + 1, pb->start.every.minute));
	return sweep_set(w->store, key, period, pass->cursor > 0 ? pass->cursor : AT_START, e);
}

static int
portion(struct work *w, const struct live *live, const struct playbook *pb,
    const char *key, int64_t period, int64_t cursor, ms_t *next, bool *worked,
    struct err *e)
{
	const struct entry in = { .pb = pb,
		.key = arena_printf(w->arena, "p:%" G_GINT64_FORMAT, period),
		.meant = is_meant };
	struct pass pass = { .cursor = cursor };

	if (sweep_pass(w, live, &in, &pass, e) != 0)
		return -1;
	if (pass.full)
		return no_place(w, pb, key, period, &pass, next, e);
	*worked = true;
	*next = w->now;
	return sweep_set(w->store, key, period, pass.end ? 0 : pass.cursor, e);
}

int
sweep_every(
    struct work *w, const struct live *live, ms_t *next, bool *worked, struct err *e)
{
	const struct zone *house = w->cat->config->entity.zone;
	const struct every *every;
	const struct version *v;
	int64_t done, cursor, last;
	char key[48];
	ms_t at;

	if (live->status != PLAYBOOK_LIVE)
		return 0;
	if (desk_version(w, live->version, &v, e) != 0)
		return -1;
	if (v->playbook->start.kind != START_EVERY)
		return 0;
	every = &v->playbook->start.every;
	last = every_last(every, house, w->now);
	at = every_at(every, house, last);
	*next = MIN(*next, every_at(every, house, every_after(every, last)));
	g_snprintf(key, sizeof(key), "every:%d", live->number);
	if (sweep_get(w->store, key, &done, &cursor, e) != 0)
		return -1;
	if ((done == last && cursor == 0) || at > w->now)
		return 0; /* the second: before the first feast of the table */
	/* What came round before the playbook was there is not made up for. */
	if (done != last && (done == 0 || w->now - at > LATE))
		return sweep_set(w->store, key, last, 0, e);
	return portion(
	    w, live, v->playbook, key, last, done == last ? cursor : 0, next, worked, e);
}
