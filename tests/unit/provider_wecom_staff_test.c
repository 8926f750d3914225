/* Cards to staff: the bytes WeCom is sent, what its answers mean, what it posts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "../../src/cmd/dialect_wecom_seal.h"
#include "provider_stage.h"

#define CORP "ww1436e0e65a779aee"

static struct pair settings[] = { { "corp_id", CORP }, { "secret", "example-secret" },
	{ "agent_id", "1000002" }, { "callback_token", "QDG6eK" },
	{ "callback_key", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C" },
	{ "page", "" } };

static const char *const names[] = { "客户", "截止", "任务" };
static const char *const values[] = { "张先生", "11月27日 15:00", "12345" };
static const char *const keys[] = { "reached", "none" };
static const char *const words[] = { "接通", "没人接" };
static const struct ask ask = { "reachd-77", "致电：问候", names, values, 3, "12345",
	keys, words, 2, NULL, NULL, NULL };
/* A text to be sent by hand; and what replaces a card. */
static const struct ask draft = { "reachd-78", "待您发送：问候", names, values, 3,
	"12346", keys, words, 2, "张先生您好，上次换的机油该看看了。", NULL, NULL };
static const struct ask over = { "", "", NULL, NULL, 0, "", NULL, NULL, 0, NULL,
	"example-code", "已撤回" };

static struct parcel
parcel(const struct ask *what)
{
	return (struct parcel){ .msg = 1,
		.to = "LiNa",
		.ref = "",
		.call = "",
		.subject = "",
		.text = "",
		.html = "",
		.unsubscribe = "",
		.customer = "",
		.signature = "",
		.channel = CHANNEL_PHONE,
		.ask = what,
		.begun_at = SIGNED_AT };
}

static int
set_up(void **state)
{
	(void)state;
	stage_open("wecom-staff", settings, (int)G_N_ELEMENTS(settings));
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
	const struct parcel p = parcel(&ask), hand = parcel(&draft), back = parcel(&over);
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct err e = { 0 };

	(void)state;
	stage_request("buttons", &p, 1);
	stage_request("draft", &hand, 1);
	stage_request("replace", &back, 1);
	set("page", "https://reach.example.com/tasks/{task}");
	stage_request("draft-page", &hand, 1);
	set("page", "");
	set("callback_token", "");
	stage_request("text", &p, 1);
	stage_request("draft-text", &hand, 1);
	set("page", "https://reach.example.com/tasks/{task}");
	stage_request("textcard", &p, 1);
	assert_int_equal(provider->token->request(&account, &config, arena, &r, &e), 0);
	stage_golden("token", &r);
	g_ptr_array_unref(r.headers);
}

/* At most 512 bytes, and no half a character. */
static void
long_texts_are_cut_between_characters(void **state)
{
	char *name = g_strnfill(3000, 'x');
	const char *const long_values[] = { name, "11月27日 15:00", "12345" };
	struct ask big = ask;
	struct parcel p = parcel(&big);
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct err e = { 0 };
	json_t *j, *root;

	(void)state;
	for (int i = 0; i + 3 <= 3000; i += 3)
		memcpy(name + i, "张", 3);
	big.values = long_values;
	big.title = name;
	set("callback_token", "");
	set("page", "https://x.example/");
	assert_int_equal(
	    provider->request(&account, &config, &p, 1, SIGNED_AT, arena, &r, &e), 0);
	root = j = json_loadb(r.body, r.body_len, 0, NULL);
	assert_non_null(j);
	j = json_object_get(j, "textcard");
	assert_int_equal(strlen(json_string_value(json_object_get(j, "title"))), 126);
	assert_in_range(
	    strlen(json_string_value(json_object_get(j, "description"))), 508, 512);
	json_decref(root);
	g_ptr_array_unref(r.headers);
	g_free(name);
}

#define CODE(code) "{\"errcode\":" #code ",\"errmsg\":\"m\"}"

