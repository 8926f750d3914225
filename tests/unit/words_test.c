/* words_test.c - nobody who reads Chinese is told a sentence in English. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "../../src/cmd/words.h"
#include "core/launch.h"
#include "core/reason.h"
#include "core/task.h"
#include "core/twin.h"

static int bad;

static void
wrong(const char *where, const char *what)
{
	print_error("%s: %s\n", where, what);
	bad++;
}

static void
every_word_has_its_twin(void **state)
{
	(void)state;
	bad = 0;
	for (int i = 0; words_all[i] != NULL; i++)
		for (const struct words_twin *t = words_all[i]; t->word != NULL; t++)
			if (t->en == NULL || *t->en == '\0' || t->zh == NULL ||
			    g_str_is_ascii(t->zh))
				wrong(t->word, "no Chinese");
	for (int i = REASON_NONE + 1; i < REASONS; i++)
		if (g_str_is_ascii(reason_sentence_zh(i)))
			wrong(reason_name(i), "no Chinese");
	assert_int_equal(bad, 0);
}

/* A twin has no hole its sentence has not. */
static void
every_pattern_has_its_twin(void **state)
{
	const char *en, *zh;

	(void)state;
	bad = 0;
	for (int i = 0; (en = twin_at(i, &zh)) != NULL; i++) {
		if (g_str_is_ascii(zh))
			wrong(en, "no Chinese");
		for (const char *p = strchr(zh, '{'); p != NULL; p = strchr(p + 1, '{')) {
			char hole[4] = { p[0], p[1], p[2], '\0' };

			if (strstr(en, hole) == NULL)
				wrong(en, "its twin says more");
		}
	}
	assert_int_equal(bad, 0);
}

static void
said_in_chinese(void **state)
{
	static const struct {
		const char *en, *zh;
	} rows[] = {
		{ "sms needs marketing", "短信需要客户同意“营销”" },
		{ "3 of 4 this month", "本月已有 3 条，上限 4 条" },
		{ "3 of 4 in 7d", "7d 内已有 3 条，上限 4 条" },
		{ "3 of 4 to this address this year",
		    "本年发到这个地址的已有 3 条，上限 4 条" },
		{ "budget.day: 3.00 of 5.00 used, this costs 2.50",
		    "剧本每日预算：已用 3.00 元，共 5.00 元，这条要 2.50 元" },
		{ "held by hand", "手动暂停" },
		{ "held by hand, 李明: 文案不对", "由 李明 手动暂停：文案不对" },
		{ "1 row of the list of care means nobody we know: `reachd status` shows "
		  "them",
		    "care 的名单中有 1 行对不上任何客户：见 reachd status" },
		{ "2 rows of the list of care mean nobody we know: `reachd status` shows "
		  "them",
		    "care 的名单中有 2 行对不上任何客户：见 reachd status" },
		{ "care has stopped by itself: errors: 5 of 9 sent (55.6%), more than "
		  "2.0%; "
		  "look, then `reachd go care` or `reachd recall care`",
		    "care 自动停下：出错：已发 9 条中有 5 条（55.6%），超过 "
		    "2.0%；请先查看，"
		    "再用 reachd go 或 reachd recall" },
		{ "2 vehicles, 0 appointments, 3 orders, 4 events, 0 offers, 1 open tasks, "
		  "0 arms of tests; 5 touches of this month or year",
		    "车 2 辆，预约 0 个，工单 3 张，事件 4 条，权益 0 份，未办任务 1 "
		    "项，测试分组 0 个；本月或本年触达 5 次" },
		{ "C1 is as before", "C1 恢复成合并前的样子" },
		{ "  row 7, column 6 (birthday): \"2026-02-30\" is not a date; write it as "
		  "2024-03-05",
		    "  第 7 行第 6 列（birthday）：“2026-02-30”不是日期，请写成 2024-03-05" },
		{ "  row 8: it has 3 columns where the heading has 4",
		    "  第 8 行：这一行有 3 列，表头有 4 列" },
		{ "1200 rows read (UTF-8): 1190 imported, 8 refused, 2 set aside",
		    "读入 1200 行（UTF-8）：导入 1190 行，退回 8 行，搁置 2 行" },
		{ "line 3: a quote opened in this line is not closed by the end of the file",
		    "第 3 行：这一行开始的引号到文件末尾也没有合上" },
		{ "consent, basis marketing: marketing may reach 5, service 2 more, nothing 1",
		    "同意（依据：营销）：营销消息可发 5 人，另有 2 人只能发服务消息，1 "
		    "人什么都不能发" },
		{ "  marketing by sms: 970", "  可用短信发营销：970 人" },
		{ "consent by sms: marketing -> service",
		    "短信的同意级别：营销 → 服务" },
		/* somebody's own words */
		{ "customer.tier != \"weak-tie\"", NULL },
		{ "", NULL },
	};
	char zh[TWIN_TEXT];

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		bool told = twin_zh(rows[i].en, zh, sizeof(zh));

		assert_int_equal(told, rows[i].zh != NULL);
		if (told)
			assert_string_equal(zh, rows[i].zh);
	}
}

