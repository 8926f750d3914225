/* habits_reply.c - answers by kind, and finding out what a text asks for. */
#include "habits_reply.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define PICK(list, luck) ((list)[(luck) % (sizeof(list) / sizeof((list)[0]))])

static const char *const figures[] = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
	"10" };
#define HIGHEST 10

/* The number at p, or -1. *end is behind it. */
static int
number(const char *p, const char **end)
{
	char *after;
	if (*p < '0' || *p > '9')
		return -1;
	long n = strtol(p, &after, 10);
	*end = after;
	return n > HIGHEST ? -1 : (int)n;
}

static const char *
skip_one_of(const char *p, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strncmp(p, *words, strlen(*words)) == 0)
			return p + strlen(*words);
	return NULL;
}

/* "1-5", "1～5", "1至5": a scale. */
static bool
scale(const char *p, int *low, int *high)
{
	static const char *const to[] = { "-", "~", "～", "—", "–", "至", "到", NULL };
	*low = *high = number(p, &p);
	if (*low < 0)
		return false;
	const char *q = skip_one_of(p, to);
	int top = q != NULL ? number(q, &q) : -1;
	if (top > *low)
		*high = top;
	return true;
}

/* The first 回复 that a figure follows, with at most a few words between. */
static bool
asks(const char *text, int *low, int *high)
{
	static const char *const ask[] = { "回复", "回覆", "Reply ", "reply ", NULL };
	for (const char *p = text; *p != '\0'; p++) {
		const char *q = skip_one_of(p, ask);
		if (q == NULL)
			continue;
		static const char *const fill[] = { "数字", "“", "\"", "「", "【", " ",
			":", "：", "with ", NULL };
		for (const char *more = q; more != NULL; more = skip_one_of(q, fill))
			q = more;
		if (scale(q, low, high))
			return true;
	}
	return false;
}

const char *
habits_reply_asked(const char *text, uint64_t luck)
{
	static const char *const besides[] = { "好的", "可以，周末方便吗", "请给我打电话",
		"多少钱？", "已经做过了，谢谢" };
	int low, high;
	if (!asks(text, &low, &high))
		return NULL;
	int of100 = (int)(luck % 100);
	uint64_t rest = luck / 100;
	if (of100 < 10)
		return PICK(besides, rest);
	if (low == high)
		return figures[low];
	/* Scales: three quarters at the top two, one in eight at the bottom third. */
	int span = high - low + 1;
	if (of100 < 62)
		return figures[high];
	if (of100 < 77)
		return figures[high - 1];
	if (of100 < 89 || span < 4)
		return figures[low + (int)(rest % (uint64_t)((span + 2) / 3))];
	return figures[low + (int)(rest % (uint64_t)span)];
}

const char *
habits_reply_chat(uint64_t luck)
{
	static const char *const list[] = { "谢谢", "收到", "好的", "好的，谢谢提醒",
		"知道了", "最近没空，过段时间再去", "周六上午能约吗", "你们几点下班？",
		"车已经卖了", "现在做保养多少钱", "👍" };
	return PICK(list, luck);
}

const char *
habits_reply_stop(uint64_t luck)
{
	static const char *const list[] = { "TD", "T", "退订", "td", "ＴＤ", "退订。",
		"拒收", "别发了", "不要再发了", "取消订阅，退订", "R" };
	return PICK(list, luck);
}

const char *
habits_reply_wrong(uint64_t luck)
{
	static const char *const list[] = { "发错了", "我不是", "你发错了，我没有车",
		"我不是车主" };
	return PICK(list, luck);
}

const char *
habits_reply_complaint(uint64_t luck)
{
	static const char *const list[] = { "再发就投诉", "投诉", "骚扰短信，已举报",
		"打12321投诉你们" };
	return PICK(list, luck);
}
