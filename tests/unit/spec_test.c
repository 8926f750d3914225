/* spec_test.c - what people write, checked as a set: rows by their numbers.
 *
 * Each row replaces one file of a small sound set and tells the exact mistakes. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "spec/catalog.h"

struct file {
	const char *path, *text;
};

#define REACHD                                                                  \
	"entity: { name: 示例汽车服务, tz: Asia/Shanghai }\n"             \
	"providers:\n"                                                          \
	"  - { name: demo, type: sandbox, channels: [sms, wecom, email], url: " \
	"\"http://127.0.0.1:8090\", internal: true }\n"
#define ZONE(tz)                                                                         \
	"entity: { name: x, tz: " tz " }\nproviders: [{ name: demo, type: sandbox, "     \
	"channels: [sms, wecom, email], url: \"http://127.0.0.1:8090\", internal: true " \
	"}]\n"
#define POLICY "tiers:\n  high: { cap: 12 }\n  low: { cap: 3 }\n"
#define HEAD "playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n"
#define TEMPLATE "---\nchannel: sms\ncategory: marketing\n---\n"

static const struct file sound[] = {
	{ "config/reachd.yaml", REACHD },
	{ "config/policy.yaml", POLICY },
	{ "config/playbooks/care.yaml",
	    HEAD "steps:\n  - { id: one, at: day 1, send: care/one }\n"
		 "  - { id: two, at: day 2, send: [care/chat, care/mail] }\n" },
	{ "templates/sms/care/one.liquid",
	    TEMPLATE "{{ customer.name | default: \"您\" }}好。拒收请回复R\n" },
	{ "templates/wecom/care/chat.liquid",
	    "---\ncategory: marketing\n---\n您好 {% render 'sign' %}\n" },
	{ "templates/email/care/mail.liquid",
	    "---\ncategory: marketing\nsubject: 广告：您好\nlayout: "
	    "frame\n---\n<p>您好</p>\n" },
	{ "templates/partials/frame.liquid",
	    "<html>{{ content }}{% render 'sign' %}</html>\n" },
	{ "templates/partials/sign.liquid", "{{ entity.name }}\n" },
};

struct row {
	const char *name, *path, *text;
	const char *want; /* "line:col: error|warning: text", one a line */
};

#define PLAYBOOK "config/playbooks/care.yaml"
#define CONFIG "config/reachd.yaml"
#define RULES "config/policy.yaml"
#define SMS "templates/sms/care/one.liquid"

