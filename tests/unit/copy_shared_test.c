/* copy_shared_test.c - d08: what texts take from partials is held against the rules of those
 * texts: told at its place in the partial, once, with the texts that say it. */
#include "spec_set.h"

#define COPY "config/copy.yaml"
#define PART "templates/partials/part.liquid"
#define DEEP "templates/partials/deep.liquid"
#define LEVELS                                                                  \
	"copy:\n  - { id: impersonal, level: off }\n"                           \
	"  - { id: unsigned, level: off }\n  - { id: no-number, level: off }\n" \
	"  - { id: alike, level: off }\n"                                       \
	"  - { id: hype, words: [超值], why: 夸张, categories: [marketing] }\n"
#define SAID "{% render 'part' %}拒收请回复R\n"
#define DAY ": it may go a day later than planned, and then this is not true\n"
#define COUNTED(line, col, what) \
	#line ":" #col ": warning: \"" what "\" (used by \"care/one\")" DAY
#define CLAIM ": a claim that advertising may not make (广告法)\n"

static void
write_file(const char *dir, const char *path, const char *text)
{
	put(dir, path, text, strlen(text));
}

struct row {
	const char *name, *text, *part, *want;
};

/* What is found in the partial; a file elsewhere comes without its directory. */
static void
judge(const char *dir, const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct report *r;
		char *got, *bare;

		write_file(dir, SMS, rows[i].text);
		write_file(dir, PART, rows[i].part);
		r = check(dir);
		got = found(r, PART);
		bare = strstr(got, "templates/");
		if (strcmp(bare == NULL ? got : bare, rows[i].want) != 0)
			fail_msg("%s: got\n%swant\n%s", rows[i].name, got, rows[i].want);
		g_free(got);
		report_free(r);
	}
}

static void
partials_are_judged(void **state)
{
	static const struct row rows[] = {
		{ "a word of the house", TEMPLATE SAID, "好\n超值",
		    "2:1: warning: \"超值\" (used by \"care/one\"): 夸张\n" },
		{ "a claim", TEMPLATE SAID, "我们全市最便宜",
		    "1:5: error: \"最便\" (used by \"care/one\")" CLAIM },
		{ "a rank", TEMPLATE SAID, "销量第一",
		    "1:3: error: \"第一\" (used by \"care/one\")" CLAIM },
		{ "a day", TEMPLATE SAID, "明天见",
		    "1:1: warning: \"明天\" (used by \"care/one\")" DAY },
		{ "a day that is counted", TEMPLATE SAID, "还有3天",
		    "1:1: warning: \"还有3天\" (used by \"care/one\")" DAY },
		{ "a link", TEMPLATE SAID, "看 http://www.example.com/x",
		    "1:3: error: a link begins with https:// (used by \"care/one\")\n" },
		{ "a host from a field", TEMPLATE SAID, "https://{{ customer.host }}/x",
		    "1:9: error: the host of a link cannot come from a field (used by "
		    "\"care/one\")\n" },
		{ "of marketing only", "---\ncategory: service\n---\n" SAID,
		    "超值，最便宜", "" },
		{ "the text is excused",
		    "---\ncategory: marketing\nallow: { hype: 这是奖项的名字 "
		    "}\n---\n" SAID,
		    "超值", "" },
		{ "nobody uses it", TEMPLATE "好。拒收请回复R\n", "超值，明天见", "" },
		{ "a partial of a partial", TEMPLATE SAID, "{% render 'deep' %}",
		    "templates/partials/deep.liquid: 1:1: warning: \"超值\" (used by "
		    "\"care/one\"): 夸张\n" },
		{ "one that uses itself", TEMPLATE SAID, "超值{% render 'part' %}",
		    "1:1: warning: \"超值\" (used by \"care/one\"): 夸张\n" },
	};

	write_file(*state, COPY, LEVELS);
	write_file(*state, DEEP, "超值");
	judge(*state, rows, G_N_ELEMENTS(rows));
}

