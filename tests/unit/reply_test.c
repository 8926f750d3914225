/* reply_test.c - a table of answers and what they mean.
 * proves: 3.3 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/reply.h"

static const char *opt_out[] = { "退订", "拒收", "取消", "不要再发", "别发了", "TD", "T",
	"R", "N", "STOP", "UNSUBSCRIBE", "停", NULL };
static const char *opt_in[] = { "START", "订阅", NULL };
static const char *complaint[] = { "投诉", "举报", "骚扰", "工信部", "12321", "12315",
	NULL };
static const char *wrong[] = { "发错了", "我不是", NULL };
static const struct policy policy = { .keywords = { [KEYWORD_OPT_OUT] = opt_out,
					  [KEYWORD_OPT_IN] = opt_in,
					  [KEYWORD_COMPLAINT] = complaint,
					  [KEYWORD_WRONG_PERSON] = wrong } };

/* Meanings: o opt-out, i opt-in, c complaint, w wrong person, ? a person should look. */
static const struct {
	const char *text, *meaning, *word;
} rows[] = {
	/* the whole message */
	{ "ＴＤ", "o", "TD" },
	{ "td", "o", "TD" },
	{ "Td", "o", "TD" },
	{ "t d", "o", "TD" },
	{ "T.D.", "o", "TD" },
	{ "TD。", "o", "TD" },
	{ " TD\r\n", "o", "TD" },
	{ "TDTD", "o", "TD" },
	{ "TD TD", "o", "TD" },
	{ "ＴＤ谢谢", "o", "TD" },
	{ "回复TD", "o", "TD" },
	{ "回T", "o", "T" },
	{ "回T退订", "o", "退订" },
	{ "TD退订", "o", "退订" },
	{ "退订", "o", "退订" },
	{ "退訂", "o", "退订" },
	{ "退订 ", "o", "退订" },
	{ "退 订", "o", "退订" },
	{ "退订!!", "o", "退订" },
	{ "“退订”", "o", "退订" },
	{ "【退订】", "o", "退订" },
	{ "请退订", "o", "退订" },
	{ "我要退订", "o", "退订" },
	{ "麻烦退订，谢谢！", "o", "退订" },
	{ "退订👍", "o", "退订" },
	{ "退\u200b订", "o", "退订" },
	{ "退订退订退订", "o", "退订" },
	{ "拒收", "o", "拒收" },
	{ "取消", "o", "取消" },
	{ "取消。", "o", "取消" },
	{ "N", "o", "N" },
	{ "ｎ", "o", "N" },
	{ "r", "o", "R" },
	{ "T", "o", "T" },
	{ "STOP", "o", "STOP" },
	{ "stop.", "o", "STOP" },
	{ "S T O P", "o", "STOP" },
	{ "STOP PLEASE", "o", "STOP" },
	{ "Please stop", "o", "STOP" },
	{ "Stop. Thank you", "o", "STOP" },
	{ "Unsubscribe", "o", "UNSUBSCRIBE" },
	{ "停", "o", "停" },
	/* sentences: someone should look */
	{ "别发了", "o?", "别发了" },
	{ "別發了", "o?", "别发了" },
	{ "请别发了！", "o?", "别发了" },
	{ "不要再发了", "o?", "不要再发" },
	{ "你们不要再發了好吗", "o?", "不要再发" },
	{ "我没有退订", "o?", "退订" },
	{ "怎么退订这个短信", "o?", "退订" },
	{ "取消退订", "o?", "退订" },
	{ "please don't stop", "o?", "STOP" },
	{ "can you stop texting me", "o?", "STOP" },
	{ "stop!你好烦", "o?", "STOP" },
	/* ordinary */
	{ "不要停", "", NULL },
	{ "别停", "", NULL },
	{ "取消预约", "", NULL },
	{ "请取消明天的保养", "", NULL },
	{ "No", "", NULL },
	{ "not now", "", NULL },
	{ "NT", "", NULL },
	{ "Tomorrow", "", NULL },
	{ "stopped by yesterday", "", NULL },
	{ "nonstop", "", NULL },
	{ "好的", "", NULL },
	{ "谢谢", "", NULL },
	{ "", "", NULL },
	{ "！！！", "", NULL },
	{ "车号112321", "", NULL },
	{ "\xff\xfe", "", NULL },
	/* complaints */
	{ "投诉", "c", "投诉" },
	{ "投訴！", "c", "投诉" },
	{ "再发我就投诉了", "c?", "投诉" },
	{ "打12321", "c?", "12321" },
	{ "12315", "c", "12315" },
	{ "你们这是骚扰，退订", "co?", "骚扰" },
	{ "騷扰", "c", "骚扰" },
	/* someone else */
	{ "发错了", "w", "发错了" },
	{ "發錯了吧", "w", "发错了" },
	{ "我不是车主", "w?", "我不是" },
	/* back again */
	{ "START", "i", "START" },
	{ "start!", "i", "START" },
	{ "订阅", "i", "订阅" },
	{ "when do you start", "", NULL },
	{ "START STOP", "o?", "STOP" },
};

