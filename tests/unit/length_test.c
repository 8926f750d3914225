/* length_test.c - the length of a text by the longest that comes for its variables: against
 * the policy's segments and what the services take. */
#include "spec_set.h"

#include "../../src/cmd/accounts.h"

#define COUNTED(n, segments, max)                                                    \
	"1:1: warning: with its signature and the longest names and dates the text " \
	"has " n " characters: " segments " segments, the policy allows " max "\n"
#define OUT "拒收请回复R"
#define TEN "一二三四五六七八九十"
#define FIFTY TEN TEN TEN TEN TEN
#define MARKETING "---\ncategory: marketing\n---\n"
#define ALI                                                                       \
	"---\ncategory: marketing\nproviders: { aliyun: { template_code: SMS_1, " \
	"params: { "                                                              \
	"x: "
#define GATEWAYS                                                                          \
	"entity: { name: 示例汽车服务, tz: Asia/Shanghai }\ncredentials: secrets\n" \
	"providers:\n  - name: ali\n    type: aliyun\n    channels: [sms]\n"              \
	"    access_key_id: LTAI-example\n    access_key_secret: { credential: key }\n"   \
	"    optout_suffix: 拒收请回复R\n"                                           \
	"  - { name: demo, type: sandbox, channels: [wecom, email], url: "                \
	"\"http://127.0.0.1:8090\", internal: true }\n"
#define REFUSED "3:22: warning: with the longest names and dates it would not go: "

static void
write_file(const char *dir, const char *path, const char *text)
{
	put(dir, path, text, strlen(text));
}

/* 【示例汽车服务】 and 拒收请回复R are 14 characters, one segment is 70. */
static void
one_segment(void **state)
{
	static const struct {
		const char *name, *text, *want;
	} rows[] = {
		{ "it fits with a name of four",
		    MARKETING "{{ customer.name | default: \"您\" }}" FIFTY "ab" OUT,
		    "" },
		{ "a name of four is one too long",
		    MARKETING "{{ customer.name | default: \"您\" }}" FIFTY "abc" OUT,
		    COUNTED("71", "2", "1") },
		{ "the default is longer than any name",
		    MARKETING
		    "{{ customer.name | default: \"尊贵的车主朋友\" }}" FIFTY OUT,
		    COUNTED("71", "2", "1") },
		{ "a day of two digits",
		    MARKETING "{{ vehicle.next_service | date: \"中文\" }}" FIFTY "a" OUT,
		    COUNTED("71", "2", "1") },
		{ "the longest store",
		    MARKETING "{{ store.name | default: \"店\" }}" FIFTY OUT,
		    COUNTED("71", "2", "1") },
		{ "the offer it promises",
		    "---\ncategory: service\noffer: wash\n---\n{{ offer.title }}" FIFTY
		    "12345678",
		    "" },
		{ "any offer",
		    "---\ncategory: service\n---\n{{ offer.title }}" FIFTY "12345678",
		    COUNTED("72", "2", "1") },
		{ "an attribute that anything may stand in",
		    MARKETING "{{ customer.colour | default: \"红\" }}" FIFTY OUT,
		    COUNTED("76", "2", "1") },
		{ "in a partial", MARKETING "{% render 'own' %}" FIFTY OUT,
		    COUNTED("76", "2", "1") },
		{ "cut short, too",
		    MARKETING "{{ customer.colour | default: \"红\" | truncate: 6, \"\" }}" FIFTY OUT,
		    "" },
		{ "what playbooks set",
		    MARKETING "{{ customer.mood | default: \"\" }}" FIFTY "12" OUT, "" },
		{ "the longest of what playbooks set",
		    MARKETING "{{ customer.mood | default: \"\" }}" FIFTY "123" OUT,
		    COUNTED("71", "2", "1") },
		{ "a number that playbooks set",
		    MARKETING "{{ customer.rounds | default: \"\" }}" FIFTY "123" OUT, "" },
		{ "a date", MARKETING "{{ customer.left_on | date: \"中文\" }}" FIFTY OUT, "" },
		{ "a date is of two digits",
		    MARKETING "{{ customer.left_on | date: \"中文\" }}" FIFTY "a" OUT,
		    COUNTED("71", "2", "1") },
		{ "money", MARKETING "{{ customer.balance | money }}" FIFTY OUT,
		    COUNTED("74", "2", "1") },
		{ "what is compared with a number",
		    MARKETING "{% if customer.points > 0 %}{{ customer.points }}{% endif %}" FIFTY OUT,
		    "" },
		{ "a number of six digits",
		    MARKETING "{% if customer.points > 0 %}{{ customer.points }}{% endif %}" FIFTY "a" OUT,
		    COUNTED("71", "2", "1") },
		{ "a tier of the policy",
		    MARKETING "{{ customer.tier | default: \"\" }}" FIFTY "12" OUT, "" },
		{ "a car's own attribute",
		    MARKETING "{{ vehicle.attributes.colour | default: \"\" }}" FIFTY OUT,
		    COUNTED("76", "2", "1") },
		{ "cut short",
		    MARKETING "{{ vehicle.model | truncate: 5, \"\" }}" FIFTY OUT, "" },
		{ "a model", MARKETING "{{ vehicle.model | default: \"车\" }}" FIFTY OUT,
		    COUNTED("76", "2", "1") },
	};

	write_file(*state, RULES, POLICY "max_segments: 1\n");
	write_file(*state, "config/stores.yaml",
	    "stores:\n  - { id: a, name: 店一 }\n  - { id: b, name: 示例滨江二店店 }\n");
	write_file(*state, "config/offers.yaml",
	    "offers:\n  wash: { title: 洗车, value: 1, valid: 30d }\n"
	    "  check: { title: 免费检测一次, value: 1, valid: 30d }\n");
	write_file(*state, "templates/partials/own.liquid", "{{ customer.colour | default: \"红\" }}");
	write_file(*state, PLAYBOOK,
	    HEAD "subject: vehicle\nsteps:\n  - { id: a, offer: wash }\n"
		 "  - { id: b, do: [{ set: { mood: 好 } }, { set: { mood: 好得很啊, rounds: 100 } }] }\n"
		 "  - { id: one, send: care/one }\n");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		write_file(*state, SMS, rows[i].text);
		assert_found(*state, SMS, rows[i].want, rows[i].name);
	}
}