static const struct row rows[] = {
	{ "sound", RULES, POLICY, "" },
	/* ---- playbooks ---- */
	{ "Y6 unknown key", PLAYBOOK,
	    HEAD "steps:\n  - { id: one, send: care/one, on_quite: defer }\n",
	    "6:32: error: unknown key \"on_quite\"\n" },
	{ "Y12 durations", PLAYBOOK,
	    HEAD "steps:\n  - { id: a, wait: -1h }\n  - { id: b, wait: 0 }\n"
		 "  - { id: c, wait: 99999999999d }\n  - { id: d, wait: 400d }\n",
	    "6:20: error: \"-1h\" is not a duration\n"
	    "7:20: error: \"0\" is not a duration\n"
	    "8:20: error: \"99999999999d\" is out of range: 1m to 400d\n" },
	{ "Y13 big integer", PLAYBOOK,
	    HEAD "priority: 9223372036854775808\nsteps: [{ id: a, stop: true }]\n",
	    "5:11: error: 9223372036854775808 is out of range: 0 to 100\n" },
	{ "Y14 cycle", PLAYBOOK,
	    HEAD "steps:\n  - { id: a, send: care/one }\n  - { id: b, goto: a }\n",
	    "6:5: error: cycle without a wait of 1h: a -> b -> a\n" },
	{ "Y14 59 minutes are too little", PLAYBOOK,
	    HEAD
	    "steps:\n  - { id: a, after: 59m, send: care/one }\n  - { id: b, goto: a }\n",
	    "6:5: error: cycle without a wait of 1h: a -> b -> a\n" },
	{ "Y14 a wait of 1h makes it sound", PLAYBOOK,
	    HEAD "steps:\n  - { id: a, wait: 1h }\n  - { id: b, goto: a }\n", "" },
	{ "Y14 itself", PLAYBOOK, HEAD "steps:\n  - { id: a, goto: a }\n",
	    "6:5: error: cycle without a wait of 1h: a -> a\n" },
	{ "Y14 an event may come at once", PLAYBOOK,
	    HEAD "steps:\n  - { id: a, wait: { for: reply, up_to: 7d, then: a, else: "
		 "stop } }\n",
	    "6:5: error: cycle without a wait of 1h: a -> a\n" },
	{ "Y14 silence takes its time", PLAYBOOK,
	    HEAD "steps:\n  - { id: a, wait: { for: reply, up_to: 7d, then: stop, else: "
		 "a } }\n",
	    "" },
	{ "Y15 no such step", PLAYBOOK, HEAD "steps:\n  - { id: hello, goto: helo }\n",
	    "6:24: error: there is no step \"helo\" to go to\n" },
	{ "Y15 unreachable", PLAYBOOK,
	    HEAD "steps:\n  - { id: a, stop: true }\n  - { id: b, stop: true }\n",
	    "7:5: warning: no run ever reaches step \"b\"\n" },
	{ "Y15 a reply reaches it", PLAYBOOK,
	    HEAD "steps:\n  - { id: a, stop: true }\n  - { id: b, stop: true }\n"
		 "replies: [{ is: \"1\", then: b }]\n",
	    "" },
	{ "Y16 one id twice", PLAYBOOK,
	    HEAD "steps:\n  - { id: a, wait: 1d }\n  - { id: a, wait: 1d }\n",
	    "7:11: error: two steps are called \"a\", the first on line 6\n" },
	{ "Y16 reserved", PLAYBOOK, HEAD "steps:\n  - { id: next, wait: 1d }\n",
	    "6:11: error: \"next\" is a reserved step id\n" },
	{ "Y21 cap above the policy's", PLAYBOOK,
	    HEAD "cap: 13\nsteps:\n  - { id: one, send: care/one }\n",
	    "5:6: error: cap 13 is above every tier's, the highest is 12\n" },
	{ "Y21 cap -1", PLAYBOOK,
	    HEAD "cap: -1\nsteps:\n  - { id: one, send: care/one }\n",
	    "5:6: error: -1 is out of range: 0 to 1000\n" },
	{ "Y21 cap 0", PLAYBOOK, HEAD "cap: 0\nsteps:\n  - { id: one, send: care/one }\n",
	    "" },
	{ "Y25 resend", PLAYBOOK,
	    HEAD "steps:\n  - { id: one, send: care/one, on_unknown: resend }\n",
	    "6:44: error: \"resend\" could reach a customer twice with marketing\n" },
	{ "Y30 pattern", PLAYBOOK,
	    HEAD
	    "steps: [{ id: a, wait: 1d }]\nreplies:\n  - { is: /^1.*/, then: stop }\n",
	    "7:11: error: \"/^1.*/\" looks like a pattern; patterns are not in the "
	    "language\n" },
	{ "later", PLAYBOOK,
	    HEAD "quota: { by: priority }\nsteps:\n  - { id: a, call: care/one }\n",
	    "5:1: error: \"quota\" is not in this version\n"
	    "7:14: error: \"call\" is not in this version\n" },
	{ "no such template", PLAYBOOK, HEAD "steps:\n  - { id: one, send: care/on }\n",
	    "6:22: error: there is no template \"care/on\"\n" },
	{ "marketing in a service playbook", PLAYBOOK,
	    "playbook: care\ncategory: service\nstart: { on: visit }\n"
	    "steps:\n  - { id: one, send: care/one }\n",
	    "5:22: error: \"care/one\" is marketing, the playbook only service\n" },
	{ "fallback without a template", PLAYBOOK,
	    HEAD "steps:\n  - { id: one, send: care/one, on_cap: { fallback: email } }\n",
	    "6:5: error: step \"one\" falls back to email and has no template for it\n" },
	{ "event outside where", PLAYBOOK,
	    HEAD "while: event.type == \"visit\"\nsteps: [{ id: a, stop: true }]\n",
	    "5:8: error: a path nobody defines: event.type\n" },
	{ "event in where", PLAYBOOK,
	    "playbook: care\ncategory: marketing\n"
	    "start: { on: visit, where: event.data.amount > 100 and event.score > 1 }\n"
	    "steps: [{ id: a, stop: true }]\n",
	    "" },
	{ "attribute with a typo", PLAYBOOK,
	    HEAD "while: customer.teir == \"low\"\nsteps: [{ id: a, stop: true }]\n",
	    "5:8: warning: no customer column is called \"teir\"; it is read as an "
	    "attribute\n" },
	{ "days run backwards", PLAYBOOK,
	    HEAD "steps:\n  - { id: a, at: day 7, send: care/one }\n"
		 "  - { id: b, at: day 3, send: care/one }\n",
	    "7:5: error: step \"b\" is due on day 3, but a run comes here on day 7 at "
	    "the "
	    "earliest\n" },
	{ "the same minute is not past", PLAYBOOK,
	    HEAD "steps:\n  - { id: a, at: day 3 10:00, send: care/one }\n"
		 "  - { id: b, at: day 3 10:00, send: care/one }\n",
	    "" },
	{ "a minute before is", PLAYBOOK,
	    HEAD "steps:\n  - { id: a, at: day 3 10:00, send: care/one }\n"
		 "  - { id: b, at: day 3 09:59, send: care/one }\n",
	    "7:5: error: step \"b\" is due on day 3, but a run comes here on day 3 at "
	    "the "
	    "earliest\n" },
	{ "days after a jump", PLAYBOOK,
	    HEAD
	    "steps:\n  - { id: a, branch: [{ when: customer.visits > 1, goto: c }] }\n"
	    "  - { id: b, at: day 7, send: care/one }\n"
	    "  - { id: c, at: day 3, send: care/one }\n",
	    "" },
	/* ---- policy ---- */
	{ "Y11 typed by the schema", RULES, POLICY "send_time: 09:30\nstop_all: no\n",
	    "5:11: error: \"no\" is neither true nor false\n" },
	{ "Y17 over midnight", RULES,
	    POLICY "quiet: [{ id: night, from: \"21:00\", to: \"09:00\" }]\n", "" },
	{ "Y17 ambiguous", RULES,
	    POLICY "quiet: [{ id: night, from: \"09:00\", to: \"09:00\" }]\n",
	    "4:28: error: from 09:00 to 09:00 could mean nothing or the whole day\n" },
	{ "Y18 under 4 hours", RULES,
	    POLICY "quiet: [{ id: night, from: \"13:59\", to: \"10:00\" }]\n",
	    "4:8: error: the quiet windows leave 3 h 59 min a day for marketing by "
	    "sms\n" },
	{ "Y18 4 hours", RULES,
	    POLICY "quiet: [{ id: night, from: \"14:00\", to: \"10:00\" }]\n", "" },
	{ "Y18 on one weekday", RULES,
	    POLICY "quiet: [{ id: a, from: \"00:00\", to: \"24:00\", days: [sun] }]\n",
	    "4:8: error: the quiet windows leave 0 h 00 min a day for marketing by "
	    "sms\n" },
	{ "window id twice", RULES,
	    POLICY "quiet:\n  - { id: a, from: \"22:00\", to: \"08:00\" }\n"
		   "  - { id: a, from: \"12:00\", to: \"13:00\" }\n",
	    "6:11: error: two windows are called \"a\", the first on line 5\n" },
	{ "Y21 tier cap -1", RULES, "tiers:\n  low: { cap: -1 }\n",
	    "2:15: error: -1 is out of range: 0 to 1000\n" },
	{ "floor above cap", RULES, "tiers:\n  low: { floor: 5, cap: 4 }\n",
	    "2:17: error: the floor of tier \"low\" (5) is above its cap (4)\n" },
	{ "no tiers", RULES, "min_gap: 24h\n", "1:1: error: \"tiers\" is missing\n" },
	{ "keyword overlap", RULES,
	    POLICY "keywords: { opt_out: [退订, ＴＤ], complaint: [投诉, td] }\n",
	    "4:48: error: \"td\" is already a word of opt_out\n" },
	/* ---- configuration ---- */
	{ "Y19 Asia/Beijing", CONFIG, ZONE("Asia/Beijing"),
	    "1:24: error: \"Asia/Beijing\" is not a time zone\n" },
	{ "Y19 GMT+8", CONFIG, ZONE("GMT+8"),
	    "1:24: error: \"GMT+8\" is not a time zone\n" },
	{ "Y19 UTC+8", CONFIG, ZONE("UTC+8"),
	    "1:24: error: \"UTC+8\" is not a time zone\n" },
	{ "Y19 +08:00", CONFIG, ZONE("\"+08:00\""),
	    "1:24: error: \"+08:00\" is not a time zone\n" },
	{ "Y19 8", CONFIG, ZONE("8"), "1:24: error: \"8\" is not a time zone\n" },
	{ "Y19 CST", CONFIG, ZONE("CST"), "1:24: error: \"CST\" is not a time zone\n" },
	{ "Y19 posixrules", CONFIG, ZONE("posixrules"),
	    "1:24: error: \"posixrules\" is not a time zone\n" },
	{ "G1 unknown key", CONFIG, REACHD "stat: var/\n",
	    "4:1: error: unknown key \"stat\"\n" },
	{ "G1 wrong type", CONFIG, REACHD "state: [var/]\n",
	    "4:8: error: one value is expected here, not a list\n" },
	{ "G1 zone missing", CONFIG,
	    "providers: [{ name: demo, type: sandbox, channels: [sms, wecom, email], "
	    "url: \"http://127.0.0.1:8090\", internal: true }]\nentity: { name: x }\n",
	    "2:9: error: \"tz\" is missing\n" },
	{ "G1 no directory of credentials", CONFIG,
	    REACHD "  - { name: g, type: http, channels: [sms], url: "
		   "\"https://sms.example.com\", "
		   "headers: { X-Key: \"{{ credential.gateway }}\" }, body: x }\n",
	    "4:99: warning: credential \"gateway\": there is no directory of "
	    "credentials\n" },
	{ "G2 inline bearer", CONFIG,
	    REACHD "  - { name: g, type: http, channels: [sms], url: "
		   "\"https://sms.example.com\", "
		   "headers: { Authorization: Bearer abcdef }, body: x }\n",
	    "4:103: error: a secret is written into this file\n" },
	{ "G2 inline in a body", CONFIG,
	    REACHD "  - { name: g, type: http, channels: [sms], url: "
		   "\"https://sms.example.com\", "
		   "body: '{\"appKey\":\"abcdef\",\"to\":\"{{ message.to }}\"}' }\n",
	    "4:83: error: a secret is written into this file\n" },
	{ "G2 inline in the address", CONFIG,
	    REACHD "  - { name: g, type: http, channels: [sms], url: "
		   "\"https://sms.example.com/?token=abcdef\", body: x }\n",
	    "4:50: error: a secret is written into this file\n" },
	{ "G2 inline hook", CONFIG,
	    REACHD "  - { name: g, type: http, channels: [sms], url: "
		   "\"https://sms.example.com\", "
		   "hook_secret: abcdef, body: x }\n",
	    "4:90: error: a secret is written into this file\n" },
	{ "G2 a template is no secret", CONFIG,
	    REACHD "  - { name: g, type: http, channels: [sms], url: "
		   "\"https://sms.example.com\", "
		   "headers: { Content-Type: application/json }, "
		   "body: '{\"text\":{{ message.text | json }}}' }\n",
	    "" },
	{ "G7 open to the world", CONFIG, REACHD "listen: { public: 0.0.0.0:8080 }\n",
	    "4:19: error: 0.0.0.0:8080 would carry customers' data in the clear beyond "
	    "this "
	    "machine\n" },
	{ "G7 said to be meant", CONFIG,
	    REACHD
	    "listen: { public: 0.0.0.0:8080, staff: \"[::1]:8081\", insecure: true }\n",
	    "" },
	{ "G11 metadata address", CONFIG,
	    "entity: { name: x, tz: Asia/Shanghai }\n"
	    "providers: [{ name: demo, type: sandbox, channels: [sms, wecom, email], "
	    "url: \"http://169.254.169.254\", internal: true }]\n",
	    "2:78: error: this address is never called: it is link-local or reserved\n" },
	{ "G11 loopback without internal", CONFIG,
	    "entity: { name: x, tz: Asia/Shanghai }\n"
	    "providers: [{ name: demo, type: sandbox, channels: [sms, wecom, email], "
	    "url: \"https://127.0.0.1\" }]\n",
	    "2:78: error: a loopback or private address\n" },
	{ "plain http", CONFIG,
	    "entity: { name: x, tz: Asia/Shanghai }\n"
	    "providers: [{ name: demo, type: sandbox, channels: [sms, wecom, email], "
	    "url: \"http://sms.example.com\" }]\n",
	    "2:78: error: customers' data is not sent over plain http\n" },
	{ "unknown type", CONFIG,
	    "entity: { name: x, tz: Asia/Shanghai }\n"
	    "providers: [{ name: demo, type: sandbx, channels: [sms, wecom, email] }]\n",
	    "2:13: error: no provider is of type \"sandbx\"\n" },
	/* ---- templates ---- */
	{ "T1 unclosed", SMS, TEMPLATE "您好 {{ customer.name\n拒收请回复R\n",
	    "5:4: error: \"{{\" is never closed with \"}}\"\n" },
	{ "Y24 unknown variable", SMS, TEMPLATE "{{ entity.nmae }} 拒收请回复R\n",
	    "5:4: error: a path nobody defines: entity.nmae\n" },
	{ "Y24 no way out", SMS, TEMPLATE "您好\n",
	    "1:1: error: a marketing SMS says how to get no more of them\n" },
	{ "no front matter", SMS, "您好\n",
	    "1:1: error: the front matter between two --- lines is missing\n" },
	{ "channel of another folder", SMS,
	    "---\nchannel: email\ncategory: service\n---\n您好\n",
	    "2:10: error: the channel is email, the folder sms\n" },
	{ "urgent marketing", SMS,
	    "---\ncategory: marketing\nurgent: true\n---\n拒收请回复R\n",
	    "3:1: error: only a transactional message may be urgent\n" },
	{ "unknown partial", "templates/wecom/care/chat.liquid",
	    "---\ncategory: marketing\n---\n您好 {% render 'sing' %}\n",
	    "4:7: error: there is no partial \"sing\"\n" },
	{ "unknown layout", "templates/email/care/mail.liquid",
	    "---\ncategory: service\nsubject: 您好\nlayout: fram\n---\n<p>您好</p>\n",
	    "4:9: error: there is no partial \"fram\"\n" },
};

