/* status.c - `reachd status`: what the daemon is doing, and what became of every touch.
 */
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "cmd/cmd.h"
#include "core/message.h"
#include "show.h"
#include "words.h"

static const char help[] =
    "usage: reachd status [--lang en|zh] [--json] [--config DIR | --socket PATH]\n\n"
    "Shows the daemon's health, providers, freezes, alarms and, for each playbook, in\n"
    "which column of the balance its touches are.\n\n"
    "  --lang en|zh  language; default what LC_ALL, LC_MESSAGES or LANG say\n"
    "  --json        all of it as one JSON object, in both languages\n";

static void
print_head(const json_t *s, GStringChunk *keep)
{
	printf("%s", SAY("running", "运行中"));
	if (json_object_get(s, "uptime_s") != NULL)
		printf(
		    SAY(" for %s", "，已 %s"), show_span(show_int(s, "uptime_s"), keep));
	if (json_object_get(s, "now") != NULL)
		printf(SAY(", now %s", "，现在是 %s"),
		    show_time(show_text(s, "now", keep), keep));
	printf(SAY(", %.1f MiB", "，%.1f MiB"),
	    (double)show_int(s, "rss_bytes") / 1048576.0);
	printf(SAY("\n%s customers", "\n客户 %s 位"), show_text(s, "customers", keep));
	if (show_int(s, "inbox_open") > 0)
		printf(SAY(", %s receipts not matched yet", "，%s 条回执还没对上"),
		    show_text(s, "inbox_open", keep));
	if (show_int(s, "offers_asked") > 0)
		printf(SAY(", %s offers wait for a yes (reachd offer list asked)",
			   "，%s 份权益等待批准（reachd offer list asked）"),
		    show_text(s, "offers_asked", keep));
	if (show_int(s, "quality") > 0)
		printf(SAY(", %s rows with what cannot be right (reachd import quality)",
			   "，%s 行数据有问题（reachd import quality）"),
		    show_text(s, "quality", keep));
	putchar('\n');
}

static void
print_refused(const json_t *s, GStringChunk *keep)
{
	const json_t *r = json_object_get(s, "refused");

	if (r == NULL)
		return;
	if (show_int(r, "mistakes") == 0) {
		printf(SAY("\nNOT IN FORCE - the configuration was changed %s; the last one runs "
			   "on:\n  %s\n",
			   "\n未采用 - 配置在 %s 改过，仍按上一份运行：\n  %s\n"),
		    show_time(show_text(r, "at", keep), keep), show_text(r, "first", keep));
		return;
	}
	printf(
	    SAY("\nREFUSED - the configuration was changed %s and has %s mistake%s; the "
		"last good\n"
		"one runs on. Mend it; `reachd check` shows every mistake. The "
		"first:\n  %s\n",
		"\n未采用 - 配置在 %s 改过，有 %s 处错误%s；仍按上一份正确的配置运行。\n"
		"请改正，reachd check 会列出全部错误。第一处：\n  %s\n"),
	    show_time(show_text(r, "at", keep), keep), show_text(r, "mistakes", keep),
	    show_int(r, "mistakes") == 1 || words_chinese() ? "" : "s",
	    show_text(r, "first", keep));
}

/* "age_s": 90 as "1 min ago". */
static void
append_age(GString *out, const json_t *one, GStringChunk *keep)
{
	if (json_object_get(one, "age_s") != NULL)
		g_string_append_printf(
		    out, SAY("%s ago", "%s前"), show_span(show_int(one, "age_s"), keep));
}

/* Every member that is not a container, as key=value. */
static char *
members(const json_t *object, const char *const *except, GStringChunk *keep)
{
	GString *out = g_string_new("");
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)object, key, v)
	{
		const char *text = show_text(object, key, keep);

		if (*text == '\0' || g_strv_contains(except, key) ||
		    strcmp(text, "0") == 0 || json_is_false(v))
			continue;
		g_string_append_printf(
		    out, "%s%s=%s", out->len > 0 ? "  " : "", key, text);
	}
	return g_string_free(out, FALSE);
}

