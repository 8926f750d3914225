/* When it will all be out: what is due of a playbook and who is still to come, at the pace of
 * its accounts, in the hours that are open. Reads only. */
#include <string.h>

#include "core/quiet.h"
#include "hand.h"
#include "launch.h"
#include "pace.h"
#include "spec/catalog.h"
#include "store/launch.h"
#include "store/msg.h"

/* Further ahead nobody plans. */
#define WINDOWS_MAX 400

/* Accounts of a channel, together. 0: without a rate, as fast as they answer. */
static double
pace_of(const struct config *cfg, int channel)
{
	double sum = 0;

	for (int i = 0; i < cfg->n_accounts; i++)
		if (cfg->accounts[i].channels & BIT(channel)) {
			if (cfg->accounts[i].rate <= 0)
				return 0;
			sum += cfg->accounts[i].rate;
		}
	return sum;
}

/* The first text that its steps send: whoever enters gets it. */
static const struct template *
first_text(const struct playbook *pb)
{
	for (int i = 0; i < pb->n_steps; i++)
		if (pb->steps[i].n_sends > 0)
			return pb->steps[i].templates[0];
	return NULL;
}

struct outlook {
	ms_t from, finish; /* finish MS_NEVER: not within the windows looked at */
	ms_t next_window;  /* what is left then begins again; 0: nothing is */
	int64_t spill;     /* not in the first window */
};

/* Window after window, as many in each as its time takes. */
static void
look_ahead(const struct work *w, const struct template *t, double rate, int64_t n,
    ms_t from, struct outlook *o)
{
	struct quiet_query q = { .policy = w->cat->policy,
		.zone = w->cat->config->entity.zone,
		.channel = t->channel,
		.category = t->category,
		.urgent = t->urgent,
		.greeting = t->greeting,
		.open_from = -1,
		.open_to = -1 };
	ms_t span = config_span(w->cat->config, t->channel) + quiet_lead(t->channel),
	     at = from;

	*o = (struct outlook){ .finish = MS_NEVER };
	for (int i = 0; i < WINDOWS_MAX; i++) {
		struct quiet_answer a;
		ms_t needs = rate <= 0 ? 0 : (ms_t)((double)n / rate * 1000), room;

		quiet_ask(&q, at, span, &a);
		if (a.quiet) {
			if (a.next == MS_NEVER)
				return;
			at = a.next;
			quiet_ask(&q, at, span, &a);
		}
		o->from = o->from == 0 ? at : o->from;
		room = a.until == MS_NEVER ? MS_NEVER : MAX(a.until - span - at, 0);
		if (needs <= room) {
			o->finish = at + needs;
			return;
		}
		n -= (int64_t)((double)room / 1000 * rate);
		if (o->next_window == 0) {
			quiet_ask(&q, a.until, span, &a);
			o->next_window = a.quiet ? a.next : a.until;
			o->spill = n;
			at = o->next_window;
		} else {
			at = a.until;
		}
	}
}

static json_t *
when(const struct work *w, ms_t at)
{
	char buf[CLOCK_TEXT];

	return at == MS_NEVER || at == 0
		   ? json_null()
		   : json_string(clock_format(
			 at, zone_offset(w->cat->config->entity.zone, at) / 60, buf));
}

/* A ramp holds most of them for so long. */
static ms_t
held_by_ramp(const struct work *w, const struct playbook *pb, const struct launch *l)
{
	struct ramp ramp;

	ramp_of(&w->cat->policy->launch, pb, &ramp);
	return l->state == LAUNCH_RAMP || l->state == LAUNCH_COUNTDOWN || l->version == 0
		   ? MAX(ramp.n - 1 - l->stage, 0) * ramp.hold
		   : 0;
}

/* The day on which it asks most of people. */
static void
calls(const struct work *w, const struct pace_plan *plan, json_t *out)
{
	double hour = (double)MS_HOUR / (double)w->cat->policy->tasks.each;
	struct date d = date_from_days(plan->day);

	if (plan->calls == 0)
		return;
	json_object_set_new(out, "calls",
	    json_pack("{so sI sf sf si sI sI}", "day",
		json_sprintf("%04d-%02d-%02d", d.year, d.month, d.day), "calls",
		plan->calls, "needs_h", (double)plan->calls / hour, "left_h",
		(double)plan->room / hour, "people", plan->people, "enter", plan->entries,
		"fit",
		plan->calls > plan->room ? plan->entries * plan->room / plan->calls
					 : plan->entries));
}

int
hand_forecast(struct hand *h, struct err *e)
{
	struct work *w = h->w;
	const char *name = hand_text(h, "playbook");
	const struct version *v = catalog_playbook(w->cat, name);
	const struct live *live = desk_live_named(w->desk, name);
	const struct template *t;
	struct launch l = { 0 };
	struct outlook o;
	struct pace_plan plan;
	int64_t due = 0, audience = 0;
	ms_t ramp, from;
	double rate;

	if (v == NULL || live == NULL)
		return hand_no(h, 404, "there is no playbook \"%.64s\"", name);
	if ((t = first_text(v->playbook)) == NULL)
		return hand_no(h, 422, "%s sends nothing", name);
	if (launch_of_hash(w->store, v->hash, &l, e) < 0 ||
	    msg_count_soon(w->store, live->number, w->now + MS_DAY, &due, e) != 0 ||
	    launch_audience(w, v->playbook, &audience, e) != 0)
		return -1;
	audience = MAX(audience - l.entered, 0);
	rate = pace_of(w->cat->config, (int)t->channel);
	ramp = held_by_ramp(w, v->playbook, &l);
	from = due > 0 ? w->now : pace_starts_at(w, v->playbook);
	look_ahead(w, t, rate, due + audience, from + ramp, &o);
	if (pace_plan(w, v->playbook, live, &plan, e) != 0)
		return -1;
	calls(w, &plan, h->out);
	json_object_set_new(h->out, "playbook", json_string(name));
	json_object_set_new(
	    h->out, "channel", json_string(channel_name((int)t->channel)));
	json_object_set_new(h->out, "due", json_integer(due));
	json_object_set_new(h->out, "to_come", json_integer(audience));
	json_object_set_new(h->out, "per_second", json_real(rate));
	json_object_set_new(h->out, "ramp_s", json_integer(ramp / MS_SECOND));
	json_object_set_new(h->out, "from", when(w, o.from));
	json_object_set_new(h->out, "finish", when(w, o.finish));
	json_object_set_new(h->out, "spill", json_integer(o.spill));
	json_object_set_new(h->out, "next_window", when(w, o.next_window));
	return 0;
}