/* ---- the set on disk ---- */

static char *
path_in(const char *dir, const char *path)
{
	return g_build_filename(dir, path, NULL);
}

static void
put(const char *dir, const char *path, const char *text, size_t len)
{
	char *file = path_in(dir, path), *parent = g_path_get_dirname(file);

	assert_int_equal(g_mkdir_with_parents(parent, 0700), 0);
	assert_true(g_file_set_contents(file, text, (gssize)len, NULL));
	g_free(parent);
	g_free(file);
}

static void
put_sound(const char *dir)
{
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(sound); i++)
		put(dir, sound[i].path, sound[i].text, strlen(sound[i].text));
}

static void
remove_all(const char *path)
{
	GDir *d = g_dir_open(path, 0, NULL);
	const char *name;

	while (d != NULL && (name = g_dir_read_name(d)) != NULL) {
		char *child = path_in(path, name);

		remove_all(child);
		g_free(child);
	}
	if (d != NULL)
		g_dir_close(d);
	g_remove(path);
}

static void
account_check(const struct account *acc, struct report *r)
{
	(void)acc;
	(void)r;
}

static int
setup(void **state)
{
	static const char *const types[] = { "http", "sandbox", NULL };

	unsetenv("CREDENTIALS_DIRECTORY");
	catalog_set_accounts(types, account_check);
	*state = g_dir_make_tmp("reachd-spec-XXXXXX", NULL);
	assert_non_null(*state);
	put_sound(*state);
	return 0;
}

