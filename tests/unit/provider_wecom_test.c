/* Messages a member must send: the bytes WeCom is sent, what its answers mean, its rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider_stage.h"

static struct pair settings[] = { { "corp_id", "ww0000000000000001" },
	{ "secret", "example-secret" }, { "sender", "LiNa" }, { "rule", "" },
	{ "confirm_hours", "" } };

static struct parcel
parcel(void)
{
	return (struct parcel){ .msg = 1,
		.to = "wmExample1",
		.ref = "",
		.call = "",
		.subject = "",
		.text = "李女士，您好",
		.html = "",
		.unsubscribe = "",
		.customer = "",
		.signature = "",
		.channel = CHANNEL_WECOM,
		.provider_id = "msgGCAAAXtWyuj",
		.begun_at = SIGNED_AT };
}

static int
set_up(void **state)
{
	(void)state;
	stage_open("wecom", settings, (int)G_N_ELEMENTS(settings));
	account.channels = 1U << CHANNEL_WECOM;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	stage_close();
	return 0;
}

static void
set(const char *name, const char *value)
{
	for (int i = 0; i < account.n_settings; i++)
		if (strcmp(account.settings[i].name, name) == 0)
			account.settings[i].value = value;
}

static void
requests(void **state)
{
	struct parcel p = parcel();

	(void)state;
	stage_request("add", &p, 1);
	stage_query("result", &p);
	p.wish = WISH_REMIND;
	stage_query("remind", &p);
	p.wish = WISH_WITHDRAW;
	stage_query("withdraw", &p);
}

static void
search_golden(const char *name, const struct search_at *at)
{
	const struct parcel p = parcel();
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct err e = { 0 };

	assert_int_equal(provider->search->request(
			     &account, &p, at, SIGNED_AT + MS_HOUR, arena, &r, &e),
	    0);
	stage_golden(name, &r);
	g_ptr_array_unref(r.headers);
}

static void
searches(void **state)
{
	(void)state;
	search_golden("search", &(struct search_at){ "", "", "" });
	search_golden("search-next", &(struct search_at){ "CURSOR", "", "" });
	search_golden("search-who", &(struct search_at){ "", "msgGCAAAXtWyuj", "" });
	search_golden("search-whom", &(struct search_at){ "", "msgGCAAAXtWyuj", "LiNa" });
}

#define CODE(code) "{\"errcode\":" #code ",\"errmsg\":\"m\"}"

static void
answers(void **state)
{
	const struct parcel p = parcel();
	static const struct stage_answer rows[] = {
		{ "a task was made", 200,
		    "{\"errcode\":0,\"fail_list\":[],\"msgid\":\"g1\"}", 1,
		    OUTCOME_ACCEPTED, "g1", "", "", 0 },
		{ "not for him", 200,
		    "{\"errcode\":0,\"fail_list\":[\"wmExample1\"],\"msgid\":\"g1\"}", 1,
		    OUTCOME_REJECTED, "", "fail_list", "bad_address", 0 },
		{ "no msgid", 200, "{\"errcode\":0,\"fail_list\":[]}", 1, OUTCOME_UNKNOWN,
		    "", NULL, "", 0 },
		{ "no relation", 200, CODE(84061), 1, OUTCOME_REJECTED, "", NULL,
		    "bad_address", 0 },
		{ "busy may have been taken", 200, CODE(-1), 1, OUTCOME_UNKNOWN, "", "-1",
		    "", 0 },
		{ "no right", 200, CODE(84074), 1, OUTCOME_REJECTED, "", NULL, "freeze",
		    0 },
		{ "token", 200, CODE(40014), 1, OUTCOME_REFUSED_RETRY, "", NULL,
		    "stale_token", 0 },
		{ "their 5xx", 502, "<html>", 1, OUTCOME_UNKNOWN, "", "http-502", "", 0 },
	};

	(void)state;
	stage_answers(&p, rows, G_N_ELEMENTS(rows));
}

#define ROW(status) "{\"external_userid\":\"wmExample1\",\"status\":" #status "}"
#define LIST(rows) "{\"errcode\":0,\"send_list\":[" rows "]}"

static void
results(void **state)
{
	static const struct {
		const char *name, *body;
		enum wish wish;
		enum outcome outcome;
		enum told told;
		bool opted_out;
	} rows[] = {
		{ "not yet", LIST(ROW(0)), WISH_TOLD, OUTCOME_ACCEPTED, TOLD_NOTHING,
		    false },
		{ "sent", LIST(ROW(1)), WISH_TOLD, OUTCOME_ACCEPTED, TOLD_DELIVERED,
		    false },
		{ "no friend", LIST(ROW(2)), WISH_TOLD, OUTCOME_ACCEPTED, TOLD_FAILED,
		    true },
		{ "had another", LIST(ROW(3)), WISH_TOLD, OUTCOME_ACCEPTED, TOLD_FAILED,
		    false },
		{ "another's", LIST("{\"external_userid\":\"wmOther\",\"status\":1}"),
		    WISH_TOLD, OUTCOME_ACCEPTED, TOLD_NOTHING, false },
		{ "no list", "{\"errcode\":0}", WISH_TOLD, OUTCOME_UNKNOWN, TOLD_NOTHING,
		    false },
		{ "being made", CODE(41063), WISH_TOLD, OUTCOME_REFUSED_RETRY,
		    TOLD_NOTHING, false },
		{ "reminded", "{\"errcode\":0}", WISH_REMIND, OUTCOME_ACCEPTED,
		    TOLD_NOTHING, false },
		{ "withdrawn", "{\"errcode\":0}", WISH_WITHDRAW, OUTCOME_ACCEPTED,
		    TOLD_WITHDRAWN, false },
		{ "not withdrawn", CODE(-1), WISH_WITHDRAW, OUTCOME_UNKNOWN, TOLD_NOTHING,
		    false },
		{ "no JSON", "<html>", WISH_WITHDRAW, OUTCOME_UNKNOWN, TOLD_NOTHING,
		    false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct parcel p = parcel();
		struct answer a;

		p.wish = rows[i].wish;
		provider->query_answer(
		    &account, &p, 200, rows[i].body, strlen(rows[i].body), &a);
		if (a.outcome != rows[i].outcome || a.told != rows[i].told ||
		    a.opted_out != rows[i].opted_out)
			fail_msg("%s: %d %d", rows[i].name, (int)a.outcome, (int)a.told);
	}
}

#define RECORD(more, text) \
	"{\"msgid\":\"g1\"," more "\"text\":{\"content\":\"" text "\"}}"
#define PAGE(rows) "{\"errcode\":0,\"next_cursor\":\"\",\"group_msg_list\":[" rows "]}"
#define WORDS "李女士，您好"
#define WHO(rows) "{\"errcode\":0,\"task_list\":[" rows "]}"
#define WHOM(rows) "{\"errcode\":0,\"send_list\":[" rows "]}"

static void
what_searches_show(void **state)
{
	static const struct {
		const char *name, *id, *clue, *body;
		enum search_shown what;
		int n, alike;
	} rows[] = {
		{ "nothing", "", "", PAGE(""), SEARCH_PAGE, 0, 0 },
		{ "ours", "", "", PAGE(RECORD("", WORDS)), SEARCH_PAGE, 1, 1 },
		{ "blanks and width do not count", "", "",
		    PAGE(RECORD("", "李女士,\\n 您好　")), SEARCH_PAGE, 1, 1 },
		{ "longer", "", "", PAGE(RECORD("", WORDS "啊")), SEARCH_PAGE, 1, 0 },
		{ "shorter", "", "", PAGE(RECORD("", "李女士")), SEARCH_PAGE, 1, 0 },
		{ "no text", "", "", PAGE("{\"msgid\":\"g1\"}"), SEARCH_PAGE, 1, 0 },
		{ "of a person, other words", "", "",
		    PAGE(RECORD("\"create_type\":1,", "x")), SEARCH_PAGE, 0, 0 },
		{ "of a person, our words", "", "",
		    PAGE(RECORD("\"create_type\":1,", WORDS)), SEARCH_PAGE, 1, 1 },
		{ "of before", "", "", PAGE(RECORD("\"create_time\":1795318700,", WORDS)),
		    SEARCH_PAGE, 0, 0 },
		{ "of before, as text", "", "",
		    PAGE(RECORD("\"create_time\":\"1795318700\",", WORDS)), SEARCH_PAGE,
		    0, 0 },
		{ "without a number", "", "", PAGE("{\"text\":{}}"), SEARCH_NOTHING, 0,
		    0 },
		{ "no list", "", "", "{\"errcode\":0}", SEARCH_NOTHING, 0, 0 },
		{ "a token of before", "", "", CODE(42001), SEARCH_NOTHING, 0, 0 },
		{ "no right", "", "", CODE(48002), SEARCH_NOTHING, 0, 0 },
		{ "no JSON", "", "", "<html>", SEARCH_NOTHING, 0, 0 },
		{ "who", "g1", "", WHO("{\"userid\":\"LiNa\"}"), SEARCH_CLUE, 0, 0 },
		{ "several", "g1", "", WHO("{\"userid\":\"A\"},{\"userid\":\"B\"}"),
		    SEARCH_OTHER, 0, 0 },
		{ "nobody yet", "g1", "", WHO(""), SEARCH_NOTHING, 0, 0 },
		{ "being made", "g1", "", CODE(41063), SEARCH_NOTHING, 0, 0 },
		{ "to him", "g1", "LiNa", WHOM("{\"external_userid\":\"wmExample1\"}"),
		    SEARCH_OURS, 0, 0 },
		{ "to another", "g1", "LiNa", WHOM("{\"external_userid\":\"wmOther\"}"),
		    SEARCH_OTHER, 0, 0 },
		{ "to him and others", "g1", "LiNa",
		    WHOM("{\"external_userid\":\"wmExample1\"},{\"external_userid\":"
			 "\"wmOther\"}"),
		    SEARCH_OTHER, 0, 0 },
		{ "to him and more", "g1", "LiNa",
		    "{\"errcode\":0,\"next_cursor\":\"n\",\"send_list\":[{\"external_"
		    "userid\":\"wmExample1\"}]}",
		    SEARCH_OTHER, 0, 0 },
		{ "to nobody yet", "g1", "LiNa", WHOM(""), SEARCH_NOTHING, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct search_at at = { "", rows[i].id, rows[i].clue };
		const struct parcel p = parcel();
		struct search_found found;
		struct answer why;

		provider->search->answer(&account, &p, &at, 200, rows[i].body,
		    strlen(rows[i].body), arena, &found, &why);
		if (found.what != rows[i].what ||
		    (found.what == SEARCH_PAGE && found.n != rows[i].n) ||
		    (found.n > 0 && found.rows[0].alike != rows[i].alike))
			fail_msg("%s: %d, %d", rows[i].name, (int)found.what, found.n);
		if (found.what == SEARCH_CLUE)
			assert_string_equal(found.clue, "LiNa");
	}
}

/* What does not move on would be read for ever. */
static void
a_page_that_repeats_itself_shows_nothing(void **state)
{
	static const char body[] =
	    "{\"errcode\":0,\"next_cursor\":\"n\",\"group_msg_list\":[]}";
	struct search_at at = { "m", "", "" };
	const struct parcel p = parcel();
	struct search_found found;
	struct answer why;

	(void)state;
	provider->search->answer(
	    &account, &p, &at, 200, body, strlen(body), arena, &found, &why);
	assert_int_equal(found.what, SEARCH_PAGE);
	assert_string_equal(found.cursor, "n");
	at.cursor = "n";
	provider->search->answer(
	    &account, &p, &at, 200, body, strlen(body), arena, &found, &why);
	assert_int_equal(found.what, SEARCH_NOTHING);
}