/* What is counted for an attribute is said, and how to bound it. */
static void
the_hint(void **state)
{
	static const struct {
		const char *name, *text, *want;
	} rows[] = {
		{ "two attributes", "{{ customer.colour | default: \"\" }}{{ customer.trim | default: \"\" }}",
		    "shorten it, or raise max_segments in the policy; 12 characters are counted for "
		    "customer.colour and customer.trim: | truncate: 6 bounds what comes" },
		{ "one is bounded",
		    "{{ customer.colour | default: \"\" | truncate: 6 }}{{ customer.trim | default: \"\" }}",
		    "shorten it, or raise max_segments in the policy; 12 characters are counted for "
		    "customer.trim: | truncate: 6 bounds what comes" },
		{ "none", "{{ customer.name }}一二三", "shorten it, or raise max_segments in the policy" },
	};

	write_file(*state, RULES, POLICY "max_segments: 1\n");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *text = g_strconcat(MARKETING, rows[i].text, FIFTY OUT, NULL);
		struct report *r;
		const char *got = "";

		write_file(*state, SMS, text);
		r = check(*state);
		for (guint k = 0; k < r->diags->len; k++) {
			const struct diag *d = r->diags->pdata[k];

			if (strstr(d->text, "segments") != NULL)
				got = d->hint;
		}
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s: got\n%s\nwant\n%s", rows[i].name, got, rows[i].want);
		report_free(r);
		g_free(text);
	}
}

/* A store's own signature stands before its customers' texts. */
static void
signatures_of_stores(void **state)
{
	write_file(*state, RULES, POLICY "max_segments: 1\n");
	write_file(*state, SMS, MARKETING FIFTY "123456" OUT);
	assert_found(*state, SMS, "", "the house's");
	write_file(*state, "config/stores.yaml",
	    "stores:\n  - { id: a, name: 店一, signature: 示例汽车滨江店 }\n");
	assert_found(*state, SMS,
	    "1:1: error: with its signature the text has 71 characters: 2 segments, the "
	    "policy "
	    "allows 1\n",
	    "a store's is longer");
}

/* What a gateway takes in a variable, and in all. */
static void
what_services_take(void **state)
{
	static const struct {
		const char *name, *text, *want;
	} rows[] = {
		{ "a name", ALI "customer.name } } }\n---\n您好" OUT, "" },
		{ "the longest address", ALI "store.address } } }\n---\n您好" OUT,
		    REFUSED "ali takes 35 characters in \"x\", not 36\n" },
		{ "an address cut short",
		    ALI "\"store.address | truncate: 20\" } } }\n---\n您好" OUT, "" },
		{ "two side by side",
		    ALI "\"store.address | append: customer.name\" } } }\n---\n您好" OUT,
		    REFUSED "ali takes 35 characters in \"x\", not 40\n" },
	};
	char *key;

	accounts_register();
	write_file(*state, CONFIG, GATEWAYS);
	write_file(*state, "config/secrets/key", "k\n");
	key = path_in(*state, "config/secrets/key");
	assert_int_equal(chmod(key, 0600), 0);
	g_free(key);
	write_file(*state, "config/stores.yaml",
	    "stores:\n  - { id: a, name: 店一, address: 短路1号 }\n"
	    "  - { id: b, name: 店二, address: " TEN TEN TEN "六号院东门口 }\n");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		write_file(*state, SMS, rows[i].text);
		assert_found(*state, SMS, rows[i].want, rows[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_segment),
		TEST(the_hint),
		TEST(signatures_of_stores),
		TEST(what_services_take),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
