#include "dns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "provider/mail_dns.h"
#include "show.h"
#include "words.h"
#include "world/dns.h"

static const struct words_twin names[] = { { "spf", "SPF", "SPF" },
	{ "dkim", "DKIM", "DKIM" }, { "dmarc", "DMARC", "DMARC" }, { "mx", "MX", "MX" },
	{ "ok", "ok", "正常" }, { "note", "note", "提示" },
	{ "failed", "FAILED", "失败" }, { NULL, NULL, NULL } };

static int
ask(void *arg, const char *name, enum mail_record type, struct arena *a,
    const char *const **out)
{
	static const enum dns_type types[] = { DNS_TXT, DNS_MX, DNS_ADDRESS };

	return dns_ask(arg, name, types[type], a, out);
}

static const char *
member(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL ? "" : s;
}

/* The domain that has been looked at just so; NULL: none. */
static json_t *
seen(const json_t *all, const json_t *mail)
{
	json_t *one;
	size_t i;

	json_array_foreach(
	    all, i, one) if (json_equal(json_object_get(one, "mail"), mail)) return one;
	return NULL;
}

static json_t *
look(struct dns *d, const json_t *mail, struct arena *a)
{
	const struct mail_dns dns = { ask, d, a };
	const struct mail_sender s = { .domain = member(mail, "domain"),
		.envelope = member(mail, "envelope"),
		.selector = member(mail, "selector"),
		.reply = member(mail, "reply"),
		.host = member(mail, "host") };

	if (isatty(STDERR_FILENO))
		fprintf(stderr,
		    SAY("asking the DNS for %s ...\n", "正在查询 %s 的 DNS……\n"),
		    s.domain);
	return mail_dns_look(&dns, &s);
}

json_t *
dns_look(const json_t *accounts, const char *resolver, struct err *e)
{
	struct dns *d = dns_new(resolver, e);
	struct arena *a = arena_new();
	json_t *all = json_array(), *one;
	size_t i;

	json_array_foreach(accounts, i, one)
	{
		json_t *mail = json_object_get(one, "mail"), *same = seen(all, mail);
		const char *domain = member(mail, "domain");

		if (d == NULL || *domain == '\0' ||
		    (resolver == NULL && mail_is_reserved(domain)))
			continue;
		if (same == NULL) {
			same = json_pack("{ss s[] sO so}", "domain", domain, "accounts",
			    "mail", mail, "checks", look(d, mail, a));
			json_array_append_new(all, same);
		}
		if (*member(one, "name") != '\0')
			json_array_append(json_object_get(same, "accounts"),
			    json_object_get(one, "name"));
	}
	arena_free(a);
	if (d == NULL) {
		json_decref(all);
		return NULL;
	}
	dns_free(d);
	return all;
}

static void
print_checks(const json_t *checks, GStringChunk *keep)
{
	struct show_table *t = show_table_new(3);
	const json_t *one;
	size_t i;

	json_array_foreach(checks, i, one)
	{
		const char *next = words_text(one, "next", keep);

		show_table_row(
		    t, (const char *[]){ words_say(names, show_text(one, "check", keep)),
			   words_say(names, show_text(one, "result", keep)),
			   words_text(one, "text", keep) });
		if (*next == '\0')
			continue;
		char *text = g_strdup_printf("-> %s", next);
		show_table_row(t, (const char *[]){ "", "", text });
		g_free(text);
	}
	show_table_print(t, "  ", stdout);
}

void
dns_print(const json_t *domains)
{
	GStringChunk *keep = g_string_chunk_new(1024);
	const json_t *one, *name;
	size_t i, k;

	json_array_foreach(domains, i, one)
	{
		printf("%s", show_text(one, "domain", keep));
		json_array_foreach(json_object_get(one, "accounts"), k, name)
		    printf("%s%s", k == 0 ? " (" : ", ", json_string_value(name));
		puts(k > 0 ? ")" : "");
		print_checks(json_object_get(one, "checks"), keep);
	}
	g_string_chunk_free(keep);
}

/* What of SPF, DKIM and DMARC has failed, as "SPF, DKIM"; NULL: nobody answered. */
static char *
missing(const json_t *checks)
{
	GString *s = g_string_new("");
	const json_t *one;
	size_t i;

	json_array_foreach(checks, i, one)
	{
		const char *check = member(one, "check");

		if (json_is_true(json_object_get(one, "silent"))) {
			g_string_free(s, TRUE);
			return NULL;
		}
		if (strcmp(member(one, "result"), "failed") != 0 ||
		    strcmp(check, "mx") == 0)
			continue;
		char *name = g_ascii_strup(check, -1);

		if (strstr(s->str, name) == NULL)
			g_string_append_printf(s, "%s%s", s->len > 0 ? ", " : "", name);
		g_free(name);
	}
	return g_string_free(s, FALSE);
}

bool
dns_hand_over(const struct client *c, const json_t *domains)
{
	static const char *const headers[] = { "Content-Type: application/json", NULL };
	json_t *all = json_array(), *in = json_pack("{so}", "accounts", all);
	const json_t *one, *name;
	struct client_answer ans;
	struct err e = { 0 };
	size_t i, k;
	char *body;

	json_array_foreach(domains, i, one)
	{
		char *lacks = missing(json_object_get(one, "checks"));

		json_array_foreach(json_object_get(one, "accounts"), k,
		    name) if (lacks != NULL) json_array_append_new(all,
		    json_pack("{sO ss ss}", "account", name, "domain",
			member(one, "domain"), "missing", lacks));
		g_free(lacks);
	}
	body = json_dumps(in, JSON_COMPACT);
	const struct client_ask ask = { .method = "POST",
		.path = "/v1/hand/mail-dns",
		.headers = headers,
		.body = body,
		.len = strlen(body) };
	bool taken = json_array_size(all) > 0 && client_ask(c, &ask, &ans, &e) == 0;

	if (taken) {
		taken = ans.status == 200;
		client_answer_fini(&ans);
	}
	free(body);
	json_decref(in);
	return taken;
}

bool
dns_failed(const json_t *domains)
{
	const json_t *one, *check;
	size_t i, k;

	json_array_foreach(domains, i, one)
	    json_array_foreach(json_object_get(one, "checks"), k,
		check) if (strcmp(member(check, "result"), "failed") == 0) return true;
	return false;
}