static int
teardown(void **state)
{
	remove_all(*state);
	g_free(*state);
	return 0;
}

/* Everything found in one file; mistakes elsewhere come with their file's name. */
static char *
found(const struct report *r, const char *path)
{
	GString *out = g_string_new(NULL);
	guint i;

	for (i = 0; i < r->diags->len; i++) {
		const struct diag *d = r->diags->pdata[i];

		if (d->at.file == NULL || !g_str_has_suffix(d->at.file, path))
			g_string_append_printf(
			    out, "%s: ", d->at.file == NULL ? "" : d->at.file);
		g_string_append_printf(out, "%d:%d: %s: %s\n", d->at.line, d->at.col,
		    d->severity == SEV_ERROR ? "error" : "warning", d->text);
	}
	return g_string_free(out, FALSE);
}

static struct report *
check(const char *dir)
{
	struct report *r = report_new();
	const char *paths[] = { dir, NULL };

	catalog_check(paths, r);
	return r;
}

static void
assert_found(const char *dir, const char *path, const char *want, const char *name)
{
	struct report *r = check(dir);
	char *got = found(r, path);

	if (strcmp(got, want) != 0)
		fail_msg("%s: got\n%swant\n%s", name, got, want);
	g_free(got);
	report_free(r);
}

static void
one_file_wrong(void **state)
{
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(rows); i++) {
		put_sound(*state);
		put(*state, rows[i].path, rows[i].text, strlen(rows[i].text));
		assert_found(*state, rows[i].path, rows[i].want, rows[i].name);
	}
}

