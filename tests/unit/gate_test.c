/* gate_test.c - the order of the gate, pair by pair, and what each refusal says.
 * proves: 2.1, 2.3, 2.4, 3.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "core/gate.h"

/* Tuesday 2026-03-10 10:00 in Shanghai. */
static ms_t
at(const char *text)
{
	ms_t t;

	assert_int_equal(clock_parse(text, &t), 0);
	return t;
}
#define NOON "2026-03-10T10:00:00+08:00"
#define NIGHT "2026-03-10T23:00:00+08:00"

/* Everything of one question; each test spoils what it is about. */
struct scene {
	struct gate gate;
	struct policy policy;
	struct config config;
	struct playbook playbook;
	struct step step;
	struct template text[3];
	const struct template *texts[3];
	const char *sends[3];
	struct customer customer;
	struct standing standing;
	struct tier tier;
	struct limit limit;
	struct quiet_window night;
	struct cond never;
	struct scope scope;
	struct standing_sent sent[8];
	struct standing_plan plans[4];
	struct account account[CHANNELS];
	bool tokens, served[CHANNELS];
	bool full[CHANNELS];
	ms_t room;  /* from then on */
	int render; /* -1 template_error, 1 provider_rule */
	enum channel render_only;
};

static const struct account *
pick(void *arg, enum channel channel, bool *tokens)
{
	struct scene *s = arg;

	*tokens = s->tokens;
	return s->served[channel] ? &s->account[channel] : NULL;
}

static int
render(void *arg, const struct template *t, const struct account *acc,
    const char **detail, struct pos *where)
{
	struct scene *s = arg;

	(void)acc;
	(void)where;
	*detail = "because";
	return s->render_only == CHANNELS || s->render_only == t->channel ? s->render : 0;
}

static bool
full(void *arg, const struct account *acc, const struct template *t, struct verdict *v)
{
	struct scene *s = arg;

	(void)acc;
	if (!s->full[t->channel])
		return false;
	v->rule = "per_number";
	v->next = s->room + (int)t->channel;
	return true;
}

static void
setup(struct scene *s)
{
	static const enum channel channels[] = { CHANNEL_SMS, CHANNEL_WECOM,
		CHANNEL_PUSH };

	memset(s, 0, sizeof(*s));
	s->tier = (struct tier){ .name = "high", .cap = 3 };
	s->night = (struct quiet_window){ .id = "night",
		.from = 22 * 60,
		.to = 8 * 60,
		.weekdays = 127,
		.channels = ~0U,
		.categories = ~0U };
	s->policy = (struct policy){ .quiet = &s->night,
		.n_quiet = 1,
		.tiers = &s->tier,
		.n_tiers = 1,
		.default_tier = &s->tier,
		.service_per_day = 1,
		.service_per_month = 6,
		.lookahead = 7 * MS_DAY };
	s->playbook = (struct playbook){ .name = "care", .priority = 50, .cap = -1 };
	s->never = (struct cond){ .kind = COND_ANY, .text = "nothing holds" };
	s->customer = (struct customer){ .ext = "C1",
		.tier = "high",
		.address = { "+8619900000001", "w1", "m@example.com", "d1", "" },
		.consent = { 2, 2, 2, 2, 2 } };
	for (int i = 0; i < CHANNELS; i++) {
		s->account[i] = (struct account){ .name = channel_name(i),
			.rate = 10,
			.quiet_from = -1,
			.quiet_to = -1 };
		s->served[i] = true;
	}
	for (int i = 0; i < 3; i++) {
		s->text[i] = (struct template){ .name = "t", .channel = channels[i] };
		s->texts[i] = &s->text[i];
	}
	s->step = (struct step){
		.id = "one", .templates = s->texts, .sends = s->sends, .n_sends = 1
	};
	s->tokens = true;
	s->render_only = CHANNELS;
	s->gate = (struct gate){ .now = at(NOON),
		.policy = &s->policy,
		.config = &s->config,
		.playbook = &s->playbook,
		.step = &s->step,
		.zone = zone_get("Asia/Shanghai"),
		.house = zone_get("Asia/Shanghai"),
		.customer = &s->customer,
		.standing = &s->standing,
		.scope = &s->scope,
		.due_at = at(NOON),
		.planned_at = at(NOON),
		.expires_at = at(NOON) + 3 * MS_DAY,
		.account = pick,
		.render = render,
		.full = full,
		.arg = s };
	s->standing.sent = s->sent;
	s->standing.plans = s->plans;
}

