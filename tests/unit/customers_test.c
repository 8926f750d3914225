/* Customers out of tables: headings, cells, verdicts, the report, and whole files against
 * golden ones.
 * proves: S3 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "spec/customers.h"

static char *dir;

static void
show_date(GString *out, const char *name, struct date d)
{
	if (d.year != 0)
		g_string_append_printf(
		    out, " %s=%04d-%02d-%02d", name, d.year, d.month, d.day);
}

static void
show_text(GString *out, const char *name, const char *s)
{
	if (*s != '\0')
		g_string_append_printf(out, " %s=%s", name, s);
}

/* Everything known of a customer, without what is unknown. */
static void
show(GString *out, const struct customer *c)
{
	bool any = false;

	show_text(out, "id", c->ext);
	show_text(out, "name", c->name);
	show_text(out, "gender", c->gender);
	for (int i = 0; i < CHANNELS; i++)
		show_text(out, channel_name(i), c->address[i]);
	show_text(out, "tier", c->tier);
	show_text(out, "stage", c->stage);
	show_text(out, "store", c->store);
	show_text(out, "advisor", c->advisor);
	show_text(out, "tz", c->tz);
	show_date(out, "birthday", c->birthday);
	show_date(out, "first", c->first_visit);
	show_date(out, "last", c->last_visit);
	if (c->visits != 0)
		g_string_append_printf(out, " visits=%d", c->visits);
	if (c->spend_12m > 0)
		g_string_append_printf(out, " spend=%.2f", c->spend_12m);
	for (int i = 0; i < CHANNELS; i++)
		any |= c->consent[i] != CONSENT_NONE;
	if (any)
		g_string_append_printf(out, " consent=%d%d%d%d%d", c->consent[0],
		    c->consent[1], c->consent[2], c->consent[3], c->consent[4]);
	show_text(out, "tags", c->tags);
	if (strcmp(c->attrs, "{}") != 0)
		show_text(out, "attrs", c->attrs);
}

/* The first row of "id,HEADING" / "X,VALUE". */
static char *
one_cell(const char *heading, const char *value, struct row_fault *fault)
{
	char *path = g_build_filename(dir, "t.csv", NULL);
	GString *file = g_string_new("id,"), *out = g_string_new(NULL);
	struct err e = { .kind = ERR_NONE };
	struct arena *a = arena_new();
	struct customer c;

	g_string_append_printf(file, "%s\nX,", heading);
	g_string_append_c(file, '"');
	for (const char *p = value; *p != '\0'; p++)
		g_string_append_printf(file, *p == '"' ? "\"\"" : "%c", *p);
	g_string_append(file, "\"\n");
	assert_true(g_file_set_contents(path, file->str, (gssize)file->len, NULL));
	struct customers *r = customers_open(path, TABLE_UTF8, NULL, &e);

	if (r == NULL)
		fail_msg("%s", e.text);
	assert_int_equal(customers_next(r, a, &c, fault, &e), 1);
	if (fault->verdict < ROW_ASIDE)
		show(out, &c);
	customers_close(r);
	arena_free(a);
	g_string_free(file, TRUE);
	g_free(path);
	return g_string_free(out, FALSE);
}

