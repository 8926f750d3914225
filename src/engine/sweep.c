#include "sweep.h"

#include <string.h>

#include "plan.h"
#include "profile.h"
#include "store/event.h"

#define PORTION 500
#define SWEEP_MINUTE 360
/* `day` of a list: under way, through, or the house's day on which it goes on. */
#define LIST_UNDER_WAY 0
#define LIST_THROUGH 1

/* ---- `when` ---- */

static int
visit(struct work *w, const char *tz, int64_t day, ms_t since, int64_t *cursor, bool *end,
    struct err *e)
{
	struct customer_row *rows = arena_array(w->arena, struct customer_row, PORTION);
	char entry[48];
	int n;

	g_snprintf(entry, sizeof(entry), "s:%" G_GINT64_FORMAT, day);
	n = profile_portion(w, tz, day, since, cursor, rows, PORTION, end, e);
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
	bool end;

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
	if (profile_month(w, e) != 0 ||
	    visit(w, tz, day, done == 0 ? 0 : zone_instant(z, done, SWEEP_MINUTE), &cursor, &end,
		e) != 0)
		return -1;
	return sweep_set(w->store, tz, day, end ? 0 : cursor, e);
}

/* ---- lists ---- */

static bool
has_tag(const char *tags, const char *tag)
{
	size_t n = strlen(tag);

	for (const char *s = tags; *s != '\0'; s += strcspn(s, ";"), s += *s == ';')
		if (strcspn(s, ";") == n && memcmp(s, tag, n) == 0)
			return true;
	return false;
}

/* How far a list has come. */
struct pass {
	int64_t cursor;
	bool end, full; /* full: whoever is next found no place */
};

static int
enter_listed(struct work *w, const struct live *live, const struct customer_row *row,
    const char *entry, struct pass *pass, struct err *e)
{
	static const char *const himself[] = { "", NULL };
	const char *const *about = himself;
	const struct version *v;
	struct person p;
	int rc;

	if (desk_version(w, live->version, &v, e) != 0)
		return -1;
	person_of_row(w, row, &p);
	if (v->playbook->subject != SUBJECT_NONE)
		about = person_subjects(&p, v->playbook->subject);
	for (; *about != NULL && !pass->full; about++) {
		person_subject(&p, v->playbook->subject, *about);
		if ((rc = plan_enter(w, &p, live, entry, NULL, e)) < 0)
			return -1;
		pass->full = rc == PLAN_NO_PLACE;
	}
	return 0;
}

static int
tagged_portion(struct work *w, const struct live *live, const char *tag,
    const char *entry, struct pass *pass, struct err *e)
{
	struct customer_row *rows = arena_array(w->arena, struct customer_row, PORTION);
	int64_t last;
	int n = customer_page(w->store, pass->cursor, PORTION, NULL, rows, e);

	if (n < 0 || customer_last(w->store, &last, e) != 0)
		return -1;
	for (int i = 0; i < n; i++) {
		if (!has_tag(rows[i].c.tags, tag))
			continue;
		if (enter_listed(w, live, &rows[i], entry, pass, e) != 0)
			return -1;
		if (pass->full) {
			pass->cursor = rows[i].c.id - 1;
			return 0;
		}
	}
	pass->cursor += PORTION;
	pass->end = pass->cursor >= last;
	return 0;
}

static int
named_portion(struct work *w, const struct live *live, const char *const *list,
    const char *entry, struct pass *pass, struct err *e)
{
	for (int i = 0; i < PORTION && list[pass->cursor] != NULL; i++) {
		struct customer_row row;
		int64_t id;
		int rc = customer_find(w->store, list[pass->cursor], &id, e);

		if (rc == 1)
			rc = customer_get(w->store, id, &row, e);
		if (rc < 0 ||
		    (rc == 1 && enter_listed(w, live, &row, entry, pass, e) != 0))
			return -1;
		if (pass->full)
			return 0;
		pass->cursor++;
	}
	pass->end = list[pass->cursor] == NULL;
	return 0;
}

static int
list_portion(struct work *w, const struct live *live, const struct playbook *pb,
    struct pass *pass, struct err *e)
{
	const char *entry = arena_printf(w->arena, "l:%" G_GINT64_FORMAT,
	    pb->start.has_list_at ? date_days(pb->start.list_date) : 0);

	if (pb->start.tag != NULL)
		return tagged_portion(w, live, pb->start.tag, entry, pass, e);
	return named_portion(
	    w, live, (const char *const *)pb->start.list, entry, pass, e);
}

/* The instant before which a list is not looked at. */
static ms_t
list_from(const struct playbook *pb, const struct zone *house, int64_t day)
{
	int minute = pb->start.has_list_at ? pb->start.list_minute : SWEEP_MINUTE;

	if (day > LIST_THROUGH)
		return zone_instant(house, day, minute);
	return pb->start.has_list_at
		   ? zone_instant(house, date_days(pb->start.list_date), minute)
		   : 0;
}

/* One that ran into its daily limit goes on the next day with whoever found no place; a
 * total that is used up ends it. */
static int
list_save(struct work *w, const char *key, const struct playbook *pb,
    const struct pass *pass, struct err *e)
{
	struct local l;

	if (pass->end || (pass->full && !pb->start.limit_per_day))
		return sweep_set(w->store, key, LIST_THROUGH, 0, e);
	if (!pass->full)
		return sweep_set(w->store, key, LIST_UNDER_WAY, pass->cursor, e);
	zone_local(w->cat->config->entity.zone, w->now, &l);
	return sweep_set(w->store, key, l.day + 1, pass->cursor, e);
}

static int
sweep_list(
    struct work *w, const struct live *live, ms_t *next, bool *worked, struct err *e)
{
	const struct version *v;
	struct pass pass = { 0 };
	char key[160];
	int64_t day, last;
	ms_t from;

	if (live->status != PLAYBOOK_LIVE)
		return 0;
	if (desk_version(w, live->version, &v, e) != 0)
		return -1;
	if (v->playbook->start.kind != START_LIST)
		return 0;
	/* A new version of the list starts again; who is in already is not taken twice.
	 */
	g_snprintf(key, sizeof(key), "list:%" G_GINT64_FORMAT, live->version);
	if (sweep_get(w->store, key, &day, &pass.cursor, e) != 0)
		return -1;
	if (day == LIST_THROUGH)
		return 0;
	from = list_from(v->playbook, w->cat->config->entity.zone, day);
	if (from > w->now) {
		*next = MIN(*next, from);
		return 0;
	}
	/* A list of an empty house is not done: the first import looks again. */
	if (customer_last(w->store, &last, e) != 0)
		return -1;
	if (last == 0)
		return 0;
	*worked = true;
	*next = w->now;
	if (list_portion(w, live, v->playbook, &pass, e) != 0)
		return -1;
	return list_save(w, key, v->playbook, &pass, e);
}

int
sweep_portion(struct work *w, ms_t *next, struct err *e)
{
	struct desk *d = w->desk;
	GHashTableIter it;
	gpointer tz;
	bool worked = false;

	*next = MS_NEVER;
	for (guint i = 0; i < d->lives->len && !worked; i++)
		if (sweep_list(w, &g_array_index(d->lives, struct live, i), next, &worked,
			e) != 0)
			return -1;
	g_hash_table_iter_init(&it, d->zones);
	while (!worked && g_hash_table_iter_next(&it, &tz, NULL)) {
		ms_t zone_next = MS_NEVER;

		if (sweep_zone(w, tz, &zone_next, &worked, e) != 0)
			return -1;
		*next = MIN(*next, zone_next);
	}
	return 0;
}
