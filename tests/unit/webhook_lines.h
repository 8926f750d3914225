/* webhook_lines.h - every service that posts: an account of it, what its dialect posts, and which
 * rows of the table of bad webhooks apply to it; where one does not, why.
 *
 * Include after cmocka.h. */
#ifndef TESTS_WEBHOOK_LINES_H
#define TESTS_WEBHOOK_LINES_H

#include <jansson.h>

#include "../../src/cmd/dialect.h"
#include "../../src/cmd/dialect_sns.h"
#include "../../src/cmd/dialect_wecom_seal.h"
#include "provider_stage.h"

#define PRESSED                                                                      \
	"<xml><ToUserName>ww0000000000000001</ToUserName><FromUserName>lina"         \
	"</FromUserName><CreateTime>1795319400</CreateTime><MsgType>event</MsgType>" \
	"<Event>template_card_event</Event><EventKey>reached</EventKey><TaskId>"     \
	"reachd-77</TaskId><ResponseCode>r1</ResponseCode><AgentID>1000002"          \
	"</AgentID></xml>"
#define NEWS_OF_KF                                                               \
	"<xml><ToUserName>ww0000000000000001</ToUserName><CreateTime>1795319400" \
	"</CreateTime><MsgType>event</MsgType><Event>kf_msg_or_event</Event>"    \
	"<Token>t</Token><OpenKfId>wkExample1</OpenKfId></xml>"
#define ADDED                                                                        \
	"<xml><ToUserName>ww0000000000000001</ToUserName><CreateTime>1795319400"     \
	"</CreateTime><MsgType>event</MsgType><Event>change_external_contact"        \
	"</Event><ChangeType>add_external_contact</ChangeType><UserID>lina</UserID>" \
	"<ExternalUserID>wm1</ExternalUserID></xml>"
#define BOMB                                                                        \
	"<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b " \
	"\"&a;&a;&a;&a;\">]><xml><x>&b;&b;</x></xml>"

/* Why a row does not apply. */
#define BY_PATH "nothing is signed: the path holds a secret (api_test.c, W1)"
#define ONE "one event a call"
#define RETRIED "retried for days, its time is not signed or not limited: W18"

struct line {
	const char *type;
	struct pair settings[8];
	const char *to, *kind, *body; /* body: where the dialect posts none of its own */
	/* W1: "" the whole body is signed, else from these words on. */
	const char *covered, *not_covered;
	const char
	    *mark; /* what names the signature in the body; NULL: it is in headers */
	const char
	    *other; /* the setting that signs; NULL: the key is in not_other's hands */
	const char *not_signed, *not_other;
	int past, future; /* W2: seconds; 0: see not_stale */
	const char *not_stale;
	const char *not_batch; /* W7, W8; NULL: a list of events */
	const char *news;      /* W3: it tells only that there is something to ask for */
};

#define MAIL "li@customer.example"
#define PHONE "+8619900000001"
#define NEWS                                  \
	{                                     \
		"from", "news@dealer.example" \
	}
#define SENDGRID_KEY                                           \
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEg/"               \
	"McuM4h2w7rfBFsKvYPrQx+QiU3cBS6h1fY141glkSkkFlgafQ1C7" \
	"R/co2p8iV34t1SpI2Pns3g54/qLDHFUg=="
#define UNSIGNED .not_covered = BY_PATH, .not_signed = BY_PATH, .not_stale = RETRIED

