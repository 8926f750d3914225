/* Every key of the language has a reader: an example that uses them all is read, and
 * each key of each table must have been asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/spec/copy_rule.h"
#include "../../src/spec/read.h"
#include "../../src/spec/scenario_read.h"
#include "spec/schema.h"

static const char playbook[] =
    "playbook: all\n"
    "title: 全部\n"
    "category: marketing\n"
    "priority: 60\n"
    "status: live\n"
    "subject: vehicle\n"
    "start: { when: { all: [customer.visits > 1], any: [customer.visits > 1],\n"
    "  none: [customer.visits > 9] }, limit: 500/day }\n"
    "while: customer.stage == \"dormant\"\n"
    "re_entry: after 180d\n"
    "again: restart\n"
    "count_entry: on_first_send\n"
    "control: 10%\n"
    "cap: 3\n"
    "ramp: { stages: [20, 10%, 100%], hold: 1h,\n"
    "  stop_at: { complaints: 0.5%, opt_outs: 3%, errors: 5% } }\n"
    "budget: { day: 200, total: 5000 }\n"
    "goal: { on: visit, where: event.data.amount > 1, window: 60d, from: submit, then: { "
    "stage: lost } }\n"
    "expect: { goal: 20%, by: 30d, basis: assumption }\n"
    "active: { from: 2026-01-01, to: 2026-12-31 }\n"
    "quota: { by: priority, shares: { A: 70%, B: 30% } }\n"
    "stores: [west]\n"
    "digest: { from: 3, send: a/b }\n"
    "marks: { tried: { on: trial, where: event.data.amount > 1 } }\n"
    "exits:\n"
    "  - { on: rating, where: event.data.score < 6, then: { tag: { add: a, remove: b } } "
    "}\n"
    "  - { when: customer.tags contains \"sold\", then: { set: { a: 1 } } }\n"
    "replies:\n"
    "  - { is: \"1\", then: { goto: one } }\n"
    "  - { has: 好, then: { stop: true } }\n"
    "  - { number: 0..6, then: { event: { name: low, value: 1 } } }\n"
    "on_past: skip\n"
    "on_quiet: defer\n"
    "on_cap: { fallback: sms }\n"
    "on_unknown: park\n"
    "expires: 24h\n"
    "steps:\n"
    "  - { id: one, at: day 1, send: a/b, on_past: now, on_quiet: drop, on_cap: retry,\n"
    "      on_unknown: presume, expires: 2h }\n"
    "  - { id: two, after: 1d, do: { stop_marketing: true, stage: lost } }\n"
    "  - { id: three, wait: { for: reply, up_to: 1d, then: next, else: stop } }\n"
    "  - { id: four, branch: [{ when: customer.visits > 1, goto: five }] }\n"
    "  - { id: five, wait: 1d }\n"
    "  - { id: six, goto: seven }\n"
    "  - { id: again, repeat: { every: 7d, times: 2, send: { each: [a/b, a/c] } } }\n"
    "  - { id: seven, before: customer.birthday 3d, stop: true }\n"
    "  - { id: eight, split: { name: x, arms: { a: { weight: 1, send: a/b }, b: { weight: 2,\n"
    "      send: a/c } }, decide: { metric: goal, at: 7d, min: 800, confidence: 95%,\n"
    "      else: best, usual: 10%, rise: 5% } } }\n"
    "  - { id: nine, offer: { name: free-check, else: stop, up_to: 2d } }\n"
    "  - { id: ten, enter: on }\n"
    "  - { id: eleven, do: { offer: free-check, enter: on } }\n"
    "  - { id: twelve, call: a/c, to: advisor, due: 48h, late: { to: manager, after: 24h },\n"
    "      tries: { times: 3, every: 2h }, outcomes: { reached: last, none: stop } }\n"
    "  - { id: hand, send: a/w, kind: personal, due: 8h }\n"
    "  - { id: last, do: { task: { to: manager, template: a/c, due: 2h, late: { to: boss } } } }\n";

static const char entered[] =
    "playbook: entered\ncategory: service\nstart: { enter: true }\n"
    "extends: on\nwithout: [two]\n"
    "steps: [{ id: one, stop: true }]\n";

static const char offers[] =
    "offers: { free-check: { title: x, value: 200.00, valid: 90d, quota: 20/store,\n"
    "  approval: manager, redeemed_by: visit } }\n";

static const char started_on[] = "playbook: on\ncategory: service\nstart: { on: visit, "
				 "where: event.type == \"visit\" }\n"
				 "steps: [{ id: one, stop: true }]\n";

static const char started_by_list[] =
    "playbook: list\ncategory: service\n"
    "start: { list: tag:vip, at: 2026-11-22 10:00, once: true }\n"
    "steps: [{ id: one, stop: true }]\n";

static const char started_every[] =
    "playbook: every\ncategory: service\n"
    "start: { every: quarter, day: -7 at 09:00 }\nsteps: [{ id: one, stop: true }]\n";

#define LISTED(source)                                                            \
	"playbook: sources\ncategory: service\nstart: { list: { " source " } }\n" \
	"steps: [{ id: one, stop: true }]\n"

static const char policy[] =
    "quiet: [{ id: night, from: 22:00, to: 08:00, days: [mon], channels: [sms],\n"
    "  categories: [marketing] }]\n"
    "tiers: { low: { floor: 1, cap: 4/year, channels: [sms], min_gap: 3d, never: [push] "
    "} }\n"
    "limits: [{ window: 7d, max: 3, category: marketing }]\n"
    "min_gap: 24h\n"
    "service: { per_day: 1, per_month: 6 }\n"
    "send_time: 10:00\n"
    "lookahead: 7d\n"
    "stale_after: 36h\n"
    "keywords: { opt_out: [退订], opt_in: [START], complaint: [投诉], wrong_person: "
    "[发错了], courtesy: [谢谢] }\n"
    "costs: { sms: 0.05, wecom: 0.02, email: 0.01, push: 0.005, phone: 3.00 }\n"
    "max_segments: 2\n"
    "launch: { countdown: 10m, ramp: off, test_send: required, confirm: 1000 }\n"
    "approvals: { audience: 100, cost: off, due: 1000, lapse: 7d }\n"
    "budgets: { day: 100, month: 2000, store_day: 20, store_month: 400 }\n"
    "push: { vendor_daily: { xiaomi: 3, apple: none } }\n"
    "control: 5%\n"
    "stop_all: true\n"
    "presence: { curve: { 3d: 40%, 7d: 25% }, strengthen: 2, longest: 20, spacing: 1d,\n"
    "  forgotten: 5%, met: 100%, channels: { sms: 50% } }\n"
    "tasks: { per_day: 20, drafts: 30, each: 10m, hours: [\"10:00-11:30\"], complaint: 2h, answer: 24h, on_call: boss, script: a/c,\n"
    "  business: { from: 09:00, to: 18:00, days: [mon, tue] } }\n"
    "reports:\n"
    "  targets: { reach: 70%, response: 40%, trial: 60%, recall: 30%, retained: 80% }\n"
    "  events: { answers: [reply], trials: trial, returns: visit, extras: extra,\n"
    "    referrals: referral }\n"
    "  attribution: 60d\n  stay: 90d\n  horizon: 365d\n  margin: 45%\n"
    "  lifetime: { yearly: 8000, years: 5 }\n"
    "  acquisition: { cost: 5000, visits: 4 }\n"
    "  commission: { each: 150, best: 1000 }\n"
    "  silence: { lost: 1200, yearly: 3500, saved: 840000 }\n"
    "  observable: [sms, wecom]\n"
    "  depth: { promotion: [a], reminder: b, companionship: c }\n"
    "  lines: { first: a, second: b, third: [c], share: 80% }\n"
    "  campaigns:\n"
    "    - name: win-back\n      playbooks: [c]\n"
    "      costs: [{ name: people, per: once, yuan: 3000, times: 12 }]\n"
    "      worth: { recalled: 3000, extra: 5000, referral: 1000 }\n";

static const char lifecycle[] =
    "window: 90d\n"
    "cycle: 180d\n"
    "rating_scale: 10\n"
    "visits: { growing: 2, mature: 5 }\n"
    "signs: [{ id: a, of: doubting, on: visit, when: signals.refusals > 2 }]\n"
    "warnings: [{ id: a, from: none, on: rating, when: signals.score_falls > 1, due: 48h }]\n"
    "stages: [{ id: a, to: lost, from: dormant, on: visit, when: signals.clv > 1 }]\n"
    "dormant_types: [{ is: passive, when: signals.touches > 1 }]\n"
    "lost_causes: [{ is: price }]\n"
    "durations: { 3-6: 90d }\n"
    "give_up: [car-sold]\n"
    "give_up_warn: 30%\n"
    "tiers: { high: 6000, low: 0 }\n"
    "at_risk: { tier: at-risk, stages: lost, causes: natural }\n"
    "weak_tie: { tier: weak-tie, stages: given-up }\n"
    "conversations: [{ id: a, open: reply, where: event.data.free == true, close: answered,\n"
    "  hold: 7d }]\n"
    "clv: [{ of: signals.referrals, times: 1000 }]\n"
    "success: [{ rate: 60%, when: signals.touches > 1 }]\n"
    "potential: [{ times: 3, when: signals.touches > 1 }]\n"
    "priority: [{ is: A, when: signals.touches > 1 }]\n";

static const char calendar[] =
    "source: 国务院办公厅\n"
    "covers: 2026\n"
    "closed: [{ from: 2026-02-15, to: 2026-02-23, name: 春节, allow: [greeting] }]\n"
    "holidays: [2026-01-01]\n"
    "workdays: [2026-01-04]\n";

static const char config[] =
    "entity: { name: 示例汽车服务, tz: Asia/Shanghai, phone: 010-00000000,\n"
    "  link_hosts: [www.example.com], export_basis: 标准合同备案 0000 }\n"
    "state: var/\n"
    "listen: { public: 127.0.0.1:1, staff: 127.0.0.1:2, insecure: true, proxies: "
    "[127.0.0.1] }\n"
    "public_url: https://example.com\n"
    "publish: approved\n"
    "credentials: secrets\n"
    "roles: { manager: 王经理, specialist: [陈静, 刘洋] }\n"
    "people: [{ name: 李明, role: marketer, user: liming, stores: [west] }]\n"
    "providers:\n"
    "  - name: gateway\n"
    "    type: http\n"
    "    channels: [sms]\n"
    "    url: https://sms.example.com/send\n"
    "    internal: false\n"
    "    location: outside\n"
    "    export_basis: 标准合同备案 0000\n"
    "    rate: 200/s\n"
    "    connections: 4\n"
    "    hours: { from: 08:00, to: 20:00 }\n"
    "    signature: 示例汽车\n"
    "    per_number: [4/1h]\n"
    "    signatures: [示例汽车城东]\n"
    "    optout_suffix: 拒收请回复R\n"
    "    hook_secret: { credential: hook }\n"
    "    method: PUT\n"
    "    headers: { Authorization: \"Bearer {{ credential.key }}\" }\n"
    "    body: '{\"to\":{{ message.to | json }}}'\n"
    "    success: { status: 200, field: code, equals: \"0\", id: data.id }\n"
    "    refused: [{ status: 400, field: code, equals: \"1\", as: bad_address }]\n"
    "    throttled: [{ status: 429, field: code, equals: \"2\" }]\n"
    "    settle: query\n"
    "    idempotency_key: \"{{ message.ref }}\"\n"
    "    idempotency_header: X-Key\n"
    "    key_ttl: 24h\n"
    "    query: { url: \"https://sms.example.com/{{ message.ref }}\", found: { status: "
    "200 },\n"
    "      absent: { status: 404 } }\n"
    "    window: 15m\n"
    "    lag: 5s\n";

static const char stores[] =
    "stores:\n"
    "  - id: pd\n    name: 浦东店\n    aliases: [浦东]\n    signature: 示例浦东\n"
    "    phone: 021-00000000\n    address: 示例路 1 号\n    map: https://map.example.com/pd\n"
    "    tz: Asia/Shanghai\n    accounts: [gateway]\n    manager: S9\n    closed: [2026-02-17]\n"
    "    hours: { mon: 08:30-18:00, tue: 08:30-18:00, wed: 08:30-18:00, thu: 08:30-18:00,\n"
    "      fri: 08:30-18:00, sat: 09:00-17:00, sun: closed }\n";

static const char front[] =
    "title: 问候\nchannel: email\ncategory: transactional\nurgent: true\ngreeting: true\n"
    "subject: 您好\nlayout: frame\ntext: 您好\noffer: free-check\nallow: { shouting: 奖项的名字如此 }\n";

static const char copy[] =
    "copy:\n  - { id: blame, level: error, words: [您怎么], allow: [无论您怎么], why: 责备,\n"
    "      instead: 先问好, channels: [sms], categories: [marketing] }\n";

static const char lexicon[] =
    "lexicon:\n  - { id: tencent-recall, providers: [tencent], source: 规范, level: error, words: [召回],\n"
    "      allow: [召回维修], why: 不予通过, use: [wecom, push, phone], channels: [sms], categories: [marketing] }\n";

static const char coded[] =
    "category: service\nproviders:\n"
    "  aliyun: { template_code: SMS_000001, params: { name: customer.salutation } }\n"
    "  tencent: { template_id: \"100001\", params: [customer.salutation] }\n";

static const char script[] =
    "category: service\noutcomes: { reached: 接通, refused: { title: 不, cause: price, tag: t } "
    "}\n";

/* Not one that could be played: one that uses every key. */
static const char scenario[] =
    "scenario: all\n"
    "proves: [1.2, S19]\n"
    "config: config\n"
    "templates: templates\n"
    "playbooks: [dormant-21d]\n"
    "policy:\n"
    "  min_gap: none\n"
    "files: { templates/sms/a.liquid: 您好 }\n"
    "from: 2026-11-02 09:00\n"
    "days: 30\n"
    "seed: 7\n"
    "people: lively\n"
    "given: { customers: [{ id: C1, name: 林 }], optouts: list.csv }\n"
    "when:\n"
    "  - { at: day 1 10:00, event: { type: visit, customer: C1, id: e, vehicle: v,\n"
    "      data: { a: 1, b: [x] }, historic: true, parked: true } }\n"
    "  - { day: 2, reply: { customer: C1, text: \"1\", channel: sms } }\n"
    "  - { day: 2, receipt: { customer: C1, step: a, channel: sms, kind: failed, code: X "
    "} }\n"
    "  - { day: 3, click: { customer: C1, step: a, channel: sms, link: 1 } }\n"
    "  - { day: 3, unsubscribe: { customer: C1, step: a, channel: email } }\n"
    "  - { day: 3, task: { customer: C1, kind: call, outcome: refused, cause: price,\n"
    "      observed: hesitates } }\n"
    "  - { day: 3, import: { customers: [{ id: C2 }] } }\n"
    "  - { day: 4, reload: { config: other, templates: t, playbooks: [presence],\n"
    "      files: { config/calendars/x.yaml: \"covers: 2026\" }, refused: true } }\n"
    "  - day: 4\n"
    "    reload:\n"
    "      policy:\n"
    "        min_gap: 1d\n"
    "  - { day: 5, gateway: refuses }\n"
    "  - { days: 3 }\n"
    "expect:\n"
    "  timeline:\n"
    "    - { at: \"day 1 10:00-11:00\", customer: C1, playbook: p, step: a, occurrence: "
    "0,\n"
    "        channel: sms, template: t, variant: v, state: accepted, segments: 1, cost: 0.1,\n"
    "        text_has: [您好] }\n"
    "    - { day: 2, reason: capped, rule: low, detail_has: \"3\" }\n"
    "    - { not: true, step: b }\n"
    "  only: { customer: C1, playbook: [p] }\n"
    "  balance: { touches: 1, planned: 0, held: 0, awaiting: 0, sent: 1, unknown: 0,\n"
    "    capped: 0, opted_out: 0, expired: 0, failed: 0, left: 0, control: 0, goals: 0,\n"
    "    runs: { entered: 1, running: 0, watching: 0, finished: 1, left: 0, control: 0 } "
    "}\n"
    "  customers:\n"
    "    - { id: C1, stage: s, tier: t, tags: a, lacks: b, attrs: [a=1], opted_out: "
    "[],\n"
    "        blocked: false, messages: 1, why_has: x, tasks: [], runs: [{ playbook: p, state: left, why: goal,\n"
    "        control: false, goal: true, version: 1 }] }\n"
    "  alarms: [complaint]\n";

