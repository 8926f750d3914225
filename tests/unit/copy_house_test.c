/* copy_house_test.c - the shipped rules of copy: for each rule of good manners a text that
 * breaks it, and one that says the same well. */
#include "spec_set.h"

#define SIGN "{{ customer.salutation }}好，我是{{ customer.advisor }}。"
#define OUT "拒收请回复R\n"

struct row {
	const char *text, *why; /* what the check says of it; "" is: nothing */
};

/* The shipped copy.yaml, and an SMS of its own; the other texts of the set stay out of it. */
static void
house(const char *dir)
{
	static const char quiet[] =
	    "---\ncategory: transactional\n"
	    "allow: { impersonal: 只是测试用的短句, unsigned: 只是测试用的短句, "
	    "no-number: 只是测试用的短句 }\n";
	char *chat = g_strconcat(quiet, "---\n您好\n", NULL);
	char *mail =
	    g_strconcat(quiet, "subject: 您好\nlayout: frame\n---\n<p>您好</p>\n", NULL);
	char *rules = NULL;
	gsize len = 0;

	assert_true(g_file_get_contents("config/copy.yaml", &rules, &len, NULL));
	put(dir, "config/copy.yaml", rules, len);
	put(dir, "templates/wecom/care/chat.liquid", chat, strlen(chat));
	put(dir, "templates/email/care/mail.liquid", mail, strlen(mail));
	g_free(rules);
	g_free(mail);
	g_free(chat);
}

static void
judge(const char *dir, const struct row *row)
{
	char *text = g_strconcat(TEMPLATE SIGN, row->text, OUT, NULL);
	struct report *r;
	char *got;

	put(dir, SMS, text, strlen(text));
	r = check(dir);
	got = found(r, SMS);
	if (*row->why == '\0' ? *got != '\0' : strstr(got, row->why) == NULL)
		fail_msg("%s: got \"%s\", wanted \"%s\"", row->text, got, row->why);
	g_free(got);
	report_free(r);
	g_free(text);
}

#define JUDGE(state, ...)                                       \
	do {                                                    \
		const struct row rows[] = { __VA_ARGS__ };      \
		house(*(state));                                \
		for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) \
			judge(*(state), &rows[i]);              \
	} while (0)

static void
d08_01_never_blames(void **state)
{
	JUDGE(state, { "您怎么这么久没来，都180天了。", "把没来说成客户的错" },
	    { "您忘了保养，已经过了30天。", "把没来说成客户的错" },
	    { "有180天没见了，一直惦记着您的车。", "" });
}

static void
d08_02_understands_before_it_recommends(void **state)
{
	JUDGE(state, { "强烈推荐您换4条轮胎。", "还没了解就催着买" },
	    { "最后机会，马上下单，还剩3天。", "还没了解就催着买" },
	    { "您一个月大概跑多少公里？告诉我，再看要不要换，3分钟就够。", "" });
}

static void
d08_03_we_instead_of_demands(void **state)
{
	JUDGE(state, { "您应该在7天内来保养。", "是要求，不是邀请" },
	    { "务必到店，还有7天。", "是要求，不是邀请" },
	    { "您得尽快来，还有7天。", "是要求，不是邀请" },
	    { "您得到店，还有7天。", "是要求，不是邀请" }, { "您得到的积分有7分。", "" },
	    { "怕您得罪了邻居，7天内帮您看异响。", "" }, { "您得知消息那天起7天。", "" },
	    { "您得空时来，20分钟。", "" },
	    { "我们帮您把时间留好，周六10点还是周日10点？", "" });
}

static void
d08_04_low_commitment(void **state)
{
	JUDGE(state, { "先办卡再保养，共3次。", "一上来就要人花钱或答应很久" },
	    { "预存2000元，3年慢慢用。", "一上来就要人花钱或答应很久" },
	    { "先看15分钟，看完再说要不要做。", "" });
}

static void
d08_05_concrete_numbers(void **state)
{
	JUDGE(state, { "很快就好，不耽误您。", "no concrete number" },
	    { "20分钟就好，不耽误您。", "" });
}

static void
d08_06_a_choice(void **state)
{
	JUDGE(state, { "要我帮您留30分钟吗？", "can be answered with no" },
	    { "给您留30分钟，上午还是下午？", "" });
}

static void
d08_07_a_way_back_is_left(void **state)
{
	JUDGE(state, { "7天内不来，过期不候。", "把门关上了" },
	    { "这是最后一次联系您，共3条记录。", "把门关上了" },
	    { "先不再给您发消息，3年5年后想起来，随时找我。", "" });
}

static void
d08_08_what_is_never_said(void **state)
{
	JUDGE(state, { "来吧！！只要20分钟。", "shouts" },
	    { "我们是全网最好的，20分钟。", "广告法" },
	    { "包您满意，20分钟。", "没有人能兑现的承诺" },
	    { "不像别人，我们20分钟。", "贬低同行" },
	    { "各位车主，20分钟。", "不像写给一个人的" },
	    { "保养八折，20分钟。", "without its deadline" },
	    { "30天内免费检测一次，20分钟。", "no offer counts" },
	    { "30天内保养三折，20分钟。", "one large discount" },
	    { "30天内保养九折，20分钟，周六还是周日？", "" });
}

