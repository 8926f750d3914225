/* report.c - `reachd report`: what came of it, told by whatever one asks it by. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "cmd/cmd.h"
#include "report_local.h"
#include "report_text.h"
#include "show.h"
#include "spec/sheet_write.h"
#include "store/reports.h"
#include "words.h"


static const char help[] =
    "usage: reachd report [NAME] [--by DIM,...] [--from DATE] [--to DATE]\n"
    "                     [--json | --csv | --xlsx FILE] [--lang en|zh]\n"
    "                     [--config DIR | --socket PATH]\n\n"
    "Without a name it lists the reports; `reachd help reports` says what each counts.\n"
    "Asks the daemon; with --config and no daemon it reads the database itself.\n\n"
    "  --by DIM,...   what rows are told apart by; none: one row for all\n"
    "  --from, --to   days of the entity's calendar, both included; default all time\n"
    "  --json         all of it as one JSON object\n"
    "  --csv          for a spreadsheet, on standard output\n"
    "  --xlsx FILE    a workbook with bars and notes\n"
    "  --lang         words of the headings; default as the terminal says (LANG)\n";

struct asked {
	struct client client;
	struct report_words q;
	const char *xlsx, *lang;
	bool json, csv, watched; /* watched: somebody looks at standard error */
	enum sheet_language language;
};

