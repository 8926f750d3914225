/* profile_fold.c - what each event adds to a profile. One line of the table per type of event. */
#include <math.h>
#include <string.h>

#include "core/lifecycle.h"
#include "core/profile.h"
#include "folding.h"

/* ---- data of an event ---- */

bool
folding_given(const struct folding *f, const char *name, struct value *out)
{
	return value_map_get(f->h->data, name, strlen(name), out) &&
	       out->type != VALUE_NIL;
}

double
folding_number(const struct folding *f, const char *name, double none)
{
	struct value v;

	if (!folding_given(f, name, &v))
		return none;
	return v.type == VALUE_INT ? (double)v.i : v.type == VALUE_FLOAT ? v.f : none;
}

bool
folding_true(const struct folding *f, const char *name)
{
	struct value v;

	return folding_given(f, name, &v) && v.type == VALUE_BOOL && v.b;
}

static bool
is_word(struct value v, const char *word)
{
	return v.type == VALUE_STR && v.s.len == strlen(word) &&
	       memcmp(v.s.p, word, v.s.len) == 0;
}

int64_t
folding_fen(double yuan)
{
	return isfinite(yuan) && fabs(yuan) < 1e12 ? llround(yuan * 100) : 0;
}

/* ---- counting ---- */

static void
tally(struct folding *f, enum tally which)
{
	struct counted *c = &f->p->tally[which];
	int i = 0;

	c->total++;
	/* History may come late: the newest first, whatever the order of arrival. */
	while (i < TALLY_DAYS && c->day[i] > f->h->day)
		i++;
	if (i == TALLY_DAYS)
		return;
	memmove(
	    &c->day[i + 1], &c->day[i], sizeof(c->day[0]) * (size_t)(TALLY_DAYS - 1 - i));
	c->day[i] = f->h->day;
}

void
folding_meet(struct folding *f)
{
	presence_meet(f->rule, &f->p->presence, f->h->at, f->rule->met);
	if (f->p->month < f->h->month) {
		f->p->month = f->h->month;
		f->p->month_touches = 0;
	}
	f->p->month_touches += f->p->month == f->h->month;
}

static void
answered(struct folding *f)
{
	if (f->p->n_asks > 0)
		f->p->asks |= 1;
}

/* ---- what he says ---- */

static void
rating(struct folding *f)
{
	struct profile *p = f->p;
	struct value question;
	bool nps = folding_given(f, "question", &question) && is_word(question, "nps");
	double scale = folding_number(f, "scale", nps ? 10 : f->lc->scale);
	double score = folding_number(f, "score", folding_number(f, "value", -1));
	int share, i = 0;

	if (scale <= 0 || score < 0 || score > scale)
		return;
	answered(f);
	/* The mean of scores and the net promoter score are never mixed. */
	if (nps) {
		p->nps_n++;
		p->promoters += score >= 0.9 * scale;
		p->detractors += score <= 0.6 * scale;
		return;
	}
	share = (int)lround(1000 * score / scale);
	while (i < SCORES && i < p->n_scores && p->score[i].day > f->h->day)
		i++;
	p->n_scores++;
	p->score_sum += share;
	if (i == SCORES)
		return;
	memmove(&p->score[i + 1], &p->score[i],
	    sizeof(p->score[0]) * (size_t)(SCORES - 1 - i));
	p->score[i] = (struct score){ f->h->day, share };
}

static void
complaint(struct folding *f)
{
	tally(f, TALLY_COMPLAINT);
	f->p->complaints_open++;
}

static void
complaint_closed(struct folding *f)
{
	if (folding_true(f, "all"))
		f->p->complaints_open = 0;
	else if (f->p->complaints_open > 0)
		f->p->complaints_open--;
}

static void
reply(struct folding *f)
{
	answered(f);
}

static void
chat(struct folding *f)
{
	answered(f);
	folding_meet(f);
}

static void
call_answered(struct folding *f)
{
	tally(f, TALLY_CALL);
	answered(f);
	folding_meet(f);
}

static void
call_refused(struct folding *f)
{
	tally(f, TALLY_CALL_REFUSED);
}

/* ---- the rest: counted ---- */

const char *const profile_observations[] = { "asks_prices", "compares", "hesitates",
	"decides_slowly", "haggles", "distant", "competitor_seen", NULL };
static const enum tally observed[] = { TALLY_ASKS_PRICES, TALLY_COMPARES, TALLY_HESITATES,
	TALLY_DECIDES_SLOWLY, TALLY_HAGGLES, TALLY_DISTANT, TALLY_COMPETITOR };
_Static_assert(sizeof(profile_observations) / sizeof(profile_observations[0]) ==
		   sizeof(observed) / sizeof(observed[0]) + 1,
    "one tally each");

static void
note_seen(struct folding *f, struct value v)
{
	for (size_t i = 0; i < sizeof(observed) / sizeof(observed[0]); i++)
		if (is_word(v, profile_observations[i]))
			tally(f, observed[i]);
}

static void
observation(struct folding *f)
{
	struct value v;

	if (!folding_given(f, "what", &v) && !folding_given(f, "value", &v))
		return;
	if (v.type != VALUE_LIST)
		note_seen(f, v);
	else
		for (size_t i = 0; i < v.list->n; i++)
			note_seen(f, v.list->items[i]);
}

