/* mail_dns_test.c - what a domain proves, over records written here (B-EM1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "provider/mail_dns.h"

#define KEY_512                                                                          \
	"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKoQghKQMV0k18bsSaM9SSGJK2Z4duFJXArkdjhmqJRzTo" \
	"M+"                                                                             \
	"dG3C+g4M9dbBAY8EA4hoa6PjF0DDnhnWVw1BWrcCAwEAAQ=="
#define KEY_1024                                                              \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC0+"                           \
	"zOleTh46C9B1kVA5px7P9oBnpUCsdmKly8iuuKq"                             \
	"9Nj1DHT9ng6f0uzTOzDKmH2lMhrdz9mA892N/rYzc3VkpAJFtjxyjz+5wz5LzQquBv/" \
	"OTG0g7JN0bgJD"                                                       \
	"Auqgj33QPM8s8GIfE/+JQ5fueQqAHAgKkVzV3UhE8TcbwidlIQIDAQAB"

struct record {
	const char *name, *text;
	enum mail_record type;
};
#define RECORDS_MAX 16
#define TXT(name, text)              \
	{                            \
		name, text, MAIL_TXT \
	}

static int
ask(void *arg, const char *name, enum mail_record type, struct arena *a,
    const char *const **out)
{
	const struct record *r = arg;
	const char **all = arena_array(a, const char *, RECORDS_MAX);
	int n = 0;

	for (; r->name != NULL; r++) {
		if (strcmp(r->name, name) != 0 || r->type != type)
			continue;
		if (r->text == NULL)
			return -1;
		all[n++] = r->text;
	}
	*out = all;
	return n;
}

static const struct mail_sender own = { .domain = "news.dealer.cn",
	.envelope = "news.dealer.cn",
	.selector = "key",
	.reply = "dealer.cn",
	.host = "mx.dealer.cn" };
static const struct mail_sender service = { .domain = "news.dealer.cn",
	.envelope = "",
	.selector = "",
	.reply = "news.dealer.cn",
	.host = "" };

#define GOOD_SPF TXT("news.dealer.cn", "v=spf1 a:mx.dealer.cn ~all")
#define GOOD_KEY TXT("key._domainkey.news.dealer.cn", "v=DKIM1; k=rsa; p=" KEY_1024)
#define GOOD_POLICY TXT("_dmarc.dealer.cn", "v=DMARC1; p=quarantine; adkim=r")
#define GOOD_MX                                      \
	{                                            \
		"dealer.cn", "mx.dealer.cn", MAIL_MX \
	}

static const struct row {
	const char *name;
	const struct mail_sender *s;
	struct record records[RECORDS_MAX];
	const char *want, *next; /* in one of them */
} rows[] = {
	{ "all there", &own, { GOOD_SPF, GOOD_KEY, GOOD_POLICY, GOOD_MX },
	    "spf:ok dkim:ok dmarc:ok mx:ok", "2048 bits are advised" },
	{ "nothing there", &own, { { NULL, NULL, 0 } },
	    "spf:failed dkim:failed dmarc:failed mx:failed",
	    "add TXT news.dealer.cn \"v=spf1 a:mx.dealer.cn ~all\"" },
	{ "a service's own return path needs no SPF here", &service,
	    { GOOD_POLICY, { "news.dealer.cn", "192.0.2.1", MAIL_ADDRESS } },
	    "spf:note dkim:note dmarc:ok mx:note", "write dkim_selector:" },
	{ "other texts are no SPF", &own,
	    { TXT("news.dealer.cn", "v=spf10 ~all"), GOOD_KEY, GOOD_POLICY, GOOD_MX },
	    "spf:failed dkim:ok dmarc:ok mx:ok", "add TXT news.dealer.cn" },
	{ "two SPF records", &own,
	    { GOOD_SPF, TXT("news.dealer.cn", "v=spf1 -all"), GOOD_KEY, GOOD_POLICY,
		GOOD_MX },
	    "spf:failed dkim:ok dmarc:ok mx:ok", "make one of them" },
	{ "SPF lets everybody", &own,
	    { TXT("news.dealer.cn", "v=spf1 +all"), GOOD_KEY, GOOD_POLICY, GOOD_MX },
	    "spf:failed dkim:ok dmarc:ok mx:ok", "let it end with ~all" },
	{ "SPF says nothing of others", &own,
	    { TXT("news.dealer.cn", "v=spf1 mx"), GOOD_KEY, GOOD_POLICY, GOOD_MX },
	    "spf:failed dkim:ok dmarc:ok mx:ok", "let it end with ~all" },
	{ "SPF by another's", &own,
	    { TXT("news.dealer.cn", "v=spf1 redirect=_spf.dealer.cn"),
		TXT("_spf.dealer.cn", "v=spf1 ip4:192.0.2.1 -all"), GOOD_KEY, GOOD_POLICY,
		GOOD_MX },
	    "spf:ok dkim:ok dmarc:ok mx:ok", "" },
	{ "SPF includes who is gone", &own,
	    { TXT("news.dealer.cn", "v=spf1 include:gone.example ~all"), GOOD_KEY,
		GOOD_POLICY, GOOD_MX },
	    "spf:failed dkim:ok dmarc:ok mx:ok", "take include:gone.example out" },
	{ "SPF includes itself for ever", &own,
	    { TXT("news.dealer.cn", "v=spf1 include:news.dealer.cn ~all"), GOOD_KEY,
		GOOD_POLICY, GOOD_MX },
	    "spf:failed dkim:ok dmarc:ok mx:ok", "no longer send" },
	{ "a withdrawn key", &own,
	    { GOOD_SPF, TXT("key._domainkey.news.dealer.cn", "v=DKIM1; p="), GOOD_POLICY,
		GOOD_MX },
	    "spf:ok dkim:failed dmarc:ok mx:ok", "copy the record" },
	{ "a key that counts nowhere", &own,
	    { GOOD_SPF, TXT("key._domainkey.news.dealer.cn", "p=" KEY_512), GOOD_POLICY,
		GOOD_MX },
	    "spf:ok dkim:failed dmarc:ok mx:ok", "copy the record" },
	{ "half a key", &own,
	    { GOOD_SPF, TXT("key._domainkey.news.dealer.cn", "p=MIGfMA0GCSqGSIb3"),
		GOOD_POLICY, GOOD_MX },
	    "spf:ok dkim:failed dmarc:ok mx:ok", "copy the record" },
	{ "DMARC without a policy", &own,
	    { GOOD_SPF, GOOD_KEY,
		TXT("_dmarc.news.dealer.cn", "v=DMARC1; rua=mailto:a@b.cn"), GOOD_MX },
	    "spf:ok dkim:ok dmarc:failed mx:ok",
	    "p=none; rua=mailto:postmaster@news.dealer.cn" },
	{ "two policies", &own, { GOOD_SPF, GOOD_KEY, GOOD_POLICY, GOOD_POLICY, GOOD_MX },
	    "spf:ok dkim:ok dmarc:failed mx:ok", "leave one" },
	{ "a domain that takes no mail", &own,
	    { GOOD_SPF, GOOD_KEY, GOOD_POLICY, { "dealer.cn", "", MAIL_MX } },
	    "spf:ok dkim:ok dmarc:ok mx:failed", "another reply_to" },
	{ "nobody answers: asked once", &own, { TXT("news.dealer.cn", NULL) },
	    "spf:failed", "--resolver" },
};

