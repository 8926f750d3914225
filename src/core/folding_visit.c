/* folding_visit.c - what visits and orders add to a profile, and what an order takes back. */
#include <math.h>
#include <string.h>

#include "folding.h"

/* The oldest two become one: nothing spent is lost, it only ages a little late. */
static void
merge_oldest(struct profile *p)
{
	struct note *a = &p->note[0], *b = &p->note[1];

	b->visits += a->visits;
	b->came |= a->came;
	b->ordered = profile_amount(a) + profile_amount(b);
	b->told = 0;
	b->recommended = profile_recommended(a) + profile_recommended(b);
	b->accepted = profile_accepted(a) + profile_accepted(b);
	b->told_recommended = b->told_accepted = 0;
	memmove(a, b, sizeof(*a) * (size_t)(--p->n_notes));
}

static struct note *
note_of(struct folding *f)
{
	struct profile *p = f->p;
	int i = p->n_notes;

	while (i > 0 && p->note[i - 1].day > f->h->day)
		i--;
	if (i > 0 && p->note[i - 1].day == f->h->day)
		return &p->note[i - 1];
	if (p->n_notes == NOTES) {
		if (i == 0) { /* older than all that is kept */
			p->note[0].visits++;
			return &p->note[0];
		}
		merge_oldest(p);
		i--;
	}
	memmove(
	    &p->note[i + 1], &p->note[i], sizeof(p->note[0]) * (size_t)(p->n_notes - i));
	p->note[i] = (struct note){ .day = f->h->day, .visits = 1 };
	p->n_notes++;
	return &p->note[i];
}

struct lines {
	int recommended, accepted;
	double amount;
	bool any;
};

/* Lines of a repair order: { amount, recommended, accepted }. What was recommended and
 * not accepted was not paid. */
static void
read_lines(const struct folding *f, struct lines *out)
{
	struct value v;

	if (!folding_given(f, "lines", &v) || v.type != VALUE_LIST)
		return;
	for (size_t i = 0; i < v.list->n; i++) {
		const struct value item = v.list->items[i];
		struct folding one = *f;
		struct happening h = *f->h;
		bool recommended, accepted;

		if (item.type != VALUE_MAP)
			continue;
		h.data = item.map;
		one.h = &h;
		recommended = folding_true(&one, "recommended");
		accepted = folding_true(&one, "accepted");
		out->any = true;
		out->recommended += recommended;
		out->accepted += recommended && accepted;
		if (!recommended || accepted)
			out->amount += folding_number(&one, "amount", 0);
	}
}

/* A number, or a list of names. */
static int
how_many(const struct folding *f, const char *name)
{
	struct value v;

	if (folding_given(f, name, &v) && v.type == VALUE_LIST)
		return (int)v.list->n;
	return (int)fmin(fmax(folding_number(f, name, 0), 0), 1000);
}

static void
extras(struct folding *f, struct note *n, const struct lines *l, int *recommended,
    int *accepted)
{
	struct value v;
	int offered = l->recommended + how_many(f, "recommended");
	int taken = l->accepted + how_many(f, "accepted");

	*recommended += offered;
	*accepted += taken < offered ? taken : offered;
	if (folding_given(f, "basics", &v) && v.type == VALUE_BOOL)
		n->basics = v.b;
	else if (profile_recommended(n) > 0)
		n->basics = profile_accepted(n) == 0;
}

void
folding_visit(struct folding *f)
{
	struct note *n = note_of(f);
	struct lines l = { 0 };
	int64_t before = profile_amount(n);

	read_lines(f, &l);
	n->came = true;
	n->told += folding_fen(folding_number(f, "amount", l.amount));
	f->p->spend_orders += profile_amount(n) - before;
	extras(f, n, &l, &n->told_recommended, &n->told_accepted);
	folding_meet(f);
}

void
folding_order(struct folding *f)
{
	struct note *n = note_of(f);
	struct lines l = { 0 };
	int64_t before = profile_amount(n);

	read_lines(f, &l);
	n->ordered += folding_fen(folding_number(f, "amount", l.amount));
	f->p->spend_orders += profile_amount(n) - before;
	extras(f, n, &l, &n->recommended, &n->accepted);
	if (profile_amount(n) > 0 && f->p->presence.last < f->h->at - MS_DAY)
		folding_meet(f);
}

void
folding_drop_order(struct folding *f)
{
	struct profile *p = f->p;
	struct lines l = { 0 };
	struct note *n = NULL;
	int64_t before;

	for (int i = 0; i < p->n_notes; i++)
		if (p->note[i].day == f->h->day)
			n = &p->note[i];
	if (n == NULL)
		return;
	before = profile_amount(n);
	read_lines(f, &l);
	n->ordered -= folding_fen(folding_number(f, "amount", l.amount));
	n->recommended -= l.recommended + how_many(f, "recommended");
	n->accepted -= l.accepted + how_many(f, "accepted");
	n->ordered = n->ordered < 0 ? 0 : n->ordered;
	n->recommended = n->recommended < 0 ? 0 : n->recommended;
	n->accepted = n->accepted < 0 ? 0 : n->accepted;
	n->basics = profile_recommended(n) > 0 && profile_accepted(n) == 0;
	p->spend_orders -= before - profile_amount(n);
	if (n->came || n->ordered > 0 || n->recommended > 0)
		return;
	p->n_notes--;
	memmove(n, n + 1, sizeof(*n) * (size_t)(&p->note[p->n_notes] - n));
}
