/* copy_claim.c - what claims a rank: 最 with a quality, 第一 where it is no number.
 *
 * The Advertising Law names 最高级 and 最佳 "and the like" (article 9): whatever quality
 * stands behind 最 is refused, and what is no quality of ours is let through by kind. */
#include <string.h>

#include <glib.h>

#include "copy_rule.h"
#include "fold.h"

#define ZUI "最"

static size_t
one_at(const char *p, const char *const *words)
{
	size_t longest = 0;

	for (; *words != NULL; words++)
		if (g_str_has_prefix(p, *words))
			longest = MAX(longest, strlen(*words));
	return longest;
}

/* The longest of the words that ends at p. */
static size_t
one_before(const char *text, const char *p, const char *const *words)
{
	size_t longest = 0;

	for (; *words != NULL; words++) {
		size_t len = strlen(*words);

		if ((size_t)(p - text) >= len && memcmp(p - len, *words, len) == 0)
			longest = MAX(longest, len);
	}
	return longest;
}

static bool
is_word(const char *p)
{
	return *p != '\0' && g_unichar_isalnum(g_utf8_get_char(p));
}

/* ---- 最 ---- */

/* Time, number and place: 最近, 最多3天, 最上面. */
static const char *const bounds[] = { "近", "后", "初", "终", "末", "先", "多", "少",
	"晚", "早", "迟", "长", "短", "常", "久", "上", "下", "左", "右", "里", "外",
	"底", "前", "远", "中间", "冷", "热", "干", "湿", "忙", "闲", "堵", "薄", "厚",
	"窄", "新", NULL };
/* What people feel and need, what goes wrong: 最怕, 最要紧, 最容易忘. */
static const char *const feelings[] = { "爱", "想", "怕", "喜欢", "关心", "在意", "担心",
	"惦记", "需要", "要紧", "重要", "要命", "容易", "忌", "难", "烦", "头疼", "累",
	"伤", "费", "差", "坏", "糟", "不", "该", "贵", "慢", "危险", "麻烦", NULL };
/* 最好 before what somebody does: 最好别开, 最好先测. */
static const char *const advice[] = { "好先", "好别", "好不", "好在", "好提前", "好把",
	"好让", "好等", "好能", "好每", "好趁", "好留", "好带", "好约", "好再", "好也",
	"好还是", "好请", "好找", "好去", "好检查", "好测", "好看一", NULL };
/* What is measured: 最高气温, 最大载重. */
static const char *const extremes[] = { "高", "低", "大", "小", NULL };
static const char *const measures[] = { "气温", "温度", "水温", "时速", "车速", "限速",
	"速", "水位", "油位", "液位", "刻度", "载重", "载荷", "载客", "功率", "扭矩",
	"电压", "电量", "转速", "胎压", "气压", "限度", "程度", "值", "处", "点", "级别",
	"一格", "那格", NULL };
static const char *const storms[] = { "强降", "强台", "强寒", "强冷", "强风", "强对流",
	"大风", "大降", NULL };
/* Of these some are boasts all the same. */
static const char *const boasts[] = { "先进", "前沿", "上乘", "上等", "上佳", "新科技",
	"新技术", "新工艺", "长寿", "不贵", "常青", "难得", "下功夫", "费心思", NULL };
static const char *const whom[] = { "您", "你", NULL };
static const char *const for_whom[] = { "给您", "为您", "让您", "帮您", "替您", "予您",
	"送您", "给你", "为你", "让你", "帮你", "替你", NULL };

/* text + at is 最; *end: behind what it is said of. */
static bool
is_superlative(const struct fold *f, size_t at, size_t *end)
{
	const char *p = f->text + at, *q = p + strlen(ZUI);
	size_t n;

	*end = is_word(q) ? (size_t)(g_utf8_next_char(q) - f->text) : at + strlen(ZUI);
	if ((n = one_at(q, boasts)) > 0) {
		*end = at + strlen(ZUI) + n;
		return true;
	}
	if (one_at(q, bounds) > 0 || one_at(q, feelings) > 0 || one_at(q, advice) > 0 ||
	    one_at(q, storms) > 0)
		return false;
	if ((n = one_at(q, extremes)) > 0 && one_at(q + n, measures) > 0)
		return false;
	/* 10分最满意 is a scale; what is 您最方便 is his to say, 给您最低 ours. */
	if (g_str_has_prefix(q, "满意") &&
	    one_before(f->text, p, (const char *const[]){ "分", NULL }) > 0)
		return false;
	if (one_before(f->text, p, whom) > 0 && one_before(f->text, p, for_whom) == 0)
		return false;
	/* 最后 and the like aside, 最 alone ends in 之最. */
	return is_word(q) ||
	       one_before(f->text, p, (const char *const[]){ "之", NULL }) > 0;
}

