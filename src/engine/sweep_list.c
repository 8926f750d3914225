/* One-time campaigns: lists of customers from a file, by tag or by segment. */
#include <string.h>

#include "concern.h"
#include "base/log.h"
#include "core/phone.h"
#include "plan.h"
#include "store/event.h"
#include "store/subject.h"
#include "sweep_start.h"
#include "tags.h"

/* `day` of a list: under way, through, or the house's day on which it goes on. */
#define LIST_UNDER_WAY 0
#define LIST_THROUGH 1

bool
sweep_listed(struct person *p, const struct playbook *pb)
{
	if (pb->start.tag != NULL)
		return tags_has(p->row.c.tags, pb->start.tag);
	return !person_stale(p) && person_in(p, pb->start.segment);
}

static int
enter(struct work *w, const struct live *live, struct person *p,
    const struct entry *in, struct pass *pass, struct err *e)
{
	static const char *const himself[] = { "", NULL };
	const char *const *about = himself;
	enum subject kind = in->pb->subject;
	int rc;

	if (kind != SUBJECT_NONE)
		about = person_subjects(p, kind);
	for (; *about != NULL && !pass->full; about++) {
		if (in->only != NULL && strcmp(*about, in->only) != 0)
			continue;
		person_subject(p, kind, *about);
		if (in->meant != NULL && !in->meant(p, in->pb))
			continue;
		if ((rc = plan_enter(w, p, live, in->key, NULL, e)) < 0)
			return -1;
		pass->full = rc == PLAN_NO_PLACE;
	}
	person_subject(p, SUBJECT_NONE, "");
	return 0;
}

int
sweep_pass(struct work *w, const struct live *live, const struct entry *in,
    struct pass *pass, struct err *e)
{
	struct customer_row *rows =
	    arena_array(w->arena, struct customer_row, SWEEP_PORTION);
	int64_t last;
	int n = customer_page(w->store, pass->cursor, SWEEP_PORTION, NULL, rows, e);

	if (n < 0 || customer_last(w->store, &last, e) != 0)
		return -1;
	for (int i = 0; i < n; i++) {
		struct person p;

		person_of_row(w, &rows[i], &p);
		if (enter(w, live, &p, in, pass, e) != 0)
			return -1;
		if (pass->full) {
			pass->cursor = rows[i].c.id - 1;
			return 0;
		}
	}
	pass->cursor += SWEEP_PORTION;
	pass->end = pass->cursor >= last;
	return 0;
}

/* ---- rows of a file ---- */

int
sweep_row(struct work *w, const char *row, int64_t *ids, const char **vehicle, struct err *e)
{
	struct vehicle v;
	char phone[20];
	int rc = customer_find(w->store, row, &ids[0], e);

	if (rc != 0)
		return rc;
	if (phone_normalise(row, phone) != PHONE_BAD &&
	    (rc = customer_of_address(w->store,
		 customer_hash(w->store, CHANNEL_SMS, phone), ids, SWEEP_SAME, e)) != 0)
		return rc;
	rc = vehicle_find(w->store, row, &v, e);
	if (rc == 1) {
		if (concern_of(w, v.customer, &ids[0], e) != 0)
			return -1;
		*vehicle = v.ext;
	}
	return rc < 0 ? -1 : rc == 1 && v.customer != 0 && !v.sold;
}

static int
named_portion(struct work *w, const struct live *live, const struct playbook *pb,
    const char *key, struct pass *pass, struct err *e)
{
	const char *const *list = (const char *const *)pb->start.list;

	for (int i = 0; i < SWEEP_PORTION && list[pass->cursor] != NULL; i++) {
		int64_t ids[SWEEP_SAME];
		const char *vehicle = NULL;
		int n = sweep_row(w, list[pass->cursor], ids, &vehicle, e);
		const struct entry in = { .pb = pb,
			.key = key,
			.only = pb->subject == SUBJECT_VEHICLE ? vehicle : NULL };

		if (n < 0 ||
		    (n == 0 && unmatched_add(w->store, live->version, (int)pass->cursor,
				   list[pass->cursor], e) != 0))
			return -1;
		for (int k = 0; k < n && !pass->full; k++) {
			struct person p;

			if (person_load(w, ids[k], &p, e) != 1 ||
			    enter(w, live, &p, &in, pass, e) != 0)
				return -1;
		}
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

	if (pb->start.tag != NULL || pb->start.segment != NULL)
		return sweep_pass(w, live, &(struct entry){ pb, entry, sweep_listed, NULL },
		    pass, e);
	return named_portion(w, live, pb, entry, pass, e);
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

/* Rows that mean nobody are an alarm once, when the list is through. */
static int
list_told(struct work *w, const struct live *live, struct err *e)
{
	int n;

	if (unmatched_count(w->store, live->version, &n, e) != 0)
		return -1;
	if (n == 0)
		return 0;
	log_warn("list_unmatched", "playbook=%s rows=%d", live->name, n);
	return alarm_add(w->store, w->now, "list", 0, 0,
	    arena_printf(w->arena,
		"%d row%s of the list of %s mean%s nobody we know: `reachd status` shows "
		"them",
		n, n == 1 ? "" : "s", live->name, n == 1 ? "s" : ""),
	    e);
}

/* One that ran into its daily limit goes on the next day with whoever found no place; a
 * total that is used up ends it. */
static int
list_save(struct work *w, const char *key, const struct live *live,
    const struct playbook *pb, const struct pass *pass, struct err *e)
{
	if (pass->end && list_told(w, live, e) != 0)
		return -1;
	if (pass->end || (pass->full && !pb->start.limit_per_day))
		return sweep_set(w->store, key, LIST_THROUGH, 0, e);
	if (!pass->full)
		return sweep_set(w->store, key, LIST_UNDER_WAY, pass->cursor, e);
	return sweep_set(w->store, key, desk_today(w) + 1, pass->cursor, e);
}

/* A list published when its day was over by a day is a slip of the pen, or what its author
 * has left behind: nobody is told of last month's action. One under way goes on. */
static int
is_stale(struct work *w, const struct live *live, const struct playbook *pb, bool *stale,
    struct err *e)
{
	ms_t published, at = zone_instant(w->cat->config->entity.zone,
			    date_days(pb->start.list_date), pb->start.list_minute);
	bool begun;

	*stale = false;
	if (!pb->start.has_list_at || w->now < at + MS_DAY)
		return 0;
	if (sweep_list_news(w->store, live->version, &published, &begun, e) != 0)
		return -1;
	*stale = !begun && published > at + MS_DAY;
	if (!*stale)
		return 0;
	log_warn("list_past", "playbook=%s", live->name);
	return alarm_add(w->store, w->now, "list", 0, 0,
	    arena_printf(w->arena,
		"the day of %s's list was over when it was published: nobody has entered; "
		"write a day to come",
		live->name),
	    e);
}

int
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
	if (day == 0 && pass.cursor == 0) {
		bool stale;

		if (is_stale(w, live, v->playbook, &stale, e) != 0)
			return -1;
		if (stale)
			return sweep_set(w->store, key, LIST_THROUGH, 0, e);
	}
	if (list_portion(w, live, v->playbook, &pass, e) != 0)
		return -1;
	return list_save(w, key, live, v->playbook, &pass, e);
}
