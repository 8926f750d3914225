#include "core/service.h"

/* A reading after fewer days says nothing about how much somebody drives. */
#define DAYS_MIN 30
#define DAYS_MAX 3650

static struct date
add_months(struct date d, int months)
{
	int m = d.month - 1 + months;

	d.year += m / 12;
	d.month = m % 12 + 1;
	while (!date_valid(d))
		d.day--; /* 31 August and six months is the end of February */
	return d;
}

struct date
service_next(const struct vehicle *v)
{
	struct date from = v->last_service.year != 0 ? v->last_service : v->bought,
		    by_month = { 0 };
	int64_t driven, days;
	struct date by_km = { 0 };

	if (from.year == 0)
		return from;
	if (v->every_months > 0)
		by_month = add_months(from, v->every_months);
	if (v->every_km > 0 && v->mileage > 0 && v->bought.year != 0 &&
	    v->mileage_on.year != 0) {
		driven = date_days(v->mileage_on) - date_days(v->bought);
		days = driven < DAYS_MIN ? DAYS_MAX
					 : (int64_t)v->every_km * driven / v->mileage;
		if (days < DAYS_MAX)
			by_km = date_from_days(date_days(from) + days);
	}
	if (by_month.year == 0 ||
	    (by_km.year != 0 && date_days(by_km) < date_days(by_month)))
		return by_km;
	return by_month;
}

struct date
service_battery(const struct vehicle *v)
{
	return v->bought.year == 0 ? v->bought : add_months(v->bought, 24);
}
