/* copy_shape.c - rules of copy that look at how a text is made, not at single words. */
#include <string.h>

#include "set.h"
#include "spec/copy.h"

#define MARKETING BIT(CATEGORY_MARKETING)
#define ADVERTS (BIT(CATEGORY_MARKETING) | BIT(CATEGORY_SERVICE))

static bool
has_any(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strstr(text, *words) != NULL)
			return true;
	return false;
}

static bool
impersonal(const struct copy_text *c)
{
	static const char *const names[] = { "customer.name", "customer.salutation",
		NULL };

	/* A push shows no name on a locked screen. */
	return c->t->channel != CHANNEL_PUSH && !has_any(c->source, names);
}

static bool
unsigned_(const struct copy_text *c)
{
	static const char *const names[] = { "customer.advisor", "advisor.", NULL };

	return c->t->channel != CHANNEL_PUSH && !has_any(c->source, names);
}

static bool
shouting(const struct copy_text *c)
{
	int marks = 0, capitals = 0;
	gunichar before = 0;

	for (const char *p = c->plain; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar ch = g_utf8_get_char(p);
		bool mark = ch == '!' || ch == 0xff01;

		if (mark && (before == '!' || before == 0xff01))
			return true;
		marks += mark;
		capitals = ch >= 'A' && ch <= 'Z' ? capitals + 1 : 0;
		if (marks > 2 || capitals > 7)
			return true;
		before = ch;
	}
	return false;
}

static const char *const benefits[] = { "优惠", "折", "免费", "赠", "礼品", "礼包", "券",
	"立减", "返现", "免单", NULL };

static bool
no_deadline(const struct copy_text *c)
{
	static const char *const deadlines[] = { "天内", "日内", "前", "截止", "截至",
		"有效", "月底", "本月", "本周", "年底", "期间", "到期", "为止", "小时内",
		"个月内", NULL };

	return has_any(c->plain, benefits) && !has_any(c->plain, deadlines) &&
	       strstr(c->source, "expires") == NULL;
}

/* What is free or cheaper must have been granted, so that it is counted; callers see what
 * may still be given beside their script. */
static bool
ungranted(const struct copy_text *c)
{
	static const char *const gifts[] = { "免费", "不收钱", "不收费", "不收工时",
		"折算", NULL };

	return c->t->offer == NULL && c->t->channel != CHANNEL_PHONE &&
	       has_any(c->plain, gifts);
}

/* 三折, 4折, 5 折: one large discount teaches to wait for the next. */
static bool
large_discount(const struct copy_text *c)
{
	static const char small[] = "一二三四五12345";
	const char *p = c->plain;

	while ((p = strstr(p, "折")) != NULL) {
		const char *before = p;

		do
			before = before > c->plain ? g_utf8_prev_char(before) : "";
		while (*before == ' ');
		if (*before != '\0' &&
		    g_utf8_strchr(small, -1, g_utf8_get_char(before)) != NULL &&
		    (before == c->plain || *g_utf8_prev_char(before) != '.'))
			return true;
		p += strlen("折");
	}
	return false;
}

static bool
no_number(const struct copy_text *c)
{
	static const char *const numerals[] = { "一", "二", "两", "三", "四", "五", "六",
		"七", "八", "九", "十", "半", "百", NULL };

	return strpbrk(c->plain, "0123456789") == NULL && !has_any(c->plain, numerals);
}

/* 需要吗？ can be answered with no; 周六还是周日？ cannot. */
static bool
yes_no(const struct copy_text *c)
{
	static const char *const choices[] = { "还是", "或者", "回复1", "回1", "回复 1",
		"任选", "哪", NULL };

	return strstr(c->plain, "吗？") != NULL && !has_any(c->plain, choices);
}

