/* service_rules_test.c - what services want of signatures, texts, variables, hours and words,
 * each found by the check before anybody publishes.
 * proves: B-CN3, B-CN7, B-CN8, B-CN9, B-CN11, B-CN12, B-PU2, B-WC5 */
#include "spec_set.h"

#include "../../src/cmd/accounts.h"

#define HOUSE                                                                    \
	"entity: { name: 示例汽车服务, tz: Asia/Shanghai }\ncredentials: " \
	"secrets\nproviders:\n"
#define OTHERS                                                             \
	"  - { name: demo, type: sandbox, channels: [wecom, email], url: " \
	"\"http://127.0.0.1:8090\", internal: true }\n"
#define ALIYUN(more)                                                               \
	"  - { name: ali, type: aliyun, channels: [sms], access_key_id: LTAI-x,\n" \
	"      access_key_secret: { credential: key }" more " }\n"
#define TENCENT(more)                                                         \
	"  - { name: tx, type: tencent, channels: [sms], secret_id: AKID-x, " \
	"sdk_app_id: "                                                        \
	"\"1400000000\",\n      secret_key: { credential: key }" more " }\n"
#define JPUSH(more)                                                     \
	"  - { name: app, type: jpush, channels: [push], app_key: k,\n" \
	"      master_secret: { credential: key }, class: service" more " }\n"
#define STORES(more) \
	"stores:\n  - { id: east, name: 城东店, signature: 示例汽车城东" more " }\n"
#define CODED(category)                                                \
	"---\ncategory: " category "\nproviders:\n"                    \
	"  tencent: { template_id: \"1\", params: [customer.name] }\n" \
	"  aliyun: { template_code: SMS_1, params: { n: customer.name } }\n---\n"

static int
open_set(void **state)
{
	setup(state);
	accounts_register();
	put(*state, "config/secrets/key", "example", 7);
	put(*state, SMS,
	    CODED("marketing") "{{ customer.name }}您好，可以保养了。拒收请回复R\n",
	    strlen(
		CODED("marketing") "{{ customer.name }}您好，可以保养了。拒收请回复R\n"));
	return 0;
}

/* Only what is said about the rule looked at. */
static void
says(void **state, const char *name, const char *path, const char *text, const char *want)
{
	struct report *r;
	char *got;

	put(*state, path, text, strlen(text));
	r = check(*state);
	got = found(r, path);
	if (*want == '\0' ? r->errors > 0 : strstr(got, want) == NULL)
		fail_msg("%s: got\n%swant\n%s", name, got, want);
	g_free(got);
	report_free(r);
}

static void
b_cn3_a_stores_signature_is_approved(void **state)
{
	static const struct {
		const char *name, *account, *store, *want;
	} rows[] = {
		{ "on the list", ALIYUN(", signatures: [示例汽车城东]"), "", "" },
		{ "the account's own", ALIYUN(", signature: 示例汽车城东"), "", "" },
		{ "not on it", ALIYUN(", signatures: [示例汽车城西]"), "",
		    "2:5: error: the signature \"示例汽车城东\" is not among those "
		    "approved "
		    "at \"ali\"" },
		{ "no list", TENCENT(""), "", "is not among those approved at \"tx\"" },
		{ "another store's account", ALIYUN(""), ", accounts: [demo]", "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *config = g_strconcat(HOUSE OTHERS, rows[i].account, NULL),
		     *stores = g_strdup_printf(STORES("%s"), rows[i].store);

		put(*state, CONFIG, config, strlen(config));
		says(state, rows[i].name, "config/stores.yaml", stores, rows[i].want);
		g_free(stores);
		g_free(config);
	}
}

static void
b_cn7_the_way_out_byte_for_byte(void **state)
{
	static const struct {
		const char *name, *tail, *want;
	} rows[] = {
		{ "exactly", "拒收请回复R", "" },
		{ "another form", "回T退订",
		    "ends with the words its provider prescribes, byte for byte, not "
		    "with "
		    "\"…您好，回T退订\"" },
		{ "a space", "拒收请回复 R", "ends with the words" },
		{ "a small letter", "拒收请回复r", "ends with the words" },
		{ "a wide letter", "拒收请回复Ｒ", "ends with the words" },
		{ "a mark behind", "拒收请回复R。", "ends with the words" },
		{ "not at the end", "拒收请回复R 谢谢", "ends with the words" },
		{ "traditional", "拒收請回復R", "ends with the words" },
	};
	static const char config[] = HOUSE OTHERS ALIYUN(", optout_suffix: 拒收请回复R");

	put(*state, CONFIG, config, strlen(config));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *text = g_strconcat(CODED("marketing") "{{ customer.name }}您好，",
		    rows[i].tail, "\n", NULL);

		says(state, rows[i].name, SMS, text, rows[i].want);
		g_free(text);
	}
}