static void
answers(void **state)
{
	const struct parcel p = parcel(&ask);
	static const struct stage_answer rows[] = {
		{ "taken", 200,
		    "{\"errcode\":0,\"errmsg\":\"ok\",\"invaliduser\":\"\",\"msgid\":"
		    "\"m1\"}",
		    1, OUTCOME_ACCEPTED, "m1", "", "", 0 },
		{ "he is not there, in lower case", 200,
		    "{\"errcode\":0,\"invaliduser\":\"x|lina\",\"msgid\":\"m1\"}", 1,
		    OUTCOME_REJECTED, "", "invaliduser", "bad_address", 0 },
		{ "another is not there", 200,
		    "{\"errcode\":0,\"invaliduser\":\"lin\",\"msgid\":\"m1\"}", 1,
		    OUTCOME_ACCEPTED, "m1", "", "", 0 },
		{ "without a licence", 200,
		    "{\"errcode\":0,\"unlicenseduser\":\"lina\",\"msgid\":\"m1\"}", 1,
		    OUTCOME_REJECTED, "", NULL, "bad_address", 0 },
		{ "0 without an id", 200, "{\"errcode\":0}", 1, OUTCOME_UNKNOWN, "", NULL,
		    "", 0 },
		{ "0 with another status", 502, "{\"errcode\":0,\"msgid\":\"m1\"}", 1,
		    OUTCOME_UNKNOWN, "", "http-502", "", 0 },
		{ "no JSON", 200, "<html>", 1, OUTCOME_UNKNOWN, "", "http-200", "", 0 },
		{ "no errcode", 200, "{\"msgid\":\"m1\"}", 1, OUTCOME_UNKNOWN, "",
		    "http-200", "", 0 },
		{ "busy may have been taken", 200, CODE(-1), 1, OUTCOME_UNKNOWN, "", "-1",
		    "", 0 },
		{ "a code nobody knows", 200, CODE(99999), 1, OUTCOME_UNKNOWN, "",
		    "99999", "", 0 },
		{ "all are bad", 200, CODE(81013), 1, OUTCOME_REJECTED, "", "81013",
		    "bad_address", 0 },
		{ "too often", 200, CODE(45009), 1, OUTCOME_REFUSED_RETRY, "", "45009",
		    "", MS_MINUTE },
		{ "too many at once", 200, CODE(45033), 1, OUTCOME_REFUSED_RETRY, "",
		    NULL, "", MS_SECOND },
		{ "the token is old", 200, CODE(42001), 1, OUTCOME_REFUSED_RETRY, "",
		    NULL, "stale_token", 0 },
		{ "the token is wrong", 200, CODE(40014), 1, OUTCOME_REFUSED_RETRY, "",
		    NULL, "stale_token", 0 },
		{ "the text", 200, CODE(42039), 1, OUTCOME_REJECTED, "", NULL, "", 0 },
		{ "another's application", 200, CODE(301002), 1, OUTCOME_REJECTED, "",
		    NULL, "freeze", 0 },
		{ "this machine may not call", 200, CODE(60020), 1, OUTCOME_REJECTED, "",
		    NULL, "freeze", 0 },
		{ "a redirect is not followed", 302, "", 1, OUTCOME_REJECTED, "", NULL,
		    "freeze", 0 },
	};

	(void)state;
	stage_answers(&p, rows, G_N_ELEMENTS(rows));
}

/* What replaces a card is no card: there is no msgid. */
static void
b_wc7_answers_to_a_replacement(void **state)
{
	const struct parcel p = parcel(&over);
	static const struct stage_answer rows[] = {
		{ "taken", 200, "{\"errcode\":0,\"errmsg\":\"ok\"}", 1, OUTCOME_ACCEPTED,
		    "", "", "", 0 },
		{ "the code was used", 200, CODE(42039), 1, OUTCOME_REJECTED, "", "42039",
		    "", 0 },
		{ "too often", 200, CODE(45009), 1, OUTCOME_REFUSED_RETRY, "", "45009",
		    "", MS_MINUTE },
		{ "no JSON", 200, "<html>", 1, OUTCOME_UNKNOWN, "", "http-200", "", 0 },
	};
	static const char card[] = "{\"errcode\":0,\"msgid\":\"m\",\"response_code\":"
				   "\"example-code\"}";

	(void)state;
	stage_answers(&p, rows, G_N_ELEMENTS(rows));
	assert_string_equal(
	    provider->card_code(card, strlen(card), arena), "example-code");
	assert_string_equal(provider->card_code("{}", 2, arena), "");
	assert_string_equal(provider->card_code("<html>", 6, arena), "");
}

