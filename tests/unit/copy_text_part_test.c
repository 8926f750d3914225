/* copy_text_part_test.c - d08: what a mail's own text part says is held against the same lists
 * as its body, and told at its place however YAML writes it. */
#include "spec_set.h"

#define COPY "config/copy.yaml"
#define MAIL "templates/email/care/mail.liquid"
#define LEVELS                                                                  \
	"copy:\n  - { id: impersonal, level: off }\n"                           \
	"  - { id: unsigned, level: off }\n  - { id: no-number, level: off }\n" \
	"  - { id: alike, level: off }\n"                                       \
	"  - { id: hype, words: [超值], why: 夸张 }\n"
#define HEADED(text)                                                          \
	"---\ncategory: marketing\nsubject: 广告：您好\nlayout: frame\n" text \
	"---\n<p>您好</p>\n"
#define CLAIM ": a claim that advertising may not make (广告法)\n"
#define DAY ": it may go a day later than planned, and then this is not true\n"

static void
write_file(const char *dir, const char *path, const char *text)
{
	put(dir, path, text, strlen(text));
}

static const struct row {
	const char *name, *text, *want;
} rows[] = {
	{ "nothing of the kind", HEADED("text: 您好，{{ entity.name }}\n"), "" },
	{ "a word of the house", HEADED("text: 您好，超值\n"),
	    "5:10: warning: \"超值\": 夸张\n" },
	{ "a claim", HEADED("text: 我们全城最便宜\n"), "5:11: error: \"最便\"" CLAIM },
	{ "a rank, in a block", HEADED("text: |\n  您好\n\n  我们销量第一\n"),
	    "8:7: error: \"第一\"" CLAIM },
	{ "behind lines that are indented",
	    HEADED("text: |\n  您好\n      我们\n  超值\n"),
	    "8:3: warning: \"超值\": 夸张\n" },
	{ "in a folded block", HEADED("text: >\n  您好\n  我们\n  超值\n"),
	    "8:3: warning: \"超值\": 夸张\n" },
	{ "on the next line of a plain one", HEADED("text: 您好\n  我们超值\n"),
	    "6:5: warning: \"超值\": 夸张\n" },
	{ "in single quotes", HEADED("text: '您''好，超值'\n"),
	    "5:13: warning: \"超值\": 夸张\n" },
	{ "in double quotes", HEADED("text: \"您\\\"好\\n超值\"\n"),
	    "5:14: warning: \"超值\": 夸张\n" },
	{ "written by its number", HEADED("text: \"您\\u8d85\\u503c\"\n"),
	    "5:9: warning: \"超值\": 夸张\n" },
	{ "a day that is counted", HEADED("text: 券还有3天到期\n"),
	    "5:8: warning: \"还有3天\"" DAY },
	{ "a day", HEADED("text: 明天见\n"), "5:7: warning: \"明天\"" DAY },
	{ "a subject in a block",
	    "---\ncategory: marketing\nsubject: >\n  广告：您好\n  超值\nlayout: frame\n"
	    "---\n<p>您好</p>\n",
	    "5:3: warning: \"超值\": 夸张\n" },
	{ "it shouts", HEADED("text: 您好！！\n"), "5:7: error: the text shouts\n" },
	{ "excused", HEADED("allow: { hype: 这是奖项的名字 }\ntext: 超值\n"), "" },
	{ "a service's list", HEADED("text: 您的积分\n"),
	    "5:9: error: \"积分\" is not taken by \"demo\" (sandbox): 不收\n" },
	{ "a link to nobody of the house",
	    HEADED("text: |\n  您好\n  看 evil.example.com/x\n"),
	    "7:5: error: links may not lead to evil.example.com\n" },
	{ "a link with its scheme", HEADED("text: 看 https://evil.example.com/x\n"),
	    "5:9: error: links may not lead to evil.example.com\n" },
	{ "a link in the subject",
	    "---\ncategory: marketing\nsubject: 广告：evil.example.com\nlayout: frame\n"
	    "---\n<p>您好</p>\n",
	    "3:13: error: links may not lead to evil.example.com\n" },
	{ "a link put together",
	    HEADED("text: 看 https://www.{{ \"evil\" }}.example.com/x\n"),
	    "5:7: error: a link that this text puts together leads to "
	    "www.evil.example.com\n" },
};

static void
text_parts_are_judged(void **state)
{
	write_file(*state, COPY, LEVELS);
	write_file(*state, CONFIG,
	    "entity: { name: 示例汽车服务, tz: Asia/Shanghai, link_hosts: "
	    "[www.example.com] }\n"
	    "providers:\n  - { name: demo, type: sandbox, channels: [sms, wecom, email], "
	    "url: "
	    "\"http://127.0.0.1:8090\", internal: true }\n");
	write_file(*state, "config/lexicon.yaml",
	    "lexicon: [{ id: demo-words, words: [积分], why: 不收, source: x, channels: "
	    "[email], providers: "
	    "[sandbox] }]\n");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		write_file(*state, MAIL, rows[i].text);
		assert_found(*state, MAIL, rows[i].want, rows[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { TEST(text_parts_are_judged) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
