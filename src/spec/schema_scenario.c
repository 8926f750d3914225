/* schema_scenario.c - the keys of scenarios, what `reachd test` plays. */
#include "spec/schema.h"

#define KEYS(ident, title, ...)                                                          \
	static const struct schema_key ident##_keys[] = { __VA_ARGS__, { NULL, NULL } }; \
	const struct schema schema_##ident = { title, ident##_keys }

/* One key a line. */
/* clang-format off */

#define SET_OF_FILES \
	{ "config", "directory; default the nearest folder config above the file" }, \
	{ "templates", "directory; default beside config" }, \
	{ "playbooks", "list: those of config by name, drafts too, or whole ones; default all" }, \
	{ "policy", "keys in place of those in config/policy.yaml" }, \
	{ "files", "{ PATH: text }: more of config/ and templates/, or instead of theirs" }

KEYS(scenario, "scenario",
    { "scenario", "what it shows, in a few words" },
    { "proves", "list of numbers in docs/domain-coverage.md" },
    SET_OF_FILES,
    { "from", "DATE [HH:MM] on which it begins; that date is day 1" },
    { "days", "how long it plays; default until the day after the last one named" },
    { "seed", "what chance draws, default 1: control groups, lively people" },
    { "people", "none (default): they do what `when` says; lively: as people do" },
    { "given", "{ WHAT: rows or FILE } as for reachd import: customers and the like" },
    { "when", "list: what happens, in order of time" },
    { "expect", "what must come of it: a timeline, or a mapping" });

KEYS(scenario_when, "when",
    { "at", "day N HH:MM, or DATE HH:MM; the dealer's time" },
    { "day", "N: that day at 10:00" },
    { "event", "something happened to a customer" },
    { "reply", "a customer answers" },
    { "receipt", "a gateway tells what became of a message" },
    { "click", "a customer follows a link" },
    { "unsubscribe", "a customer uses the link that unsubscribes" },
    { "task", "somebody does what he was asked: the first that is open" },
    { "import", "{ WHAT: rows or FILE } as for reachd import" },
    { "reload", "a changed set is published: DIR, or what changes" },
    { "gateway", "takes | refuses_address | refuses | throttles | silent, from now on" },
    { "days", "N: so many days go by" });

KEYS(scenario_event, "when: event",
    { "type", "visit, rating, booking ..." },
    { "customer", "id" },
    { "id", "of the event; default one of its own" },
    { "vehicle", "VIN" },
    { "data", "{ NAME: VALUE }" },
    { "historic", "true: starts nothing" },
    { "parked", "true: it waits, for the customer is not known yet" });

KEYS(scenario_reply, "when: reply",
    { "customer", "id" },
    { "text", "what is said" },
    { "channel", "default that of the last message, else sms" });

#define A_MESSAGE \
	{ "customer", "id" }, \
	{ "step", "the last message of this step; default the last of all" }, \
	{ "channel", "the last message on this channel" }

KEYS(scenario_receipt, "when: receipt",
    A_MESSAGE,
    { "kind", "sent | delivered | failed | open" },
    { "code", "with failed: the provider's own" });

KEYS(scenario_click, "when: click",
    A_MESSAGE,
    { "link", "N of the message, default 1" });

KEYS(scenario_unsubscribe, "when: unsubscribe",
    A_MESSAGE);

KEYS(scenario_task, "when: task",
    { "customer", "id" },
    { "kind", "call, draft, task, complaint, wrong_person, answer; default any" },
    { "outcome", "reached, refused, none ...; of a draft sent, unfit, later; default done" },
    { "cause", "why the customer stays away" },
    { "observed", "what was noticed, with commas between" });

KEYS(scenario_reload, "when: reload",
    SET_OF_FILES,
    { "refused", "true: it has mistakes, and the set before stays in force" });

KEYS(scenario_expect, "expect",
    { "timeline", "list of messages in order, all there are; [] is: none" },
    { "only", "whose messages the timeline tells; default everybody's" },
    { "balance", "{ COLUMN: N } at the end" },
    { "customers", "list: what is known of them at the end" },
    { "alarms", "kinds of alarms there must be: complaint ..." });

KEYS(scenario_only, "expect: only",
    { "customer", "id or list" },
    { "playbook", "name or list" });

/* All but at, day, not and the _has are members of a line of rehearse --json. */
KEYS(scenario_row, "expect: timeline",
    { "at", "day N HH:MM, or HH:MM-HH:MM; the customer's own time" },
    { "day", "N: at any time of it" },
    { "not", "true: no such message, whenever" },
    { "customer", "id" },
    { "playbook", "name" },
    { "step", "id" },
    { "occurrence", "how often the run came to the step before: 0, 1 ..." },
    { "channel", "it goes by" },
    { "template", "name" },
    { "variant", "of an experiment" },
    { "state", "at the end: accepted, delivered ..." },
    { "segments", "of an SMS" },
    { "cost", "yuan" },
    { "text_has", "words in it, one or a list" },
    { "reason", "why it did not go: capped, quiet ...; no message is meant then" },
    { "rule", "with reason: the rule's name" },
    { "detail_has", "with reason: words in the values compared" });

KEYS(scenario_balance, "expect: balance",
    { "touches", "in all" },
    { "planned", "not yet due" },
    { "held", "due and waiting" },
    { "awaiting", "a person must act" },
    { "sent", "handed over" },
    { "unknown", "not known yet" },
    { "capped", "above a cap" },
    { "opted_out", "of marketing, or no consent" },
    { "expired", "too late" },
    { "failed", "refused, no address, a text that fails" },
    { "left", "the run was over before" },
    { "control", "held out" },
    { "goals", "met" },
    { "runs", "of all playbooks, by state" });

KEYS(scenario_balance_runs, "expect: balance: runs",
    { "entered", "in all" },
    { "running", "under way" },
    { "watching", "steps done, goal still open" },
    { "finished", "all over" },
    { "left", "ended before their steps did" },
    { "control", "held out" });

KEYS(scenario_customer, "expect: customers",
    { "id", "of the customer" },
    { "stage", "name" },
    { "tier", "name" },
    { "tags", "has these, one or a list" },
    { "lacks", "tags that are not there" },
    { "attrs", "list of NAME=VALUE" },
    { "opted_out", "channels, all of them; [] is: none" },
    { "blocked", "true: after a complaint" },
    { "tasks", "kinds of what is still to be done, all of them; [] is: nothing" },
    { "messages", "how many were handed over" },
    { "runs", "list in order of entry, all of them" },
    { "why_has", "words in what reachd why --json answers, one or a list" });

KEYS(scenario_run, "expect: customers: runs",
    { "playbook", "name" },
    { "state", "running | watching | finished | left" },
    { "why", "why it ended: goal, exit:EVENT, steps, reply ..." },
    { "control", "true | false" },
    { "goal", "true | false: met" },
    { "version", "number of the version it is pinned to" });

/* clang-format on */