static enum reason
ask(struct scene *s, struct verdict *v)
{
	gate_ask(&s->gate, v);
	return v->reason;
}

/* ---- the order ---- */

static void
paused(struct scene *s)
{
	s->gate.paused = true;
}
static void
frozen(struct scene *s)
{
	s->gate.frozen = "clock";
}
static void
erased(struct scene *s)
{
	s->standing.erased = true;
}
static void
blocked(struct scene *s)
{
	s->standing.complaint_block = true;
}
static void
opted_out(struct scene *s)
{
	s->standing.opted_out[CHANNEL_SMS] = true;
}
static void
no_consent(struct scene *s)
{
	s->customer.consent[CHANNEL_SMS] = CONSENT_SERVICE;
}
static void
left(struct scene *s)
{
	s->gate.run_left = true;
}
static void
goal(struct scene *s)
{
	s->gate.goal_met = true;
}
static void
mismatch(struct scene *s)
{
	s->playbook.while_ = &s->never;
}
static void
expired(struct scene *s)
{
	s->gate.expires_at = at(NOON);
}
static void
no_address(struct scene *s)
{
	s->customer.address[CHANNEL_SMS] = "";
}
static void
wrong(struct scene *s)
{
	s->standing.invalid[CHANNEL_SMS] = true;
}
static void
abroad(struct scene *s)
{
	s->account[CHANNEL_SMS].region = REGION_OUTSIDE;
}
static void
rule(struct scene *s)
{
	s->render = 1;
}
static void
hole(struct scene *s)
{
	s->render = -1;
}
static void
night(struct scene *s)
{
	s->gate.now = at(NIGHT);
}

static void
gap(struct scene *s)
{
	s->policy.min_gap = MS_DAY;
	s->sent[0] = (struct standing_sent){ at(NOON) - MS_HOUR, CATEGORY_MARKETING, 0 };
	s->standing.n_sent = 1;
}

static void
no_tokens(struct scene *s)
{
	s->tokens = false;
}
static void
control(struct scene *s)
{
	s->gate.control = true;
}
static void
capped(struct scene *s)
{
	s->standing.month_used = 3;
}

static void
reserved(struct scene *s)
{
	s->standing.month_used = MAX(s->standing.month_used, 2);
	s->plans[0] = (struct standing_plan){ at(NOON) + 2 * MS_DAY, "vip", 90 };
	s->standing.n_plans = 1;
}

static const struct spoil {
	enum reason reason;
	void (*spoil)(struct scene *);
	enum fate fate;
} order[] = {
	{ REASON_PAUSED, paused, FATE_HOLD },
	{ REASON_FROZEN, frozen, FATE_HOLD },
	{ REASON_ERASED, erased, FATE_END },
	{ REASON_COMPLAINT_BLOCK, blocked, FATE_END },
	{ REASON_SUPPRESSED, opted_out, FATE_END },
	{ REASON_NO_CONSENT, no_consent, FATE_END },
	{ REASON_EXITED, left, FATE_END },
	{ REASON_GOAL_MET, goal, FATE_END },
	{ REASON_AUDIENCE_MISMATCH, mismatch, FATE_END },
	{ REASON_EXPIRED, expired, FATE_END },
	{ REASON_NO_ADDRESS, no_address, FATE_NEXT },
	{ REASON_NOT_REACHABLE, wrong, FATE_NEXT },
	{ REASON_RESIDENCY, abroad, FATE_NEXT },
	{ REASON_PROVIDER_RULE, rule, FATE_NEXT },
	{ REASON_TEMPLATE_ERROR, hole, FATE_ALARM },
	{ REASON_QUIET, night, FATE_UNTIL },
	{ REASON_MIN_GAP, gap, FATE_UNTIL },
	{ REASON_RATE_LIMITED, no_tokens, FATE_UNTIL },
	{ REASON_CONTROL, control, FATE_END },
	{ REASON_CAPPED, capped, FATE_CAP },
	{ REASON_CAPPED_RESERVED, reserved, FATE_CAP },
};

