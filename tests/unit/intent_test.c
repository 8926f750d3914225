/* Who may travel with whom: what the services are asked of two messages is all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/engine/intent.h"

static struct message
message(enum channel channel, enum category category)
{
	return (struct message){
		.id = 1, .channel = (int)channel, .category = (int)category, .perr = ""
	};
}

static struct composed
mail(const char *text, const char *html)
{
	return (struct composed){ .to = "c1@customer.example",
		.subject = "s",
		.text = text,
		.html = html,
		.unsubscribe = "https://reach.example.com/u/1",
		.ref = "r",
		.signature = "",
		.customer = "" };
}

static const char *const names[] = { "name" }, *const wang[] = { "王" },
			 *const li[] = { "李" };
static const struct coded one = { "1", names, wang, 1 }, same = { "1", names, wang, 1 },
			  words = { "1", names, li, 1 }, two = { "2", names, wang, 1 };

static struct composed
sms(const char *to, const char *signature, const struct coded *c)
{
	struct composed s = mail("x", "");

	s.to = to;
	s.signature = signature;
	s.coded = c;
	return s;
}

static const struct row {
	const char *name, *type;
	enum category category; /* of the second; the first is marketing */
	const char *text, *html;
	bool fits;
} mails[] = {
	{ "sendgrid: two mails", "sendgrid", CATEGORY_MARKETING, "b", "<p>b", true },
	{ "sendgrid: one without html", "sendgrid", CATEGORY_MARKETING, "b", "", false },
	{ "sendgrid: a mark of ours", "sendgrid", CATEGORY_MARKETING, "-reach_text-",
	    "<p>b", false },
	{ "mailgun: two mails", "mailgun", CATEGORY_MARKETING, "b", "<p>b", true },
	{ "mailgun: another category", "mailgun", CATEGORY_SERVICE, "b", "<p>b", false },
	{ "mailgun: one without text", "mailgun", CATEGORY_MARKETING, "", "<p>b", false },
	{ "postmark: any", "postmark", CATEGORY_SERVICE, "b", "", true },
	{ "resend: any", "resend", CATEGORY_SERVICE, "b", "", true },
};

static void
mails_travel_together(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(mails); i++) {
		const struct row *r = &mails[i];
		const struct account acc = { .name = "main", .type = r->type };
		struct message first = message(CHANNEL_EMAIL, CATEGORY_MARKETING),
			       next = message(CHANNEL_EMAIL, r->category);
		const struct composed a = mail("a", "<p>a"), b = mail(r->text, r->html);
		struct batch batch = { .account = &acc,
			.channel = CHANNEL_EMAIL,
			.n = 1,
			.max = 100,
			.items = { { &first, &a, 1 } } };

		if (intent_fits(&batch, &next, &b, 2) != r->fits)
			fail_msg("%s", r->name);
		assert_false(intent_fits(&batch, &next, &a, 1)); /* the same address */
		batch.max = 1;
		assert_false(intent_fits(&batch, &next, &a, 2));
	}
}

static const struct {
	const char *name, *type, *to, *signature;
	const struct coded *coded;
	bool fits;
} texts[] = {
	{ "aliyun: other words", "aliyun", "+8619900000002", "A", &words, true },
	{ "aliyun: another sign", "aliyun", "+8619900000002", "B", &one, true },
	{ "aliyun: another code", "aliyun", "+8619900000002", "A", &two, false },
	{ "tencent: the same words", "tencent", "+8619900000002", "A", &same, true },
	{ "tencent: other words", "tencent", "+8619900000002", "A", &words, false },
	{ "tencent: another sign", "tencent", "+8619900000002", "B", &same, false },
	{ "tencent: abroad", "tencent", "+85251000001", "A", &same, false },
};

static void
texts_travel_together(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		const struct account acc = { .name = "main", .type = texts[i].type };
		struct message m = message(CHANNEL_SMS, CATEGORY_SERVICE);
		const struct composed a = sms("+8619900000001", "A", &one),
				      b = sms(texts[i].to, texts[i].signature,
					  texts[i].coded);
		const struct batch batch = { .account = &acc,
			.channel = CHANNEL_SMS,
			.n = 1,
			.max = 100,
			.items = { { &m, &a, 1 } } };

		if (intent_fits(&batch, &m, &b, 2) != texts[i].fits)
			fail_msg("%s", texts[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mails_travel_together),
		cmocka_unit_test(texts_travel_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
