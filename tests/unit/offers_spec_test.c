/* offers_spec_test.c - what people write of A/B tests, offers and enter: each mistake by its
 * place. */
#include "spec_set.h"

#define OFFERS "config/offers.yaml"
#define CATALOGUE                                                        \
	"offers:\n  free-check: { value: 200, valid: 30d, quota: 20 }\n" \
	"  wash: { value: 40, valid: 90d }\n"
#define GOAL HEAD "goal: { on: booking }\n"
#define ARMS "arms: { a: { send: care/one }, b: { weight: 2, send: care/chat } }"
#define PROMISE "---\ncategory: marketing\noffer: free-check\n---\n免费检测 拒收请回复R\n"

static const struct row {
	const char *name, *path, *text, *want;
} rows[] = {
	/* ---- split ---- */
	{ "sound split", PLAYBOOK,
	    GOAL "steps:\n  - id: a\n    split: { " ARMS ", decide: { else: best } }\n",
	    "" },
	{ "one arm", PLAYBOOK,
	    HEAD "steps:\n  - id: a\n    split: { arms: { a: { send: care/one } } }\n",
	    "7:20: error: a split needs 2 to 10 arms\n" },
	{ "no arms", PLAYBOOK, HEAD "steps:\n  - id: a\n    split: { name: x }\n",
	    "7:12: error: a split needs 2 to 10 arms\n" },
	{ "weight 0", PLAYBOOK,
	    HEAD "steps:\n  - id: a\n    split:\n      arms: { a: { weight: 0, send: "
		 "care/one }, b: { "
		 "send: care/chat } }\n",
	    "8:28: error: 0 is out of range: 1 to 10000\n" },
	{ "an arm sends nothing", PLAYBOOK,
	    HEAD "steps:\n  - id: a\n    split: { arms: { a: { send: care/one }, b: { "
		 "weight: 2 } } }\n",
	    "7:48: error: \"send\" is missing\n" },
	{ "no such template in an arm", PLAYBOOK,
	    HEAD "steps:\n  - id: a\n    split: { arms: { a: { send: care/one }, b: { "
		 "send: care/tow } } "
		 "}\n",
	    "7:56: error: there is no template \"care/tow\"\n" },
	{ "a name that else uses", PLAYBOOK,
	    HEAD "steps:\n  - id: a\n    split: { arms: { best: { send: care/one }, b: { "
		 "send: care/chat "
		 "} } }\n",
	    "7:22: error: \"best\" has a meaning of its own in else:\n" },
	{ "no such arm", PLAYBOOK,
	    GOAL "steps:\n  - id: a\n    split: { " ARMS ", decide: { else: bst } }\n",
	    "8:98: error: there is no arm \"bst\"\n" },
	{ "unknown metric: never opens", PLAYBOOK,
	    GOAL "steps:\n  - id: a\n    split: { " ARMS ", decide: { metric: open } }\n",
	    "8:100: error: \"open\" is not one of goal, click\n" },
	{ "no goal to decide by", PLAYBOOK,
	    HEAD "steps:\n  - id: a\n    split: { " ARMS ", decide: { min: 10 } }\n",
	    "7:90: error: step \"a\" is decided by the goal, and the playbook has "
	    "none\n" },
	{ "clicks need none", PLAYBOOK,
	    HEAD "steps:\n  - id: a\n    split: { " ARMS
		 ", decide: { metric: click } }\n",
	    "" },
	{ "less than a week", PLAYBOOK,
	    GOAL "steps:\n  - id: a\n    split: { " ARMS ", decide: { at: 3d } }\n",
	    "8:96: warning: people differ by the day: a test should run at least one "
	    "full week\n" },
	{ "S22 min below what the effect needs", PLAYBOOK,
	    GOAL "steps:\n  - id: a\n    split: { " ARMS
		 ", decide: { usual: 10%, rise: 5% } }\n",
	    "8:90: warning: direction only: to tell 10% from 15% an arm needs 686 "
	    "people, min is "
	    "200\n" },
	{ "S22 enough", PLAYBOOK,
	    GOAL "steps:\n  - id: a\n    split: { " ARMS
		 ", decide: { min: 686, usual: 10%, rise: 5% } "
		 "}\n",
	    "" },
	{ "a rise over nothing", PLAYBOOK,
	    GOAL "steps:\n  - id: a\n    split: { " ARMS ", decide: { rise: 5% } }\n",
	    "8:98: error: a rise is told from the usual share, and ends below 100%\n" },
	{ "no arm falls back", PLAYBOOK,
	    HEAD "steps:\n  - id: a\n    on_cap: { fallback: sms }\n    split: { " ARMS
		 " }\n",
	    "6:5: error: step \"a\" falls back to sms and has no template for it\n" },
	/* ---- offers ---- */
	{ "no such offer", PLAYBOOK, HEAD "steps:\n  - { id: a, offer: free-chek }\n",
	    "6:21: error: there is no offer \"free-chek\"\n" },
	{ "no such offer in an action", PLAYBOOK,
	    HEAD "steps:\n  - { id: a, do: { offer: free } }\n",
	    "6:27: error: there is no offer \"free\"\n" },
	{ "else leads nowhere", PLAYBOOK,
	    HEAD "steps:\n  - { id: a, offer: { name: wash, else: nowhere } }\n",
	    "6:41: error: there is no step \"nowhere\" to go to\n" },
	{ "an offer without a deadline", OFFERS, "offers:\n  wash: { value: 1 }\n",
	    "2:9: error: \"valid\" is missing\n" },
	{ "hours are no deadline", OFFERS, "offers:\n  wash: { value: 1, valid: 90h }\n",
	    "2:28: error: an offer is valid for whole days\n" },
	{ "no value", OFFERS, "offers:\n  wash: { valid: 90d }\n",
	    "2:9: error: \"value\" is missing\n" },
	{ "quotas", OFFERS,
	    "offers:\n  a: { value: 1, valid: 9d, quota: 20/store }\n"
	    "  b: { value: 1, valid: 9d, quota: -1 }\n  c: { value: 1, valid: 9d, quota: "
	    "3/day }\n",
	    "3:36: error: -1 is out of range: 0 to 100000\n"
	    "4:36: error: \"3/day\" is not a whole number\n" },
	{ "approval", OFFERS, "offers:\n  a: { value: 1, valid: 9d, approval: boss }\n",
	    "2:39: error: \"boss\" is not one of none, manager, general-manager\n" },
	{ "misspelt", OFFERS,
	    "offers:\n  a: { value: 1, valid: 9d, redeemd_by: visit }\n",
	    "2:29: error: unknown key \"redeemd_by\"\n" },
	{ "a list", OFFERS, "offers:\n  - { value: 1 }\n",
	    "2:3: error: offers are a mapping of names\n" },
	{ "Y5 twice", OFFERS, CATALOGUE "  wash: { value: 1, valid: 1d }\n",
	    "4:3: error: \"wash\" is written twice, first on line 3\n" },
	/* ---- promises: SMS is sent by step one ---- */
	{ "promised, never granted", SMS, PROMISE,
	    "playbooks/care.yaml: 6:33: error: \"care/one\" promises the offer "
	    "\"free-check\", which is "
	    "not granted before step \"one\"\n" },
	{ "promised, not in the catalogue", SMS,
	    "---\ncategory: marketing\noffer: nothing\n---\n拒收请回复R\n",
	    "3:8: error: there is no offer \"nothing\"\n" },
	/* ---- enter ---- */
	{ "no such playbook", PLAYBOOK, HEAD "steps:\n  - { id: a, enter: cure }\n",
	    "6:21: error: there is no playbook \"cure\"\n" },
	{ "itself at once", PLAYBOOK, HEAD "steps:\n  - { id: a, enter: care }\n",
	    "1:1: error: playbooks enter each other without a wait of 1h: care -> "
	    "care\n" },
	{ "itself after a while", PLAYBOOK,
	    HEAD "steps:\n  - { id: w, wait: 2h }\n  - { id: a, enter: care }\n", "7:21: warning: \"care\" enters itself: whoever is in it does not enter again\n" },
	{ "itself by its goal", PLAYBOOK,
	    HEAD "goal: { on: booking, then: { enter: care } }\nsteps:\n  - { id: a, "
		 "wait: 1d }\n",
	    "" },
	{ "start enter: false", PLAYBOOK,
	    "playbook: care\ncategory: service\nstart: { enter: false }\nsteps: [{ id: "
	    "a, stop: true }]\n",
	    "3:17: error: only true means something here\n" },
	/* ---- control of the house ---- */
	{ "S24 a share", RULES, POLICY "control: 5%\n", "" },
	{ "S24 not a share", RULES, POLICY "control: 5\n",
	    "4:10: error: \"5\" is not a share from 0% to 50%\n" },
	{ "S24 too many", RULES, POLICY "control: 60%\n",
	    "4:10: error: \"60%\" is not a share from 0% to 50%\n" },
};