/* One line an element: its name, then what else it says. */
static void
print_list(const json_t *s, const char *key, const char *title, GStringChunk *keep)
{
	static const char *const except[] = { "name", "cause", "kind", "text", "text_zh",
		"at", "age_s", NULL };
	const json_t *list = json_object_get(s, key), *one;
	struct show_table *t = show_table_new(2);
	size_t i;

	if (json_array_size(list) > 0)
		printf("\n%s\n", title);
	json_array_foreach(list, i, one)
	{
		GString *rest = g_string_new("");
		const char *name = json_is_string(one) ? json_string_value(one) : "";

		for (size_t k = 0; k < 3 && *name == '\0'; k++)
			name = show_text(one, except[k], keep);
		if (*show_text(one, "at", keep) != '\0')
			g_string_append_printf(
			    rest, "%s  ", show_time(show_text(one, "at", keep), keep));
		append_age(rest, one, keep);
		g_string_append(rest, words_text(one, "text", keep));
		char *more = members(one, except, keep);
		g_string_append_printf(
		    rest, "%s%s", rest->len > 0 && *more ? "  " : "", more);
		show_table_row(t, (const char *[]){ name, rest->str });
		g_free(more);
		g_string_free(rest, TRUE);
	}
	show_table_print(t, "  ", stdout);
}

/* Rows of a list that mean nobody. */
static void
print_unmatched(const json_t *playbook, GStringChunk *keep)
{
	const json_t *u = json_object_get(playbook, "unmatched"), *row;
	size_t i;

	if (u == NULL)
		return;
	printf(SAY("%s: %s rows of its list mean nobody:",
		   "%s：名单中有 %s 行对不上任何客户："),
	    show_text(playbook, "name", keep), show_text(u, "rows", keep));
	json_array_foreach(json_object_get(u, "first"), i, row)
	{
		char *clean = show_clean(json_string_value(row));

		printf(" %s", clean);
		g_free(clean);
	}
	puts(show_int(u, "rows") > (int64_t)i ? " ..." : "");
}

/* Only the columns that some playbook has touches in. */
static void
print_playbooks(const json_t *s, GStringChunk *keep)
{
	const json_t *list = json_object_get(s, "playbooks"), *one;
	const char *cells[COLUMNS + 2];
	int shown[COLUMNS], n = 0;
	struct show_table *t;
	size_t i;

	for (int c = 0; c < COLUMNS; c++) {
		bool any = false;

		json_array_foreach(list, i, one) any =
		    any || show_int(json_object_get(one, "balance"), column_name(c)) > 0;
		if (any)
			shown[n++] = c;
	}
	if (json_array_size(list) == 0)
		return;
	t = show_table_new(n + 2);
	cells[0] = SAY("playbook", "剧本");
	cells[1] = "";
	for (int c = 0; c < n; c++)
		cells[c + 2] = words_say(words_columns, column_name(shown[c]));
	putchar('\n');
	show_table_row(t, cells);
	json_array_foreach(list, i, one)
	{
		cells[0] = show_text(one, "name", keep);
		cells[1] = words_say(words_books, show_text(one, "status", keep));
		for (int c = 0; c < n; c++)
			cells[c + 2] = show_text(
			    json_object_get(one, "balance"), column_name(shown[c]), keep);
		show_table_row(t, cells);
	}
	show_table_print(t, "", stdout);
	json_array_foreach(list, i, one) print_unmatched(one, keep);
}

/* "tasks: 3 open, 12 done" */
static void
print_tasks(const json_t *s)
{
	const char *state;
	const json_t *n;
	bool first = true;

	json_object_foreach((json_t *)json_object_get(s, "tasks"), state, n)
	{
		if (json_integer_value(n) == 0)
			continue;
		printf(SAY("%s%lld %s", "%s%lld 项%s"),
		    first ? SAY("\ntasks: ", "\n任务：") : SAY(", ", "，"),
		    (long long)json_integer_value(n), words_say(words_tasks, state));
		first = false;
	}
	if (!first)
		putchar('\n');
}

