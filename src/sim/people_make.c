#include "sim/people_make.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "people_names.h"
#include "spec/table.h"

/* Whom a dealer has, in a hundred, and how long ago they were last seen. Those from
 * 180 days on are dormant; `regular` come back within their own cycle. */
enum kind {
	KIND_PROSPECT,
	KIND_NEW,
	KIND_REGULAR,
	KIND_OVERDUE,
	KIND_DORMANT,
	KIND_LOST,
	KINDS
};

static const struct {
	int share;
	int from, to; /* days since the last visit */
} kinds[KINDS] = {
	[KIND_PROSPECT] = { 3, 0, 0 },
	[KIND_NEW] = { 8, 1, 100 },
	[KIND_REGULAR] = { 49, 1, 175 },
	[KIND_OVERDUE] = { 12, 120, 179 },
	[KIND_DORMANT] = { 19, 180, 364 },
	[KIND_LOST] = { 9, 365, 900 },
};

static const char *const stores[] = { "城东店", "城西店", "滨江店", "高新店", "南湖店",
	"北站店" };
#define STORES (int)G_N_ELEMENTS(stores)
#define ADVISORS 5 /* of a store */

struct draw {
	struct arena *a;
	uint64_t seed, state;
	int64_t nth, today;
	enum kind kind;
	int cycle; /* days between this person's visits */
	struct customer *out;
};

static int
below(struct draw *d, int n)
{
	return people_names_below(&d->state, n);
}

static int
between(struct draw *d, int from, int to)
{
	return from + below(d, to - from + 1);
}

static bool
in_hundred(struct draw *d, int n)
{
	return below(d, 100) < n;
}

/* Different people get different numbers: multiplying by what shares no factor
 * with 10^8 only changes their order. */
static const char *
people_number(struct draw *d)
{
	uint64_t s = d->seed, factor = people_names_random(&s) % 10000000 * 10 + 3;
	uint64_t shift = people_names_random(&s) % PEOPLE_MAX;
	uint64_t n = ((uint64_t)d->nth * factor + shift) % PEOPLE_MAX;

	return arena_printf(d->a, "+86154%08" G_GUINT64_FORMAT, n);
}

static void
people_who(struct draw *d)
{
	struct customer *c = d->out;
	bool female = in_hundred(d, 31), urumqi = in_hundred(d, 2);

	c->ext = arena_printf(d->a, "C%06" G_GINT64_FORMAT, d->nth + 1);
	c->name = urumqi && in_hundred(d, 40)
		      ? people_names_uyghur(d->a, &d->state, female)
		      : people_names_han(d->a, &d->state, female);
	if (in_hundred(d, 97))
		c->gender = female ? "female" : "male";
	c->tz = urumqi ? "Asia/Urumqi" : in_hundred(d, 96) ? "Asia/Shanghai" : "";
	if (in_hundred(d, 84))
		c->birthday = date_from_days(d->today - between(d, 23 * 365, 64 * 365));
}

/* An advisor is the same person for all customers of a seed. */
static void
people_house(struct draw *d)
{
	int one = below(d, STORES), other = below(d, STORES);
	int store = MIN(one, other),
	    advisor = below(d, ADVISORS); /* some stores are larger */
	uint64_t s = d->seed ^ (uint64_t)(store * ADVISORS + advisor + 1);

	people_names_random(&s);
	d->out->store = stores[store];
	d->out->advisor = people_names_han(d->a, &s, advisor % 2 == 0);
}

static void
people_addresses(struct draw *d)
{
	struct customer *c = d->out;

	if (in_hundred(d, 98))
		c->address[CHANNEL_SMS] = c->address[CHANNEL_PHONE] = people_number(d);
	if (in_hundred(d, 62))
		c->address[CHANNEL_WECOM] = arena_printf(d->a,
		    "wmdemo%016" G_GINT64_MODIFIER "x", people_names_random(&d->state));
	if (in_hundred(d, 44))
		c->address[CHANNEL_EMAIL] =
		    arena_printf(d->a, "c%06" G_GINT64_FORMAT "@%s", d->nth + 1,
			in_hundred(d, 70) ? "example.com" : "example.org");
	if (in_hundred(d, 37))
		c->address[CHANNEL_PUSH] =
		    arena_printf(d->a, "demo%015" G_GINT64_MODIFIER "x",
			people_names_random(&d->state) >> 4);
}

static void
people_kind(struct draw *d)
{
	int at = below(d, 100);

	for (d->kind = 0; at >= kinds[d->kind].share; d->kind++)
		at -= kinds[d->kind].share;
	d->cycle = between(d, 95, 215);
}

/* Visits go back from the last one in steps of about a cycle; what was spent in the
 * last twelve months is the sum of those that lie in them. */
static void
people_visits(struct draw *d)
{
	struct customer *c = d->out;
	int ago, back, ticket = between(d, 380, 1500);

	if (d->kind == KIND_PROSPECT)
		return;
	ago = d->kind == KIND_REGULAR
		  ? between(d, 1, MIN(d->cycle, kinds[d->kind].to))
		  : between(d, kinds[d->kind].from, kinds[d->kind].to);
	c->visits = d->kind == KIND_NEW ? 1 : 1 + between(d, 1, 4) * between(d, 1, 5);
	if (in_hundred(d, 18))
		ticket *= 3; /* large cars, body work, insurance */
	back = ago;
	for (int i = 0; i < c->visits; i++) {
		if (i > 0)
			back += d->cycle * between(d, 80, 125) / 100;
		if (back < 365)
			c->spend_12m += ticket * between(d, 60, 150) / 100 +
					between(d, 0, 99) / 100.0;
	}
	c->last_visit = date_from_days(d->today - ago);
	c->first_visit = date_from_days(d->today - back);
}