/* ---- what does not fit a row ---- */

static struct catalog *
load(const char *dir, struct report *r)
{
	char *config = path_in(dir, "config");
	const char *paths[] = { config, NULL };
	struct catalog *c = catalog_load(paths, r);

	g_free(config);
	return c;
}

static void
g1_and_g3_credential_files(void **state)
{
	static const char text[] =
	    REACHD "  - { name: g, type: http, channels: [sms], url: "
		   "\"https://sms.example.com\",\n"
		   "      headers: { X-Key: \"{{ credential.gateway }}\" }, body: x,\n"
		   "      hook_secret: { credential: hook } }\ncredentials: secrets\n";
	char *gateway = path_in(*state, "config/secrets/gateway");
	char *hook = path_in(*state, "config/secrets/hook");
	struct report *r = report_new();
	struct catalog *c;
	char *got;

	put(*state, CONFIG, text, strlen(text) - strlen("credentials: secrets\n"));
	assert_null(load(*state, r));
	assert_int_equal(r->errors, 2);
	report_free(r);
	r = report_new();
	put(*state, CONFIG, text, strlen(text));
	put(*state, "config/secrets/gateway", "value-one\n", 10);
	put(*state, "config/secrets/hook", "value-two", 9);
	assert_int_equal(chmod(gateway, 0600), 0);
	assert_int_equal(chmod(hook, 0640), 0);
	c = load(*state, r);
	assert_null(c);
	got = found(r, CONFIG);
	assert_string_equal(
	    got, "4:5: error: credential \"hook\": its file can be read by others\n");
	assert_null(strstr(got, "value"));
	g_free(got);
	report_free(r);

	assert_int_equal(chmod(hook, 0600), 0);
	r = report_new();
	c = load(*state, r);
	assert_non_null(c);
	assert_string_equal(c->config->accounts[1].hook_secret, "value-two");
	assert_int_equal(c->config->n_credentials, 2);
	catalog_unref(c);
	report_free(r);

	g_remove(hook);
	assert_found(*state, CONFIG,
	    "4:5: error: credential \"hook\": No such file or directory\n",
	    "G1 missing file");

	/* systemd's directory goes before ours. */
	put(*state, "elsewhere/hook", "value-three", 11);
	put(*state, "elsewhere/gateway", "value-four", 10);
	g_free(hook);
	hook = path_in(*state, "elsewhere/hook");
	g_free(gateway);
	gateway = path_in(*state, "elsewhere/gateway");
	assert_int_equal(chmod(gateway, 0440), 0);
	assert_int_equal(chmod(hook, 0444), 0);
	g_free(gateway);
	gateway = path_in(*state, "elsewhere");
	setenv("CREDENTIALS_DIRECTORY", gateway, 1);
	assert_found(*state, CONFIG,
	    "4:5: error: credential \"hook\": its file can be read by others\n",
	    "G3 systemd");
	unsetenv("CREDENTIALS_DIRECTORY");
	g_free(gateway);
	g_free(hook);
}

static void
y20_moved_by_summer_time(void **state)
{
	static const char config[] =
	    "entity: { name: x, tz: America/New_York }\n"
	    "providers: [{ name: demo, type: sandbox, channels: [sms, wecom, email], "
	    "url: \"http://127.0.0.1:8090\", internal: true }]\n";
	static const char playbook[] =
	    "playbook: care\ncategory: marketing\nstatus: live\n"
	    "start: { list: tag:vip, at: 2027-03-14 02:30, once: true }\n"
	    "steps: [{ id: one, send: care/one }]\n";

	put(*state, CONFIG, config, strlen(config));
	put(*state, PLAYBOOK, playbook, strlen(playbook));
	assert_found(*state, PLAYBOOK,
	    "4:8: warning: 02:30 does not exist on that day in America/New_York; it "
	    "begins at "
	    "03:00\n",
	    "Y20");
}

