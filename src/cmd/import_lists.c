#include "import_lists.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "pages.h"
#include "show.h"
#include "words.h"

#define NEWEST 20

const struct words_twin words_files[] = {
	{ "customers", "customers", "客户" },
	{ "optouts", "opt-outs", "退订" },
	{ "vehicles", "vehicles", "车辆" },
	{ "appointments", "appointments", "预约" },
	{ "orders", "orders", "工单" },
	{ "staff", "staff", "员工" },
	{ "sends", "sends", "发送记录" },
	{ "complaints", "complaints", "投诉" },
	{ "contacts", "contacts", "企业微信客户" },
	{ 0 },
};
static const struct words_twin bases[] = {
	{ "none", "none", "不同意" },
	{ "service", "service", "只服务" },
	{ "marketing", "marketing", "营销" },
	{ 0 },
};

/* g_free */
static char *
counts(const json_t *b, GStringChunk *keep)
{
	const char *basis = show_text(b, "basis", keep);
	bool undone = *show_text(b, "undone", keep) != '\0';

	return g_strdup_printf(SAY("%lld rows, %lld new, %lld changed%s%s%s",
				   "%lld 行，新增 %lld，改动 %lld%s%s%s"),
	    (long long)show_int(b, "rows"), (long long)show_int(b, "new"),
	    (long long)show_int(b, "changed"),
	    *basis != '\0' ? SAY(", consent ", "，同意：") : "",
	    words_say(bases, basis), undone ? SAY(", taken back", "，已撤回") : "");
}

static void
print_batches(const json_t *all)
{
	GStringChunk *keep = g_string_chunk_new(1024);
	struct show_table *t = show_table_new(5);
	const json_t *list = json_object_get(all, "batches"), *b;
	size_t i;

	if (json_array_size(list) == 0)
		puts(SAY("Nothing has been imported yet.", "还没有导入过文件。"));
	else
		show_table_row(t,
		    (const char *[]){ SAY("batch", "批次"), SAY("at", "时间"),
			SAY("what", "种类"), SAY("source", "来源"), SAY("rows", "结果") });
	json_array_foreach(list, i, b)
	{
		char *told = counts(b, keep);

		show_table_row(t,
		    (const char *[]){ show_text(b, "batch", keep),
			show_time(show_text(b, "at", keep), keep),
			words_say(words_files, show_text(b, "what", keep)),
			show_text(b, "source", keep), told });
		g_free(told);
	}
	show_table_print(t, "", stdout);
	g_string_chunk_free(keep);
}

static void
print_quality(const json_t *all)
{
	GStringChunk *keep = g_string_chunk_new(1024);
	struct show_table *t = show_table_new(6);
	const json_t *list = json_object_get(all, "rows"), *q;
	size_t i;

	if (json_array_size(list) == 0)
		puts(SAY("No row was set aside.", "没有搁置或略去的内容。"));
	else
		show_table_row(t,
		    (const char *[]){ SAY("what", "种类"), SAY("source", "来源"),
			SAY("row", "行"), "id", SAY("column", "列"),
			SAY("why", "原因") });
	json_array_foreach(list, i, q)
	{
		char *id = show_clean(show_text(q, "id", keep)),
		     *column = show_clean(show_text(q, "column", keep)),
		     *reason =
			 show_clean(words_line(show_text(q, "reason", keep), keep));

		show_table_row(
		    t, (const char *[]){ words_say(words_files, show_text(q, "what", keep)),
			   show_text(q, "source", keep), show_text(q, "row", keep), id,
			   column, reason });
		g_free(reason);
		g_free(column);
		g_free(id);
	}
	show_table_print(t, "", stdout);
	g_string_chunk_free(keep);
}

static int
undo(const struct client *c, const char *batch)
{
	char *path = g_strdup_printf("/v1/batches/%s/undo", batch), *text;
	const struct client_ask ask = { .method = "POST", .path = path, .body = "" };
	struct client_answer ans;
	struct err e = { 0 };
	int rc = client_ask(c, &ask, &ans, &e), code;
	json_t *j;

	g_free(path);
	if (rc != 0)
		return options_fail("import", &e);
	code = client_exit(ans.status);
	if (code == 0) {
		j = json_loads(ans.body->str, 0, NULL);
		printf(SAY("%lld put back as they were, %lld left: changed since\n",
			   "已恢复 %lld 条，%lld 条之后有改动，保持现状\n"),
		    (long long)show_int(j, "restored"), (long long)show_int(j, "kept"));
		json_decref(j);
	} else {
		GStringChunk *keep = g_string_chunk_new(256);

		text = client_error(ans.body->str);
		fprintf(stderr, "reachd import undo: %s\n", words_line(text, keep));
		g_free(text);
		g_string_chunk_free(keep);
	}
	client_answer_fini(&ans);
	return code;
}

int
import_list(const struct client *c, const char *word, const char *arg, const char *limit,
    bool as_json)
{
	if (strcmp(word, "batches") == 0 && arg == NULL)
		return pages_show(c,
		    &(struct pages){ "import", "/v1/batches", "batches", limit, NEWEST },
		    as_json, print_batches);
	if (strcmp(word, "quality") == 0 && arg == NULL)
		return pages_show(c,
		    &(struct pages){ "import", "/v1/quality", "rows", limit, 0 }, as_json,
		    print_quality);
	if (strcmp(word, "undo") != 0)
		return -1;
	if (arg == NULL || arg[strspn(arg, "0123456789")] != '\0')
		return options_usage("import", SAY("undo takes the number of a batch",
				  "undo 后面要写批次的编号"));
	return undo(c, arg);
}
