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
static const char *thanks[] = { "好", "好的", "谢谢", "收到", "OK", "thank you", "[强]", NULL };
static const struct policy policy = { .keywords = { [KEYWORD_OPT_OUT] = opt_out,
					  [KEYWORD_OPT_IN] = opt_in,
					  [KEYWORD_COMPLAINT] = complaint,
					  [KEYWORD_WRONG_PERSON] = wrong,
					  [KEYWORD_COURTESY] = thanks } };

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
	{ "我不是本人", "w?", "我不是" },
	{ "你好，我不是机主。", "w?", "我不是" },
	{ "我不是这辆车的车主了", "w?", "我不是" },
	{ "我不是你要找的人", "w?", "我不是" },
	{ "对不起我不是张伟", "w?", "我不是" },
	{ "您发错了，我不是云四", "w?", "发错了" },
	{ "我不是王先生，打错了吧", "w?", "我不是" },
	{ "我不是小李", "w?", "我不是" },
	{ "我不是車主", "w?", "我不是" },
	{ "我不是", "w", "我不是" },
	/* an unhappy customer keeps his number, and a person looks */
	{ "我不是很满意", "?", "我不是" },
	{ "说实话我不是不想来，就是太远", "?", "我不是" },
	{ "是不是发错了？这个价格不对", "?", "发错了" },
	{ "难道我不是车主吗", "?", "我不是" },
	{ "我不是车主吗？", "?", "我不是" },
	{ "我不是本人，可以代提车吗", "?", "我不是" },
	{ "如果我不是本人能来取车的", "?", "我不是" },
	{ "我不是新客户", "?", "我不是" },
	{ "我不是周末来", "?", "我不是" },
	{ "我不是马上来", "?", "我不是" },
	{ "我不是金卡", "?", "我不是" },
	{ "我不是谢谢过了", "?", "我不是" },
	{ "我不是任何时候都有空", "?", "我不是" },
	{ "我不是要投诉", "c?", "投诉" },
	{ "我不是常来", "?", "我不是" },
	{ "价格发错了，不是这个", "?", "发错了" },
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
		{ "not the price", -1 },
		{ "价.格", 1 },
		{ "没有价格", -1 },
		{ "有没有价格", 1 },
		{ "priceless", -1 },
		{ "6", 2 },
		{ "-6", -1 },
		{ " －6", -1 },
		{ "负6", -1 },
		{ "6-", 2 },
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
		struct reply_score score;
		const struct reply_rule *r =
		    reply_match(a, &p, cases[i].text, false, &score);
		int got = r == NULL ? -1 : (int)(r - rules);

		if (got != cases[i].rule)
			fail_msg("\"%s\": rule %d", cases[i].text, got);
	}
	arena_free(a);
}

/* has: [满意] took 不满意, and has: [1位] took 11位. */
static void
a_phrase_counts_where_it_is_meant(void **state)
{
	static const struct {
		const char *phrase, *text;
		bool matches;
	} cases[] = {
		{ "满意", "满意", true },
		{ "满意", "很满意，谢谢", true },
		{ "满意", "不满意", false },
		{ "满意", "不滿意", false },
		{ "满意", "不太满意", false },
		{ "满意", "我不是很满意", false },
		{ "满意", "不怎么满意", false },
		{ "满意", "没有那么满意", false },
		{ "满意", "不 满意", false },
		{ "满意", "满意不满意", false },
		{ "满意", "满不满意", false },
		{ "满意", "特别满意", true },
		{ "满意", "不特别满意", false },
		{ "满意", "不，满意", true },
		{ "满意", "服务不错，满意", true },
		{ "满意", "不满意价格，服务满意", true },
		{ "满意", "不但满意，还推荐", true },
		{ "不满意", "不满意", true },
		{ "不满意", "我很不满意", true },
		{ "没时间", "最近没时间", true },
		{ "好", "不好", false },
		{ "好", "好", true },
		{ "好", "好不好", false },
		{ "好", "差不多好了", true },
		{ "优惠", "有没有优惠", true },
		{ "优惠", "能不能优惠", true },
		{ "优惠", "没有优惠", false },
		{ "优惠", "有无优惠", true },
		{ "价格", "不知道价格", true },
		{ "需要", "不需要了", false },
		{ "1位", "1位", true },
		{ "1位", "我来1位", true },
		{ "1位", "11位", false },
		{ "1位", "我们1 1位", false },
		{ "一位", "十一位", false },
		{ "周1", "周12", false },
		{ "good", "not very good", false },
		{ "good", "very good", true },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *words[] = { cases[i].phrase, NULL };
		struct reply_rule rule = { .match = REPLY_HAS, .words = words };
		const struct playbook p = { .replies = &rule, .n_replies = 1 };
		struct reply_score score;

		if ((reply_match(a, &p, cases[i].text, false, &score) != NULL) !=
		    cases[i].matches)
			fail_msg("has: [%s] and \"%s\"", cases[i].phrase, cases[i].text);
	}
	arena_free(a);
}

