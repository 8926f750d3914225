/* salutation_test.c - how people are addressed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/salutation.h"

static const struct row {
	const char *name, *person, *gender, *contact, *want;
} rows[] = {
	{ "a surname of one character", "王伟", "male", "", "王先生" },
	{ "of two", "欧阳娜娜", "female", "", "欧阳女士" },
	{ "a compound surname alone", "司马", "male", "", "司马先生" },
	{ "unknown gender: the whole name", "李娜", "", "", "李娜" },
	{ "a title is there already", "张先生", "male", "", "张先生" },
	{ "one character", "王", "female", "", "王女士" },
	{ "letters", "John Smith", "male", "", "John Smith 先生" },
	{ "a name in parts", "阿卜杜拉·买买提", "male", "", "阿卜杜拉·买买提先生" },
	{ "a company without a contact", "示例物流有限公司", "", "", "示例物流有限公司" },
	{ "a company's contact", "示例物流有限公司", "", "赵敏", "赵敏" },
	{ "a company's contact of known gender", "示例物流有限公司", "female", "赵敏",
	    "赵女士" },
	{ "nobody", "", "male", "", "" },
};

static void
s07_how_a_customer_is_addressed(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *got =
		    salutation(a, rows[i].person, rows[i].gender, rows[i].contact);

		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s: %s", rows[i].name, got);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(
	    s07_how_a_customer_is_addressed) };

	return cmocka_run_group_tests_name("salutation", tests, NULL, NULL);
}
