/* webhook_rows_test.c - the rows of the table of bad webhooks that every service must meet, over
 * all of them: what the sandbox's dialect posts, signed like the service, is tampered with,
 * stripped, signed with another key, old, replayed, broken and blown up.
 *
 * Where a row does not apply to a service its line says why. What is peculiar to a service
 * is in provider_NAME_test.c; what happens behind the provider, once a path and not once a
 * service, in inbound_test.c, api_test.c, link_test.c and disk_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
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

static void
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

static void
by_header(struct posted *p, GPtrArray *headers)
{
	for (guint i = 0; i < headers->len; i++) {
		const char *line = headers->pdata[i], *colon = strchr(line, ':');

		p->fields[i] =
		    (struct pair){ arena_strndup(arena, line, (size_t)(colon - line)),
			    arena_strdup(arena, colon + 2) };
	}
}

static void
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
static void
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

static void
make(const struct account *acc, ms_t at, struct posted *p)
{
	memset(p, 0, sizeof(*p));
	if (strcmp(now->type, "wecom-staff") == 0)
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

static struct heard
hear(const struct posted *p)
{
	struct heard h;
	struct posted own = *p;

	own.hook.fields = own.fields;
	own.hook.fetched = own.pages;
	h.rc = stage_hook(&own.hook, SIGNED_AT, &h.r, &h.n, &h.reply);
	return h;
}

static bool
is_taken(const struct heard *h)
{
	return h->rc == 0 && h->n == 1 && !h->r->broken && h->reply.status == 200;
}

static void
refused(const char *row, const struct heard *h)
{
	if (h->rc != -1 || h->reply.status / 100 != 4)
		fail_msg("%s %s: rc %d n %d status %d", row, now->type, h->rc, h->n,
		    h->reply.status);
}

/* true: it does not apply, and why is said. */
static bool
not_here(const char *row, const char *why)
{
	if (why != NULL)
		print_message(
		    "           %s %s does not apply: %s\n", row, now->type, why);
	return why != NULL;
}

/* ---- the rows ---- */

static void
right(void)
{
	struct posted p;
	struct heard h;

	make(&account, SIGNED_AT, &p);
	h = hear(&p);
	if (!is_taken(&h))
		fail_msg("%s: what is right is refused: rc %d n %d status %d", now->type,
		    h.rc, h.n, h.reply.status);
	assert_true((now->not_signed == NULL) == provider->signs);
}

/* Each byte of what is signed, one at a time. */
static void
w1_tampered(void)
{
	struct posted p;
	size_t from, to;
	char *body;

	if (not_here("W1 tampered", now->not_covered))
		return;
	make(&account, SIGNED_AT, &p);
	body = arena_strdup(arena, p.hook.body);
	from = (size_t)(strstr(body, now->covered) - body) + strlen(now->covered);
	to = *now->covered == '\0' ? strlen(body) : from + strcspn(body + from, "]");
	p.hook.body = body;
	for (size_t i = from; i < to; i++) {
		struct heard h;

		body[i] ^= 1;
		h = hear(&p);
		if (h.rc == 0)
			fail_msg("W1 %s: byte %zu of %s", now->type, i, body);
		body[i] ^= 1;
	}
}

static struct heard
stripped(void)
{
	struct posted p;

	make(&account, SIGNED_AT, &p);
	if (now->mark != NULL) {
		char *body = arena_strdup(arena, p.hook.body),
		     *at = strstr(body, now->mark);

		assert_non_null(at);
		at[1] = 'x'; /* no field of that name */
		p.hook.body = body;
	}
	memset(p.fields, 0, sizeof(p.fields));
	if (strcmp(now->type, "wecom-staff") == 0)
		p.hook.query = "timestamp=1795319400&nonce=nonce";
	return hear(&p);
}

