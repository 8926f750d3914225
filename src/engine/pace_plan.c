/* A plan and the hours there are for it: whom it would let in at once, the calls they come
 * to, and who could make them. Reads only. */
#include <string.h>

#include "assign.h"
#include "base/report.h"
#include "core/every.h"
#include "pace.h"
#include "plan.h"
#include "store/launch.h"
#include "sweep_start.h"

#define PAGE 500
/* Of a larger house so many are asked, and the rest is held to be like them. */
#define ASKED_MAX 5000

/* One day of calls. */
struct tally {
	int64_t day, calls;
	const char *step;
	GHashTable *people; /* name -> how many more he has time for, plus 1 */
};

struct count {
	struct work *w;
	const struct live *live; /* NULL: it was never published */
	const struct playbook *pb;
	ms_t from;
	GArray *days; /* struct tally */
	int64_t entries, most;
};

static void
tally_clear(gpointer p)
{
	g_hash_table_unref(((struct tally *)p)->people);
}

static struct tally *
tally_of(struct count *c, const struct way_call *call)
{
	struct tally fresh = { .day = call->day, .step = call->s->id };

	for (guint i = 0; i < c->days->len; i++)
		if (g_array_index(c->days, struct tally, i).day == call->day)
			return &g_array_index(c->days, struct tally, i);
	fresh.people = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_array_append_val(c->days, fresh);
	return &g_array_index(c->days, struct tally, c->days->len - 1);
}

/* Whoever could be asked for it adds what time he has, once. */
static int
note(struct count *c, struct person *p, const struct way_call *call, struct err *e)
{
	struct tally *t = tally_of(c, call);
	struct team team;

	t->calls++;
	if (task_team(c->w, &p->row.c, call->s->task.to, call->day, &team, e) != 0)
		return -1;
	if (team.n == 0)
		team.names[team.n++] = "";
	for (int i = 0; i < team.n; i++) {
		struct pace_room room = { .who = team.names[i], .day = call->day };

		if (g_hash_table_contains(t->people, room.who))
			continue;
		if (pace_left(c->w, p->shop, c->pb->priority, &room, e) != 0)
			return -1;
		g_hash_table_insert(
		    t->people, g_strdup(room.who), GINT_TO_POINTER(MAX(0, room.left)));
	}
	return 0;
}

static int
enters(struct count *c, struct person *p, struct err *e)
{
	struct way_call calls[WAY_CALLS];
	int n, rc;

	if (p->row.erased_at != 0 || !person_of_stores(p, c->pb))
		return 0;
	if (c->live != NULL && (rc = plan_may_enter(c->w, c->live, c->pb, p, e)) != 1)
		return rc;
	c->entries++;
	n = pace_way(c->w, p, c->pb, c->from, calls);
	for (int i = 0; i < n; i++)
		if (note(c, p, &calls[i], e) != 0)
			return -1;
	return 0;
}

static bool
is_meant(struct person *p, const struct playbook *pb)
{
	if (pb->start.kind == START_LIST)
		return sweep_listed(p, pb);
	return pb->start.when == NULL || cond_true(pb->start.when, person_scope(p));
}

/* For each of his subjects that the playbook is about. */
static int
consider(struct count *c, struct person *p, bool named, struct err *e)
{
	static const char *const himself[] = { "", NULL };
	enum subject kind = c->pb->subject;
	const char *const *about =
	    kind == SUBJECT_NONE ? himself : person_subjects(p, kind);

	for (; *about != NULL && c->entries < c->most; about++) {
		if (kind != SUBJECT_NONE)
			person_subject(p, kind, *about);
		if ((named || is_meant(p, c->pb)) && enters(c, p, e) != 0)
			return -1;
	}
	return 0;
}

static int
of_rows(struct count *c, struct err *e)
{
	for (int i = 0; c->pb->start.list != NULL && c->pb->start.list[i] != NULL; i++) {
		int64_t ids[SWEEP_SAME];
		const char *vehicle = NULL;
		int n = sweep_row(c->w, c->pb->start.list[i], ids, &vehicle, e);

		for (int k = 0; k < n && c->entries < c->most; k++) {
			struct person p;

			if (person_load(c->w, ids[k], &p, e) != 1 ||
			    consider(c, &p, true, e) != 0)
				return -1;
		}
		if (n < 0)
			return -1;
	}
	return 0;
}

/* *share: of how many of the house's those asked stand for, per one. */
static int
of_everybody(struct count *c, double *share, struct err *e)
{
	struct customer_row *rows = arena_array(c->w->arena, struct customer_row, PAGE);
	int64_t all, last, asked = 0, cursor = 0;

	if (customer_count(c->w->store, &all, e) != 0 ||
	    customer_last(c->w->store, &last, e) != 0)
		return -1;
	for (; cursor < last && asked < ASKED_MAX && c->entries < c->most;
	     cursor += PAGE) {
		int n = customer_page(c->w->store, cursor, PAGE, NULL, rows, e);

		for (int i = 0; i < n; i++) {
			struct person p;

			person_of_row(c->w, &rows[i], &p);
			if (consider(c, &p, false, e) != 0)
				return -1;
		}
		if (n < 0)
			return -1;
		asked += n;
	}
	if (asked > 0 && asked < all && c->entries < c->most)
		*share = (double)all / (double)asked;
	return 0;
}

