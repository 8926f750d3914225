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

/* Advertising Law, article 9 (B-AD1). */
static void
absolute_words(void **state)
{
	static const char *const words[] = { "极品", "绝无仅有", "史无前例", "王牌",
		"NO.1", "No.1", "ＮＯ.1", "最强", "百分百", "絕無僅有", "極品", "最強" };
	static const char *const fine[] = { "第一页", "第一次", "第一时间", "第一步",
		"最近", "最后", "最晚", "最少", "最强降雨" };
	char text[128];

	for (size_t k = 0; k < G_N_ELEMENTS(words); k++) {
		g_snprintf(text, sizeof(text), "我们是%s的，20分钟。", words[k]);
		JUDGE(state, { text, "广告法" });
	}
	for (size_t k = 0; k < G_N_ELEMENTS(fine); k++) {
		g_snprintf(text, sizeof(text), "说的是%s，20分钟。", fine[k]);
		JUDGE(state, { text, "" });
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(absolute_words),
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
