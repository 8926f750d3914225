#include "provider/mail_dns.h"

#include <string.h>

#include "core/phone.h"
#include "core/policy.h"
#include "mail_look.h"

#define POLICIES_MAX 8

/* Who it is ------------------------------------------------------------------------- */

static const char *
domain_of(struct arena *a, const char *written)
{
	char out[320];

	return *written != '\0' && email_normalise(written, out, sizeof out) == 0
		   ? arena_strdup(a, strchr(out, '@') + 1)
		   : "";
}

static const char *
host_of(struct arena *a, const char *url)
{
	GUri *uri = url == NULL ? NULL : g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
	const char *host = uri == NULL || g_uri_get_host(uri) == NULL
			       ? ""
			       : arena_strdup(a, g_uri_get_host(uri));

	if (uri != NULL)
		g_uri_unref(uri);
	return host;
}

bool
mail_sender_of(const struct account *acc, struct arena *a, struct mail_sender *out)
{
	const struct provider *p = provider_find(acc->type);
	const char *reply = domain_of(a, provider_setting(acc, "reply_to")),
		   *bounce = domain_of(a, provider_setting(acc, "bounce"));

	*out =
	    (struct mail_sender){ .domain = domain_of(a, provider_setting(acc, "from")),
		    .envelope = "",
		    .selector = provider_setting(acc, "dkim_selector"),
		    .host = "" };
	out->reply = *reply != '\0' ? reply : out->domain;
	if (p != NULL && p->submits) {
		out->envelope = *bounce != '\0' ? bounce : out->domain;
		out->host = host_of(a, acc->url);
	}
	return (acc->channels & BIT(CHANNEL_EMAIL)) != 0 && *out->domain != '\0';
}

bool
mail_is_reserved(const char *domain)
{
	static const char *const ends[] = { ".example", ".test", ".invalid", ".localhost",
		".example.com", ".example.net", ".example.org" };

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		if (g_str_has_suffix(domain, ends[i]) || strcmp(domain, ends[i] + 1) == 0)
			return true;
	return false;
}

/* What is found --------------------------------------------------------------------- */

void
mail_note(struct mail_look *l, const struct mail_found *f)
{
	json_array_append_new(l->rows,
	    json_pack("{ss ss ss ss ss ss}", "check", f->check, "result", f->result,
		"text", f->en, "text_zh", f->zh, "next", f->next_en ? f->next_en : "",
		"next_zh", f->next_zh ? f->next_zh : ""));
}

static bool
begins(const char *text, const char *mark)
{
	size_t n = strlen(mark);

	return g_ascii_strncasecmp(text, mark, n) == 0 && !g_ascii_isalnum(text[n]);
}

static int
ask(struct mail_look *l, const char *check, const char *name, enum mail_record type,
    const char *const **out)
{
	int n = l->silent ? -1 : l->dns->ask(l->dns->arg, name, type, l->dns->arena, out);

	if (n < 0 && !l->silent)
		mail_note(l,
		    &(struct mail_found){ check, "failed",
			MAIL_SAY(l, "no DNS server answers for %s", name),
			MAIL_SAY(l, "没有 DNS 服务器回答 %s", name),
			"look whether this machine reaches its DNS server, or name one "
			"with --resolver",
			"请检查本机能否连上 DNS 服务器，或用 --resolver 指定一个" });
	if (n < 0 && !l->silent)
		json_object_set_new(
		    json_array_get(l->rows, json_array_size(l->rows) - 1), "silent",
		    json_true());
	l->silent = n < 0;
	return n;
}

int
mail_texts(struct mail_look *l, const char *check, const char *name, const char *mark,
    const char *const **out)
{
	const char *const *all;
	int n = ask(l, check, name, MAIL_TXT, &all), kept = 0;
	const char **some = arena_array(l->dns->arena, const char *, MAX(n, 1));

	for (int i = 0; i < n; i++)
		if (*mark == '\0' || begins(all[i], mark))
			some[kept++] = all[i];
	*out = some;
	return n < 0 ? -1 : kept;
}

const char *
mail_tag(struct mail_look *l, const char *record, const char *name)
{
	char **parts = g_strsplit(record, ";", 64);
	const char *found = NULL;

	for (int i = 0; found == NULL && parts[i] != NULL; i++) {
		char *eq = strchr(g_strstrip(parts[i]), '=');

		if (eq == NULL)
			continue;
		*eq = '\0';
		if (g_ascii_strcasecmp(g_strchomp(parts[i]), name) == 0)
			found = arena_strdup(l->dns->arena, g_strchug(eq + 1));
	}
	g_strfreev(parts);
	return found;
}

/* DMARC ----------------------------------------------------------------------------- */

/* Its own or, from there up, that of the domain it is under, as far as two names. */
static int
policies(struct mail_look *l, const char **where, const char *const **out)
{
	const char *d = l->s->domain;
	int n = 0;

	for (; n == 0 && strchr(d, '.') != NULL; d = strchr(d, '.') + 1) {
		*where = d;
		n = mail_texts(l, "dmarc", MAIL_SAY(l, "_dmarc.%s", d), "v=DMARC1", out);
	}
	return n;
}