static int
list_json(void)
{
	json_t *list = json_array(), *j = json_pack("{so}", "reports", list);
	const struct reports_line *line;

	for (int i = 0; (line = reports_at(i)) != NULL; i++)
		json_array_append_new(
		    list, json_pack("{ss ss ss}", "name", line->name, "title",
			      line->title, "title_zh", line->title_zh));
	json_dumpf(j, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(j);
	return 0;
}

static int
list(enum sheet_language l)
{
	struct show_table *t = show_table_new(2);
	const struct reports_line *line;

	for (int i = 0; (line = reports_at(i)) != NULL; i++)
		show_table_row(t, (const char *[]){ line->name,
				      l == SHEET_ZH ? line->title_zh : line->title });
	show_table_print(t, "", stdout);
	return 0;
}

static char *
path_of(const struct report_words *q, int wait, json_int_t ticket)
{
	char *name = g_uri_escape_string(q->name, NULL, FALSE);
	char *by = g_uri_escape_string(q->by, NULL, FALSE);
	char *from = g_uri_escape_string(q->from, NULL, FALSE);
	char *to = g_uri_escape_string(q->to, NULL, FALSE);
	GString *path = g_string_new("");

	g_string_printf(
	    path, "/v1/reports/%s?by=%s&from=%s&to=%s&wait=%d", name, by, from, to, wait);
	if (ticket != 0)
		g_string_append_printf(path, "&ticket=%" JSON_INTEGER_FORMAT, ticket);
	g_free(name);
	g_free(by);
	g_free(from);
	g_free(to);
	return g_string_free(path, FALSE);
}

/* One line that is written over; whoever reads a file is told nothing. */
static void
tell_progress(const struct asked *a, const json_t *j)
{
	int ahead = (int)show_int(j, "ahead");

	if (!a->watched)
		return;
	if (ahead > 0)
		fprintf(stderr,
		    SAY("\r\033[Kafter %d other reports", "\r\033[K前面还有 %d 份报表"),
		    ahead);
	else if (json_number_value(json_object_get(j, "share")) >= 1)
		fputs(SAY("\r\033[Kputting it together", "\r\033[K正在汇总"), stderr);
	else
		fprintf(stderr,
		    SAY("\r\033[Kcounting: %.0f %%, %lld rows read",
			"\r\033[K正在统计：%.0f %%，已读 %lld 行"),
		    100 * json_number_value(json_object_get(j, "share")),
		    (long long)show_int(j, "rows"));
}

static void
end_progress(const struct asked *a, bool told)
{
	if (a->watched && told)
		fputs("\r\033[K", stderr);
}

/* What an answer of the daemon is: a sheet, or NULL with *code or err. */
static struct sheet *
sheet_of(const struct client_answer *ans, int *code, struct err *e)
{
	struct sheet *s = NULL;
	char *text;
	json_t *j;

	*code = client_exit(ans->status);
	if (*code != 0) {
		text = client_error(ans->body->str);
		fprintf(stderr, "reachd report: %s\n", text);
		g_free(text);
		return NULL;
	}
	j = json_loadb(ans->body->str, ans->body->len, 0, NULL);
	s = sheet_from_json(j);
	json_decref(j);
	if (s == NULL)
		err_set(e, ERR_INTERNAL, "the daemon's answer is not a sheet");
	return s;
}

/* The daemon's sheet; NULL with *code, or with err when nobody answers. It is asked
 * again and again until it is counted, so that who waits sees how far it is. */
static struct sheet *
ask_daemon(const struct asked *a, int *code, struct err *e)
{
	struct sheet *s = NULL;
	json_int_t ticket = 0;
	bool again = true, told = false;

	while (again) {
		char *path = path_of(&a->q, a->watched ? 1 : 60, ticket);
		const struct client_ask ask = { .method = "GET", .path = path };
		struct client_answer ans;
		int rc = client_ask(&a->client, &ask, &ans, e);

		g_free(path);
		if (rc != 0)
			break;
		again = ans.status == 202;
		if (again) {
			json_t *j = json_loadb(ans.body->str, ans.body->len, 0, NULL);

			ticket = show_int(j, "ticket");
			tell_progress(a, j);
			told = true;
			json_decref(j);
		} else {
			end_progress(a, told);
			s = sheet_of(&ans, code, e);
		}
		client_answer_fini(&ans);
	}
	return s;
}

static struct sheet *
ask_database(const struct asked *a, struct err *e)
{
	struct report *r = report_new();
	struct sheet *s;

	memset(e, 0, sizeof(*e));
	s = report_local(a->client.config, &a->q, r, e);
	report_free(r);
	return s;
}

static int
write_out(const struct asked *a, const struct sheet *s)
{
	GString *out = g_string_new("");
	struct err e = { 0 };
	int code = 0;

	if (a->json) {
		json_t *j = sheet_to_json(s);

		json_dumpf(j, stdout, JSON_COMPACT);
		putchar('\n');
		json_decref(j);
	} else if (a->xlsx != NULL) {
		if (sheet_xlsx(s, a->language, a->xlsx, &e) != 0)
			code = options_fail("report", &e);
	} else if (a->csv) {
		sheet_csv(s, a->language, out);
	} else {
		report_text(s, a->language, report_text_width(), out);
	}
	fwrite(out->str, 1, out->len, stdout);
	g_string_free(out, TRUE);
	return code;
}

static int
answer(const struct asked *a)
{
	struct err e = { 0 };
	int code = 0;
	struct sheet *s = ask_daemon(a, &code, &e);

	if (s == NULL && e.kind == ERR_IO && a->client.config != NULL &&
	    a->client.socket == NULL)
		s = ask_database(a, &e);
	if (s == NULL)
		return code != 0 ? code : options_fail("report", &e);
	code = write_out(a, s);
	sheet_free(s);
	return code;
}

int
cmd_report(int argc, char **argv)
{
	struct asked a = { .q = { "", "", "", "" } };
	const struct options_spec specs[] = { CLIENT_OPTIONS(a.client),
		{ "by", 0, &a.q.by, NULL }, { "from", 0, &a.q.from, NULL },
		{ "to", 0, &a.q.to, NULL }, { "json", 0, NULL, &a.json },
		{ "csv", 0, NULL, &a.csv }, { "xlsx", 0, &a.xlsx, NULL },
		{ "lang", 0, &a.lang, NULL } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 0, 1 };
	struct reports_ask ask;
	struct err e = { 0 };
	int words = options_read(argc, argv, &o);

	if (words < 0)
		return -1 - words;
	if (words_language("report", a.lang) != 0)
		return 2;
	a.language = words_chinese() ? SHEET_ZH : SHEET_EN;
	if (a.json + a.csv + (a.xlsx != NULL) > 1)
		return options_usage("report", "one of --json, --csv and --xlsx");
	if (words == 0 && (a.csv || a.xlsx != NULL || *a.q.by || *a.q.from || *a.q.to))
		return options_usage(
		    "report", "name the report first, as in reachd report funnel");
	if (words == 0)
		return a.json ? list_json() : list(a.language);
	a.q.name = argv[1];
	a.watched = isatty(2);
	/* What is wrong in the words is wrong without a daemon too. */
	if (reports_ask_read(
		&ask, a.q.name, a.q.by, a.q.from, a.q.to, zone_get("UTC"), &e) != 0)
		return options_fail("report", &e);
	return answer(&a);
}
