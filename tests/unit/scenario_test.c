/* Scenarios: every mistake is told of its place, and every expectation can fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "../../src/cmd/accounts.h"
#include "../../src/cmd/test.h"
#include "base/log.h"

/* A visit, thanks two hours later, and a look after three days. */
#define HEAD                                                                      \
	"scenario: x\n"                                                           \
	"playbooks: [presence, member-day]\n"                                     \
	"from: 2026-11-02\n"                                                      \
	"given:\n"                                                                \
	"  customers:\n"                                                          \
	"    - { id: C1, name: 林, phone: \"15400000001\", tier: mid, consent: " \
	"marketing }\n"
#define VISIT     \
	"when:\n" \
	"  - { at: day 1 14:00, event: { type: visit, customer: C1 } }\n"
#define THANKS "    - { at: day 1 16:00, customer: C1, step: thanks, channel: sms }\n"
#define CHECK "    - { at: day 4 10:00, step: check }\n"
#define TOLD "expect:\n  timeline:\n"

struct row {
	const char *name, *text;
	int rc;
	const char *says; /* what the output has */
};

static const struct row plays[] = {
	{ "what comes is expected", HEAD VISIT TOLD THANKS, 0, "" },
	{ "a list alone is the timeline",
	    HEAD VISIT "expect: [{ at: day 1 16:00, step: thanks }]\n", 0, "" },
	{ "a span of time",
	    HEAD VISIT "expect: [{ at: \"day 1 15:59-16:01\", step: thanks }]\n", 0, "" },
	{ "any time of a day", HEAD VISIT "expect: [{ day: 1, step: thanks }]\n", 0, "" },
	{ "a day without an end plays on", HEAD VISIT "days: 4\n" TOLD THANKS CHECK, 0,
	    "" },
	{ "a message too many", HEAD VISIT "days: 4\n" TOLD THANKS, 1,
	    "1 message came and is not expected" },
	{ "the one too many is marked", HEAD VISIT "days: 4\n" TOLD THANKS, 1,
	    "+ day 4   2026-11-05 10:00  C1  presence  check" },
	{ "a message that does not come",
	    HEAD VISIT TOLD THANKS CHECK "    - { day: 4, step: value }\n", 1,
	    "scenario.yaml:13:7: this did not come\n" },
	{ "it is marked", HEAD VISIT TOLD THANKS CHECK "    - { day: 4, step: value }\n",
	    1, "- day 4   2026-11-05        step value   (line 13)" },
	{ "a step that is none", HEAD VISIT "expect: [{ day: 1, step: thank }]\n", 1,
	    "9:26: there is no step \"thank\"; did you mean \"thanks\"?" },
	{ "another time", HEAD VISIT "expect: [{ at: day 1 16:01, step: thanks }]\n", 1,
	    "this did not come then, but on day 1 at 16:00" },
	{ "another channel",
	    HEAD VISIT "expect: [{ day: 1, step: thanks, channel: push }]\n", 1,
	    "this did not come\n" },
	{ "another order", HEAD VISIT TOLD CHECK THANKS, 1,
	    "scenario.yaml:12:7: this did not come then" },
	{ "words that are there",
	    HEAD VISIT "expect: [{ day: 1, text_has: [林, 0到10] }]\n", 0, "" },
	{ "words that are not",
	    HEAD VISIT "expect: [{ day: 1, text_has: [林, 11到12] }]\n", 1,
	    "did not come" },
	{ "not: it must not come",
	    HEAD VISIT TOLD THANKS "    - { not: true, step: thanks }\n", 1,
	    "this came and must not" },
	{ "not: it does not", HEAD VISIT TOLD THANKS "    - { not: true, step: value }\n",
	    0, "" },
	{ "only: the others do not matter",
	    HEAD VISIT "expect: { only: { customer: C2 }, timeline: [] }\n", 0, "" },
	{ "nothing may come", HEAD VISIT "expect: []\n", 1, "not expected" },
	{ "a sum", HEAD VISIT "expect: { balance: { sent: 1, runs: { entered: 1 } } }\n",
	    0, "" },
	{ "a wrong sum", HEAD VISIT "expect: { balance: { sent: 2 } }\n", 1,
	    "scenario.yaml:9:28: sent is 1, expected 2" },
	{ "a wrong sum of runs",
	    HEAD VISIT "expect: { balance: { runs: { left: 2 } } }\n", 1,
	    "left is 0, expected 2" },
	{ "a customer's end",
	    HEAD VISIT
	    "expect: { customers: [{ id: C1, tier: mid, messages: 1, lacks: vip,"
	    " opted_out: [], blocked: false, why_has: thanks,"
	    " runs: [{ playbook: presence, state: running, version: 1,"
	    " goal: false, control: false }] }] }\n",
	    0, "" },
	{ "another tier", HEAD VISIT "expect: { customers: [{ id: C1, tier: low }] }\n",
	    1, "tier is \"mid\", expected \"low\"" },
	{ "a tag that is not there",
	    HEAD VISIT "expect: { customers: [{ id: C1, tags: vip }] }\n", 1,
	    "the tag \"vip\" is not there" },
	{ "an attribute",
	    HEAD VISIT "expect: { customers: [{ id: C1, attrs: car=x }] }\n", 1,
	    "car is \"\", expected car=x" },
	{ "an opt-out that is not there",
	    HEAD VISIT "expect: { customers: [{ id: C1, opted_out: sms }] }\n", 1,
	    "opted out on 0 channels, expected 1" },
	{ "a block that is not there",
	    HEAD VISIT "expect: { customers: [{ id: C1, blocked: true }] }\n", 1,
	    "blocked is \"false\"" },
	{ "messages counted",
	    HEAD VISIT "expect: { customers: [{ id: C1, messages: 2 }] }\n", 1,
	    "messages is 1, expected 2" },
	{ "words of why",
	    HEAD VISIT "expect: { customers: [{ id: C1, why_has: moon }] }\n", 1,
	    "does not say \"moon\"" },
	{ "runs counted", HEAD VISIT "expect: { customers: [{ id: C1, runs: [] }] }\n", 1,
	    "C1 has 1 runs, expected 0" },
	{ "a run's state",
	    HEAD VISIT "expect: { customers: [{ id: C1, runs: [{ state: left }] }] }\n",
	    1, "state is \"running\", expected \"left\"" },
	{ "a customer nobody gave", HEAD VISIT "expect: { customers: [{ id: C9 }] }\n", 1,
	    "there is no customer \"C9\"" },
	{ "an alarm", HEAD VISIT "expect: { alarms: complaint }\n", 1,
	    "there is no alarm \"complaint\"" },
	{ "an event of nobody",
	    HEAD "when: [{ day: 1, event: { type: visit, customer: C9 } }]\n"
		 "expect: []\n",
	    1, "scenario.yaml:7:8: there is no customer \"C9\"" },
	{ "a reply before any message",
	    HEAD "when: [{ day: 1, reply: { customer: C1, text: TD } }]\n"
		 "expect: { customers: [{ id: C1, opted_out: sms }] }\n",
	    0, "" },
	{ "a receipt for no message",
	    HEAD "when: [{ day: 1, receipt: { customer: C1, kind: delivered } }]\n"
		 "expect: []\n",
	    1, "C1 has got no such message so far" },
	{ "a receipt",
	    HEAD VISIT
	    "  - { at: day 1 17:00, receipt: { customer: C1, kind: delivered } }\n"
	    "expect: [{ day: 1, state: delivered }]\n",
	    0, "" },
	{ "a set that is wrongly said to be refused",
	    HEAD "when:\n  - day: 1\n    reload:\n      refused: true\n      policy:\n"
		 "        min_gap: 1d\nexpect: []\n",
	    1, "8:5: the new set was taken, it has no mistake" },
	{ "a set with a mistake",
	    HEAD "when:\n  - day: 1\n    reload:\n      policy:\n        min_gapp: 1d\n"
		 "expect: []\n",
	    1, "scenario.yaml:11:9: error: unknown key \"min_gapp\"" },
	{ "people react out of the seed",
	    HEAD VISIT
	    "people: lively\nexpect: [{ day: 1, state: [delivered, undelivered] "
	    "}]\n",
	    0, "" },
};

