/* provider_smtp_test.c - SMTP submission: what is sent, what its replies prove, what comes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "provider/provider.h"

#define REF "0abcdefgh0123456789jkmnp"
#define AT INT64_C(1795741200000) /* 2026-11-27T01:00:00Z */
#define GOLDEN "tests/golden/provider/smtp/"

static struct arena *arena;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static const struct provider *
smtp(void)
{
	return provider_find("smtp");
}

#define SETTINGS_MAX 8
static const struct setting plain[] = {
	{ .name = "from", .value = "news@dealer.example" },
	{ .name = "from_name", .value = "示例汽车" },
	{ .name = "user", .value = "reach" },
	{ .name = "password", .value = "s3cret", .credential = "mail" },
	{ .name = "bounce", .value = "bounce@dealer.example" },
};

struct desk {
	struct setting settings[SETTINGS_MAX];
	struct account acc;
};

static struct account *
account(struct desk *d)
{
	memset(d, 0, sizeof *d);
	memcpy(d->settings, plain, sizeof plain);
	d->acc = (struct account){ .name = "post",
		.type = "smtp",
		.at = { "reachd.yaml", 5, 3 },
		.channels = 1U << CHANNEL_EMAIL,
		.url = "smtp://mail.dealer.example",
		.settings = d->settings,
		.n_settings = (int)G_N_ELEMENTS(plain) };
	return &d->acc;
}

static const struct parcel letter = { .msg = 1,
	.to = "wang@example.com",
	.ref = REF,
	.call = "",
	.channel = CHANNEL_EMAIL,
	.category = CATEGORY_MARKETING,
	.subject = "广告：冬季保养",
	.text = "王先生您好\n.\n退订",
	.html = "<p>王先生您好</p>",
	.unsubscribe = "https://reach.dealer.example/u/" REF,
	.customer = "c1",
	.signature = "" };

static char *
shown(const struct account *acc)
{
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct err e = { 0 };
	GString *s = g_string_new(NULL);

	if (smtp()->request(acc, NULL, &letter, 1, AT, arena, &r, &e) != 0)
		fail_msg("%s", e.text);
	g_string_append_printf(s,
	    "%s %s\nuser %s\npassword %s\nplain %d\nfrom %s\nto %s\n\n", r.method, r.url,
	    r.envelope->user, r.envelope->password, r.envelope->plain, r.envelope->from,
	    r.envelope->to);
	g_string_append_len(s, r.body, (gssize)r.body_len);
	assert_int_equal(r.headers->len, 0);
	g_ptr_array_unref(r.headers);
	return g_string_free(s, FALSE);
}

static void
the_call_is_the_golden_one(void **state)
{
	struct desk d;
	char *got = shown(account(&d)), *want = NULL;

	(void)state;
	if (getenv("GOLDEN_WRITE") != NULL)
		assert_true(g_file_set_contents(GOLDEN "one.smtp", got, -1, NULL));
	assert_true(g_file_get_contents(GOLDEN "one.smtp", &want, NULL, NULL));
	assert_string_equal(got, want);
	g_free(want);
	g_free(got);
}

static const struct {
	const char *url, *ehlo, *want;
} urls[] = {
	{ "smtp://mail.example", "", "smtp://mail.example:587/dealer.example" },
	{ "smtp://mail.example/", "", "smtp://mail.example:587/dealer.example" },
	{ "smtps://mail.example", "", "smtps://mail.example:465/dealer.example" },
	{ "smtps://mail.example:994", "", "smtps://mail.example:994/dealer.example" },
	{ "smtp://[2001:db8::1]", "", "smtp://[2001:db8::1]:587/dealer.example" },
	{ "smtp://[2001:db8::1]:25", "", "smtp://[2001:db8::1]:25/dealer.example" },
	{ "smtp://mail.example", "reach.example",
	    "smtp://mail.example:587/reach.example" },
};

static void
addresses_of_servers(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(urls); i++) {
		struct provider_request r = { .headers = g_ptr_array_new() };
		struct err e = { 0 };
		struct desk d;
		struct account *acc = account(&d);

		acc->url = urls[i].url;
		d.settings[acc->n_settings++] =
		    (struct setting){ .name = "ehlo", .value = urls[i].ehlo };
		assert_int_equal(
		    smtp()->request(acc, NULL, &letter, 1, AT, arena, &r, &e), 0);
		assert_string_equal(r.url, urls[i].want);
		assert_string_equal(r.envelope->from, "bounce+" REF "@dealer.example");
		g_ptr_array_unref(r.headers);
	}
}

