/* mail_test.c - what every email carries, its bytes, and the mails that come back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "provider/mail.h"

#define REF "0abcdefgh0123456789jkmnp"
#define AT INT64_C(1795741200000) /* 2026-11-27T01:00:00Z */
#define GOLDEN "tests/golden/provider/mail/"

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

static struct setting settings[] = {
	{ .name = "from", .value = "News@Dealer.example" },
	{ .name = "from_name", .value = "示例汽车" },
	{ .name = "reply_to", .value = "service@dealer.example" },
	{ .name = "unsubscribe_mailbox", .value = "refuse@dealer.example" },
};
static const struct account full = { .name = "post",
	.type = "smtp",
	.channels = 1U << CHANNEL_EMAIL,
	.settings = settings,
	.n_settings = 4 };
static const struct account bare = { .name = "post",
	.type = "smtp",
	.channels = 1U << CHANNEL_EMAIL,
	.settings = settings,
	.n_settings = 1 };

static const struct parcel marketing = { .msg = 1,
	.to = "wang@example.com",
	.ref = REF,
	.channel = CHANNEL_EMAIL,
	.category = CATEGORY_MARKETING,
	.subject = "广告：冬季保养，十二月底前免工时费，另赠洗车一次，预约请点击文中链接",
	.text = "王先生您好：\n冬季保养免工时费。\n拒收请点击退订。",
	.html = "<p>王先生您好：</p>\n<p>冬季保养免工时费。</p>",
	.unsubscribe = "https://reach.dealer.example/u/" REF,
	.customer = "",
	.signature = "" };

static struct parcel
service(void)
{
	struct parcel p = marketing;

	p.category = CATEGORY_SERVICE;
	p.subject = "Your car is ready";
	p.text =
	    "Dear Mr Wang,\n.\n..a dot begins this line\nFrom here on: it is ready.\n";
	p.html = "";
	return p;
}

static const char *
bytes_of(const struct account *acc, const struct parcel *p, size_t *len)
{
	struct err e = { 0 };
	struct mail m;

	if (mail_make(acc, p, AT, arena, &m, &e) != 0)
		fail_msg("%s", e.text);
	return mail_bytes(&m, arena, len);
}

static void
same_as_file(const char *name, const char *bytes, size_t len)
{
	char *path = g_strdup_printf(GOLDEN "%s", name), *want = NULL;
	gsize n = 0;

	if (getenv("GOLDEN_WRITE") != NULL)
		assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
	assert_true(g_file_get_contents(path, &want, &n, NULL));
	if (n != len || memcmp(want, bytes, n) != 0)
		fail_msg("%s differs:\n%s", path, bytes);
	g_free(want);
	g_free(path);
}

static void
the_bytes_are_the_golden_ones(void **state)
{
	struct parcel p = service();
	const char *b;
	size_t len;

	(void)state;
	b = bytes_of(&full, &marketing, &len);
	same_as_file("marketing.eml", b, len);
	b = bytes_of(&bare, &p, &len);
	same_as_file("service.eml", b, len);
}

/* The same call again is the same bytes. */
static void
the_same_call_is_the_same_bytes(void **state)
{
	size_t n1, n2;
	const char *one = bytes_of(&full, &marketing, &n1),
		   *two = bytes_of(&full, &marketing, &n2);

	(void)state;
	assert_int_equal(n1, n2);
	assert_memory_equal(one, two, n1);
}

static void
check_lines(const char *b, size_t len)
{
	size_t line = 0;

	for (size_t i = 0; i < len; i++) {
		if (b[i] == '\n') {
			assert_true(i > 0 && b[i - 1] == '\r');
			assert_true(line <= 999); /* 998 and the CR */
			line = 0;
			continue;
		}
		if (b[i] == '\r')
			assert_true(i + 1 < len && b[i + 1] == '\n');
		assert_true((unsigned char)b[i] < 0x80 && b[i] != '\0');
		line++;
	}
	assert_int_equal(line, 0);
}

/* Whatever is written, lines are short, ASCII, and end in CRLF; and the text is what
 * was written. */
