#include "sim/weather.h"

#include <string.h>

enum class {
	ERRORS,
	THROTTLE,
	SILENCE,
	CUTS,
	GARBAGE,
	REFUSALS,
	CONNECT,
	SLOW,
	RECEIPTS,
	KILLS,
	POWER,
	WOUNDS,
	CLOCK,
	RELOADS,
	STOPS,
	CLASSES
};
static const char *const names[CLASSES] = { "errors", "throttle", "silence", "cuts",
	"garbage", "refusals", "connect", "slow", "receipts", "kills", "power", "wounds",
	"clock", "reloads", "stops" };

enum arm { ARM_NONE, ARM_KILL, ARM_POWER, ARM_WOUND, ARM_WOUND_POWER };

struct weather {
	struct weather_options o;
	struct rng rng;
	bool on[CLASSES], healed;
	char text[160];
	enum arm arm;
	uint64_t said;
	GPtrArray *habits;
};

/* ---- a thing that happens again and again ---- */

struct habit_of {
	struct weather *w;
	agenda_fn *fn;
	ms_t every;
	bool fault; /* ends when all is healed */
};

static void plan(struct habit_of *h);

static void
happens(void *arg)
{
	struct habit_of *h = arg;

	if (h->fault && h->w->healed)
		return;
	h->fn(h->w);
	plan(h);
}

static void
plan(struct habit_of *h)
{
	struct sim *s = town_sim(h->w->o.town);

	sim_at(s, sim_true(s) + rng_between(&h->w->rng, 1, 2 * h->every), happens, h);
}

static void
often(struct weather *w, ms_t every, bool fault, agenda_fn *fn)
{
	struct habit_of *h = g_new0(struct habit_of, 1);

	*h = (struct habit_of){ w, fn, every, fault };
	g_ptr_array_add(w->habits, h);
	plan(h);
}

/* ---- deaths ---- */

static ms_t
downtime(struct weather *w)
{
	return rng_chance(&w->rng, 0.1) ? rng_between(&w->rng, MS_MINUTE, 6 * MS_HOUR)
					: rng_between(&w->rng, 500, 40 * MS_SECOND);
}

static void
strike(void *arg)
{
	struct weather *w = arg;
	enum arm arm = w->arm;

	w->arm = ARM_NONE;
	if (arm == ARM_KILL || arm == ARM_POWER)
		town_kill(w->o.town, arm == ARM_POWER, downtime(w));
	else if (arm != ARM_NONE)
		town_wound(w->o.town, arm == ARM_WOUND_POWER, downtime(w));
}

static void
at_any_time(struct weather *w, enum arm arm)
{
	w->arm = arm;
	if (rng_chance(&w->rng, 0.3))
		strike(w);
}

static void
kill_soon(void *arg)
{
	at_any_time(arg, ARM_KILL);
}

static void
power_soon(void *arg)
{
	at_any_time(arg, ARM_POWER);
}

static void
wound_soon(void *arg)
{
	struct weather *w = arg;

	at_any_time(w, rng_chance(&w->rng, 0.5) ? ARM_WOUND : ARM_WOUND_POWER);
}

void
weather_traffic(struct weather *w)
{
	struct sim *s = town_sim(w->o.town);

	if (w->arm == ARM_NONE || w->healed || !rng_chance(&w->rng, 0.3))
		return;
	sim_at(s, sim_true(s) + rng_between(&w->rng, 0, 250), strike, w);
}

/* ---- the clock ---- */

static void
set_right(void *arg)
{
	struct weather *w = arg;
	struct sim *s = town_sim(w->o.town);

	if (sim_clock_true(s))
		return;
	sim_step_clock(s, 0);
	referee_clock(w->o.referee, 0, false);
}