/* "4分，等太久" was no score, and nobody called. */
static const struct {
	const char *text;
	int score; /* -1: words for a person to read */
	const char *comment;
} scores[] = {
	{ "4分，等太久", 4, "等太久" },
	{ "４分，等太久了！", 4, "等太久了" },
	{ "四分", 4, "" },
	{ "四分，师傅不错", 4, "师傅不错" },
	{ "给4分吧", 4, "" },
	{ "給4分吧", 4, "" },
	{ "5星", 5, "" },
	{ "五星好评", 5, "好评" },
	{ "5星好评，师傅辛苦", 5, "好评，师傅辛苦" },
	{ "打 3 分", 3, "" },
	{ "打3分，态度不好", 3, "态度不好" },
	{ "我打三分", 3, "" },
	{ "给你们打8分，再接再厉", 8, "再接再厉" },
	{ "评分：7", 7, "" },
	{ "给个5吧", 5, "" },
	{ "十分", 10, "" },
	{ "打十分", 10, "" },
	{ "等太久，我给你们打4分", 4, "等太久" },
	{ "10分！！很满意", 10, "很满意" },
	{ "零分，太差", 0, "太差" },
	{ "0分", 0, "" },
	{ "两星，等了很久", 2, "等了很久" },
	{ "4，等太久", 4, "等太久" },
	{ "5 谢谢", 5, "谢谢" },
	{ "①", 1, "" },
	{ "等太久，給４分吧。下次快點", 4, "等太久 下次快點" },
	{ "还可以，4", 4, "还可以" },
	{ "没修好给2分", 2, "没修好" },
	{ "服务不错5分", 5, "服务不错" },
	{ "5分不错", 5, "不错" },
	{ "4s店服务5分", 5, "4s店服务" },
	{ "奥迪Q5，给4分", 4, "奥迪Q5" },
	{ "4分，一直等到中午", 4, "一直等到中午" },
	{ "rate 4, too slow", 4, "too slow" },
	/* dates and times */
	{ "3号来", -1, "" },
	{ "5月3日", -1, "" },
	{ "3.5", -1, "" },
	{ "10点到", -1, "" },
	{ "3 点来", -1, "" },
	{ "10:30", -1, "" },
	{ "5分钟就好", -1, "" },
	{ "等了30分钟", -1, "" },
	{ "周5", -1, "" },
	{ "星期5，", -1, "" },
	{ "三星期前", -1, "" },
	{ "2月", -1, "" },
	/* telephone numbers, prices, names */
	{ "13800000000", -1, "" },
	{ "打138 0000 0000", -1, "" },
	{ "给我打电话 5", -1, "" },
	{ "5元", -1, "" },
	{ "¥5", -1, "" },
	{ "5 块钱", -1, "" },
	{ "7 座车", -1, "" },
	{ "给我2天时间", -1, "" },
	{ "给5万", -1, "" },
	{ "打给4号师傅", -1, "" },
	{ "5分钱一分货", -1, "" },
	{ "打8折", -1, "" },
	{ "打3次电话没人接", -1, "" },
	{ "4S店", -1, "" },
	{ "在4 S店做的", -1, "" },
	{ "4分店", -1, "" },
	{ "2分公司", -1, "" },
	{ "Q5", -1, "" },
	{ "第3", -1, "" },
	{ "三星手机", -1, "" },
	{ "五星级酒店", -1, "" },
	{ "三分之一", -1, "" },
	/* two numbers */
	{ "4分还是5分", -1, "" },
	{ "3-5分", -1, "" },
	{ "三四分吧", -1, "" },
	{ "师傅5分，前台2分", -1, "" },
	{ "4/5", -1, "" },
	{ "4分，等了2小时", -1, "" },
	{ "服务四分价格两分", -1, "" },
	{ "4.5分", -1, "" },
	{ "4分半", -1, "" },
	{ "100分", -1, "" },
	/* taken back, asked, of another time */
	{ "不是4分", -1, "" },
	{ "没有5分", -1, "" },
	{ "别打5分", -1, "" },
	{ "给不了5分", -1, "" },
	{ "不会给你们5分", -1, "" },
	{ "不到4分", -1, "" },
	{ "0分都不想给", -1, "" },
	{ "5分不可能", -1, "" },
	{ "扣2分", -1, "" },
	{ "加1分", -1, "" },
	{ "+1", -1, "" },
	{ "-5", -1, "" },
	{ "满分5分", -1, "" },
	{ "最多3分", -1, "" },
	{ "4分以上", -1, "" },
	{ "能给5分吗", -1, "" },
	{ "5分？", -1, "" },
	{ "上次给了5分", -1, "" },
	{ "如果不等就给5分", -1, "" },
	{ "not 5", -1, "" },
	/* words */
	{ "十分满意", -1, "" },
	{ "十分感谢", -1, "" },
	{ "一般", -1, "" },
	{ "等了一个小时", -1, "" },
	{ "1、态度不好", -1, "" },
	{ "1.态度不好", -1, "" },
	{ "", -1, "" },
	{ "\xff\xfe", -1, "" },
};

