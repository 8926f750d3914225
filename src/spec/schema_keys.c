/* schema_keys.c - the tables of keys. A key without help is known and refused: a later
 * version's. */
#include "spec/schema.h"

#define KEYS(ident, title, ...)                                                          \
	static const struct schema_key ident##_keys[] = { __VA_ARGS__, { NULL, NULL } }; \
	const struct schema schema_##ident = { title, ident##_keys }

/* One key a line. */
/* clang-format off */

#define RULES_OF_SENDING \
	{ "on_past", "skip (default) | now | exit: its time is over when the run arrives" }, \
	{ "on_quiet", "defer (default) | drop | earlier (default with before): its time lies in a quiet window" }, \
	{ "on_cap", "skip (default) | retry | exit | { fallback: CHANNEL }" }, \
	{ "on_unknown", "presume (default) | park: the provider's answer never came" }, \
	{ "expires", "how long after its time it may still leave; default 24h, at most 72h" }

KEYS(playbook, "playbook",
    { "playbook", "its name, unique in the set" },
    { "title", "what people see" },
    { "category", "marketing | service | transactional" },
    { "priority", "0 to 100, default 50: who gets the last slot under a cap" },
    { "status", "draft (default) | live | paused | ended" },
    { "subject", "none (default) | vehicle | appointment | order: a run for each" },
    { "start", "who enters" },
    { "while", "condition, asked again before every send" },
    { "re_entry", "never (default) | after DURATION" },
    { "again", "ignore (default) | restart | parallel: a start while a run lives" },
    { "count_entry", "on_entry (default) | on_first_send: what re_entry counts from" },
    { "control", "share held out, as in 10%" },
    { "cap", "messages of this playbook to one customer in a month; 0: never" },
    { "goal", "what the playbook is for" },
    { "expect", "{ goal, by, basis }: what it should reach; `reachd report expected`" },
    { "exits", "list: what ends a run early" },
    { "marks", "{ NAME: { on: EVENT } }: milestones beside the goal" },
    { "replies", "list: what answers lead to" },
    { "digest", "{ from, send }: several cars of one customer in one message, whatever step each is at" },
    { "steps", "list, from top to bottom" },
    RULES_OF_SENDING,
    { "active", "{ from: DATE, to: DATE }: nobody enters and nothing is sent outside" },
    { "quota", "{ by, shares }: who gets which part of start: limit" },
    { "ramp", "off, stages as in [20, 10%, 100%], or { stages, hold, stop_at }" },
    { "budget", "{ day, total }: yuan" },
    { "stores", "store or list of stores whose customers enter; default all" },
    { "extends", "with stores: the playbook whose form for them this is; what is not said here is as there" },
    { "without", "with extends: step or list of steps of it that are left out" },
    { "shadow", NULL });

KEYS(start, "start",
    { "when", "condition; who meets it enters" },
    { "on", "event; its customer enters" },
    { "where", "with on: condition on event.*" },
    { "list", "FILE beside the playbook: ids, phones, VINs or plates; { tag } or { segment }" },
    { "at", "with list: DATE HH:MM in the customer's zone" },
    { "once", "with list: true" },
    { "enter", "true: only from other playbooks, by enter:" },
    { "limit", "N or N/day: how many enter" },
    { "every", "week | month | quarter | year | a feast (mid-autumn); with when: who of all" },
    { "day", "with every: day N or -N of the period [at HH:MM]; -1 is the last, of a feast the eve" });

KEYS(list, "start.list",
    { "file", "beside the playbook" },
    { "tag", "NAME" },
    { "segment", "NAME in config/segments.yaml" });

KEYS(active, "active",
    { "from", "date" },
    { "to", "date, included" });

KEYS(quota, "quota",
    { "by", "attribute of the customer, or a path as in signals.priority" },
    { "shares", "{ VALUE: PERCENT }: of start: limit; other values do not enter" });

KEYS(digest, "digest",
    { "from", "so many cars due within 3 days, default 3" },
    { "send", "template, or list: the first reachable channel wins" });

KEYS(expect, "expect",
    { "goal", "share of those who enter that reach the goal, as in 35%" },
    { "by", "how long after entry, default the goal's window" },
    { "basis", "field (default) | assumption: where the figure comes from" });

