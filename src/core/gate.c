#include "core/gate.h"
#include "core/region.h"

#include <glib.h>

/* How often it is looked whether a person has seen to what stands in the way. */
#define LOOK_AGAIN (10 * MS_MINUTE)

const struct tier *
gate_tier(const struct policy *p, const struct customer *c)
{
	static const struct tier none = { .name = "none", .cap = -1 };
	const struct tier *t = policy_tier(p, c->tier);

	return t != NULL ? t : &none;
}

int
gate_period(enum cap_period kind, const struct zone *house, ms_t at, ms_t *start, ms_t *end)
{
	struct local l;
	struct date from, to;

	zone_local(house, at, &l);
	from = (struct date){ l.date.year, kind == CAP_YEAR ? 1 : l.date.month, 1 };
	to = from;
	if (kind == CAP_YEAR)
		to.year++;
	else if (++to.month > 12) {
		to.month = 1;
		to.year++;
	}
	*start = zone_instant(house, date_days(from), 0);
	*end = zone_instant(house, date_days(to), 0);
	return kind == CAP_YEAR ? l.date.year : l.date.year * 100 + l.date.month;
}

static enum reason
say(struct verdict *v, enum reason reason, const char *rule, struct pos at, ms_t next,
    const char *fmt, ...)
{
	va_list ap;

	v->reason = reason;
	v->rule = rule;
	v->at = at;
	v->next = next;
	va_start(ap, fmt);
	g_vsnprintf(v->detail, sizeof(v->detail), fmt, ap);
	va_end(ap);
	return reason;
}

/* ---- what concerns the house, the customer and the run, whatever the channel ---- */

static enum reason
standing_checks(const struct gate *g, const struct template *t, struct verdict *v)
{
	const struct playbook *p = g->playbook;
	char age[CLOCK_TEXT];

	if (g->paused)
		return say(v, REASON_PAUSED, p->name, p->at, MS_NEVER, "%s",
		    g->paused_why == NULL || *g->paused_why == '\0' ? "status is not live" :
								     g->paused_why);
	if (g->frozen != NULL)
		return say(v, REASON_FROZEN, g->frozen, (struct pos){ 0 }, MS_NEVER, "%s", g->frozen);
	if (g->playbook->reads_visits && g->stale_since != 0 &&
	    g->policy->stale_after != MS_NEVER && g->now - g->stale_since > g->policy->stale_after)
		return say(v, REASON_DATA_STALE, "stale_after", g->policy->stale_at, MS_NEVER,
		    "visits were last heard of %s ago",
		    clock_duration_format((g->now - g->stale_since) / MS_HOUR * MS_HOUR, age));
	/* Who answered what was wrong must hear what is right. */
	if (g->standing->talk != NULL && t->category == CATEGORY_MARKETING && !g->correction)
		return say(v, REASON_IN_CONVERSATION, g->standing->talk, g->standing->talk_at,
		    g->standing->talk_until, "at most until this instant");
	if (g->standing->erased)
		return say(v, REASON_ERASED, "erase", (struct pos){ 0 }, 0, "");
	if (g->standing->complaint_block)
		return say(v, REASON_COMPLAINT_BLOCK, "complaint", (struct pos){ 0 }, 0, "");
	return REASON_NONE;
}

static enum reason
consent_checks(const struct gate *g, const struct template *t, struct verdict *v)
{
	int need = t->category == CATEGORY_MARKETING ? CONSENT_MARKETING :
	    t->category == CATEGORY_SERVICE	     ? CONSENT_SERVICE :
						       CONSENT_NONE;

	if ((t->category == CATEGORY_MARKETING || g->correction) && g->standing->opted_out[t->channel])
		return say(v, REASON_SUPPRESSED, "opt-out", (struct pos){ 0 }, 0, "%s",
		    channel_name(t->channel));
	if (g->customer->consent[t->channel] < need)
		return say(v, REASON_NO_CONSENT, "consent", (struct pos){ 0 }, 0, "%s needs %s",
		    channel_name(t->channel), category_name(t->category));
	return REASON_NONE;
}