size_t
copy_superlative(const struct fold *f, const char *handed, size_t from, size_t *end)
{
	(void)handed;
	for (const char *p = f->text + from; (p = strstr(p, ZUI)) != NULL; p++)
		if (is_superlative(f, (size_t)(p - f->text), end))
			return (size_t)(p - f->text);
	return SIZE_MAX;
}

/* ---- 第一 ---- */

static const char *const firsts[] = { "第一", "第1", NULL };
/* Against whom one is first. */
static const char *const scopes[] = { "全国", "全省", "全市", "全城", "全网", "全球",
	"世界", "亚洲", "中国", "国内", "国际", "行业", "业内", "业界", "同行", "同城",
	"同业", "本市", "本地", "本省", "当地", "区域", "市场", "销量", "销售", "口碑",
	"排名", "排行", "人气", "质量", "品质", "技术", "信誉", "实力", "规模", "性价比",
	"占有率", "好评率", "满意度", NULL };
static const char *const links[] = { "里", "内", "中", "的", "排", "位居", "稳居", "位列",
	"名列", "荣获", "评为", "是", "为", "当之无愧", "遥遥", NULL };
/* One of several, in time or in a row: 第一天, 第一件事, 第一季度. */
static const char *const ordinals[] = { "次", "个", "天", "日", "件", "场", "季", "年",
	"月", "周", "星期", "礼拜", "学期", "步", "位", "页", "时间", "时刻", "批", "辆",
	"台", "条", "句", "层", "楼", "眼", "回", "轮", "遍", "趟", "堂", "节", "课",
	"章", "段", "部", "集", "期", "代", "桶", "箱", "瓶", "脚", "口", "晚", "夜",
	"印象", "反应", "感觉", "保养", "首保", "公里", "万", "千", "百", "十", "项",
	"样", "种", "类", "点", "阶段", "程", "首", "封", "张", "份", "把", "杯", "顿",
	"届", "笔", "单", "例", "道", "股", "阵", "题", "问", "行", "列", "排", "格",
	"栏", "组", "队", "家", "手", "线", "现场", "责任", "任", "声", "针", "滴", "片",
	"块", "只", "双", "套", "间", "站", "号", "缸", "挡", "颗", "根", "关", "门课",
	NULL };
/* Of these some are a place in a ranking when there is somebody to compare with. */
static const char *const places[] = { "个", "位", "家", "号", "门", "大", "线", NULL };
static const char *const mottoes[] = { "安全", "客户", "顾客", "用户", "健康", "生命",
	NULL };
/* Said of a whole trade, these need no 第一. */
static const char *const leads[] = { "领先", "领军", "首家", "首创", "冠军", "榜首",
	"霸主", "独家", "顶尖", "一流", NULL };

static const char *
behind_links(const struct fold *f, const char *p)
{
	size_t n;

	while ((n = one_before(f->text, p, links)) > 0)
		p -= n;
	return p;
}

static bool
has_scope(const struct fold *f, const char *p)
{
	return one_before(f->text, p, scopes) > 0 ||
	       one_before(f->text, behind_links(f, p), scopes) > 0;
}

/* 第一，先看胎压；第二…: a list. */
static bool
counts_off(const struct fold *f, const char *p, const char *q)
{
	return (p == f->text || !is_word(g_utf8_prev_char(p))) && !is_word(q) &&
	       *q != '\0' && *q != '!';
}

/* The 第一 at p, q behind it. */
static bool
is_rank(const struct fold *f, const char *p, const char *q)
{
	if (g_unichar_isdigit(g_utf8_get_char(q)))
		return false;
	if (has_scope(f, p))
		return one_at(q, places) > 0 || one_at(q, ordinals) == 0;
	if (one_at(q, ordinals) > 0 || counts_off(f, p, q))
		return false;
	return is_word(q) || one_before(f->text, p, mottoes) == 0;
}

size_t
copy_rank(const struct fold *f, const char *handed, size_t from, size_t *end)
{
	(void)handed;
	for (const char *p = f->text + from; *p != '\0'; p = g_utf8_next_char(p)) {
		size_t n = one_at(p, firsts);

		if (n > 0 ? is_rank(f, p, p + n)
			  : ((n = one_at(p, leads)) > 0 && has_scope(f, p))) {
			*end = (size_t)(p - f->text) + n;
			return (size_t)(p - f->text);
		}
	}
	return SIZE_MAX;
}