static void
lines_are_short_and_text_comes_back(void **state)
{
	char *long_ascii = g_strnfill(5000, 'x'), *long_word = g_strdup("汽");
	struct parcel p = marketing;
	struct mail_read r;

	(void)state;
	for (int i = 0; i < 11; i++) {
		char *twice = g_strconcat(long_word, long_word, NULL);

		g_free(long_word);
		long_word = twice;
	}
	const char *const texts[] = { "a", "a\r\nb\n\n.\n", long_ascii, long_word,
		"\ttab = equals  \n blank at the end \nFrom x" };

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		size_t len;
		const char *b;
		char *want = g_strdup(texts[i]), *cr;

		p.text = texts[i];
		p.html = i % 2 == 0 ? "" : texts[i];
		p.subject = strlen(texts[i]) > 900 ? texts[i] : "x";
		b = bytes_of(&full, &p, &len);
		check_lines(b, len);
		assert_int_equal(mail_read(arena, b, len, &r), 0);
		while ((cr = strchr(want, '\r')) != NULL)
			memmove(cr, cr + 1, strlen(cr));
		assert_string_equal(g_strchomp((char *)r.text), g_strchomp(want));
		assert_string_equal(g_strchomp((char *)r.html), i % 2 == 0 ? "" : want);
		assert_string_equal(r.subject, p.subject);
		assert_string_equal(r.ref, REF);
		g_free(want);
	}
	g_free(long_ascii);
	g_free(long_word);
}

static const struct row {
	const char *name;
	const char *subject, *to, *unsubscribe, *ref, *from_name;
	const char *want; /* part of the error */
} refused[] = {
	{ "T4 line break in the subject", "a\r\nBcc: x@example.com", NULL, NULL, NULL,
	    NULL, "subject" },
	{ "T4 bare line feed in the subject", "a\nb", NULL, NULL, NULL, NULL, "subject" },
	{ "T4 tab in the subject", "a\tb", NULL, NULL, NULL, NULL, "subject" },
	{ "T4 line break in the address", NULL,
	    "a@example.com\r\nRCPT TO:<b@example.com>", NULL, NULL, NULL,
	    "email address" },
	{ "two addresses", NULL, "a@example.com,b@example.com", NULL, NULL, NULL,
	    "email address" },
	{ "no address", NULL, "wang", NULL, NULL, NULL, "email address" },
	{ "an address in other letters before the @", NULL, "王@example.com", NULL, NULL,
	    NULL, "email address" },
	{ "T4 line break in the way out", NULL, NULL, "https://x.example/\r\nX: y", NULL,
	    NULL, "unsubscribe" },
	{ "T4 line break in the reference", NULL, NULL, NULL, "a\nb", NULL, "reference" },
	{ "T4 line break in the name", NULL, NULL, NULL, NULL, "a\r\nb", "from_name" },
	{ "not UTF-8", "\xff\xfe", NULL, NULL, NULL, NULL, "UTF-8" },
};

static void
headers_cannot_be_written_through_a_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
		const struct row *row = &refused[i];
		struct setting own[4];
		struct account acc = full;
		struct parcel p = marketing;
		struct err e = { 0 };
		struct mail m;

		memcpy(own, settings, sizeof own);
		acc.settings = own;
		if (row->subject != NULL)
			p.subject = row->subject;
		if (row->to != NULL)
			p.to = row->to;
		if (row->unsubscribe != NULL)
			p.unsubscribe = row->unsubscribe;
		if (row->ref != NULL)
			p.ref = row->ref;
		if (row->from_name != NULL)
			own[1].value = row->from_name;
		if (mail_make(&acc, &p, AT, arena, &m, &e) != -1 ||
		    strstr(e.text, row->want) == NULL)
			fail_msg("%s: \"%s\"", row->name, e.text);
	}
}

static const char *
field(const struct mail *m, const char *name)
{
	for (int i = 0; i < m->n_fields; i++)
		if (strcmp(m->fields[i].name, name) == 0)
			return m->fields[i].value;
	return "";
}