static enum reason
run_checks(const struct gate *g, const struct template *t, struct verdict *v)
{
	const struct cond *c;

	if (g->run_left)
		return say(v, REASON_EXITED, "exit", (struct pos){ 0 }, 0, "");
	if (g->goal_met)
		return say(v, REASON_GOAL_MET, "goal", g->playbook->goal.at, 0, "");
	if (g->subject_gone)
		return say(v, REASON_AUDIENCE_MISMATCH, "subject", g->playbook->at, 0,
		    "the %s is no longer his, or over", subject_name((int)g->playbook->subject));
	if (g->playbook->while_ != NULL && !cond_true(g->playbook->while_, g->scope)) {
		c = cond_decider(g->playbook->while_, g->scope);
		return say(v, REASON_AUDIENCE_MISMATCH, "while", c->at, 0, "%s", c->text);
	}
	/* The control group is given nothing, and is told so in its own place. */
	if (t->offer != NULL && g->holds != NULL && g->control == CONTROL_NONE &&
	    !g->holds(g->arg, t->offer))
		return say(v, REASON_AUDIENCE_MISMATCH, t->offer, t->offer_at, 0,
		    "offer %s: not granted, or used, or over", t->offer);
	if (g->now >= g->expires_at)
		return say(v, REASON_EXPIRED, "expires", g->step->at, 0, "");
	return REASON_NONE;
}

static enum reason
channel_checks(const struct gate *g, const struct template *t, const struct tier *tier,
    struct verdict *v, bool *tokens)
{
	const struct account *abroad = NULL;

	if (*g->customer->address[t->channel] == '\0')
		return say(v, REASON_NO_ADDRESS, "address", (struct pos){ 0 }, 0, "%s",
		    channel_name(t->channel));
	if (g->standing->invalid[t->channel])
		return say(v, REASON_NOT_REACHABLE, "address", (struct pos){ 0 }, 0,
		    "%s address is known to be wrong", channel_name(t->channel));
	if (tier->never & BIT(t->channel))
		return say(v, REASON_NOT_REACHABLE, tier->name, tier->at, 0,
		    "tier %s never gets %s", tier->name, channel_name(t->channel));
	v->account = g->account(g->arg, t->channel, tokens);
	if (v->account != NULL && region_forbids(v->account, g->customer, g->zone))
		abroad = v->account;
	else if (v->account == NULL && g->config != NULL)
		abroad = region_all_forbid(g->config, t->channel, g->customer, g->zone);
	if (abroad != NULL)
		return say(v, REASON_RESIDENCY, abroad->name, abroad->at, 0,
		    "%s is outside China and has no export_basis", abroad->name);
	if (v->account == NULL)
		return say(v, REASON_NOT_REACHABLE, "provider", (struct pos){ 0 }, 0,
		    "no provider serves %s", channel_name(t->channel));
	return REASON_NONE;
}

/* Two people, one number: what both would read is read once. */
static enum reason
twin_check(const struct gate *g, const struct template *t, struct verdict *v)
{
	if (g->standing->twin[t->channel] == NULL || t->category == CATEGORY_TRANSACTIONAL)
		return REASON_NONE;
	return say(v, REASON_MERGED, "number", g->step->at, 0, "%s",
	    g->standing->twin[t->channel]);
}

static enum reason
frozen_check(const struct gate *g, const struct template *t, struct verdict *v)
{
	if (g->frozen_channels & BIT(t->channel))
		return say(v, REASON_FROZEN, v->account->name, v->account->at, MS_NEVER,
		    "every account of %s is frozen", channel_name(t->channel));
	return REASON_NONE;
}

/* What the service would refuse a number is not handed to it: another channel may do, and
 * later this one. */
static enum reason
number_check(const struct gate *g, const struct template *t, struct verdict *v)
{
	if (g->full == NULL || !g->full(g->arg, v->account, t, v))
		return REASON_NONE;
	v->reason = REASON_PROVIDER_RULE;
	return REASON_PROVIDER_RULE;
}

