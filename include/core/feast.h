/* feast.h - the days that greetings are for: fixed, lunar and solar-term dates. Pure.
 *
 * Lunar dates come from a dated table for 2023 to 2100, by the rules of GB/T 33661-2017
 * (months begin on the day of the new moon at 120° E); the notices of the State Council
 * and the almanac of the Hong Kong Observatory agree with it for the years they cover.
 * Computing libraries were tried and missed years in which the new moon falls close to
 * midnight (2027, 2030). Solar terms of 2000 to 2100 by the customary formula, checked
 * against the same source. */
#ifndef CORE_FEAST_H
#define CORE_FEAST_H

#include <stdint.h>

enum feast {
	FEAST_NEW_YEAR,
	FEAST_LABA,
	FEAST_NEW_YEARS_EVE,
	FEAST_SPRING,
	FEAST_LANTERN,
	FEAST_QINGMING,
	FEAST_LABOUR,
	FEAST_DRAGON_BOAT,
	FEAST_QIXI,
	FEAST_MID_AUTUMN,
	FEAST_DOUBLE_NINTH,
	FEAST_NATIONAL,
	FEAST_WINTER,
	FEASTS
};

/* As playbooks write it: "mid-autumn". */
const char *feast_name(enum feast f);
/* By that, or as people say it: "中秋节", 中秋. -1: none. */
int feast_find(const char *name);

/* The first day of the feast on or after `day` (days since 1970); -1: beyond the table.
 */
int64_t feast_from(enum feast f, int64_t day);

#endif