static void
what_stops_a_launch(void **state)
{
	const struct ramp_limits limits = {
		.complaints = 100, .opt_outs = 100, .errors = 100
	};
	const struct ramp_count counts[] = { { .sent = 10, .complaints = 5 },
		{ .sent = 10, .opt_outs = 5 }, { .sent = 10, .errors = 5 } };
	char why[160], zh[TWIN_TEXT];

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
		assert_true(ramp_over(&limits, &counts[i], why, sizeof(why)));
		assert_true(twin_zh(why, zh, sizeof(zh)));
		assert_non_null(strstr(zh, "超过"));
	}
}

/* ---- the sources: what is printed, and what a verdict says ---- */

static void
source(const char *path, char **text)
{
	if (!g_file_get_contents(path, text, NULL, NULL))
		fail_msg("%s cannot be read", path);
}

/* The literal that begins at a quote; several in a row are one. Its end in *end. */
static char *
literal(const char *p, const char **end)
{
	GString *s = g_string_new("");

	while (*p == '"') {
		for (p++; *p != '"' && *p != '\0'; p++) {
			if (*p == '\\')
				g_string_append_c(s, *p++);
			g_string_append_c(s, *p);
		}
		*end = ++p;
		p += strspn(p, " \t\n");
		if (g_str_has_prefix(p, "G_GINT64_FORMAT")) {
			g_string_append_c(s, 'd');
			*end = p += strlen("G_GINT64_FORMAT");
			p += strspn(p, " \t\n");
		}
	}
	return g_string_free(s, FALSE);
}

static bool
is_sentence(const char *s)
{
	for (; *s != '\0'; s++)
		if (g_ascii_islower(s[0]) && s[1] == ' ' && g_ascii_islower(s[2]))
			return true;
	return false;
}

static bool
follows(const char *text, const char *p, const char *what)
{
	size_t n = strlen(what);

	return (size_t)(p - text) >= n && strncmp(p - n, what, n) == 0;
}

/* Comments out, so that they are not looked at. */
static void
blank_comments(char *text)
{
	for (char *p = strstr(text, "/*"), *end; p != NULL; p = strstr(end, "/*")) {
		end = strstr(p, "*/");
		memset(p, ' ', (size_t)(end + 2 - p));
	}
}

/* What a verb tells people stands in SAY, with its twin. */
static void
s27_every_sentence_printed_has_its_twin(void **state)
{
	static const char *const paths[] = { "src/cmd/why.c", "src/cmd/status.c",
		"src/cmd/forecast.c", "src/cmd/task.c", "src/cmd/customer.c", "src/cmd/correct.c", "src/cmd/show_experiments.c", "src/cmd/import.c",
		"src/cmd/import_lists.c", "src/cmd/pages.c" };

	(void)state;
	bad = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		char *text;

		source(paths[i], &text);
		const char *p, *end;

		blank_comments(text);
		p = strstr(text, "static const char help[]");
		for (p = p != NULL ? strstr(p, ";\n") : text; /* behind it */
		     (p = strchr(p, '"')) != NULL; p = end) {
			bool said = follows(text, p, "SAY(");
			char *s = literal(p, &end), *zh = NULL;
			const char *after = end + strspn(end, ", \t\n");

			if (said && *after == '"')
				zh = literal(after, &end);
			if (said &&
			    (zh == NULL || (g_str_is_ascii(zh) && is_sentence(s))))
				wrong(paths[i], s);
			if (!said && g_str_is_ascii(s) && is_sentence(s) &&
			    !follows(text, p, "options_usage(verb, ") &&
			    !follows(text, p, "\"customer\", ") &&
			    !g_str_has_prefix(s, "reachd customer") &&
			    strcmp(s, "reachd import: %s\\n") != 0 &&
			    strcmp(s, "reachd import undo: %s\\n") != 0 &&
			    strstr(s, "is not one of") == NULL &&
			    strstr(s, "too many") == NULL &&
			    strstr(s, "not UTF-8") == NULL &&
			    strstr(s, "have numbers") == NULL &&
			    strcmp(s, "ID is missing") != 0 && *after != '"')
				wrong(paths[i], s);
			g_free(zh);
			g_free(s);
		}
		g_free(text);
	}
	assert_int_equal(bad, 0);
}

/* A format as it comes out: a figure for %d, a word for %s. */
static char *
made(const char *format)
{
	GString *s = g_string_new("");

	for (; *format != '\0'; format++) {
		if (*format == '\\') {
			format += format[1] == 'n'; /* a line's end is none of its words */
			continue;
		}
		if (*format != '%') {
			g_string_append_c(s, *format);
			continue;
		}
		format++;
		if (*format == '%') {
			g_string_append_c(s, '%');
			continue;
		}
		format += strspn(format, "0123456789.l");
		g_string_append(s, *format == 's' ? "sms" : "7");
	}
	return g_string_free(s, FALSE);
}

