/* filter_date.c - date. */
#include <string.h>

#include "datefmt.h"
#include "filter.h"
#include "renderer.h"

/* Forms with a name instead of directives. */
static const char *const named[][2] = {
	{ "中文", "%-m月%-d日" },
	{ "中文年", "%Y年%-m月%-d日" },
	{ "中文全", "%Y年%-m月%-d日 $" },
	{ "中文时间", "%-m月%-d日 %H:%M" },
	{ "星期", "$" },
};
static const char *const weekdays[] = { "星期日", "星期一", "星期二", "星期三", "星期四",
	"星期五", "星期六" };

static bool
all_digits(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!g_ascii_isdigit(p[i]))
			return false;
	return len > 0 && len < 16;
}

/* Ruby's Liquid: times, seconds since 1970 as a number or as digits, "now", "today",
 * and text that is a date. */
static bool
instant(const struct filter_call *c, struct value v, ms_t *out)
{
	const struct liquid_env *env = c->r->env;

	switch (v.type) {
	case VALUE_TIME:
		*out = v.time;
		return true;
	case VALUE_INT:
		*out = v.i * MS_SECOND;
		return v.i > -(ms_t)1e12 && v.i < (ms_t)1e12;
	case VALUE_STR:
		break;
	default:
		return false;
	}
	if ((v.s.len == 3 && g_ascii_strncasecmp(v.s.p, "now", 3) == 0) ||
	    (v.s.len == 5 && g_ascii_strncasecmp(v.s.p, "today", 5) == 0)) {
		*out = env->now;
		return true;
	}
	if (all_digits(v.s.p, v.s.len)) {
		*out = value_to_int(v) * MS_SECOND;
		return *out < (ms_t)1e15;
	}
	return datefmt_parse(v.s.p, v.s.len, env->zone, out);
}

static void
append_named(GString *b, const char *form, ms_t at, const struct zone *zone)
{
	const char *dollar = strchr(form, '$');
	GString *day;

	datefmt_append(
	    b, form, dollar == NULL ? strlen(form) : (size_t)(dollar - form), at, zone);
	if (dollar == NULL)
		return;
	day = g_string_new(NULL);
	datefmt_append(day, "%w", 2, at, zone);
	g_string_append(b, weekdays[day->str[0] - '0']);
	g_string_free(day, TRUE);
}

static int
date(struct filter_call *c, struct value *out)
{
	struct value form = filter_string(c, c->args[0]);
	GString *b;
	ms_t at;

	*out = c->in;
	if (form.s.len == 0 || !instant(c, c->in, &at)) {
		if (c->in.type == VALUE_STR && form.s.len > 0 && !c->r->env->lenient)
			return filter_refuse(c, "this text is not a date");
		return 0;
	}
	b = filter_buffer(c);
	for (size_t i = 0; i < G_N_ELEMENTS(named); i++) {
		if (strlen(named[i][0]) == form.s.len &&
		    memcmp(named[i][0], form.s.p, form.s.len) == 0) {
			append_named(b, named[i][1], at, c->r->env->zone);
			return filter_result(c, b, out);
		}
	}
	datefmt_append(b, form.s.p, form.s.len, at, c->r->env->zone);
	return filter_result(c, b, out);
}

const struct filter filter_date[] = {
	{ "date", 1, 1, date, "date: \"%-m月%-d日 %H:%M\"",
	    "a time in the reader's zone. Short for Chinese: \"中文\" 11月22日, "
	    "\"中文年\" "
	    "2026年11月22日,\n                          \"中文全\" 2026年11月22日 "
	    "星期日, "
	    "\"中文时间\" 11月22日 10:30, \"星期\" 星期日",
	    NULL, false },
	{ 0 },
};
