/* doctor.c - `reachd doctor`: what works here, what does not, and what to do about it. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "accounts.h"
#include "client.h"
#include "cmd/cmd.h"
#include "dns.h"
#include "provider/doctor.h"
#include "show.h"
#include "words.h"

static const char help[] =
    "usage: reachd doctor [--json] [--lang en|zh] [--config DIR | --socket PATH]\n"
    "                     [--resolver ADDRESS | --no-dns]\n\n"
    "Tells of each account how receipts and replies come back, what needs a public\n"
    "address, which credentials are missing, and when each account was last heard of.\n"
    "Of domains that mails go out as it asks the DNS, as `reachd check-dns` does, unless\n"
    "--no-dns. Without a running daemon it looks at the configuration alone. Exits 1 when\n"
    "something is wrong.\n";

struct wanted {
	const struct client *client;
	const char *resolver;
	bool as_json, alone, no_dns;
};

static void
print_accounts(const json_t *j, GStringChunk *keep)
{
	struct show_table *t = show_table_new(7);
	const json_t *one;
	size_t i;

	show_table_row(t, (const char *[]){ SAY("account", "账号"), SAY("type", "类型"),
			      SAY("receipts by", "回执"), SAY("last", "最近一次"),
			      SAY("replies by", "回复"), SAY("last", "最近一次"),
			      SAY("after no answer", "无应答时") });
	json_array_foreach(json_object_get(j, "accounts"), i, one)
	{
		const char *receipt = show_text(one, "last_receipt", keep),
			   *reply = show_text(one, "last_reply", keep),
			   *unknown = show_text(one, "unknown", keep);

		show_table_row(
		    t, (const char *[]){ show_text(one, "name", keep),
			   show_text(one, "type", keep),
			   words_ways(show_text(one, "receipts", keep), keep),
			   *receipt != '\0' ? show_time(receipt, keep) : "-",
			   words_ways(show_text(one, "replies", keep), keep),
			   *reply != '\0' ? show_time(reply, keep) : "-",
			   strcmp(unknown, "exactly once") == 0
			       ? SAY("exactly once", "恰好一次")
			   : strcmp(unknown, "exactly once with a key") == 0
			       ? SAY("exactly once with a key", "取到标识时恰好一次")
			       : SAY("at most once", "至多一次") });
	}
	show_table_print(t, "", stdout);
}

/* Of each primary domain, as mailboxes count. */
static void
print_mails(const json_t *j)
{
	const char *domain;
	json_t *n;

	json_object_foreach(json_object_get(j, "mails_today"), domain, n)
	    printf(SAY("\n%s: %lld mails today\n", "\n%s：今天 %lld 封邮件\n"), domain,
		(long long)json_integer_value(n));
}

static const char *
level_of(const json_t *finding)
{
	const char *level = json_string_value(json_object_get(finding, "level"));

	return strcmp(level, "error") == 0     ? SAY("error", "错误")
	       : strcmp(level, "warning") == 0 ? SAY("warning", "注意")
					       : SAY("note", "提示");
}

static void
print(const json_t *j, bool alone)
{
	GStringChunk *keep = g_string_chunk_new(1024);
	const json_t *list = json_object_get(j, "findings"), *one;
	size_t i;

	if (alone)
		puts(SAY(
		    "The daemon is not running: this is what its configuration says.\n",
		    "守护进程没有运行：以下只看配置。\n"));
	printf(SAY("public address: %s (%s)\n\n", "公网地址：%s（%s）\n\n"),
	    show_text(j, "public_url", keep),
	    json_is_true(json_object_get(j, "reachable"))
		? SAY("looks reachable", "看起来可达")
		: SAY("not reachable from outside", "外网不可达"));
	print_accounts(j, keep);
	print_mails(j);
	if (json_array_size(list) > 0)
		putchar('\n');
	json_array_foreach(list, i, one) printf("%s: %s: %s\n", level_of(one),
	    show_text(one, "about", keep), words_text(one, "text", keep));
	g_string_chunk_free(keep);
}

static void
print_domains(const json_t *domains)
{
	if (json_array_size(domains) == 0)
		return;
	puts(SAY("\ndomains that mails go out as:", "\n发信域名："));
	dns_print(domains);
}

static bool
has_error(const json_t *j)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(j, "findings"), i, one) if (
	    g_strcmp0(json_string_value(json_object_get(one, "level")), "error") ==
	    0) return true;
	return false;
}

/* 1 when something is wrong. */
static int
say(json_t *j, const struct wanted *w)
{
	json_t *domains = NULL;
	struct err e = { 0 };

	if (!w->as_json)
		print(j, w->alone);
	if (!w->no_dns) {
		domains = dns_look(json_object_get(j, "accounts"), w->resolver, &e);
		if (domains == NULL)
			return options_fail("doctor", &e);
		json_object_set_new(j, "domains", domains);
		if (!w->alone)
			dns_hand_over(w->client, domains);
	}
	if (w->as_json) {
		json_dumpf(j, stdout, JSON_COMPACT);
		putchar('\n');
	} else
		print_domains(domains);
	return has_error(j) || dns_failed(domains) ? 1 : 0;
}

static int
say_alone(const char *dir, struct wanted *w)
{
	const char *paths[] = { dir == NULL ? "config" : dir, NULL };
	struct report *r = report_new();
	struct catalog *cat;
	json_t *j;
	int code;

	accounts_register();
	cat = catalog_load_dry(paths, r);
	if (cat == NULL)
		return options_report(r);
	report_free(r);
	j = doctor_look(cat);
	catalog_unref(cat);
	w->alone = true;
	code = say(j, w);
	json_decref(j);
	return code;
}

int
cmd_doctor(int argc, char **argv)
{
	const struct client_ask ask = { .method = "GET", .path = "/v1/doctor" };
	struct client c = { 0 };
	struct wanted w = { .client = &c };
	const char *lang = NULL;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c),
		{ "json", 0, NULL, &w.as_json }, { "lang", 0, &lang, NULL },
		{ "resolver", 0, &w.resolver, NULL }, { "no-dns", 0, NULL, &w.no_dns } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 0, 0 };
	int words = options_read(argc, argv, &o), code;
	struct client_answer ans;
	struct err e = { 0 };
	json_t *j;

	if (words < 0)
		return -1 - words;
	if (words_language(argv[0], lang) != 0)
		return 2;
	if (client_ask(&c, &ask, &ans, &e) != 0)
		return c.socket != NULL ? options_fail(argv[0], &e)
					: say_alone(c.config, &w);
	j = json_loadb(ans.body->str, ans.body->len, 0, NULL);
	if ((code = client_exit(ans.status)) == 0)
		code = say(j, &w);
	else {
		char *text = client_error(ans.body->str);

		fprintf(stderr, "reachd doctor: %s\n", text);
		g_free(text);
	}
	json_decref(j);
	client_answer_fini(&ans);
	return code;
}