static void
test_cells(void **state)
{
	static const struct {
		const char *name, *heading, *value;
		enum row_verdict verdict;
		const char *shown; /* after " id=X", or the reason */
	} cases[] = {
		{ "name", "name", "王芳", ROW_GOOD, " name=王芳" },
		{ "spaces of every width", "姓名", " \u3000王 芳\u3000 ", ROW_GOOD,
		    " name=王 芳" },
		{ "C5 formula", "姓名", "=HYPERLINK(\"x\")", ROW_GOOD,
		    " name==HYPERLINK(\"x\")" },
		{ "C5 our own guard", "姓名", "'=1+1", ROW_GOOD, " name==1+1" },
		{ "control characters", "姓名", "王\x1b[1m\u202e芳", ROW_GOOD,
		    " name=王[1m芳" },
		{ "nothing", "姓名", "无", ROW_GOOD, "" },
		{ "test", "姓名", "测试用户", ROW_ASIDE,
		    "a test or a number in place of a name" },
		{ "name with a number", "姓名", "张先生138", ROW_ASIDE,
		    "a test or a number" },
		{ "wide digits", "姓名", "张１３８", ROW_ASIDE, "a test or a number" },
		{ "company with a number", "姓名", "示例361物流有限公司", ROW_GOOD,
		    " name=示例361物流有限公司" },
		{ "C6 mobile", "手机", "154 0000-0001", ROW_GOOD,
		    " sms=+8615400000001 phone=+8615400000001" },
		{ "C6 wide mobile", "手机号码", "１５４０００００００１", ROW_GOOD,
		    " sms=+8615400000001 phone=+8615400000001" },
		{ "C6 +86", "phone", "+86 154-0000-0001", ROW_GOOD,
		    " sms=+8615400000001 phone=+8615400000001" },
		{ "C6 0086", "Mobile", "008615400000001", ROW_GOOD,
		    " sms=+8615400000001 phone=+8615400000001" },
		{ "C6 Excel's text", "phone", "=\"15400000001\"", ROW_GOOD,
		    " sms=+8615400000001 phone=+8615400000001" },
		{ "C7 short", "phone", "12345", ROW_REFUSED,
		    "\"1***5\" is not a phone number" },
		{ "C7 long", "phone", "861540000000012", ROW_REFUSED,
		    "\"861****0012\" is not a phone number" },
		{ "C7 landline", "电话", "010-65529988", ROW_GOOD,
		    " phone=+861065529988" },
		{ "C7 landline's own column", "座机", "010-65529988", ROW_GOOD,
		    " phone=+861065529988" },
		{ "email", "邮箱", "Wang@Example.COM", ROW_GOOD,
		    " email=wang@example.com" },
		{ "bad email", "email", "wang@", ROW_REFUSED, "\"" },
		{ "wecom", "企业微信", "wmdemo1", ROW_GOOD, " wecom=wmdemo1" },
		{ "id with a space", "push", "a b", ROW_REFUSED,
		    "an id of this channel" },
		{ "C12 slashes", "生日", "2024/3/5", ROW_GOOD, " birthday=2024-03-05" },
		{ "C12 eight digits", "生日", "20240305", ROW_GOOD,
		    " birthday=2024-03-05" },
		{ "C12 Chinese", "生日", "2024年3月5日", ROW_GOOD,
		    " birthday=2024-03-05" },
		{ "C12 wide Chinese", "生日", "２０２４年３月５日", ROW_GOOD,
		    " birthday=2024-03-05" },
		{ "C12 points", "生日", "2024.03.05", ROW_GOOD, " birthday=2024-03-05" },
		{ "C12 serial", "生日", "45356", ROW_GOOD, " birthday=2024-03-05" },
		{ "C12 serial with a time", "生日", "45356.5", ROW_GOOD,
		    " birthday=2024-03-05" },
		{ "time behind", "最近到店", "2024/3/5 10:30:00", ROW_GOOD,
		    " last=2024-03-05" },
		{ "instant", "last_visit", "2024-03-05T10:30:00+08:00", ROW_GOOD,
		    " last=2024-03-05" },
		{ "leap day", "生日", "2024-02-29", ROW_GOOD, " birthday=2024-02-29" },
		{ "C12 no such day", "生日", "2026-02-30", ROW_NOTED, "" },
		{ "no year", "生日", "2月3日", ROW_NOTED, "" },
		{ "no such day in Chinese", "生日", "1985年2月30日", ROW_NOTED, "" },
		{ "no such visit", "last_visit", "2026-02-30", ROW_NOTED, "" },
		{ "no such first visit", "首次到店", "去年夏天", ROW_NOTED, "" },
		{ "shortened by Excel", "手机", "1.54E+10", ROW_REFUSED,
		    "Excel has shortened the number: format the column as text" },
		{ "no leap day", "生日", "20250229", ROW_NOTED, "" },
		{ "C12 two-digit year", "生日", "13/12/26", ROW_NOTED, "" },
		{ "American", "生日", "3/5/2024", ROW_NOTED, "" },
		{ "mixed marks", "生日", "2024-3/5", ROW_NOTED, "" },
		{ "half Chinese", "生日", "2024年3-5", ROW_NOTED, "" },
		{ "trailing text", "生日", "2024-03-05abc", ROW_NOTED, "" },
		{ "far away", "生日", "9999-12-31", ROW_NOTED, "" },
		{ "MySQL's nothing", "生日", "0000-00-00", ROW_GOOD, "" },
		{ "default", "生日", "1900-01-01", ROW_ASIDE, "1900-01-01 stands for" },
		{ "default written short", "first_visit", "1900/1/1 0:00", ROW_ASIDE,
		    "1900-01-01 stands" },
		{ "default as a serial", "生日", "1", ROW_ASIDE, "1900-01-01 stands" },
		{ "C17 zone", "tz", "Asia/Urumqi", ROW_GOOD, " tz=Asia/Urumqi" },
		{ "C17 unknown zone", "时区", "Foo/Bar", ROW_NOTED, "" },
		/* consent */
		{ "level for all", "consent", "marketing", ROW_GOOD, " consent=22222" },
		{ "Chinese level", "授权", "仅服务", ROW_GOOD, " consent=11111" },
		{ "by channel", "consent", "sms:marketing;wecom:service", ROW_GOOD,
		    " consent=21000" },
		{ "by channel, Chinese", "consent", "短信：营销；企业微信：服务；",
		    ROW_GOOD, " consent=21000" },
		{ "C9 yes", "consent", "yes", ROW_GOOD, " consent=22222" },
		{ "none", "consent", "none", ROW_GOOD, "" },
		{ "empty", "consent", "", ROW_GOOD, "" },
		{ "unknown level", "consent", "sms:often", ROW_REFUSED,
		    "\"often\" is no consent" },
		{ "unknown channel", "consent", "fax:service", ROW_REFUSED,
		    "\"fax\" is no consent" },
		{ "no level", "consent", "sms", ROW_REFUSED, "\"sms\" is no consent" },
		/* the rest */
		{ "gender", "性别", "先生", ROW_GOOD, " gender=male" },
		{ "gender by number", "gender", "2", ROW_GOOD, " gender=female" },
		{ "unknown gender", "gender", "x", ROW_NOTED, "" },
		{ "tier of a DMS", "等级", "高", ROW_GOOD, " tier=high" },
		{ "tier of members", "会员等级", "金卡", ROW_GOOD, " tier=金卡" },
		{ "last visit of a DMS", "最后到店日期", "2026-01-02", ROW_GOOD,
		    " last=2026-01-02" },
		{ "last visit by station", "最近进站日期", "2026-01-02", ROW_GOOD,
		    " last=2026-01-02" },
		{ "tier", "客户等级", "高价值", ROW_GOOD, " tier=high" },
		{ "own tier", "tier", "platinum", ROW_GOOD, " tier=platinum" },
		{ "stage", "客户状态", "沉睡", ROW_GOOD, " stage=dormant" },
		{ "visits", "进厂次数", "12次", ROW_GOOD, " visits=12" },
		{ "half a visit", "visits", "1.5", ROW_REFUSED,
		    "\"1.5\" is not a whole number" },
		{ "money", "近12个月消费(元)", "¥1,234.50", ROW_GOOD, " spend=1234.50" },
		{ "money below nothing", "spend_12m", "-5", ROW_REFUSED,
		    "\"-5\" is not a number" },
		{ "infinite money", "spend_12m", "inf", ROW_REFUSED,
		    "\"inf\" is not a number" },
		{ "tags", "标签", "vip；ev, 老 客户、vip", ROW_GOOD,
		    " tags=ev;vip;老客户" },
		{ "attribute", "车型", "宋PLUS", ROW_GOOD,
		    " attrs={\"车型\":\"宋PLUS\"}" },
		{ "attribute number", "里程", "12000", ROW_GOOD,
		    " attrs={\"里程\":12000}" },
		{ "attribute like a number", "编码", "0123", ROW_GOOD,
		    " attrs={\"编码\":\"0123\"}" },
		{ "attribute with quotes", "备注", "a\"b\\c", ROW_GOOD,
		    " attrs={\"备注\":\"a\\\"b\\\\c\"}" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct row_fault f;
		char *shown = one_cell(cases[i].heading, cases[i].value, &f);
		bool right = f.verdict < ROW_ASIDE
				 ? g_str_has_prefix(shown, " id=X") &&
				       strcmp(shown + 5, cases[i].shown) == 0
				 : g_str_has_prefix(f.reason, cases[i].shown) &&
				       f.column == 2 && f.row == 2;

		if (f.verdict != cases[i].verdict || !right)
			fail_msg("%s: verdict %d, \"%s\", \"%s\"", cases[i].name,
			    (int)f.verdict, shown, f.reason);
		g_free(shown);
	}
}

static void
test_long_name(void **state)
{
	GString *name = g_string_new(NULL), *cut = g_string_new(" id=X name=");
	struct row_fault f;

	(void)state;
	for (int i = 0; i < 500; i++)
		g_string_append(name, "王");
	for (int i = 0; i < 128; i++)
		g_string_append(cut, "王");
	char *shown = one_cell("name", name->str, &f);

	assert_string_equal(shown, cut->str);
	g_free(shown);
	g_string_free(name, TRUE);
	g_string_free(cut, TRUE);
}

static char *
file_of(const char *text)
{
	char *path = g_build_filename(dir, "t.csv", NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

/* A row with several faults tells the first of the worst kind. */
static void
test_worst_fault(void **state)
{
	static const struct {
		const char *row;
		enum row_verdict verdict;
		int column;
	} cases[] = {
		{ "1,男,测试,123,2026-02-30", ROW_REFUSED, 4 },
		{ "1,?,测试,15400000001,", ROW_ASIDE, 3 },
		{ "1,?,王芳,123,1900-01-01", ROW_REFUSED, 4 },
		{ "1,?,王芳,15400000001,", ROW_NOTED, 2 },
		{ ",男,王芳,15400000001,", ROW_REFUSED, 0 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *text = g_strconcat(
		    "id,gender,name,phone,birthday\n", cases[i].row, "\n", NULL);
		char *path = file_of(text);
		struct err e = { .kind = ERR_NONE };
		struct arena *a = arena_new();
		struct customers *r = customers_open(path, TABLE_UTF8, NULL, &e);
		struct customer c;
		struct row_fault f;

		assert_non_null(r);
		assert_int_equal(customers_next(r, a, &c, &f, &e), 1);
		if (f.verdict != cases[i].verdict || f.column != cases[i].column)
			fail_msg("%s: verdict %d, column %d", cases[i].row,
			    (int)f.verdict, f.column);
		customers_close(r);
		arena_free(a);
		g_free(path);
		g_free(text);
	}
}

/* ---- headings ---- */

static void
test_headings(void **state)
{
	char *path = file_of("\xef\xbb\xbf客户编号,First "
			     "Visit,最近进厂日期,手机号（必填）,*姓名,E-Mail,车牌\n");
	static const char *const fields[] = { "id", "first_visit", "last_visit", "phone",
		"name", "email", "attribute" };
	struct err e = { .kind = ERR_NONE };
	struct customers *r = customers_open(path, TABLE_DETECT, NULL, &e);

	(void)state;
	assert_non_null(r);
	assert_int_equal(table_columns(customers_columns(r)->table), 7);
	for (int i = 0; i < 7; i++)
		assert_string_equal(columns_name(customers_columns(r), i), fields[i]);
	assert_string_equal(table_heading(customers_columns(r)->table, 6), "车牌");
	assert_string_equal(columns_format(customers_columns(r)), "UTF-8");
	customers_close(r);
	g_free(path);
}

static void
test_mapping(void **state)
{
	static const char *const mapping[] = { "K-NR", "id", "手机", "attribute", "备注",
		"-", NULL };
	static const char *const wrong[] = { "K-NR", "ident", NULL };
	char *path = file_of("K-NR,手机,电话,备注\n1,2,15400000001,x\n");
	struct err e = { .kind = ERR_NONE };
	struct customers *r = customers_open(path, TABLE_UTF8, mapping, &e);
	struct arena *a = arena_new();
	struct customer c;
	struct row_fault f;

	(void)state;
	assert_non_null(r);
	assert_int_equal(customers_next(r, a, &c, &f, &e), 1);
	assert_string_equal(c.ext, "1");
	assert_string_equal(c.attrs, "{\"手机\":2}");
	assert_string_equal(c.address[CHANNEL_SMS], "+8615400000001");
	assert_string_equal(columns_name(customers_columns(r), 3), "-");
	customers_close(r);
	assert_null(customers_open(path, TABLE_UTF8, wrong, &e));
	assert_string_equal(
	    e.text, "the mapping sends \"K-NR\" to \"ident\", which is no field");
	assert_null(customers_open(path, TABLE_UTF8, NULL, &e));
	assert_non_null(
	    strstr(e.text, "columns 2 \"手机\" and 3 \"电话\" are both taken for phone"));
	g_free(path);
	path = file_of("name\nx\n");
	assert_null(customers_open(path, TABLE_UTF8, NULL, &e));
	assert_non_null(strstr(e.text, "no column holds the customer's id"));
	g_free(path);
	arena_free(a);
}

/* ---- whole files, against tests/golden/import/NAME.txt ---- */

static char *
report_of(const char *path)
{
	struct err e = { .kind = ERR_NONE };
	struct customers *r = customers_open(path, TABLE_DETECT, NULL, &e);
	GString *out = g_string_new(NULL);
	struct rows_report report;
	struct row_fault f;
	struct customer c;
	struct arena *a;
	int got;

	if (r == NULL) {
		g_string_printf(out, "line %d: %s\n", e.at.line, e.text);
		return g_string_free(out, FALSE);
	}
	for (int i = 0; i < table_columns(customers_columns(r)->table); i++)
		g_string_append_printf(
		    out, "%s -> %s\n", table_heading(customers_columns(r)->table, i), columns_name(customers_columns(r), i));
	rows_report_init(&report);
	a = arena_new();
	while ((got = customers_next(r, a, &c, &f, &e)) > 0) {
		rows_report_add(&report, &f);
		if (f.verdict < ROW_ASIDE) {
			report.unreachable += !customers_reachable(&c);
			show(out, &c);
			g_string_append_c(out, '\n');
		}
		arena_reset(a);
	}
	if (got < 0)
		g_string_append_printf(out, "line %d: %s\n", e.at.line, e.text);
	else
		rows_report_text(&report, columns_format(customers_columns(r)), out);
	arena_free(a);
	rows_report_fini(&report);
	customers_close(r);
	return g_string_free(out, FALSE);
}

static void
test_golden(void **state)
{
	static const char *const files[] = { "dms-gb18030.csv", "dms-utf8.csv",
		"dms.xlsx", "mac-1904.xlsx", "many-faults.csv", "unclosed.csv" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		char *path = g_build_filename("tests/golden/import", files[i], NULL);
		char *golden = g_strconcat(path, ".txt", NULL), *want = NULL,
		     *got = report_of(path);

		if (g_getenv("GOLDEN_UPDATE") != NULL)
			g_file_set_contents(golden, got, -1, NULL);
		if (!g_file_get_contents(golden, &want, NULL, NULL) ||
		    strcmp(want, got) != 0)
			fail_msg("%s is not what %s says:\n%s", path, golden, got);
		g_free(want);
		g_free(got);
		g_free(golden);
		g_free(path);
	}
}

static int
setup(void **state)
{
	(void)state;
	dir = g_dir_make_tmp("reachd-customers-XXXXXX", NULL);
	return dir == NULL;
}

static int
teardown(void **state)
{
	char *path = g_build_filename(dir, "t.csv", NULL);

	(void)state;
	g_unlink(path);
	g_free(path);
	g_rmdir(dir);
	g_free(dir);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_worst_fault),
		cmocka_unit_test(test_headings),
		cmocka_unit_test(test_mapping),
		cmocka_unit_test(test_golden),
	};

	return cmocka_run_group_tests_name("customers", tests, setup, teardown);
}
