/* quiet_test.h - what the two tests of quiet hours share. Include after cmocka. */
#ifndef UNIT_QUIET_TEST_H
#define UNIT_QUIET_TEST_H

#include "core/quiet.h"

#define ALL_DAYS 127
#define ALL_CHANNELS (BIT(CHANNELS) - 1)
#define ALL_CATEGORIES (BIT(CATEGORIES) - 1)
#define WINDOW(name, from_, to_, days)                                  \
	{                                                               \
		.id = name, .from = from_, .to = to_, .weekdays = days, \
		.channels = ALL_CHANNELS, .categories = ALL_CATEGORIES  \
	}

static inline ms_t
at(const char *text)
{
	ms_t t;

	if (clock_parse(text, &t) < 0)
		fail_msg("not an instant: %s", text);
	return t;
}

static inline const char *
text_of(ms_t t)
{
	static char buf[4][CLOCK_TEXT];
	static int n;

	if (t == MS_NEVER)
		return "never";
	if (t == 0)
		return "none";
	n = (n + 1) % 4;
	return clock_format(t, 0, buf[n]);
}

static inline void
assert_instant(const char *name, const char *what, ms_t got, ms_t wanted)
{
	if (got != wanted)
		fail_msg(
		    "%s: %s is %s, not %s", name, what, text_of(got), text_of(wanted));
}

static inline struct quiet_query
query(const struct policy *p, const char *zone)
{
	return (struct quiet_query){ .policy = p,
		.zone = zone_get(zone),
		.channel = CHANNEL_SMS,
		.category = CATEGORY_MARKETING,
		.open_from = -1,
		.open_to = -1 };
}

#endif