static const struct row mistakes[] = {
	{ "no name", "from: 2026-11-02\nexpect: []\n", 1,
	    "1:1: error: \"scenario\" is missing" },
	{ "a playbook, told key by key", "playbook: x\ntitle: y\nsteps: []\n", 1,
	    "1:1: error: this is no scenario" },
	{ "what its playbook leads to is not named",
	    "scenario: x\nfrom: 2026-11-02\nplaybooks: [presence]\nexpect: []\n", 1,
	    "name those it leads to as well" },
	{ "an unknown key", "scenario: x\nfrom: 2026-11-02\nexpects: []\n", 1,
	    "did you mean \"expect\"?" },
	{ "no date", "scenario: x\nfrom: soon\nexpect: []\n", 1,
	    "2:7: error: \"soon\" is not a day to begin on" },
	{ "a number nobody knows",
	    "scenario: x\nproves: [7.x]\nfrom: 2026-11-02\nexpect: []\n", 1,
	    "2:10: error: \"7.x\" is not a number of the domain" },
	{ "no verb", HEAD "when: [{ day: 1 }]\nexpect: []\n", 1, "nothing happens here" },
	{ "two verbs", HEAD "when: [{ day: 1, days: 3, gateway: takes }]\nexpect: []\n",
	    1, "one thing happens at a time" },
	{ "a misspelt verb", HEAD "when: [{ day: 1, evnt: {} }]\nexpect: []\n", 1,
	    "did you mean \"event\"?" },
	{ "no time", HEAD "when: [{ gateway: takes }]\nexpect: []\n", 1,
	    "7:8: error: it is not said when this happens" },
	{ "not a time", HEAD "when: [{ at: noon, gateway: takes }]\nexpect: []\n", 1,
	    "\"noon\" is not a time here" },
	{ "before the beginning",
	    HEAD "when: [{ at: 2026-11-01 10:00, gateway: takes }]\nexpect: []\n", 1,
	    "this is before the scenario begins" },
	{ "backwards",
	    HEAD "when:\n  - { day: 3, gateway: takes }\n  - { day: 2, gateway: takes }\n"
		 "expect: []\n",
	    1, "this is earlier than line 8" },
	{ "a word that is none", HEAD "when: [{ day: 1, gateway: sleps }]\nexpect: []\n",
	    1, "\"sleps\" is not one of takes" },
	{ "a key of an event",
	    HEAD "when: [{ day: 1, event: { typ: visit, customer: C1 } }]\n"
		 "expect: []\n",
	    1, "did you mean \"type\"?" },
	{ "a channel that is none", HEAD "expect: [{ day: 1, channel: fax }]\n", 1,
	    "there is no channel \"fax\"" },
	{ "a reason that is none", HEAD "expect: [{ day: 1, reason: tired }]\n", 1,
	    "there is no reason \"tired\"" },
	{ "a state that is none", HEAD "expect: [{ day: 1, state: sent }]\n", 1,
	    "there is no state \"sent\"" },
	{ "a column that is none", HEAD "expect: { balance: { snt: 1 } }\n", 1,
	    "did you mean \"sent\"?" },
	{ "a line without its time", HEAD "expect: [{ step: thanks }]\n", 1,
	    "it is not said when this comes" },
	{ "nothing expected", HEAD "expect: {}\n", 1, "nothing is expected" },
	{ "an empty list of words", HEAD "expect: [{ day: 1, text_has: [] }]\n", 1,
	    "the list is empty" },
	{ "a cell of a customer",
	    "scenario: x\nfrom: 2026-11-02\ngiven:\n  customers:\n"
	    "    - { id: C1, phone: \"154\" }\nexpect: []\n",
	    1, "5:24: error: phone: " },
	{ "a table nobody imports",
	    "scenario: x\nfrom: 2026-11-02\ngiven: { moons: [{ id: 1 }] }\nexpect: []\n",
	    1, "3:10: import moons: " },
	{ "a file that is not there",
	    "scenario: x\nfrom: 2026-11-02\ngiven: { customers: nix.csv }\nexpect: []\n",
	    1, "nix.csv" },
	{ "a policy's key, in its own place",
	    HEAD "policy:\n  min_gapp: 1d\nexpect: []\n", 1,
	    "scenario.yaml:8:3: error: unknown key \"min_gapp\"" },
	{ "a playbook's key, in its own place",
	    "scenario: x\nfrom: 2026-11-02\nplaybooks:\n  - playbook: y\n"
	    "    category: service\n    strt: { on: visit }\nexpect: []\n",
	    1, "scenario.yaml:6:5: error: unknown key \"strt\"" },
	{ "a playbook in one line",
	    "scenario: x\nfrom: 2026-11-02\nplaybooks: [{ playbook: y "
	    "}]\nexpect: []\n",
	    1, "a whole file is expected here" },
	{ "a file outside of the set",
	    "scenario: x\nfrom: 2026-11-02\nfiles: { ../passwd: x }\nexpect: []\n", 1,
	    "is no file of a set" },
	{ "two tables at a time",
	    HEAD
	    "when: [{ day: 1, import: { customers: [], optouts: [] } }]\nexpect: []\n",
	    1, "one table is imported at a time" },
};