static void
tokens(void **state)
{
	static const struct {
		const char *name;
		int status;
		const char *body;
		bool ok, freeze;
	} rows[] = {
		{ "given", 200,
		    "{\"errcode\":0,\"access_token\":\"T\",\"expires_in\":7200}", true,
		    false },
		{ "empty", 200,
		    "{\"errcode\":0,\"access_token\":\"\",\"expires_in\":7200}", false,
		    false },
		{ "no life", 200, "{\"errcode\":0,\"access_token\":\"T\"}", false,
		    false },
		{ "wrong secret", 200, CODE(40001), false, true },
		{ "wrong company", 200, CODE(40013), false, true },
		{ "too often", 200, CODE(45009), false, false },
		{ "no JSON", 502, "<html>", false, false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char token[64] = "";
		ms_t life = 0;
		struct answer why;
		bool ok = provider->token->answer(&account, rows[i].status, rows[i].body,
		    strlen(rows[i].body), token, sizeof(token), &life, &why);

		if (ok != rows[i].ok || why.freeze != rows[i].freeze ||
		    (ok && life != 7200 * MS_SECOND))
			fail_msg("%s", rows[i].name);
	}
}

/* ---- webhooks ---- */

#define PRESSED                                                                    \
	"<xml><ToUserName>" CORP "</ToUserName><FromUserName>lina</FromUserName>"  \
	"<CreateTime>1795319400</CreateTime><MsgType>event</MsgType><Event>"       \
	"template_card_event</Event><EventKey>reached</EventKey><TaskId>reachd-77" \
	"</TaskId><ResponseCode>r1</ResponseCode><AgentID>1000002</AgentID></xml>"

static struct wecom_sealed
sealed(const struct account *acc, const char *receiver, const char *text)
{
	struct wecom_sealed s, kept;

	wecom_seal(acc, receiver, text, strlen(text), "0123456789abcdef", "1795319400",
	    "nonce", &s);
	kept = (struct wecom_sealed){ arena_strdup(arena, s.query),
		arena_strdup(arena, s.body) };
	g_free(s.query);
	g_free(s.body);
	return kept;
}

static int
post(const struct wecom_sealed *s, struct receipt **r, int *n, struct hook_reply *reply)
{
	const struct stage_hook h = { .query = arena_strdup(arena, s->query),
		.body = arena_strdup(arena, s->body) };

	return stage_hook(&h, SIGNED_AT, r, n, reply);
}

/* More lines or buttons than it shows the service refuses. */
static void
a_card_has_six_lines_and_buttons_at_most(void **state)
{
	static const char *const eight[] = { "1", "2", "3", "4", "5", "6", "7", "8" };
	const struct ask big = { "reachd-79", "致电", eight, eight, 8, "1", eight, eight,
		8, NULL, NULL, NULL };
	const struct parcel p = parcel(&big);
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct err e = { 0 };
	json_t *root, *card;

	(void)state;
	assert_int_equal(
	    provider->request(&account, &config, &p, 1, SIGNED_AT, arena, &r, &e), 0);
	root = json_loadb(r.body, r.body_len, 0, NULL);
	card = json_object_get(root, "template_card");
	assert_int_equal(
	    json_array_size(json_object_get(card, "horizontal_content_list")), 6);
	assert_int_equal(json_array_size(json_object_get(card, "button_list")), 6);
	json_decref(root);
	g_ptr_array_unref(r.headers);
}

/* One secret, one token: an application's is not another's. */
static void
each_application_has_its_token(void **state)
{
	const char *ours = provider->token->key(&account, arena);

	(void)state;
	assert_string_equal(ours, provider->token->key(&account, arena));
	set("secret", "another-secret");
	assert_string_not_equal(ours, provider->token->key(&account, arena));
	set("secret", "example-secret");
	set("corp_id", "ww0000000000000000");
	assert_string_not_equal(ours, provider->token->key(&account, arena));
	set("corp_id", CORP);
	set("agent_id", "1000003");
	assert_string_equal(ours, provider->token->key(&account, arena));
	set("agent_id", "1000002");
}

static void
a_press_is_told_once(void **state)
{
	struct wecom_sealed s = sealed(&account, CORP, PRESSED);
	struct hook_reply reply;
	struct receipt *r, *again;
	int n;

	(void)state;
	assert_int_equal(post(&s, &r, &n, &reply), 0);
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply.body, "");
	assert_int_equal(n, 1);
	assert_int_equal(r->kind, RECEIPT_DONE);
	assert_string_equal(r->ref, "reachd-77");
	assert_string_equal(r->text, "reached");
	assert_string_equal(r->from, "lina");
	assert_int_equal(r->at, INT64_C(1795319400000));
	assert_false(r->broken);
	assert_int_equal(post(&s, &again, &n, &reply), 0);
	assert_string_equal(r->key, again->key);
	s = sealed(&account, CORP,
	    "<xml><FromUserName>lina</FromUserName><CreateTime>1</"
	    "CreateTime><MsgType>text"
	    "</MsgType><Content>hi</Content><MsgId>1</MsgId></xml>");
	assert_int_equal(post(&s, &r, &n, &reply), 0);
	assert_int_equal(n, 0);
}

