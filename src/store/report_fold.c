/* report_fold.c - rows put together: who was touched, reached, answered, came back, paid.
 *
 * An answer belongs to the last touch before it, if that is not older than the
 * attribution; a trial to every run that had touched him by then. What he buys after
 * coming back counts for the run whose goal was met last. */
#include <string.h>

#include "core/message.h"
#include "report.h"

bool
report_listed(const char *const *list, const char *name)
{
	return list != NULL && g_strv_contains(list, name);
}

const char *
report_playbook(const struct reports *r, int number)
{
	const char *name = g_hash_table_lookup(r->playbooks, GINT_TO_POINTER(number));

	return name != NULL ? name : "";
}

int
report_number(const struct reports *r, const char *playbook)
{
	GHashTableIter it;
	gpointer number, name;

	g_hash_table_iter_init(&it, r->playbooks);
	while (g_hash_table_iter_next(&it, &number, &name))
		if (strcmp(name, playbook) == 0)
			return GPOINTER_TO_INT(number);
	return 0;
}

const struct campaign *
report_campaign(const struct reports *r, int playbook)
{
	const char *name = report_playbook(r, playbook);

	for (int i = 0; i < r->ask.rules->n_campaigns; i++)
		if (report_listed(r->ask.rules->campaigns[i].playbooks, name))
			return &r->ask.rules->campaigns[i];
	return NULL;
}

bool
report_in(const struct reports *r, ms_t at)
{
	return at >= r->ask.from && at < r->ask.to;
}

int64_t
report_day(const struct reports *r, ms_t at)
{
	struct local l;

	zone_local(r->ask.zone, at, &l);
	return l.day;
}

bool
report_sent(const struct touch *t)
{
	return t->at != 0 && message_column(t->state, t->reason, 1) == COLUMN_SENT;
}

/* Evidence that it reached him: a receipt, an answer, a click, an open. */
static bool
has_reached(const struct touch *t)
{
	return t->state == MSG_DELIVERED || t->answered_at != 0 || t->opened_at != 0;
}

/* ---- sorting rows under their customer ---- */

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static int
by_touch(const void *a, const void *b)
{
	const struct touch *x = a, *y = b;
	int c = ORDER(x->man->id, y->man->id);

	if (c == 0)
		c = ORDER(x->at, y->at);
	return c != 0 ? c : ORDER(x->id, y->id);
}

static int
by_walk(const void *a, const void *b)
{
	const struct walk *x = a, *y = b;
	int c = ORDER(x->customer, y->customer);

	return c != 0 ? c : ORDER(x->id, y->id);
}

static int
by_time(const void *a, const void *b)
{
	const struct happened *x = a, *y = b;
	int c = ORDER(x->man->id, y->man->id);

	if (c == 0)
		c = ORDER(x->at, y->at);
	return c != 0 ? c : ORDER(y->mark, x->mark); /* an order before its visit */
}

static int
by_call(const void *a, const void *b)
{
	const struct called *x = a, *y = b;
	int c = ORDER(x->run, y->run);

	return c != 0 ? c : ORDER(x->at, y->at);
}

static void
sort_all(struct reports *r)
{
	g_array_sort(r->touches, by_touch);
	g_array_sort(r->walks, by_walk);
	g_array_sort(r->happened, by_time);
	g_array_sort(r->called, by_call);
	for (guint i = r->touches->len; i-- > 0;) {
		struct touch *t = &g_array_index(r->touches, struct touch, i);

		t->man->touches = t;
		t->man->n_touches++;
	}
	for (guint i = r->walks->len; i-- > 0;) {
		struct walk *w = &g_array_index(r->walks, struct walk, i);

		w->man->walks = w;
		w->man->n_walks++;
		g_hash_table_insert(r->runs, &w->id, w);
	}
	for (guint i = r->happened->len; i-- > 0;) {
		struct happened *h = &g_array_index(r->happened, struct happened, i);

		h->man->happened = h;
		h->man->n_happened++;
	}
}

/* ---- one customer ---- */

static void
fold_touches(struct reports *r, struct man *m)
{
	bool clicks = report_listed(r->ask.rules->marks.answers, "click");

	for (int i = 0; i < m->n_touches; i++) {
		struct touch *t = &m->touches[i];
		struct walk *w = g_hash_table_lookup(r->runs, &t->run);

		t->walk = w;
		if (!report_sent(t))
			continue;
		if (clicks && t->clicked_at != 0)
			t->answered_at = t->clicked_at;
		if (w == NULL)
			continue;
		w->cost += (double)t->cost;
		if (*t->variant != '\0' && *w->variant == '\0')
			w->variant = t->variant;
		if (w->first == NULL)
			w->first = t;
	}
}

static void
answer(struct reports *r, struct man *m, ms_t at)
{
	for (int i = m->n_touches; i-- > 0;) {
		struct touch *t = &m->touches[i];

		if (!report_sent(t) || t->at > at)
			continue;
		if (at - t->at <= r->ask.rules->attribution &&
		    (t->answered_at == 0 || at < t->answered_at))
			t->answered_at = at;
		return;
	}
}

static void
trial(struct reports *r, struct man *m, ms_t at)
{
	for (int i = 0; i < m->n_walks; i++) {
		struct walk *w = &m->walks[i];

		if (w->first != NULL && w->first->at <= at &&
		    at - w->entered_at <= r->ask.rules->attribution)
			w->tried = true;
	}
}

