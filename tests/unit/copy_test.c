/* copy_test.c - d08: rules of copy, found at their place; excuses; touches that say the same. */
#include "spec_set.h"

#include "../../src/spec/copy_rule.h"

#define COPY "config/copy.yaml"
#define WORDS                                                                                     \
	"copy:\n"                                                                                 \
	"  - { id: blame, level: error, words: [您怎么], allow: [无论您怎么], why: 责备 }\n"      \
	"  - { id: hype, words: [超值], why: 夸张, categories: [marketing] }\n"                   \
	"  - { id: gone, level: off, words: [您好], why: 无 }\n"                                  \
	"  - { id: no-number, level: off }\n"
#define SIGN "{{ customer.name }}好，我是{{ customer.advisor }}。"
#define OUT "拒收请回复R\n"

static void
write_file(const char *dir, const char *path, const char *text)
{
	put(dir, path, text, strlen(text));
}

/* Only the SMS is looked at: the others of the sound set are service texts here. */
static void
only_sms(const char *dir)
{
	static const char chat[] = "---\ncategory: transactional\n---\n您好 {% render 'sign' %}\n";
	static const char mail[] =
	    "---\ncategory: transactional\nsubject: 您好\nlayout: frame\n---\n<p>您好</p>\n";

	write_file(dir, "templates/wecom/care/chat.liquid", chat);
	write_file(dir, "templates/email/care/mail.liquid", mail);
}

static void
d08_texts(void **state)
{
	static const struct {
		const char *name, *text, *want;
	} rows[] = {
		{ "8.1 blame, at its place", TEMPLATE SIGN "一年了\n您怎么没来" OUT,
		    "6:1: error: \"您怎么\": 责备\n" },
		{ "8.1 every place", TEMPLATE SIGN "您怎么，您怎么" OUT,
		    "5:47: error: \"您怎么\": 责备\n5:51: error: \"您怎么\": 责备\n" },
		{ "8.1 a phrase that is fine", TEMPLATE SIGN "无论您怎么安排都行" OUT, "" },
		{ "8.8 a warning by default", TEMPLATE SIGN "超值" OUT,
		    "5:47: warning: \"超值\": 夸张\n" },
		{ "8.8 only of marketing", "---\ncategory: service\n---\n" SIGN "超值" OUT, "" },
		{ "a rule that is off", TEMPLATE SIGN "您好" OUT, "" },
		{ "8.8 nobody's name", TEMPLATE "好，我是{{ customer.advisor }}。" OUT,
		    "5:1: error: the text speaks to nobody by name\n" },
		{ "3.5 nobody signs", TEMPLATE "{{ customer.name }}好。" OUT,
		    "5:1: warning: nobody signs the text\n" },
		{ "8.8 shouting", TEMPLATE SIGN "来吧！！" OUT, "5:1: error: the text shouts\n" },
		{ "8.8 marks too many", TEMPLATE SIGN "好！来！吧！" OUT,
		    "5:1: error: the text shouts\n" },
		{ "one mark is no shout", TEMPLATE SIGN "来吧！" OUT, "" },
		{ "8.8 a benefit without its end", TEMPLATE SIGN "保养八折。" OUT,
		    "5:1: warning: a benefit is named without its deadline\n" },
		{ "8.8 a benefit with its end", TEMPLATE SIGN "30天内保养八折。" OUT, "" },
		{ "8.8 one large discount", TEMPLATE SIGN "30天内三折。" OUT,
		    "5:1: warning: one large discount teaches customers to wait for the next\n" },
		{ "8.8 a space before it", TEMPLATE SIGN "30天内 5 折。" OUT,
		    "5:1: warning: one large discount teaches customers to wait for the next\n" },
		{ "7.5 折 is no large one", TEMPLATE SIGN "30天内7.5折。" OUT, "" },
		{ "8.6 can be answered with no", TEMPLATE SIGN "要我帮您约吗？" OUT,
		    "5:1: warning: the question can be answered with no\n" },
		{ "8.6 a choice", TEMPLATE SIGN "周六还是周日方便，要我帮您约吗？" OUT, "" },
		{ "excused, with a reason",
		    "---\ncategory: marketing\nallow: { hype: 这是奖项的名字 }\n---\n" SIGN "超值" OUT,
		    "" },
		{ "excused without a reason",
		    "---\ncategory: marketing\nallow: { hype: 好 }\n---\n" SIGN OUT,
		    "3:16: error: the reason says nothing\n" },
		{ "excused from nothing",
		    "---\ncategory: marketing\nallow: { hipe: 这是奖项的名字 }\n---\n" SIGN OUT,
		    "3:10: error: there is no rule of copy called \"hipe\"\n" },
	};

	write_file(*state, COPY, WORDS);
	only_sms(*state);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		write_file(*state, SMS, rows[i].text);
		assert_found(*state, SMS, rows[i].want, rows[i].name);
	}
}