static void
refused(const char *name, const struct wecom_sealed *s)
{
	struct hook_reply reply;
	struct receipt *r;
	int n;

	if (post(s, &r, &n, &reply) != -1 || reply.status != 401 ||
	    strcmp(reply.body, "{\"error\":\"not accepted\"}") != 0)
		fail_msg("%s: %d", name, reply.status);
}

/* W1, W9, W10: whatever is wrong, one answer. */
static void
what_is_wrong_is_refused_alike(void **state)
{
	struct account other = account;
	struct wecom_sealed s = sealed(&account, CORP, PRESSED), bad;
	char *at;

	(void)state;
	other.settings = arena_array(arena, struct setting, account.n_settings);
	memcpy(other.settings, account.settings,
	    sizeof(*account.settings) * (size_t)account.n_settings);
	bad = (struct wecom_sealed){ s.query, arena_strdup(arena, s.body) };
	at = strstr(bad.body, "<Encrypt><![CDATA[") + strlen("<Encrypt><![CDATA[") + 40;
	*at = *at == 'A' ? 'B' : 'A';
	refused("W1 wecom-staff tampered body", &bad);
	refused("W1 wecom-staff unsigned",
	    &(struct wecom_sealed){ (char *)(uintptr_t) "", s.body });
	refused("wecom-staff another company",
	    &(const struct wecom_sealed){
		sealed(&account, "ww0000000000000000", PRESSED).query,
		sealed(&account, "ww0000000000000000", PRESSED).body });
	refused("wecom-staff no XML",
	    &(const struct wecom_sealed){ s.query, (char *)(uintptr_t) "hello" });
	refused("wecom-staff a DTD",
	    &(const struct wecom_sealed){ s.query,
		arena_printf(arena, "<!DOCTYPE x [<!ENTITY a \"b\">]>%s", s.body) });
	bad = sealed(&account, CORP,
	    "<!DOCTYPE x [<!ENTITY a \"b\">]><xml><Event>&a;</Event></xml>");
	refused("wecom-staff a DTD inside", &bad);
	for (int i = 0; i < other.n_settings; i++)
		if (strcmp(other.settings[i].name, "callback_key") == 0)
			other.settings[i].value =
			    "aWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
	bad = sealed(&other, CORP, PRESSED);
	refused("wecom-staff another key", &bad);
	set("callback_token", "");
	refused("wecom-staff without a callback", &s);
	set("callback_token", "QDG6eK");
}

static void
settings_mistakes(void **state)
{
	struct report *r = report_new();

	(void)state;
	provider->check(&account, r);
	assert_int_equal(r->errors, 0);
	set("agent_id", "x1");
	set("callback_key", "short");
	provider->check(&account, r);
	provider->secrets(&account, r);
	assert_int_equal(r->errors, 2);
	report_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
		CASE(requests),
		CASE(long_texts_are_cut_between_characters),
		CASE(answers),
		CASE(b_wc7_answers_to_a_replacement),
		CASE(tokens),
		CASE(a_card_has_six_lines_and_buttons_at_most),
		CASE(each_application_has_its_token),
		CASE(a_press_is_told_once),
		CASE(what_is_wrong_is_refused_alike),
		CASE(settings_mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