static void
a_score_with_words_was_not_read(void **state)
{
	struct arena *a = arena_new();
	struct reply_score s;
	size_t i;
	int bad = 0;

	(void)state;
	for (i = 0; i < sizeof(scores) / sizeof(scores[0]); i++) {
		reply_score(a, scores[i].text, &s);
		if (s.score != scores[i].score ||
		    strcmp(s.comment, scores[i].comment) != 0) {
			print_error(
			    "\"%s\" is %d \"%s\"\n", scores[i].text, s.score, s.comment);
			bad++;
		}
	}
	assert_int_equal(bad, 0);
	arena_free(a);
}

/* Only where a number was asked for; what the rules go up to is all there is. */
static void
a_score_needs_a_question(void **state)
{
	struct reply_rule rules[] = {
		{ .match = REPLY_NUMBER, .from = 0, .to = 6 },
		{ .match = REPLY_NUMBER, .from = 9, .to = 10 },
	};
	const struct playbook p = { .replies = rules, .n_replies = 2 };
	struct arena *a = arena_new();
	struct reply_score s;

	(void)state;
	assert_ptr_equal(reply_match(a, &p, "4分，等太久", true, &s), &rules[0]);
	assert_int_equal(s.score, 4);
	assert_string_equal(s.comment, "等太久");
	assert_null(reply_match(a, &p, "4分，等太久", false, &s));
	assert_int_equal(s.score, -1);
	assert_string_equal(s.comment, "4分，等太久");
	assert_null(reply_match(a, &p, "7分，还行", true, &s));
	assert_int_equal(s.score, 7);
	assert_null(reply_match(a, &p, "30分", true, &s));
	assert_int_equal(s.score, -1);
	arena_free(a);
}