/* What one account would not take another of the channel may: that one is asked, or waited for. */
static enum reason
text_checks(const struct gate *g, const struct template *t, struct verdict *v, bool *tokens)
{
	const struct account *said = NULL;
	const char *why = "";
	struct pos where = t->at;
	bool waits = false;

	for (;;) {
		const struct account *acc = v->account, *other;
		const char *detail = "";
		struct pos at = t->at;
		int rc = g->render(g->arg, t, acc, &detail, &at);

		if (rc < 0)
			return say(v, REASON_TEMPLATE_ERROR, t->name, at, 0, "%s", detail);
		if (rc == 0)
			return REASON_NONE;
		other = g->other == NULL ? NULL : g->other(g->arg, t->channel, tokens);
		if (!waits) {
			said = acc;
			why = detail;
			where = at;
			waits = rc == RENDER_WAITS;
		}
		if (other == NULL)
			return say(v, REASON_PROVIDER_RULE, said->name, where,
			    waits ? g->now + LOOK_AGAIN : 0, "%s", why);
		v->account = other;
	}
}

/* ---- time ---- */

static enum reason
quiet_check(const struct gate *g, const struct template *t, struct verdict *v)
{
	struct quiet_query q = {
		.policy = g->policy,
		.zone = g->zone,
		.channel = t->channel,
		.category = t->category,
		.urgent = t->urgent,
		.greeting = t->greeting,
	};
	ms_t span = account_span(v->account) + quiet_lead(t->channel);
	struct quiet_answer a;

	account_hours(v->account, t->category, &q.open_from, &q.open_to);
	quiet_ask(&q, g->now, span, &a);
	if (a.quiet)
		return say(v, REASON_QUIET, a.rule, a.at, a.next, "");
	v->open_until = a.until == MS_NEVER ? MS_NEVER : a.until - span;
	v->valid_until = a.until;
	return REASON_NONE;
}

/* What went to another counts where both have the address. */
static bool
counts(const struct standing_sent *s, const struct template *t)
{
	return s->only == 0 || s->only & BIT(t->channel);
}

static enum reason
gap_check(const struct gate *g, const struct template *t, const struct tier *tier,
    struct verdict *v)
{
	bool tiers = tier->min_gap > g->policy->min_gap; /* the strictest wins */
	ms_t gap = tiers ? tier->min_gap : g->policy->min_gap;
	const struct standing *st = g->standing;

	if (t->category != CATEGORY_MARKETING || gap <= 0 || g->correction)
		return REASON_NONE;
	for (int i = 0; i < st->n_sent; i++) {
		char text[CLOCK_TEXT];

		if (st->sent[i].category != CATEGORY_MARKETING || !counts(&st->sent[i], t))
			continue;
		if (st->sent[i].at + gap <= g->now)
			break;
		return say(v, REASON_MIN_GAP, tiers ? tier->name : "min_gap",
		    tiers ? tier->at : g->policy->min_gap_at, st->sent[i].at + gap,
		    "%s between marketing messages", clock_duration_format(gap, text));
	}
	return REASON_NONE;
}

/* ---- caps ---- */

/* Higher-priority plans due before `end` that would need the slot we ask for. */
static enum reason
reserved_check(const struct gate *g, int remaining, ms_t end, const char *rule, struct pos at,
    struct verdict *v)
{
	const struct standing *st = g->standing;
	ms_t horizon = MIN(g->now + g->policy->lookahead, end);
	int wanted = 0;

	for (int i = 0; i < st->n_plans; i++) {
		if (st->plans[i].priority <= g->playbook->priority || st->plans[i].due >= horizon)
			continue;
		if (remaining - ++wanted > 0)
			continue;
		return say(v, REASON_CAPPED_RESERVED, rule, at, st->plans[i].due,
		    "kept for %s (priority %d over %d)", st->plans[i].playbook,
		    st->plans[i].priority, g->playbook->priority);
	}
	return REASON_NONE;
}

static enum reason
tier_check(const struct gate *g, const struct template *t, const struct tier *tier,
    struct verdict *v)
{
	int used = tier->period == CAP_YEAR ? g->standing->year_used : g->standing->month_used;
	ms_t start, end;

