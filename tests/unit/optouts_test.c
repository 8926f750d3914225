/* Opt-outs out of tables: whom they name, which channels stop, since when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "spec/optouts.h"

static char *path;

static char *
rows_of(const char *text)
{
	struct err e = { .kind = ERR_NONE };
	struct arena *a = arena_new();
	GString *out = g_string_new(NULL);
	struct row_fault f;
	struct optout o;

	assert_true(g_file_set_contents(path, text, -1, NULL));
	struct optouts *r = optouts_open(path, TABLE_UTF8, NULL, &e);

	if (r == NULL)
		g_string_append(out, e.text);
	while (r != NULL && optouts_next(r, a, &o, &f, &e) > 0) {
		if (f.verdict != ROW_GOOD) {
			g_string_append_printf(out, "%s|", f.reason);
			continue;
		}
		g_string_append(out, o.customer);
		for (int i = 0; i < CHANNELS; i++) {
			g_string_append_printf(out, "%s%s",
			    o.channels & 1U << i ? " !" : " ", channel_name(i));
			g_string_append(out, *o.address[i] != '\0' ? "=" : "");
			g_string_append(out, o.address[i]);
		}
		if (o.date.year != 0)
			g_string_append_printf(
			    out, " %d-%d-%d", o.date.year, o.date.month, o.date.day);
		if (o.at != 0)
			g_string_append_printf(out, " %" G_GINT64_FORMAT, o.at);
		g_string_append_c(out, '|');
	}
	optouts_close(r);
	arena_free(a);
	return g_string_free(out, FALSE);
}

static void
test_rows(void **state)
{
	static const struct {
		const char *name, *text, *rows;
	} cases[] = {
		{ "a number stops SMS and calls",
		    "手机,退订时间\n154 0000 0001,2026/3/5\n",
		    " !sms=+8615400000001 wecom email push !phone=+8615400000001 "
		    "2026-3-5|" },
		{ "its channel alone", "phone,channel\n15400000001,sms\n",
		    " !sms=+8615400000001 wecom email push phone=+8615400000001|" },
		{ "a landline", "phone\n010-65529988\n",
		    " sms wecom email push !phone=+861065529988|" },
		{ "a customer stops everything", "客户编号\nC1\n",
		    "C1 !sms !wecom !email !push !phone|" },
		{ "a customer and channels", "customer,渠道\nC1,短信；邮件\n",
		    "C1 !sms wecom !email push phone|" },
		{ "all channels", "phone,channel\n15400000001,all\n",
		    " !sms=+8615400000001 !wecom !email !push !phone=+8615400000001|" },
		{ "an address told by its form", "address\nA@Example.com\n15400000001\n",
		    " sms wecom !email=a@example.com push phone|"
		    " !sms=+8615400000001 wecom email push !phone=+8615400000001|" },
		{ "an address told by its channel", "address,channel\nwmdemo1,企业微信\n",
		    " sms !wecom=wmdemo1 email push phone|" },
		{ "instant", "email,at\na@example.com,2026-03-05T10:30:00+08:00\n",
		    " sms wecom !email=a@example.com push phone 2026-3-5 "
		    "1772677800000|" },
		{ "a bad number", "phone\n12345\n", "\"1***5\" is not a phone number|" },
		{ "an address of no kind", "address\nwmdemo1\n",
		    "it is neither a phone number nor an email address; name the "
		    "channel|" },
		{ "nobody", "phone,email\n,-\n",
		    "it names neither a customer nor an address|" },
		{ "unknown channel", "phone,channel\n15400000001,fax\n",
		    "\"fax\" is not a channel; use sms, wecom, email, push or phone|" },
		{ "bad date", "phone,at\n15400000001,gestern\n",
		    "\"gestern\" is not a date; write it as 2024-03-05|" },
		{ "one column too many", "phone,at\n1,2,3\n",
		    "it has 3 columns where the heading has 2|" },
		{ "no usable column", "name\nx\n",
		    "no column says who opted out; name it customer, phone, email, "
		    "wecom, push or "
		    "address" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *rows = rows_of(cases[i].text);

		if (strcmp(rows, cases[i].rows) != 0)
			fail_msg("%s: \"%s\"", cases[i].name, rows);
		g_free(rows);
	}
}

static int
setup(void **state)
{
	char *dir = g_dir_make_tmp("reachd-optouts-XXXXXX", NULL);

	(void)state;
	path = g_build_filename(dir, "t.csv", NULL);
	g_free(dir);
	return 0;
}

static int
teardown(void **state)
{
	char *dir = g_path_get_dirname(path);

	(void)state;
	g_unlink(path);
	g_rmdir(dir);
	g_free(dir);
	g_free(path);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };

	return cmocka_run_group_tests_name("optouts", tests, setup, teardown);
}
