/* lowered_test.c - a cap lowered below what is used of it (A19): taken, nothing more goes, and
 * it is shown. Quotas of offers: offer_test. */
#include "hand_stage.h"

#define START "2026-03-10T09:00:00+08:00"
#define POLICY(tier, service, limit)                                            \
	"quiet:\n  - { id: night, from: \"22:00\", to: \"08:00\" }\n"           \
	"tiers:\n  high: { cap: " tier " }\n  low: { cap: 1 }\nmin_gap: none\n" \
	"limits: [{ window: 7d, max: " limit ", category: marketing }]\n"       \
	"service: { per_day: " service ", per_month: 100 }\n"
#define BOOK(category, template)                                                        \
	"playbook: p\ncategory: " category "\nstatus: live\nstart: { on: visit }\n"     \
	"re_entry: after 1m\nagain: restart\nsteps:\n  - { id: a, send: " template " }" \
										   "\n"

static char *said;

static void
keep(void *arg, int status, const char *json)
{
	(void)arg;
	assert_int_equal(status, 200);
	g_free(said);
	said = g_strdup(json);
}

static void
visit(struct stage *s, int n)
{
	char id[8];

	g_snprintf(id, sizeof(id), "v%d", n);
	assert_int_equal(stage_event(s, id, "C1", "visit"), 201);
	stage_run(s, 10 * MS_MINUTE);
}

static void
a19_a_cap_lowered_below_used(void **state)
{
	static const struct {
		const char *name, *book, *before, *after, *shown;
		enum reason reason;
	} rows[] = {
		{ "A19 of a tier", BOOK("marketing", "m"), POLICY("5", "9", "9"),
		    POLICY("1", "9", "9"), "2 of 1 ", REASON_CAPPED },
		{ "A19 of a tier, none at all", BOOK("marketing", "m"),
		    POLICY("5", "9", "9"), POLICY("0", "9", "9"), "2 of 0 ",
		    REASON_CAPPED },
		{ "A19 of a window", BOOK("marketing", "m"), POLICY("9", "9", "5"),
		    POLICY("9", "9", "1"), "2 of 1 ", REASON_CAPPED },
		{ "A19 of service a day", BOOK("service", "v"), POLICY("9", "5", "9"),
		    POLICY("9", "1", "9"), "2 of 1 ", REASON_CAPPED },
		{ "A19 raised: goes", BOOK("marketing", "m"), POLICY("2", "9", "9"),
		    POLICY("5", "9", "9"), "", REASON_NONE },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s =
		    stage_new(START, "config/playbooks/p.yaml", rows[i].book,
			"config/policy.yaml", rows[i].before, "templates/sms/m.liquid",
			STAGE_TEMPLATE("marketing") "x 拒收请回复R\n",
			"templates/sms/v.liquid", STAGE_TEMPLATE("service") "x\n", NULL);
		struct message m;

		stage_customer(s, "C1", "high", "+8619900000001", "");
		visit(s, 1);
		visit(s, 2);
		assert_int_equal(s->letters->len, 2);
		stage_put(s, "config/policy.yaml", rows[i].after);
		if (hand_reload(s) != 200)
			fail_msg("%s: refused", rows[i].name);
		visit(s, 3);
		stage_touch(s, "C1", 2, &m);
		if (m.reason != (int)rows[i].reason ||
		    s->letters->len != (rows[i].reason == REASON_NONE ? 3U : 2U))
			fail_msg("%s: %s, %u went", rows[i].name, reason_name(m.reason),
			    s->letters->len);
		engine_why(s->engine, "C1", keep, s);
		stage_run(s, MS_SECOND);
		if (strstr(said, rows[i].shown) == NULL)
			fail_msg("%s: %s", rows[i].name, said);
		stage_free(s);
	}
	g_free(said);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a19_a_cap_lowered_below_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