/* Places of one file only: its own without a name. */
static char *
places(const struct report *r, const char *path)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < r->diags->len; i++) {
		const struct diag *d = r->diags->pdata[i];
		const char *folder =
		    strstr(d->at.file == NULL ? "" : d->at.file, "playbooks/");

		if (!g_str_has_suffix(d->at.file == NULL ? "" : d->at.file, path))
			g_string_append_printf(
			    out, "%s: ", folder == NULL ? d->at.file : folder);
		g_string_append_printf(out, "%d:%d: %s: %s\n", d->at.line, d->at.col,
		    d->severity == SEV_ERROR ? "error" : "warning", d->text);
	}
	return g_string_free(out, FALSE);
}

static void
one_file_wrong(void **state)
{
	int bad = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct report *r;
		char *got;

		put_sound(*state);
		put(*state, OFFERS, CATALOGUE, strlen(CATALOGUE));
		put(*state, rows[i].path, rows[i].text, strlen(rows[i].text));
		r = check(*state);
		got = places(r, rows[i].path);
		if (strcmp(got, rows[i].want) != 0) {
			print_error(
			    "%s: got\n%swant\n%s", rows[i].name, got, rows[i].want);
			bad++;
		}
		g_free(got);
		report_free(r);
	}
	assert_int_equal(bad, 0);
}