static const char *
describe(const struct reply_meaning *m, char *buf)
{
	sprintf(buf, "%s%s%s%s%s", m->complaint ? "c" : "", m->opt_out ? "o" : "",
	    m->opt_in ? "i" : "", m->wrong_person ? "w" : "", m->doubtful ? "?" : "");
	return buf;
}

static void
w12_case_t13_classify(void **state)
{
	struct arena *a = arena_new();
	struct reply_meaning m;
	char buf[8];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		reply_classify(a, &policy, rows[i].text, &m);
		if (strcmp(describe(&m, buf), rows[i].meaning) != 0)
			fail_msg("\"%s\" is \"%s\", not \"%s\"", rows[i].text, buf,
			    rows[i].meaning);
		if ((m.word == NULL) != (rows[i].word == NULL) ||
		    (m.word != NULL && strcmp(m.word, rows[i].word) != 0))
			fail_msg("\"%s\": word is %s", rows[i].text, m.word);
	}
	arena_free(a);
}

static void
test_no_keywords(void **state)
{
	const struct policy none = { 0 };
	struct arena *a = arena_new();
	struct reply_meaning m;

	(void)state;
	reply_classify(a, &none, "退订", &m);
	assert_false(
	    m.opt_out || m.opt_in || m.complaint || m.wrong_person || m.doubtful);
	assert_null(m.word);
	arena_free(a);
}

static void
test_normalise(void **state)
{
	static const char *const pairs[][2] = {
		{ "  ＡＢＣ！", "abc" },
		{ "Hello,\n  World.", "hello, world" },
		{ "退訂、謝謝", "退订、谢谢" },
		{ "①", "1" },
		{ "", "" },
	};
	struct arena *a = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_string_equal(reply_normalise(a, pairs[i][0]), pairs[i][1]);
	arena_free(a);
}

static void
test_match(void **state)
{
	const char *yes[] = { "好", "yes", NULL }, *price[] = { "价格", "price", NULL };
	struct reply_rule rules[] = {
		{ .match = REPLY_IS, .words = yes },
		{ .match = REPLY_HAS, .words = price },
		{ .match = REPLY_NUMBER, .from = 0, .to = 6 },
		{ .match = REPLY_NUMBER, .from = 9, .to = 10 },
	};
	const struct playbook p = { .replies = rules, .n_replies = 4 };
	const struct {
		const char *text;
		int rule; /* -1: none */
	} cases[] = {
		{ "好", 0 },
		{ "好！", 0 },
		{ "YES", 0 },
		{ "好不好", -1 },
		{ "yesterday", -1 },
		{ "问下價格", 1 },
		{ "问下价 格", 1 },
		{ "what price?", 1 },
		{ "priceless", -1 },
		{ "6", 2 },
		{ "６分", 2 },
		{ "0 分", 2 },
		{ "五星", 2 },
		{ "十分", 3 },
		{ "10", 3 },
		{ "7", -1 },
		{ "4.5", -1 },
		{ "99999999999", -1 },
		{ "3点来", -1 },
		{ "", -1 },
	};
	struct arena *a = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct reply_rule *r = reply_match(a, &p, cases[i].text);
		int got = r == NULL ? -1 : (int)(r - rules);

		if (got != cases[i].rule)
			fail_msg("\"%s\": rule %d", cases[i].text, got);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(w12_case_t13_classify),
		cmocka_unit_test(test_no_keywords),
		cmocka_unit_test(test_normalise),
		cmocka_unit_test(test_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
