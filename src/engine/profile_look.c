/* profile_look.c - when to look at a customer again, and whom the sweep looks at. */
#include <string.h>

#include "core/gate.h"
#include "core/stage.h"
#include "plan.h"
#include "profile.h"
#include "store/run.h"
#include "store/signal.h"

/* Ids a portion passes over at most: a job must not keep the writer for long. */
#define SPAN 2000

/* ---- the next day ---- */

/* The condition holds and he is not in: when may he be let in again? */
static int
again(struct work *w, struct view *v, const struct live *live, const struct playbook *pb,
    int *day, struct err *e)
{
	struct run_entry last;
	ms_t wait;
	int rc;

	*day = v->today + 1;
	rc = person_entry(v->arg, live->family, &last, e);
	if (rc != 1)
		return rc < 0 ? -1 : 0;
	/* While he is in, only the end of that run can let him in again: it asks for a look,
	 * plan.c. */
	if (last.state <= RUN_WATCHING)
		*day = DAY_NEVER;
	else if (pb->count_entry_on_send && last.first_sent_at == 0)
		return 0;
	if (pb->re_entry == MS_NEVER)
		*day = DAY_NEVER;
	else if ((wait = last.entered_at + pb->re_entry - w->now) > 0)
		*day = v->today + MAX(1, (int)(wait / MS_DAY));
	return 0;
}

/* The first day on which he may enter it, for himself or for one of what he has: what he
 * gets later asks for a look when it comes. */
static int
next_entry(struct work *w, struct person *p, const struct live *live,
    const struct playbook *pb, int *next, struct err *e)
{
	static const char *const himself[] = { "", NULL };
	const char *const *about =
	    pb->subject == SUBJECT_NONE ? himself : person_subjects_kept(p, pb->subject);
	struct view *v = profile_view(p);
	int rc = 0;

	for (; *about != NULL && rc == 0; about++) {
		int day;

		person_subject(p, pb->subject, *about);
		day = foresee_true(v, pb->start.when);
		if (day <= v->today)
			rc = again(w, v, live, pb, &day, e);
		*next = MIN(*next, day);
	}
	person_subject(p, SUBJECT_NONE, "");
	return rc;
}

/* Where he could enter tomorrow, were it not for its places, is not on his day: the sweep
 * looks at him whenever there is a place. He waits for one playbook; for another he is
 * looked at daily. */
static int
next_start(struct work *w, struct person *p, int *next, int *place, struct err *e)
{
	int tomorrow = profile_view(p)->today + 1;
	struct desk *d = w->desk;

	for (guint i = 0; i < d->lives->len; i++) {
		const struct live *live = &g_array_index(d->lives, struct live, i);
		const struct version *ver;
		int day = DAY_NEVER;

		if (live->status != PLAYBOOK_LIVE)
			continue;
		if (desk_version(w, live->version, &ver, e) != 0)
			return -1;
		if (ver->playbook->start.kind == START_WHEN &&
		    next_entry(w, p, live, ver->playbook, &day, e) != 0)
			return -1;
		if (day == tomorrow && ver->playbook->start.limit > 0 && *place == 0)
			*place = live->number;
		else
			*next = MIN(*next, day);
	}
	return 0;
}

int
profile_seen(struct work *w, struct person *p, bool sweep, struct err *e)
{
	struct view *v;
	int next, place = 0;

	if (!sweep && p->view != NULL && !p->moved)
		return 0;
	v = profile_view(p);
	next = stage_next(v);
	if (next_start(w, p, &next, &place, e) != 0)
		return -1;
	if (next == p->look.day && place == p->look.place)
		return 0;
	p->look = (struct look){ next, place };
	return profile_save_look(w, p, e);
}

/* ---- the sweep ---- */

/* What everybody was last looked at by: rules, and the playbooks that wait for him. */
static char *
rules_text(struct work *w)
{
	uint64_t h = w->cat->rules_sum;

	for (guint i = 0; i < w->desk->lives->len; i++) {
		const struct live *l = &g_array_index(w->desk->lives, struct live, i);

		if (l->status == PLAYBOOK_LIVE)
			h = (h ^ (uint64_t)l->version) * UINT64_C(0x9e3779b97f4a7c15);
	}
	return arena_printf(w->arena, "%" G_GINT64_MODIFIER "x", (guint64)h);
}

/* With new rules one whole round is made. *all: this round is such a one; it is kept
 * from its first portion to its last, over a crash. */