/* Whatever two hold, the earlier one decides. */
static void
every_pair(void **state)
{
	struct scene s;
	struct verdict v;

	(void)state;
	setup(&s);
	assert_int_equal(ask(&s, &v), REASON_NONE);
	for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
		assert_int_equal(reason_fate((int)order[i].reason), order[i].fate);
		for (size_t j = i; j < G_N_ELEMENTS(order); j++) {
			if (order[i].spoil == rule && order[j].spoil == hole)
				continue; /* one answer of one rendering */
			setup(&s);
			order[j].spoil(&s);
			order[i].spoil(&s);
			/* What waits for a cause to end does so until it expires. */
			enum reason want = order[i].fate == FATE_HOLD &&
						   order[j].reason == REASON_EXPIRED
					       ? REASON_EXPIRED
					       : order[i].reason;

			if (ask(&s, &v) != want)
				fail_msg("%s and %s: %s",
				    reason_name((int)order[i].reason),
				    reason_name((int)order[j].reason),
				    reason_name((int)v.reason));
		}
	}
}

/* The list is the table's, in its order, but for what other parts decide. */
static void
the_list_is_whole(void **state)
{
	unsigned seen = 0;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
		assert_true(i == 0 || order[i].reason > order[i - 1].reason);
		seen |= 1U << order[i].reason;
	}
	for (int r = REASON_PAUSED; r < REASONS; r++)
		assert_true(seen >> r & 1 || r == REASON_NOT_APPROVED ||
			    r == REASON_DATA_STALE || r == REASON_IN_CONVERSATION ||
			    r == REASON_PAST || r == REASON_MERGED ||
			    r == REASON_CONTENT_LINT);
}

/* ---- rows: one thing each ---- */

static void
service(struct scene *s)
{
	s->text[0].category = CATEGORY_SERVICE;
}

static void
transactional(struct scene *s)
{
	s->text[0].category = CATEGORY_TRANSACTIONAL;
	s->customer.consent[CHANNEL_SMS] = CONSENT_NONE;
}

static void
cap_zero(struct scene *s)
{
	s->tier.cap = 0;
}
static void
no_cap(struct scene *s)
{
	s->tier.cap = -1, s->standing.month_used = 99;
}
static void
no_tiers(struct scene *s)
{
	s->policy.n_tiers = 0, s->policy.default_tier = NULL;
}

static void
yearly(struct scene *s)
{
	s->tier.period = CAP_YEAR;
	s->standing.month_used = 99;
	s->standing.year_used = 3;
}

static void
by_address(struct scene *s)
{
	s->standing.address_used[CHANNEL_SMS] = 3;
}
static void
by_other_address(struct scene *s)
{
	s->standing.address_used[CHANNEL_WECOM] = 3;
}

static void
reserved_by_address(struct scene *s)
{
	reserved(s);
	s->standing.month_used = 0;
	s->standing.address_used[CHANNEL_SMS] = 2;
}

static void
playbook_cap(struct scene *s)
{
	s->playbook.cap = 2, s->standing.playbook_used = 2;
}
static void
playbook_cap_zero(struct scene *s)
{
	s->playbook.cap = 0;
}

