/* report_rules_read.c - `reports:` of the policy made into plain data. */
#include <math.h>
#include <string.h>

#include "core/report_rules.h"
#include "read.h"
#include "spec/schema.h"

#define YUAN_MAX 1e12

/* By enum cost_per and enum depth. */
static const char *const cost_pers[] = { "targeted", "reached", "recalled", "once", "messages",
	"offers", NULL };
static const char *const depth_names[] = { "promotion", "reminder", "companionship", NULL };

static const char *const answers[] = { "reply", "answered", "chat", "booking", "rating",
	"click", "call_booked", "call_refused", NULL };
static const char *const trials[] = { "trial", NULL };
static const char *const returns[] = { "visit", NULL };
static const char *const extras[] = { "extra", "warranty_sale", "second_car", NULL };
static const char *const referrals[] = { "referral", NULL };
static const char *const nobody[] = { NULL };

static struct report_rules
defaults(void)
{
	return (struct report_rules){
		.targets = { 0.7, 0.4, 0.6, 0.3, 0.8 },
		.marks = { answers, trials, returns, extras, referrals },
		.attribution = 60 * MS_DAY,
		.stay = 90 * MS_DAY,
		.horizon = 365 * MS_DAY,
		.margin = 0.45,
		.lifetime = { 8000, 5 },
		.acquisition = { 5000, 4 },
		.commission = { 150, 1000 },
		.observable = BIT(CHANNEL_SMS) | BIT(CHANNEL_WECOM) | BIT(CHANNEL_PHONE),
		.depth = { nobody, nobody, nobody },
		.lines = { nobody, nobody, nobody },
		.first_lines = 0.8,
	};
}

static void
share(const struct yaml *y, double *out, struct report *r)
{
	const char *text;
	char *end;
	double value;

	if (!yaml_str(y, &text, r))
		return;
	value = g_ascii_strtod(text, &end);
	if (!g_ascii_isdigit(text[0]) || strcmp(end, "%") != 0 || !isfinite(value) ||
	    value > 100)
		report_add(r, SEV_ERROR, y->at, "type", "write a share, as in 70%",
		    "\"%.80s\" is not a share from 0%% to 100%%", text);
	else
		*out = value / 100;
}

static void
whole(const struct yaml *y, int64_t max, int *out, struct report *r)
{
	int64_t n;

	if (yaml_int(y, 1, max, &n, r))
		*out = (int)n;
}

static void
words(struct arena *a, const struct yaml *y, const char *const **out, struct report *r)
{
	const char **list;
	int n;

	if (yaml_strings(a, y, &list, &n, r))
		*out = (const char *const *)list;
}

/* Names of playbooks, kept with their places. */
static void
playbooks(struct arena *a, struct report_rules *rules, const struct yaml *y,
    const char *const **out, struct report *r)
{
	int n = y == NULL ? 0 : y->kind == YAML_LIST ? y->n : 1;

	words(a, y, out, r);
	for (int i = 0; i < n; i++) {
		const struct yaml *item = y->kind == YAML_LIST ? y->items[i] : y;
		struct report_named *one;

		if (item->kind != YAML_SCALAR)
			continue;
		one = arena_new_of(a, struct report_named);
		*one = (struct report_named){ item->text, item->text_at, rules->named };
		rules->named = one;
	}
}

static void
targets_read(const struct yaml *y, struct report_rules *rules, struct report *r)
{
	if (y == NULL || !schema_check(y, &schema_report_targets, r))
		return;
	share(yaml_get(y, "reach"), &rules->targets.reach, r);
	share(yaml_get(y, "response"), &rules->targets.response, r);
	share(yaml_get(y, "trial"), &rules->targets.trial, r);
	share(yaml_get(y, "recall"), &rules->targets.recall, r);
	share(yaml_get(y, "retained"), &rules->targets.retained, r);
}

static void
events_read(
    struct arena *a, const struct yaml *y, struct report_rules *rules, struct report *r)
{
	if (y == NULL || !schema_check(y, &schema_report_events, r))
		return;
	words(a, yaml_get(y, "answers"), &rules->marks.answers, r);
	words(a, yaml_get(y, "trials"), &rules->marks.trials, r);
	words(a, yaml_get(y, "returns"), &rules->marks.returns, r);
	words(a, yaml_get(y, "extras"), &rules->marks.extras, r);
	words(a, yaml_get(y, "referrals"), &rules->marks.referrals, r);
}

static void
money_read(const struct yaml *root, struct report_rules *rules, struct report *r)
{
	const struct yaml *y = yaml_get(root, "lifetime");

	share(yaml_get(root, "margin"), &rules->margin, r);
	if (y != NULL && schema_check(y, &schema_report_lifetime, r)) {
		yaml_number(
		    yaml_get(y, "yearly"), 0, YUAN_MAX, &rules->lifetime.yearly, r);
		whole(yaml_get(y, "years"), 100, &rules->lifetime.years, r);
	}
	y = yaml_get(root, "acquisition");
	if (y != NULL && schema_check(y, &schema_report_acquisition, r)) {
		yaml_number(
		    yaml_get(y, "cost"), 0, YUAN_MAX, &rules->acquisition.cost, r);
		whole(yaml_get(y, "visits"), 1000, &rules->acquisition.visits, r);
	}
	y = yaml_get(root, "commission");
	if (y != NULL && schema_check(y, &schema_report_commission, r)) {
		yaml_number(yaml_get(y, "each"), 0, YUAN_MAX, &rules->commission.each, r);
		yaml_number(yaml_get(y, "best"), 0, YUAN_MAX, &rules->commission.best, r);
	}
	y = yaml_get(root, "silence");
	if (y != NULL && schema_check(y, &schema_report_silence, r)) {
		yaml_number(yaml_get(y, "lost"), 0, YUAN_MAX, &rules->silence.lost, r);
		yaml_number(
		    yaml_get(y, "yearly"), 0, YUAN_MAX, &rules->silence.yearly, r);
		yaml_number(yaml_get(y, "saved"), 0, YUAN_MAX, &rules->silence.saved, r);
	}
}