static const char *
people_stage(struct draw *d)
{
	switch (d->kind) {
	case KIND_PROSPECT:
		return "prospect";
	case KIND_NEW:
		return "new";
	case KIND_REGULAR:
		if (d->out->visits <= 4 && in_hundred(d, 40))
			return "growing";
		return in_hundred(d, 76)   ? "satisfied"
		       : in_hundred(d, 60) ? "doubting"
					   : "trying";
	case KIND_OVERDUE:
		return "overdue";
	case KIND_DORMANT:
		return "dormant";
	default:
		return "lost";
	}
}

static const char *
people_tier(struct draw *d)
{
	double spend = d->out->spend_12m;

	if (d->kind == KIND_DORMANT && in_hundred(d, 30))
		return "at-risk";
	if (d->kind == KIND_LOST)
		return in_hundred(d, 20)   ? "weak-tie"
		       : in_hundred(d, 40) ? "at-risk"
					   : "low";
	return spend >= 4500 ? "high" : spend >= 1600 ? "mid" : "low";
}

static void
people_consent(struct draw *d)
{
	unsigned char *consent = d->out->consent;
	int draw = below(d, 100);

	memset(consent,
	    draw < 80   ? CONSENT_MARKETING
	    : draw < 90 ? CONSENT_SERVICE
			: CONSENT_NONE,
	    CHANNELS);
	if (draw >= 95) { /* some chose channel by channel */
		consent[CHANNEL_SMS] =
		    in_hundred(d, 50) ? CONSENT_MARKETING : CONSENT_SERVICE;
		consent[CHANNEL_WECOM] = CONSENT_SERVICE;
		consent[CHANNEL_EMAIL] =
		    in_hundred(d, 50) ? CONSENT_MARKETING : CONSENT_NONE;
	}
}

static void
people_tags(struct draw *d)
{
	bool ev = in_hundred(d, 27), member = in_hundred(d, 35),
	     referrer = in_hundred(d, 5);
	bool vip = d->out->spend_12m >= 9000;
	char *tags = arena_printf(d->a, "%s%s%s%s", ev ? ";ev" : "",
	    member ? ";member" : "", referrer ? ";referrer" : "", vip ? ";vip" : "");

	d->out->tags = *tags != '\0' ? tags + 1 : "";
}

void
people_make(
    struct arena *a, uint64_t seed, int64_t nth, int64_t today, struct customer *out)
{
	struct draw d = { .a = a, .seed = seed, .nth = nth, .today = today, .out = out };

	CHECK(nth >= 0 && nth < PEOPLE_MAX);
	d.state = seed;
	d.state =
	    people_names_random(&d.state) ^ (uint64_t)nth * UINT64_C(0xd1342543de82ef95);
	*out = (struct customer){
		.gender = "",
		.address = { "", "", "", "", "" },
		.attrs = "{}",
	};
	people_who(&d);
	people_house(&d);
	people_addresses(&d);
	people_kind(&d);
	people_visits(&d);
	out->stage = people_stage(&d);
	out->tier = people_tier(&d);
	people_consent(&d);
	people_tags(&d);
}

/* ---- as CSV ---- */

void
people_make_heading(GString *out)
{
	g_string_append(out,
	    "id,name,gender,phone,email,wecom,push,tier,stage,store,advisor,tz,birthday,"
	    "first_visit,last_visit,visits,spend_12m,consent,tags\n");
}

static void
people_field(GString *out, const char *s)
{
	g_string_append_c(out, ',');
	table_write_field(out, s, strlen(s));
}

static void
people_date(GString *out, struct date d)
{
	g_string_append_c(out, ',');
	if (d.year != 0)
		g_string_append_printf(out, "%04d-%02d-%02d", d.year, d.month, d.day);
}

static void
people_levels(GString *out, const unsigned char *consent)
{
	static const char *const levels[] = { "none", "service", "marketing" };
	bool same = true;

	g_string_append_c(out, ',');
	for (int i = 1; i < CHANNELS; i++)
		same &= consent[i] == consent[0];
	if (same) {
		g_string_append(out, levels[consent[0]]);
		return;
	}
	const char *before = "";

	for (int i = 0; i < CHANNELS; i++) {
		if (consent[i] == CONSENT_NONE)
			continue;
		g_string_append_printf(
		    out, "%s%s:%s", before, channel_name(i), levels[consent[i]]);
		before = ";";
	}
}

void
people_make_row(const struct customer *c, GString *out)
{
	const char *phone = c->address[CHANNEL_PHONE];

	table_write_field(out, c->ext, strlen(c->ext));
	people_field(out, c->name);
	people_field(out, c->gender);
	/* As a dealer's system writes it, and as no spreadsheet mistakes it. */
	people_field(out, g_str_has_prefix(phone, "+86") ? phone + 3 : phone);
	people_field(out, c->address[CHANNEL_EMAIL]);
	people_field(out, c->address[CHANNEL_WECOM]);
	people_field(out, c->address[CHANNEL_PUSH]);
	people_field(out, c->tier);
	people_field(out, c->stage);
	people_field(out, c->store);
	people_field(out, c->advisor);
	people_field(out, c->tz);
	people_date(out, c->birthday);
	people_date(out, c->first_visit);
	people_date(out, c->last_visit);
	g_string_append_printf(out, ",%d,%.2f", c->visits, c->spend_12m);
	people_levels(out, c->consent);
	people_field(out, c->tags);
	g_string_append_c(out, '\n');
}
