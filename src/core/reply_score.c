/* reply_score.c - one score with words around it: what counts and what does not
 * (core/reply.h has the table).
 *
 * The text is read as glyphs: each character folded for comparing, with its place in the
 * text as written, so that what is left over can be kept in the customer's own words. */
#include "core/reply.h"

#include <string.h>

#include <glib.h>

#include "core/script.h"

struct glyph {
	gunichar c;
	size_t at;
};

struct glyphs {
	const char *text; /* as written */
	struct glyph *g;  /* ends with a glyph 0 */
	int n;
};

/* A number in the text. */
struct figure {
	int from, to; /* glyphs, to exclusive */
	int value;    /* -1: no score, as 45000 or 三四 */
	bool digits;
};

/* As it is compared: ４ is 4, 給 is 给. */
static gunichar
folded(gunichar c)
{
	gunichar alone[2];

	if (g_unichar_fully_decompose(c, TRUE, alone, G_N_ELEMENTS(alone)) == 1)
		c = alone[0];
	return script_simplify(g_unichar_tolower(c));
}

static struct glyphs
read_glyphs(struct arena *a, const char *text)
{
	char *valid = g_utf8_make_valid(text, -1);
	struct glyphs t = { .text = arena_strdup(a, valid) };
	const char *p;

	t.g = arena_array(a, struct glyph, (int)g_utf8_strlen(t.text, -1) + 1);
	for (p = t.text; *p != '\0'; p = g_utf8_next_char(p))
		t.g[t.n++] =
		    (struct glyph){ folded(g_utf8_get_char(p)), (size_t)(p - t.text) };
	t.g[t.n] = (struct glyph){ 0, strlen(t.text) };
	g_free(valid);
	return t;
}

/* ---- comparing ---- */

/* How many glyphs of word stand at i; 0: it does not. */
static int
here(const struct glyphs *t, int i, const char *word)
{
	int n = 0;

	for (; *word != '\0'; word = g_utf8_next_char(word), n++)
		if (i + n >= t->n || t->g[i + n].c != g_utf8_get_char(word))
			return 0;
	return n;
}

static int
one_here(const struct glyphs *t, int i, const char *const *words)
{
	int n = 0;

	for (; n == 0 && *words != NULL; words++)
		n = here(t, i, *words);
	return n;
}

/* The same for what ends before i. */
static int
one_before(const struct glyphs *t, int i, const char *const *words)
{
	for (; *words != NULL; words++) {
		int n = (int)g_utf8_strlen(*words, -1);

		if (n <= i && here(t, i - n, *words) == n)
			return n;
	}
	return 0;
}

static bool
is_gap(gunichar c)
{
	return g_unichar_isspace(c) || g_unichar_iscntrl(c) ||
	       g_unichar_type(c) == G_UNICODE_FORMAT;
}

static bool
is_word(gunichar c)
{
	return c != 0 && g_unichar_isalnum(c);
}

static bool
is_latin_letter(gunichar c)
{
	return c != 0 && c < 0x2e80 && g_unichar_isalpha(c);
}

static int
skip_gaps(const struct glyphs *t, int i)
{
	while (i < t->n && is_gap(t->g[i].c))
		i++;
	return i;
}

static int
back_gaps(const struct glyphs *t, int i)
{
	while (i > 0 && is_gap(t->g[i - 1].c))
		i--;
	return i;
}

/* ---- words ---- */

static const char *const verbs[] = { "评分", "打分", "得分", "分数", "评价", "打", "给",
	"评", "rate", "rating", "score", NULL };
/* Between the verb and the number, or a denial and the verb. */
static const char *const fillers[] = { "你们", "您们", "咱们", "他们", "师傅", "服务",
	"可以", "应该", "愿意", "一个", "个", "你", "您", "他", "她", "到", "值", "够",
	"是", "了", "的", "能", "会", "想", "要", "敢", "该", "再", "为", "就", "只",
	"止", "满", "算", "我", ":", "=", NULL };
static const char *const denials[] = { "没有", "不要", "满分", "总分", "最多", "顶多",
	"至多", "至少", "起码", "最少", "低于", "高于", "超过", "不足", "不", "没", "别",
	"非", "未", "无", "勿", "莫", "甭", "加", "减", "扣", "多", "少", "差", "缺",
	"涨", "降", "第", "周", "星期", "礼拜", "not", "no", "never", "don't", "n't", "+",
	"-", "~", "/", "¥", "$", NULL };
/* Said anywhere before the number: another time, or only if. */
static const char *const otherwise[] = { "上次", "上回", "以前", "之前", "本来", "原本",
	"原来", "要是", "如果", "假如", "除非", "下次", "下回", "差点", "是不是", NULL };