static void
serviced(struct scene *s, int n, ms_t before)
{
	service(s);
	for (int i = 0; i < n; i++)
		s->sent[i] = (struct standing_sent){ at(NOON) - before - i * MS_HOUR,
			CATEGORY_SERVICE, 0 };
	s->standing.n_sent = n;
}
static void
one_today(struct scene *s)
{
	serviced(s, 1, MS_HOUR);
}
static void
one_yesterday(struct scene *s)
{
	serviced(s, 1, 11 * MS_HOUR);
}
static void
six_this_month(struct scene *s)
{
	serviced(s, 6, 2 * MS_DAY);
}
static void
five_this_month(struct scene *s)
{
	serviced(s, 5, 2 * MS_DAY);
}
static void
six_last_month(struct scene *s)
{
	serviced(s, 6, 10 * MS_DAY);
}

/* Two an hour; sent 70, 30 and 20 minutes ago. */
static void
window(struct scene *s)
{
	s->limit = (struct limit){
		.window = MS_HOUR, .max = 2, .categories = BIT(CATEGORY_MARKETING)
	};
	s->policy.limits = &s->limit;
	s->policy.n_limits = 1;
	for (int i = 0; i < 3; i++)
		s->sent[i] = (struct standing_sent){
			at(NOON) - (i == 2 ? 70 : 20 + 10 * i) * MS_MINUTE,
			CATEGORY_MARKETING, 0
		};
	s->standing.n_sent = 3;
}
static void
window_of_three(struct scene *s)
{
	window(s), s->limit.max = 3;
}
static void
window_zero(struct scene *s)
{
	window(s), s->limit.max = 0;
}
static void
window_of_others(struct scene *s)
{
	window(s), s->limit.categories = BIT(CATEGORY_SERVICE);
}

static void
gap_of_tier(struct scene *s)
{
	gap(s);
	s->policy.min_gap = MS_MINUTE;
	s->tier.min_gap = 3 * MS_HOUR;
}
static void
gap_service(struct scene *s)
{
	gap(s), s->sent[0].category = CATEGORY_SERVICE;
}
static void
gap_for_service(struct scene *s)
{
	gap(s), service(s);
}

static void
reserved_later(struct scene *s)
{
	reserved(s), s->plans[0].due = at(NOON) + 8 * MS_DAY;
}
static void
reserved_lower(struct scene *s)
{
	reserved(s), s->plans[0].priority = 50;
}
static void
reserved_two_left(struct scene *s)
{
	reserved(s), s->standing.month_used = 1;
}
static void
reserved_next_month(struct scene *s)
{
	reserved(s);
	s->gate.now = at("2026-03-30T10:00:00+08:00");
	s->gate.expires_at = s->gate.now + MS_DAY;
	s->plans[0].due = at("2026-04-01T10:00:00+08:00");
}
static void
transactional_capped(struct scene *s)
{
	capped(s), transactional(s), gap(s);
}
static void
transactional_blocked(struct scene *s)
{
	transactional(s), blocked(s);
}
static void
transactional_night(struct scene *s)
{
	transactional(s), night(s);
}
static void
urgent(struct scene *s)
{
	transactional(s);
	night(s);
	s->text[0].urgent = true;
}
static void
service_opted_out(struct scene *s)
{
	service(s), opted_out(s), s->customer.consent[0] = 1;
}
static void
service_no_consent(struct scene *s)
{
	service(s), s->customer.consent[0] = 0;
}
static void
never_sms(struct scene *s)
{
	s->tier.never = BIT(CHANNEL_SMS);
}
static void
unserved(struct scene *s)
{
	s->served[CHANNEL_SMS] = false;
}
static void
night_too_late(struct scene *s)
{
	night(s), s->gate.expires_at = at(NIGHT) + MS_HOUR;
}
static void
evening(struct scene *s)
{
	s->gate.now = at("2026-03-10T20:30:00+08:00");
}
static void
evening_provider(struct scene *s)
{
	evening(s);
	s->account[CHANNEL_SMS].quiet_from = 8 * 60;
	s->account[CHANNEL_SMS].quiet_to = 20 * 60;
}
static void
lead(struct scene *s)
{
	s->gate.now = at("2026-03-10T21:49:50+08:00");
}
static void
before_lead(struct scene *s)
{
	s->gate.now = at("2026-03-10T21:49:44+08:00");
}
static void
lead_slow(struct scene *s)
{
	before_lead(s);
	s->account[CHANNEL_SMS].longest = 10 * MS_MINUTE;
}
static void
before_lead_slow(struct scene *s)
{
	lead_slow(s);
	s->gate.now = at("2026-03-10T21:39:59+08:00");
}