/* Advertising Law, article 9 (B-AD1): texts that claim, however they are written. */
static void
absolute_words(void **state)
{
	static const char *const claims[] = {
		/* words */
		"极品",
		"绝无仅有",
		"史无前例",
		"王牌",
		"NO.1",
		"No.1",
		"ＮＯ.1",
		"NO·1",
		"NO・1",
		"NO．1",
		"N O . 1",
		"№1",
		"no 1",
		"Top 1",
		"ＴＯＰ１",
		"百分百",
		"１００%",
		"绝對",
		"萬無一失",
		"万无一失",
		"絕無僅有",
		"極品",
		"頂 級",
		"遥遥领先",
		/* 最 with a quality */
		"本店最便宜",
		"本店最大",
		"最先进",
		"最專業",
		"最专业",
		"最划算",
		"最劃算",
		"最安全",
		"最快",
		"最省",
		"最好",
		"最 好",
		"最　好",
		"最\u200b好",
		"最佳",
		"最低价",
		"最优惠",
		"最高级",
		"最强",
		"最強",
		"全网最",
		"史上最低",
		"最好的店",
		"给您最低价",
		"行业之最",
		"最新科技",
		"最高端",
		"最大优惠",
		"客户最满意",
		/* 第一 as a rank */
		"第一品牌",
		"销量第一",
		"全国第一",
		"全国第一家",
		"全市第一个",
		"本市排名第一",
		"质量第一",
		"口碑位居第一",
		"第一名",
		"第一选择",
		"永远第一",
		"排名第1",
		"銷量第一",
		"銷 量 第 一",
		/* 领先 of a trade */
		"全国领先",
		"全國領先",
		"行业领先",
		"国内首家",
		"本市独家",
		"行业内领先",
	};
	char text[160];

	for (size_t k = 0; k < G_N_ELEMENTS(claims); k++) {
		g_snprintf(text, sizeof(text), "我们%s，20分钟。", claims[k]);
		JUDGE(state, { text, "广告法" });
	}
}

/* And texts that claim nothing. */
static void
no_claims(void **state)
{
	static const char *const fine[] = {
		"春节第一天",
		"第一件事",
		"第一场雪",
		"第一季度",
		"第一次到店",
		"第一页",
		"第一次",
		"第一时间",
		"第一步",
		"第一个月",
		"第一百位车主",
		"头一次和第一年",
		"第一辆车",
		"安全第一",
		"说两点。第一，看胎压；第二，看油位",
		"全国第一场雪",
		"第一感觉",
		"第１０公里",
		"第一道检查",
		"最近",
		"最后",
		"最多",
		"最少",
		"最晚",
		"最早",
		"最初",
		"最迟",
		"最长30天",
		"最先到的那位",
		"最强降雨",
		"最高气温",
		"最低油位",
		"最大载重",
		"最要紧的事",
		"最容易忘",
		"最怕断电",
		"最好先测",
		"最好别开",
		"10分最满意",
		"您最方便的时间",
		"最冷的早上",
		"最难的路",
		"绝对值",
		"一流程看完",
		"领先一步出门",
		"NO.12号工位",
		"G100%",
		"单号no.15",
		"最里面那格",
	};
	char text[160];

	for (size_t k = 0; k < G_N_ELEMENTS(fine); k++) {
		g_snprintf(text, sizeof(text), "%s，20分钟。", fine[k]);
		JUDGE(state, { text, "" });
	}
}

/* Phrases that the house lets through, and where they stand. */
static void
claims_are_found_in_their_place(void **state)
{
	static const char rules[] = "copy:\n  - { id: superlative, allow: [最美出行] }\n"
				    "  - { id: unsigned, level: off }\n"
				    "  - { id: impersonal, level: off }\n"
				    "  - { id: no-number, level: off }\n";
	static const char wrong[] = "copy: [{ id: no-number, allow: [几] }]\n";

	house(*state);
	put(*state, "config/copy.yaml", rules, strlen(rules));
	put(*state, SMS, TEMPLATE "最美出行，最 美的店" OUT,
	    strlen(TEMPLATE "最美出行，最 美的店" OUT));
	assert_found(*state, SMS,
	    "5:6: error: \"最 美\": a claim that advertising may not make (广告法)\n",
	    "one is allowed, one is not");
	put(*state, SMS, TEMPLATE SIGN "20分钟" OUT, strlen(TEMPLATE SIGN "20分钟" OUT));
	put(*state, "config/copy.yaml", wrong, strlen(wrong));
	assert_found(*state, "config/copy.yaml",
	    "1:32: error: \"no-number\" looks at a text as a whole: no phrase is an "
	    "exception\n",
	    "nothing to except from");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(absolute_words),
		TEST(no_claims),
		TEST(claims_are_found_in_their_place),
		TEST(d08_01_never_blames),
		TEST(d08_02_understands_before_it_recommends),
		TEST(d08_03_we_instead_of_demands),
		TEST(d08_04_low_commitment),
		TEST(d08_05_concrete_numbers),
		TEST(d08_06_a_choice),
		TEST(d08_07_a_way_back_is_left),
		TEST(d08_08_what_is_never_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