static void
y22_channel_no_provider_serves(void **state)
{
	static const char config[] =
	    "entity: { name: x, tz: Asia/Shanghai }\n"
	    "providers: [{ name: demo, type: sandbox, channels: [sms], "
	    "url: \"http://127.0.0.1:8090\", internal: true }]\n";
	static const char draft[] =
	    "playbook: care\ncategory: marketing\nstart: { on: visit }\n"
	    "steps: [{ id: two, send: care/chat }]\n";

	put(*state, CONFIG, config, strlen(config));
	assert_found(*state, PLAYBOOK,
	    "7:34: error: \"care/chat\" goes by wecom, which no provider serves\n"
	    "7:45: error: \"care/mail\" goes by email, which no provider serves\n",
	    "Y22 live");
	put(*state, PLAYBOOK, draft, strlen(draft));
	assert_found(*state, PLAYBOOK,
	    "4:26: warning: \"care/chat\" goes by wecom, which no provider serves\n",
	    "Y22 draft");
}

/* Y24: an SMS of three segments, with and without variables. */
static void
y24_segments(void **state)
{
	GString *text = g_string_new(TEMPLATE);
	int i;

	for (i = 0; i < 130; i++)
		g_string_append(text, "字");
	g_string_append(text, "拒收请回复R\n");
	put(*state, SMS, text->str, text->len);
	assert_found(*state, SMS,
	    "1:1: error: with its signature the text has 144 characters: 3 segments, the "
	    "policy "
	    "allows 2\n",
	    "Y24 constant");
	g_string_insert(text, (gssize)strlen(TEMPLATE), "{{ customer.name }}");
	put(*state, SMS, text->str, text->len);
	assert_found(*state, SMS,
	    "1:1: warning: with its signature the text has 144 characters: 3 segments, "
	    "the policy "
	    "allows 2\n",
	    "Y24 variable");
	g_string_free(text, TRUE);
}

static void
t7_filters_nested_too_deeply(void **state)
{
	GString *text = g_string_new(TEMPLATE "{{ customer.name");
	struct report *r;
	int i;

	for (i = 0; i < 1000; i++)
		g_string_append(text, " | upcase");
	g_string_append(text, " }} 拒收请回复R\n");
	put(*state, SMS, text->str, text->len);
	r = check(*state);
	assert_int_equal(r->errors, 1);
	assert_non_null(strstr(((struct diag *)r->diags->pdata[0])->text, "8"));
	report_free(r);
	g_string_free(text, TRUE);
}

/* The words an account prescribes, byte for byte at the end. */
static void
way_out_of_the_provider(void **state)
{
	static const char config[] =
	    "entity: { name: x, tz: Asia/Shanghai }\n"
	    "providers: [{ name: demo, type: sandbox, channels: [sms, wecom, email], "
	    "url: \"http://127.0.0.1:8090\", internal: true, optout_suffix: 退订回T }]\n";

	put(*state, CONFIG, config, strlen(config));
	assert_found(*state, SMS,
	    "1:1: error: a marketing SMS by \"demo\" ends with the words its provider "
	    "prescribes\n",
	    "suffix");
}

static void
plans_that_cannot_work(void **state)
{
	static const char many[] =
	    HEAD "steps:\n  - { id: a, at: day 1, send: care/one }\n"
		 "  - { id: b, at: day 5 12:00, send: care/one }\n"
		 "  - { id: c, at: day 9, send: care/one }\n"
		 "  - { id: d, at: day 13, send: care/one }\n";
	static const char branched[] = HEAD
	    "steps:\n  - { id: a, at: day 1, send: care/one }\n"
	    "  - { id: skip, branch: [{ when: customer.tier == \"low\", goto: c }] }\n"
	    "  - { id: b, at: day 5, send: care/one }\n"
	    "  - { id: c, at: day 9, send: care/one }\n"
	    "  - { id: d, at: day 13, send: care/one }\n";
	static const char spread[] =
	    HEAD "steps:\n  - { id: a, at: day 1, send: care/one }\n"
		 "  - { id: b, at: day 31, send: care/one }\n"
		 "  - { id: c, at: day 61, send: care/one }\n"
		 "  - { id: d, at: day 91, send: care/one }\n";

	static const struct {
		const char *name, *start, *last;
		bool warned;
	} plans[] = {
		{ "any tier", "on: visit", "30", true },
		{ "the 31st day is in another window", "on: visit", "31", false },
		{ "without low", "when: customer.tier != \"low\"", "30", false },
		{ "only low", "when: customer.tier == \"low\"", "30", true },
		{ "only high", "when: { all: [customer.tier == \"high\"] }", "30",
		    false },
		{ "low or high",
		    "when: { any: [customer.tier == \"high\", customer.tier == \"low\"] "
		    "}",
		    "30", true },
		{ "not low", "when: { none: [customer.tier == \"low\"] }", "30", false },
		{ "whoever", "when: customer.visits == 3", "30", true },
		{ "high and more",
		    "when: customer.tier == \"high\" and customer.visits > 1", "30",
		    false },
	};
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(plans); i++) {
		char *text =
		    g_strdup_printf("playbook: care\ncategory: marketing\nstatus: "
				    "live\nstart: { %s }\nsteps:\n"
				    "  - { id: a, at: day 1, send: care/one }\n"
				    "  - { id: b, at: day 2, send: care/one }\n"
				    "  - { id: c, at: day 3, send: care/one }\n"
				    "  - { id: d, at: day %s, send: care/one }\n",
			plans[i].start, plans[i].last);

		put(*state, PLAYBOOK, text, strlen(text));
		assert_found(*state, PLAYBOOK,
		    plans[i].warned ? "6:3: warning: 4 marketing messages within 30 "
				      "days, tier \"low\" "
				      "gets 3 a month\n"
				    : "",
		    plans[i].name);
		g_free(text);
	}
	put(*state, PLAYBOOK, many, strlen(many));
	assert_found(*state, PLAYBOOK,
	    "7:5: warning: step \"b\" is due at 12:00, always in or right before quiet "
	    "window "
	    "\"lunch\" for sms\n"
	    "6:3: warning: 4 marketing messages within 30 days, tier \"low\" gets 3 a "
	    "month\n",
	    "quiet and cap");
	put(*state, PLAYBOOK, branched, strlen(branched));
	assert_found(*state, PLAYBOOK, "", "branch round a step");
	put(*state, PLAYBOOK, spread, strlen(spread));
	assert_found(*state, PLAYBOOK, "", "spread over months");
}

