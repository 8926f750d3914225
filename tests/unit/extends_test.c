/* extends_test.c - a store's own form of a playbook: what is merged, what is refused, and that
 * a stored version is read back the same. */
#include "spec_set.h"

#include "core/playbook.h"

#define OWN "config/playbooks/own.yaml"
#define STORES "stores:\n  - { id: west, name: 城西店 }\n  - { id: east, name: 城东店 }\n"
#define FORM "playbook: own\nextends: care\nstores: west\n"

static void
write_in(const char *dir, const char *path, const char *text)
{
	put(dir, path, text, strlen(text));
}

static const struct row {
	const char *name, *text, *want;
} rows[] = {
	{ "nothing else said", FORM, "" },
	{ "no such playbook", "playbook: own\nextends: cafe\nstores: west\n",
	    "2:10: error: there is no playbook \"cafe\" to extend\n" },
	{ "of itself", "playbook: own\nextends: own\nstores: west\n",
	    "2:10: error: \"own\" cannot be a form of itself\n" },
	{ "without a name", "extends: care\nstores: west\n",
	    "1:1: error: \"playbook\" is missing\n" },
	{ "about something else", FORM "subject: vehicle\n",
	    "4:10: error: \"care\" is about something else than its form\n" },
	{ "of a list", "playbook: own\nextends: [care]\nstores: west\n",
	    "2:10: error: extends names one playbook\n" },
	{ "of no store", "playbook: own\nextends: care\n",
	    "2:10: error: whose form of \"care\" this is it does not say\n" },
	{ "of a store that is not there", "playbook: own\nextends: care\nstores: wset\n",
	    "3:9: error: there is no store \"wset\"\n" },
	{ "no such step left out", FORM "without: [one, tow]\n",
	    "4:16: error: the common playbook has no step \"tow\"\n" },
	{ "all steps left out", FORM "without: [one, two]\n", NULL },
	{ "steps left out of nothing",
	    "playbook: own\ncategory: service\nwithout: one\nstart: { on: visit }\n"
	    "steps: [{ id: one, stop: true }]\n",
	    "3:1: error: steps are left out of another playbook only\n" },
	{ "a slip of a step", FORM "steps:\n  - { id: tow, at: day 3 }\n",
	    "5:11: error: the common playbook has no step \"tow\"\n" },
	{ "a step twice",
	    FORM "steps:\n  - { id: one, send: care/one }\n"
		 "  - { id: one, send: care/mail }\n",
	    "6:11: error: two steps are called \"one\", the first on line 5\n" },
	{ "a step left out twice", FORM "without: [one, one]\n",
	    "4:16: error: \"one\" is left out already\n" },
	{ "two verbs", FORM "steps:\n  - { id: one, send: care/one, wait: 1d }\n",
	    "5:32: error: a step does one thing\n" },
	{ "no such template", FORM "steps:\n  - { id: one, send: care/oen }\n",
	    "5:22: error: there is no template \"care/oen\"\n" },
};

static void
mistakes_are_told_by_their_place(void **state)
{
	write_in(*state, "config/stores.yaml", STORES);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		write_in(*state, OWN, rows[i].text);
		if (rows[i].want != NULL) {
			assert_found(*state, OWN, rows[i].want, rows[i].name);
		} else {
			struct report *r = check(*state);

			assert_true(r->errors > 0);
			report_free(r);
		}
	}
}

static void
a_mistake_of_the_common_one_is_told_once(void **state)
{
	write_in(*state, "config/stores.yaml", STORES);
	write_in(*state, OWN, FORM);
	write_in(*state, PLAYBOOK,
	    HEAD "steps:\n  - { id: one, at: day 1, send: care/oen }\n");
	assert_found(
	    *state, PLAYBOOK, "6:33: error: there is no template \"care/oen\"\n", "once");
	write_in(*state, PLAYBOOK,
	    "playbook: care\nstart: { on: visit }\n"
	    "steps:\n  - { id: one, at: day 1, send: care/one }\n");
	assert_found(
	    *state, PLAYBOOK, "1:1: error: \"category\" is missing\n", "missing once");
}