static void
step_clock(void *arg)
{
	static const ms_t sizes[] = { 5 * MS_SECOND, 3 * MS_MINUTE, 4 * MS_HOUR,
		3 * MS_DAY, 90 * MS_DAY };
	struct weather *w = arg;
	struct sim *s = town_sim(w->o.town);
	ms_t by = sizes[rng_below(&w->rng, G_N_ELEMENTS(sizes))];

	if (!sim_clock_true(s) || town_engine(w->o.town) == NULL)
		return;
	sim_step_clock(s, rng_chance(&w->rng, 0.5) ? by : -by);
	referee_clock(w->o.referee, sim_true(s), true);
	sim_at(s, sim_true(s) + rng_between(&w->rng, 2 * MS_SECOND, 3 * MS_HOUR),
	    set_right, w);
}

void
weather_rose(struct weather *w)
{
	struct sim *s = town_sim(w->o.town);

	if (!sim_clock_true(s))
		sim_step_clock(s, 0);
	referee_clock(w->o.referee, 0, false);
}

/* ---- sets ---- */

static void
reload(void *arg)
{
	struct weather *w = arg;

	if (town_engine(w->o.town) != NULL)
		w->o.reload(w->o.arg, rng_chance(&w->rng, 0.3) ? SET_BAD : SET_ANY);
}

/* In the end what was there in the beginning: nothing stays paused. */
static void
reload_first(void *arg)
{
	struct weather *w = arg;
	struct sim *s = town_sim(w->o.town);

	if (town_engine(w->o.town) != NULL)
		w->o.reload(w->o.arg, SET_FIRST);
	else
		sim_at(s, sim_true(s) + MS_MINUTE, reload_first, w);
}

/* ---- daily life ---- */

static const char *
somebody(struct weather *w, GPtrArray *list)
{
	return list->pdata[rng_below(&w->rng, list->len)];
}

static void
live(void *arg)
{
	static const char *const types[] = { "visit", "visit", "visit", "visit", "visit",
		"visit", "visit", "booking", "rating", "complaint" };
	struct weather *w = arg;
	struct sim *s = town_sim(w->o.town);
	const char *type = types[rng_below(&w->rng, G_N_ELEMENTS(types))];
	char id[40];

	g_snprintf(id, sizeof(id), "life-%" G_GUINT64_FORMAT, w->said++);
	crowd_event(town_crowd(w->o.town), id, somebody(w, w->o.people), type,
	    sim_true(s), rng_chance(&w->rng, 0.5) ? "{\"score\":3}" : "{\"score\":9}");
}

static void
say(struct weather *w, const char *who)
{
	static const char *const texts[] = { "退订", "TD", "ｔｄ", "T", "R", "N", "拒收",
		"退 订", "退订!!", "TD。", "别发了", "请不要再发了", "STOP",
		"stop please 退订", "UNSUBSCRIBE", "取消", "拒收请回复R", "我要投诉你们",
		"再发就打12315", "START", "START", "START", "好的谢谢" };
	struct sim *s = town_sim(w->o.town);
	const char *text = texts[rng_below(&w->rng, G_N_ELEMENTS(texts))];

	if (strcmp(text, "START") == 0)
		referee_start_word(w->o.referee, CHANNEL_SMS, who, sim_true(s));
	crowd_say(town_crowd(w->o.town), w->o.sms, CHANNEL_SMS, who, text);
}

static void
say_stop(void *arg)
{
	struct weather *w = arg;

	if (w->o.numbers->len > 0 && w->o.sms != NULL)
		say(w, somebody(w, w->o.numbers));
}

/* Somebody who is just being written to. */
static void
snipe(void *arg)
{
	struct weather *w = arg;
	const char *who = w->o.sms == NULL ? NULL : w->o.victim(w->o.arg);

	if (who != NULL)
		say(w, who);
}

void
weather_started(struct weather *w)
{
	struct sim *s = town_sim(w->o.town);

	if (w->healed)
		return;
	if (w->on[STOPS] && rng_chance(&w->rng, 0.1))
		sim_at(s, sim_true(s) + rng_between(&w->rng, 0, 30), snipe, w);
	if (w->arm != ARM_NONE && rng_chance(&w->rng, 0.15))
		sim_at(s, sim_true(s) + rng_between(&w->rng, 0, 20), strike, w);
}