/* RFC 8058 for what he may refuse; a service mail offers nothing it cannot keep. */
static void
marketing_has_a_way_out(void **state)
{
	struct parcel p = service();
	struct err e = { 0 };
	struct mail m;

	(void)state;
	assert_int_equal(mail_make(&full, &marketing, AT, arena, &m, &e), 0);
	assert_string_equal(field(&m, "List-Unsubscribe"),
	    "<https://reach.dealer.example/u/" REF
	    ">, <mailto:refuse@dealer.example?subject=unsubscribe%20" REF ">");
	assert_string_equal(
	    field(&m, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
	assert_string_equal(field(&m, "X-Reach-Id"), REF);
	assert_string_equal(m.message_id, REF "@dealer.example");
	assert_int_equal(mail_make(&bare, &marketing, AT, arena, &m, &e), 0);
	assert_string_equal(
	    field(&m, "List-Unsubscribe"), "<https://reach.dealer.example/u/" REF ">");
	assert_int_equal(mail_make(&full, &p, AT, arena, &m, &e), 0);
	assert_string_equal(field(&m, "List-Unsubscribe"), "");
	assert_string_equal(field(&m, "X-Reach-Id"), REF);
}

static void
mailboxes_and_domains(void **state)
{
	struct setting own[] = { { .name = "from", .value = "news@例子.测试" } };
	struct account acc = full;
	struct parcel p = marketing;
	struct err e = { 0 };
	struct mail m;

	(void)state;
	assert_string_equal(mail_mailbox(arena, "", "a@b.example"), "a@b.example");
	assert_string_equal(mail_mailbox(arena, "Dealer, Inc. \"A\"", "a@b.example"),
	    "\"Dealer, Inc. \\\"A\\\"\" <a@b.example>");
	assert_string_equal(mail_mailbox(arena, "示例汽车", "a@b.example"),
	    "=?UTF-8?B?56S65L6L5rG96L2m?= <a@b.example>");
	acc.settings = own;
	acc.n_settings = 1;
	p.to = "wang@例子.测试";
	assert_int_equal(mail_make(&acc, &p, AT, arena, &m, &e), 0);
	assert_string_equal(m.from, "news@xn--fsqu00a.xn--0zwm56d");
	assert_string_equal(m.to, "wang@xn--fsqu00a.xn--0zwm56d");
	assert_string_equal(m.domain, "xn--fsqu00a.xn--0zwm56d");
	assert_string_equal(mail_refuses(&acc, &p, 10, arena),
	    "a mail of 233 bytes; post takes 10");
	assert_null(mail_refuses(&acc, &p, 10000, arena));
	p.subject = "a\r\nb";
	assert_non_null(mail_refuses(&acc, &p, 10000, arena));
}

/* ---- what comes back ---- */

static const struct back {
	const char *name, *file;
	int kind; /* -1: nothing */
	const char *perr, *from, *text;
	bool bad_address;
} backs[] = {
	{ "bounce: nobody there", "bounce-511.eml", RECEIPT_FAILED, "5.1.1", "", "",
	    true },
	{ "bounce: mailbox full", "bounce-522.eml", RECEIPT_FAILED, "5.2.2", "", "",
	    false },
	{ "bounce: only its headers sent back", "bounce-headers.eml", RECEIPT_FAILED,
	    "5.7.1", "", "", false },
	{ "bounce: nothing sent back, by its return path", "bounce-verp.eml",
	    RECEIPT_FAILED, "5.1.1", "", "", true },
	{ "bounce: not yet", "bounce-delayed.eml", -1, "", "", "", false },
	{ "notification: delivered", "delivered.eml", RECEIPT_DELIVERED, "2.0.0", "", "",
	    false },
	{ "bounce: our domain proves nothing", "bounce-distrust.eml", RECEIPT_FAILED, "5.7.26",
	    "wang@example.com", "", false },
	{ "bounce of another's mail", "bounce-foreign.eml", -1, "", "", "", false },
	{ "complaint", "arf-abuse.eml", RECEIPT_COMPLAINT, "abuse", "", "", false },
	{ "not spam after all", "arf-not-spam.eml", -1, "", "", "", false },
	{ "answer, our own mail quoted below", "reply.eml", RECEIPT_REPLY, "",
	    "wang@example.com", "好的，周六上午可以吗？", false },
	{ "answer in HTML alone", "reply-html.eml", RECEIPT_REPLY, "", "wang@example.com",
	    "周六可以", false },
	{ "automatic answer", "vacation.eml", -1, "", "", "", false },
	{ "refused by mail", "unsubscribe.eml", RECEIPT_UNSUBSCRIBE, "", "", "", false },
	{ "answer to another's mail", "reply-foreign.eml", -1, "", "", "", false },
};

static void
mails_that_come_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(backs); i++) {
		const struct back *b = &backs[i];
		char *path = g_strdup_printf(GOLDEN "%s", b->file), *raw;
		struct receipt *r;
		gsize len;
		int n;

		if (!g_file_get_contents(path, &raw, &len, NULL))
			fail_msg("%s cannot be read", path);
		n = mail_receipts(&full, raw, len, arena, &r);
		if (n != (b->kind >= 0))
			fail_msg("%s: %d receipts", b->name, n);
		if (n == 1 &&
		    ((int)r->kind != b->kind || strcmp(r->perr, b->perr) != 0 ||
			strcmp(r->ref, REF) != 0 || strcmp(r->from, b->from) != 0 ||
			strcmp(r->text, b->text) != 0 ||
			r->bad_address != b->bad_address || r->channel != CHANNEL_EMAIL ||
			*r->key == '\0'))
			fail_msg("%s: kind %d perr %s ref %s from %s text \"%s\" bad %d",
			    b->name, (int)r->kind, r->perr, r->ref, r->from, r->text,
			    r->bad_address);
		g_free(raw);
		g_free(path);
	}
}

