#include "words.h"

#include <stdio.h>
#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "core/twin.h"
#include "options.h"
#include "show.h"

static bool chinese;

bool
words_chinese(void)
{
	return chinese;
}

int
words_language(const char *verb, const char *lang)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	if (lang != NULL && strcmp(lang, "zh") != 0 && strcmp(lang, "en") != 0)
		return options_usage(verb, "--lang is en or zh, not \"%.40s\"", lang);
	for (size_t i = 0; lang == NULL && i < G_N_ELEMENTS(names); i++) {
		lang = g_getenv(names[i]);
		if (lang != NULL && *lang == '\0')
			lang = NULL;
	}
	chinese = lang != NULL && g_str_has_prefix(lang, "zh");
	return 0;
}

const char *
words_say(const struct words_twin *table, const char *word)
{
	for (; table->word != NULL; table++)
		if (strcmp(table->word, word) == 0)
			return chinese ? table->zh : table->en;
	return word;
}

const char *
words_text(const json_t *j, const char *key, GStringChunk *keep)
{
	char *twin = g_strconcat(key, "_zh", NULL);
	const char *zh = chinese ? show_text(j, twin, keep) : "";

	g_free(twin);
	return *zh != '\0' ? zh : show_text(j, key, keep);
}

const char *
words_line(const char *line, GStringChunk *keep)
{
	char zh[TWIN_TEXT];

	return chinese && twin_zh(line, zh, sizeof(zh)) ? g_string_chunk_insert(keep, zh)
							 : line;
}

void
words_print(const char *text)
{
	GStringChunk *keep = g_string_chunk_new(256);
	char **lines = g_strsplit(text, "\n", -1);

	for (int i = 0; lines[i] != NULL; i++)
		if (*lines[i] != '\0' || lines[i + 1] != NULL)
			puts(words_line(lines[i], keep));
	g_strfreev(lines);
	g_string_chunk_free(keep);
}

const char *
words_ways(const char *name, GStringChunk *keep)
{
	GString *s = g_string_new(name);
	const char *kept;

	if (chinese) {
		g_string_replace(s, "webhook", "回调", 0);
		g_string_replace(s, "pull", "拉取", 0);
		g_string_replace(s, "query", "查询", 0);
		g_string_replace(s, "none", "无", 0);
	}
	kept = g_string_chunk_insert(keep, s->str);
	g_string_free(s, TRUE);
	return kept;
}

const struct words_twin words_columns[] = {
	{ "planned", "planned", "计划中" },
	{ "held", "held", "暂缓" },
	{ "awaiting", "awaiting", "待人工" },
	{ "sent", "sent", "已发" },
	{ "unknown", "unknown", "未知" },
	{ "capped", "capped", "达上限" },
	{ "opted_out", "opted_out", "已退订" },
	{ "expired", "expired", "过期" },
	{ "failed", "failed", "失败" },
	{ "left", "left", "已离开" },
	{ "control", "control", "对照组" },
	{ 0 },
};

const struct words_twin words_runs[] = {
	{ "running", "running", "进行中" },
	{ "watching", "watching", "等目标" },
	{ "finished", "finished", "已走完" },
	{ "left", "left", "已离开" },
	{ "goal", "goal", "目标已达成" },
	{ "exit", "exit", "符合退出条件" },
	{ "steps", "steps", "步骤走完" },
	{ "reply", "reply", "客户的回复让它停下" },
	{ "restart", "restart", "重新进入" },
	{ "recall", "recall", "被撤回" },
	{ "undone", "undone", "被撤销" },
	{ "erased", "erased", "资料已删除" },
	{ "merged", "merged", "并入另一位客户" },
	{ 0 },
};

const struct words_twin words_channels[] = {
	{ "sms", "sms", "短信" },
	{ "wecom", "wecom", "企业微信" },
	{ "email", "email", "邮件" },
	{ "push", "push", "App 推送" },
	{ "phone", "phone", "电话" },
	{ 0 },
};