KEYS(goal, "goal",
    { "on", "event that reaches it" },
    { "where", "condition on event.*" },
    { "window", "how long it counts, default 30d, at most 90d" },
    { "from", "entry (default) | submit | click: what the window counts from" },
    { "then", "actions" });

KEYS(exit, "exits",
    { "on", "event" },
    { "where", "with on: condition on event.*" },
    { "when", "condition" },
    { "then", "actions" });

KEYS(mark, "marks",
    { "on", "event" },
    { "where", "condition on event.*" });

KEYS(reply, "replies",
    { "is", "the whole text, one or a list" },
    { "has", "a phrase in the text, one or a list" },
    { "number", "N or N..M" },
    { "then", "step id, action or list of actions" });

KEYS(step, "steps",
    { "id", "its name, unique in the playbook" },
    { "at", "day N [HH:MM], day 1 is the day of entry" },
    { "after", "3d [at HH:MM] | 2h, from the end of the step before" },
    { "before", "DATE 3d [at HH:MM] | 2h, as in customer.birthday 3d" },
    { "send", "template, or list: the first reachable channel wins" },
    { "kind", "mass (default) | personal: by wecom, the advisor sends it by hand from his card" },
    { "wait", "DURATION, or { for, up_to, then, else }" },
    { "branch", "list of { when, goto }: the first that holds; none: the next step" },
    { "repeat", "{ every, times, send }: the same again" },
    { "do", "actions" },
    { "goto", "step id" },
    { "stop", "true" },
    { "split", "A/B test: { name, arms, decide }" },
    { "offer", "name, or { name, else, up_to }: grants it" },
    { "enter", "another playbook" },
    { "call", "phone script: somebody calls the customer" },
    { "to", "with call: advisor (default) or a role" },
    { "due", "with call: how long it may take, default 48h; with kind: personal 24h; whole days are working days" },
    { "outcomes", "with call: { OUTCOME: step id, action or list of actions }" },
    { "tries", "with call: N, or { times, every }: again when nobody answers" },
    { "late", "with call: { to, after }: who gets it when nobody called" },
    RULES_OF_SENDING,
    { "task", NULL });

KEYS(late, "late",
    { "to", "role that gets it" },
    { "after", "so long after it was due, default at once" });

KEYS(tries, "tries",
    { "times", "calls at most" },
    { "every", "at least so long between two, default 3h" });

KEYS(split, "split",
    { "name", "of the experiment; default the step's id" },
    { "arms", "{ NAME: arm }, 2 to 10" },
    { "decide", "how the winner is chosen; without it nobody wins" });

KEYS(arm, "arms",
    { "weight", "its part of the sum of weights, default 1" },
    { "send", "template, or list" });

KEYS(decide, "decide",
    { "metric", "goal (default) | click: what counts, of people only" },
    { "at", "how long after the first arrival, default 7d" },
    { "min", "people an arm needs, default 200" },
    { "confidence", "default 95%" },
    { "else", "ARM | best | stop when nobody wins; default the first arm" },
    { "usual", "share that is reached without a change, as in 10%" },
    { "rise", "points more that would matter, as in 3%" });

KEYS(grant, "offer",
    { "name", "of the offer" },
    { "else", "step id when there is none left or nobody agrees; default next" },
    { "up_to", "how long an approval may take, default 7d" });

KEYS(wait, "wait",
    { "for", "event or list; also reply, click, delivered, undelivered" },
    { "up_to", "how long at most" },
    { "then", "step id or actions when it came; default next" },
    { "else", "step id or actions when it did not" });

KEYS(repeat, "repeat",
    { "every", "DURATION between the rounds" },
    { "times", "how many rounds; default: as many as texts" },
    { "send", "template, list of templates, or { each: LIST }" });

KEYS(repeat_send, "repeat.send",
    { "each", "list of templates, one a round" });

KEYS(branch, "branch",
    { "when", "condition" },
    { "goto", "step id, next or stop" });

KEYS(on_cap, "on_cap",
    { "fallback", "channel of another template of the step" });

KEYS(action, "actions",
    { "set", "{ NAME: VALUE }: attributes of the customer" },
    { "tag", "{ add: NAME, remove: NAME }" },
    { "stage", "NAME" },
    { "stop_marketing", "true: opt out of marketing on every channel" },
    { "event", "NAME, or { name, value }" },
    { "goto", "step id" },
    { "stop", "true" },
    { "offer", "NAME: granted while its quota lasts" },
    { "enter", "another playbook" },
    { "task", "{ to, template, due, late }: somebody is asked to do something" });