	if (tier->cap < 0)
		return REASON_NONE;
	gate_period(tier->period, g->house, g->now, &start, &end);
	if (used >= tier->cap)
		return say(v, REASON_CAPPED, tier->name, tier->at, end, "%d of %d this %s", used,
		    tier->cap, tier->period == CAP_YEAR ? "year" : "month");
	if (g->standing->address_used[t->channel] >= tier->cap)
		return say(v, REASON_CAPPED, tier->name, tier->at, end,
		    "%d of %d to this address this %s", g->standing->address_used[t->channel], tier->cap,
		    tier->period == CAP_YEAR ? "year" : "month");
	used = MAX(used, g->standing->address_used[t->channel]);
	return reserved_check(g, tier->cap - used, end, tier->name, tier->at, v);
}

static enum reason
window_check(const struct gate *g, const struct template *t, const struct limit *l,
    struct verdict *v)
{
	const struct standing *st = g->standing;
	ms_t oldest = 0;
	int used = 0;
	char text[CLOCK_TEXT];

	if (!(l->categories & BIT(t->category)))
		return REASON_NONE;
	for (int i = 0; i < st->n_sent && st->sent[i].at + l->window > g->now; i++)
		if (l->categories & BIT(st->sent[i].category) && counts(&st->sent[i], t)) {
			used++;
			if (used <= l->max)
				oldest = st->sent[i].at;
		}
	if (used >= l->max)
		return say(v, REASON_CAPPED, "limits", l->at,
		    oldest == 0 ? MS_NEVER : oldest + l->window, "%d of %d in %s", used, l->max,
		    clock_duration_format(l->window, text));
	if (t->category != CATEGORY_MARKETING)
		return REASON_NONE;
	return reserved_check(g, l->max - used, g->now + l->window, "limits", l->at, v);
}

static enum reason
service_check(const struct gate *g, const struct template *t, struct verdict *v)
{
	const struct standing *st = g->standing;
	struct local today, day;
	ms_t start, end;
	int this_day = 0, this_month = 0;

	gate_period(CAP_MONTH, g->house, g->now, &start, &end);
	zone_local(g->house, g->now, &today);
	for (int i = 0; i < st->n_sent && st->sent[i].at >= start; i++) {
		if (st->sent[i].category != CATEGORY_SERVICE || !counts(&st->sent[i], t))
			continue;
		this_month++;
		zone_local(g->house, st->sent[i].at, &day);
		this_day += day.day == today.day;
	}
	if (this_month >= g->policy->service_per_month)
		return say(v, REASON_CAPPED, "service", g->policy->service_at, end,
		    "%d of %d this month", this_month, g->policy->service_per_month);
	if (this_day >= g->policy->service_per_day)
		return say(v, REASON_CAPPED, "service", g->policy->service_at,
		    zone_instant(g->house, today.day + 1, 0), "%d of %d today", this_day,
		    g->policy->service_per_day);
	return REASON_NONE;
}

static enum reason
cap_checks(const struct gate *g, const struct template *t, const struct tier *tier,
    struct verdict *v)
{
	const struct playbook *p = g->playbook;
	enum reason r = REASON_NONE;
	ms_t start, end;

	if (t->category == CATEGORY_TRANSACTIONAL || g->correction)
		return REASON_NONE;
	if (p->cap >= 0 && g->standing->playbook_used >= p->cap) {
		gate_period(CAP_MONTH, g->house, g->now, &start, &end);
		return say(v, REASON_CAPPED, p->name, p->cap_at, end, "%d of %d of this playbook",
		    g->standing->playbook_used, p->cap);
	}
	if (t->category == CATEGORY_SERVICE)
		r = service_check(g, t, v);
	else
		r = tier_check(g, t, tier, v);
	for (int i = 0; r == REASON_NONE && i < g->policy->n_limits; i++)
		r = window_check(g, t, &g->policy->limits[i], v);
	return r;
}