static const struct row {
	const char *said;
	int status;
	enum outcome outcome;
	const char *flags; /* b bad address, f freeze, n number */
	ms_t wait;
	const char *perr;
} rows[] = {
	{ "END 2.0.0 Ok: queued as 4F1A2C", 250, OUTCOME_ACCEPTED, "", 0, "" },
	{ "END", 250, OUTCOME_UNKNOWN, "", 0, "250" },
	{ "RCPT 2.1.5 ok", 250, OUTCOME_UNKNOWN, "", 0, "250 2.1.5" },
	{ "", 250, OUTCOME_UNKNOWN, "", 0, "250" },
	{ "END 2.0.0 forwarded", 251, OUTCOME_UNKNOWN, "", 0, "251 2.0.0" },
	{ "CONNECT 4.3.2 too busy", 421, OUTCOME_REFUSED_RETRY, "", MS_MINUTE,
	    "421 4.3.2" },
	{ "END 4.3.2 closing", 421, OUTCOME_REFUSED_RETRY, "", MS_MINUTE, "421 4.3.2" },
	{ "CONNECT 4.7.0 TLS not available", 454, OUTCOME_REFUSED_RETRY, "", MS_MINUTE,
	    "454 4.7.0" },
	{ "MAIL 4.3.1 no room", 452, OUTCOME_REFUSED_RETRY, "", MS_MINUTE, "452 4.3.1" },
	{ "RCPT 4.2.0 greylisted", 450, OUTCOME_REFUSED_RETRY, "n", 5 * MS_MINUTE,
	    "450 4.2.0" },
	{ "RCPT 4.7.1 greylisted", 451, OUTCOME_REFUSED_RETRY, "n", 5 * MS_MINUTE,
	    "451 4.7.1" },
	{ "RCPT 4.5.3 too much", 452, OUTCOME_REFUSED_RETRY, "", MS_MINUTE, "452 4.5.3" },
	{ "RCPT Too many messages", 450, OUTCOME_REFUSED_RETRY, "", MS_MINUTE, "450" },
	{ "RCPT 4.2.2 mailbox full", 452, OUTCOME_REFUSED_RETRY, "n", 5 * MS_MINUTE,
	    "452 4.2.2" },
	{ "END 4.3.0 try later", 451, OUTCOME_REFUSED_RETRY, "n", 5 * MS_MINUTE,
	    "451 4.3.0" },
	{ "RCPT 5.1.1 no such user", 550, OUTCOME_REJECTED, "b", 0, "550 5.1.1" },
	{ "RCPT 5.1.10 null MX", 556, OUTCOME_REJECTED, "b", 0, "556 5.1.10" },
	{ "RCPT 5.1.2 no such domain", 553, OUTCOME_REJECTED, "b", 0, "553 5.1.2" },
	{ "RCPT no such user", 550, OUTCOME_REJECTED, "", 0, "550" },
	{ "RCPT 5.2.2 mailbox full", 552, OUTCOME_REJECTED, "", 0, "552 5.2.2" },
	{ "RCPT 5.7.1 blocked", 550, OUTCOME_REJECTED, "", 0, "550 5.7.1" },
	{ "RCPT 5.7.1 Relay access denied", 554, OUTCOME_REJECTED, "f", 0, "554 5.7.1" },
	{ "END 5.1.1 said late", 550, OUTCOME_REJECTED, "", 0, "550 5.1.1" },
	{ "END 5.7.1 spam", 554, OUTCOME_REJECTED, "", 0, "554 5.7.1" },
	{ "END 5.3.4 too long", 552, OUTCOME_REJECTED, "", 0, "552 5.3.4" },
	{ "MAIL 5.3.4 too long", 552, OUTCOME_REJECTED, "", 0, "552 5.3.4" },
	{ "MAIL 5.7.1 not your address", 550, OUTCOME_REJECTED, "f", 0, "550 5.7.1" },
	{ "MAIL 5.7.0 sign in first", 530, OUTCOME_REJECTED, "f", 0, "530 5.7.0" },
	{ "END 5.7.515 Access denied, does not meet the required authentication level", 550,
	    OUTCOME_REJECTED, "f", 0, "550 5.7.515" },
	{ "RCPT Blocked for 5.7.25: no PTR", 550, OUTCOME_REJECTED, "f", 0, "550 5.7.25" },
	{ "RCPT 5.7.26 unauthenticated mail", 550, OUTCOME_REJECTED, "f", 0, "550 5.7.26" },
	{ "CONNECT 5.7.8 wrong password", 535, OUTCOME_REJECTED, "f", 0, "535 5.7.8" },
	{ "CONNECT 5.7.9 too weak", 534, OUTCOME_REJECTED, "f", 0, "534 5.7.9" },
	{ "CONNECT go away", 554, OUTCOME_REJECTED, "f", 0, "554" },
	{ "DATA 5.5.1 no", 554, OUTCOME_REJECTED, "", 0, "554 5.5.1" },
	{ "RCPT 5.7.1 x", 250, OUTCOME_UNKNOWN, "", 0, "250 5.7.1" },
};