static void
two_forms_for_one_store(void **state)
{
	write_in(*state, "config/stores.yaml", STORES);
	write_in(*state, OWN, FORM);
	write_in(*state, "config/playbooks/other.yaml",
	    "playbook: other\nextends: care\nstores: [east, west]\n");
	assert_found(*state, OWN,
	    "3:9: error: \"west\" has a form of \"care\" already: \"other\"\n", "two");
	write_in(*state, "config/playbooks/other.yaml",
	    "playbook: other\nextends: care\nstores: [east, 城西店]\n");
	assert_found(*state, OWN,
	    "3:9: error: \"west\" has a form of \"care\" already: \"other\"\n",
	    "by its name");
	write_in(*state, "config/playbooks/other.yaml",
	    "playbook: other\nextends: own\nstores: [east]\n");
	assert_found(*state, "other.yaml",
	    "2:10: error: \"own\" is a store's own form itself\n", "of a form");
}

/* ---- what is merged ---- */

static const struct merged {
	const char *name, *own, *want;
} merged[] = {
	{ "as it is", "", "one:day1:1 two:day2:2" },
	{ "another text", "steps:\n  - { id: two, send: care/mail }\n",
	    "one:day1:1 two:day2:1" },
	{ "another time", "steps:\n  - { id: two, after: 3d }\n",
	    "one:day1:1 two:after3:2" },
	{ "another verb", "steps:\n  - { id: two, wait: 2d }\n",
	    "one:day1:1 two:after2:0" },
	{ "left out", "without: one\n", "two:day2:2" },
	{ "new, after the one above",
	    "steps:\n  - { id: one, at: day 1 10:00 }\n"
	    "  - { id: new, after: 1d, send: care/one }\n",
	    "one:day1:1 new:after1:1 two:day2:2" },
	{ "new, first", "steps:\n  - { id: new, send: care/one }\n",
	    "new:now0:1 one:day1:1 two:day2:2" },
	{ "moved to the end",
	    "without: one\nsteps:\n  - { id: two }\n"
	    "  - { id: one, at: day 5, send: care/one }\n",
	    "two:day2:2 one:day5:1" },
};

static char *
steps_of(const struct playbook *p)
{
	static const char *const kinds[] = { "now", "day", "after", "before" };
	GString *out = g_string_new(NULL);

	for (int i = 0; i < p->n_steps; i++)
		g_string_append_printf(out, "%s%s:%s%d:%d", i > 0 ? " " : "",
		    p->steps[i].id, kinds[p->steps[i].timing.kind],
		    p->steps[i].timing.days, p->steps[i].n_sends);
	return g_string_free(out, FALSE);
}

static const struct version *
version_named(const struct catalog *c, const char *name)
{
	for (int i = 0; i < c->n_versions; i++)
		if (strcmp(c->versions[i]->playbook->name, name) == 0)
			return c->versions[i];
	return NULL;
}

static struct catalog *
load(const char *dir)
{
	struct report *r = report_new();
	char *config = path_in(dir, "config");
	const char *paths[] = { config, NULL };
	struct catalog *c = catalog_load(paths, r);
	char *all = found(r, "");

	if (c == NULL)
		fail_msg("%s", all);
	g_free(all);
	report_free(r);
	g_free(config);
	return c;
}

static void
merged_and_read_back(void **state)
{
	write_in(*state, "config/stores.yaml", STORES);
	for (size_t i = 0; i < G_N_ELEMENTS(merged); i++) {
		char *text = g_strconcat(FORM, merged[i].own, NULL), *got;
		struct err e = { 0 };
		const struct version *v;
		struct version *back;
		struct catalog *c;

		write_in(*state, OWN, text);
		c = load(*state);
		v = version_named(c, "own");
		got = steps_of(v->playbook);
		if (strcmp(got, merged[i].want) != 0)
			fail_msg("%s: %s", merged[i].name, got);
		back = version_load(v->bundle, v->bundle_len, &e);
		if (back == NULL)
			fail_msg("%s: %s", merged[i].name, e.text);
		assert_string_equal(back->hash, v->hash);
		assert_string_equal(back->playbook->extends, "care");
		g_free(got);
		got = steps_of(back->playbook);
		assert_string_equal(got, merged[i].want);
		version_free(back);
		v = version_named(c, "care");
		back = version_load(v->bundle, v->bundle_len, &e);
		assert_non_null(back);
		assert_string_equal(playbook_form(back->playbook, "west"), "own");
		assert_null(playbook_form(back->playbook, "east"));
		version_free(back);
		catalog_unref(c);
		g_free(got);
		g_free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(mistakes_are_told_by_their_place),
		TEST(a_mistake_of_the_common_one_is_told_once),
		TEST(two_forms_for_one_store),
		TEST(merged_and_read_back),
	};

	return cmocka_run_group_tests_name("extends", tests, NULL, NULL);
}
