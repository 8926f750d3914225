/* copy_count_test.c - d08: days counted by a number that stands in the text, and what only
 * looks like it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "../../src/spec/copy_rule.h"
#include "../../src/spec/fold.h"

/* All places found, one after the other. */
static char *
counted(const char *text)
{
	GString *out = g_string_new(NULL);
	struct fold f;
	size_t at, end = 0;

	fold_init(&f, text);
	while ((at = copy_counted(&f, NULL, end, &end)) != SIZE_MAX)
		g_string_append_printf(out, "%s%.*s", out->len > 0 ? "; " : "",
		    (int)(f.at[end] - f.at[at]), text + f.at[at]);
	fold_release(&f);
	return g_string_free(out, FALSE);
}

static const struct row {
	const char *name, *text, *want; /* "": nothing */
} rows[] = {
	{ "days left", "洗车券还有3天到期", "还有3天" },
	{ "in words", "还有三天到期", "还有三天" },
	{ "spaced", "还有 3 天", "还有 3 天" },
	{ "full width, other script", "還剩３天", "還剩３天" },
	{ "hours", "名额还剩2个小时", "还剩2个小时" },
	{ "weeks", "还有两周", "还有两周" },
	{ "the last days", "最后3天，别错过", "最后3天" },
	{ "a count-down", "倒计时：5天", "倒计时：5天" },
	{ "it ends in days", "积分7天后过期", "7天后过期" },
	{ "two digits", "积分30天后就要过期", "30天后就要过期" },
	{ "behind a tag", "{% if a %}{{ b }}{% else %}30天后{% endif %}到期",
	    "30天后{% endif %}到期" },
	{ "between tags of mail", "还有<b>3</b>天", "还有<b>3</b>天" },
	{ "a birthday", "再过三天是您的生日", "过三天是" },
	{ "it ends soon", "券3天就到期", "3天就到期" },
	{ "past days", "您的保养已经过了7天", "已经过了7天" },
	{ "days ago", "3天前您来做过保养", "3天前您" },
	{ "twice", "还有3天，最后2天", "还有3天; 最后2天" },
	{ "in English", "Your voucher: 3 days left", "3 days left" },
	{ "in English, too", "It expires in 3 days", "expires in 3 days" },
	{ "a field of the event", "还有{{ event.data.days }}天到期",
	    "还有{{ event.data.days }}天" },
	{ "a field with a default", "还有{{ customer.points_days | default: 7 }}天",
	    "还有{{ customer.points_days | default: 7 }}天" },
	{ "a written number in braces", "还有{{ 3 }}天", "还有{{ 3 }}天" },
	{ "assigned before", "{% assign n = event.days %}还有{{ n }}天",
	    "还有{{ n }}天" },
	{ "captured before", "{% capture n %}3{% endcapture %}还有{{ n }}天",
	    "还有{{ n }}天" },
	{ "a captured field", "{% capture n %}{{ event.data.days }}{% endcapture %}还有{{ n }}天",
	    "还有{{ n }}天" },
	{ "captured from a signal",
	    "{% capture n %}{{ signals.days_overdue | plus: 1 }}{% endcapture %}还有{{ n }}天", "" },

	{ "worked out from a signal",
	    "{{ signals.days_since_visit }}天没来，还有{{ signals.x }}天", "" },
	{ "worked out from dates",
	    "{% assign today = \"now\" | date: \"%s\" %}"
	    "{% assign n = customer.points_expire | date: \"%s\" | minus: today | "
	    "divided_by: 86400 %}"
	    "还有{{ n }}天",
	    "" },
	{ "assigned from what is worked out",
	    "{% assign a = signals.days_overdue %}{% assign n = a %}还有{{ n }}天", "" },
	{ "handed to a partial", "还有{{ days }}天", "" },
	{ "a date", "12月25日前有效", "" },
	{ "a span", "30天内来都可以", "" },
	{ "within", "还有3天内有效的券", "" },
	{ "less than", "还有不到3天", "" },
	{ "roughly", "大约还有17天", "" },
	{ "roughly, behind it", "还有20天左右", "" },
	{ "some days", "还有几天到期", "" },
	{ "a dozen or so", "还有十几天到期", "" },
	{ "a promise", "3天后我再给您打电话", "" },
	{ "kept until", "名额给您留到7天后", "" },
	{ "counted from something else", "用了3天后电量下降，质保结束", "" },
	{ "more than", "不超过3天就到期的都算", "" },
	{ "counted from the day it came", "到账后30天失效", "" },
	{ "the last day of a month", "每月最后一天店里盘点", "" },
	{ "minutes of work", "还有20分钟就好", "" },
	{ "told in time", "请提前3天告诉我", "" },
	{ "before a date", "到期3天前我提醒您", "" },
	{ "a month is not to the day", "还有一个月，不急", "" },
};

static void
days_that_are_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *got = counted(rows[i].text);

		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s: \"%s\": got \"%s\", wanted \"%s\"", rows[i].name,
			    rows[i].text, got, rows[i].want);
		g_free(got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(days_that_are_counted) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