/* A template that promises: where it is granted on the way, and where it may not be. */
#define LIFE "config/lifecycle.yaml"
#define WEAK_TIE "weak_tie: { tier: weak-tie, stages: given-up }\n"
#define WEAK_POLICY POLICY "  weak-tie: { cap: 4/year }\n"
#define WEAK(when)                                                                 \
	"playbook: care\ncategory: marketing\nstatus: live\nstart: { when: '" when \
	"' }\nsteps:\n  - { id: g, offer: wash }\n"
static const struct row promises[] = {
	{ "granted, or led round", PLAYBOOK,
	    HEAD "steps:\n  - { id: g, offer: { name: free-check, else: end } }\n"
		 "  - { id: one, send: care/one }\n  - { id: end, stop: true }\n",
	    "" },
	{ "without else it may be spent", PLAYBOOK,
	    HEAD
	    "steps:\n  - { id: g, offer: free-check }\n  - { id: one, send: care/one }\n",
	    "7:22: warning: a run can come to step \"one\" without the offer "
	    "\"free-check\"; "
	    "\"care/one\" is not sent then\n" },
	{ "granted too late", PLAYBOOK,
	    HEAD
	    "steps:\n  - { id: one, send: care/one }\n  - { id: g, offer: free-check }\n",
	    "6:22: error: \"care/one\" promises the offer \"free-check\", which is not "
	    "granted before "
	    "step \"one\"\n" },
	{ "only on one branch", PLAYBOOK,
	    HEAD
	    "steps:\n  - { id: b, branch: [{ when: customer.visits > 3, goto: one }] }\n"
	    "  - { id: g, offer: { name: free-check, else: end } }\n"
	    "  - { id: one, send: care/one }\n  - { id: end, stop: true }\n",
	    "8:22: warning: a run can come to step \"one\" without the offer "
	    "\"free-check\"; "
	    "\"care/one\" is not sent then\n" },
	{ "another offer", PLAYBOOK,
	    HEAD "steps:\n  - { id: g, offer: wash }\n  - { id: one, send: care/one }\n",
	    "7:22: error: \"care/one\" promises the offer \"free-check\", which is not "
	    "granted before "
	    "step \"one\"\n" },
	{ "in an arm", PLAYBOOK, HEAD "steps:\n  - id: a\n    split: { " ARMS " }\n",
	    "7:33: error: \"care/one\" promises the offer \"free-check\", which is not "
	    "granted before "
	    "step \"a\"\n" },
	{ "to weak ties only", PLAYBOOK,
	    WEAK("customer.tier == \"weak-tie\" and customer.visits > 1"),
	    "4:16: warning: only weak ties (tier \"weak-tie\") come into this playbook, "
	    "and "
	    "they are given no offers: what it offers is refused\n" },
	{ "to others as well", PLAYBOOK,
	    WEAK("customer.tier == \"weak-tie\" or customer.visits > 1"), "" },
	{ "by a reply", PLAYBOOK,
	    HEAD
	    "steps:\n  - { id: w, wait: 1d }\n  - { id: one, send: care/one }\n"
	    "replies:\n  - { is: \"1\", then: [{ offer: free-check }, { goto: one }] }\n",
	    "" },
};