ms_t
pace_starts_at(const struct work *w, const struct playbook *pb)
{
	const struct zone *house = w->cat->config->entity.zone;
	ms_t at = w->now;

	if (pb->start.kind == START_LIST && pb->start.has_list_at)
		at = zone_instant(
		    house, date_days(pb->start.list_date), pb->start.list_minute);
	if (pb->start.kind == START_EVERY)
		at = every_at(&pb->start.every, house,
		    every_after(
			&pb->start.every, every_last(&pb->start.every, house, w->now)));
	return MAX(at, w->now);
}

/* The first day that asks for more than there is, else the fullest. */
static void
judge(struct count *c, double share, struct pace_plan *out)
{
	for (guint i = 0; i < c->days->len; i++) {
		const struct tally *t = &g_array_index(c->days, struct tally, i);
		int64_t calls = (int64_t)((double)t->calls * share), room = 0;
		GHashTableIter it;
		gpointer left;
		bool over, was = out->calls > out->room;

		g_hash_table_iter_init(&it, t->people);
		while (g_hash_table_iter_next(&it, NULL, &left))
			room += GPOINTER_TO_INT(left);
		if (c->pb->start.limit > 0)
			calls = MIN(calls, MAX(t->calls, c->pb->start.limit));
		over = calls > room;
		if (over == was
			? over ? t->day < out->day : out->calls < calls || out->day == 0
			: over)
			*out = (struct pace_plan){ .entries = out->entries,
				.day = t->day,
				.calls = calls,
				.room = room,
				.people = (int)g_hash_table_size(t->people),
				.step = t->step };
	}
}

int
pace_plan(struct work *w, const struct playbook *pb, const struct live *live,
    struct pace_plan *out, struct err *e)
{
	bool rows = pb->start.kind == START_LIST && pb->start.tag == NULL &&
		    pb->start.segment == NULL;
	struct count c = { .w = w,
		.live = live,
		.pb = pb,
		.from = pace_starts_at(w, pb),
		.days = g_array_new(FALSE, TRUE, sizeof(struct tally)),
		.most = pb->start.limit > 0 ? pb->start.limit : INT64_MAX };
	double share = 1;
	int rc = 0;

	memset(out, 0, sizeof(*out));
	g_array_set_clear_func(c.days, tally_clear);
	if (w->cat->policy->tasks.per_day > 0 && way_has_calls(pb) &&
	    pb->start.kind != START_ON && pb->start.kind != START_ENTER)
		rc = rows ? of_rows(&c, e) : of_everybody(&c, &share, e);
	if (rc == 0) {
		out->entries = (int64_t)((double)c.entries * share);
		judge(&c, share, out);
	}
	g_array_unref(c.days);
	return rc;
}

/* ---- at publication ---- */

/* What promises so many at once: a campaign, and a limit a day. Others come as they come. */
static bool
promises(const struct playbook *pb)
{
	return pb->start.kind == START_LIST ||
	       (pb->start.limit > 0 && pb->start.limit_per_day);
}

static void
tell(struct work *w, const struct playbook *pb, const struct pace_plan *plan,
    struct report *r)
{
	double hour = (double)MS_HOUR / (double)w->cat->policy->tasks.each;
	struct date d = date_from_days(plan->day);
	int64_t fit = plan->entries * plan->room / plan->calls;
	char *hint;

	if (fit > 0)
		hint = g_strdup_printf("write limit: %" G_GINT64_FORMAT
				       "/day, a later day, or ask more people",
		    fit);
	else
		hint = g_strdup("choose a later day, or ask more people");
	report_add(r, SEV_ERROR, pb->start.limit > 0 ? pb->start.limit_at : pb->start.at,
	    "hours", hint,
	    "step \"%s\" needs %.1f h of calls on %04d-%02d-%02d (%" G_GINT64_FORMAT
	    " calls), the %d %s who could make them %s %.1f h left",
	    plan->step, (double)plan->calls / hour, d.year, d.month, d.day, plan->calls,
	    plan->people, plan->people == 1 ? "person" : "people",
	    plan->people == 1 ? "has" : "have", (double)plan->room / hour);
	g_free(hint);
}

int
pace_prove(struct work *w, struct report *r, struct err *e)
{
	for (int i = 0; i < w->cat->n_versions; i++) {
		const struct version *v = w->cat->versions[i];
		const struct playbook *pb = v->playbook;
		struct pace_plan plan;
		struct launch l;
		int rc;

		if (pb->status != PLAYBOOK_LIVE || !promises(pb) || !way_has_calls(pb))
			continue;
		/* What has been published is paced; only what is new can be refused. */
		if ((rc = launch_of_hash(w->store, v->hash, &l, e)) < 0)
			return -1;
		if (rc == 1)
			continue;
		if (pace_plan(w, pb, desk_live_named(w->desk, pb->name), &plan, e) != 0)
			return -1;
		if (plan.calls > plan.room)
			tell(w, pb, &plan, r);
	}
	return 0;
}
