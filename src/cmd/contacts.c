/* contacts.c - `reachd contacts`: whose contacts in WeCom customers are, and a person's word. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "client.h"
#include "cmd/cmd.h"
#include "report_text.h"
#include "show.h"
#include "words.h"

static const char help[] =
    "usage: reachd contacts [--after ID] [--lang en|zh] [--json]\n"
    "       reachd contacts match ID CUSTOMER\n"
    "       reachd contacts unmatch ID\n\n"
    "Contacts of the staff in WeCom: how many are matched to customers, by member and\n"
    "store, then those that are not, with who they might be. A contact is matched by "
    "the\n"
    "code he scanned (c:CUSTOMER or v:VEHICLE), by a number in a member's remark that "
    "is\n"
    "one customer's alone, or by unionid; never by name. The rest a person decides:\n"
    "match says whose it is, unmatch that it is not whom it is matched to. Both stay on\n"
    "record.\n\n"
    "  --after ID    the next of a long list\n"
    "  --lang en|zh  language; default what LC_ALL, LC_MESSAGES or LANG say\n"
    "  --json        the answer as JSON\n"
    "  --config DIR, --socket PATH  which daemon\n";

const struct words_twin words_contacts[] = {
	{ "", "nothing names anybody", "没有可用的线索" },
	{ "file", "several customers have this id on file",
	    "导入资料中多位客户是这个账号" },
	{ "state", "the code names several", "活码对应多位客户" },
	{ "mobile", "the number in the remark is of several",
	    "备注的手机号属于多位客户" },
	{ "unionid", "the unionid is of several", "unionid 对应多位客户" },
	{ NULL, NULL, NULL },
};
/* Why somebody is suggested. */
const struct words_twin words_likely[] = {
	{ "file", "id on file", "导入的账号" },
	{ "state", "code", "活码" },
	{ "mobile", "number", "手机号" },
	{ "unionid", "unionid", "微信 unionid" },
	{ "surname", "surname and advisor", "同姓同顾问" },
	{ NULL, NULL, NULL },
};

static void
print_rates(const json_t *answer)
{
	struct sheet *s = sheet_from_json(json_object_get(answer, "rates"));
	GString *out = g_string_new("");

	if (s != NULL)
		report_text(
		    s, words_chinese() ? SHEET_ZH : SHEET_EN, report_text_width(), out);
	fputs(out->str, stdout);
	g_string_free(out, TRUE);
	sheet_free(s);
}

static char *
members(const json_t *one, GStringChunk *keep)
{
	const json_t *list = json_object_get(one, "members"), *m;
	GString *out = g_string_new("");
	size_t i;

	json_array_foreach(list, i, m)
	{
		const char *name = show_text(m, "name", keep);

		g_string_append_printf(out, "%s%s", i > 0 ? SAY(", ", "、") : "",
		    *name != '\0' ? name : show_text(m, "member", keep));
	}
	return g_string_free(out, FALSE);
}

static char *
suggestions(const json_t *one, GStringChunk *keep)
{
	const json_t *list = json_object_get(one, "suggestions"), *s;
	GString *out = g_string_new("");
	size_t i;

	json_array_foreach(list, i, s)
	    g_string_append_printf(out, "%s%s %s (%s)", i > 0 ? SAY(", ", "、") : "",
		show_text(s, "customer", keep), show_text(s, "name", keep),
		words_say(words_likely, show_text(s, "why", keep)));
	return g_string_free(out, FALSE);
}

/* What the member noted, else how he calls himself. */
static const char *
called(const json_t *one, GStringChunk *keep)
{
	const json_t *first = json_array_get(json_object_get(one, "members"), 0);
	const char *remark = show_text(first, "remark", keep);

	return *remark != '\0' ? remark : show_text(one, "name", keep);
}