static void
replies_prove_what_they_say(void **state)
{
	struct desk d;
	struct account *acc = account(&d);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct row *r = &rows[i];
		struct answer a;
		char flags[4] = "", *f = flags;

		smtp()->answer(acc, &letter, 1,
		    &(struct provider_reply){ r->status, r->said, strlen(r->said), NULL }, &a);
		if (a.bad_address)
			*f++ = 'b';
		if (a.freeze)
			*f++ = 'f';
		if (a.number)
			*f++ = 'n';
		*f = '\0';
		if (a.outcome != r->outcome || strcmp(flags, r->flags) != 0 ||
		    a.retry_after != r->wait || strcmp(a.perr, r->perr) != 0)
			fail_msg("%d %s: outcome %d flags %s wait %d perr %s", r->status,
			    r->said, a.outcome, flags, (int)a.retry_after, a.perr);
		assert_string_equal(a.provider_id, i == 0 ? "4F1A2C" : "");
	}
}

static const struct {
	const char *name, *key, *value, *want; /* value NULL: taken away */
} mistakes[] = {
	{ "password without user", "user", NULL, "user and password go together" },
	{ "a name with a path", "ehlo", "a/b", "ehlo is not the name of a host" },
	{ "bounce is a name", "bounce", "bounce",
	    "bounce is not an address without a +" },
	{ "bounce with a +", "bounce", "a+b@c.example",
	    "bounce is not an address without a +" },
	{ "tls: yes", "tls", "yes", "mail goes with TLS unless tls says no" },
	{ "tls: no outside", "tls", "no",
	    "without TLS mail goes to internal servers only" },
	{ "from", "from", "Dealer", "from is not an email address" },
};

static void
set(struct account *acc, const char *key, const char *value)
{
	int i = 0;

	while (i < acc->n_settings && strcmp(acc->settings[i].name, key) != 0)
		i++;
	if (value == NULL)
		acc->settings[i].name = "other";
	else
		acc->settings[i] = (struct setting){ .name = key, .value = value };
	acc->n_settings = MAX(acc->n_settings, i + 1);
}

static void
mistakes_of_settings(void **state)
{
	struct desk d;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(mistakes); i++) {
		struct report *r = report_new();
		struct account *acc = account(&d);

		smtp()->check(acc, r);
		assert_int_equal(r->errors, 0);
		set(acc, mistakes[i].key, mistakes[i].value);
		smtp()->check(acc, r);
		if (r->errors != 1 || strcmp(((struct diag *)r->diags->pdata[0])->text,
					  mistakes[i].want) != 0)
			fail_msg("%s: %d errors", mistakes[i].name, r->errors);
		report_free(r);
	}
}

/* W2: a bounce posted by the mail server; a second time it has the same key. */
static void
a_bounce_comes_by_the_hook(void **state)
{
	struct desk d;
	struct account *acc = account(&d);
	struct hook_reply reply = { 0 };
	struct hook_request q = { .method = "POST", .path = "" };
	struct receipt *r, *again;
	char *raw;
	gsize len;
	int n;

	(void)state;
	assert_true(g_file_get_contents(
	    "tests/golden/provider/mail/bounce-511.eml", &raw, &len, NULL));
	q.body = raw;
	q.body_len = len;
	assert_int_equal(smtp()->hook(acc, NULL, &q, arena, &r, &n, &reply), 0);
	assert_int_equal(n, 1);
	assert_int_equal(reply.status, 200);
	assert_int_equal(r->kind, RECEIPT_FAILED);
	assert_true(r->bad_address);
	assert_string_equal(r->ref, REF);
	assert_int_equal(smtp()->hook(acc, NULL, &q, arena, &again, &n, &reply), 0);
	assert_string_equal(r->key, again->key);
	q.method = "GET";
	assert_int_equal(smtp()->hook(acc, NULL, &q, arena, &r, &n, &reply), -1);
	assert_int_equal(reply.status, 405);
	g_free(raw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_call_is_the_golden_one),
		cmocka_unit_test(addresses_of_servers),
		cmocka_unit_test(replies_prove_what_they_say),
		cmocka_unit_test(mistakes_of_settings),
		cmocka_unit_test(a_bounce_comes_by_the_hook),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