static void
rules_are_checked(void **state)
{
	static const struct {
		const char *name, *text, *want;
	} rows[] = {
		{ "neither words nor built in", "copy: [{ id: x, why: y }]\n",
		    "1:8: error: \"x\" has no words and is not a built-in rule\n" },
		{ "a built-in rule with words", "copy: [{ id: shouting, words: [a] }]\n",
		    "1:31: error: \"shouting\" is a built-in rule and takes no words\n" },
		{ "no reason", "copy: [{ id: x, words: [Q] }]\n", "1:8: error: \"why\" is missing\n" },
		{ "an exception that excuses nothing",
		    "copy: [{ id: x, words: [QZ], allow: [Q], why: y }]\n",
		    "1:37: warning: \"Q\" contains none of the rule's words: it excuses nothing\n" },
		{ "twice", "copy: [{ id: x, words: [Q], why: y }, { id: x, words: [Z], why: y }]\n",
		    "1:45: error: two rules are called \"x\"\n" },
		{ "no list", "copy: yes\n", "1:1: error: \"copy\" is a list of rules\n" },
	};

	only_sms(*state);
	write_file(*state, SMS, TEMPLATE SIGN "30分钟。" OUT);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		write_file(*state, COPY, rows[i].text);
		assert_found(*state, COPY, rows[i].want, rows[i].name);
	}
}

static void
d08_09_each_touch_brings_its_own(void **state)
{
	static const char book[] =
	    HEAD "steps:\n  - { id: one, at: day 1, send: care/one }\n"
		 "  - { id: two, at: day 9, send: care/again }\n";
	static const char first[] = TEMPLATE SIGN "30天内来店，胎压、玻璃水、雨刮都帮您看一遍。" OUT;
	static const char second[] = TEMPLATE SIGN "30天内到店，胎压、玻璃水、雨刮都帮您看一遍。" OUT;
	static const char other[] = TEMPLATE SIGN "电池用了2年以上，来做个检测，约15分钟。" OUT;

	only_sms(*state);
	write_file(*state, COPY, WORDS);
	write_file(*state, PLAYBOOK, book);
	write_file(*state, SMS, first);
	write_file(*state, "templates/sms/care/again.liquid", second);
	assert_found(*state, PLAYBOOK,
	    "7:33: warning: \"care/again\" says much the same as \"care/one\" of step \"one\"\n",
	    "much the same");
	write_file(*state, "templates/sms/care/again.liquid", other);
	assert_found(*state, PLAYBOOK, "", "something of its own");
}

/* Words that only hold on the day that was planned. */
static void
days_that_a_delay_makes_false(void **state)
{
	static const struct {
		const char *name, *step, *text, *want;
	} rows[] = {
		{ "it may be held", "at: day 2", "昨天谢谢您来",
		    "5:1: warning: \"昨天\": it may go a day later than planned, and then this is "
		    "not true\n" },
		{ "spaced and next week", "at: day 2", "下 周见",
		    "5:1: warning: \"下 周\": it may go a day later than planned, and then this is "
		    "not true\n" },
		{ "it goes at once or not at all", "expires: 1h", "昨天谢谢您来", "" },
		{ "a date", "at: day 2", "12月25日见，改天再说", "" },
		{ "allowed by the house", "at: day 2", "今天不谈保养", "" },
	};

	only_sms(*state);
	write_file(*state, COPY, "copy:\n  - { id: impersonal, level: off }\n"
				 "  - { id: relative-day, allow: [今天不谈] }\n");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *book = g_strdup_printf(
		    HEAD "steps:\n  - { id: one, send: care/one, %s }\n", rows[i].step);
		char *text = g_strconcat(
		    "---\nchannel: sms\ncategory: service\n---\n", rows[i].text, "\n", NULL);

		write_file(*state, "config/playbooks/care.yaml", book);
		write_file(*state, SMS, text);
		assert_found(*state, SMS, rows[i].want, rows[i].name);
		g_free(text);
		g_free(book);
	}
}

