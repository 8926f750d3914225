/* habits.c - people as a handful of odds: temper by person, luck by message. */
#include "sim/habits.h"

#include <string.h>

#include "habits_reply.h"

/* Luck: splitmix64, one stream a message ----------------------------------- */

static uint64_t
mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static double
draw(uint64_t *s)
{
	*s = mix(*s);
	return (double)(*s >> 11) * 0x1p-53;
}

static bool
chance(uint64_t *s, double p)
{
	return draw(s) < p;
}

/* Times that people take are spread over orders of magnitude around a median. */
static ms_t
about(uint64_t *s, ms_t median)
{
	static const double factor[] = { 0.08, 0.2, 0.35, 0.55, 0.8, 1.25, 1.9, 3.0, 5.5,
		14.0 };
	enum { LAST = sizeof factor / sizeof factor[0] - 1 };
	double x = draw(s) * LAST;
	int i = (int)x;
	double f =
	    factor[i] + (factor[i + 1 > LAST ? LAST : i + 1] - factor[i]) * (x - i);
	return (ms_t)((double)median * f);
}

/* FNV-1a, finished by a mix: the same on every machine. */
uint64_t
habits_person(const char *address, size_t len)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)address[i]) * UINT64_C(0x100000001b3);
	return mix(h);
}

/* Temper ---------------------------------------------------------------------- */

struct temper {
	double keen;   /* 0.4 to 1.6: opens, clicks, answers, comes */
	double cross;  /* 0.2 to 1.8: opts out, complains */
	bool dead;     /* the address is nobody's */
	bool stranger; /* the number has a new owner */
};

static void
temper_of(uint64_t seed, const struct habits_message *m, struct temper *t)
{
	static const double dead[CHANNELS] = { [CHANNEL_SMS] = 0.015,
		[CHANNEL_WECOM] = 0.003,
		[CHANNEL_EMAIL] = 0.02,
		[CHANNEL_PUSH] = 0.04 };
	uint64_t s = mix(seed ^ mix(m->person));
	t->keen = 0.4 + 1.2 * draw(&s);
	t->cross = 0.2 + 1.6 * draw(&s);
	t->dead = chance(&s, dead[m->channel]);
	t->stranger = chance(&s, 0.004);
}

/* What is too much tires the keen and angers the cross. */
static double
fatigue(int recent)
{
	return recent > 4 ? 1.0 + 0.12 * (recent - 4) : 1.0;
}

/* A day in a life ---------------------------------------------------------- */

static ms_t
local_minute(const struct habits_message *m, ms_t after)
{
	ms_t t = m->at + after + (ms_t)m->offset * MS_MINUTE;
	ms_t day = t % MS_DAY;
	return (day < 0 ? day + MS_DAY : day) / MS_MINUTE;
}

/* Moves an instant into [from, to) o'clock of its own or the next day. */
static ms_t
awake(const struct habits_message *m, ms_t after, int from, int to, uint64_t *s)
{
	ms_t minute = local_minute(m, after);
	if (minute >= from * 60 && minute < to * 60)
		return after;
	ms_t wait = (from * 60 - minute + 24 * 60) % (24 * 60);
	ms_t spread = (ms_t)(draw(s) * (to - from) * 15); /* in the first quarter of it */
	return after + (wait + spread) * MS_MINUTE;
}

static void
add(struct habits *out, enum habit kind, ms_t after, int link, const char *text, int yuan)
{
	if (out->n == HABITS_ACTS)
		return;
	struct habit_act act = { kind, after, link, text, yuan };
	int i = out->n++;
	for (; i > 0 && out->acts[i - 1].after > after; i--)
		out->acts[i] = out->acts[i - 1];
	out->acts[i] = act;
}

/* Arriving ---------------------------------------------------------------- */

static void
arrive(const struct habits_message *m, const struct temper *t, uint64_t *s,
    struct habits *out)
{
	static const ms_t median[CHANNELS] = { [CHANNEL_SMS] = 5000,
		[CHANNEL_WECOM] = 900,
		[CHANNEL_EMAIL] = 4000,
		[CHANNEL_PUSH] = 1500 };
	out->receipt_after = about(s, median[m->channel]);
	if (chance(s, 0.02)) /* a phone that was off */
		out->receipt_after += about(s, 2 * MS_HOUR);
	out->delivered = !t->dead && !chance(s, 0.008);
	out->bad_address = t->dead;
	out->perr = t->dead ? "absent" : out->delivered ? "" : "unreachable";
}

/* Opening, clicking --------------------------------------------------------- */

static double
open_rate(const struct habits_message *m, const struct temper *t)
{
	static const double base[CHANNELS] = { [CHANNEL_SMS] = 0.10,
		[CHANNEL_WECOM] = 0.33,
		[CHANNEL_EMAIL] = 0.22,
		[CHANNEL_PUSH] = 0.15 };
	double p = base[m->channel] * t->keen / fatigue(m->recent);
	if (m->rates != NULL && m->channel != CHANNEL_SMS) /* which nobody sees */
		p = m->rates->open * t->keen;
	else if (m->category != CATEGORY_MARKETING)
		p *= 1.4;
	return p > 0.95 ? 0.95 : p;
}

static void
scan(const struct habits_message *m, uint64_t *s, struct habits *out)
{
	if (m->channel != CHANNEL_EMAIL || m->links == 0 || !chance(s, 0.06))
		return;
	for (int i = 0; i < m->links && i < 4; i++)
		add(out, HABIT_SCAN, out->receipt_after + 200 + 150 * i, i, "", 0);
}

/* Of those who read it. */
static double
click_rate(const struct habits_message *m, const struct temper *t)
{
	double open = m->rates == NULL ? 0 : open_rate(m, t) / t->keen;

	return open > 0 ? m->rates->click / open : m->rates != NULL ? 0 : 0.28 * t->keen;
}