static void
what_a_domain_proves(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct arena *a = arena_new();
		const struct mail_dns dns = { ask, (void *)(uintptr_t)rows[i].records,
			a };
		json_t *all = mail_dns_look(&dns, rows[i].s), *one;
		GString *got = g_string_new(NULL), *next = g_string_new(NULL);
		size_t k;

		json_array_foreach(all, k, one)
		{
			g_string_append_printf(got, "%s%s:%s", k > 0 ? " " : "",
			    json_string_value(json_object_get(one, "check")),
			    json_string_value(json_object_get(one, "result")));
			g_string_append(
			    next, json_string_value(json_object_get(one, "next")));
			assert_string_not_equal(
			    json_string_value(json_object_get(one, "text_zh")), "");
		}
		if (strcmp(got->str, rows[i].want) != 0 ||
		    strstr(next->str, rows[i].next) == NULL)
			fail_msg("%s: %s; %s", rows[i].name, got->str, next->str);
		g_string_free(got, TRUE);
		g_string_free(next, TRUE);
		json_decref(all);
		arena_free(a);
	}
}

/* The return path must be of the same house, or of just that name where it says so. */
static void
whose_return_path_counts(void **state)
{
	static const struct {
		const char *envelope, *policy;
		size_t rows;
	} cases[] = {
		{ "news.dealer.cn", "v=DMARC1; p=none; aspf=s", 4 },
		{ "dealer.cn", "v=DMARC1; p=none", 4 },
		{ "dealer.cn", "v=DMARC1; p=none; aspf=s", 5 },
		{ "mailer.example", "v=DMARC1; p=none", 5 },
		{ "bigdealer.cn", "v=DMARC1; p=none", 5 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct arena *a = arena_new();
		struct record records[] = { TXT(cases[i].envelope, "v=spf1 mx -all"),
			GOOD_KEY, TXT("_dmarc.news.dealer.cn", cases[i].policy), GOOD_MX,
			{ NULL, NULL, 0 } };
		struct mail_sender s = own;
		const struct mail_dns dns = { ask, records, a };
		json_t *all;

		s.envelope = cases[i].envelope;
		all = mail_dns_look(&dns, &s);
		assert_int_equal(json_array_size(all), cases[i].rows);
		json_decref(all);
		arena_free(a);
	}
}

static void
who_it_is(void **state)
{
	struct setting settings[] = { { .name = "from", .value = "News@Dealer.cn" },
		{ .name = "reply_to", .value = "service@dealer-service.cn" },
		{ .name = "bounce", .value = "bounce@b.dealer.cn" },
		{ .name = "dkim_selector", .value = "k1" } };
	struct account acc = { .name = "post",
		.type = "smtp",
		.url = "smtp://mail.dealer.cn:587",
		.channels = 1U << CHANNEL_EMAIL,
		.settings = settings,
		.n_settings = 4 };
	struct arena *a = arena_new();
	struct mail_sender s;

	(void)state;
	assert_true(mail_sender_of(&acc, a, &s));
	assert_string_equal(s.domain, "dealer.cn");
	assert_string_equal(s.envelope, "b.dealer.cn");
	assert_string_equal(s.reply, "dealer-service.cn");
	assert_string_equal(s.selector, "k1");
	assert_string_equal(s.host, "mail.dealer.cn");
	acc.type = "postmark";
	acc.n_settings = 1;
	assert_true(mail_sender_of(&acc, a, &s));
	assert_string_equal(s.envelope, "");
	assert_string_equal(s.reply, "dealer.cn");
	acc.channels = 1U << CHANNEL_SMS;
	assert_false(mail_sender_of(&acc, a, &s));
	assert_true(mail_is_reserved("dealer.example"));
	assert_true(mail_is_reserved("example"));
	assert_true(mail_is_reserved("mail.example.com"));
	assert_false(mail_is_reserved("myexample.com"));
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_domain_proves),
		cmocka_unit_test(whose_return_path_counts),
		cmocka_unit_test(who_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