/* The run he came back by, by that instant. */
static struct walk *
brought_back(struct man *m, ms_t at)
{
	struct walk *best = NULL;

	for (int i = 0; i < m->n_walks; i++) {
		struct walk *w = &m->walks[i];

		if (w->goal_at != 0 && w->goal_at <= at && !w->control &&
		    (best == NULL || w->goal_at >= best->goal_at))
			best = w;
	}
	return best;
}

/* A visit tells its amount unless the order of that day does. */
static double
paid(struct reports *r, const struct man *m, const struct happened *h)
{
	int64_t day = report_day(r, h->at);

	if (h->mark & MARK_ORDER)
		return h->amount;
	for (int i = 0; i < m->n_happened; i++)
		if ((m->happened[i].mark & MARK_ORDER) &&
		    report_day(r, m->happened[i].at) == day)
			return 0;
	return h->amount;
}

static void
income(struct reports *r, struct man *m, const struct happened *h)
{
	const struct report_rules *rules = r->ask.rules;
	bool came = h->mark & (MARK_RETURN | MARK_ORDER);
	double amount = came ? paid(r, m, h) : h->amount;
	struct walk *w = brought_back(m, h->at);

	for (int i = 0; i < m->n_walks; i++)
		if (m->walks[i].entered_at <= h->at &&
		    h->at - m->walks[i].entered_at <= rules->horizon)
			m->walks[i].spent += amount;
	if (w == NULL || h->at - w->goal_at > rules->horizon)
		return;
	if (h->mark & MARK_EXTRA) {
		w->extras++;
		w->extras_paid += h->amount;
	} else if (h->mark & MARK_REFERRAL) {
		w->referrals++;
		w->referrals_paid += h->amount;
	} else {
		w->paid += amount;
	}
	if ((h->mark & MARK_RETURN) && h->at > w->goal_at &&
	    h->at - w->goal_at <= rules->stay)
		w->returns++;
}

static void
fold_happened(struct reports *r, struct man *m)
{
	for (int i = 0; i < m->n_happened; i++) {
		const struct happened *h = &m->happened[i];

		if (h->mark & MARK_ANSWER)
			answer(r, m, h->at);
		if (h->mark & MARK_TRIAL)
			trial(r, m, h->at);
		if (h->mark & (MARK_RETURN | MARK_ORDER | MARK_EXTRA | MARK_REFERRAL))
			income(r, m, h);
	}
}

int64_t
report_away_since(struct reports *r, const struct man *m, const struct walk *w)
{
	int64_t entered = report_day(r, w->entered_at), since = 0;

	if (m->last_visit != 0 && m->last_visit < entered)
		since = m->last_visit;
	for (int i = 0; i < m->n_happened; i++) {
		const struct happened *h = &m->happened[i];

		if ((h->mark & (MARK_RETURN | MARK_ORDER)) && h->at < w->entered_at)
			since = MAX(since, report_day(r, h->at));
	}
	return since;
}

static void
fold_walks(struct reports *r, struct man *m)
{
	for (int i = 0; i < m->n_touches; i++) {
		const struct touch *t = &m->touches[i];
		struct walk *w = t->walk;

		if (w == NULL || !report_sent(t))
			continue;
		if (has_reached(t) && !w->reached) {
			w->reached = true;
			w->reach = &m->touches[i];
		}
		w->answered |= t->answered_at != 0;
	}
	for (int i = 0; i < m->n_walks; i++) {
		struct walk *w = &m->walks[i];

		w->recalled = w->goal_at != 0;
		w->answered |= w->tried; /* whoever came to try has answered */
		w->reached |= w->answered;
		w->stay_known =
		    w->returns > 0 || r->ask.now - w->goal_at > r->ask.rules->stay;
		w->away_since = report_away_since(r, m, w);
	}
}

static void
fold_calls(struct reports *r)
{
	for (guint i = r->called->len; i-- > 0;) {
		struct called *c = &g_array_index(r->called, struct called, i);
		struct walk *w = g_hash_table_lookup(r->runs, &c->run);

		if (w == NULL)
			continue;
		w->calls = c;
		w->n_calls++;
	}
}

/* What runs were given, and the milestones their playbooks name. */
static void
fold_runs(struct reports *r)
{
	for (guint i = 0; i < r->given->len; i++) {
		const struct given *g = &g_array_index(r->given, struct given, i);
		struct walk *w = g_hash_table_lookup(r->runs, &g->run);

		if (w == NULL)
			continue;
		if (*w->offer == '\0')
			w->offer = g->name;
		w->offers += g->redeemed;
	}
	for (guint i = 0; i < r->milestones->len; i++) {
		const struct milestone *m =
		    &g_array_index(r->milestones, struct milestone, i);
		struct walk *w = g_hash_table_lookup(r->runs, &m->run);

		if (w == NULL)
			continue;
		w->answered |= m->answered;
		w->tried |= m->tried;
	}
}

void
report_fold(struct reports *r)
{
	sort_all(r);
	fold_calls(r);
	fold_runs(r);
	for (guint i = 0; i < r->man->len; i++)
		fold_touches(r, r->man->pdata[i]);
	for (guint i = 0; i < r->man->len; i++) {
		fold_happened(r, r->man->pdata[i]);
		fold_walks(r, r->man->pdata[i]);
	}
}