KEYS(task, "task",
    { "to", "advisor (default) or a role" },
    { "template", "phone script that says what to do and how it may end" },
    { "due", "how long it may take, default 24h; whole days are working days" },
    { "late", "{ to, after }: who gets it when nobody did it" });

KEYS(tag, "tag",
    { "add", "name or list" },
    { "remove", "name or list" });

KEYS(event, "event",
    { "name", "of the event" },
    { "value", "its data.value" });

KEYS(group, "condition",
    { "all", "list: every one holds" },
    { "any", "list: one holds" },
    { "none", "list: not one holds" });

KEYS(template, "template",
    { "title", "what people see" },
    { "channel", "sms | wecom | email | push | phone, as its folder" },
    { "category", "marketing | service | transactional" },
    { "urgent", "true: transactional, ignores quiet windows" },
    { "greeting", "true: ends with its day, passes closures for greetings" },
    { "subject", "email: Liquid text" },
    { "layout", "email: partial around the body" },
    { "text", "email: Liquid of the text part; default derived" },
    { "allow", "{ RULE: REASON }: rules of copy it is excused from" },
    { "offer", "the offer it promises" },
    { "outcomes", "phone: how a call may end, a list or { NAME: words for the button }" },
    { "providers", "{ TYPE or ACCOUNT: its registered text }" },
    { "attachments", NULL });

KEYS(registered, "registered texts",
    { "template_code", "aliyun: its code there" },
    { "template_id", "tencent: its number there" },
    { "params", "{ NAME: path } or list of paths, as in customer.salutation" });

KEYS(copy, "copy",
    { "copy", "list of rules" });

KEYS(copy_rule, "copy rules",
    { "id", "its name, or that of a built-in rule (reachd help copy)" },
    { "level", "off | warning (default) | error" },
    { "words", "list: what a text must not say" },
    { "allow", "list: phrases in which the words are fine" },
    { "why", "what is wrong with them" },
    { "instead", "what to write instead" },
    { "channels", "list; default all" },
    { "categories", "list; default all, or those of the built-in rule" });

KEYS(lexicon, "lexicon",
    { "lexicon", "list of what services do not take" });

KEYS(lexicon_rule, "lexicon rules",
    { "id", "its name, by which a template is excused" },
    { "providers", "types or names of accounts; default all that carry the channel" },
    { "source", "where this is written" },
    { "level", "off | warning | error (default)" },
    { "words", "list: what a text must not say" },
    { "allow", "list: phrases in which the words are fine" },
    { "why", "what is wrong with them" },
    { "use", "channels to use instead" },
    { "channels", "list; default [sms]" },
    { "categories", "list; default all" });

KEYS(outcome, "outcomes of a template",
    { "title", "words for the button" },
    { "cause", "why the customer stays away: kept as customer.lost_cause" },
    { "tag", "given to the customer" });

KEYS(policy, "policy",
    { "quiet", "list of windows" },
    { "tiers", "{ NAME: tier }" },
    { "limits", "list of rolling limits; default 3 marketing in 7d" },
    { "min_gap", "between marketing messages, default 24h; none" },
    { "service", "limits of service messages" },
    { "send_time", "HH:MM of `at: day N`, default 10:00" },
    { "lookahead", "how far the last slots look ahead, default 7d" },
    { "stale_after", "old news of a store's visits hold what reads them; default 36h; never" },
    { "keywords", "words of replies" },
    { "costs", "yuan a message; sms: a segment" },
    { "max_segments", "of one SMS, default 2" },
    { "control", "share of all customers held out of everything, as in 5%" },
    { "tasks", "how people are asked to do things" },
    { "stop_all", "true: an opt-out stops every channel" },
    { "reports", "what reports measure by" },
    { "launch", "how campaigns are let out" },
    { "budgets", "yuan that messages may cost, of the house and a store" },
    { "presence", "the forgetting curve" },
    { "push", "what vendors deliver to telephones" },
    { "approvals", "what one other person may agree to, and what wants two" },
    { "escalation", NULL }, { "signals", NULL }, { "values", NULL });

KEYS(push, "push",
    { "vendor_daily", "{ VENDOR: N or none }: marketing a day to one telephone; unknown vendor: the strictest" });

