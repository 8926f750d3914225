/* Workbooks: cells as people see them, and every way to refuse a stranger's archive.
 * proves: S3 */
#include <zip.h>

#include "table_rows.h"

struct parts {
	const char *workbook, *styles, *strings, *sheet;
};

static const struct parts plain = {
	"<workbook xmlns:r=\"r\"><workbookPr/><sheets><sheet name=\"客户\" sheetId=\"7\" "
	"r:id=\"rId3\"/>"
	"<sheet name=\"b\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
	"<styleSheet><numFmts><numFmt numFmtId=\"176\" "
	"formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/>"
	"<numFmt numFmtId=\"177\" formatCode=\"[Red]0.00\"/></numFmts><cellStyleXfs><xf "
	"numFmtId=\"14\"/>"
	"</cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf "
	"numFmtId=\"176\"/>"
	"<xf numFmtId=\"177\"/></cellXfs></styleSheet>",
	"<sst><si><t>id</t></si><si><r><t>王</t></r><r><t>芳</t></r><rPh><t>x</t></rPh></"
	"si></sst>",
	NULL,
};

static char *
xlsx_of(const struct parts *p, const char *sheet)
{
	const char *const names[] = { "xl/workbook.xml", "xl/styles.xml",
		"xl/sharedStrings.xml", "xl/worksheets/sheet9.xml",
		"xl/_rels/workbook.xml.rels" };
	const char *const texts[] = { p->workbook, p->styles, p->strings, sheet,
		"<Relationships><Relationship Id=\"rId1\" "
		"Target=\"worksheets/none.xml\"/>"
		"<Relationship Id=\"rId3\" "
		"Target=\"worksheets/sheet9.xml\"/></Relationships>" };
	char *path =
	    g_build_filename(dir, "x.csv", NULL); /* C13: the name says nothing */
	zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);

	assert_non_null(zip);
	for (int i = 0; i < 5; i++)
		zip_file_add(zip, names[i],
		    zip_source_buffer(zip, texts[i], strlen(texts[i]), 0), 0);
	assert_int_equal(zip_close(zip), 0);
	return path;
}

#define HEAD                                                        \
	"<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" " \
	"t=\"inlineStr\"><is><t>x</t></is></c></row>"