static char *dir;

static void
play(const struct row *row)
{
	char *file = g_build_filename(dir, "scenario.yaml", NULL);
	GString *out = g_string_new(NULL);
	int rc;

	assert_true(g_file_set_contents(file, row->text, -1, NULL));
	rc = test_play(file, dir, &(struct test_options){ .config = "config" }, out);
	if (rc != row->rc || strstr(out->str, row->says) == NULL)
		fail_msg("%s: %d, expected \"%s\"; it says\n%s", row->name, rc, row->says,
		    out->str);
	g_string_free(out, TRUE);
	g_unlink(file);
	g_free(file);
}

static void
every_expectation_holds_or_fails(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(plays); i++)
		play(&plays[i]);
}

static void
every_mistake_has_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(mistakes); i++)
		play(&mistakes[i]);
}

/* A scenario is the same however often it is played. */
static void
the_same_each_time(void **state)
{
	char *file = g_build_filename(dir, "same.yaml", NULL);
	GString *first = g_string_new(NULL), *second = g_string_new(NULL);
	const struct test_options o = { .config = "config", .show = true };

	(void)state;
	assert_true(g_file_set_contents(file,
	    HEAD VISIT "people: lively\ndays: 90\nexpect: { balance: { failed: 0 } }\n",
	    -1, NULL));
	test_play(file, dir, &o, first);
	test_play(file, dir, &o, second);
	assert_true(first->len > 100);
	assert_string_equal(first->str, second->str);
	g_string_free(first, TRUE);
	g_string_free(second, TRUE);
	g_unlink(file);
	g_free(file);
}

static void
unheard(void *arg, enum log_level level, const char *line)
{
	(void)arg;
	(void)level;
	(void)line;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_expectation_holds_or_fails),
		cmocka_unit_test(every_mistake_has_its_place),
		cmocka_unit_test(the_same_each_time),
	};
	int rc;

	log_sink(unheard, NULL);
	accounts_register();
	dir = g_dir_make_tmp("reachd-scenario-XXXXXX", NULL);
	rc = cmocka_run_group_tests_name("scenario", tests, NULL, NULL);
	g_rmdir(dir);
	g_free(dir);
	return rc;
}