/* Signed by another: the same account but for that secret. */
static struct heard
by_another(void)
{
	struct account other = account;
	struct posted p;

	other.settings = arena_array(arena, struct setting, account.n_settings);
	for (int i = 0; i < account.n_settings; i++) {
		other.settings[i] = account.settings[i];
		if (strcmp(other.settings[i].name, now->other) == 0)
			other.settings[i].value =
			    "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	}
	make(&other, SIGNED_AT, &p);
	return hear(&p);
}

/* W10: whatever is wrong, one answer. */
static void
alike(const struct heard *a, const struct heard *b)
{
	if (a->reply.status != b->reply.status ||
	    g_strcmp0(a->reply.body, b->reply.body) != 0)
		fail_msg("W10 %s: %d %s, %d %s", now->type, a->reply.status,
		    a->reply.body, b->reply.status, b->reply.body);
}

static void
w1_missing_or_anothers(void)
{
	struct heard none, other;

	if (!not_here("W1 missing", now->not_signed)) {
		none = stripped();
		refused("W1 missing", &none);
	}
	if (now->other == NULL) {
		not_here("W1 another key",
		    now->not_other != NULL ? now->not_other : now->not_signed);
		return;
	}
	other = by_another();
	refused("W1 another key", &other);
	if (now->not_signed == NULL)
		alike(&none, &other);
}

static struct heard
at(int seconds)
{
	struct posted p;

	make(&account, SIGNED_AT + seconds * MS_SECOND, &p);
	return hear(&p);
}

static void
w2_stale_w18_late(void)
{
	struct heard h;

	if (not_here("W2", now->not_stale)) {
		h = at(-3 * 86400);
		if (!is_taken(&h))
			fail_msg("W18 %s: %d", now->type, h.reply.status);
		return;
	}
	h = at(-now->past);
	assert_true(is_taken(&h));
	h = at(now->future);
	assert_true(is_taken(&h));
	h = at(-now->past - 1);
	refused("W2 too old", &h);
	h = at(now->future + 1);
	refused("W2 of the future", &h);
}

/* The engine keeps one row a key; here it must only be the same one. */
static void
w3_replayed(void)
{
	struct posted p;
	struct heard a, b;

	make(&account, SIGNED_AT, &p);
	a = hear(&p);
	b = hear(&p);
	assert_true(is_taken(&a) && is_taken(&b));
	assert_string_equal(a.r->key, b.r->key);
	assert_true(strlen(a.r->key) > 0);
}

/* As many as `good` of what it posts, and `broken` that are no events. */
static void
batch(int good, int broken, struct posted *p)
{
	json_t *j, *list, *one;
	GString *s;
	char *text;

	make(&account, SIGNED_AT, p);
	j = json_loads(p->hook.body, 0, NULL);
	assert_non_null(j);
	list = json_is_array(j) ? j : json_object_get(j, "events");
	one = list == NULL ? j : json_array_get(list, 0);
	text = json_dumps(one, JSON_COMPACT);
	s = g_string_new(list != NULL && !json_is_array(j) ? "{\"events\":[" : "[");
	for (int i = 0; i < good; i++)
		g_string_append_printf(s, "%s%s", i > 0 ? "," : "", text);
	for (int i = 0; i < broken; i++)
		g_string_append(s, i % 3 == 0 ? ",17" : i % 3 == 1 ? ",{}" : ",\"x\"");
	g_string_append(s, list != NULL && !json_is_array(j) ? "]}" : "]");
	p->hook.body = arena_strdup(arena, s->str);
	g_string_free(s, TRUE);
	free(text);
	json_decref(j);
}

static void
w7_broken_among_others(void)
{
	struct posted p;
	struct heard h;
	int broken = 0;

	if (not_here("W7", now->not_batch))
		return;
	batch(497, 3, &p);
	h = hear(&p);
	for (int i = 0; h.rc == 0 && i < h.n; i++) {
		broken += h.r[i].broken;
		assert_true(
		    !h.r[i].broken || (h.r[i].raw != NULL && *h.r[i].raw != '\0'));
	}
	if (h.rc != 0 || h.reply.status != 200 || h.n != 500 || broken != 3)
		fail_msg("W7 %s: rc %d n %d broken %d", now->type, h.rc, h.n, broken);
}

static void
w8_too_many(void)
{
	struct posted p;
	struct heard h;

	if (not_here("W8", now->not_batch))
		return;
	batch(5001, 0, &p);
	h = hear(&p);
	refused("W8", &h);
	assert_int_equal(h.reply.status, 413);
}

/* Bytes that no service sends: never an event. */
static void
w9_doctype(void)
{
	struct posted p;
	struct heard h;

	make(&account, SIGNED_AT, &p);
	if (strcmp(now->type, "wecom-staff") == 0)
		sealed(&account, BOMB, &p);
	else
		p.hook.body = BOMB;
	h = hear(&p);
	for (int i = 0; h.rc == 0 && i < h.n; i++)
		if (!h.r[i].broken)
			fail_msg("W9 %s: an event", now->type);
}

static void
all_rows(void **state)
{
	line_open(*state);
	right();
	w1_tampered();
	w1_missing_or_anothers();
	w2_stale_w18_late();
	w3_replayed();
	w7_broken_among_others();
	w8_too_many();
	w9_doctype();
	stage_close();
}

/* Who posts has a line, and who has a line posts. */
static void
every_service_has_a_line(void **state)
{
	(void)state;
	for (int i = 0; provider_all()[i] != NULL; i++) {
		const struct provider *p = provider_all()[i];
		size_t k = 0;

		while (k < G_N_ELEMENTS(lines) && strcmp(lines[k].type, p->name) != 0)
			k++;
		if ((p->hook != NULL) != (k < G_N_ELEMENTS(lines)))
			fail_msg("%s", p->name);
	}
}

/* W11: the address is proven by what only the owner of the key can read. */
static void
w11_handshake(void **state)
{
	struct posted p;
	struct heard h;
	char *cipher, *query;

	(void)state;
	line_open(&lines[G_N_ELEMENTS(lines) - 1]);
	make(&account, SIGNED_AT, &p);
	sealed(&account, "hello", &p);
	cipher = strstr(p.hook.body, "<Encrypt><![CDATA[") + strlen("<Encrypt><![CDATA[");
	cipher = arena_strndup(arena, cipher, strcspn(cipher, "]"));
	query = g_uri_escape_string(cipher, NULL, FALSE);
	p.hook.method = "GET";
	p.hook.query = arena_printf(arena, "%s&echostr=%s", p.hook.query, query);
	p.hook.body = "";
	h = hear(&p);
	assert_int_equal(h.rc, 0);
	assert_int_equal(h.n, 0);
	assert_string_equal(h.reply.body, "hello");
	p.hook.query = arena_printf(
	    arena, "msg_signature=0&timestamp=1795319400&nonce=nonce&echostr=%s", query);
	h = hear(&p);
	refused("W11", &h);
	g_free(query);
	stage_close();
}

int
main(void)
{
	struct CMUnitTest tests[G_N_ELEMENTS(lines) + 2];
	size_t n = 0;

	for (; n < G_N_ELEMENTS(lines); n++)
		tests[n] = (struct CMUnitTest){ lines[n].type, all_rows, NULL, NULL,
			(void *)(uintptr_t)&lines[n] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_service_has_a_line);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(w11_handshake);
	return _cmocka_run_group_tests("webhook rows", tests, n, NULL, NULL);
}
