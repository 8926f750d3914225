/* task.c - `reachd task`: what people are asked to do, and what they report. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "client.h"
#include "cmd/cmd.h"
#include "pages.h"
#include "show.h"
#include "words.h"

static const char help[] =
    "usage: reachd task list|show|done|withdraw [ID] [--lang en|zh]\n"
    "                   [--config DIR | --socket PATH]\n\n"
    "  reachd task list [--to NAME] [--json]   what is to be done now, the most urgent\n"
    "                                          first; NAME is a person or a role;\n"
    "                                          --limit N: so many of them\n"
    "  reachd task show ID [--json]            script, outcomes, the customer's story\n"
    "  reachd task done ID [--outcome O] [--cause C] [--observed A,B] [--note TEXT]\n"
    "                      [--by NAME]         what came of it\n"
    "  reachd task withdraw ID                 nobody needs it any more\n\n"
    "Without --outcome a task that is no call is simply done. A draft is a text that you\n"
    "send by hand in WeCom: sent (default), unfit or later; --observed changed says that\n"
    "you changed it first. --cause says why the customer stays away: convenience, price,\n"
    "service, competitor, natural or forgotten; --observed what was noticed: asks_prices,\n"
    "compares, hesitates, decides_slowly, haggles, distant, competitor_seen, divided by\n"
    "commas. Where nobody answered (none) a task that is no touch stays on the list.\n"
    "--lang is the language of the words; default what LC_ALL, LC_MESSAGES or LANG "
    "say.\n";

struct words {
	struct client c;
	const char *to, *outcome, *cause, *observed, *note, *by, *lang, *limit;
	bool json;
};

/* ---- list ---- */

static void
print_list(const json_t *j)
{
	GStringChunk *keep = g_string_chunk_new(4096);
	struct show_table *t = show_table_new(7);
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(j, "tasks"), i, one)
	{
		const char *to = show_text(one, "to", keep);
		const char *from = show_text(one, "playbook", keep);

		show_table_row(t,
		    (const char *[]){ show_text(one, "id", keep),
			words_say(words_tasks, show_text(one, "kind", keep)),
			show_time(show_text(one, "due", keep), keep),
			json_is_true(json_object_get(one, "late")) ? SAY("late", "逾期")
								   : "",
			*to != '\0' ? to : show_text(one, "role", keep),
			show_text(one, "name", keep), from });
	}
	show_table_print(t, "", stdout);
	if (json_array_size(json_object_get(j, "tasks")) == 0)
		puts(SAY("nothing is to be done now", "现在没有要做的事"));
	g_string_chunk_free(keep);
}

/* ---- show ---- */

static void
print_text(const char *title, const char *text)
{
	char **lines = g_strsplit(text, "\n", -1);

	if (*text != '\0')
		printf("\n%s\n", title);
	for (int i = 0; *text != '\0' && lines[i] != NULL; i++) {
		char *clean = show_clean(lines[i]);

		printf("  | %s\n", clean);
		g_free(clean);
	}
	g_strfreev(lines);
}

static void
print_pairs(const json_t *list, const char *title, const char *a, const char *b,
    GStringChunk *keep)
{
	const json_t *one;
	size_t i;

	if (json_array_size(list) > 0)
		printf("\n%s\n", title);
	json_array_foreach(list, i, one) printf("  %-18s %s\n",
	    show_time(show_text(one, a, keep), keep), show_text(one, b, keep));
}

/* What he may offer today, and how many are left this month. */
static void
print_offers(const json_t *list, GStringChunk *keep)
{
	const json_t *one;
	size_t i;

	if (json_array_size(list) > 0)
		printf("\n%s\n", SAY("offers of today", "今天可以给的权益"));
	json_array_foreach(list, i, one)
	{
		const char *ask = show_text(one, "approval", keep);

		printf(SAY("  %-18s %s, %s yuan", "  %-18s %s，%s 元"),
		    show_text(one, "offer", keep), show_text(one, "title", keep),
		    show_text(one, "value", keep));
		if (json_object_get(one, "left") != NULL)
			printf(SAY(", %s left", "，还剩 %s 份"),
			    show_text(one, "left", keep));
		if (strcmp(ask, "none") != 0)
			printf(SAY(", ask the %s first", "，要先问 %s"), ask);
		putchar('\n');
	}
}

