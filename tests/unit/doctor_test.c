/* proves: S11, S26
 * doctor_test.c - what works without a public address (S26), what each account lets be seen
 * (S11), and when it was last heard of. */
#include <sys/stat.h>

#include "provider/doctor.h"
#include "stage.h"

#define START "2026-03-10T09:00:00+08:00"
#define HOUSE(url) "entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: " url "\n"
#define ALI                                                                            \
	"credentials: secrets\nproviders:\n  - { name: ali, type: aliyun, channels: "  \
	"[sms], "                                                                      \
	"access_key_id: LTAI-example,\n      access_key_secret: { credential: key }, " \
	"hook_secret: { credential: hook } }\n"
#define BOXED                                                                \
	"providers:\n  - { name: box, type: sandbox, channels: [sms], url: " \
	"\"http://127.0.0.1:1\", internal: true, settle: idempotency_key }\n"
#define TWILIO                                                                           \
	"credentials: secrets\nproviders:\n  - { name: abroad, type: twilio, channels: " \
	"[sms], account_sid: AC00000000000000000000000000000000,\n      auth_token: { "  \
	"credential: key }, from: \"+15005550006\" }\n"
#define ASKED                                                                            \
	"credentials: secrets\nproviders:\n  - { name: abroad, type: twilio, channels: " \
	"[sms], account_sid: AC00000000000000000000000000000000,\n      auth_token: { "  \
	"credential: key }, from: \"+15005550006\", pull: 1m }\n"
#define GATE                                                                             \
	"credentials: secrets\nproviders:\n  - { name: gate, type: http, channels: "     \
	"[sms], url: "                                                                   \
	"https://sms.example.com/send,\n      body: \"{{ message.text }}\", success: { " \
	"status: 200 } }\n"

static char told[8192];

static void
hear(void *arg, int status, const char *json)
{
	((struct stage *)arg)->answer = status;
	g_strlcpy(told, json, sizeof(told));
}

static struct stage *
house(const char *config)
{
	struct stage *s = stage_new(START, "config/secrets/key", "example-secret",
	    "config/secrets/hook", "examplehooksecret000000", "config/reachd.yaml",
	    config, NULL);

	engine_doctor(s->engine, hear, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 200);
	return s;
}

static void
s26_and_s11_what_each_account_lets_be_seen(void **state)
{
	static const struct {
		const char *name, *config, *has[5], *hasnt[3];
	} rows[] = {
		{ "a service of the house needs no public name",
		    HOUSE("http://127.0.0.1:8080") BOXED,
		    { "\"receipts\":\"webhook\"", "\"reachable\":false",
			"\"level\":\"note\",\"about\":\"public_url\"" },
		    { "\"level\":\"error\"", "\"level\":\"warning\"" } },
		{ "one outside that only posts replies, without a name",
		    HOUSE("http://127.0.0.1:8080") ALI,
		    { "\"level\":\"error\",\"about\":\"public_url\"",
			"\"level\":\"error\",\"about\":\"ali\",\"text\":\"a marketing "
			"SMS",
			"\"replies\":\"webhook\"", "is asked for, message by message" },
		    { NULL } },
		{ "the same with a name", HOUSE("https://reach.example.com") ALI,
		    { "\"reachable\":true", "\"findings\":[]" }, { "\"level\"" } },
		{ "plain http is no name", HOUSE("http://reach.example.com") ALI,
		    { "\"reachable\":false", "\"level\":\"error\"" }, { NULL } },
		{ "one abroad without papers", HOUSE("https://reach.example.com") TWILIO,
		    { "\"region\":\"outside\"", "it serves nobody in China" }, { NULL } },
		{ "one that is asked beside its webhooks, without a name",
		    HOUSE("http://127.0.0.1:8080") TWILIO,
		    { "\"receipts\":\"webhook+pull+query\"",
			"\"replies\":\"webhook+pull\"",
			"\"level\":\"note\",\"about\":\"abroad\",\"text\":\"its webhooks",
			"only asked for" },
		    { "no reply path", "\"level\":\"warning\"" } },
		{ "one that is asked instead", HOUSE("https://reach.example.com") ASKED,
		    { "\"receipts\":\"pull+query\"", "\"replies\":\"pull\"" },
		    { "no reply path", "webhooks need" } },
		{ "a gateway that posts nothing", HOUSE("https://reach.example.com") GATE,
		    { "\"receipts\":\"none\"", "\"replies\":\"none\"",
			"\"level\":\"warning\",\"about\":\"gate\"",
			"\"text\":\"a marketing SMS account has no reply path" },
		    { "\"about\":\"public_url\"" } },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = house(rows[i].config);

		for (int k = 0; k < 5 && rows[i].has[k] != NULL; k++)
			if (strstr(told, rows[i].has[k]) == NULL)
				fail_msg("%s: no %s in %s", rows[i].name, rows[i].has[k],
				    told);
		for (int k = 0; k < 3 && rows[i].hasnt[k] != NULL; k++)
			if (strstr(told, rows[i].hasnt[k]) != NULL)
				fail_msg(
				    "%s: %s in %s", rows[i].name, rows[i].hasnt[k], told);
		stage_free(s);
	}
}

static void
s26_when_it_was_last_heard_of(void **state)
{
	struct stage *s = house(HOUSE("http://127.0.0.1:8080") BOXED);

	(void)state;
	assert_null(strstr(told, "last_"));
	stage_customer(s, "c1", "high", "+8619900000001", "");
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "k1", -1, "+8619900000001", "好的"), 200);
	engine_doctor(s->engine, hear, s);
	stage_run(s, 5);
	assert_non_null(strstr(told, "\"last_reply\":\"2026-03-10T09:00:"));
	assert_null(strstr(told, "last_receipt"));
	stage_free(s);
}

static void
s26_a_public_name(void **state)
{
	static const struct {
		const char *url;
		bool reachable;
	} rows[] = {
		{ "https://reach.example.com", true },
		{ "http://reach.example.com", false },
		{ "https://127.0.0.1", false },
		{ "https://localhost:8080", false },
		{ "https://[::1]", false },
		{ "nonsense", false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (doctor_reachable(rows[i].url) != rows[i].reachable)
			fail_msg("%s", rows[i].url);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s26_and_s11_what_each_account_lets_be_seen),
		cmocka_unit_test(s26_when_it_was_last_heard_of),
		cmocka_unit_test(s26_a_public_name),
	};

	umask(077); /* secrets that others may read are refused */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
