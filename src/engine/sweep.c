#include "sweep.h"

#include <string.h>

#include "plan.h"
#include "store/event.h"

#define PORTION 500
#define SWEEP_MINUTE 360

/* ---- `when` ---- */

static int
visit(struct work *w, const char *tz, int64_t day, int64_t *cursor, bool *end, struct err *e)
{
	struct customer_row *rows = arena_array(w->arena, struct customer_row, PORTION);
	char entry[48];
	int64_t last;
	int n;

	g_snprintf(entry, sizeof(entry), "s:%" G_GINT64_FORMAT, day);
	n = customer_page(w->store, *cursor, PORTION, tz, rows, e);
	if (n < 0 || customer_last(w->store, &last, e) != 0)
		return -1;
	for (int i = 0; i < n; i++) {
		struct person p;

		person_of_row(w, &rows[i], &p);
		if (plan_start_when(w, &p, entry, e) != 0)
			return -1;
	}
	*cursor += PORTION;
	*end = *cursor >= last;
	return 0;
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
	if (!day_due(z, w->now, done, &day, next))
		return 0;
	*worked = true;
	*next = w->now;
	if (visit(w, tz, day, &cursor, &end, e) != 0)
		return -1;
	return end ? sweep_set(w->store, tz, day, 0, e) : sweep_set(w->store, tz, done, cursor, e);
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

static int
enter_listed(struct work *w, const struct live *live, const struct customer_row *row,
    const char *entry, struct err *e)
{
	static const char *const himself[] = { "", NULL };
	const char *const *about = himself;
	const struct version *v;
	struct person p;

	if (desk_version(w, live->version, &v, e) != 0)
		return -1;
	person_of_row(w, row, &p);
	if (v->playbook->subject != SUBJECT_NONE)
		about = person_subjects(&p, v->playbook->subject);
	for (; *about != NULL; about++) {
		person_subject(&p, v->playbook->subject, *about);
		if (plan_enter(w, &p, live, entry, NULL, e) < 0)
			return -1;
	}
	return 0;
}

static int
tagged_portion(struct work *w, const struct live *live, const char *tag, const char *entry,
    int64_t *cursor, bool *end, struct err *e)
{
	struct customer_row *rows = arena_array(w->arena, struct customer_row, PORTION);
	int64_t last;
	int n = customer_page(w->store, *cursor, PORTION, NULL, rows, e);

	if (n < 0 || customer_last(w->store, &last, e) != 0)
		return -1;
	for (int i = 0; i < n; i++)
		if (has_tag(rows[i].c.tags, tag) && enter_listed(w, live, &rows[i], entry, e) != 0)
			return -1;
	*cursor += PORTION;
	*end = *cursor >= last;
	return 0;
}

static int
named_portion(struct work *w, const struct live *live, const char *const *list, const char *entry,
    int64_t *cursor, bool *end, struct err *e)
{
	for (int i = 0; i < PORTION && list[*cursor] != NULL; i++) {
		struct customer_row row;
		int64_t id;
		int rc = customer_find(w->store, list[(*cursor)++], &id, e);

		if (rc == 1)
			rc = customer_get(w->store, id, &row, e);
		if (rc < 0 || (rc == 1 && enter_listed(w, live, &row, entry, e) != 0))
			return -1;
	}
	*end = list[*cursor] == NULL;
	return 0;
}

static int
list_portion(struct work *w, const struct live *live, const struct playbook *pb, int64_t *cursor,
    bool *end, struct err *e)
{
	const char *entry = arena_printf(w->arena, "l:%" G_GINT64_FORMAT,
	    pb->start.has_list_at ? date_days(pb->start.list_date) : 0);

	if (pb->start.tag != NULL)
		return tagged_portion(w, live, pb->start.tag, entry, cursor, end, e);
	return named_portion(w, live, (const char *const *)pb->start.list, entry, cursor, end, e);
}

static int
sweep_list(struct work *w, const struct live *live, ms_t *next, bool *worked, struct err *e)
{
	const struct zone *house = w->cat->config->entity.zone;
	const struct version *v;
	char key[160];
	int64_t done, cursor, last;
	ms_t at;
	bool end;

	if (live->status != PLAYBOOK_LIVE)
		return 0;
	if (desk_version(w, live->version, &v, e) != 0)
		return -1;
	if (v->playbook->start.kind != START_LIST)
		return 0;
	at = v->playbook->start.has_list_at ?
	    zone_instant(house, date_days(v->playbook->start.list_date),
		v->playbook->start.list_minute) :
	    0;
	if (at > w->now) {
		*next = MIN(*next, at);
		return 0;
	}
	/* A new version of the list starts again; who is in already is not taken twice. */
	g_snprintf(key, sizeof(key), "list:%" G_GINT64_FORMAT, live->version);
	if (sweep_get(w->store, key, &done, &cursor, e) != 0)
		return -1;
	if (done != 0)
		return 0;
	/* A list of an empty house is not done: the first import looks again. */
	if (customer_last(w->store, &last, e) != 0)
		return -1;
	if (last == 0)
		return 0;
	*worked = true;
	*next = w->now;
	if (list_portion(w, live, v->playbook, &cursor, &end, e) != 0)
		return -1;
	return end ? sweep_set(w->store, key, 1, 0, e) : sweep_set(w->store, key, 0, cursor, e);
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
		if (sweep_list(w, &g_array_index(d->lives, struct live, i), next, &worked, e) != 0)
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