static const struct row {
	const char *name;
	void (*spoil)(struct scene *);
	enum reason reason;
	const char *next; /* NULL: not looked at */
} rows[] = {
	{ "case T7 cap 0 is never", cap_zero, REASON_CAPPED,
	    "2026-04-01T00:00:00+08:00" },
	{ "case T7 no cap is none", no_cap, REASON_NONE, NULL },
	{ "no tiers at all", no_tiers, REASON_NONE, NULL },
	{ "capped until the month ends", capped, REASON_CAPPED,
	    "2026-04-01T00:00:00+08:00" },
	{ "a cap per year counts the year", yearly, REASON_CAPPED,
	    "2027-01-01T00:00:00+08:00" },
	{ "a number's own cap", by_address, REASON_CAPPED, NULL },
	{ "not the number of another channel", by_other_address, REASON_NONE, NULL },
	{ "the number's last slot is kept too", reserved_by_address,
	    REASON_CAPPED_RESERVED, NULL },
	{ "a playbook's cap", playbook_cap, REASON_CAPPED, "2026-04-01T00:00:00+08:00" },
	{ "a playbook's cap of 0", playbook_cap_zero, REASON_CAPPED, NULL },
	{ "service, one today", one_today, REASON_CAPPED, "2026-03-11T00:00:00+08:00" },
	{ "service, one yesterday", one_yesterday, REASON_NONE, NULL },
	{ "service, six this month", six_this_month, REASON_CAPPED,
	    "2026-04-01T00:00:00+08:00" },
	{ "service, five this month", five_this_month, REASON_NONE, NULL },
	{ "service, six last month", six_last_month, REASON_NONE, NULL },
	{ "two in the window: until the second newest leaves it", window, REASON_CAPPED,
	    "2026-03-10T10:30:00+08:00" },
	{ "one left in the window", window_of_three, REASON_NONE, NULL },
	{ "a window of 0", window_zero, REASON_CAPPED, NULL },
	{ "a window of other categories", window_of_others, REASON_NONE, NULL },
	{ "gap", gap, REASON_MIN_GAP, "2026-03-11T09:00:00+08:00" },
	{ "gap of the tier", gap_of_tier, REASON_MIN_GAP, "2026-03-10T12:00:00+08:00" },
	{ "gap after a service message", gap_service, REASON_NONE, NULL },
	{ "gap before a service message", gap_for_service, REASON_NONE, NULL },
	{ "kept for a higher priority in two days", reserved, REASON_CAPPED_RESERVED,
	    "2026-03-12T10:00:00+08:00" },
	{ "beyond the look-ahead", reserved_later, REASON_NONE, NULL },
	{ "not for the same priority", reserved_lower, REASON_NONE, NULL },
	{ "two are left", reserved_two_left, REASON_NONE, NULL },
	{ "due in another month", reserved_next_month, REASON_NONE, NULL },
	{ "transactional knows no cap and no gap", transactional_capped, REASON_NONE,
	    NULL },
	{ "transactional respects a complaint", transactional_blocked,
	    REASON_COMPLAINT_BLOCK, NULL },
	{ "transactional respects the night", transactional_night, REASON_QUIET,
	    "2026-03-11T08:00:00+08:00" },
	{ "unless urgent", urgent, REASON_NONE, NULL },
	{ "service after an opt-out from marketing", service_opted_out, REASON_NONE,
	    NULL },
	{ "service without consent", service_no_consent, REASON_NO_CONSENT, NULL },
	{ "a channel the tier never gets", never_sms, REASON_NOT_REACHABLE, NULL },
	{ "a channel nobody serves", unserved, REASON_NOT_REACHABLE, NULL },
	{ "night", night, REASON_QUIET, "2026-03-11T08:00:00+08:00" },
	{ "open again only after its use", night_too_late, REASON_EXPIRED, NULL },
	{ "evening", evening, REASON_NONE, NULL },
	{ "evening, a provider that closes at 20:00", evening_provider, REASON_QUIET,
	    "2026-03-11T08:00:00+08:00" },
	{ "too close to the night", lead, REASON_QUIET, "2026-03-11T08:00:00+08:00" },
	{ "just in time before the night", before_lead, REASON_NONE, NULL },
	{ "too close for an account that takes ten minutes", lead_slow, REASON_QUIET,
	    "2026-03-11T08:00:00+08:00" },
	{ "just in time for an account that takes ten minutes", before_lead_slow,
	    REASON_NONE, NULL },
	{ "no tokens", no_tokens, REASON_RATE_LIMITED, "2026-03-10T10:00:01+08:00" },
};

