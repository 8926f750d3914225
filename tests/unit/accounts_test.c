/* accounts_test.c - what is wrong in an account's section of reachd.yaml, each with its place and
 * what to do. proves: K4 */
#include "spec_set.h"

#include "../../src/cmd/accounts.h"

#define HOUSE                                                                             \
	"entity: { name: 示例汽车服务, tz: Asia/Shanghai }\ncredentials: secrets\n" \
	"providers:\n"                                                                    \
	"  - { name: demo, type: sandbox, channels: [sms, wecom, email], url: "           \
	"\"http://127.0.0.1:8090\", internal: true }\n"
/* The account looked at begins in line 5. */
#define ALI(more)                                                \
	"  - name: ali\n    type: aliyun\n    channels: [sms]\n" \
	"    access_key_id: LTAI-example\n" more
#define SECRET "    access_key_secret: { credential: key }\n"
#define PUSH(more)                                               \
	"  - name: app\n    type: jpush\n    channels: [push]\n" \
	"    app_key: k\n    master_secret: { credential: key }\n" more

static const struct {
	const char *name, *account, *want;
} rows[] = {
	{ "nothing", ALI(SECRET), "" },
	{ "K4 a secret written in the file", ALI("    access_key_secret: abc\n"),
	    "reachd.yaml:9:5: a secret is written into this file [write "
	    "access_key_secret: { "
	    "credential: NAME } and keep it in a file of that name]\n" },
	{ "K4 a webhook's secret written in the file",
	    ALI(SECRET "    hook_secret: abc\n"),
	    "reachd.yaml:10:18: a secret is written into this file [write hook_secret: { "
	    "credential: NAME } and keep it in a file of that name]\n" },
	{ "K4 a secret in the address",
	    "  - name: x\n    type: http\n    channels: [sms]\n"
	    "    url: https://u:p@example.com/\n    body: x\n    success: { status: 200 "
	    "}\n",
	    "reachd.yaml:8:10: a secret in the address would end up in logs [put it into "
	    "a "
	    "header as {{ credential.NAME }}]\n" },
	{ "K4 the credential is missing",
	    ALI("    access_key_secret: { credential: nokey }\n"),
	    "reachd.yaml:9:5: credential \"nokey\": No such file or directory [put it "
	    "into the "
	    "file DIR/config/secrets/nokey, mode 0600]\n" },
	{ "K4 a callback key cut short, as its file has it",
	    "  - name: kf\n    type: wecom-kf\n    channels: [wecom]\n    corp_id: ww1\n"
	    "    secret: { credential: key }\n    open_kfid: wk1\n"
	    "    callback_token: { credential: key }\n    callback_key: { credential: "
	    "key }\n",
	    "reachd.yaml:12:5: callback_key has 43 characters, not 7 [copy "
	    "EncodingAESKey from "
	    "WeCom's admin pages]\n" },
	{ "K4 a webhook's secret of another service",
	    "  - name: rs\n    type: resend\n    channels: [email]\n    from: "
	    "a@example.com\n"
	    "    api_key: { credential: key }\n    webhook_secret: { credential: hook "
	    "}\n",
	    "reachd.yaml:10:5: webhook_secret is none of Resend's [copy the signing "
	    "secret of the "
	    "webhook, whsec_...]\n" },
	{ "K4 posted and asked for",
	    "  - name: tc\n    type: tencent\n    channels: [sms]\n    secret_id: x\n"
	    "    secret_key: { credential: key }\n    sdk_app_id: \"1400000001\"\n    "
	    "pull: 1m\n"
	    "    hook_secret: { credential: hook }\n",
	    "reachd.yaml:11:5: reports are posted or asked for, not both [delete pull, "
	    "or "
	    "hook_secret and the address in Tencent's console]\n" },
	{ "an unknown key", ALI(SECRET "    extend_cod: 12\n"),
	    "reachd.yaml:10:5: unknown key \"extend_cod\" [did you mean "
	    "\"extend_code\"?]\n" },
	{ "a key of every account, misspelt", ALI(SECRET "    signatur: 示例\n"),
	    "reachd.yaml:10:5: unknown key \"signatur\" [did you mean "
	    "\"signature\"?]\n" },
	{ "a needed secret is not there", ALI(""),
	    "reachd.yaml:5:5: a provider of type aliyun needs access_key_secret [write "
	    "access_key_secret: { credential: NAME }, its secret]\n" },
	{ "a needed key is not there",
	    "  - name: ali\n    type: aliyun\n    channels: [sms]\n" SECRET,
	    "reachd.yaml:5:5: a provider of type aliyun needs access_key_id [write "
	    "access_key_id: of a RAM user that may do no more than send]\n" },
	{ "B-PU2 a push account without its class", PUSH(""),
	    "reachd.yaml:5:5: a provider of type jpush needs class [write class: what "
	    "the "
	    "vendors granted: marketing, all goes as marketing; service, only marketing "
	    "texts "
	    "do]\n" },
	{ "B-PU2 no class of push", PUSH("    class: urgent\n"),
	    "reachd.yaml:5:5: class is \"urgent\" [write class: marketing, or class: "
	    "service "
	    "once the vendors have granted it]\n" },
	{ "a channel that it does not carry",
	    "  - name: ali\n    type: aliyun\n    channels: [sms, email]\n"
	    "    access_key_id: x\n" SECRET,
	    "reachd.yaml:5:5: a provider of type aliyun does not carry email [write "
	    "channels: "
	    "[sms], or some of them]\n" },
	{ "an unknown type, misspelt",
	    "  - name: ali\n    type: alyun\n    channels: [sms]\n",
	    "reachd.yaml:5:5: no provider is of type \"alyun\" [did you mean "
	    "\"aliyun\"?]\n" },
	{ "no name",
	    "  - type: aliyun\n    channels: [sms]\n    access_key_id: x\n" SECRET,
	    "reachd.yaml:5:5: \"name\" is missing [write name: NAME]\n" },
	{ "no type", "  - name: x\n    channels: [sms]\n",
	    "reachd.yaml:5:5: \"type\" is missing [write type: one of `reachd help "
	    "providers`]\n" },
	{ "no channels", "  - name: x\n    type: aliyun\n    access_key_id: x\n" SECRET,
	    "reachd.yaml:5:5: \"channels\" is missing [write channels: [sms]]\n" },
	{ "two accounts of one name", ALI(SECRET) ALI(SECRET),
	    "reachd.yaml:10:5: two providers are called \"ali\", the first on line 5 "
	    "[choose "
	    "another name]\n" },
	{ "a web address for mail",
	    "  - name: m\n    type: smtp\n    channels: [email]\n"
	    "    url: https://mail.example.com\n    from: a@example.com\n",
	    "reachd.yaml:5:5: a provider of type smtp is not reached by http [write url: "
	    "smtp://HOST:587, or smtps://HOST:465]\n" },
	{ "B-CN9 more than the service is given", ALI(SECRET "    per_number: 60/24h\n"),
	    "reachd.yaml:10:17: 60 in 1d to one number is more than type aliyun is "
	    "given: 45 in "
	    "1d [write less, or leave it out: a setting only lowers it]\n" },
	{ "headers that aliyun does not read", ALI(SECRET "    headers: { X-Key: a }\n"),
	    "reachd.yaml:5:5: a provider of type aliyun does not read \"headers\" "
	    "[delete "
	    "it]\n" },
	{ "two mistakes, both told",
	    ALI("    access_key_secret: abc\n    extend_cod: 1\n"),
	    "reachd.yaml:9:5: a secret is written into this file [write "
	    "access_key_secret: { "
	    "credential: NAME } and keep it in a file of that name]\n"
	    "reachd.yaml:10:5: unknown key \"extend_cod\" [did you mean "
	    "\"extend_code\"?]\n" },
};