/* It names none of our mails: of ours all the same, or nobody knows. */
static void
reports_without_a_name(void **state)
{
	static const struct {
		const char *file, *from;
		enum receipt_kind kind;
		bool ours, bad_address;
	} rows[] = {
		{ "bounce-recipient.eml", "wang@example.com", RECEIPT_FAILED, true, true },
		{ "arf-recipient.eml", "wang@example.com", RECEIPT_COMPLAINT, true, false },
		{ "bounce-nothing.eml", "", RECEIPT_FAILED, false, false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *path = g_strdup_printf(GOLDEN "%s", rows[i].file), *raw;
		struct receipt *r;
		gsize len;

		assert_true(g_file_get_contents(path, &raw, &len, NULL));
		if (mail_receipts(&full, raw, len, arena, &r) != 1 ||
		    r->kind != rows[i].kind || strcmp(r->from, rows[i].from) != 0 ||
		    r->our_mail != rows[i].ours ||
		    r->bad_address != rows[i].bad_address || *r->ref != '\0')
			fail_msg("%s", rows[i].file);
		g_free(raw);
		g_free(path);
	}
}

/* Anything may be posted. */
static void
no_mail_at_all(void **state)
{
	static const char *const all[] = { "", "\n", "x", "From: a\n", "\r\n\r\n", "{}",
		"Content-Type: multipart/report; boundary=x\n\n--x\n\n--x--\n",
		"Content-Type: multipart/report\n\n" };
	struct receipt *r;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		assert_int_equal(
		    mail_receipts(&full, all[i], strlen(all[i]), arena, &r), 0);
}

static void
settings_are_checked(void **state)
{
	static const struct {
		int n;
		const char *value, *want;
	} rows[] = {
		{ 0, "Dealer <news@dealer.example>", "from is not an email address" },
		{ 1, "a\nb", "from_name holds a line break" },
		{ 2, "nobody", "reply_to is not an email address" },
		{ 3, "nobody@", "unsubscribe_mailbox is not an email address" },
	};
	struct setting own[4];
	struct account acc = full;

	(void)state;
	acc.settings = own;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct report *r = report_new();

		memcpy(own, settings, sizeof own);
		mail_check(&acc, r);
		assert_int_equal(r->errors, 0);
		own[rows[i].n].value = rows[i].value;
		mail_check(&acc, r);
		assert_int_equal(r->errors, 1);
		assert_string_equal(
		    ((struct diag *)r->diags->pdata[0])->text, rows[i].want);
		report_free(r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_bytes_are_the_golden_ones),
		cmocka_unit_test(the_same_call_is_the_same_bytes),
		cmocka_unit_test(lines_are_short_and_text_comes_back),
		cmocka_unit_test(headers_cannot_be_written_through_a_text),
		cmocka_unit_test(marketing_has_a_way_out),
		cmocka_unit_test(mailboxes_and_domains),
		cmocka_unit_test(mails_that_come_back),
		cmocka_unit_test(reports_without_a_name),
		cmocka_unit_test(no_mail_at_all),
		cmocka_unit_test(settings_are_checked),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
