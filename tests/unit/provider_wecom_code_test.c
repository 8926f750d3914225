/* What each errcode of WeCom means to a message, in the order of their own list; what is on no list
 * may have been taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider_stage.h"

static struct pair settings[] = { { "corp_id", "ww0000000000000001" },
	{ "secret", "example-secret" }, { "agent_id", "1000002" }, { "sender", "" } };

static const struct {
	const char *name;
	int codes[24]; /* ends with 0 */
	enum outcome outcome;
	const char *flags;
	ms_t retry_after;
} rows[] = {
	{ "busy, which may have been taken", { -1 }, OUTCOME_UNKNOWN, "", 0 },
	{ "on no list", { 1, 40009, 40130, 42026, 42052, 95003, 701008 }, OUTCOME_UNKNOWN,
	    "", 0 },
	{ "later", { 6000, 41063, 45033 }, OUTCOME_REFUSED_RETRY, "", MS_SECOND },
	{ "too many", { 45009 }, OUTCOME_REFUSED_RETRY, "", MS_MINUTE },
	{ "the token", { 40014, 42001, 41001 }, OUTCOME_REFUSED_RETRY, "stale_token", 0 },
	{ "nobody there",
	    { 81013, 40003, 60111, 46004, 40031, 40096, 84061, 84084, 41048 },
	    OUTCOME_REJECTED, "bad_address", 0 },
	{ "until he writes", { 95001, 95002, 95013, 95018, 95031 }, OUTCOME_REFUSED_RETRY,
	    "number shut", 0 },
	{ "this message",
	    { 40058, 45002, 44004, 41033, 42014, 42027, 42040, 42051, 40007, 40008,
		41064 },
	    OUTCOME_REJECTED, "", 0 },
	{ "the account",
	    { 40001, 40013, 40091, 40056, 301002, 48002, 50002, 50003, 60011, 60020,
		84074, 301007, 701001, 95000, 95004, 95017 },
	    OUTCOME_REJECTED, "freeze", 0 },
};

static void
codes(void **state)
{
	const struct parcel p = {
		.to = "LiNa", .ref = "reachd-1", .text = "", .provider_id = ""
	};

	stage_open(*state, settings, (int)G_N_ELEMENTS(settings));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (const int *code = rows[i].codes; *code != 0; code++) {
			char *body = g_strdup_printf(
				 "{\"errcode\":%d,\"errmsg\":\"m\"}", *code),
			     *perr = g_strdup_printf("%d", *code);
			const struct stage_answer row = { rows[i].name, 200, body, 1,
				rows[i].outcome, "", perr, rows[i].flags,
				rows[i].retry_after };

			stage_answers(&p, &row, 1);
			g_free(perr);
			g_free(body);
		}
	stage_close();
}

/* What a sender who need not be named means to trying the account out. */
static void
without_a_sender(void **state)
{
	static const struct {
		const char *body;
		enum probed_as as;
	} answers[] = {
		{ "{\"errcode\":0,\"follow_user\":[\"LiNa\"]}", PROBED_GOOD },
		{ "{\"errcode\":0,\"follow_user\":[]}", PROBED_SETTING },
	};

	stage_open(*state, settings, (int)G_N_ELEMENTS(settings));
	for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
		const struct provider_reply r = STAGE_REPLY(200, answers[i].body);
		struct probed out;

		provider->probe->answer(&account, &r, &out);
		assert_int_equal(out.as, answers[i].as);
	}
	stage_close();
}

int
main(void)
{
	static char staff[] = "wecom-staff", mass[] = "wecom", kf[] = "wecom-kf";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(codes, staff),
		cmocka_unit_test_prestate(codes, mass),
		cmocka_unit_test_prestate(codes, kf),
		cmocka_unit_test_prestate(without_a_sender, mass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
