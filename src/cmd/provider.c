/* provider.c - `reachd provider probe`: are the accounts good, before anything is sent by them?
 * And `go`: marketing mail that stood still for complaints. */
#include <stdio.h>
#include <string.h>

#include "accounts.h"
#include "base/log.h"
#include "base/report.h"
#include "client.h"
#include "cmd/cmd.h"
#include "hand.h"
#include "probe.h"
#include "show.h"
#include "words.h"
#include "world/loop.h"

static const char help[] =
    "usage: reachd provider probe [ACCOUNT...] [--json] [--lang en|zh] [--config DIR]\n"
    "       reachd provider go ACCOUNT --by NAME --reason TEXT [--config DIR | --socket "
    "PATH]\n\n"
    "Tries accounts out by what costs nothing and reaches nobody: are the credentials\n"
    "there, does the service answer, is the key accepted, how far are the clocks apart,\n"
    "do the webhooks have an address that answers. No message is sent. Without ACCOUNT\n"
    "all are tried. It needs no daemon and disturbs none. Exits 1 when something is "
    "wrong.\n\n"
    "go: marketing mail by the account was paused or stopped, for too many called it\n"
    "spam; it goes on, and what was counted so far counts no more.\n" HAND_WHO;

static const struct words_twin names[] = { { "credentials", "credentials", "密钥文件" },
	{ "address", "address", "地址" }, { "key", "key", "密钥" },
	{ "clock", "clock", "时钟" }, { "webhook", "webhook", "回调" },
	{ "ok", "ok", "正常" }, { "note", "note", "提示" },
	{ "failed", "FAILED", "失败" }, { "skipped", "-", "-" },
	{ "exactly once", "exactly once", "恰好一次" },
	{ "exactly once with a key", "exactly once with a key", "取到标识时恰好一次" },
	{ "at most once", "at most once", "至多一次" }, { NULL, NULL, NULL } };

static void
print_checks(const json_t *account, GStringChunk *keep)
{
	struct show_table *t = show_table_new(3);
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(account, "checks"), i, one)
	{
		const char *code = show_text(one, "code", keep),
			   *next = words_text(one, "next", keep);
		char *text = g_strdup_printf("%s%s%s%s", words_text(one, "text", keep),
		    *code != '\0' ? " (" : "", code, *code != '\0' ? ")" : "");

		show_table_row(
		    t, (const char *[]){ words_say(names, show_text(one, "check", keep)),
			   words_say(names, show_text(one, "result", keep)), text });
		g_free(text);
		if (*next == '\0')
			continue;
		text = g_strdup_printf("-> %s", next);
		show_table_row(t, (const char *[]){ "", "", text });
		g_free(text);
	}
	show_table_print(t, "  ", stdout);
}

static void
print(const json_t *account)
{
	GStringChunk *keep = g_string_chunk_new(1024);

	printf("%s (%s): %s\n", show_text(account, "name", keep),
	    show_text(account, "type", keep),
	    json_is_true(json_object_get(account, "ok")) ? SAY("good", "正常")
							 : SAY("not good", "有问题"));
	print_checks(account, keep);
	printf(SAY("  receipts by %s, replies by %s; opens %s, clicks %s; no answer: %s; "
		   "%s a call\n",
		   "  回执：%s，回复：%s；打开 %s，点击 %s；无应答时 %s；每次 %s 条\n"),
	    words_ways(show_text(account, "receipts", keep), keep),
	    words_ways(show_text(account, "replies", keep), keep),
	    show_text(account, "opens", keep), show_text(account, "clicks", keep),
	    words_say(names, show_text(account, "unknown", keep)),
	    show_text(account, "batch", keep));
	g_string_chunk_free(keep);
}

/* The account of that name; NULL: none, and it was told. */
static const struct account *
find(const struct config *cfg, const char *verb, const char *name)
{
	const char **all = g_new0(const char *, (gsize)cfg->n_accounts + 1), *near;

	for (int i = 0; i < cfg->n_accounts; i++) {
		all[i] = cfg->accounts[i].name;
		if (strcmp(all[i], name) == 0) {
			g_free(all);
			return &cfg->accounts[i];
		}
	}
	near = report_nearest(name, all);
	if (near != NULL)
		options_usage(verb, "there is no account \"%.40s\"; did you mean \"%s\"?",
		    name, near);
	else
		options_usage(verb, "there is no account \"%.40s\" in reachd.yaml", name);
	g_free(all);
	return NULL;
}

