/* profile.c - the packed form of a profile, and the small things every fold uses. */
#include "core/profile.h"

#include <stddef.h>
#include <string.h>

#include "base/check.h"

/* The form's number; another one is read as nothing known. */
#define FORM 1

uint32_t
profile_key(const char *word)
{
	uint32_t h = 2166136261U;

	for (; *word != '\0'; word++)
		h = (h ^ (unsigned char)*word) * 16777619U;
	return h == 0 ? 1 : h;
}

int
profile_counted(const struct counted *c, int today, int days)
{
	int n = 0;

	while (n < TALLY_DAYS && c->day[n] != 0 && c->day[n] > today - days)
		n++;
	return n;
}

int64_t
profile_amount(const struct note *n)
{
	return n->ordered > n->told ? n->ordered : n->told;
}

/* A visit and its orders tell of the same extras: the fuller account counts. */
int
profile_recommended(const struct note *n)
{
	return n->recommended > n->told_recommended ? n->recommended
						    : n->told_recommended;
}

int
profile_accepted(const struct note *n)
{
	return n->recommended > n->told_recommended ? n->accepted : n->told_accepted;
}

/* ---- numbers as varints, small ones of either sign in a byte ---- */

struct packer {
	bool writing;
	uint8_t *out;
	const uint8_t *in, *end;
};

static void
put(struct packer *k, int64_t v)
{
	uint64_t u = (uint64_t)v << 1 ^ (uint64_t)(v >> 63);

	while (u >= 0x80) {
		*k->out++ = (uint8_t)(u | 0x80);
		u >>= 7;
	}
	*k->out++ = (uint8_t)u;
}

static int64_t
get(struct packer *k)
{
	uint64_t u = 0;

	for (int shift = 0; k->in < k->end && shift < 64; shift += 7) {
		uint8_t b = *k->in++;

		u |= (uint64_t)(b & 0x7f) << shift;
		if (b < 0x80)
			break;
	}
	return (int64_t)(u >> 1) ^ -(int64_t)(u & 1);
}

/* One walk over all parts serves both ways. */
static void
number(struct packer *k, int64_t *v)
{
	if (k->writing)
		put(k, *v);
	else
		*v = get(k);
}

static void
small(struct packer *k, int *v)
{
	int64_t n = *v;

	number(k, &n);
	*v = (int)n;
}

static void
word(struct packer *k, uint32_t *v)
{
	int64_t n = *v;

	number(k, &n);
	*v = (uint32_t)n;
}

static void
flag(struct packer *k, bool *v)
{
	int n = *v;

	small(k, &n);
	*v = n != 0;
}

/* A count that must fit its array. */
static void
count(struct packer *k, int *n, int max)
{
	small(k, n);
	if (*n < 0 || *n > max)
		*n = 0;
}

static void
notes(struct packer *k, struct profile *p)
{
	count(k, &p->n_notes, NOTES);
	for (int i = 0; i < p->n_notes; i++) {
		struct note *n = &p->note[i];

		small(k, &n->day);
		small(k, &n->visits);
		number(k, &n->ordered);
		number(k, &n->told);
		small(k, &n->recommended);
		small(k, &n->accepted);
		small(k, &n->told_recommended);
		small(k, &n->told_accepted);
		flag(k, &n->basics);
		flag(k, &n->came);
	}
	number(k, &p->spend_orders);
	number(k, &p->base);
	number(k, &p->base_before);
	small(k, &p->base_day);
	small(k, &p->base_month);
}

/* Most were never counted: only those that were, each by its number. */
static void
tallies(struct packer *k, struct profile *p)
{
	int n = 0, which;

	for (int i = 0; i < TALLIES; i++)
		n += p->tally[i].total != 0;
	count(k, &n, TALLIES);
	for (int i = 0, at = 0; i < n; i++, at++) {
		while (k->writing && p->tally[at].total == 0)
			at++;
		which = at;
		small(k, &which);
		if (which < 0 || which >= TALLIES)
			return;
		at = which;
		small(k, &p->tally[at].total);
		for (int d = 0;
		     d < TALLY_DAYS && (d == 0 || p->tally[at].day[d - 1] != 0); d++)
			small(k, &p->tally[at].day[d]);
	}
}

static void
answers(struct packer *k, struct profile *p)
{
	int kept;

	small(k, &p->complaints_open);
	small(k, &p->n_scores);
	kept = p->n_scores < SCORES ? p->n_scores : SCORES;
	for (int i = 0; i < kept; i++) {
		small(k, &p->score[i].day);
		small(k, &p->score[i].share);
	}
	number(k, &p->score_sum);
	small(k, &p->nps_n);
	small(k, &p->promoters);
	small(k, &p->detractors);
	word(k, &p->asks);
	small(k, &p->n_asks);
	small(k, &p->touches);
	small(k, &p->month);
	small(k, &p->month_touches);
	number(k, &p->touched);
}

static void
memory(struct packer *k, struct presence *m)
{
	int mille = (int)(m->strength * 1000 + 0.5);

	number(k, &m->at);
	number(k, &m->last);
	small(k, &mille);
	m->strength = (double)mille / 1000;
}

static void
standing(struct packer *k, struct profile *p)
{
	int talks = TALKS;

	flag(k, &p->judged);
	small(k, &p->stage_by);
	small(k, &p->stage);
	number(k, &p->stage_at);
	small(k, &p->dormant_type);
	small(k, &p->lost_cause);
	count(k, &p->n_marks, MARKS);
	for (int i = 0; i < p->n_marks; i++) {
		word(k, &p->mark[i].key);
		small(k, &p->mark[i].day);
	}
	count(k, &p->n_warned, WORDS_KEPT);
	for (int i = 0; i < p->n_warned; i++)
		word(k, &p->warned[i]);
	count(k, &p->n_silent, WORDS_KEPT);
	for (int i = 0; i < p->n_silent; i++)
		word(k, &p->silent[i]);
	while (k->writing && talks > 0 && p->talk[talks - 1] == 0)
		talks--;
	count(k, &talks, TALKS);
	for (int i = 0; i < talks; i++)
		number(k, &p->talk[i]);
}

static void
walk(struct packer *k, struct profile *p)
{
	notes(k, p);
	tallies(k, p);
	answers(k, p);
	memory(k, &p->presence);
	standing(k, p);
}

size_t
profile_pack(const struct profile *p, uint8_t *out)
{
	struct profile copy = *p;
	struct packer k = { .writing = true, .out = out };

	*k.out++ = FORM;
	walk(&k, &copy);
	CHECK(k.out - out <= PROFILE_PACKED);
	return (size_t)(k.out - out);
}

void
profile_unpack(const uint8_t *in, size_t len, struct profile *out)
{
	struct packer k = { .in = in + 1, .end = in + len };

	memset(out, 0, sizeof(*out));
	if (len > 0 && in[0] == FORM)
		walk(&k, out);
	if (out->presence.strength < 1)
		out->presence.strength = 1;
}