/* Whatever a hint offers as an excuse is taken as one. */
static void
what_a_hint_offers_is_accepted(void **state)
{
	static const char everything[] = "category: service\n";
	static const char *const ids[] = { "blame", "hype" };
	GString *text = g_string_new("---\nallow:\n");
	char *copy = path_in(*state, COPY);

	write_file(*state, COPY, WORDS);
	only_sms(*state);
	for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
		g_string_append_printf(text, "  %s: 这是奖项的名字\n", ids[i]);
	for (const struct copy_shape *s = copy_shapes; s->id != NULL; s++)
		g_string_append_printf(text, "  %s: 这是奖项的名字\n", s->id);
	g_string_append_printf(text, "%s---\n超值，您怎么，本店最大！！\n", everything);
	write_file(*state, SMS, text->str);
	assert_found(*state, SMS, "", "every name that a hint can offer");
	g_string_free(text, TRUE);
	/* Without rules there is nothing to tell, and the excuse of old is still one. */
	remove_all(copy);
	g_free(copy);
	write_file(*state, SMS,
	    "---\ncategory: service\nallow: { alike: 两条都是要的 }\n---\n您好\n");
	assert_found(*state, SMS, "", "without a copy.yaml");
}

/* The name in the hint itself, put where the hint says. */
static void
the_hint_of_alike_is_followed(void **state)
{
	static const char book[] =
	    HEAD "steps:\n  - { id: one, at: day 1, send: care/one }\n"
		 "  - { id: two, at: day 9, send: care/again }\n";
	static const char first[] = TEMPLATE SIGN "30天内来店，胎压、玻璃水都帮您看一遍。" OUT;
	static const char excused[] =
	    "---\ncategory: marketing\nallow: { alike: 同一件事说两遍 }\n---\n" SIGN
	    "30天内到店，胎压、玻璃水都帮您看一遍。" OUT;
	struct report *r;

	only_sms(*state);
	write_file(*state, COPY, WORDS);
	write_file(*state, PLAYBOOK, book);
	write_file(*state, SMS, first);
	write_file(*state, "templates/sms/care/again.liquid", first);
	r = check(*state);
	assert_int_equal(r->diags->len, 1);
	assert_non_null(strstr(((struct diag *)r->diags->pdata[0])->hint, "allow: { alike: REASON }"));
	report_free(r);
	write_file(*state, "templates/sms/care/again.liquid", excused);
	assert_found(*state, PLAYBOOK, "", "excused");
	write_file(*state, "templates/sms/care/again.liquid", first);
	write_file(*state, COPY, WORDS "  - { id: alike, level: off }\n");
	assert_found(*state, PLAYBOOK, "", "switched off");
}

static void
alike(void **state)
{
	(void)state;
	assert_true(copy_alike("", "") == 0);
	assert_true(copy_alike("保养提醒", "保养提醒") == 1);
	assert_true(copy_alike("保养，提醒！", "保养提醒") == 1);
	assert_true(copy_alike("{{ customer.name }}保养", "{% if a %}保养") == 1);
	assert_true(copy_alike("甲乙", "丙丁") == 0);
	/* 甲乙 乙丙 against 甲乙 乙丁: one pair of two each. */
	assert_true(copy_alike("甲乙丙", "甲乙丁") == 0.5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(d08_texts),
		TEST(rules_are_checked),
		TEST(d08_09_each_touch_brings_its_own),
		TEST(days_that_a_delay_makes_false),
		TEST(what_a_hint_offers_is_accepted),
		TEST(the_hint_of_alike_is_followed),
		cmocka_unit_test(alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