static void
print(const json_t *answer)
{
	GStringChunk *keep = g_string_chunk_new(1024);
	const json_t *list = json_object_get(answer, "unmatched"), *one;
	struct show_table *t = show_table_new(5);
	size_t i;

	print_rates(answer);
	if (json_array_size(list) > 0) {
		puts(SAY("\nMatched to nobody:", "\n未匹配："));
		show_table_row(t, (const char *[]){ SAY("contact", "编号"),
				      SAY("called", "称呼"), SAY("of", "成员"),
				      SAY("why", "原因"), SAY("perhaps", "可能是") });
	}
	json_array_foreach(list, i, one)
	{
		char *of = members(one, keep), *perhaps = suggestions(one, keep),
		     *clean = show_clean(called(one, keep));

		show_table_row(
		    t, (const char *[]){ show_text(one, "id", keep), clean, of,
			   words_say(words_contacts, show_text(one, "why", keep)),
			   perhaps });
		g_free(clean);
		g_free(perhaps);
		g_free(of);
	}
	show_table_print(t, "  ", stdout);
	if (json_object_get(answer, "next") != NULL)
		printf(SAY("more: reachd contacts --after %s\n",
			   "还有更多：reachd contacts --after %s\n"),
		    show_text(answer, "next", keep));
	if (json_array_size(list) > 0)
		puts(SAY("Who it is, says a person: reachd contacts match ID CUSTOMER",
		    "由人来认定：reachd contacts match 编号 客户号"));
	g_string_chunk_free(keep);
}

static int
say(const struct client *c, const char *verb, const char *id, const char *customer)
{
	const char *const headers[] = { "Content-Type: application/json", NULL };
	char *escaped = g_uri_escape_string(id, NULL, FALSE),
	     *path = g_strdup_printf(
		 "/v1/contacts/%s/%s", escaped, customer != NULL ? "match" : "unmatch");
	json_t *j =
	    customer == NULL ? json_object() : json_pack("{ss}", "customer", customer);
	char *body = j == NULL ? NULL : json_dumps(j, JSON_COMPACT);
	struct client_ask ask = {
		.method = "POST", .path = path, .headers = headers, .body = body
	};
	struct client_answer ans;
	struct err e = { 0 };
	int code;

	if (body == NULL) {
		code = options_usage(verb, "the customer's id is not UTF-8");
	} else if (ask.len = strlen(body), client_ask(c, &ask, &ans, &e) != 0) {
		code = options_fail(verb, &e);
	} else {
		code = client_exit(ans.status);
		if (code != 0) {
			char *text = client_error(ans.body->str);

			fprintf(stderr, "reachd %s: %s\n", verb, text);
			g_free(text);
		} else {
			puts(customer != NULL ? SAY("matched", "已匹配")
					      : SAY("unmatched", "已解除"));
		}
		client_answer_fini(&ans);
	}
	free(body);
	json_decref(j);
	g_free(path);
	g_free(escaped);
	return code;
}

int
cmd_contacts(int argc, char **argv)
{
	struct client c = { 0 };
	const char *after = NULL, *lang = NULL;
	bool as_json = false;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c),
		{ "after", 0, &after, NULL }, { "lang", 0, &lang, NULL },
		{ "json", 0, NULL, &as_json } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 0, 3 };
	int words = options_read(argc, argv, &o), code;
	char *path;

	if (words < 0)
		return -1 - words;
	if (words_language(argv[0], lang) != 0)
		return 2;
	if (words == 3 && strcmp(argv[1], "match") == 0)
		return say(&c, argv[0], argv[2], argv[3]);
	if (words == 2 && strcmp(argv[1], "unmatch") == 0)
		return say(&c, argv[0], argv[2], NULL);
	if (words != 0)
		return options_usage(argv[0],
		    "say match ID CUSTOMER, unmatch ID, or nothing for the list");
	path = g_strdup_printf("/v1/contacts%s%s", after != NULL ? "?after=" : "",
	    after != NULL ? after : "");
	code = client_show(&c, argv[0], path, as_json, print);
	g_free(path);
	return code;
}