/* What he answered to the playbook that asks. */
static void
print_answer(const json_t *a, GStringChunk *keep)
{
	if (a == NULL)
		return;
	printf(SAY("\nhis answer\n  %-18s ", "\n客户的回答\n  %-18s "), show_time(show_text(a, "at", keep), keep));
	if (json_object_get(a, "score") != NULL)
		printf(SAY("score %s: ", "%s 分："), show_text(a, "score", keep));
	puts(show_text(a, "text", keep));
}

static void
print_fact(const char *name, const char *text)
{
	printf("  %s%*s %s\n", name, 11 - text_width(name, strlen(name)), "", text);
}

const struct words_twin words_facts[] = {
	{ "tier", "tier", "层级" },
	{ "stage", "stage", "阶段" },
	{ "visits", "visits", "到店次数" },
	{ "first_visit", "first_visit", "首次到店" },
	{ "last_visit", "last_visit", "最近到店" },
	{ "birthday", "birthday", "生日" },
	{ "tags", "tags", "标签" },
	{ 0 },
};

static void
print_task(const json_t *j)
{
	GStringChunk *keep = g_string_chunk_new(4096);
	const json_t *s = json_object_get(j, "story");
	static const char *const facts[] = { "tier", "stage", "visits", "first_visit",
		"last_visit", "birthday", "tags" };

	printf("%s  %s  %s\n", words_say(words_tasks, show_text(j, "kind", keep)),
	    words_say(words_tasks, show_text(j, "state", keep)),
	    show_text(j, "title", keep));
	printf(SAY("for %s, due %s%s\n", "交给 %s，%s 前完成%s\n"),
	    *show_text(j, "to", keep) != '\0' ? show_text(j, "to", keep)
					      : show_text(j, "role", keep),
	    show_time(show_text(j, "due", keep), keep),
	    json_is_true(json_object_get(j, "late")) ? SAY(", late", "，已逾期") : "");
	if (*words_text(j, "sentence", keep) != '\0')
		printf("%s\n", words_text(j, "sentence", keep));
	printf("\n%s  %s  %s\n", show_text(j, "customer", keep),
	    show_text(j, "name", keep), show_text(j, "phone", keep));
	for (size_t i = 0; i < G_N_ELEMENTS(facts); i++)
		if (*show_text(s, facts[i], keep) != '\0')
			print_fact(words_say(words_facts, facts[i]),
			    words_say(words_lives, show_text(s, facts[i], keep)));
	print_answer(json_object_get(j, "answer"), keep);
	print_pairs(json_object_get(s, "events"), SAY("what happened", "发生过什么"),
	    "at", "type", keep);
	print_pairs(json_object_get(s, "last_words"), SAY("last words", "最近说过的话"),
	    "at", "text", keep);
	print_pairs(json_object_get(s, "runs"), SAY("playbooks", "剧本"), "playbook",
	    "state", keep);
	print_text(strcmp(show_text(j, "kind", keep), "draft") == 0
		       ? SAY("text to send by hand", "请手动发送的文字")
		       : SAY("script", "话术"),
	    json_string_value(json_object_get(j, "script")));
	print_offers(json_object_get(j, "offers"), keep);
	print_pairs(json_object_get(j, "outcomes"), SAY("outcomes", "结果可选"), "name",
	    "title", keep);
	if (*show_text(j, "outcome", keep) != '\0')
		printf(SAY("\ndone by %s: %s\n", "\n%s 已完成：%s\n"),
		    show_text(j, "done_by", keep), show_text(j, "outcome", keep));
	if (json_object_get(j, "note") != NULL)
		print_text(
		    SAY("note", "备注"), json_string_value(json_object_get(j, "note")));
	g_string_chunk_free(keep);
}

/* ---- done, withdraw ---- */