static void
b_cn8_a_time_that_never_comes(void **state)
{
	static const struct {
		const char *name, *account, *category, *step, *want;
	} rows[] = {
		{ "in its hours", ALIYUN(""), "marketing", "at: day 1 10:00", "" },
		{ "waits for them", ALIYUN(""), "marketing", "at: day 1 20:30",
		    "warning: step \"one\" is due at 20:30, always outside the hours of "
		    "\"ali\"" },
		{ "does not wait", ALIYUN(""), "marketing",
		    "at: day 1 20:30, on_quiet: drop",
		    "error: step \"one\" is due at 20:30, always outside" },
		{ "not so long", ALIYUN(""), "marketing", "at: day 1 20:30, expires: 2h",
		    "error: step \"one\" is due at 20:30, always outside" },
		{ "notices have none", ALIYUN(""), "service",
		    "at: day 1 20:30, on_quiet: drop", "" },
		{ "another service's hours", TENCENT(""), "marketing",
		    "at: day 1 20:30, on_quiet: drop", "" },
		{ "the house's own window", TENCENT(""), "marketing",
		    "at: day 1 12:00, on_quiet: drop",
		    "warning: step \"one\" is due at 12:00" },
		{ "the account's narrower",
		    TENCENT(", hours: { from: \"09:00\", to: \"17:00\" }"), "service",
		    "at: day 1 08:30, on_quiet: drop",
		    "error: step \"one\" is due at 08:30" },
		{ "a wider one does not widen",
		    ALIYUN(", hours: { from: \"08:00\", to: \"22:00\" }"), "marketing",
		    "at: day 1 20:30, on_quiet: drop",
		    "error: step \"one\" is due at 20:30" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *config = g_strconcat(HOUSE OTHERS, rows[i].account, NULL);
		char *text = g_strdup_printf(
		    CODED("%s") "{{ customer.name }}您好，可以保养了。拒收请回复R\n",
		    rows[i].category);
		char *book = g_strdup_printf(
		    HEAD "steps:\n  - { id: one, send: care/one, %s }\n", rows[i].step);

		put(*state, CONFIG, config, strlen(config));
		put(*state, SMS, text, strlen(text));
		says(state, rows[i].name, PLAYBOOK, book, rows[i].want);
		g_free(book);
		g_free(text);
		g_free(config);
	}
}

static void
b_cn9_a_setting_only_lowers(void **state)
{
	static const struct {
		const char *name, *account, *want;
	} rows[] = {
		{ "less", ALIYUN(", per_number: 20/24h"), "" },
		{ "in another window", ALIYUN(", per_number: [4/1h, 80/48h]"), "" },
		{ "more", ALIYUN(", per_number: 60/24h"),
		    "error: 60 in 1d to one number is more than type aliyun is given: 45 "
		    "in "
		    "1d" },
		{ "more in less time", ALIYUN(", per_number: 46/1h"), "error: 46 in 1h" },
		{ "more in more time", ALIYUN(", per_number: 91/48h"),
		    "error: 91 in 2d" },
		{ "no limit", ALIYUN(", per_number: 0/1h"), "is no limit of messages" },
		{ "no window", ALIYUN(", per_number: 4"), "is no limit of messages" },
		{ "words", ALIYUN(", per_number: [4/hour]"), "is no limit of messages" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *config = g_strconcat(HOUSE OTHERS, rows[i].account, NULL);

		says(state, rows[i].name, CONFIG, config, rows[i].want);
		g_free(config);
	}
}

static void
b_cn11_variables_and_links(void **state)
{
	static const struct {
		const char *name, *account, *params, *text, *want;
	} rows[] = {
		{ "fine", TENCENT(""), "customer.name", "{{ customer.name }}您好", "" },
		{ "side by side", TENCENT(""), "customer.name",
		    "您好{{ customer.name }}{{ customer.tier }}",
		    "\"tx\" (tencent) registers no text with two variables side by "
		    "side" },
		{ "a blank between", TENCENT(""), "customer.name",
		    "您好{{ customer.name }} {{ customer.tier }}", "side by side" },
		{ "aliyun takes that", ALIYUN(""), "customer.name",
		    "您好{{ customer.name }}{{ customer.tier }}", "" },
		{ "variables only", TENCENT(", optout_suffix: 拒收请回复R"),
		    "customer.name", "{{ customer.name }}！", "that is variables only" },
		{ "a link that is constant", TENCENT(""), "customer.name",
		    "{{ customer.name }}您好 https://example.com/a ", "" },
		{ "a variable in a link", TENCENT(""), "customer.name",
		    "您好 https://example.com/{{ customer.id }} ",
		    "with a variable in a link" },
		{ "a short link", ALIYUN(""), "customer.name",
		    "您好 {{ 'https://example.com/a' | short_link }} ",
		    "with a link of each customer's own" },
		{ "the way out as a link", TENCENT(""), "customer.name",
		    "您好 {{ message.unsubscribe }} ",
		    "with a link of each customer's own" },
		{ "a link in a variable", TENCENT(""), "message.unsubscribe", "您好",
		    "takes no link in a variable" },
		{ "a link written as one", ALIYUN(""),
		    "'https://example.com' | default: 'x'", "您好",
		    "takes no link in a variable" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *config = g_strconcat(HOUSE OTHERS, rows[i].account, NULL);
		char *text = g_strdup_printf(
		    "---\ncategory: marketing\nproviders:\n"
		    "  tencent: { template_id: \"1\", params: [\"%s\"] }\n"
		    "  aliyun: { template_code: SMS_1, params: { n: \"%s\" } }\n---\n"
		    "%s 拒收请回复R\n",
		    rows[i].params, rows[i].params, rows[i].text);

		put(*state, CONFIG, config, strlen(config));
		says(state, rows[i].name, SMS, text, rows[i].want);
		g_free(text);
		g_free(config);
	}
}

#define LEXICON                                                                                \
	"lexicon:\n"                                                                           \
	"  - { id: coupon, providers: [tencent], source: 规范, words: [优惠券, 召回], " \
	"allow: [召回维修], why: 不予通过, use: [wecom, phone] }\n"                    \
	"  - { id: selling, source: 规范, channels: [push], categories: [service], "         \
	"words: [限时], why: 服务类, use: [email] }\n"

static void
b_cn12_words_a_service_does_not_take(void **state)
{
	static const struct {
		const char *name, *account, *allow, *text, *want;
	} rows[] = {
		{ "fine", TENCENT(""), "", "可以保养了", "" },
		{ "the word, at its place", TENCENT(""), "", "送优惠券",
		    "7:24: error: \"优惠券\" is not taken by \"tx\" (tencent): "
		    "不予通过" },
		{ "another service", ALIYUN(""), "", "送优惠券", "" },
		{ "a phrase that is fine", TENCENT(""), "", "召回维修已备件", "" },
		{ "excused, with a reason", TENCENT(""),
		    "allow: { coupon: 客服已确认可发 }\n", "送优惠券", "" },
		{ "excused without one", TENCENT(""), "allow: { coupon: 好 }\n",
		    "送优惠券", "the reason says nothing" },
		{ "excused from nothing", TENCENT(""),
		    "allow: { cupon: 客服已确认可发 }\n", "好",
		    "there is no rule of copy called \"cupon\"" },
	};

	put(*state, "config/lexicon.yaml", LEXICON, strlen(LEXICON));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *config = g_strconcat(HOUSE OTHERS, rows[i].account, NULL);
		char *text = g_strdup_printf("---\ncategory: marketing\n%sproviders:\n"
					     "  tencent: { template_id: \"1\" }\n"
					     "  aliyun: { template_code: S }\n---\n"
					     "{{ customer.name }}您好，%s。拒收请回复R\n",
		    rows[i].allow, rows[i].text);

		put(*state, CONFIG, config, strlen(config));
		says(state, rows[i].name, SMS, text, rows[i].want);
		g_free(text);
		g_free(config);
	}
}

/* The hint names the channel to take instead; mistakes of the file are its author's. */
static void
b_cn12_the_file_itself(void **state)
{
	static const struct {
		const char *name, *rule, *want;
	} rows[] = {
		{ "no source", "id: a, words: [x], why: y", "\"source\" is missing" },
		{ "no reason", "id: a, words: [x], source: y", "\"why\" is missing" },
		{ "no words", "id: a, source: y, why: z", "\"words\" is missing" },
		{ "unknown service",
		    "id: a, words: [x], source: y, why: z, providers: [tencnet]",
		    "no provider is called \"tencnet\"" },
		{ "an account",
		    "id: a, words: [绝无此词], source: y, why: z, providers: [tx]", "" },
		{ "unknown key", "id: a, word: [x], source: y, why: z",
		    "unknown key \"word\"" },
	};
	static const char config[] = HOUSE OTHERS TENCENT("");

	put(*state, CONFIG, config, strlen(config));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *text = g_strdup_printf("lexicon:\n  - { %s }\n", rows[i].rule);

		says(state, rows[i].name, "config/lexicon.yaml", text, rows[i].want);
		g_free(text);
	}
}

static void
b_pu2_a_service_push_does_not_sell(void **state)
{
	static const char config[] = HOUSE OTHERS TENCENT("") JPUSH("");
	static const struct {
		const char *name, *text, *want;
	} rows[] = {
		{ "service", "---\ncategory: service\n---\n您的车已可取\n", "" },
		{ "selling", "---\ncategory: service\n---\n限时保养\n",
		    "4:1: error: \"限时\" is not taken by \"app\" (jpush): 服务类" },
		{ "marketing may",
		    "---\ncategory: marketing\n---\n限时保养（回复TD退订）\n", "" },
	};

	put(*state, CONFIG, config, strlen(config));
	put(*state, "config/lexicon.yaml", LEXICON, strlen(LEXICON));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		says(state, rows[i].name, "templates/push/care/p.liquid", rows[i].text,
		    rows[i].want);
}

#define KF                                                                              \
	"  - { name: kf, type: wecom-kf, channels: [wecom], corp_id: ww1,\n"            \
	"      secret: { credential: key }, open_kfid: wk1,\n"                          \
	"      callback_token: { credential: key }, callback_key: { credential: aes } " \
	"}\n"
#define MASS                                                                \
	"  - { name: mass, type: wecom, channels: [wecom], corp_id: ww1,\n" \
	"      secret: { credential: key }, sender: LiNa, rule: week_7 }\n"
#define BOX                                                      \
	"  - { name: box, type: sandbox, channels: [sms], url: " \
	"\"http://127.0.0.1:8090\", internal: true }\n"
#define ON(event, steps)                                                       \
	"playbook: care\ncategory: service\nstatus: live\nstart: { on: " event \
	" }\nsteps:\n" steps
#define SEND(what) "  - { id: a, after: 1d, send: " what " }\n"
#define WAIT                                                                           \
	"  - { id: q, send: care/s }\n"                                                \
	"  - { id: w, wait: { for: reply, up_to: 3d, then: { goto: a }, else: stop } " \
	"}\n"
#define WARNS                                                                       \
	"warning: step \"a\" goes by \"kf\" alone, which only answers whoever has " \
	"written to it within 48 hours"

/* An account that only answers reaches hardly anybody alone. */
static void
b_wc5_a_step_that_only_an_answer_carries(void **state)
{
	static const struct {
		const char *name, *accounts, *book;
		bool warns;
	} rows[] = {
		{ "kf alone", KF BOX, ON("visit", SEND("care/w")), true },
		{ "sms behind it", KF BOX, ON("visit", SEND("[care/w, care/s]")), false },
		{ "two texts by it", KF BOX, ON("visit", SEND("[care/w, care/v]")),
		    true },
		{ "an account that writes first", KF MASS BOX,
		    ON("visit", SEND("care/w")), false },
		{ "by his own words", KF BOX, ON("reply", SEND("care/w")), false },
		{ "after a wait for them", KF BOX, ON("visit", WAIT SEND("care/w")),
		    false },
		{ "a rule for them", KF BOX,
		    ON("visit",
			"  - { id: q, send: care/s }\n" SEND(
			    "care/w")) "replies:\n  - { has: [好], then: { goto: a } }\n",
		    false },
	};
	static const char text[] =
	    "---\ncategory: service\n---\n{{ customer.name }}您好，"
	    "您的车好了。\n";
	static const char *const files[] = { "templates/wecom/care/w.liquid",
		"templates/wecom/care/v.liquid", "templates/sms/care/s.liquid" };

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
		put(*state, files[i], text, strlen(text));
	put(*state, "config/secrets/aes", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
	    43);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *config = g_strconcat(HOUSE, rows[i].accounts, NULL), *got;
		struct report *r;

		put(*state, CONFIG, config, strlen(config));
		put(*state, PLAYBOOK, rows[i].book, strlen(rows[i].book));
		r = check(*state);
		got = found(r, PLAYBOOK);
		if (strstr(got, "error") != NULL ||
		    (strstr(got, WARNS) != NULL) != rows[i].warns)
			fail_msg("%s: got\n%s", rows[i].name, got);
		g_free(got);
		g_free(config);
		report_free(r);
	}
}

#define ROWS(f) cmocka_unit_test_setup_teardown(f, open_set, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ROWS(b_cn3_a_stores_signature_is_approved),
		ROWS(b_cn7_the_way_out_byte_for_byte),
		ROWS(b_cn8_a_time_that_never_comes),
		ROWS(b_cn9_a_setting_only_lowers),
		ROWS(b_cn11_variables_and_links),
		ROWS(b_cn12_words_a_service_does_not_take),
		ROWS(b_cn12_the_file_itself),
		ROWS(b_pu2_a_service_push_does_not_sell),
		ROWS(b_wc5_a_step_that_only_an_answer_carries),
	};

	umask(077);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