/* Three questions, a digit each. */
static void
digits_that_answer_a_question_each(void **state)
{
	static const struct {
		const char *text;
		int score;
	} said[] = {
		{ "124", 124 },
		{ "1 2 4", 124 },
		{ "1，2，4", 124 },
		{ "1、2、4", 124 },
		{ "１，２，４", 124 },
		{ "1.2.4", 124 },
		{ "１２４", 124 },
		{ "①②④", 124 },
		{ "1,2,4。", 124 },
		{ "1\n2\n4", 124 },
		{ "1/2/4", 124 },
		{ "1-2-4", 124 },
		{ " 1  2  4 ", 124 },
		{ "1。2。4", 124 },
		{ "“1 2 4”", 124 },
		{ "A1B2C4", 124 },
		{ "A1 B2 C4", 124 },
		{ "a：1，b：2，c：4", 124 },
		{ "A.1 B.2 C.4", 124 },
		/* what is none of it */
		{ "1 2", -1 },
		{ "1 2 4 3", -1 },
		{ "12 4", -1 },
		{ "1 24", -1 },
		{ "14号来", -1 },
		{ "1 2 4号来", -1 },
		{ "1点2刻4分", -1 },
		{ "1、2、4都行", -1 },
		{ "13800000000", -1 },
		{ "138 0000 0000", -1 },
		{ "1.2.4版本", -1 },
		{ "版本1.2.4", -1 },
		{ "B1 A2 C4", -1 },
		{ "10:30", -1 },
		{ "-1 2 4", -1 },
		{ "2026.1.4", -1 },
		{ "1 . 2 . 4 元", -1 },
		{ "1 或 2 或 4", -1 },
	};
	struct reply_rule three[] = { { .match = REPLY_NUMBER, .from = 111, .to = 434 } },
			  ten[] = { { .match = REPLY_NUMBER, .from = 0, .to = 10 } };
	const struct playbook p = { .replies = three, .n_replies = 1 },
			      scale = { .replies = ten, .n_replies = 1 };
	struct arena *a = arena_new();
	struct reply_score s;

	(void)state;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		bool found = reply_match(a, &p, said[i].text, true, &s) != NULL;

		if (s.score != said[i].score || found != (said[i].score >= 0))
			fail_msg("\"%s\" is %d", said[i].text, s.score);
	}
	/* One question, one number: 1 0 is not ten. */
	assert_null(reply_match(a, &scale, "1 0", true, &s));
	assert_null(reply_match(a, &scale, "1、0", true, &s));
	arena_free(a);
}

/* Who thanks waits for nobody; who asks, refuses or is angry beside it does. */
static void
thanks_need_no_answer(void **state)
{
	static const struct {
		const char *text;
		bool courtesy;
	} said[] = {
		{ "好的谢谢", true },
		{ "谢谢", true },
		{ "謝謝！", true },
		{ "OK", true },
		{ "ｏｋ 收到。", true },
		{ "Thank you!", true },
		{ "收到👌", true },
		{ "👍", true },
		{ "👍🏻❤️", true },
		{ "[强]", true },
		{ "好的，什么时候可以来？", false },
		{ "好的?", false },
		{ "OK？", false },
		{ "好的吗", false },
		{ "不好", false },
		{ "谢谢，不用了", false },
		{ "no thank you", false },
		{ "好的 请回复我", false },
		{ "好的，周六上午来", false },
		{ "👎", false },
		{ "谢谢😡", false },
		{ "❓", false },
		{ "。。。", false },
		{ "1", false },
		{ "", false },
	};
	const struct policy none = { 0 };
	struct arena *a = arena_new();
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		if (reply_is_courtesy(a, &policy, said[i].text) != said[i].courtesy) {
			print_error("\"%s\"\n", said[i].text);
			bad++;
		}
	assert_false(reply_is_courtesy(a, &none, "谢谢"));
	arena_free(a);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(w12_case_t13_classify),
		cmocka_unit_test(test_no_keywords),
		cmocka_unit_test(test_normalise),
		cmocka_unit_test(test_match),
		cmocka_unit_test(a_phrase_counts_where_it_is_meant),
		cmocka_unit_test(a_score_with_words_was_not_read),
		cmocka_unit_test(a_score_needs_a_question),
		cmocka_unit_test(digits_that_answer_a_question_each),
		cmocka_unit_test(thanks_need_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