static int
round_begin(struct work *w, const char *tz, bool start, bool *all, struct err *e)
{
	char key[96], made_key[96], made[40], round[40];
	const char *now = rules_text(w);

	g_snprintf(key, sizeof(key), "look.round:%s", tz);
	g_snprintf(made_key, sizeof(made_key), "look.made:%s", tz);
	if (store_meta_get(w->store, key, round, sizeof(round), e) != 0)
		return -1;
	if (start) {
		if (store_meta_get(w->store, made_key, made, sizeof(made), e) != 0)
			return -1;
		now = strcmp(made, now) == 0 ? "" : now;
		*all = *now != '\0';
		return strcmp(round, now) == 0 ? 0
					       : store_meta_set(w->store, key, now, e);
	}
	*all = *round != '\0';
	return 0;
}

static int
round_end(struct work *w, const char *tz, struct err *e)
{
	char key[96], made_key[96], round[40];

	g_snprintf(key, sizeof(key), "look.round:%s", tz);
	g_snprintf(made_key, sizeof(made_key), "look.made:%s", tz);
	if (store_meta_get(w->store, key, round, sizeof(round), e) != 0)
		return -1;
	if (*round == '\0')
		return 0;
	return store_meta_set(w->store, made_key, round, e) != 0 ||
		       store_meta_set(w->store, key, "", e) != 0
		   ? -1
		   : 0;
}

/* The sweep before this one, kept while it goes on. */
static int
since_when(struct work *w, const char *tz, bool start, ms_t *since, struct err *e)
{
	char key[96], text[24];

	g_snprintf(key, sizeof(key), "look.since:%s", tz);
	if (start) {
		g_snprintf(text, sizeof(text), "%" G_GINT64_FORMAT, *since);
		return store_meta_set(w->store, key, text, e);
	}
	if (store_meta_get(w->store, key, text, sizeof(text), e) != 0)
		return -1;
	*since = g_ascii_strtoll(text, NULL, 10);
	return 0;
}

/* The playbooks that let nobody else in today, as in ",3,17,". */
static int
full_ones(struct work *w, const char **out, struct err *e)
{
	*out = ",";
	for (guint i = 0; i < w->desk->lives->len; i++) {
		const struct live *l = &g_array_index(w->desk->lives, struct live, i);
		const struct version *v;
		int rc;

		if (l->status != PLAYBOOK_LIVE)
			continue;
		if (desk_version(w, l->version, &v, e) != 0)
			return -1;
		if (v->playbook->start.kind != START_WHEN ||
		    v->playbook->start.limit == 0)
			continue;
		if ((rc = plan_full(w, l, v->playbook, e)) < 0)
			return -1;
		if (rc == 1)
			*out = arena_printf(w->arena, "%s%d,", *out, l->number);
	}
	return 0;
}

int
profile_portion(struct work *w, const char *tz, int64_t day, ms_t since, int64_t *cursor,
    struct customer_row *rows, int max, bool *end, struct err *e)
{
	struct due ask = { .tz = tz, .day = day };
	int64_t last;
	int n;

	if (since_when(w, tz, *cursor == 0, &since, e) != 0 ||
	    round_begin(w, tz, *cursor == 0, &ask.all, e) != 0 ||
	    full_ones(w, &ask.full, e) != 0)
		return -1;
	ask.since = since;
	n = signal_due(w->store, &ask, cursor, SPAN, max, rows, e);
	if (n < 0 || customer_last(w->store, &last, e) != 0)
		return -1;
	*end = *cursor >= last;
	return *end && round_end(w, tz, e) != 0 ? -1 : n;
}

/* Ids up to `*cursor` have theirs; a portion more. */
static int
month_portion(struct work *w, const char *month, bool *worked, struct err *e)
{
	char text[24];
	int64_t cursor, last;

	if (store_meta_get(w->store, "tier.cursor", text, sizeof(text), e) != 0 ||
	    customer_last(w->store, &last, e) != 0)
		return -1;
	cursor = g_ascii_strtoll(text, NULL, 10);
	if (signal_tiers(w->store, cursor, cursor + SPAN, e) != 0)
		return -1;
	cursor += SPAN;
	*worked = cursor < last;
	g_snprintf(text, sizeof(text), "%" G_GINT64_FORMAT, *worked ? cursor : 0);
	if (store_meta_set(w->store, "tier.cursor", text, e) != 0)
		return -1;
	return *worked ? 0 : store_meta_set(w->store, "tier.month", month, e);
}

int
profile_month(struct work *w, bool *worked, struct err *e)
{
	const struct zone *house = w->cat->config->entity.zone;
	char now[16], done[16];
	ms_t start, end;

	*worked = false;
	g_snprintf(
	    now, sizeof(now), "%d", gate_period(CAP_MONTH, house, w->now, &start, &end));
	if (store_meta_get(w->store, "tier.month", done, sizeof(done), e) != 0)
		return -1;
	if (strcmp(now, done) == 0)
		return 0;
	/* The first month of a database has nothing to wait for. */
	return *done == '\0' ? store_meta_set(w->store, "tier.month", now, e)
			     : month_portion(w, now, worked, e);
}