/* B-WC2 */
static void
rules(void **state)
{
	static const struct {
		const char *rule;
		struct had had;
		bool refused;
	} rows[] = {
		{ "", { 0, 3, 9 }, false },
		{ "", { 1, 1, 1 }, true },
		{ "week_7", { 2, 6, 20 }, false },
		{ "week_7", { 0, 7, 7 }, true },
		{ "month_days", { 5, 20, 27 }, false },
		{ "month_days", { 0, 0, 28 }, true },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct parcel p = parcel();

		p.had = rows[i].had;
		set("rule", rows[i].rule);
		if ((provider->refuses(&account, &p, arena) != NULL) != rows[i].refused)
			fail_msg("%zu %s", i, rows[i].rule);
	}
}

static void
settings_mistakes(void **state)
{
	struct report *r = report_new();

	(void)state;
	provider->check(&account, r);
	assert_int_equal(r->errors, 0);
	assert_true(stage_capabilities().confirm == 24 * MS_HOUR);
	set("rule", "day_2");
	set("confirm_hours", "100");
	provider->check(&account, r);
	assert_int_equal(r->errors, 2);
	report_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
		CASE(requests),
		CASE(answers),
		CASE(results),
		CASE(searches),
		CASE(what_searches_show),
		CASE(a_page_that_repeats_itself_shows_nothing),
		CASE(rules),
		CASE(settings_mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
