/* template.c - `reachd template`: texts as the gateways have them registered. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "client.h"
#include "cmd/cmd.h"
#include "pages.h"
#include "show.h"
#include "spec/table.h"
#include "words.h"

static const char help[] =
    "usage: reachd template import FILE --account NAME [--signature S]\n"
    "       reachd template approve CODE --account NAME\n"
    "       reachd template approve --signature S --account NAME\n"
    "       reachd template list [--json] [--lang en|zh]\n\n"
    "Gateways such as aliyun send registered texts only. `import` takes the list that\n"
    "their console exports (CSV or xlsx) with the columns code, text and status, and\n"
    "perhaps signature; the headings of the consoles are understood. From then on a\n"
    "message whose words differ from the registered text, or whose text is not\n"
    "approved, is refused (provider_rule) and not sent. A text or signature that the\n"
    "service no longer takes stops by itself, with an alarm; its messages go another\n"
    "way or wait. `approve`, or an import that says so, lets them go again.\n\n"
    "  --account NAME  an account of reachd.yaml, or a type of provider\n"
    "  --signature S   the rows hold for this signature only\n"
    "  --json, --lang en|zh, --config DIR, --socket PATH, --token FILE\n";

enum { CODE, TEXT, STATUS, SIGNATURE, FIELDS };
static const char *const headings[FIELDS][8] = {
	[CODE] = { "code", "template_code", "TemplateCode", "模板CODE", "模板Code",
	    "模板ID", "模板编号" },
	[TEXT] = { "text", "content", "TemplateContent", "模板内容", "内容" },
	[STATUS] = { "status", "TemplateStatus", "审核状态", "模板状态", "状态" },
	[SIGNATURE] = { "signature", "SignName", "签名", "签名名称" },
};
static const char *const fields[FIELDS] = { "code", "text", "status", "signature" };

struct words {
	struct client c;
	const char *account, *signature, *lang;
	bool json;
};

/* ---- import ---- */

static int
find(struct table *t, int field)
{
	for (int i = 0; i < table_columns(t); i++)
		for (int k = 0; k < 8 && headings[field][k] != NULL; k++)
			if (g_ascii_strcasecmp(table_heading(t, i), headings[field][k]) ==
			    0)
				return i;
	return -1;
}

static json_t *
row_of(const struct table_row *row, const int *columns, const char *signature)
{
	json_t *j = json_object();

	for (int i = 0; i < FIELDS; i++)
		if (columns[i] >= 0 && columns[i] < row->n) {
			char *text = g_strstrip(
			    g_strdup(table_write_undo(row->cells[columns[i]].p)));

			json_object_set_new(j, fields[i], json_string(text));
			g_free(text);
		}
	if (signature != NULL)
		json_object_set_new(j, "signature", json_string(signature));
	return j;
}

static int
read_rows(
    struct table *t, const char *file, const char *signature, json_t *rows, struct err *e)
{
	struct table_row row;
	int columns[FIELDS], rc;

	for (int i = 0; i < FIELDS; i++)
		if ((columns[i] = find(t, i)) < 0 && i != SIGNATURE)
			return err_set(e, ERR_INPUT,
			    "%s: no column is called %s, or %s: write that heading above "
			    "it",
			    file, fields[i], headings[i][i == TEXT ? 3 : 2]);
	while ((rc = table_next(t, &row, e)) == 1)
		json_array_append_new(rows, row_of(&row, columns, signature));
	return rc;
}

static int
post(const struct words *w, json_t *body)
{
	static const char *const headers[] = { "Content-Type: application/json", NULL };
	char *text = json_dumps(body, JSON_COMPACT), *error;
	const struct client_ask ask = { .method = "POST",
		.path = "/v1/templates",
		.headers = headers,
		.body = text,
		.len = strlen(text) };
	struct client_answer ans;
	struct err e = { 0 };
	int rc = client_ask(&w->c, &ask, &ans, &e), code;
	json_t *j;

	free(text);
	if (rc != 0)
		return options_fail("template", &e);
	code = client_exit(ans.status);
	if (code == 0) {
		j = json_loads(ans.body->str, 0, NULL);
		if (json_object_get(j, "approved") != NULL)
			puts("its messages go again within ten minutes");
		else
			printf("%" JSON_INTEGER_FORMAT " texts taken\n",
			    show_int(j, "rows"));
		json_decref(j);
	} else {
		error = client_error(ans.body->str);
		fprintf(stderr, "reachd template: %s\n", error);
		g_free(error);
	}
	client_answer_fini(&ans);
	return code;
}