/* Returns when it is read, or -1. */
static ms_t
read_it(const struct habits_message *m, const struct temper *t, uint64_t *s,
    struct habits *out)
{
	static const ms_t median[CHANNELS] = { [CHANNEL_SMS] = 6 * MS_MINUTE,
		[CHANNEL_WECOM] = 12 * MS_MINUTE,
		[CHANNEL_EMAIL] = 3 * MS_HOUR,
		[CHANNEL_PUSH] = 4 * MS_MINUTE };
	ms_t when = out->receipt_after + 4 * MS_SECOND + about(s, median[m->channel]);
	bool opens = chance(s, open_rate(m, t));
	when = awake(m, when, 7, 23, s);
	if (!opens)
		return -1;
	if (m->channel != CHANNEL_SMS) /* nobody can see an SMS being read */
		add(out, HABIT_OPEN, when, 0, "", 0);
	if (m->links > 0 && chance(s, click_rate(m, t))) {
		int link = (int)(draw(s) * draw(s) * m->links);
		add(out, HABIT_CLICK, when + 2 * MS_SECOND + about(s, 15 * MS_SECOND),
		    link, "", 0);
	}
	return when;
}

/* Answering ------------------------------------------------------------------ */

/* One word at most from one person to one message: the strongest feeling wins. */
static void
answer(const struct habits_message *m, const struct temper *t, ms_t read, uint64_t *s,
    struct habits *out)
{
	bool marketing = m->category == CATEGORY_MARKETING;
	double anger = t->cross * fatigue(m->recent) * (marketing ? 1.0 : 0.1);
	ms_t late = out->receipt_after + 20 * MS_SECOND + about(s, 25 * MS_MINUTE);
	ms_t when = awake(m, read >= 0 ? read + about(s, MS_MINUTE) : late, 7, 23, s);
	bool mail = m->channel == CHANNEL_EMAIL, push = m->channel == CHANNEL_PUSH;
	uint64_t pick = mix(*s);

	if (!push && chance(s, 0.0002 * anger)) {
		add(out, mail ? HABIT_COMPLAINT : HABIT_REPLY, when, 0,
		    mail ? "" : habits_reply_complaint(pick), 0);
	} else if (chance(s, 0.0033 * anger)) {
		bool word = !mail && !push;
		add(out, word ? HABIT_REPLY : HABIT_UNSUBSCRIBE, when, 0,
		    word ? habits_reply_stop(pick) : "", 0);
	} else if (t->stranger && m->recent == 0 && !push && chance(s, 0.5)) {
		add(out, HABIT_REPLY, when, 0, habits_reply_wrong(pick), 0);
	} else if (!push) {
		const char *text = habits_reply_asked(m->text, pick);
		double p = text != NULL ? 0.112 : 0.006;
		if (text == NULL)
			text = habits_reply_chat(pick);
		p /= fatigue(m->recent);
		if (m->rates != NULL)
			p = m->rates->reply;
		if (chance(s, p * t->keen))
			add(out, HABIT_REPLY, when, 0, text, 0);
	}
}

/* Coming back ------------------------------------------------------------- */

static void
visit(const struct habits_message *m, const struct temper *t, bool read, uint64_t *s,
    struct habits *out)
{
	double p = (read ? 0.05 : 0.006) * t->keen;
	if (m->category == CATEGORY_SERVICE)
		p *= 1.6;
	if (m->rates != NULL)
		p = m->rates->visit * t->keen;
	if (!chance(s, p))
		return;
	ms_t when = 4 * MS_HOUR + about(s, 3 * MS_DAY);
	int yuan = 80 + (int)(about(s, 620));
	add(out, HABIT_VISIT, awake(m, when, 9, 18, s), 0, "", yuan);
}

void
habits_draw(uint64_t seed, const struct habits_message *m, struct habits *out)
{
	memset(out, 0, sizeof *out);
	struct temper t;
	temper_of(seed, m, &t);
	uint64_t s = mix(mix(seed) ^ m->person ^ mix(m->nth));
	arrive(m, &t, &s, out);
	if (!out->delivered)
		return;
	scan(m, &s, out);
	ms_t read = read_it(m, &t, &s, out);
	answer(m, &t, read, &s, out);
	visit(m, &t, read >= 0, &s, out);
}

/* Over 80 % of the calls that succeed do so on workdays at 10-11 and 15-16
 * o'clock, mostly because that is when people can talk (field articles). */
enum habit_call
habits_call(uint64_t seed, uint64_t person, uint64_t nth, ms_t at, int offset)
{
	struct habits_message m = {
		.person = person, .channel = CHANNEL_SMS, .at = at, .offset = offset
	};
	struct temper t;
	temper_of(seed, &m, &t);
	ms_t local = at + (ms_t)offset * MS_MINUTE;
	int hour = (int)(local_minute(&m, 0) / 60);
	ms_t day = (local - (ms_t)local_minute(&m, 0) * MS_MINUTE) / MS_DAY;
	bool workday = (day + 3) % 7 < 5; /* 1970-01-01 was a Thursday */
	bool good = workday && (hour == 10 || hour == 15);
	uint64_t s = mix(mix(seed ^ UINT64_C(0xca11)) ^ person ^ mix(nth));
	double p = good ? 0.62 : workday ? 0.22 : 0.12;
	if (t.dead || !chance(&s, p * (0.6 + 0.4 * t.keen)))
		return HABIT_CALL_NONE;
	if (t.stranger)
		return HABIT_CALL_WRONG;
	return chance(&s, 0.10 * t.cross) ? HABIT_CALL_REFUSED : HABIT_CALL_REACHED;
}
