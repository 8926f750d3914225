#include "core/feast.h"

#include <string.h>

#include "base/clock.h"

#define FIRST 2023
#define LAST 2100
#define EVE_OF \
	(-1) /* the day before lunar 1/1, whatever the length of the month before */

/* First day of the lunar year as days after 1 January; its leap month (0: none); which of
 * its 12 or 13 months have 30 days, the first in the lowest bit. */
static const struct lunar_year {
	unsigned char begins, leap;
	unsigned short long_months;
} years[LAST - FIRST + 1] = {
	{ 21, 2, 0x15b2 },
	{ 40, 0, 0x06d2 },
	{ 28, 6, 0x0ea5 },
	{ 47, 0, 0x0725 },
	{ 36, 0, 0x064b },
	{ 25, 5, 0x0c97 },
	{ 43, 0, 0x0cab },
	{ 33, 0, 0x055a },
	{ 22, 3, 0x0ad6 },
	{ 41, 0, 0x0b69 },
	{ 30, 11, 0x1752 },
	{ 49, 0, 0x0b52 },
	{ 38, 0, 0x0b25 },
	{ 27, 6, 0x1a4b },
	{ 45, 0, 0x0a4b },
	{ 34, 0, 0x04ab },
	{ 23, 5, 0x055b },
	{ 42, 0, 0x05ad },
	{ 31, 0, 0x0b6a },
	{ 21, 2, 0x1b52 },
	{ 40, 0, 0x0d92 },
	{ 29, 7, 0x1d25 },
	{ 47, 0, 0x0d25 },
	{ 36, 0, 0x0a55 },
	{ 25, 5, 0x14ad },
	{ 44, 0, 0x04b6 },
	{ 32, 0, 0x05b5 },
	{ 22, 3, 0x0daa },
	{ 41, 0, 0x0ec9 },
	{ 31, 8, 0x1e92 },
	{ 49, 0, 0x0e92 },
	{ 38, 0, 0x0d26 },
	{ 27, 6, 0x0a56 },
	{ 45, 0, 0x0a57 },
	{ 34, 0, 0x04d6 },
	{ 23, 4, 0x06d5 },
	{ 42, 0, 0x0755 },
	{ 32, 0, 0x0749 },
	{ 20, 3, 0x0e93 },
	{ 39, 0, 0x0693 },
	{ 28, 7, 0x152b },
	{ 47, 0, 0x052b },
	{ 35, 0, 0x0a5b },
	{ 25, 5, 0x155a },
	{ 44, 0, 0x056a },
	{ 33, 0, 0x0b65 },
	{ 22, 4, 0x174a },
	{ 41, 0, 0x0b4a },
	{ 30, 8, 0x1a95 },
	{ 49, 0, 0x0a95 },
	{ 37, 0, 0x052d },
	{ 26, 6, 0x0aad },
	{ 45, 0, 0x0ab5 },
	{ 35, 0, 0x05aa },
	{ 23, 4, 0x0ba5 },
	{ 42, 0, 0x0da5 },
	{ 32, 0, 0x0d4a },
	{ 21, 3, 0x1c95 },
	{ 39, 0, 0x0c96 },
	{ 28, 7, 0x194e },
	{ 47, 0, 0x0556 },
	{ 36, 0, 0x0ab5 },
	{ 25, 5, 0x15b2 },
	{ 44, 0, 0x06d2 },
	{ 33, 0, 0x0ea5 },
	{ 23, 4, 0x0e4a },
	{ 40, 0, 0x068b },
	{ 29, 8, 0x0c97 },
	{ 48, 0, 0x04ab },
	{ 37, 0, 0x055b },
	{ 26, 6, 0x0ad6 },
	{ 45, 0, 0x0b6a },
	{ 35, 0, 0x0752 },
	{ 24, 4, 0x1725 },
	{ 42, 0, 0x0b45 },
	{ 31, 0, 0x0a8b },
	{ 20, 2, 0x149b },
	{ 39, 0, 0x04ab },
};

enum kind { FIXED, LUNAR, TERM };

static const struct {
	const char *name, *title;
	enum kind kind;
	int month, day; /* TERM: month, and the formula's constant in hundredths */
} feasts[FEASTS] = {
	[FEAST_NEW_YEAR] = { "new-year", "元旦", FIXED, 1, 1 },
	[FEAST_LABA] = { "laba", "腊八节", LUNAR, 12, 8 },
	[FEAST_NEW_YEARS_EVE] = { "new-years-eve", "除夕", LUNAR, 1, EVE_OF },
	[FEAST_SPRING] = { "spring-festival", "春节", LUNAR, 1, 1 },
	[FEAST_LANTERN] = { "lantern", "元宵节", LUNAR, 1, 15 },
	[FEAST_QINGMING] = { "qingming", "清明节", TERM, 4, 481 },
	[FEAST_LABOUR] = { "labour-day", "劳动节", FIXED, 5, 1 },
	[FEAST_DRAGON_BOAT] = { "dragon-boat", "端午节", LUNAR, 5, 5 },
	[FEAST_QIXI] = { "qixi", "七夕节", LUNAR, 7, 7 },
	[FEAST_MID_AUTUMN] = { "mid-autumn", "中秋节", LUNAR, 8, 15 },
	[FEAST_DOUBLE_NINTH] = { "double-ninth", "重阳节", LUNAR, 9, 9 },
	[FEAST_NATIONAL] = { "national-day", "国庆节", FIXED, 10, 1 },
	[FEAST_WINTER] = { "winter-solstice", "冬至", TERM, 12, 2194 },
};

const char *
feast_name(enum feast f)
{
	return feasts[f].name;
}

int
feast_find(const char *name)
{
	for (int i = 0; i < FEASTS; i++) {
		const char *title = feasts[i].title;
		size_t bare = strlen(title) - strlen("节");

		if (strcmp(name, feasts[i].name) == 0 || strcmp(name, title) == 0)
			return i;
		/* 中秋 is 中秋节. */
		if (bare > strlen("节") && strlen(name) == bare &&
		    strcmp(title + bare, "节") == 0 && memcmp(name, title, bare) == 0)
			return i;
	}
	return -1;
}

/* Leap months count, so that month 8 of a year with a leap 5 is its ninth. */
static int64_t
lunar_day(int year, int month, int day)
{
	const struct lunar_year *y = &years[year - FIRST];
	int64_t at = date_days((struct date){ year, 1, 1 }) + y->begins;
	int n = month - 1 + (y->leap != 0 && month > y->leap);

	for (int i = 0; i < n; i++)
		at += y->long_months >> i & 1 ? 30 : 29;
	return at + (day == EVE_OF ? -1 : day - 1);
}

/* The feast of a year; a lunar year's months 11 and 12 may reach into the next. */
static int64_t
day_in(enum feast f, int year)
{
	int c = year - 2000, leap_days = c / 4 - (c >= 100);

	switch (feasts[f].kind) {
	case LUNAR:
		return lunar_day(year, feasts[f].month, feasts[f].day);
	case TERM:
		return date_days((struct date){ year, feasts[f].month,
		    (c * 2422 + feasts[f].day * 100) / 10000 - leap_days });
	case FIXED:
		break;
	}
	return date_days((struct date){ year, feasts[f].month, feasts[f].day });
}

int64_t
feast_from(enum feast f, int64_t day)
{
	for (int y = FIRST; y <= LAST; y++) {
		int64_t at = day_in(f, y);

		if (at >= day)
			return at;
	}
	return -1;
}