struct reached {
	GHashTable *keys; /* "schema/key" */
};

static void
walk(struct reached *seen, const struct yaml *y)
{
	int i;

	for (i = 0; y->kind != YAML_SCALAR && i < y->n; i++) {
		if (y->kind == YAML_MAP) {
			if (!y->read[i])
				fail_msg("%s:%d: nothing reads \"%s\"", y->at.file,
				    y->keys[i]->at.line, y->keys[i]->text);
			if (y->schema != NULL)
				g_hash_table_add(
				    seen->keys, g_strconcat(y->schema->name, "/",
						    y->keys[i]->text, NULL));
		}
		walk(seen, y->items[i]);
	}
}

struct fixture {
	struct arena *arena;
	struct report *report;
	struct reached seen;
};

static struct yaml *
parse(struct fixture *f, const char *name, const char *text)
{
	struct yaml *root = yaml_parse(f->arena, name, text, strlen(text), f->report);

	assert_non_null(root);
	return root;
}

static void
finish(struct fixture *f, const struct yaml *root)
{
	if (f->report->errors > 0) {
		report_print(f->report, stderr);
		fail_msg("the example has errors");
	}
	walk(&f->seen, root);
}

static void
read_all(struct fixture *f)
{
	static const char *const playbooks[] = { playbook, started_on, started_by_list,
		started_every, entered, LISTED("segment: x"), LISTED("tag: x"),
		LISTED("file: x.csv") };
	struct policy p = { 0 };
	struct calendar c = { 0 };
	struct template t = { .channel = CHANNEL_EMAIL }, call = { .channel = CHANNEL_PHONE },
			sms = { .channel = CHANNEL_SMS };
	struct shops shops;
	struct copy_rules rules;
	struct yaml *root;
	size_t i;

	root = parse(f, "stores.yaml", stores);
	stores_read(f->arena, root, &shops, f->report);
	finish(f, root);
	root = parse(f, "copy.yaml", copy);
	copy_read(f->arena, root, &rules, f->report);
	finish(f, root);
	root = parse(f, "lexicon.yaml", lexicon);
	lexicon_read(f->arena, root, &rules, f->report);
	finish(f, root);
	for (i = 0; i < G_N_ELEMENTS(playbooks); i++) {
		root = parse(f, "playbook.yaml", playbooks[i]);
		playbook_read(f->arena, root, f->report);
		finish(f, root);
	}
	root = parse(f, "policy.yaml", policy);
	policy_read(f->arena, root, &p, f->report);
	finish(f, root);
	root = parse(f, "lifecycle.yaml", lifecycle);
	lifecycle_read(f->arena, root, f->report);
	finish(f, root);
	root = parse(f, "calendar.yaml", calendar);
	calendar_read(f->arena, "calendar", root, &c, f->report);
	finish(f, root);
	root = parse(f, "offers.yaml", offers);
	offers_read(f->arena, root, f->report);
	finish(f, root);
	root = parse(f, "reachd.yaml", config);
	config_read(f->arena, root, f->report);
	finish(f, root);
	root = parse(f, "front.liquid", front);
	template_read_front(f->arena, root, &t, f->report);
	finish(f, root);
	root = parse(f, "coded.liquid", coded);
	template_read_front(f->arena, root, &sms, f->report);
	finish(f, root);
	root = parse(f, "script.liquid", script);
	template_read_front(f->arena, root, &call, f->report);
	finish(f, root);
	root = parse(f, "scenario.yaml", scenario);
	scenario_root_read(&(struct scenario_reading){ f->arena, f->report,
			       &(struct scenario){ 0 }, scenario, "" },
	    root);
	finish(f, root);
}

