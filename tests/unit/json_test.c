/* json_test.c - base/json.h takes what jansson takes, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "base/json.h"

static const char *const texts[] = {
	/* taken */
	"{}",
	"[]",
	" [ ] ",
	"{\"a\":1}",
	"[1,-2,0,-0,12345678901234567]",
	"[0.5,-1.25,1e3,1E-2,2.5e+1,0e0]",
	"[true,false,null]",
	"{\"a\":{\"b\":[{\"c\":\"d\"},[]]},\"e\":\"\"}",
	"{\"a\":1,\"a\":2}",
	"[\"王女士\",\"a\\\"b\\\\c\\/d\\b\\f\\n\\r\\t\"]",
	"{\"a\\nb\":\"c\\td\",\"\\\"\":\"\\\\\"}",
	"[\"\\u738b\",\"\\ud83d\\ude00\"]",
	"\t{\"a\" :\r\n1 , \"b\": [ 1 , 2 ] }\n",
	"[9223372036854775807]",
	"[1.7976931348623157e308]",
	"{\"\":\"\"}",
	/* refused */
	"",
	" ",
	"1",
	"\"a\"",
	"null",
	"{",
	"[",
	"[1,]",
	"{\"a\":1,}",
	"{\"a\"}",
	"{a:1}",
	"[01]",
	"[-]",
	"[1.]",
	"[.5]",
	"[1e]",
	"[+1]",
	"[1] x",
	"[1]]",
	"{} {}",
	"[\"a]",
	"[\"a\nb\"]",
	"[\"\\x\"]",
	"[\"\\u0000\"]",
	"[\"\\ud83d\"]",
	"[\"\xff\"]",
	"[\"\xc0\x80\"]",
	"{\"\xff\":1}",
	"[tru]",
	"[truex]",
	"[nul]",
	"[9223372036854775808]",
	"[1e999]",
	"[1 2]",
	"{\"a\" 1}",
	"{\"a\":}",
	"\xef\xbb\xbf{}",
	"[\"\\",
	"[\"a\\\"",
	"[0x1]",
	"[1e5.5]",
	"[--1]",
	"[\"a\",",
	"{\"a\":1",
	"[NaN]",
	"[Infinity]",
};

static void
same(const char *text, size_t len)
{
	json_t *own = json_read(text, len), *theirs = json_loadb(text, len, 0, NULL);

	if ((own == NULL) != (theirs == NULL) ||
	    (own != NULL && !json_equal(own, theirs)))
		fail_msg("not as jansson: %.*s", (int)len, text);
	json_decref(own);
	json_decref(theirs);
}

static void
test_as_jansson(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		same(texts[i], strlen(texts[i]));
}

/* Every beginning, and every byte another. */
static void
test_broken(void **state)
{
	static const char marks[] = "\"\\{}[],:0e-.tn \xe7";
	char copy[256];

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		size_t len = strlen(texts[i]);

		for (size_t k = 0; k < len; k++) {
			same(texts[i], k);
			for (size_t m = 0; m < sizeof(marks); m++) {
				memcpy(copy, texts[i], len);
				copy[k] = marks[m];
				same(copy, len);
			}
		}
	}
}

static void
test_deep(void **state)
{
	(void)state;
	for (int depth = 60; depth < 4000; depth = depth * 3 / 2) {
		GString *s = g_string_new("");

		for (int i = 0; i < depth; i++)
			g_string_append_c(s, '[');
		for (int i = 0; i < depth; i++)
			g_string_append_c(s, ']');
		same(s->str, s->len);
		g_string_free(s, TRUE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_jansson),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