/* The record that is enough, and that shows who sends under the name. */
static const char *
policy_to_add(struct mail_look *l)
{
	return MAIL_SAY(l, "TXT _dmarc.%s \"v=DMARC1; p=none; rua=mailto:postmaster@%s\"",
	    l->s->domain, l->s->domain);
}

static void
no_policy(struct mail_look *l, int n)
{
	const char *record = policy_to_add(l);

	mail_note(l,
	    &(struct mail_found){ "dmarc", "failed",
		n == 0 ? MAIL_SAY(l, "%s has no DMARC record", l->s->domain)
		       : MAIL_SAY(
			     l, "%s has %d DMARC records: none counts", l->s->domain, n),
		n == 0 ? MAIL_SAY(l, "%s 没有 DMARC 记录", l->s->domain)
		       : MAIL_SAY(l, "%s 有 %d 条 DMARC 记录，等于没有", l->s->domain, n),
		MAIL_SAY(l, n == 0 ? "add %s" : "leave one, as %s", record),
		MAIL_SAY(l, n == 0 ? "请添加 %s" : "请只留一条，如 %s", record) });
}

/* By SPF alone the return path must be of the same name, and by the strict rule the same. */
static bool
aligned(struct mail_look *l, const char *record)
{
	const char *how = mail_tag(l, record, "aspf"), *a = l->s->domain,
		   *b = l->s->envelope;

	if (strcmp(a, b) == 0)
		return true;
	return (how == NULL || g_ascii_strcasecmp(how, "s") != 0) &&
	       (g_str_has_suffix(a, MAIL_SAY(l, ".%s", b)) ||
		   g_str_has_suffix(b, MAIL_SAY(l, ".%s", a)));
}

static void
look_dmarc(struct mail_look *l)
{
	const char *where = "", *policy;
	const char *const *all;
	int n = policies(l, &where, &all);

	if (n < 0)
		return;
	policy = n == 1 ? mail_tag(l, all[0], "p") : NULL;
	if (policy == NULL) {
		no_policy(l, n);
		return;
	}
	mail_note(l,
	    &(struct mail_found){ "dmarc", "ok", MAIL_SAY(l, "%s: p=%s", where, policy),
		MAIL_SAY(l, "%s：p=%s", where, policy), NULL, NULL });
	if (*l->s->envelope != '\0' && !aligned(l, all[0]))
		mail_note(l,
		    &(struct mail_found){ "dmarc", "note",
			MAIL_SAY(l,
			    "mails come back to %s, which is not %s: SPF does not count "
			    "for DMARC, DKIM alone does",
			    l->s->envelope, l->s->domain),
			MAIL_SAY(l,
			    "退信域名 %s 与发信域名 %s 不一致：DMARC 只认 DKIM，不认 SPF",
			    l->s->envelope, l->s->domain),
			MAIL_SAY(l, "write bounce: bounce@%s", l->s->domain),
			MAIL_SAY(l, "请写 bounce: bounce@%s", l->s->domain) });
}

/* Answers --------------------------------------------------------------------------- */

static void
look_mx(struct mail_look *l)
{
	const char *name = l->s->reply;
	const char *const *all;
	int n = ask(l, "mx", name, MAIL_MX, &all), plain;

	if (n < 0)
		return;
	if (n > 0 && *all[0] != '\0') {
		mail_note(l, &(struct mail_found){ "mx", "ok",
				 MAIL_SAY(l, "answers to %s go to %s", name, all[0]),
				 MAIL_SAY(l, "寄到 %s 的回信由 %s 收", name, all[0]),
				 NULL, NULL });
		return;
	}
	plain = n > 0 ? 0 : ask(l, "mx", name, MAIL_ADDRESS, &all);
	if (plain < 0)
		return;
	mail_note(l,
	    &(struct mail_found){ "mx", plain > 0 ? "note" : "failed",
		n > 0 ? MAIL_SAY(l, "%s says that it takes no mail", name)
		: plain > 0
		    ? MAIL_SAY(
			  l, "%s has no MX record: answers go to its web address", name)
		    : MAIL_SAY(
			  l, "%s takes no mail: answers and refusals are lost", name),
		n > 0 ? MAIL_SAY(l, "%s 声明不收邮件", name)
		: plain > 0 ? MAIL_SAY(l, "%s 没有 MX 记录：回信会寄到它的网站地址", name)
			    : MAIL_SAY(l, "%s 收不了邮件：回信和退订都会丢", name),
		MAIL_SAY(
		    l, "add MX %s 10 YOUR-MAIL-SERVER, or write another reply_to", name),
		MAIL_SAY(l, "请添加 MX %s 10 你的邮件服务器，或换一个 reply_to", name) });
}

json_t *
mail_dns_look(const struct mail_dns *d, const struct mail_sender *s)
{
	struct mail_look l = { d, s, json_array(), false };

	mail_look_spf(&l);
	mail_look_dkim(&l);
	look_dmarc(&l);
	look_mx(&l);
	return l.rows;
}
