/* check_dns.c - `reachd check-dns`: do mailboxes have reason to believe that mail is ours? */
#include <stdio.h>
#include <string.h>

#include "accounts.h"
#include "cmd/cmd.h"
#include "core/bulk.h"
#include "core/config.h"
#include "dns.h"
#include "options.h"
#include "provider/doctor.h"
#include "provider/mail_dns.h"
#include "words.h"

static const char help[] =
    "usage: reachd check-dns [DOMAIN] [--selector NAME] [--resolver ADDRESS] [--json]\n"
    "                        [--lang en|zh] [--config DIR] [--socket PATH]\n\n"
    "Asks the DNS whether the domains that mails go out as prove themselves: SPF, DKIM,\n"
    "DMARC, and where answers go (MX). Says which record to add. Without DOMAIN those "
    "of\n"
    "all mail accounts; a DOMAIN that no account has is looked at for itself. DKIM is\n"
    "looked for only where the key's name is known: dkim_selector of the account, or\n"
    "--selector. It needs no daemon and sends nothing; one that runs notes what is\n"
    "missing, and holds marketing mail above what mailboxes take from such a domain\n"
    "(5000 a day). Exits 1 when something is missing.\n\n"
    "  --selector NAME     the DKIM key, where the account's dkim_selector does not say\n"
    "  --resolver ADDRESS  a DNS server, as 192.0.2.1 or 192.0.2.1:5353; else the\n"
    "                      machine's own\n";

struct wanted {
	const char *domain, *selector, *resolver, *config, *socket;
};

static json_t *
domain_alone(const struct wanted *w)
{
	const char *selector = w->selector == NULL ? "" : w->selector;

	return json_pack("{s{ss ss ss ss ss}}", "mail", "domain", w->domain, "envelope",
	    w->domain, "selector", selector, "reply", w->domain, "host", "");
}

/* All mail accounts, or those of the domain. */
static json_t *
senders(const struct config *cfg, const struct wanted *w)
{
	json_t *all = json_array();

	for (int i = 0; cfg != NULL && i < cfg->n_accounts; i++) {
		json_t *one = doctor_account(&cfg->accounts[i]),
		       *mail = json_object_get(one, "mail");
		const char *domain = json_string_value(json_object_get(mail, "domain"));

		if (w->selector != NULL && mail != NULL)
			json_object_set_new(mail, "selector", json_string(w->selector));
		if (domain != NULL &&
		    (w->domain == NULL || strcmp(domain, w->domain) == 0))
			json_array_append(all, one);
		json_decref(one);
	}
	if (w->domain != NULL && json_array_size(all) == 0)
		json_array_append_new(all, domain_alone(w));
	return all;
}

static int
say(const json_t *domains, bool taken, bool as_json)
{
	if (as_json) {
		json_dumpf(domains, stdout, JSON_COMPACT);
		putchar('\n');
	} else if (json_array_size(domains) == 0) {
		puts(SAY("no account sends mail under a domain that could be asked for",
		    "没有账号用可查询的域名发邮件"));
	} else {
		dns_print(domains);
		if (taken && dns_failed(domains))
			printf(
			    SAY("\nThe daemon has noted it: without SPF, DKIM or DMARC "
				"marketing waits from %d mails\na day on.\n",
				"\n守护进程已记下：缺 SPF、DKIM 或 DMARC "
				"的域名，当天满 %d 封后营销邮件等到第二天。\n"),
			    BULK_A_DAY);
	}
	return dns_failed(domains) ? 1 : 0;
}

static int
run(const struct wanted *w, const char *verb, bool as_json)
{
	struct arena *a = arena_new();
	struct config *cfg = NULL;
	json_t *all, *domains;
	struct err e = { 0 };
	int code = 1;

	/* A domain alone needs no files, but what they say of it counts. */
	bool files = w->domain == NULL || w->config != NULL ||
		     g_file_test("config/reachd.yaml", G_FILE_TEST_EXISTS);

	if (files)
		cfg = accounts_config(a, w->config, false);
	if (cfg != NULL || !files) {
		all = senders(cfg, w);
		domains = dns_look(all, w->resolver, &e);
		code = domains == NULL
			   ? options_fail(verb, &e)
			   : say(domains,
				 cfg != NULL &&
				     dns_hand_over(&(struct client){ .socket = w->socket,
						       .config = w->config },
					 domains),
				 as_json);
		json_decref(domains);
		json_decref(all);
	}
	arena_free(a);
	return code;
}

static bool
is_domain(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n < 254 && name[0] != '.' && name[n - 1] != '.' &&
	       strstr(name, "..") == NULL &&
	       name[strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.")] == '\0';
}

/* What is named and cannot be asked for: the exit code, or 0. */
static int
refuse(const struct wanted *w, const char *verb)
{
	if (w->domain == NULL)
		return 0;
	if (!is_domain(w->domain))
		return options_usage(verb,
		    SAY("DOMAIN is a name as dealer.com, not \"%.60s\"",
			"域名写成 dealer.com 这样，不能写“%.60s”"),
		    w->domain);
	if (w->resolver != NULL || !mail_is_reserved(w->domain))
		return 0;
	fprintf(stderr,
	    SAY("reachd check-dns: %s is kept for examples, and no DNS knows it: name "
		"your own, or --resolver\n",
		"reachd check-dns：%s 是留作示例的域名，DNS "
		"里查不到：请写自己的域名，或加 "
		"--resolver\n"),
	    w->domain);
	return 1;
}

int
cmd_check_dns(int argc, char **argv)
{
	struct wanted w = { 0 };
	const char *lang = NULL;
	bool as_json = false;
	const struct options_spec specs[] = { { "selector", 0, &w.selector, NULL },
		{ "resolver", 0, &w.resolver, NULL }, { "json", 0, NULL, &as_json },
		{ "lang", 0, &lang, NULL }, { "config", 'c', &w.config, NULL },
		{ "socket", 0, &w.socket, NULL } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 0, 1 };
	int words = options_read(argc, argv, &o), code;

	if (words < 0)
		return -1 - words;
	if (words_language(argv[0], lang) != 0)
		return 2;
	w.domain = words > 0 ? argv[1] : NULL;
	code = refuse(&w, argv[0]);
	return code != 0 ? code : run(&w, argv[0], as_json);
}