const struct copy_shape copy_shapes[] = {
	{ .id = "impersonal",
	    .help = "the customer's name is missing (not asked of push)",
	    .level = COPY_ERROR,
	    .categories = ADVERTS,
	    .breaks = impersonal,
	    .why = "the text speaks to nobody by name",
	    .instead = "begin with {{ customer.salutation }} or {{ customer.name }}" },
	{ .id = "unsigned",
	    .help = "no advisor signs (not asked of push)",
	    .level = COPY_WARNING,
	    .categories = MARKETING,
	    .breaks = unsigned_,
	    .why = "nobody signs the text",
	    .instead = "sign with {{ advisor.name }}" },
	{ .id = "shouting",
	    .help = "two exclamation marks in a row, more than two in all, or capitals",
	    .level = COPY_ERROR,
	    .categories = BIT(CATEGORIES) - 1,
	    .breaks = shouting,
	    .why = "the text shouts",
	    .instead = "one exclamation mark at most" },
	{ .id = "no-deadline",
	    .help = "a benefit without its last day",
	    .level = COPY_WARNING,
	    .categories = MARKETING,
	    .breaks = no_deadline,
	    .why = "a benefit is named without its deadline",
	    .instead = "say until when it holds, as in 30天内" },
	{ .id = "ungranted",
	    .help = "free or cheaper without offer: (not asked of calls)",
	    .level = COPY_WARNING,
	    .categories = MARKETING,
	    .breaks = ungranted,
	    .why = "something is given away that no offer counts",
	    .instead = "name it in the front matter, offer: NAME, and grant it in the "
		       "playbook" },
	{ .id = "large-discount",
	    .help = "50 % or more off at once",
	    .level = COPY_WARNING,
	    .categories = MARKETING,
	    .breaks = large_discount,
	    .why = "one large discount teaches customers to wait for the next",
	    .instead = "offer several smaller ones, or a service" },
	{ .id = "no-number",
	    .help = "nothing concrete: no number at all",
	    .level = COPY_WARNING,
	    .categories = MARKETING,
	    .breaks = no_number,
	    .why = "the text has no concrete number",
	    .instead = "say how long, how much or until when" },
	{ .id = "yes-no",
	    .help = "a question that can be answered with no",
	    .level = COPY_WARNING,
	    .categories = MARKETING,
	    .breaks = yes_no,
	    .why = "the question can be answered with no",
	    .instead = "offer a choice: 周六还是周日" },
	{ .id = "superlative",
	    .help = "最 with a quality: 最便宜, not 最近 (Advertising Law, article 9)",
	    .level = COPY_ERROR,
	    .categories = MARKETING,
	    .find = copy_superlative,
	    .takes_allow = true,
	    .why = "a claim that advertising may not make (广告法)",
	    .instead = "say what is done, with a number" },
	{ .id = "rank",
	    .help = "第一 and the like as a rank: 销量第一, not 第一天",
	    .level = COPY_ERROR,
	    .categories = MARKETING,
	    .find = copy_rank,
	    .takes_allow = true,
	    .why = "a claim that advertising may not make (广告法)",
	    .instead = "say what is done, with a number" },
	{ .id = "relative-day",
	    .help = "昨天, 明天, 还有3天 in what may be held until another day",
	    .level = COPY_WARNING,
	    .categories = BIT(CATEGORIES) - 1,
	    .takes_allow = true,
	    .why = "it may go a day later than planned, and then this is not true",
	    .instead = "name the date, as in {{ appointment.at | date: \"中文\" }}" },
	{ .id = "alike",
	    .help = "two touches of one playbook say much the same",
	    .level = COPY_WARNING,
	    .categories = BIT(CATEGORIES) - 1,
	    .why = "",
	    .instead = "give each touch something of its own" },
	{ .id = NULL },
};

const struct copy_shape *
copy_shape_named(const char *id)
{
	for (const struct copy_shape *s = copy_shapes; s->id != NULL; s++)
		if (strcmp(s->id, id) == 0)
			return s;
	return NULL;
}

void
copy_help(GString *out)
{
	static const char *const levels[] = { "off", "warning", "error" };

	g_string_append(out, "Built-in rules of copy. copy.yaml sets their levels and "
			     "adds the house's own, which are\n"
			     "lists of words; without a copy.yaml nothing is asked. A "
			     "template is excused by\n"
			     "`allow: { RULE: REASON }` in its front matter.\n\n");
	for (const struct copy_shape *s = copy_shapes; s->id != NULL; s++)
		g_string_append_printf(
		    out, "  %-15s %-8s %s\n", s->id, levels[s->level], s->help);
}