static void
test_cells(void **state)
{
	static const struct {
		const char *name, *cell, *value;
	} cases[] = {
		{ "shared string, rich, without its phonetics", "<c t=\"s\"><v>1</v></c>",
		    "王芳" },
		{ "inline", "<c t=\"inlineStr\"><is><t>a &amp; b</t></is></c>", "a & b" },
		{ "formula's text", "<c t=\"str\"><f>A1</f><v>=A1</v></c>", "=A1" },
		{ "number", "<c><v>15400000001</v></c>", "15400000001" },
		{ "number with an exponent", "<c><v>1.5400000001E10</v></c>",
		    "15400000001" },
		{ "noise behind the 15th digit", "<c><v>0.10000000000000001</v></c>",
		    "0.1" },
		{ "built-in date", "<c s=\"1\"><v>45721</v></c>", "2025-03-05" },
		{ "own date format", "<c s=\"2\"><v>31111</v></c>", "1985-03-05" },
		{ "date with a time", "<c s=\"1\"><v>45721.4375</v></c>",
		    "2025-03-05 10:30:00" },
		{ "[Red] is no date", "<c s=\"3\"><v>45721</v></c>", "45721" },
		{ "before March 1900", "<c s=\"1\"><v>1</v></c>", "1900-01-01" },
		{ "the day that never was", "<c s=\"1\"><v>60</v></c>", "60" },
		{ "truth", "<c t=\"b\"><v>1</v></c>", "TRUE" },
		{ "an error is nothing", "<c t=\"e\"><v>#N/A</v></c>", "" },
		{ "prefixed elements",
		    "<x:c t=\"inlineStr\"><x:is><x:t>p</x:t></x:is></x:c>", "p" },
		{ "an unknown style", "<c s=\"99\"><v>45721</v></c>", "45721" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *sheet = g_strdup_printf(
		    "<worksheet xmlns:x=\"x\"><sheetData>" HEAD "<row r=\"5\"><c "
		    "r=\"A5\"><v>1</v></c>%s</row></sheetData></worksheet>",
		    cases[i].cell);
		char *path = xlsx_of(&plain, sheet),
		     *rows = rows_of(path, TABLE_DETECT, true);
		char *want = g_strdup_printf("5/5:1,%s|", cases[i].value);

		if (strcmp(rows, want) != 0)
			fail_msg("%s: \"%s\"", cases[i].name, rows);
		g_free(want);
		g_free(rows);
		g_free(path);
		g_free(sheet);
	}
}

static void
test_1904(void **state)
{
	struct parts p = plain;
	struct err e = { .kind = ERR_NONE };

	(void)state;
	p.workbook = "<workbook><workbookPr date1904=\"1\"/><sheets><sheet "
		     "id=\"rId3\"/></sheets></workbook>";
	char *path = xlsx_of(&p, "<w>" HEAD "<row><c s=\"1\"><v>44259</v></c></row></w>");
	char *rows = rows_of(path, TABLE_DETECT, false);

	assert_string_equal(rows, "2025-03-05,|");
	struct table *t = table_open(path, TABLE_DETECT, &e);

	assert_true(table_dates_1904(t));
	assert_int_equal(table_encoding(t), TABLE_XLSX);
	table_close(t);
	g_free(rows);
	g_free(path);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *name, *sheet, *fault;
	} cases[] = {
		{ "document type", "<!DOCTYPE x [<!ENTITY a \"b\">]><w>" HEAD "</w>",
		    "1: it declares a document type" },
		{ "not XML", "<w>" HEAD "</v>",
		    "1: the workbook is damaged: xl/worksheets/sheet9.xml" },
		{ "string that is not there", "<w><row><c t=\"s\"><v>9</v></c></row></w>",
		    "1: the workbook is damaged: row 1 uses a text that is not there" },
		{ "column 65", "<w>" HEAD "<row><c r=\"BM2\"><v>1</v></c></row></w>",
		    "1: row 2 has 65 columns" },
		{ "no rows", "<w/>", "1: there is no heading" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *path = xlsx_of(&plain, cases[i].sheet);
		char *rows = rows_of(path, TABLE_DETECT, false);

		if (!g_str_has_prefix(rows, cases[i].fault))
			fail_msg("%s: \"%s\"", cases[i].name, rows);
		g_free(rows);
		g_free(path);
	}
}

/* C13: bounded by what comes out, not by what the archive declares. */
static void
test_bomb(void **state)
{
	GString *sheet = g_string_new("<w>" HEAD);
	char *path, *rows;

	(void)state;
	for (int i = 0; i < 2200000; i++)
		g_string_append(sheet, "<row><c r=\"A2\"/></row>          ");
	g_string_append(sheet, "</w>");
	path = xlsx_of(&plain, sheet->str);
	rows = rows_of(path, TABLE_DETECT, false);
	assert_true(
	    g_str_has_prefix(rows, "1: the workbook unpacks to more than 64 MiB"));
	g_free(rows);
	g_free(path);
	g_string_free(sheet, TRUE);
}

/* Damaged in any byte, a workbook is read or refused, never worse. */
static void
test_damaged(void **state)
{
	char *path = xlsx_of(&plain, "<w>" HEAD "<row><c t=\"s\"><v>1</v></c></row></w>");
	char *bytes;
	gsize len;

	(void)state;
	assert_true(g_file_get_contents(path, &bytes, &len, NULL));
	for (gsize i = 0; i < len; i += 3) {
		bytes[i] ^= 0x55;
		char *broken = file_of(bytes, (gssize)len);

		g_free(rows_of(broken, TABLE_DETECT, false));
		g_free(broken);
		bytes[i] ^= 0x55;
	}
	for (gsize n = len; n > 4; n -= 7) {
		char *cut = file_of(bytes, (gssize)n);

		g_free(rows_of(cut, TABLE_DETECT, false));
		g_free(cut);
	}
	g_free(bytes);
	g_free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_1904),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_bomb),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests_name("xlsx", tests, setup, teardown);
}