/* "care: ramp, stage 2 of 3 since 10:00, 84 in" */
static void
print_launch(const char *name, const json_t *l, GStringChunk *keep)
{
	const char *state = show_text(l, "state", keep);

	printf(SAY("  %s: %s", "  %s：%s"), name, words_say(words_launches, state));
	if (show_int(l, "stage") > 0)
		printf(
		    SAY(", stage %s of %s since %s", "，第 %s 批（共 %s 批），自 %s 起"),
		    show_text(l, "stage", keep), show_text(l, "stages", keep),
		    show_time(show_text(l, "since", keep), keep));
	if (*show_text(l, "starts", keep) != '\0')
		printf(SAY(", starts %s; `reachd hold %s` stops it, `reachd go %s` "
			   "starts it now",
			   "，%s 开始；reachd hold %s 叫停，reachd go %s 立即开始"),
		    show_time(show_text(l, "starts", keep), keep), name, name);
	if (show_int(l, "entered") > 0)
		printf(SAY(", %s in", "，已进入 %s 位"), show_text(l, "entered", keep));
	if (show_int(l, "waiting") > 0)
		printf(SAY(", %s wait", "，%s 位在等"), show_text(l, "waiting", keep));
	if (*show_text(l, "why", keep) != '\0')
		printf(SAY(": %s", "：%s"), words_text(l, "why", keep));
	putchar('\n');
}

static void
print_budgets(const char *name, const json_t *list, bool *any)
{
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		if (!*any)
			printf("\n%s\n", SAY("budgets", "预算"));
		*any = true;
		printf(SAY("  %s%s%s: %.2f of %.2f yuan\n",
			   "  %s%s%s：已用 %.2f 元，预算 %.2f 元\n"),
		    name, *name == '\0' ? "" : " ",
		    json_string_value(json_object_get(one, "name")),
		    json_number_value(json_object_get(one, "used")),
		    json_number_value(json_object_get(one, "limit")));
	}
}

/* What is not let out whole, and what money there is for it. */
static void
print_launches(const json_t *s, GStringChunk *keep)
{
	const json_t *list = json_object_get(s, "playbooks"), *one;
	bool any = false;
	size_t i;

	json_array_foreach(list, i, one)
	{
		const json_t *l = json_object_get(one, "launch");

		if (l == NULL || strcmp(show_text(l, "state", keep), "done") == 0)
			continue;
		if (!any)
			printf("\n%s\n", SAY("launches", "发布"));
		any = true;
		print_launch(show_text(one, "name", keep), l, keep);
	}
	any = false;
	print_budgets("", json_object_get(s, "budgets"), &any);
	json_array_foreach(list, i, one) print_budgets(
	    show_text(one, "name", keep), json_object_get(one, "budgets"), &any);
}

/* "  care: 12 wait since Monday until there are hours for their calls" */
static void
print_hours(const json_t *s, GStringChunk *keep)
{
	const json_t *one;
	bool any = false;
	size_t i;

	json_array_foreach(json_object_get(s, "playbooks"), i, one)
	{
		const json_t *h = json_object_get(one, "hours");

		if (h == NULL)
			continue;
		if (!any)
			puts(SAY("\nentry waits for hours", "\n等电话工时才能进入"));
		any = true;
		printf(SAY("  %s: %s since %s; each morning as many enter as can be called\n",
			   "  %s：%s 人，从 %s 等起；每天早上打得了多少就进多少\n"),
		    show_text(one, "name", keep), show_text(h, "waiting", keep),
		    show_time(show_text(h, "since", keep), keep));
	}
}

static void
print_calendar(const json_t *s)
{
	json_int_t year = show_int(s, "calendar_missing");

	if (year != 0)
		printf(
		    SAY("\nno calendar covers %d: put its holidays and make-up workdays "
			"into config/calendars\n",
			"\n没有 %d 年的日历：请把该年的节假日和调休写入 "
			"config/calendars\n"),
		    (int)year);
}

