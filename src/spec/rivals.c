/* rivals.c - two playbooks of one priority that mean the same people in the same days.
 *
 * Proved from the conditions: whoever one of them means the other means too, and what both
 * send in the first days does not fit the cap of some tier. Then chance decides what is
 * sent. With a different priority it is decided; that may be meant. */
#include <string.h>

#include "core/imply.h"
#include "flow.h"
#include "set.h"

#define GIVEN 2

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* ---- the same start ---- */

static bool
same_list(const struct playbook *a, const struct playbook *b, int days)
{
	bool near = a->start.has_list_at == b->start.has_list_at &&
		    (!a->start.has_list_at || ABS(date_days(a->start.list_date) -
						  date_days(b->start.list_date)) <= days);

	return near && same_text(a->start.tag, b->start.tag) &&
	       same_text(a->start.segment, b->start.segment) &&
	       same_text(a->start.list_file, b->start.list_file);
}

static bool
same_start(const struct playbook *a, const struct playbook *b, int days)
{
	const struct every *x = &a->start.every, *y = &b->start.every;

	if (a->start.kind != b->start.kind || a->subject != b->subject)
		return false;
	switch (a->start.kind) {
	case START_ON:
		return same_text(a->start.on, b->start.on);
	case START_LIST:
		return same_list(a, b, days);
	case START_EVERY:
		return x->unit == y->unit && x->feast == y->feast && x->day == y->day;
	case START_WHEN:
		return true;
	default:
		return false; /* who enters it is decided elsewhere */
	}
}

static bool
covers_stores(const struct playbook *wide, const struct playbook *narrow)
{
	for (int i = 0; i < narrow->n_stores; i++)
		if (playbook_form(wide, narrow->stores[i]) != NULL)
			return false;
	if (wide->n_stores == 0)
		return true;
	for (int i = 0; i < narrow->n_stores; i++) {
		bool there = false;

		for (int k = 0; k < wide->n_stores; k++)
			there |= strcmp(wide->stores[k], narrow->stores[i]) == 0;
		if (!there)
			return false;
	}
	return narrow->n_stores > 0;
}

/* Campaigns that are over before the other begins. */
static bool
same_season(const struct playbook *a, const struct playbook *b)
{
	if (a->active_to.year != 0 && b->active_from.year != 0 &&
	    date_days(a->active_to) < date_days(b->active_from))
		return false;
	return a->active_from.year == 0 || b->active_to.year == 0 ||
	       date_days(b->active_to) >= date_days(a->active_from);
}

/* Whoever `narrow` means `wide` means as well. */
static bool
means_all(const struct playbook *wide, const struct playbook *narrow)
{
	const struct cond *given[GIVEN] = { narrow->start.when, narrow->while_ };

	return covers_stores(wide, narrow) && implies(given, GIVEN, wide->start.when) &&
	       implies(given, GIVEN, wide->while_);
}

/* ---- too much for both ---- */

static bool
of_category(const struct step *s, enum category c)
{
	for (int i = 0; i < s->n_sends; i++)
		if (s->templates[i] != NULL && s->templates[i]->category == c)
			return true;
	return false;
}

static bool
is_marketing(const struct step *s)
{
	return of_category(s, CATEGORY_MARKETING);
}

static bool
is_service(const struct step *s)
{
	return of_category(s, CATEGORY_SERVICE);
}

struct squeeze {
	const char *tier; /* "": whatever the tier */
	int both, room;
};

static bool
too_much(const struct squeeze *q, int a, int b)
{
	return a > 0 && b > 0 && q->room >= 0 && a + b > q->room;
}

/* What the rolling limits of the house leave within the days. */
static int
limited(const struct policy *p, int days, int room)
{
	for (int i = 0; i < p->n_limits; i++)
		if (p->limits[i].window >= days * MS_DAY &&
		    p->limits[i].categories & BIT(CATEGORY_MARKETING) &&
		    (room < 0 || p->limits[i].max < room))
			room = p->limits[i].max;
	return room;
}

static bool
squeezed(const struct set *s, const struct playbook *a, const struct playbook *b,
    int days, struct squeeze *q)
{
	const struct policy *p = s->policy;

	if (a->category == CATEGORY_SERVICE) {
		int x = flow_first(a, NULL, 1, is_service),
		    y = flow_first(b, NULL, 1, is_service);

		*q = (struct squeeze){ "", x + y, p->service_per_day };
		return too_much(q, x, y);
	}
	for (int i = 0; i < p->n_tiers; i++) {
		const struct tier *t = &p->tiers[i];
		int x = flow_first(a, t->name, days, is_marketing),
		    y = flow_first(b, t->name, days, is_marketing);

		if (t->cap == 0 || !flow_admits(a, t->name) || !flow_admits(b, t->name))
			continue;
		*q = (struct squeeze){ t->name, x + y, limited(p, days, t->cap) };
		if (too_much(q, x, y))
			return true;
	}
	return false;
}

static void
tell(const struct set *s, const struct playbook *first, const struct playbook *then,
    const struct squeeze *q, int days)
{
	char *room = *q->tier == '\0'
			 ? g_strdup_printf("%d service message%s a day", q->room,
			       q->room == 1 ? "" : "s")
			 : g_strdup_printf("%d messages in %d days for tier \"%s\"",
			       q->room, days, q->tier);

	report_add(s->report, SEV_WARNING, then->start.at, "rivals",
	    "give one a higher priority, or part them with while: or exits:",
	    "whoever \"%s\" means \"%s\" (%s:%d:%d) means too, in the same days and with "
	    "the "
	    "same priority %d: both have up to %d, there is room for %s, and the earlier "
	    "goes "
	    "first",
	    then->name, first->name, first->start.at.file, first->start.at.line,
	    first->start.at.col, first->priority, q->both, room);
	g_free(room);
}

static void
check_pair(const struct set *s, const struct playbook *a, const struct playbook *b)
{
	int days = (int)MAX(1, s->policy->lookahead / MS_DAY);
	struct squeeze q;

	if (a->category != b->category || a->category == CATEGORY_TRANSACTIONAL ||
	    a->priority != b->priority || !same_start(a, b, days) || !same_season(a, b))
		return;
	if (means_all(a, b) && squeezed(s, a, b, days, &q))
		tell(s, a, b, &q, days);
	else if (means_all(b, a) && squeezed(s, a, b, days, &q))
		tell(s, b, a, &q, days);
}

void
rivals_check(const struct set *s)
{
	if (s->policy == NULL)
		return;
	for (guint i = 0; i < s->playbooks->len; i++) {
		const struct playbook *a =
		    ((const struct set_playbook *)s->playbooks->pdata[i])->playbook;

		for (guint k = i + 1; k < s->playbooks->len; k++) {
			const struct playbook *b =
			    ((const struct set_playbook *)s->playbooks->pdata[k])
				->playbook;

			if (a->status == PLAYBOOK_LIVE && b->status == PLAYBOOK_LIVE)
				check_pair(s, a, b);
		}
	}
}