static const struct line lines[] = {
	{ "aliyun", { { "access_key_id", "LTAI" }, { "access_key_secret", "s" } }, PHONE,
	    "delivered", UNSIGNED },
	{ "directmail",
	    { NEWS, { "access_key_id", "LTAI" }, { "access_key_secret", "s" } }, MAIL,
	    "delivered", UNSIGNED },
	{ "http", { { NULL, NULL } }, PHONE, "delivered",
	    "{\"events\":[{\"id\":\"k1\",\"type\":\"delivered\",\"ref\":\"ref1\"}]}",
	    UNSIGNED },
	{ "sandbox", { { NULL, NULL } }, PHONE, "delivered",
	    "{\"events\":[{\"id\":\"k1\",\"type\":\"delivered\",\"ref\":\"ref1\"}]}",
	    UNSIGNED },
	{ "jpush",
	    { { "app_key", "0123456789abcdef01234567" }, { "master_secret", "s" } },
	    "device-1", "delivered", .not_covered = "a password: Basic, no signature",
	    .not_signed = "its calls may come without: the path holds a secret",
	    .other = "master_secret", .not_stale = RETRIED },
	{ "mailgun",
	    { NEWS, { "domain", "mg.dealer.example" }, { "api_key", "k" },
		{ "signing_key", "signing-example" } },
	    MAIL, "delivered", .not_covered = "they sign time and token, not the event",
	    .mark = "\"signature\":\"", .other = "signing_key", .past = 9 * 3600,
	    .future = 3600, .not_batch = ONE },
	{ "postmark",
	    { NEWS, { "server_token", "t" }, { "webhook_user", "reach" },
		{ "webhook_password", "secret" } },
	    MAIL, "delivered", .not_covered = "a password: Basic, no signature",
	    .other = "webhook_password", .not_stale = RETRIED, .not_batch = ONE },
	{ "resend",
	    { NEWS, { "api_key", "re_example" },
		{ "webhook_secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" } },
	    MAIL, "delivered", .covered = "", .other = "webhook_secret", .past = 300,
	    .future = 300, .not_batch = ONE },
	{ "sendgrid",
	    { NEWS, { "api_key", "SG.example" }, { "webhook_key", SENDGRID_KEY } }, MAIL,
	    "delivered", .covered = "",
	    .not_other = "provider_sendgrid_test.c, W1 another key", .past = 25 * 3600,
	    .future = 3600, .not_batch = "signed: provider_sendgrid_test.c, W7" },
	{ "ses",
	    { NEWS, { "region", "ap-southeast-1" }, { "access_key_id", "AKIAEXAMPLE" },
		{ "secret_access_key", "s" },
		{ "topic_arn", "arn:aws:sns:ap-southeast-1:123456789012:reach" } },
	    MAIL, "delivered", .covered = "", .mark = "\"Signature\":\"",
	    .not_other = "provider_ses_test.c, W1 ses another key", .not_stale = RETRIED,
	    .not_batch = ONE },
	{ "smtp", { NEWS, { "bounce", "bounce@dealer.example" } }, MAIL, "failed",
	    UNSIGNED, .not_batch = "one mail a call" },
	{ "tencent",
	    { { "secret_id", "AKID" }, { "secret_key", "s" },
		{ "sdk_app_id", "1400000001" } },
	    PHONE, "delivered", UNSIGNED },
	{ "twilio",
	    { { "account_sid", "AC00000000000000000000000000example" },
		{ "auth_token", "token" }, { "from", "+15005550006" } },
	    PHONE, "delivered", .covered = "", .other = "auth_token",
	    .not_stale = RETRIED, .not_batch = ONE },
	{ "wecom",
	    { { "corp_id", "ww0000000000000001" }, { "sender", "LiNa" },
		{ "secret", "s" }, { "callback_token", "QDG6eK" },
		{ "callback_key", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C" } },
	    "wm1", "delivered", ADDED, .covered = "<Encrypt><![CDATA[",
	    .other = "callback_token", .not_stale = RETRIED, .not_batch = ONE },
	{ "wecom-kf",
	    { { "corp_id", "ww0000000000000001" }, { "open_kfid", "wkExample1" },
		{ "secret", "s" }, { "callback_token", "QDG6eK" },
		{ "callback_key", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C" } },
	    "wm1", "delivered", NEWS_OF_KF, .covered = "<Encrypt><![CDATA[",
	    .other = "callback_token", .not_stale = RETRIED, .not_batch = ONE,
	    .news = "what came is asked for, once (pull)" },
	{ "wecom-staff",
	    { { "corp_id", "ww0000000000000001" }, { "agent_id", "1000002" },
		{ "secret", "s" }, { "callback_token", "QDG6eK" },
		{ "callback_key", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C" } },
	    "lina", "delivered", PRESSED, .covered = "<Encrypt><![CDATA[",
	    .other = "callback_token", .not_stale = RETRIED, .not_batch = ONE },
};

/* ---- what the service posts ---- */

struct posted {
	struct stage_hook hook;
	struct pair fields[8], pages[3];
};
struct heard {
	int rc, n;
	struct receipt *r;
	struct hook_reply reply;
};

static const struct line *now;

static inline void
line_open(const struct line *l)
{
	int n = 0;

	now = l;
	while (n < 8 && l->settings[n].name != NULL)
		n++;
	stage_open(l->type, l->settings, n);
	account.url = "http://127.0.0.1:1/x";
	account.internal = true;
	account.channels = stage_capabilities().channels;
	if (l->not_signed != NULL)
		account.hook_secret = "hooksecret0000000000";
}

static inline void
by_header(struct posted *p, GPtrArray *headers)
{
	for (guint i = 0; i < headers->len; i++) {
		const char *line = headers->pdata[i], *colon = strchr(line, ':');

		p->fields[i] =
		    (struct pair){ arena_strndup(arena, line, (size_t)(colon - line)),
			    arena_strdup(arena, colon + 2) };
	}
}

/* Encrypted, and signed in the query. */
static inline bool
is_sealed(void)
{
	return g_str_has_prefix(now->type, "wecom");
}

static inline void
sealed(const struct account *acc, const char *text, struct posted *p)
{
	struct wecom_sealed s;

	wecom_seal(acc, provider_setting(acc, "corp_id"), text, strlen(text),
	    "0123456789abcdef", "1795319400", "nonce", &s);
	p->hook.query = arena_strdup(arena, s.query);
	p->hook.body = arena_strdup(arena, s.body);
	g_free(s.query);
	g_free(s.body);
}

/* By a dialect with the settings of `acc`. */
static inline void
by_dialect(const struct account *acc, ms_t at, struct posted *p)
{
	const struct dialect_event ev = { .kind = now->kind,
		.key = "k1",
		.ref = "ref1",
		.id = "id-1",
		.to = now->to,
		.text = "",
		.code = "",
		.at = at };
	const struct dialect *d = dialect_find_type(now->type, strlen(now->type));
	struct dialect_post post = { .headers = g_ptr_array_new_with_free_func(g_free) };
	const char *url =
	    arena_printf(arena, "https://reach.example.com/hooks/%s/main", now->type);

	assert_true(d->event(acc, url, &ev, at, &post));
	p->hook.body = arena_strdup(arena, post.body);
	if (post.url != NULL && strchr(post.url, '?') != NULL)
		p->hook.query = arena_strdup(arena, strchr(post.url, '?') + 1);
	by_header(p, post.headers);
	g_ptr_array_unref(post.headers);
	g_free(post.body);
	g_free(post.url);
	g_free(post.type);
	g_free(post.method);
}

static inline void
make(const struct account *acc, ms_t at, struct posted *p)
{
	memset(p, 0, sizeof(*p));
	if (is_sealed())
		sealed(acc, now->body, p);
	else if (now->body != NULL)
		p->hook.body = now->body;
	else
		by_dialect(acc, at, p);
	p->pages[0] = (struct pair){ "http://127.0.0.1:1/x" DIALECT_SNS_PATH,
		dialect_sns_certificate() };
	p->hook.fields = p->fields;
	p->hook.fetched = p->pages;
}

static inline struct heard
hear(const struct posted *p)
{
	struct heard h;
	struct posted own = *p;

	own.hook.fields = own.fields;
	own.hook.fetched = own.pages;
	h.rc = stage_hook(&own.hook, SIGNED_AT, &h.r, &h.n, &h.reply);
	return h;
}

static inline bool
is_taken(const struct heard *h)
{
	if (h->rc != 0 || h->reply.status != 200)
		return false;
	return now->news != NULL ? h->n == 0 && h->reply.news == &account
				 : h->n == 1 && !h->r->broken;
}

static inline void
refused(const char *row, int status, const struct heard *h)
{
	if (h->rc != -1 || h->reply.status != status)
		fail_msg("%s %s: rc %d n %d status %d", row, now->type, h->rc, h->n,
		    h->reply.status);
}

/* true: it does not apply, and why is said. */
static inline bool
not_here(const char *row, const char *why)
{
	if (why != NULL)
		print_message(
		    "           %s %s does not apply: %s\n", row, now->type, why);
	return why != NULL;
}

#endif
