/* smtp.c - `type: smtp`: submission to a mail server (RFC 6409), one mail a call.
 *
 * No idempotency, no query: a lost reply to the last dot is never asked about again.
 * Whatever ends before the server asks for the text (354) was not taken, which the world
 * knows. Bounces, complaints and answers come as mail; the mail server hands them over
 * by `curl --data-binary @-` to the account's webhook. */
#include <string.h>

#include "provider/mail.h"
#include "services.h"
#include "smtp.h"

/* 600 s are the server's for the last reply (RFC 5321), the rest is ours. */
#define LONGEST (630 * MS_SECOND)
#define BYTES_MAX (2U << 20)
#define GREYLISTED (5 * MS_MINUTE)
#define CROWDED MS_MINUTE

static const struct provider_setting settings[] = {
	MAIL_SETTINGS,
	{ "user", "who signs in; without it nobody does", 0 },
	{ "password", "of the user", SETTING_SECRET },
	{ "ehlo", "the name given to the server; else the domain of from", 0 },
	{ "bounce",
	    "where bounces go, as bounce@dealer.example: the reference is put in, "
	    "bounce+REF@; else from",
	    0 },
	{ "tls", "no: without TLS, for internal servers alone; else always", 0 },
	{ NULL, NULL, 0 },
};

/* Settings ------------------------------------------------------------------------ */