static void
lists_of_customers(void **state)
{
	static const char playbook[] = "playbook: care\ncategory: marketing\nstatus: "
				       "live\nstart: { list: vips.csv }\n"
				       "steps: [{ id: one, send: care/one }]\n";
	const struct playbook *p;
	struct report *r = report_new();
	struct catalog *c;

	put(*state, PLAYBOOK, playbook, strlen(playbook));
	assert_null(load(*state, r));
	report_free(r);

	put(*state, "config/playbooks/vips.csv", "name,id\nx,C2\ny,C1\nz,C2\n", 23);
	r = report_new();
	c = load(*state, r);
	assert_non_null(c);
	p = catalog_playbook(c, "care")->playbook;
	assert_string_equal(p->start.list[0], "C1");
	assert_string_equal(p->start.list[1], "C2");
	assert_null(p->start.list[2]);
	catalog_unref(c);
	report_free(r);

	put(*state, "config/playbooks/vips.csv", "C9\nC8\n", 6);
	r = report_new();
	c = load(*state, r);
	assert_non_null(c);
	p = catalog_playbook(c, "care")->playbook;
	assert_string_equal(p->start.list[0], "C8");
	assert_string_equal(p->start.list[1], "C9");
	catalog_unref(c);
	report_free(r);
}

/* ---- the catalog ---- */

static void
defaults_that_no_file_states(void **state)
{
	struct report *r = report_new();
	struct catalog *c = load(*state, r);
	const struct playbook *p;

	assert_non_null(c);
	assert_int_equal(c->policy->n_quiet, 3);
	assert_int_equal(c->policy->quiet[0].from, 22 * 60);
	assert_int_equal(c->policy->quiet[0].to, 8 * 60);
	assert_int_equal(c->policy->n_limits, 1);
	assert_int_equal(c->policy->limits[0].max, 3);
	assert_true(c->policy->min_gap == MS_DAY);
	assert_int_equal(c->policy->send_time, 600);
	assert_int_equal(c->policy->service_per_day, 1);
	assert_int_equal(c->policy->service_per_month, 6);
	assert_int_equal(c->policy->max_segments, 2);
	assert_true(c->policy->lookahead == 7 * MS_DAY);
	assert_string_equal(c->policy->default_tier->name, "low");
	assert_string_equal(c->policy->keywords[KEYWORD_OPT_OUT][0], "退订");
	p = catalog_playbook(c, "care")->playbook;
	assert_int_equal(p->priority, 50);
	assert_int_equal(p->cap, -1);
	assert_true(p->re_entry == MS_NEVER);
	assert_true(p->steps[0].expires == MS_DAY);
	assert_int_equal(p->steps[0].timing.minute, -1);
	assert_int_equal(p->steps[1].n_sends, 2);
	assert_string_equal(p->steps[1].templates[1]->layout, "frame");
	assert_null(catalog_playbook(c, "none"));
	catalog_unref(c);
	report_free(r);
}