static void
one_thing_each(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct scene s;
		struct verdict v;

		setup(&s);
		rows[i].spoil(&s);
		if (ask(&s, &v) != rows[i].reason)
			fail_msg("%s: %s", rows[i].name, reason_name((int)v.reason));
		if (rows[i].next != NULL && v.next != at(rows[i].next))
			fail_msg("%s: next is off by %lld ms", rows[i].name,
			    (long long)(v.next - at(rows[i].next)));
		if (v.reason == REASON_NONE)
			assert_true(v.open_until > s.gate.now &&
				    v.open_until <= s.gate.expires_at);
	}
}

/* ---- a list of channels ---- */

static void
the_first_that_can(void **state)
{
	struct scene s;
	struct verdict v;

	(void)state;
	setup(&s);
	s.step.n_sends = 3;
	assert_int_equal(ask(&s, &v), REASON_NONE);
	assert_int_equal(v.candidate, 0);
	no_address(&s);
	no_consent(&s); /* of a channel that is passed over nothing more is asked */
	assert_int_equal(ask(&s, &v), REASON_NONE);
	assert_int_equal(v.candidate, 1);
	s.render = 1;
	s.render_only = CHANNEL_WECOM;
	assert_int_equal(ask(&s, &v), REASON_NONE);
	assert_int_equal(v.candidate, 2);
	s.standing.opted_out[CHANNEL_PUSH] = true;
	assert_int_equal(ask(&s, &v), REASON_SUPPRESSED);
	setup(&s);
	s.step.n_sends = 3;
	for (int i = 0; i < CHANNELS; i++)
		s.customer.address[i] = "";
	assert_int_equal(ask(&s, &v), REASON_NO_ADDRESS);
	s.customer.consent[CHANNEL_SMS] = CONSENT_NONE; /* the first speaks for all */
	assert_int_equal(ask(&s, &v), REASON_NO_CONSENT);
}

/* The month is the entity's, whatever the zone of the customer. */
static void
months_of_the_house(void **state)
{
	const struct zone *z = zone_get("Asia/Shanghai");
	ms_t start, end;

	(void)state;
	assert_int_equal(
	    gate_period(CAP_MONTH, z, at("2026-03-31T23:59:59+08:00"), &start, &end),
	    202603);
	assert_int_equal(
	    gate_period(CAP_MONTH, z, at("2026-03-31T16:00:00Z"), &start, &end), 202604);
	assert_true(start == at("2026-04-01T00:00:00+08:00") &&
		    end == at("2026-05-01T00:00:00+08:00"));
	assert_int_equal(
	    gate_period(CAP_MONTH, z, at("2026-12-31T23:00:00+08:00"), &start, &end),
	    202612);
	assert_true(end == at("2027-01-01T00:00:00+08:00"));
	assert_int_equal(
	    gate_period(CAP_YEAR, z, at("2026-12-31T23:00:00+08:00"), &start, &end),
	    2026);
	assert_true(start == at("2026-01-01T00:00:00+08:00") &&
		    end == at("2027-01-01T00:00:00+08:00"));
}

