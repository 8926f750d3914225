/* phone_test.c - spellings of numbers and mailboxes. The numbers have been
 * given to nobody: 154 is no operator's, no subscriber's begins with 9. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/phone.h"

static const struct {
	const char *text;
	enum phone_kind kind;
	const char *out;
} numbers[] = {
	{ "15400000001", PHONE_MOBILE, "+8615400000001" },
	{ "１５４００００００００１", PHONE_BAD, "" },
	{ "１５４００００００１", PHONE_BAD, "" },
	{ "１５４０００００００１", PHONE_MOBILE, "+8615400000001" },
	{ "＋８６　１５４０００００００１", PHONE_MOBILE, "+8615400000001" },
	{ "154 0000-0001", PHONE_MOBILE, "+8615400000001" },
	{ "015400000001", PHONE_MOBILE, "+8615400000001" },
	{ "0154 0000 0001", PHONE_MOBILE, "+8615400000001" },
	{ "0015400000001", PHONE_MOBILE, "+15400000001" }, /* 00 is abroad: another's */
	{ "+86 154-0000-0001", PHONE_MOBILE, "+8615400000001" },
	{ "(+86)154 0000 0001", PHONE_MOBILE, "+8615400000001" },
	{ "0086 15400000001", PHONE_MOBILE, "+8615400000001" },
	{ "8615400000001", PHONE_MOBILE, "+8615400000001" },
	{ "+8615400000001", PHONE_MOBILE, "+8615400000001" },
	{ "\xe2\x80\xad"
	  "15400000001\xe2\x80\xac",
	    PHONE_MOBILE, "+8615400000001" },
	{ "\t15400000001\r\n", PHONE_MOBILE, "+8615400000001" },
	{ "15400000001.0", PHONE_MOBILE, "+8615400000001" },
	{ "154–0000–0001", PHONE_MOBILE, "+8615400000001" },
	{ "010-9000 0001", PHONE_LANDLINE, "+861090000001" },
	{ "01090000001", PHONE_LANDLINE, "+861090000001" },
	{ "(021) 90000001", PHONE_LANDLINE, "+862190000001" },
	{ "0551-9000001", PHONE_LANDLINE, "+865519000001" },
	{ "0755 90000001", PHONE_LANDLINE, "+8675590000001" },
	{ "+86 10 9000 0001", PHONE_LANDLINE, "+861090000001" },
	{ "+86 010 9000 0001", PHONE_LANDLINE, "+861090000001" },
	{ "+1 202 555 0100", PHONE_MOBILE, "+12025550100" },
	{ "0044 20 7946 0000", PHONE_MOBILE, "+442079460000" },
	{ "+85200000000", PHONE_MOBILE, "+85200000000" },
	{ "12345", PHONE_BAD, "" },
	{ "86138001380001", PHONE_BAD, "" },
	{ "1540000000", PHONE_BAD, "" },
	{ "154000000011", PHONE_BAD, "" },
	{ "10000000001", PHONE_BAD, "" },
	{ "+86 12345678901", PHONE_BAD, "" },
	{ "90000001", PHONE_BAD, "" },
	{ "1090000001", PHONE_BAD, "" },
	{ "010-10000001", PHONE_BAD, "" },
	{ "010-9000001", PHONE_BAD, "" },
	{ "1.99E+10", PHONE_BAD, "" },
	{ "15400000001转2", PHONE_BAD, "" },
	{ "+", PHONE_BAD, "" },
	{ "++8615400000001", PHONE_BAD, "" },
	{ "154+00000001", PHONE_BAD, "" },
	{ "", PHONE_BAD, "" },
	{ "无", PHONE_BAD, "" },
	{ "+1234567890123456", PHONE_BAD, "" },
	{ "+0123456789", PHONE_BAD, "" },
	{ "00000000000000000000000000000000000000", PHONE_BAD, "" },
	{ "15400000001 15400000002", PHONE_BAD, "" },
	{ "\xff"
	  "15400000001",
	    PHONE_BAD, "" },
};

static void
test_numbers(void **state)
{
	char out[20], again[20];
	enum phone_kind kind;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		kind = phone_normalise(numbers[i].text, out);
		if (kind != numbers[i].kind || strcmp(out, numbers[i].out) != 0)
			fail_msg("\"%s\": %d %s", numbers[i].text, (int)kind, out);
		if (kind == PHONE_BAD)
			continue;
		if (phone_normalise(out, again) != kind || strcmp(again, out) != 0)
			fail_msg("\"%s\" is not read again as itself", out);
	}
}

static const struct {
	const char *text, *out; /* NULL: refused */
} mailboxes[] = {
	{ "Wang@Example.COM", "wang@example.com" },
	{ "  li.lei@example.com\n", "li.lei@example.com" },
	{ "a+b@mail.example.org", "a+b@mail.example.org" },
	{ "ｗａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", "wang@example.com" },
	{ "x@xn--fiqs8s.example", "x@xn--fiqs8s.example" },
	{ "wang", NULL },
	{ "@example.com", NULL },
	{ "wang@", NULL },
	{ "wang@example", NULL },
	{ "wang@example..com", NULL },
	{ "wang@.com", NULL },
	{ "wang@-example.com", NULL },
	{ "wang@example.c", NULL },
	{ "wang@10.0.0.1", NULL },
	{ ".wang@example.com", NULL },
	{ "wang.@example.com", NULL },
	{ "wa..ng@example.com", NULL },
	{ "wa ng@example.com", NULL },
	{ "a@b@example.com", NULL },
	{ "wang@example.com\r\nBcc: x@example.org", NULL },
	{ "王@example.com", NULL },
	{ "wang@例子.测试", "wang@xn--fsqu00a.xn--0zwm56d" },
	{ "Wang@BÜCHER.example", "wang@xn--bcher-kva.example" },
	{ "wang@例子", NULL },
	{ "<wang@example.com>", NULL },
	{ "", NULL },
};

static void
test_mailboxes(void **state)
{
	char out[64], local[80];
	size_t i;
	int r;

	(void)state;
	for (i = 0; i < sizeof(mailboxes) / sizeof(mailboxes[0]); i++) {
		r = email_normalise(mailboxes[i].text, out, sizeof(out));
		if (r != (mailboxes[i].out == NULL ? -1 : 0) ||
		    (r == 0 && strcmp(out, mailboxes[i].out) != 0))
			fail_msg("\"%s\": %d", mailboxes[i].text, r);
	}
	assert_int_equal(email_normalise("wang@example.com", out, 16), -1);
	assert_int_equal(email_normalise("wang@example.com", out, 17), 0);
	memset(local, 'a', 65);
	strcpy(local + 65, "@example.com");
	assert_int_equal(email_normalise(local, out, sizeof(out)), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_mailboxes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