static void
promised(void **state)
{
	int bad = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(promises); i++) {
		struct report *r;
		char *got;

		put_sound(*state);
		put(*state, OFFERS, CATALOGUE, strlen(CATALOGUE));
		put(*state, LIFE, WEAK_TIE, strlen(WEAK_TIE));
		put(*state, "config/policy.yaml", WEAK_POLICY, strlen(WEAK_POLICY));
		put(*state, SMS, PROMISE, strlen(PROMISE));
		put(*state, PLAYBOOK, promises[i].text, strlen(promises[i].text));
		r = check(*state);
		got = places(r, PLAYBOOK);
		if (strcmp(got, promises[i].want) != 0) {
			print_error("%s: got\n%swant\n%s", promises[i].name, got,
			    promises[i].want);
			bad++;
		}
		g_free(got);
		report_free(r);
	}
	assert_int_equal(bad, 0);
}

/* Granted in the playbook that leads here; and a circle of two. */
static void
of_two_playbooks(void **state)
{
	static const char other[] =
	    "playbook: other\ncategory: marketing\nstatus: live\nstart: { on: visit }\n"
	    "steps:\n  - { id: g, offer: { name: free-check, else: end } }\n"
	    "  - { id: e, enter: care }\n  - { id: end, stop: true }\n";
	static const char round[] = HEAD "steps:\n  - { id: one, send: care/one }\n"
					 "  - { id: e, enter: other }\n";
	struct report *r;
	char *got;

	put(*state, OFFERS, CATALOGUE, strlen(CATALOGUE));
	put(*state, SMS, PROMISE, strlen(PROMISE));
	put(*state, "config/playbooks/other.yaml", other, strlen(other));
	r = check(*state);
	got = places(r, PLAYBOOK);
	assert_string_equal(got, "");
	g_free(got);
	report_free(r);
	put(*state, PLAYBOOK, round, strlen(round));
	r = check(*state);
	got = places(r, PLAYBOOK);
	assert_string_equal(got,
	    "1:1: error: playbooks enter each other without a wait of 1h: care "
	    "-> other -> care\n");
	g_free(got);
	report_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { TEST(one_file_wrong), TEST(promised),
		TEST(of_two_playbooks) };

	return cmocka_run_group_tests_name("offers_spec", tests, NULL, NULL);
}