KEYS(launch, "launch",
    { "countdown", "between a first publication and its start, default 10m; off" },
    { "ramp", "of marketing to lists: off, or stages, default [20, 10%, 100%]" },
    { "test_send", "optional (default) | required: before a marketing text goes out" },
    { "confirm", "more than so many due within the hour are asked back, default 5000; off" });

KEYS(ramp, "ramp",
    { "stages", "how many may be in, then shares: [20, 10%, 100%]" },
    { "hold", "the time of a stage, default 2h" },
    { "stop_at", "what stops it" });

KEYS(stop_at, "stop_at",
    { "complaints", "share of what was sent, default 0.5%" },
    { "opt_outs", "share of what was sent, default 3%" },
    { "errors", "share of what was tried, default 5%" });

KEYS(budget, "budget",
    { "day", "yuan a day" },
    { "total", "yuan in all" });

KEYS(budgets, "budgets",
    { "day", "yuan a day, all messages" },
    { "month", "yuan a month, all messages" },
    { "store_day", "yuan a day and store" },
    { "store_month", "yuan a month and store" });

KEYS(window, "quiet",
    { "id", "its name" },
    { "from", "HH:MM" },
    { "to", "HH:MM, may lie after midnight" },
    { "days", "mon tue wed thu fri sat sun" },
    { "channels", "default all" },
    { "categories", "default all" });

KEYS(tier, "tiers",
    { "floor", "touches a month below which a customer is being forgotten" },
    { "cap", "N a month, or N/year; 0: never" },
    { "channels", "in order of preference" },
    { "min_gap", "instead of the policy's" },
    { "never", "channels it must not get" });

KEYS(limit, "limits",
    { "window", "DURATION" },
    { "max", "messages in any such window" },
    { "category", "name or list, default marketing" });

KEYS(service, "service",
    { "per_day", "default 1" },
    { "per_month", "default 6" });

KEYS(tasks, "tasks",
    { "per_day", "calls offered to one person a day, default 20; 0: no end" },
    { "drafts", "texts to send by hand (kind: personal) given to one person a day, default 30; 0: no end" },
    { "each", "how long a call takes, notes included, default 10m: hours are counted by it" },
    { "hours", "list of HH:MM-HH:MM on workdays when calls succeed: offered then first" },
    { "business", "business hours, in which deadlines count" },
    { "complaint", "deadline of complaints by the clock, default 2h" },
    { "answer", "deadline of what answers ask of people, default 24h" },
    { "on_call", "role complaints go to, default manager" },
    { "script", "phone template that complaints are answered by, unless a playbook says another" });

KEYS(business, "business",
    { "from", "HH:MM, default 09:00" },
    { "to", "HH:MM, default 18:00" },
    { "days", "default all: mon tue wed thu fri sat sun" });

KEYS(keywords, "keywords",
    { "opt_out", "list" },
    { "opt_in", "list" },
    { "complaint", "list" },
    { "wrong_person", "list" },
    { "courtesy", "list: thanks and the like, which nobody needs to answer" });

KEYS(costs, "costs",
    { "sms", "a segment" },
    { "wecom", "a message" },
    { "email", "a message" },
    { "push", "a message" },
    { "phone", "a call" });

KEYS(calendar, "calendar",
    { "source", "where the dates come from" },
    { "covers", "year" },
    { "closed", "list of closures" },
    { "holidays", "list of dates" },
    { "workdays", "list of dates" });

KEYS(closure, "closed",
    { "from", "date" },
    { "to", "date, included" },
    { "name", "of the closure" },
    { "allow", "what still goes: greeting, service, transactional" });

KEYS(offers, "offers.yaml",
    { "offers", "{ NAME: offer }" });

KEYS(offer, "offers",
    { "title", "what people see" },
    { "value", "yuan" },
    { "valid", "days after the day it is granted, as in 90d" },
    { "quota", "N a month, or N/store; default no limit" },
    { "approval", "none (default) | manager | general-manager" },
    { "redeemed_by", "event that uses it up; without it by hand" });

KEYS(config, "reachd.yaml",
    { "entity", "whose customers they are" },
    { "state", "directory of the database, default var/" },
    { "listen", "who may connect" },
    { "public_url", "what links in messages begin with" },
    { "publish", "automatic (default) | approved" },
    { "providers", "list of accounts" },
    { "credentials", "directory of secrets; $CREDENTIALS_DIRECTORY goes before it" },
    { "roles", "{ ROLE: NAME or list of names }: who tasks go to" },
    { "people", "list: who may do what, and by which user of this machine he is known" },
    { "staff", NULL }, { "nodes", NULL });