static enum reason
ask_candidate(const struct gate *g, const struct template *t, struct verdict *v)
{
	const struct tier *tier = gate_tier(g->policy, g->customer);
	bool tokens = true;
	enum reason r;

	if ((r = standing_checks(g, t, v)) != REASON_NONE ||
	    (r = consent_checks(g, t, v)) != REASON_NONE || (r = run_checks(g, t, v)) != REASON_NONE ||
	    (r = channel_checks(g, t, tier, v, &tokens)) != REASON_NONE ||
	    (r = twin_check(g, t, v)) != REASON_NONE || (r = frozen_check(g, t, v)) != REASON_NONE ||
	    (r = number_check(g, t, v)) != REASON_NONE ||
	    (r = text_checks(g, t, v, &tokens)) != REASON_NONE ||
	    (r = quiet_check(g, t, v)) != REASON_NONE ||
	    (r = gap_check(g, t, tier, v)) != REASON_NONE)
		return r;
	if (!tokens)
		return say(v, REASON_RATE_LIMITED, v->account->name, v->account->at,
		    g->now + MS_SECOND, "%g a second", v->account->rate);
	if (g->control == CONTROL_PLAYBOOK)
		return say(v, REASON_CONTROL, "control", g->playbook->at, 0, "");
	if (g->control == CONTROL_HOUSE && t->category != CATEGORY_TRANSACTIONAL)
		return say(v, REASON_CONTROL, "control of the house", g->policy->control_at, 0, "");
	return cap_checks(g, t, tier, v);
}

/* The first candidate whose channel can be used at all, else the first. */
static int
first_reachable(const struct gate *g)
{
	const struct tier *tier = gate_tier(g->policy, g->customer);

	for (int i = 0; i < g->step->n_sends; i++) {
		struct verdict v = { 0 };
		bool tokens;

		if (channel_checks(g, g->step->templates[i], tier, &v, &tokens) == REASON_NONE)
			return i;
	}
	return 0;
}

/* Of one channel only: what another says does not hold for it. */
static bool
of_the_channel(enum reason r)
{
	enum fate fate = reason_fate(r);

	return fate == FATE_NEXT || fate == FATE_ALARM || r == REASON_SUPPRESSED ||
	    r == REASON_NO_CONSENT || r == REASON_FROZEN;
}

/* Down the list from the first channel that can be used at all. One that is frozen or has no
 * room for the address now is passed over, and waited for when no other will do. */
static void
ask_list(const struct gate *g, struct verdict *v)
{
	struct verdict frozen = { 0 }, later = { 0 };

	for (int i = first_reachable(g); i < g->step->n_sends; i++) {
		*v = (struct verdict){ .candidate = i, .rule = "",
			.open_until = MS_NEVER, .valid_until = MS_NEVER };
		ask_candidate(g, g->step->templates[i], v);
		if (v->reason == REASON_FROZEN && frozen.reason == REASON_NONE)
			frozen = *v;
		if (v->reason == REASON_PROVIDER_RULE && v->next > 0 &&
		    (later.reason == REASON_NONE || v->next < later.next))
			later = *v;
		if (v->reason != REASON_FROZEN && reason_fate(v->reason) != FATE_NEXT)
			break;
	}
	if (frozen.reason != REASON_NONE && of_the_channel(v->reason))
		*v = frozen;
	else if (later.reason != REASON_NONE && of_the_channel(v->reason))
		*v = later;
}

void
gate_ask(const struct gate *g, struct verdict *v)
{
	/* A channel without an address is passed over before anything is asked of it:
	 * what decides is the channel that would be used. */
	ask_list(g, v);
	if (v->reason == REASON_NONE) {
		v->open_until = MIN(v->open_until, g->expires_at);
		v->valid_until = MIN(v->valid_until, g->expires_at);
		return;
	}
	/* What cannot come round before it loses its use ends now. */
	if ((reason_fate(v->reason) == FATE_UNTIL && v->next >= g->expires_at) ||
	    (reason_fate(v->reason) == FATE_HOLD && g->now >= g->expires_at))
		v->reason = REASON_EXPIRED;
	if (v->reason == REASON_PROVIDER_RULE && v->next >= g->expires_at)
		v->next = 0;
}