static void
version_is_its_content(void **state)
{
	struct report *r = report_new();
	struct catalog *c = load(*state, r), *other;
	const struct version *v = catalog_playbook(c, "care"), *w;
	char *dir = g_dir_make_tmp("reachd-spec-XXXXXX", NULL);
	struct err e = { .kind = ERR_NONE };
	struct version *again;

	again = version_load(v->bundle, v->bundle_len, &e);
	assert_non_null(again);
	assert_string_equal(again->hash, v->hash);
	assert_int_equal(strlen(v->hash), 64);
	assert_string_equal(again->bundle, v->bundle);
	assert_int_equal(again->playbook->n_steps, 2);
	assert_string_equal(again->playbook->steps[1].templates[0]->name, "care/chat");
	assert_int_equal(again->playbook->at.line, 1);
	assert_non_null(g_hash_table_lookup(again->partials, "sign"));
	assert_non_null(g_hash_table_lookup(again->partials, "frame"));
	version_free(again);

	/* Elsewhere it is the same, with one other character it is not. */
	put_sound(dir);
	other = load(dir, r);
	assert_string_equal(catalog_playbook(other, "care")->hash, v->hash);
	catalog_unref(other);
	put(dir, "templates/partials/sign.liquid", "{{ entity.name }}!\n", 19);
	other = load(dir, r);
	w = catalog_playbook(other, "care");
	assert_string_not_equal(w->hash, v->hash);
	catalog_unref(other);

	assert_null(version_load("{}", 2, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_null(version_load("[", 1, &e));
	remove_all(dir);
	g_free(dir);
	catalog_unref(c);
	report_free(r);
}

/* Y29: the set on disk breaks; what was loaded stays whole. */
static void
y29_file_gone_or_cut(void **state)
{
	struct report *r = report_new();
	struct catalog *c = load(*state, r);
	char *template = path_in(*state, SMS);
	/* Cut right behind a whole step, nothing shows that there was another. */
	size_t cut,
	    whole = (size_t)(strstr(sound[2].text, " }\n  - { id: two") - sound[2].text);

	assert_non_null(c);
	g_remove(template);
	assert_null(load(*state, r));
	assert_true(r->errors > 0);
	report_free(r);
	for (cut = 0; cut <= whole; cut++) {
		put_sound(*state);
		put(*state, PLAYBOOK, sound[2].text, cut);
		r = report_new();
		if (load(*state, r) != NULL)
			fail_msg("cut to %zu bytes it was accepted", cut);
		assert_true(r->errors > 0);
		report_free(r);
	}
	assert_string_equal(catalog_ref(c)->config->entity.name, "示例汽车服务");
	catalog_unref(c);
	assert_string_equal(catalog_playbook(c, "care")->playbook->name, "care");
	catalog_unref(c);
	g_free(template);
}

static void
one_name_twice(void **state)
{
	static const char playbook[] = HEAD "steps: [{ id: a, stop: true }]\n";
	static const char service[] = "---\ncategory: service\n---\n您好\n";
	struct report *r;

	put(*state, "config/playbooks/other.yaml", playbook, strlen(playbook));
	put(*state, "templates/wecom/care/one.liquid", service, strlen(service));
	put(*state, "config/elsewhere.yaml", POLICY, strlen(POLICY));
	r = check(*state);
	assert_int_equal(r->errors, 3);
	report_free(r);
}

static void
mistakes_of_all_files_at_once(void **state)
{
	struct report *r;

	put(*state, CONFIG, "entity: { name: x }\n", 20);
	put(*state, RULES, "tiers: { low: { cap: -1 } }\n", 28);
	put(*state, SMS, TEMPLATE "{{ x", strlen(TEMPLATE) + 4);
	r = check(*state);
	assert_true(r->errors >= 3);
	report_free(r);
}

/* ---- text in, text out: tests/golden/check/NAME against NAME.out ---- */

static void
golden(void **state)
{
	static const char dir[] = "tests/golden/check";
	GDir *d = g_dir_open(dir, 0, NULL);
	const char *name;
	int n = 0;

	(void)state;
	assert_non_null(d);
	while ((name = g_dir_read_name(d)) != NULL) {
		char *path = path_in(dir, name), *out = g_strconcat(path, ".out", NULL);
		char *want = NULL, *got = NULL;
		struct report *r;
		size_t len;
		FILE *f;

		if (!g_str_has_suffix(name, ".out")) {
			f = open_memstream(&got, &len);
			r = check(path);
			report_print(r, f);
			fclose(f);
			report_free(r);
			if (getenv("GOLDEN_WRITE") != NULL)
				g_file_set_contents(out, got, (gssize)len, NULL);
			g_file_get_contents(out, &want, NULL, NULL);
			if (g_strcmp0(want, got) != 0)
				fail_msg("%s prints\n%sinstead of\n%s", path, got, want);
			n++;
		}
		free(got);
		g_free(want);
		g_free(out);
		g_free(path);
	}
	g_dir_close(d);
	assert_true(n >= 40);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_file_wrong),
		TEST(g1_and_g3_credential_files),
		TEST(y20_moved_by_summer_time),
		TEST(y22_channel_no_provider_serves),
		TEST(y24_segments),
		TEST(t7_filters_nested_too_deeply),
		TEST(way_out_of_the_provider),
		TEST(plans_that_cannot_work),
		TEST(lists_of_customers),
		TEST(defaults_that_no_file_states),
		TEST(version_is_its_content),
		TEST(y29_file_gone_or_cut),
		TEST(one_name_twice),
		TEST(mistakes_of_all_files_at_once),
		TEST(golden),
	};

	return cmocka_run_group_tests_name("spec", tests, NULL, NULL);
}