/* ---- all of it ---- */

static double
some(struct weather *w, enum class c, double most)
{
	return w->on[c] ? most * (double)rng_between(&w->rng, 1, 10) / 10 : 0;
}

static void
set_rates(struct weather *w)
{
	struct vendor_faults *v = vendor_faults(town_vendor(w->o.town));
	struct crowd_faults *c = crowd_faults(town_crowd(w->o.town));
	struct sim_faults *s = sim_faults(town_sim(w->o.town));

	v->error_before = some(w, ERRORS, 0.1);
	v->error_after = some(w, ERRORS, 0.1);
	v->throttle = some(w, THROTTLE, 0.2);
	v->silence_before = some(w, SILENCE, 0.1);
	v->silence_after = some(w, SILENCE, 0.1);
	v->cut_before = some(w, CUTS, 0.1);
	v->cut_after = some(w, CUTS, 0.1);
	v->garbage = some(w, GARBAGE, 0.15);
	v->slow = some(w, SLOW, 0.1);
	v->refuse_address = some(w, REFUSALS, 0.04);
	v->refuse = some(w, REFUSALS, 0.02);
	c->lost = some(w, RECEIPTS, 0.2);
	c->doubled = some(w, RECEIPTS, 0.2);
	c->late = some(w, RECEIPTS, 0.2);
	c->early = some(w, RECEIPTS, 0.3);
	s->connect = some(w, CONNECT, 0.3);
	s->slow_net = some(w, SLOW, 0.2);
	s->slow_job = some(w, SLOW, 0.1);
	s->stuck = some(w, SLOW, 0.1);
}

static void
plan_faults(struct weather *w)
{
	ms_t span = w->o.heal - w->o.start;

	set_rates(w);
	if (w->on[KILLS])
		often(w, span / rng_between(&w->rng, 2, 12), true, kill_soon);
	if (w->on[POWER])
		often(w, span / rng_between(&w->rng, 2, 8), true, power_soon);
	if (w->on[WOUNDS])
		often(w, span / rng_between(&w->rng, 2, 12), true, wound_soon);
	if (w->on[CLOCK])
		often(w, span / rng_between(&w->rng, 1, 6), true, step_clock);
	if (w->on[RELOADS])
		often(w, span / rng_between(&w->rng, 1, 10), true, reload);
	if (w->on[STOPS])
		often(w, MAX(MS_MINUTE, 20 * MS_DAY / (ms_t)w->o.people->len), true,
		    say_stop);
}

struct weather *
weather_new(const struct weather_options *o)
{
	struct weather *w = g_new0(struct weather, 1);
	GString *text = g_string_new(NULL);

	w->o = *o;
	w->habits = g_ptr_array_new_with_free_func(g_free);
	rng_seed(&w->rng, o->seed, "weather");
	for (int i = 0; i < CLASSES; i++) {
		w->on[i] = rng_chance(&w->rng, 0.5) && o->faults;
		if (w->on[i])
			g_string_append_printf(
			    text, "%s%s", text->len > 0 ? " " : "", names[i]);
	}
	g_strlcpy(w->text, text->len > 0 ? text->str : "none", sizeof(w->text));
	g_string_free(text, TRUE);
	often(w, MAX(MS_MINUTE, 25 * MS_DAY / (ms_t)o->people->len), false, live);
	if (o->faults)
		plan_faults(w);
	return w;
}

void
weather_free(struct weather *w)
{
	if (w == NULL)
		return;
	g_ptr_array_unref(w->habits);
	g_free(w);
}

const char *
weather_text(const struct weather *w)
{
	return w->text;
}

void
weather_heal(struct weather *w)
{
	w->healed = true;
	w->arm = ARM_NONE;
	memset(w->on, 0, sizeof(w->on));
	set_rates(w);
	sim_faults(town_sim(w->o.town))->dies = NULL;
	set_right(w);
	if (w->o.faults)
		reload_first(w);
}