static const char *const questions[] = { "?", "吗", "么", "几分", "多少", NULL };
static const char *const softeners[] = { "吧", "啊", "呀", "哦", "哈", "呢", "了", "啦",
	"嘛", "呗", "的", NULL };

/* 分 and 星 begin other words too; and what takes a score back or makes it a range. */
static const char *const not_units[] = { "分钟", "分之", "分店", "分期", "分公司", "分部",
	"分局", "分开", "分手", "分别", "分析", "分享", "分钱", "分货", "分秒", "分子",
	"分母", "星期", "星级", "星巴", "星座", "星光", "星空", "星球", "星河", "星辰",
	"星店", NULL };
static const char *const takes_back[] = { "不", "没", "都", "也", "多", "半", "左右",
	"上下", "以上", "以下", "以内", "之间", "起", "到", "至", "或", "%", "+", "-",
	"~", "/", NULL };
static const char *const praises[] = { "好评", "差评", "中评", "评价", "服务", "推荐",
	"满意", NULL };
static const char *const no_denials[] = { "不错", "不过", "没问题", NULL };

/* ---- numbers ---- */

static int
numeral(gunichar c)
{
	static const char ten[] = "零一二三四五六七八九十";
	const char *p;
	int n = 0;

	if (c == g_utf8_get_char("两"))
		return 2;
	for (p = ten; *p != '\0'; p = g_utf8_next_char(p), n++)
		if (g_utf8_get_char(p) == c)
			return n;
	return -1;
}

static bool
is_numeral(gunichar c)
{
	return numeral(c) >= 0 || c == g_utf8_get_char("百") ||
	       c == g_utf8_get_char("千") || c == g_utf8_get_char("万");
}

static bool
is_unit(gunichar c)
{
	return c == g_utf8_get_char("分") || c == g_utf8_get_char("星");
}

/* A number that ends before i: is the unit there, is it one? Sets *end behind it. */
static bool
unit_at(const struct glyphs *t, int i, int *end)
{
	int at = skip_gaps(t, i);

	if (!is_unit(t->g[at].c) || one_here(t, at, not_units) > 0)
		return false;
	*end = at + 1;
	return true;
}

/* The next number from i on; of Chinese ones only what a unit or a verb marks, for 一 is
 * in half of all sentences. false: none. */
static bool
next_figure(const struct glyphs *t, int i, struct figure *f)
{
	int end;

	for (; i < t->n; i = f->to) {
		*f = (struct figure){ .from = i, .to = i + 1, .value = -1 };
		f->digits = g_unichar_isdigit(t->g[i].c);
		if (!f->digits && !is_numeral(t->g[i].c))
			continue;
		while (f->to < t->n && (f->digits ? g_unichar_isdigit(t->g[f->to].c)
						  : is_numeral(t->g[f->to].c)))
			f->to++;
		if (f->digits && f->to - i <= 2)
			for (f->value = 0, end = i; end < f->to; end++)
				f->value =
				    f->value * 10 + g_unichar_digit_value(t->g[end].c);
		else if (!f->digits && f->to - i == 1)
			f->value = numeral(t->g[i].c);
		/* 4S店, Q5 and 沪A12345 are names. */
		if (f->digits && ((i > 0 && is_latin_letter(t->g[i - 1].c)) ||
				     is_latin_letter(t->g[f->to].c) ||
				     here(t, skip_gaps(t, f->to), "s店") > 0))
			continue;
		if (f->digits || unit_at(t, f->to, &end) ||
		    one_before(t, back_gaps(t, i), verbs) > 0)
			return true;
	}
	return false;
}

/* ---- around the number ---- */

/* The glyph at which its phrase begins: the verb, with what stands between; the number
 * itself when there is none. *verb: there is one. */
static int
phrase_start(const struct glyphs *t, const struct figure *f, bool *verb)
{
	int i = back_gaps(t, f->from), start = f->from, n;

	for (*verb = false;; *verb = true) {
		while ((n = one_before(t, i, fillers)) > 0)
			i = back_gaps(t, i - n);
		if ((n = one_before(t, i, verbs)) == 0)
			break;
		start = i -= n;
		i = back_gaps(t, i);
	}
	/* 我 of "我打三分" is no comment. */
	return *verb && (i == 0 || !is_word(t->g[i - 1].c)) ? i : start;
}

static bool
is_denied(const struct glyphs *t, const struct figure *f)
{
	int i = back_gaps(t, f->from), n;

	do {
		if (one_before(t, i, denials) > 0)
			return true;
		n = one_before(t, i, fillers);
		n = n > 0 ? n : one_before(t, i, verbs);
		i = back_gaps(t, i - n);
	} while (n > 0);
	return false;
}

static bool
is_said_of_another_time(const struct glyphs *t, const struct figure *f)
{
	int i;

	for (i = 0; i < f->from; i++)
		if (one_here(t, i, otherwise) > 0)
			return true;
	for (i = 0; i < t->n; i++)
		if (one_here(t, i, questions) > 0)
			return true;
	return false;
}

