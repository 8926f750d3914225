/* spec_test.c - what people write, checked as a set: rows by their numbers.
 *
 * Each row replaces one file of a small sound set and tells the exact mistakes. */
#include "spec_set.h"

#define MAIL                                                     \
	"---\ncategory: marketing\nsubject: 广告：您好\n---\n" \
	"<p>您好</p><a href=\"{{ message.unsubscribe }}\">退订</a>"

struct row {
	const char *name, *path, *text;
	const char *want; /* "line:col: error|warning: text", one a line */
};

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
	{ "expect without a goal", PLAYBOOK,
	    HEAD "expect: { goal: 20% }\nsteps:\n  - { id: a, stop: true }\n",
	    "5:9: error: nothing can be expected of a playbook without a goal\n" },
	{ "expect says what", PLAYBOOK,
	    HEAD "goal: { on: visit }\nexpect: { by: 10d }\nsteps:\n  - { id: a, stop: true "
		 "}\n",
	    "6:9: error: \"goal\" is missing\n" },
	{ "expect later than the goal counts", PLAYBOOK,
	    HEAD "goal: { on: visit }\nexpect: { goal: 20%, by: 60d }\n"
		 "steps:\n  - { id: a, stop: true }\n",
	    "6:9: error: the goal counts for a shorter time than expect: by\n" },
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
	    HEAD "shadow: true\nsteps:\n  - { id: a, task: care/one }\n",
	    "5:1: error: \"shadow\" is not in this version\n"
	    "7:14: error: \"task\" is not in this version\n" },
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
	    "4:9: error: the quiet windows leave 3 h 59 min a day for marketing by "
	    "sms\n" },
	{ "Y18 4 hours", RULES,
	    POLICY "quiet: [{ id: night, from: \"14:00\", to: \"10:00\" }]\n", "" },
	{ "Y18 on one weekday", RULES,
	    POLICY "quiet: [{ id: a, from: \"00:00\", to: \"24:00\", days: [sun] }]\n",
	    "4:9: error: the quiet windows leave 0 h 00 min a day for marketing by "
	    "sms\n" },
	{ "case T5 no minute of the week is open", RULES,
	    POLICY "quiet:\n"
		   "  - { id: a, from: \"00:00\", to: \"12:00\", channels: [phone] }\n"
		   "  - { id: b, from: \"12:00\", to: \"24:00\", channels: [phone] }\n",
	    "5:5: error: the quiet windows leave 0 h 00 min a day for marketing by "
	    "phone\n" },
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
	{ "template T1 unclosed", SMS, TEMPLATE "您好 {{ customer.name\n拒收请回复R\n",
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
	{ "B-ML1 no 广告", "templates/email/care/mail.liquid",
	    "---\ncategory: marketing\nsubject: 您好\nlayout: frame\n---\n<p>您好</p>\n",
	    "3:10: error: to people in China the subject of a marketing mail begins with "
	    "广告 or AD\n" },
	{ "B-AD2 a mail without a way out", "templates/email/care/mail.liquid",
	    "---\ncategory: marketing\nsubject: 广告：您好\n---\n"
	    "<p>{{ entity.name }}，地址：示例路1号</p>\n",
	    "1:1: error: a marketing mail says how to get no more of them\n" },
	{ "B-AD2 in the mail itself", "templates/email/care/mail.liquid",
	    MAIL "示例汽车服务，电话 010-0000 0000\n", "" },
	{ "B-AD2 nobody's mail", "templates/email/care/mail.liquid", MAIL "\n",
	    "1:1: warning: a marketing mail says who writes\n"
	    "1:1: warning: a marketing mail says how to reach who writes: a telephone number "
	    "or an address\n" },
	{ "B-AD2 a number that nobody has written", "templates/email/care/mail.liquid",
	    MAIL "{{ entity.name }} {{ entity.phone | default: \"-\" }}\n",
	    "1:1: warning: a marketing mail says how to reach who writes: a telephone number "
	    "or an address\n" },
	{ "B-AD2 of no concern to what serves", "templates/email/care/mail.liquid",
	    "---\ncategory: service\nsubject: 您好\n---\n<p>您好</p>\n", "" },
	{ "B-ML1 in a country of its own", "templates/email/care/mail.liquid",
	    "---\ncategory: service\nsubject: 您好\nlayout: frame\n---\n<p>您好</p>\n", "" },
	{ "unknown layout", "templates/email/care/mail.liquid",
	    "---\ncategory: service\nsubject: 您好\nlayout: fram\n---\n<p>您好</p>\n",
	    "4:9: error: there is no partial \"fram\"\n" },
};

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_file_wrong),
	};

	return cmocka_run_group_tests_name("spec", tests, NULL, NULL);
}