/* ---- frozen accounts: sms, wecom and push in that order ---- */

static void
second_no_consent(struct scene *s)
{
	s->customer.consent[CHANNEL_WECOM] = CONSENT_NONE;
}
static void
second_opted_out(struct scene *s)
{
	s->standing.opted_out[CHANNEL_WECOM] = true;
}
static void
second_no_address(struct scene *s)
{
	s->customer.address[CHANNEL_WECOM] = "";
}
static void
second_rule(struct scene *s)
{
	s->render = 1, s->render_only = CHANNEL_WECOM;
}
static void
second_hole(struct scene *s)
{
	s->render = -1, s->render_only = CHANNEL_WECOM;
}

#define F(channel) BIT(CHANNEL_##channel)
static const struct frozen_row {
	const char *name;
	unsigned frozen;
	int sends;
	void (*spoil)(struct scene *);
	enum reason reason;
	int candidate;
} frozen_rows[] = {
	{ "none", 0, 2, NULL, REASON_NONE, 0 },
	{ "the first: the next goes", F(SMS), 2, NULL, REASON_NONE, 1 },
	{ "the first two: the third goes", F(SMS) | F(WECOM), 3, NULL, REASON_NONE, 2 },
	{ "the second: it is not needed", F(WECOM), 2, NULL, REASON_NONE, 0 },
	{ "the only one: held", F(SMS), 1, NULL, REASON_FROZEN, 0 },
	{ "all: held for the first", F(SMS) | F(WECOM), 2, NULL, REASON_FROZEN, 0 },
	{ "a slow first one is waited for", 0, 2, no_tokens, REASON_RATE_LIMITED, 0 },
	{ "a slow second one too", F(SMS), 2, no_tokens, REASON_RATE_LIMITED, 1 },
	{ "no consent for the next: held", F(SMS), 2, second_no_consent, REASON_FROZEN,
	    0 },
	{ "opted out of the next: held", F(SMS), 2, second_opted_out, REASON_FROZEN, 0 },
	{ "no address on the next: held", F(SMS), 2, second_no_address, REASON_FROZEN,
	    0 },
	{ "no address on the next: the third goes", F(SMS), 3, second_no_address,
	    REASON_NONE, 2 },
	{ "the next would not take it: held", F(SMS), 2, second_rule, REASON_FROZEN, 0 },
	{ "a hole in the next text: held", F(SMS), 2, second_hole, REASON_FROZEN, 0 },
	{ "no address on the first, the next frozen", F(WECOM), 2, no_address,
	    REASON_FROZEN, 1 },
	{ "opted out of the first: ends all the same", F(SMS), 2, opted_out,
	    REASON_SUPPRESSED, 0 },
	{ "goal met: ends all the same", F(SMS), 2, goal, REASON_GOAL_MET, 0 },
	{ "out of date: ends", F(SMS), 1, expired, REASON_EXPIRED, 0 },
	{ "at night: in the morning", F(SMS), 2, night, REASON_QUIET, 1 },
	{ "the month is full, whatever the channel", F(SMS), 2, capped, REASON_CAPPED,
	    1 },
};

static void
frozen_accounts(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(frozen_rows); i++) {
		const struct frozen_row *row = &frozen_rows[i];
		struct verdict v;
		struct scene s;

		setup(&s);
		s.step.n_sends = row->sends;
		s.gate.frozen_channels = row->frozen;
		if (row->spoil != NULL)
			row->spoil(&s);
		if (ask(&s, &v) != row->reason || v.candidate != row->candidate)
			fail_msg("%s: %s, candidate %d", row->name,
			    reason_name((int)v.reason), v.candidate);
	}
}