static int
open_set(void **state)
{
	setup(state);
	accounts_register();
	put(*state, "config/secrets/key", "example", 7);
	put(*state, "config/secrets/hook", "examplehooksecret000000", 23);
	/* Who sends what is no matter here. */
	for (size_t i = 2; i < G_N_ELEMENTS(sound); i++) {
		char *path = path_in(*state, sound[i].path);

		g_remove(path);
		g_free(path);
	}
	return 0;
}

/* As printed: place, text and hint; DIR is where the set lies. */
static char *
told(const struct report *r, const char *dir)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < r->diags->len; i++) {
		const struct diag *d = r->diags->pdata[i];
		char *base = g_path_get_basename(d->at.file == NULL ? "" : d->at.file);

		if (d->severity == SEV_ERROR)
			g_string_append_printf(out, "%s:%d:%d: %s [%s]\n", base,
			    d->at.line, d->at.col, d->text,
			    d->hint == NULL ? "" : d->hint);
		g_free(base);
	}
	g_string_replace(out, dir, "DIR", 0);
	return g_string_free(out, FALSE);
}

static void
k4_mistakes_of_an_account(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *config = g_strconcat(HOUSE, rows[i].account, NULL), *got;
		struct report *r;

		put(*state, CONFIG, config, strlen(config));
		r = check(*state);
		got = told(r, *state);
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s: got\n%swant\n%s", rows[i].name, got, rows[i].want);
		g_free(got);
		g_free(config);
		report_free(r);
	}
}

static int
warnings(const struct report *r, const char *text)
{
	int n = 0;

	for (guint i = 0; i < r->diags->len; i++) {
		const struct diag *d = r->diags->pdata[i];

		n += d->severity == SEV_WARNING && strstr(d->text, text) != NULL;
	}
	return n;
}

/* A service that puts no signature before an SMS leaves it to the text to say who writes. */
static void
b_ad2_who_writes_an_sms(void **state)
{
	static const char twilio[] =
	    HOUSE "  - name: abroad\n    type: twilio\n    channels: [sms]\n"
		  "    account_sid: ACx\n    auth_token: { credential: key }\n"
		  "    from: \"+15005550006\"\n",
			  ali[] = HOUSE ALI(SECRET);
	static const struct {
		const char *name, *config, *text;
		int told;
	} cases[] = {
		{ "nobody", twilio, "欢迎来 拒收请回复R\n", 1 },
		{ "the house", twilio, "{{ entity.name }}欢迎您 拒收请回复R\n", 0 },
		{ "the store", twilio, "{{ store.name }}欢迎您 拒收请回复R\n", 0 },
		{ "with a signature", ali, "欢迎来 拒收请回复R\n", 0 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *text = g_strconcat(
		    "---\ntitle: x\ncategory: marketing\n---\n", cases[i].text, NULL);
		struct report *r;
		int n;

		put(*state, CONFIG, cases[i].config, strlen(cases[i].config));
		put(*state, "templates/sms/a/m.liquid", text, strlen(text));
		r = check(*state);
		n = warnings(r, "no signature is put before it");
		if (n != cases[i].told)
			fail_msg("%s: told %d times", cases[i].name, n);
		g_free(text);
		report_free(r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    k4_mistakes_of_an_account, open_set, teardown),
		cmocka_unit_test_setup_teardown(
		    b_ad2_who_writes_an_sms, open_set, teardown),
	};

	umask(077);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
