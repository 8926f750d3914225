/* What the customers of now make of a set: variables its texts would lack, playbooks that
 * compete for the same people. */
#include "stage.h"

#define START "2026-03-10T09:00:00+08:00"
#define BOOK(name, more, steps) \
	"playbook: " name "\ncategory: marketing\nstatus: live\n" more "steps:\n" steps
#define TEXT(body) STAGE_TEMPLATE("marketing") body "拒收请回复R\n"
#define ALL "start: { when: customer.tier == \"high\" }\n"

static json_t *said;

static void
listen(void *arg, int status, const char *json)
{
	stage_answer(arg, status, json);
	json_decref(said);
	said = json_loads(json, 0, NULL);
}

static void
customer(struct stage *s, const char *ext, const char *tier, const char *attrs)
{
	struct customer c = { .ext = ext,
		.name = "张伟",
		.gender = "",
		.tier = tier,
		.stage = "new",
		.store = "",
		.advisor = "",
		.tz = "",
		.address = { "+8619912345678", "", "", "", "" },
		.consent = { 2, 2, 2, 2, 2 },
		.tags = "",
		.attrs = attrs };
	struct err e = { 0 };
	bool created;
	int64_t id;

	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(customer_put(s->store, &c, &id, &created, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
}

static void
ask(struct stage *s)
{
	engine_census(s->engine, 0, listen, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	assert_true(json_is_null(json_object_get(said, "after")));
}

static void
done(struct stage *s)
{
	json_decref(said);
	said = NULL;
	stage_free(s);
}

/* ---- variables ---- */

static const struct text_row {
	const char *name, *body;
	int lack, line; /* of three who are high; lack 0: nothing is told */
} texts[] = {
	{ "two have no points", "您有{{ customer.points }}分。", 2, 5 },
	{ "it has a default", "您有{{ customer.points | default: \"0\" }}分。", 0, 0 },
	{ "it is tested",
	    "{% if customer.points %}您有{{ customer.points }}分。{% endif %}", 0, 0 },
	{ "only others are asked for it",
	    "{% if customer.id == \"C4\" %}{{ customer.points }}{% endif %}", 0, 0 },
	{ "in a branch that some take",
	    "{% if customer.id == \"C2\" %}{{ customer.points }}{% endif %}", 1, 5 },
	{ "a filter wants it", "\n{{ customer.points | plus: 1 }}分", 2, 6 },
	{ "everybody has it", "{{ customer.name }}您好。", 0, 0 },
	{ "in a partial", "{% render 'points' %}", 2, 1 },
};

static void
variables_that_texts_lack(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		char *text = g_strconcat(
		    STAGE_TEMPLATE("marketing"), texts[i].body, "拒收请回复R\n", NULL);
		struct stage *s = stage_new(START, "templates/sms/m.liquid", text,
		    "templates/partials/points.liquid", "{{ customer.points }}分。\n",
		    "config/playbooks/p.yaml",
		    BOOK("p", ALL, "  - { id: one, at: day 1, send: m }\n"), NULL);
		const json_t *list, *one;

		customer(s, "C1", "high", "{\"points\":7}");
		customer(s, "C2", "high", "{}");
		customer(s, "C3", "high", "{\"plate\":\"x\"}");
		customer(s, "C4", "low", "{}");
		ask(s);
		list = json_object_get(said, "missing");
		one = json_array_get(list, 0);
		if (json_array_size(list) != (texts[i].lack > 0) ||
		    (texts[i].lack > 0 && (json_integer_value(json_object_get(
					       one, "lack")) != texts[i].lack ||
					      json_integer_value(json_object_get(
						  one, "line")) != texts[i].line)))
			fail_msg("%s: %s", texts[i].name, json_dumps(said, 0));
		assert_int_equal(
		    json_integer_value(json_object_get(
			json_array_get(json_object_get(said, "playbooks"), 0), "means")),
		    3);
		g_free(text);
		done(s);
	}
}

/* ---- rivals ---- */

#define THREE                                   \
	"  - { id: one, at: day 1, send: a }\n" \
	"  - { id: two, at: day 3, send: a }\n" \
	"  - { id: three, at: day 5, send: b }\n"
#define LATER "  - { id: one, at: day 20, send: a }\n"
#define ONE "  - { id: one, at: day 1, send: a }\n"

static const struct rival_row {
	const char *name, *a, *b;
	int people;
} rivals[] = {
	{ "both want four, three is the cap", BOOK("p", ALL, THREE), BOOK("q", ALL, ONE),
	    2 },
	{ "two fit", BOOK("p", ALL, ONE), BOOK("q", ALL, ONE), 0 },
	{ "weeks lie between", BOOK("p", ALL, THREE), BOOK("q", ALL, LATER), 0 },
	{ "other people", BOOK("p", ALL, THREE),
	    BOOK("q", "start: { when: customer.tier == \"low\" }\n", ONE), 0 },
	{ "while parts them", BOOK("p", ALL, THREE),
	    BOOK("q", ALL "while: customer.stage == \"lost\"\n", ONE), 0 },
	{ "one of them waits for an event", BOOK("p", ALL, THREE),
	    BOOK("q", "start: { on: visit }\n", ONE), 0 },
};

static void
playbooks_that_compete(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rivals); i++) {
		struct stage *s = stage_new(START, "config/playbooks/p.yaml", rivals[i].a,
		    "config/playbooks/q.yaml", rivals[i].b, NULL);
		const json_t *list;

		customer(s, "C1", "high", "{}");
		customer(s, "C2", "high", "{}");
		customer(s, "C3", "low", "{}");
		ask(s);
		list = json_object_get(said, "rivals");
		if (json_array_size(list) != (rivals[i].people > 0) ||
		    (rivals[i].people > 0 &&
			json_integer_value(json_object_get(
			    json_array_get(list, 0), "people")) != rivals[i].people))
			fail_msg("%s: %s", rivals[i].name, json_dumps(said, 0));
		done(s);
	}
}

/* It is the set on disk that is asked, before it is published; a broken one is refused. */
static void
before_it_is_published(void **state)
{
	struct stage *s = stage_new(START, NULL);
	char *text;

	(void)state;
	customer(s, "C1", "high", "{}");
	stage_put(s, "templates/sms/m.liquid", TEXT("{{ customer.points }}"));
	stage_put(s, "config/playbooks/p.yaml",
	    BOOK("p", ALL, "  - { id: one, at: day 1, send: m }\n"));
	ask(s);
	assert_int_equal(json_array_size(json_object_get(said, "missing")), 1);
	text = json_dumps(said, 0);
	assert_null(strstr(text, "C1")); /* counts, nobody */
	free(text);
	stage_put(s, "config/playbooks/p.yaml", "playbook: p\nsteps: []\n");
	engine_census(s->engine, 0, listen, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 422);
	done(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variables_that_texts_lack),
		cmocka_unit_test(playbooks_that_compete),
		cmocka_unit_test(before_it_is_published),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