static void
case_t22_every_key_has_a_reader(void **state)
{
	struct fixture f = { arena_new(), report_new(),
		{ g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL) } };
	const struct schema_key *k;
	int i, n = 0;

	(void)state;
	read_all(&f);
	for (i = 0; schema_all[i] != NULL; i++) {
		for (k = schema_all[i]->keys; k->name != NULL; k++) {
			char *key = g_strconcat(schema_all[i]->name, "/", k->name, NULL);

			if (k->help != NULL && !g_hash_table_contains(f.seen.keys, key))
				fail_msg(
				    "%s is in the table and the example does not use it",
				    key);
			g_free(key);
			n++;
		}
	}
	assert_true(n > 100);
	g_hash_table_destroy(f.seen.keys);
	report_free(f.report);
	arena_free(f.arena);
}

/* The reference prints each of them. */
static void
reference_prints_every_key(void **state)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	const struct schema_key *k;
	int i;

	(void)state;
	schema_print(out);
	fclose(out);
	for (i = 0; schema_all[i] != NULL; i++) {
		for (k = schema_all[i]->keys; k->name != NULL; k++) {
			if (k->help != NULL)
				assert_non_null(strstr(text, k->help));
		}
	}
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(case_t22_every_key_has_a_reader),
		cmocka_unit_test(reference_prints_every_key),
	};

	return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