const struct words_twin words_launches[] = {
	{ "done", "done", "已全部放开" },
	{ "countdown", "countdown", "倒计时" },
	{ "ramp", "ramp", "分批放开" },
	{ "untested", "untested", "还没试发" },
	{ "held", "held", "已暂停" },
	{ "stopped", "stopped", "自动停下" },
	{ 0 },
};

const struct words_twin words_books[] = {
	{ "draft", "draft", "草稿" },
	{ "live", "live", "运行" },
	{ "paused", "paused", "暂停" },
	{ "ended", "ended", "结束" },
	{ "gone", "gone", "文件已不在" },
	{ 0 },
};

const struct words_twin words_tasks[] = {
	{ "call", "call", "打电话" },
	{ "draft", "draft", "待发微信" },
	{ "complaint", "complaint", "投诉" },
	{ "answer", "answer", "看回复" },
	{ "wrong_person", "wrong_person", "号码不对" },
	{ "task", "task", "任务" },
	{ "open", "open", "待办" },
	{ "waiting", "waiting", "等时段" },
	{ "escalated", "escalated", "已上报" },
	{ "done", "done", "已完成" },
	{ "withdrawn", "withdrawn", "已撤回" },
	{ "lapsed", "lapsed", "逾期作废" },
	{ 0 },
};

const struct words_twin words_lives[] = {
	{ "prospect", "prospect", "潜在客户" },
	{ "new", "new", "新客户" },
	{ "growing", "growing", "成长期" },
	{ "mature", "mature", "成熟期" },
	{ "none", "none", "未定" },
	{ "satisfied", "satisfied", "满意" },
	{ "doubting", "doubting", "疑虑" },
	{ "trying", "trying", "尝试别家" },
	{ "overdue", "overdue", "逾期未来" },
	{ "dormant", "dormant", "休眠" },
	{ "lost", "lost", "流失" },
	{ "returned", "returned", "已回流" },
	{ "given-up", "given-up", "已放弃" },
	{ "high", "high", "高价值" },
	{ "mid", "mid", "中价值" },
	{ "low", "low", "低价值" },
	{ "at-risk", "at-risk", "有流失风险" },
	{ "weak-tie", "weak-tie", "弱联系" },
	{ "month", "month", "月" },
	{ "year", "year", "年" },
	{ 0 },
};

/* Those that ship; a house's own are what they are called. */
const struct words_twin words_signs[] = {
	{ "ticket-falls", "ticket-falls", "客单价下降" },
	{ "basics-only", "basics-only", "只做基础保养" },
	{ "refuses-extras", "refuses-extras", "多次谢绝推荐项目" },
	{ "score-falls", "score-falls", "评分下降" },
	{ "silent", "silent", "久不回应" },
	{ "no-events", "no-events", "邀约活动不来" },
	{ "haggles", "haggles", "砍价" },
	{ "asks-prices", "asks-prices", "打听价格" },
	{ "compares", "compares", "与别家比较" },
	{ "hesitates", "hesitates", "犹豫" },
	{ "decides-slowly", "decides-slowly", "迟迟不决定" },
	{ "interval-stretches", "interval-stretches", "到店间隔变长" },
	{ "no-shows", "no-shows", "预约未到" },
	{ "reschedules", "reschedules", "一再改期" },
	{ "refuses-calls", "refuses-calls", "不愿接电话" },
	{ "low-score", "low-score", "评分低" },
	{ "distant", "distant", "态度疏远" },
	{ "seen-elsewhere", "seen-elsewhere", "去过别家" },
	{ "reply", "reply", "等人回复" },
	{ "chat", "chat", "聊天中" },
	{ "complaint", "complaint", "投诉未结" },
	{ "workshop", "workshop", "车在车间" },
	{ 0 },
};

const struct words_twin *const words_all[] = { words_columns, words_runs, words_channels,
	words_launches, words_books, words_tasks, words_lives, words_fates, words_by_hand,
	words_facts, words_contacts, words_signs, words_likely, words_files, NULL };