KEYS(entity, "entity",
    { "name", "the dealer" },
    { "tz", "time zone, as in Asia/Shanghai" },
    { "phone", "shown to customers" },
    { "link_hosts", "hosts that links in texts may lead to, beside public_url's; default any" },
    { "export_basis", "what customers' data may leave China by, at every account" });

KEYS(listen, "listen",
    { "public", "HOST:PORT of webhooks and links" },
    { "staff", "HOST:PORT of the API" },
    { "insecure", "true: plain HTTP beyond this machine" },
    { "proxies", "addresses whose X-Forwarded-For is believed" });

KEYS(stores, "stores.yaml",
    { "stores", "list of stores" });

KEYS(store, "stores",
    { "id", "what the column `store` of your customers says" },
    { "name", "shown to customers, default its id" },
    { "aliases", "other words for it in imported files" },
    { "signature", "of its SMS, without brackets; default the provider's" },
    { "phone", "shown to customers" },
    { "address", "shown to customers" },
    { "map", "https link to it on a map" },
    { "tz", "time zone, default the entity's" },
    { "accounts", "providers that send for it, default any" },
    { "manager", "id of the member of staff who stands in for anyone" },
    { "hours", "08:30-18:00, or { mon: 08:30-18:00, ... }; a day left out is closed" },
    { "closed", "list of dates" });

KEYS(store_hours, "hours of a store",
    { "mon", "08:30-18:00" }, { "tue", "08:30-18:00" }, { "wed", "08:30-18:00" },
    { "thu", "08:30-18:00" }, { "fri", "08:30-18:00" }, { "sat", "08:30-18:00" },
    { "sun", "08:30-18:00" });

/* clang-format on */

const struct schema *const schema_all[] = { &schema_playbook, &schema_start, &schema_goal,
	&schema_exit, &schema_reply, &schema_step, &schema_split, &schema_arm, &schema_decide, &schema_grant, &schema_wait, &schema_branch,
	&schema_on_cap, &schema_action, &schema_tag, &schema_event, &schema_group,
	&schema_template, &schema_policy, &schema_window, &schema_tier, &schema_limit,
	&schema_push, &schema_launch, &schema_ramp, &schema_stop_at, &schema_budget, &schema_budgets, &schema_expect,
	&schema_service, &schema_keywords, &schema_costs, &schema_calendar,
	&schema_closure, &schema_offers, &schema_offer, &schema_config, &schema_entity, &schema_listen, &schema_provider,
	&schema_hours, &schema_success, &schema_refused, &schema_answer, &schema_query,
	&schema_secret, &schema_registered, &schema_copy, &schema_copy_rule, &schema_lexicon, &schema_lexicon_rule, &schema_stores, &schema_store, &schema_store_hours,
	&schema_reports, &schema_report_targets, &schema_report_events,
	&schema_report_lifetime, &schema_report_acquisition, &schema_report_commission,
	&schema_report_silence, &schema_member, &schema_approvals,
	&schema_report_depth, &schema_report_lines, &schema_campaign,
	&schema_campaign_cost, &schema_campaign_worth,
	&schema_scenario, &schema_scenario_when, &schema_scenario_event,
	&schema_scenario_reply, &schema_scenario_receipt, &schema_scenario_click,
	&schema_scenario_unsubscribe, &schema_scenario_task, &schema_scenario_reload, &schema_scenario_expect,
	&schema_scenario_only, &schema_scenario_row, &schema_scenario_balance,
	&schema_scenario_balance_runs, &schema_scenario_customer, &schema_scenario_run,
	&schema_mark, &schema_repeat, &schema_repeat_send,
	&schema_list, &schema_active, &schema_quota, &schema_digest,

	&schema_tasks, &schema_business, &schema_outcome, &schema_late,
	&schema_task, &schema_tries,
	&schema_lifecycle, &schema_life_visits, &schema_sign, &schema_warning,
	&schema_stage_rule, &schema_word_choice, &schema_rate_choice, &schema_times_choice,
	&schema_term, &schema_overlay, &schema_talk, &schema_presence, NULL };