/* What a number has had (B-CN9): the next channel, else it waits, else it ends. */
static void
a_number_without_room(void **state)
{
	static const struct {
		const char *name;
		int channels;     /* sms, wecom, push */
		const char *full; /* of them, by their first letter */
		int room;         /* minutes from now */
		bool no_wecom;
		enum reason reason;
		int candidate;
		bool waits;
	} numbers[] = {
		{ "the next channel", 2, "s", 60, false, REASON_NONE, 1, false },
		{ "nobody else: it waits", 1, "s", 60, false, REASON_PROVIDER_RULE, 0,
		    true },
		{ "no address there: it waits for the first", 2, "s", 60, true,
		    REASON_PROVIDER_RULE, 0, true },
		{ "all of them: the one with room first", 3, "sp", 60, true,
		    REASON_PROVIDER_RULE, 0, true },
		{ "the third", 3, "sw", 60, false, REASON_NONE, 2, false },
		{ "too late then: it ends", 1, "s", 4 * 24 * 60, false,
		    REASON_PROVIDER_RULE, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
		struct scene s;
		struct verdict v;

		setup(&s);
		s.step.n_sends = numbers[i].channels;
		s.room = at(NOON) + numbers[i].room * MS_MINUTE;
		s.full[CHANNEL_SMS] = strchr(numbers[i].full, 's') != NULL;
		s.full[CHANNEL_WECOM] = strchr(numbers[i].full, 'w') != NULL;
		s.full[CHANNEL_PUSH] = strchr(numbers[i].full, 'p') != NULL;
		if (numbers[i].no_wecom)
			s.customer.address[CHANNEL_WECOM] = "";
		if (ask(&s, &v) != numbers[i].reason ||
		    v.candidate != numbers[i].candidate ||
		    (v.reason != REASON_NONE && (v.next > 0) != numbers[i].waits))
			fail_msg("%s: %s, candidate %d", numbers[i].name,
			    reason_name((int)v.reason), v.candidate);
	}
}

/* The hours of its service hold for marketing beside the account's own. (B-CN8) */
static void
hours_of_a_service(void **state)
{
	static const struct {
		const char *name;
		int from, to, selling_from, selling_to;
		enum category category;
		const char *now;
		enum reason reason;
	} services[] = {
		{ "none", -1, -1, -1, -1, CATEGORY_MARKETING, "20:30", REASON_NONE },
		{ "marketing at 20:30", -1, -1, 480, 1200, CATEGORY_MARKETING, "20:30",
		    REASON_QUIET },
		{ "a profile of 8 to 22", -1, -1, 480, 1320, CATEGORY_MARKETING, "20:30",
		    REASON_NONE },
		{ "a notice at 20:30", -1, -1, 480, 1200, CATEGORY_SERVICE, "20:30",
		    REASON_NONE },
		{ "the narrower of both", 540, 1080, 480, 1200, CATEGORY_MARKETING,
		    "18:30", REASON_QUIET },
		{ "the account's for notices", 540, 1080, 480, 1200, CATEGORY_SERVICE,
		    "18:30", REASON_QUIET },
		{ "a wider one widens nothing", 480, 1320, 480, 1200, CATEGORY_MARKETING,
		    "20:30", REASON_QUIET },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(services); i++) {
		char *now = g_strdup_printf("2026-03-10T%s:00+08:00", services[i].now);
		struct account *acc;
		struct verdict v;
		struct scene s;

		setup(&s);
		acc = &s.account[CHANNEL_SMS];
		acc->quiet_from = services[i].from;
		acc->quiet_to = services[i].to;
		acc->selling_from = services[i].selling_from;
		acc->selling_to = services[i].selling_to;
		s.text[0].category = services[i].category;
		s.gate.now = at(now);
		if (ask(&s, &v) != services[i].reason)
			fail_msg("%s: %s", services[i].name, reason_name((int)v.reason));
		g_free(now);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair),
		cmocka_unit_test(frozen_accounts),
		cmocka_unit_test(the_list_is_whole),
		cmocka_unit_test(one_thing_each),
		cmocka_unit_test(the_first_that_can),
		cmocka_unit_test(a_number_without_room),
		cmocka_unit_test(hours_of_a_service),
		cmocka_unit_test(months_of_the_house),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