/* Nothing but an end, a mark or a softening word follows. */
static bool
ends_here(const struct glyphs *t, int i)
{
	return !is_word(t->g[i].c) || one_here(t, i, softeners) > 0;
}

/* Behind the unit: 四分 is a score, 四分之一, 十分满意, 三星手机 and 4分半 are not. */
static bool
unit_stands(const struct glyphs *t, const struct figure *f, int end, bool verb)
{
	if (one_here(t, end, takes_back) > 0)
		return one_here(t, end, no_denials) > 0;
	if (f->digits || verb || ends_here(t, end))
		return true;
	if (is_unit(t->g[end - 1].c) && t->g[end - 1].c == g_utf8_get_char("星"))
		return one_here(t, end, praises) > 0;
	return f->value != 10 && f->value != 1;
}

static bool
is_mark(gunichar c)
{
	return c == '\n' || c == ',' || c == '!' || c == ';' || c == '.' ||
	       c == g_utf8_get_char("。");
}

/* Without a unit: the first word of all, or the last one. "1.…" and "1、…" are lists. */
static bool
stands_apart(const struct glyphs *t, const struct figure *f)
{
	int next = skip_gaps(t, f->to), before = back_gaps(t, f->from);

	if (before == 0)
		return next == t->n ||
		       (next > f->to && is_word(t->g[next].c) &&
			   one_here(t, next, takes_back) == 0 &&
			   !g_unichar_isdigit(t->g[next].c)) ||
		       (t->g[next].c != '.' && is_mark(t->g[next].c));
	return next == t->n && is_mark(t->g[before - 1].c);
}

/* A blank and then a measure: "3 点来", "5 块". */
static bool
is_measured(const struct glyphs *t, int i)
{
	static const char *const measures[] = { "点", "号", "日", "月", "年", "天", "周",
		"小时", "时", "分", "秒", "元", "块", "钱", "折", "个", "位", "人", "辆",
		"台", "楼", "次", "公里", "里", "万", "千", "百", "升", "条", "家", "店",
		"岁", "度", "座", "路", "单", "样", "项", "套", "支", "只", "张", "杯",
		"瓶", "桶", "箱", "颗", "米", "公", "斤", "种", "遍", "趟", "回", "缸",
		"速", "轮", "门", "期", "代", "款", "级", "层", "栋", "幢", "室", "区",
		"排", "名", "口", "把", "双", "对", "股", "折", "成", "倍", "寸", "件",
		"km", "%", ":", NULL };

	return one_here(t, skip_gaps(t, i), measures) > 0;
}

/* Is it a score? Sets where its phrase begins and ends. */
static bool
is_score(const struct glyphs *t, const struct figure *f, int *from, int *to)
{
	bool verb, unit;
	int end = f->to, n;

	*from = phrase_start(t, f, &verb);
	unit = unit_at(t, f->to, &end);
	if (is_denied(t, f) || is_said_of_another_time(t, f))
		return false;
	if (unit ? !unit_stands(t, f, end, verb) : is_measured(t, f->to))
		return false;
	if (!unit && !(verb && ends_here(t, end)) && !stands_apart(t, f))
		return false;
	if (!unit && one_here(t, end, takes_back) > 0)
		return false;
	while ((n = one_here(t, end, softeners)) > 0)
		end += n;
	*to = end;
	return true;
}

/* ---- the words that are left ---- */

static bool
is_joint(gunichar c)
{
	return is_gap(c) || is_mark(c) || c == ':' || c == g_utf8_get_char("、");
}

static const char *
words_around(struct arena *a, const struct glyphs *t, int from, int to)
{
	int first = 0, last = t->n;

	while (from > 0 && is_joint(t->g[from - 1].c))
		from--;
	while (to < t->n && is_joint(t->g[to].c))
		to++;
	while (first < from && is_joint(t->g[first].c))
		first++;
	while (last > to && is_joint(t->g[last - 1].c))
		last--;
	return arena_printf(a, "%.*s%s%.*s", (int)(t->g[from].at - t->g[first].at),
	    t->text + t->g[first].at, from > first && last > to ? " " : "",
	    (int)(t->g[last].at - t->g[to].at), t->text + t->g[to].at);
}

bool
reply_score(struct arena *a, const char *text, struct reply_score *out)
{
	struct glyphs t = read_glyphs(a, text);
	struct figure f, other;
	int from, to;

	*out = (struct reply_score){ .score = -1, .comment = "" };
	if (!next_figure(&t, 0, &f) || f.value < 0 || next_figure(&t, f.to, &other) ||
	    !is_score(&t, &f, &from, &to))
		return false;
	out->score = f.value;
	out->comment = words_around(a, &t, from, to);
	return true;
}