/* A number that is handed to a partial is judged as if it stood in the text. */
static void
what_is_handed(void **state)
{
#define OUT "拒收请回复R\n"
	static const struct row rows[] = {
		{ "a number", TEMPLATE "{% render 'part', days: 3 %}" OUT, "还有{{ days }}天",
		    COUNTED(1, 1, "还有{{ days }}天") },
		{ "a word", TEMPLATE "{% render 'part', days: '三' %}" OUT,
		    "好\n还有{{ days }}天", COUNTED(2, 1, "还有{{ days }}天") },
		{ "by with", TEMPLATE "{% render 'part' with 3 as days %}" OUT,
		    "还有{{ days }}天", COUNTED(1, 1, "还有{{ days }}天") },
		{ "by for", TEMPLATE "{% render 'part' for (1..3) as days %}" OUT,
		    "还有{{ days }}天", COUNTED(1, 1, "还有{{ days }}天") },
		{ "under the partial's own name", TEMPLATE "{% render 'part' with 3 %}" OUT,
		    "还有{{ part }}天", COUNTED(1, 1, "还有{{ part }}天") },
		{ "a field", TEMPLATE "{% render 'part', days: customer.left %}" OUT,
		    "还有{{ days }}天", COUNTED(1, 1, "还有{{ days }}天") },
		{ "assigned before",
		    TEMPLATE "{% assign n = 3 %}{% render 'part', days: n %}" OUT,
		    "还有{{ days }}天", COUNTED(1, 1, "还有{{ days }}天") },
		{ "assigned in the partial", TEMPLATE "{% render 'part', days: 3 %}" OUT,
		    "{% assign n = days | plus: 1 %}还有{{ n }}天",
		    COUNTED(1, 32, "还有{{ n }}天") },
		{ "handed on", TEMPLATE "{% render 'part', days: 3 %}" OUT,
		    "{% render 'deep', n: days %}",
		    "templates/partials/deep.liquid: " COUNTED(1, 1, "还有{{ n }}天") },
		{ "beside one that stands there", TEMPLATE "{% render 'part', days: 3 %}" OUT,
		    "还有2天，还有{{ days }}天",
		    COUNTED(1, 1, "还有2天") COUNTED(1, 6, "还有{{ days }}天") },
		{ "nothing, with a number to fall back on", TEMPLATE "{% render 'part' %}" OUT,
		    "还有{{ days | default: 7 }}天",
		    COUNTED(1, 1, "还有{{ days | default: 7 }}天") },

		{ "another one's number", TEMPLATE "{% render 'part', km: 3, days: signals.days_overdue %}" OUT,
		    "{{ km }}公里，还有{{ days }}天", "" },
		{ "a signal", TEMPLATE "{% render 'part', days: signals.days_overdue %}" OUT,
		    "还有{{ days }}天", "" },
		{ "worked out", TEMPLATE
		    "{% assign n = signals.days_overdue | plus: 1 %}{% render 'part', days: n %}" OUT,
		    "还有{{ days }}天", "" },
		{ "roughly", TEMPLATE "{% render 'part', days: 3 %}" OUT,
		    "大约还有{{ days }}天", "" },
		{ "not of days", TEMPLATE "{% render 'part', days: 3 %}" OUT,
		    "还有{{ days }}个位子", "" },
		{ "nobody hands it to that one", TEMPLATE
		    "{% render 'deep', n: signals.days_overdue %}{% render 'part', n: 3 %}" OUT,
		    "{{ n }}", "" },
	};

	write_file(*state, COPY, LEVELS);
	write_file(*state, DEEP, "还有{{ n }}天");
	judge(*state, rows, G_N_ELEMENTS(rows));
}

/* Only the texts that hand a number are named. */
static void
who_hands_it(void **state)
{
	write_file(*state, COPY, LEVELS);
	write_file(*state, PART, "还有{{ days }}天");
	write_file(*state, SMS, TEMPLATE "{% render 'part', days: 3 %}" OUT);
	write_file(*state, "templates/wecom/care/chat.liquid",
	    "---\ncategory: marketing\n---\n{% render 'part', days: signals.days_overdue %}\n");
	assert_found(*state, PART, COUNTED(1, 1, "还有{{ days }}天"), "one of two");
	write_file(*state, "templates/wecom/care/chat.liquid",
	    "---\ncategory: marketing\n---\n{% render 'part', days: 2 %}\n");
	assert_found(*state, PART,
	    "1:1: warning: \"还有{{ days }}天\" (used by \"care/chat\" and 1 other)" DAY, "both");
}

/* Used three times by one text and by two others: one line. */
static void
told_once(void **state)
{
	write_file(*state, COPY, LEVELS);
	write_file(*state, PART, "超值");
	write_file(*state, SMS, TEMPLATE "{% render 'part' %}{% render 'part' %}" SAID);
	write_file(*state, "templates/wecom/care/chat.liquid",
	    "---\ncategory: marketing\n---\n" SAID);
	assert_found(*state, PART,
	    "1:1: warning: \"超值\" (used by \"care/chat\" and 1 other): 夸张\n",
	    "two texts");
	write_file(*state, "templates/email/care/mail.liquid",
	    "---\ncategory: marketing\nsubject: 广告：您好\nlayout: frame\n---\n<p>{% "
	    "render 'part' "
	    "%}</p>\n");
	assert_found(*state, PART,
	    "1:1: warning: \"超值\" (used by \"care/chat\" and 2 others): 夸张\n",
	    "three texts");
}

static void
a_layout_is_said_by_its_mails(void **state)
{
	write_file(*state, COPY, LEVELS);
	write_file(*state, "templates/email/care/mail.liquid",
	    "---\ncategory: marketing\nsubject: \"广告：您好\"\nlayout: "
	    "part\n---\n<p>{{ entity.name }} 010-00000000</p>\n");
	write_file(*state, PART,
	    "{{ content }}明天见<a href=\"{{ message.unsubscribe }}\">退订</a>");
	assert_found(*state, PART, "1:14: warning: \"明天\" (used by \"care/mail\")" DAY,
	    "a layout");
}

static void
a_subject_has_its_place(void **state)
{
	write_file(*state, COPY, LEVELS);
	write_file(*state, "templates/email/care/mail.liquid",
	    "---\ncategory: marketing\nsubject: \"广告：超值\"\nlayout: "
	    "frame\n---\n<p>{{ entity.name }} 010-00000000</p>\n");
	assert_found(*state, "templates/email/care/mail.liquid",
	    "3:14: warning: \"超值\": 夸张\n", "a subject");
}

/* A service's own list. */
static void
what_a_service_does_not_take(void **state)
{
	write_file(*state, COPY, LEVELS);
	write_file(*state, "config/lexicon.yaml",
	    "lexicon: [{ id: demo-words, words: [积分], why: 不收, source: x, providers: "
	    "[sandbox] }]\n");
	write_file(*state, SMS, TEMPLATE SAID);
	write_file(*state, PART, "您的积分");
	assert_found(*state, PART,
	    "1:3: error: \"积分\" (used by \"care/one\") is not taken by \"demo\" "
	    "(sandbox): 不收\n",
	    "a service's words");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(partials_are_judged),
		TEST(what_is_handed),
		TEST(who_hands_it),
		TEST(told_once),
		TEST(a_layout_is_said_by_its_mails),
		TEST(a_subject_has_its_place),
		TEST(what_a_service_does_not_take),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