/* Whatever the gate says of a verdict, and every alarm. */
static void
s27_every_detail_has_its_twin(void **state)
{
	static const struct {
		const char *path, *call;
	} rows[] = { { "src/core/gate.c", "say(v, " },
		{ "src/engine/tasks_offer.c", "later(" },
		{ "src/engine/join.c", "append_printf(" },
		{ "src/engine/tasks_done.c", "tasks_answer(d, 200, " },
		{ "src/engine/tasks_done.c", "tasks_answer(&d, 200, " },
		{ "src/engine/drafts.c", "tasks_answer(d, 200, " },
		{ "src/engine/inbound.c", "alarm_add(" },
		{ "src/engine/intake.c", "alarm_add(" },
		{ "src/engine/profile.c", "alarm_add(" },
		{ "src/engine/outcome.c", "alarm_add(" },
		{ "src/engine/sleepers.c", "alarm_add(" },
		{ "src/engine/migrate_run.c", "alarm_add(" },
		{ "src/engine/sweep_list.c", "alarm_add(" },
		{ "src/engine/tasks_clock.c", "alarm_add(" },
		{ "src/engine/plan_dates.c", "plan_suppress(" },
		{ "src/engine/migrate_run.c", "plan_suppress(" },
		{ "src/engine/nightly.c", "alarm_add(" },
		{ "src/engine/import_report.c", "append_printf(" },
		{ "src/engine/import_row.c", "rows_judge(" },
		{ "src/engine/import_subjects.c", "rows_judge(" },
		{ "src/engine/import_orders.c", "rows_judge(" },
		{ "src/engine/import_past.c", "rows_judge(" },
		{ "src/engine/import_customers.c", "rows_judge(" },
		{ "src/engine/import_undo.c", "refuse(" },
		{ "src/spec/rows.c", "append_printf(" },
		{ "src/spec/rows.c", "rows_list(" },
		{ "src/spec/customers.c", "judge(" },
		{ "src/spec/customers_cell.c", "judge(" },
		{ "src/spec/customers_cell.c", "leave_out(" },
		{ "src/spec/records.c", "judge(" },
		{ "src/spec/records.c", "leave_out(" },
		{ "src/spec/record_order.c", "rows_judge(" },
		{ "src/spec/record_staff.c", "rows_judge(" },
		{ "src/spec/record_appointment.c", "rows_judge(" },
		{ "src/spec/record_past.c", "rows_judge(" },
		{ "src/spec/optouts.c", "judge(" },
		{ "src/spec/table.c", "err_at(" },
		{ "src/spec/table_csv.c", "err_at(" },
		{ "src/spec/table_encoding.c", "err_at(" },
		{ "src/spec/table_batch.c", "err_at(" },
		{ "src/spec/columns.c", "err_at(" },
		{ "src/spec/optouts.c", "err_at(" },
		{ "src/spec/customers.c", "err_at(" } };
	char zh[TWIN_TEXT];
	int seen = 0;

	(void)state;
	bad = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *text;

		source(rows[i].path, &text);

		blank_comments(text);
		for (const char *p = strstr(text, rows[i].call); p != NULL;
		     p = strstr(p + 1, rows[i].call)) {
			const char *stop = strchr(p, ';'), *q = strchr(p, '"'), *end;

			for (; q != NULL && q < stop; q = strchr(end, '"')) {
				char *format = literal(q, &end), *s = made(format);

				stop = end > stop ? strchr(end, ';') : stop;
				if (is_sentence(s) &&
				    strcmp(s, "control of the house") != 0 &&
				    strcmp(s, " (did you mean ") != 0 &&
				    !twin_zh(s, zh, sizeof(zh)))
					wrong(rows[i].path, s);
				seen += is_sentence(s);
				g_free(s);
				g_free(format);
			}
		}
		g_free(text);
	}
	assert_int_equal(bad, 0);
	assert_true(seen > 25);
}

/* Who builds a "sentence" for JSON builds its "sentence_zh" beside it. */
static void
every_json_sentence_has_its_twin(void **state)
{
	const char *name;
	GDir *dir = g_dir_open("src/engine", 0, NULL);

	(void)state;
	assert_non_null(dir);
	bad = 0;
	while ((name = g_dir_read_name(dir)) != NULL) {
		char *path = g_build_filename("src/engine", name, NULL), *text;
		char **en, **zh;

		if (!g_str_has_suffix(name, ".c")) {
			g_free(path);
			continue;
		}
		source(path, &text);
		en = g_strsplit(text, "\"sentence\"", -1);
		zh = g_strsplit(text, "\"sentence_zh\"", -1);
		if (g_strv_length(en) != g_strv_length(zh))
			wrong(path, "a sentence without sentence_zh");
		g_strfreev(zh);
		g_strfreev(en);
		g_free(text);
		g_free(path);
	}
	g_dir_close(dir);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_has_its_twin),
		cmocka_unit_test(every_pattern_has_its_twin),
		cmocka_unit_test(said_in_chinese),
		cmocka_unit_test(what_stops_a_launch),
		cmocka_unit_test(s27_every_sentence_printed_has_its_twin),
		cmocka_unit_test(s27_every_detail_has_its_twin),
		cmocka_unit_test(every_json_sentence_has_its_twin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