static bool
runs(const struct client *c)
{
	const struct client_ask ask = { .method = "GET", .path = "/healthz" };
	struct client_answer ans;
	struct err e = { 0 };

	if (client_ask(c, &ask, &ans, &e) != 0)
		return false;
	client_answer_fini(&ans);
	return true;
}

/* words: names of accounts; none: all. */
static int
probe(const struct config *cfg, char **words, int n, bool running, bool as_json)
{
	int count = n > 0 ? n : cfg->n_accounts, code = 0;
	const struct account **accounts =
	    g_new0(const struct account *, (gsize)count + 1);
	json_t *all = json_array();
	struct err e = { 0 };
	struct world *w;

	for (int i = 0; code == 0 && i < count; i++) {
		accounts[i] = n > 0 ? find(cfg, "provider", words[i]) : &cfg->accounts[i];
		code = accounts[i] == NULL ? 2 : 0;
	}
	if (code == 2)
		count = 0;
	log_threshold(LOG_LEVEL_ERROR);
	w = loop_new(&(struct loop_options){ 0 }, &e);
	for (int i = 0; i < count; i++) {
		json_t *one = probe_account(w, cfg, accounts[i], running);

		if (!json_is_true(json_object_get(one, "ok")))
			code = 1;
		if (!as_json)
			print(one);
		json_array_append_new(all, one);
	}
	loop_free(w);
	if (as_json && code != 2) {
		json_dumpf(all, stdout, JSON_COMPACT);
		putchar('\n');
	}
	json_decref(all);
	g_free(accounts);
	return code;
}

static int
go(const struct client *c, const char *account, const char *by, const char *reason)
{
	json_t *in = json_pack("{ss}", "account", account), *out;
	int code;

	hand_set(in, "by", by);
	hand_set(in, "reason", reason);
	code = hand_ask(c, "provider", "mail-go", in, &out);
	if (code == 0)
		printf(SAY("%s: marketing mail goes on\n", "%s：营销邮件已恢复\n"), account);
	json_decref(out);
	return code;
}

/* `go` is of one account. */
static int
not_one(const char *verb, const char *second)
{
	return second == NULL
		   ? options_usage(verb,
			 SAY("say whose marketing mail goes on: reachd provider go ACCOUNT "
			     "--by NAME --reason TEXT",
			     "请写明恢复哪个账号的营销邮件：reachd provider go 账号 --by 姓名 "
			     "--reason 原因"))
		   : options_usage(verb,
			 SAY("go takes one account, and \"%.40s\" is one too many",
			     "go 一次只能写一个账号，“%.40s”多余"),
			 second);
}

int
cmd_provider(int argc, char **argv)
{
	struct client c = { 0 };
	const char *lang = NULL, *by = NULL, *reason = NULL;
	bool as_json = false;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c),
		{ "json", 0, NULL, &as_json }, { "lang", 0, &lang, NULL },
		{ "by", 0, &by, NULL }, { "reason", 0, &reason, NULL } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 64 };
	int words = options_read(argc, argv, &o), code = 1;
	struct config *cfg;
	struct arena *a;

	if (words < 0)
		return -1 - words;
	if (words_language(argv[0], lang) != 0)
		return 2;
	if (strcmp(argv[1], "go") == 0)
		return words == 2 ? go(&c, argv[2], by, reason)
				  : not_one(argv[0], words > 2 ? argv[3] : NULL);
	if (strcmp(argv[1], "probe") != 0)
		return options_usage(argv[0],
		    SAY("say probe or go, not \"%.40s\"", "请写 probe 或 go，不是“%.40s”"),
		    argv[1]);
	a = arena_new();
	cfg = accounts_config(a, c.config, true);
	if (cfg != NULL)
		code = probe(cfg, argv + 2, words - 1, runs(&c), as_json);
	arena_free(a);
	return code;
}