#define COUNT(name, which)                  \
	static void name(struct folding *f) \
	{                                   \
		tally(f, which);            \
	}
COUNT(no_show, TALLY_NO_SHOW)
COUNT(reschedule, TALLY_RESCHEDULE)
COUNT(booking, TALLY_BOOKING)
COUNT(invited, TALLY_INVITED)
COUNT(attended, TALLY_ATTENDED)
COUNT(competitor_seen, TALLY_COMPETITOR)
COUNT(referral, TALLY_REFERRAL)
COUNT(warranty_sale, TALLY_WARRANTY)
COUNT(second_car, TALLY_SECOND_CAR)
COUNT(purchase, TALLY_PURCHASE)

static const struct {
	const char *type;
	void (*fold)(struct folding *f);
	const char *help;
} folds[] = {
	{ "visit", folding_visit,
	    "was at the dealer's: amount, recommended, accepted, basics, lines" },
	{ "order", folding_order,
	    "a repair order: amount, recommended, accepted, basics, lines" },
	{ "rating", rating,
	    "score, scale (default rating_scale), question: nps is kept apart; rules read "
	    "event.share, the score as a share of its scale" },
	{ "complaint", complaint, "open until complaint_closed" },
	{ "complaint_closed", complaint_closed, "a complaint is settled; with all: true every one of his. The last lifts his block" },
	{ "booking", booking, "booked an appointment" },
	{ "no_show", no_show, "did not come" },
	{ "reschedule", reschedule, "moved or cancelled an appointment" },
	{ "call_answered", call_answered, "spoke with us by phone" },
	{ "call_refused", call_refused, "did not want to be called" },
	{ "reply", reply, "answered a message; reachd makes it" },
	{ "answered", reply, "answered by a way reachd does not see; staff say so" },
	{ "chat", chat, "talked with us in writing" },
	{ "invited", invited, "invited to an event" },
	{ "attended", attended, "came to an event" },
	{ "observation", observation,
	    "what people saw: asks_prices, compares, hesitates, decides_slowly, haggles, "
	    "distant, competitor_seen" },
	{ "competitor_seen", competitor_seen, "seen elsewhere: source" },
	{ "referral", referral, "brought another customer" },
	{ "warranty_sale", warranty_sale, "bought a warranty" },
	{ "second_car", second_car, "bought another car" },
	{ "purchase", purchase, "bought the car: no longer a prospect" },
};

bool
profile_fold(struct profile *p, const struct lifecycle *lc, const struct presence_rule *r,
    const struct happening *h)
{
	struct folding f = { p, lc, r, h };

	for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]); i++)
		if (strcmp(folds[i].type, h->type) == 0) {
			folds[i].fold(&f);
			return true;
		}
	return false;
}

bool
profile_meets(const char *type)
{
	static void (*const meeting[])(struct folding *) = { folding_visit, folding_order,
		rating, reply, chat, call_answered };

	for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]); i++)
		for (size_t k = 0; k < sizeof(meeting) / sizeof(meeting[0]); k++)
			if (folds[i].fold == meeting[k] &&
			    strcmp(folds[i].type, type) == 0)
				return true;
	return false;
}

/* ---- taken back ---- */

static void
drop_complaint(struct folding *f)
{
	struct counted *c = &f->p->tally[TALLY_COMPLAINT];

	if (c->total == 0)
		return;
	c->total--;
	for (int i = 0; i < TALLY_DAYS; i++)
		if (c->day[i] == f->h->day) {
			memmove(&c->day[i], &c->day[i + 1],
			    sizeof(c->day[0]) * (size_t)(TALLY_DAYS - 1 - i));
			c->day[TALLY_DAYS - 1] = 0;
			break;
		}
	if (f->p->complaints_open > c->total)
		f->p->complaints_open = c->total;
}

bool
profile_unfold(struct profile *p, const struct lifecycle *lc, const struct happening *h)
{
	struct folding f = { p, lc, NULL, h };

	if (strcmp(h->type, "order") == 0)
		folding_drop_order(&f);
	else if (strcmp(h->type, "complaint") == 0)
		drop_complaint(&f);
	else
		return false;
	return true;
}

const char *
profile_event(int i, const char **help)
{
	if (i < 0 || (size_t)i >= sizeof(folds) / sizeof(folds[0]))
		return NULL;
	*help = folds[i].help;
	return folds[i].type;
}

void
profile_touch(struct profile *p, const struct presence_rule *r, ms_t at, int month,
    int channel, bool reached, bool asked)
{
	p->touches++;
	if (p->month < month) {
		p->month = month;
		p->month_touches = 0;
	}
	p->month_touches += p->month == month;
	if (reached)
		presence_meet(r, &p->presence, at, r->weight[channel]);
	if (asked) {
		p->asks <<= 1;
		p->n_asks++;
	}
}

void
profile_seed(struct profile *p, const struct presence_rule *r, const struct customer *c,
    ms_t last_visit, int today, int month)
{
	int64_t told = folding_fen(c->spend_12m);

	if (p->presence.at == 0 && last_visit != 0)
		presence_meet(r, &p->presence, last_visit, r->met);
	if (told == p->base)
		return;
	/* What a month's tier stands on is what was known when the month began; the first
	 * figure counts at once. */
	if (p->base_month != month) {
		p->base_before = p->base == 0 ? told : p->base;
		p->base_month = month;
	}
	p->base = told;
	p->base_day = today;
}