static void
named_read(struct arena *a, const struct yaml *root, struct report_rules *rules,
    struct report *r)
{
	static const char *const line_names[LINES] = { "first", "second", "third" };
	const struct yaml *y = yaml_get(root, "depth");

	if (y != NULL && schema_check(y, &schema_report_depth, r))
		for (int i = 0; i < DEPTHS; i++)
			playbooks(
			    a, rules, yaml_get(y, depth_names[i]), &rules->depth[i], r);
	y = yaml_get(root, "lines");
	if (y != NULL && schema_check(y, &schema_report_lines, r)) {
		for (int i = 0; i < LINES; i++)
			playbooks(
			    a, rules, yaml_get(y, line_names[i]), &rules->lines[i], r);
		share(yaml_get(y, "share"), &rules->first_lines, r);
	}
}

/* ---- campaigns ---- */

static void
cost_read(const struct yaml *y, struct cost_item *c, struct report *r)
{
	int per = COST_ONCE;
	bool measured;

	*c = (struct cost_item){ .name = "", .at = y->at, .times = 1 };
	if (!schema_check(y, &schema_campaign_cost, r))
		return;
	if (yaml_get(y, "name") == NULL)
		schema_missing(y, "name", "", r);
	yaml_str(yaml_get(y, "name"), &c->name, r);
	if (yaml_get(y, "per") == NULL)
		schema_missing(y, "per", "what it is multiplied by", r);
	yaml_enum(yaml_get(y, "per"), cost_pers, &per, r);
	c->per = (enum cost_per)per;
	measured = per == COST_MESSAGES || per == COST_OFFERS;
	if (measured && yaml_get(y, "yuan") != NULL)
		report_add(r, SEV_ERROR, yaml_key_at(y, "yuan"), "cost", "delete the key",
		    "what %s cost is measured", cost_pers[per]);
	else if (!measured && yaml_get(y, "yuan") == NULL)
		schema_missing(y, "yuan", "", r);
	yaml_number(yaml_get(y, "yuan"), 0, YUAN_MAX, &c->yuan, r);
	whole(yaml_get(y, "times"), 100000, &c->times, r);
}

static void
one_campaign(struct arena *a, const struct yaml *y, struct report_rules *rules,
    struct campaign *c, struct report *r)
{
	const struct yaml *costs, *worth;

	*c = (struct campaign){ .name = "", .at = y->at, .playbooks = nobody };
	if (!schema_check(y, &schema_campaign, r))
		return;
	if (yaml_get(y, "name") == NULL)
		schema_missing(y, "name", "", r);
	else
		word_read(yaml_get(y, "name"), "a campaign", false, &c->name, r);
	if (yaml_get(y, "playbooks") == NULL)
		schema_missing(y, "playbooks", "", r);
	playbooks(a, rules, yaml_get(y, "playbooks"), &c->playbooks, r);
	costs = yaml_get(y, "costs");
	if (costs != NULL && costs->kind != YAML_LIST) {
		report_add(r, SEV_ERROR, costs->at, "type", "begin each with \"- \"",
		    "\"costs\" is a list");
	} else if (costs != NULL) {
		c->costs = arena_array(a, struct cost_item, costs->n);
		for (int i = 0; i < costs->n; i++)
			cost_read(costs->items[i], &c->costs[c->n_costs++], r);
	}
	worth = yaml_get(y, "worth");
	if (worth == NULL || !schema_check(worth, &schema_campaign_worth, r))
		return;
	yaml_number(yaml_get(worth, "recalled"), 0, YUAN_MAX, &c->worth.recalled, r);
	yaml_number(yaml_get(worth, "extra"), 0, YUAN_MAX, &c->worth.extra, r);
	yaml_number(yaml_get(worth, "referral"), 0, YUAN_MAX, &c->worth.referral, r);
}

static void
campaigns_read(
    struct arena *a, const struct yaml *y, struct report_rules *rules, struct report *r)
{
	if (y == NULL)
		return;
	if (y->kind != YAML_LIST) {
		report_add(r, SEV_ERROR, y->at, "type", "begin each with \"- \"",
		    "\"campaigns\" is a list");
		return;
	}
	rules->campaigns = arena_array(a, struct campaign, y->n);
	for (int i = 0; i < y->n; i++)
		one_campaign(
		    a, y->items[i], rules, &rules->campaigns[rules->n_campaigns++], r);
}

const struct report_rules *
report_rules_read(struct arena *a, const struct yaml *y, struct report *r)
{
	struct report_rules *rules = arena_new_of(a, struct report_rules);

	*rules = defaults();
	if (y == NULL || !schema_check(y, &schema_reports, r))
		return rules;
	targets_read(yaml_get(y, "targets"), rules, r);
	events_read(a, yaml_get(y, "events"), rules, r);
	yaml_duration(yaml_get(y, "attribution"), &rules->attribution, r);
	yaml_duration(yaml_get(y, "stay"), &rules->stay, r);
	yaml_duration(yaml_get(y, "horizon"), &rules->horizon, r);
	money_read(y, rules, r);
	word_set(yaml_get(y, "observable"), channel_names, &rules->observable, r);
	named_read(a, y, rules, r);
	campaigns_read(a, yaml_get(y, "campaigns"), rules, r);
	return rules;
}
