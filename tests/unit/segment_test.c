/* segment_test.c - SMS parts: the golden counts, and the edges of both alphabets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include <cmocka.h>

#include "core/segment.h"

/* The text is n times `repeat`, then `tail`. */
static const struct {
	const char *name;
	enum segment_plan plan;
	const char *signature;
	const char *repeat;
	int n;
	const char *tail;
	int characters, units, segments;
	const char *encoding;
} rows[] = {
	{ "case T20 70", SEGMENT_CHINA, "", "中", 70, "", 70, 70, 1, "UCS-2" },
	{ "case T20 71", SEGMENT_CHINA, "", "中", 71, "", 71, 71, 2, "UCS-2" },
	{ "case T20 134", SEGMENT_CHINA, NULL, "中", 134, "", 134, 134, 2, "UCS-2" },
	{ "case T20 135", SEGMENT_CHINA, NULL, "中", 135, "", 135, 135, 3, "UCS-2" },
	{ "160 letters are 160 in China", SEGMENT_CHINA, "", "a", 160, "", 160, 160, 3,
	    "UCS-2" },
	{ "signature and brackets count", SEGMENT_CHINA, "某某汽车", "中", 64, "", 70, 70,
	    1, "UCS-2" },
	{ "one more", SEGMENT_CHINA, "某某汽车", "中", 65, "", 71, 71, 2, "UCS-2" },
	{ "case T20 an emoji is two", SEGMENT_CHINA, "", "中", 69, "😀", 70, 71, 2, "UCS-2" },
	{ "empty", SEGMENT_CHINA, "", "", 0, "", 0, 0, 1, "UCS-2" },
	{ "GSM 160", SEGMENT_INTERNATIONAL, "", "a", 160, "", 160, 160, 1, "GSM-7" },
	{ "GSM 161", SEGMENT_INTERNATIONAL, "", "a", 161, "", 161, 161, 2, "GSM-7" },
	{ "GSM 306", SEGMENT_INTERNATIONAL, "", "a", 306, "", 306, 306, 2, "GSM-7" },
	{ "GSM 307", SEGMENT_INTERNATIONAL, "", "a", 307, "", 307, 307, 3, "GSM-7" },
	{ "159 and a euro", SEGMENT_INTERNATIONAL, "", "a", 159, "€", 160, 161, 2,
	    "GSM-7" },
	{ "158 and a euro", SEGMENT_INTERNATIONAL, "", "a", 158, "€", 159, 160, 1,
	    "GSM-7" },
	{ "71 letters and one han", SEGMENT_INTERNATIONAL, "", "a", 71, "中", 72, 72, 2,
	    "UCS-2" },
	{ "euros pack 76 a part", SEGMENT_INTERNATIONAL, "", "€", 152, "", 152, 304, 2,
	    "GSM-7" },
	{ "an escape is not split", SEGMENT_INTERNATIONAL, "", "€", 153, "", 153, 306, 3,
	    "GSM-7" },
	{ "a surrogate pair is not split", SEGMENT_INTERNATIONAL, "", "😀", 67, "", 67,
	    134, 3, "UCS-2" },
	{ "66 pairs", SEGMENT_INTERNATIONAL, "", "😀", 66, "", 66, 132, 2, "UCS-2" },
	{ "accents of GSM", SEGMENT_INTERNATIONAL, "", "éàÇ@£", 32, "", 160, 160, 1,
	    "GSM-7" },
	{ "small c cedilla is not", SEGMENT_INTERNATIONAL, "", "ç", 71, "", 71, 71, 2,
	    "UCS-2" },
	{ "backtick is not", SEGMENT_INTERNATIONAL, "", "`", 71, "", 71, 71, 2, "UCS-2" },
	{ "extension", SEGMENT_INTERNATIONAL, "", "^{}\\[~]|\f", 1, "", 9, 18, 1,
	    "GSM-7" },
	{ "line break", SEGMENT_INTERNATIONAL, "", "a\n", 80, "", 160, 160, 1, "GSM-7" },
	{ "tab is not", SEGMENT_INTERNATIONAL, "", "\t", 71, "", 71, 71, 2, "UCS-2" },
	{ "Greek capitals", SEGMENT_INTERNATIONAL, "", "ΔΩ", 80, "", 160, 160, 1,
	    "GSM-7" },
};

static void
test_rows(void **state)
{
	struct segments s;
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < G_N_ELEMENTS(rows); i++) {
		GString *text = g_string_new("");

		for (k = 0; k < rows[i].n; k++)
			g_string_append(text, rows[i].repeat);
		g_string_append(text, rows[i].tail);
		segment_count(rows[i].plan, rows[i].signature, text->str, &s);
		if (s.characters != rows[i].characters || s.units != rows[i].units ||
		    s.segments != rows[i].segments ||
		    strcmp(s.encoding, rows[i].encoding) != 0)
			fail_msg("%s: %d characters, %d units, %d segments, %s",
			    rows[i].name, s.characters, s.units, s.segments, s.encoding);
		g_string_free(text, TRUE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