/* A changed set that waits for somebody's yes. */
static void
print_publication(const json_t *s, GStringChunk *keep)
{
	const json_t *p = json_object_get(s, "publication"), *said, *one;
	int agreed = 0;
	size_t i;

	if (p == NULL)
		return;
	said = json_object_get(p, "said");
	json_array_foreach(said, i, one) agreed +=
	    strcmp(show_text(one, "act", keep), "agree") == 0;
	printf(SAY("\nWAITS - changed files, %.12s, %s since %s: %d of %s others have "
		   "agreed; "
		   "the set in\nforce runs on. `reachd publish show` shows the "
		   "difference.\n",
		   "\n等待批准 - 改动的文件 %.12s，%s，自 %s 起：已有 %d 人点头，共需 %s "
		   "人；"
		   "在用的照常运行。\n`reachd publish show` 看有什么不同。\n"),
	    show_text(p, "hash", keep),
	    strcmp(show_text(p, "state", keep), "lapsed") == 0
		? SAY("lapsed; waited", "已作废")
		: SAY("waiting", "等待中"),
	    show_time(show_text(p, "at", keep), keep), agreed,
	    show_text(p, "needs", keep));
}

/* Nobody gets a correction before somebody else has agreed to it. */
static void
print_corrections(const json_t *s, GStringChunk *keep)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(s, "corrections"), i, one)
	{
		const char *decide = show_text(one, "decide", keep);

		printf(
		    SAY("\nWAITS - the correction of %s with %s, since %s, for a second "
			"person: look at\n`reachd correct list`, then `%s --agree` or "
			"`--refuse`.\n",
			"\n等待批准 - 剧本 %s 的更正 %s，自 %s "
			"起：要另一个人同意才发。先看\n`reachd correct list`，再用 `%s "
			"--agree` 同意，或 `--refuse` 否决。\n"),
		    show_text(one, "playbook", keep), show_text(one, "template", keep),
		    show_time(show_text(one, "at", keep), keep), decide);
	}
}

/* How far the contacts of the staff in WeCom are read and matched. */
static void
print_contacts(const json_t *s, GStringChunk *keep)
{
	const json_t *list = json_object_get(s, "contacts"), *one;
	size_t i;

	if (json_array_size(list) > 0)
		puts(SAY("\ncontacts (reachd contacts)",
		    "\n企业微信客户（reachd contacts）"));
	json_array_foreach(list, i, one)
	{
		const char *at = show_time(show_text(one, "at", keep), keep);

		printf(SAY("  %s: members read %s of %s%s%s, matched %s of %s",
			   "  %s：已读取成员 %s / %s%s%s，已匹配 %s / %s"),
		    show_text(one, "name", keep), show_text(one, "read", keep),
		    show_text(one, "members", keep),
		    *at != '\0' ? SAY(", the first at ", "，最早 ") : "", at,
		    show_text(one, "matched", keep), show_text(one, "contacts", keep));
		if (show_int(one, "failed") > 0)
			printf(SAY("; %s could not be read", "；%s 位读不到"),
			    show_text(one, "failed", keep));
		putchar('\n');
	}
}

static void
print(const json_t *s)
{
	GStringChunk *keep = g_string_chunk_new(1024);

	print_head(s, keep);
	print_refused(s, keep);
	print_publication(s, keep);
	print_corrections(s, keep);
	print_list(
	    s, "freezes", SAY("FROZEN - nothing is sent", "已冻结 - 什么都不发"), keep);
	print_playbooks(s, keep);
	print_launches(s, keep);
	print_hours(s, keep);
	print_calendar(s);
	if (json_array_size(json_object_get(s, "experiments")) > 0)
		putchar('\n');
	show_experiments(json_object_get(s, "experiments"), "", keep);
	print_tasks(s);
	print_list(s, "providers", SAY("providers", "服务商"), keep);
	print_contacts(s, keep);
	print_list(s, "feeds", SAY("feeds", "数据来源"), keep);
	print_list(s, "alarms", SAY("alarms", "告警"), keep);
	g_string_chunk_free(keep);
}

int
cmd_status(int argc, char **argv)
{
	struct client c = { 0 };
	bool as_json = false;
	const char *lang = NULL;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c),
		{ "json", 0, NULL, &as_json }, { "lang", 0, &lang, NULL } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 0, 0 };
	int words = options_read(argc, argv, &o);

	if (words < 0)
		return -1 - words;
	if (words_language(argv[0], lang) != 0)
		return 2;
	return client_show(&c, argv[0], "/v1/status", as_json, print);
}