static int
import(const struct words *w, const char *file)
{
	struct err e = { 0 };
	struct table *t = table_open(file, TABLE_DETECT, &e);
	json_t *rows = json_array(), *body;
	int rc = t == NULL ? -1 : read_rows(t, file, w->signature, rows, &e);

	table_close(t);
	if (rc != 0) {
		json_decref(rows);
		return options_fail("template", &e);
	}
	body = json_pack("{ss so}", "account", w->account, "rows", rows);
	rc = post(w, body);
	json_decref(body);
	return rc;
}

static int
approve(const struct words *w, const char *code)
{
	json_t *body = json_pack("{ss s{ss ss}}", "account", w->account, "approved",
	    "code", code, "signature", w->signature != NULL ? w->signature : "");
	int rc = post(w, body);

	json_decref(body);
	return rc;
}

/* ---- list ---- */

static char *
joined(const json_t *list)
{
	GString *s = g_string_new("");
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	    g_string_append_printf(s, "%s%s", i > 0 ? ", " : "", json_string_value(one));
	return g_string_free(s, FALSE);
}

static void
print(const json_t *j)
{
	GStringChunk *keep = g_string_chunk_new(1024);
	struct show_table *t = show_table_new(5);
	const json_t *one;
	size_t i;

	if (json_array_size(json_object_get(j, "texts")) == 0)
		puts(SAY("no registered texts", "还没有登记的模板"));
	else
		show_table_row(
		    t, (const char *[]){ SAY("account", "账号"), SAY("code", "模板编号"),
			   SAY("status", "状态"), SAY("used by", "用在"),
			   SAY("text", "登记的文字") });
	json_array_foreach(json_object_get(j, "texts"), i, one)
	{
		char *used = joined(json_object_get(one, "used_by"));
		char *text = show_clean(show_text(one, "text", keep));

		show_table_row(
		    t, (const char *[]){ show_text(one, "account", keep),
			   show_text(one, "code", keep), show_text(one, "status", keep),
			   *used == '\0' ? "-" : used, text });
		g_free(text);
		g_free(used);
	}
	show_table_print(t, "", stdout);
	json_array_foreach(json_object_get(j, "withdrawn"), i, one)
	{
		bool sign = *show_text(one, "code", keep) == '\0';

		printf(SAY("warning: %s does not take %s any more (code %s, %s)\n",
			   "注意：%s 不再接受 %s（代码 %s，%s）\n"),
		    show_text(one, "account", keep),
		    show_text(one, sign ? "signature" : "code", keep),
		    show_text(one, "answer", keep),
		    show_time(show_text(one, "at", keep), keep));
	}
	json_array_foreach(json_object_get(j, "unknown"), i, one)
	    printf(SAY("warning: %s goes by %s at %s, which is not in the registry\n",
		       "注意：%s 用的 %s（%s）还没有登记\n"),
		show_text(one, "template", keep), show_text(one, "code", keep),
		show_text(one, "account", keep));
	g_string_chunk_free(keep);
}

int
cmd_template(int argc, char **argv)
{
	struct words w = { 0 };
	const struct options_spec specs[] = { CLIENT_OPTIONS(w.c),
		{ "account", 0, &w.account, NULL },
		{ "signature", 0, &w.signature, NULL }, { "lang", 0, &w.lang, NULL },
		{ "json", 0, NULL, &w.json } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 2 };
	int words = options_read(argc, argv, &o);

	if (words < 0)
		return -1 - words;
	if (words_language(argv[0], w.lang) != 0)
		return 2;
	if (strcmp(argv[1], "list") == 0 && words == 1)
		return pages_show(&w.c,
		    &(struct pages){ argv[0], "/v1/templates", "texts", NULL, 0 }, w.json,
		    print);
	bool approves = strcmp(argv[1], "approve") == 0;
	if (approves ? words == 1 && w.signature == NULL
		     : strcmp(argv[1], "import") != 0 || words != 2)
		return options_usage(
		    argv[0], approves ? "write approve CODE, or approve --signature S"
				      : "write import FILE, approve CODE, or list");
	if (w.account == NULL)
		return options_usage(argv[0], "--account is needed");
	return approves ? approve(&w, words == 2 ? argv[2] : "") : import(&w, argv[2]);
}