static int
send(const struct words *w, const char *verb, const char *path, const char *body)
{
	const char *const headers[] = { "Content-Type: application/json", NULL };
	const struct client_ask ask = { .method = "POST",
		.path = path,
		.headers = headers,
		.body = body,
		.len = strlen(body) };
	struct client_answer ans;
	struct err e = { 0 };
	json_t *j;
	int code;

	if (client_ask(&w->c, &ask, &ans, &e) != 0)
		return options_fail(verb, &e);
	code = client_exit(ans.status);
	j = json_loadb(ans.body->str, ans.body->len, 0, NULL);
	if (code == 0) {
		words_print(json_string_value(json_object_get(j, "status")));
	} else {
		char *text = client_error(ans.body->str);

		fprintf(stderr, "reachd %s: %s\n", verb, text);
		g_free(text);
	}
	json_decref(j);
	client_answer_fini(&ans);
	return code;
}

static int
done(const struct words *w, const char *verb, const char *id)
{
	const struct {
		const char *key, *text;
	} said[] = { { "outcome", w->outcome }, { "cause", w->cause },
		{ "observed", w->observed }, { "note", w->note }, { "by", w->by } };
	char *path = g_strdup_printf("/v1/tasks/%s/done", id), *body;
	json_t *j = json_object();
	int code;

	for (size_t i = 0; i < G_N_ELEMENTS(said); i++)
		if (said[i].text != NULL)
			json_object_set_new(j, said[i].key, json_string(said[i].text));
	body = json_dumps(j, JSON_COMPACT);
	code = body == NULL ? options_usage(verb, "what was reported is not UTF-8")
			    : send(w, verb, path, body);
	free(body);
	json_decref(j);
	g_free(path);
	return code;
}

static int
list(const struct words *w, const char *verb)
{
	char *to = g_uri_escape_string(w->to == NULL ? "" : w->to, NULL, FALSE);
	char *path = g_strconcat("/v1/tasks?to=", to, NULL);
	int code = pages_show(&w->c,
	    &(struct pages){ verb, path, "tasks", w->limit, 0 }, w->json, print_list);

	g_free(path);
	g_free(to);
	return code;
}

static int
with_id(const struct words *w, const char *verb, const char *what, const char *id)
{
	char *path;
	int code;

	if (strlen(id) > 19 || strspn(id, "0123456789") != strlen(id) || *id == '\0')
		return options_usage(
		    verb, "tasks have numbers; `reachd task list` shows them");
	if (strcmp(what, "done") == 0)
		return done(w, verb, id);
	if (strcmp(what, "withdraw") == 0) {
		path = g_strdup_printf("/v1/tasks/%s/withdraw", id);
		code = send(w, verb, path, "{}");
	} else {
		path = g_strconcat("/v1/tasks/", id, NULL);
		code = client_show(&w->c, verb, path, w->json, print_task);
	}
	g_free(path);
	return code;
}

int
cmd_task(int argc, char **argv)
{
	static const char *const verbs[] = { "list", "show", "done", "withdraw", NULL };
	struct words w = { 0 };
	const struct options_spec specs[] = { CLIENT_OPTIONS(w.c),
		{ "to", 0, &w.to, NULL }, { "outcome", 0, &w.outcome, NULL },
		{ "cause", 0, &w.cause, NULL }, { "observed", 0, &w.observed, NULL },
		{ "note", 0, &w.note, NULL }, { "by", 0, &w.by, NULL },
		{ "json", 0, NULL, &w.json }, { "lang", 0, &w.lang, NULL },
		{ "limit", 0, &w.limit, NULL } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 2 };
	int words = options_read(argc, argv, &o);

	if (words < 0)
		return -1 - words;
	if (!g_strv_contains(verbs, argv[1]))
		return options_usage(argv[0],
		    "\"%.40s\" is not one of list, show, done, withdraw", argv[1]);
	if (words_language(argv[0], w.lang) != 0)
		return 2;
	if (strcmp(argv[1], "list") == 0)
		return words > 1
			   ? options_usage(argv[0], "\"%.60s\" is one too many", argv[2])
			   : list(&w, argv[0]);
	if (words < 2)
		return options_usage(argv[0], "ID is missing");
	return with_id(&w, argv[0], argv[1], argv[2]);
}