static bool
is_host(const char *s)
{
	return s[strspn(s,
		   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")] ==
	       '\0';
}

static void
smtp_check(const struct account *acc, struct report *r)
{
	const char *tls = provider_setting(acc, "tls"),
		   *bounce = provider_setting(acc, "bounce");

	mail_check(acc, r);
	if (acc->url == NULL || *acc->url == '\0')
		provider_mistake(acc, r,
		    "write url: smtp://HOST:587, or smtps://HOST:465",
		    "a provider of type smtp needs url");
	if (provider_is_set(acc, "user") != provider_is_set(acc, "password"))
		provider_mistake(
		    acc, r, "write both, or neither", "user and password go together");
	if (!is_host(provider_setting(acc, "ehlo")))
		provider_mistake(acc, r, "write a name as reach.dealer.example",
		    "ehlo is not the name of a host");
	if (*bounce != '\0' &&
	    (strchr(bounce, '@') == NULL || strchr(bounce, '+') != NULL))
		provider_mistake(acc, r, "write bounce: bounce@dealer.example",
		    "bounce is not an address without a +");
	if (*tls != '\0' && strcmp(tls, "no") != 0)
		provider_mistake(acc, r, "delete it, or write tls: no",
		    "mail goes with TLS unless tls says no");
	else if (*tls != '\0' && !acc->internal)
		provider_mistake(acc, r, "delete tls: no",
		    "without TLS mail goes to internal servers only");
}

static void
smtp_capabilities(const struct account *acc, struct capabilities *out)
{
	*out = (struct capabilities){
		.channels = 1U << CHANNEL_EMAIL,
		.batch = 1,
		.settle = SETTLE_NONE,
		.longest = LONGEST,
		.match = MATCH_REF,
		/* Servers tell what failed, hardly ever what arrived: silence is no news. */
		.receipts = false,
		.replies = acc->hook_secret != NULL,
		.opens = true,
		.clicks = true,
	};
}

static const char *
smtp_refuses(const struct account *acc, const struct parcel *p, struct arena *a)
{
	return mail_refuses(acc, p, BYTES_MAX, a);
}

/* Message -> request ----------------------------------------------------------------- */

const char *
smtp_url(const struct account *acc, const char *domain, struct arena *a)
{
	const char *ehlo = provider_setting(acc, "ehlo"), *host = strstr(acc->url, "://");
	const char *url = provider_url(acc, a, "");
	bool port = host != NULL &&
		    (strrchr(host + 3, ':') != NULL && url[strlen(url) - 1] != ']');

	return arena_printf(a, "%s%s/%s", url,
	    port                                  ? ""
	    : g_str_has_prefix(acc->url, "smtps") ? ":465"
						  : ":587",
	    *ehlo != '\0' ? ehlo : domain);
}

/* Each mail has a return path of its own (VERP): a bounce tells by it which it is of. */
static const char *
return_path(const struct account *acc, const struct mail *m, struct arena *a)
{
	const char *bounce = provider_setting(acc, "bounce"), *at = strchr(bounce, '@');

	return at == NULL
		   ? m->from
		   : arena_printf(a, "%.*s+%s%s", (int)(at - bounce), bounce, m->ref, at);
}

static int
smtp_request(const struct account *acc, const struct config *cfg,
    const struct parcel *parcels, int n, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	struct envelope *v = arena_new_of(a, struct envelope);
	struct mail m;

	(void)cfg;
	if (n != 1)
		return err_set(e, ERR_INTERNAL, "a batch of %d for a mail server", n);
	if (mail_make(acc, parcels, sig_ts, a, &m, e) != 0)
		return -1;
	*v = (struct envelope){ .from = return_path(acc, &m, a),
		.to = m.to,
		.user = provider_setting(acc, "user"),
		.password = provider_setting(acc, "password"),
		.plain = *provider_setting(acc, "tls") != '\0' };
	out->method = "SMTP";
	out->url = smtp_url(acc, m.domain, a);
	out->body = mail_bytes(&m, a, &out->body_len);
	out->envelope = v;
	return 0;
}

/* Answer -> outcome ------------------------------------------------------------------- */

/* What a reply may have answered to. */
#define CONNECT 1U
#define MAIL 2U
#define RCPT 4U
#define DATA 8U
#define END 16U
#define ANY 31U

enum effect { TAKEN, LATER, LATER_HE, REFUSED, NOBODY, STOPPED };

/* The first that fits. code: 4 and 5 stand for their hundred. status: of RFC 3463, its
 * beginning; word: in the text, whatever its case. */
static const struct rule {
	unsigned stages;
	int code;
	const char *status, *word;
	enum effect effect;
	ms_t wait;
} rules[] = {
	{ END, 250, "", "", TAKEN, 0 },
	/* Too many, of everybody: the account waits. */
	{ ANY, 421, "", "", LATER, CROWDED },
	{ CONNECT | MAIL, 4, "", "", LATER, CROWDED },
	{ ANY, 4, "4.7.0", "", LATER, CROWDED },
	{ ANY, 4, "4.5.3", "", LATER, CROWDED },
	{ ANY, 4, "", "rate limit", LATER, CROWDED },
	{ ANY, 4, "", "too many", LATER, CROWDED },
	/* Greylisting, a full mailbox: this one waits. */
	{ ANY, 4, "", "", LATER_HE, GREYLISTED },
	/* We are not let in: nothing else will pass either. */
	{ MAIL, 552, "", "", REFUSED, 0 }, /* longer than it takes */
	{ MAIL, 5, "5.3.4", "", REFUSED, 0 },
	{ CONNECT | MAIL, 5, "", "", STOPPED, 0 },
	{ ANY, 530, "", "", STOPPED, 0 },
	{ ANY, 535, "", "", STOPPED, 0 },
	{ RCPT, 5, "", "relay", STOPPED, 0 },
	/* Nobody is there. Codes alone do not say it: many a filter answers 550 too. */
	{ RCPT, 5, "5.1.1", "", NOBODY, 0 },
	{ RCPT, 5, "5.1.2", "", NOBODY, 0 },
	{ RCPT, 5, "5.1.3", "", NOBODY, 0 },
	{ RCPT, 5, "5.1.6", "", NOBODY, 0 },
	{ RCPT, 5, "5.1.10", "", NOBODY, 0 },
	{ ANY, 5, "", "", REFUSED, 0 },
};

static unsigned
stage_of(const char *body, size_t len)
{
	static const char *const names[] = { "CONNECT", "MAIL", "RCPT", "DATA", "END" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		size_t n = strlen(names[i]);

		if (len > n && memcmp(body, names[i], n) == 0 && body[n] == ' ')
			return 1U << i;
	}
	return 0;
}

static bool
fits(
    const struct rule *r, unsigned stage, int code, const char *status, const char *words)
{
	if ((r->stages & stage) == 0 || (r->code != code && r->code != code / 100))
		return false;
	if (*r->status != '\0' && strcmp(r->status, status) != 0)
		return false;
	return strstr(words, r->word) != NULL;
}

/* "2.0.0 Ok: queued as 4F1A2C": servers say it in their own ways; this is the usual. */
static void
queue_id(const char *words, char *out, size_t n)
{
	const char *p = strstr(words, "queued as ");

	if (p != NULL)
		g_snprintf(out, n, "%.*s",
		    (int)strspn(p + 10, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-"),
		    p + 10);
}

static void
apply(const struct rule *r, const char *words, struct answer *out)
{
	switch (r->effect) {
	case TAKEN:
		out->outcome = OUTCOME_ACCEPTED;
		out->perr[0] = '\0';
		queue_id(words, out->provider_id, sizeof out->provider_id);
		return;
	case LATER_HE:
		out->number = true;
		out->outcome = OUTCOME_REFUSED_RETRY;
		break;
	case LATER:
		out->outcome = OUTCOME_REFUSED_RETRY;
		break;
	case STOPPED:
		out->freeze = true;
		out->outcome = OUTCOME_REJECTED;
		break;
	case NOBODY:
		out->bad_address = true;
		out->outcome = OUTCOME_REJECTED;
		break;
	case REFUSED:
		out->outcome = OUTCOME_REJECTED;
		break;
	}
	out->retry_after = r->wait;
}

static void
smtp_answer(const struct account *acc, const struct parcel *parcels, int n,
    const struct provider_reply *reply, struct answer *out)
{
	unsigned stage = stage_of(reply->body, reply->len);
	const char *said = stage == 0 ? "" : strchr(reply->body, ' ') + 1;
	size_t digits = strspn(said, "0123456789.");
	static const struct rule distrusted = { .effect = STOPPED };
	const struct rule *rule = NULL;
	char code[12], *lower = g_ascii_strdown(said, -1);

	(void)acc;
	(void)parcels;
	(void)n;
	g_snprintf(code, sizeof code, "%.*s", (int)MIN(digits, sizeof code - 1), said);
	memset(out, 0, sizeof *out);
	out->outcome = OUTCOME_UNKNOWN;
	/* Our domain proves nothing: his address is fine, nothing else will pass either. */
	if (reply->status / 100 == 5 && mail_distrust(said) != NULL) {
		g_strlcpy(code, mail_distrust(said), sizeof code);
		rule = &distrusted;
	}
	g_snprintf(out->perr, sizeof out->perr, "%d%s%s", reply->status,
	    *code != '\0' ? " " : "", code);
	if (rule != NULL)
		apply(rule, said, out);
	for (size_t i = 0; i < G_N_ELEMENTS(rules) && rule == NULL; i++)
		if (fits(&rules[i], stage, reply->status, code, lower)) {
			apply(&rules[i], said, out);
			break;
		}
	g_free(lower);
}

/* Mails that come back ------------------------------------------------------------------ */

static int
smtp_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply)
{
	(void)cfg;
	if (strcmp(req->method, "POST") != 0) {
		reply->status = 405;
		reply->body = "{\"error\":\"post the mail as it came\"}";
		return -1;
	}
	*n = mail_receipts(acc, req->body, req->body_len, a, out);
	reply->status = 200;
	reply->body = *n > 0 ? "{\"read\":true}" : "{\"read\":false}";
	return 0;
}

const struct provider smtp_provider = {
	.name = "smtp",
	.summary = "a mail server, by SMTP submission; its bounces and answers as mail",
	.submits = true,
	.settings = settings,
	.check = smtp_check,
	.probe = &smtp_probe,
	.capabilities = smtp_capabilities,
	.lint = mail_lint,
	.refuses = smtp_refuses,
	.request = smtp_request,
	.answer = smtp_answer,
	.hook = smtp_hook,
};
