/* day.h - calendar days in columns: null is unknown, day 0 a day like any other. */
#ifndef STORE_DAY_H
#define STORE_DAY_H

#include "base/clock.h"
#include "sql.h"

static inline void
day_bind(struct sql *q, int i, struct date d)
{
	if (d.year == 0)
		sql_blob(q, i, NULL, 0);
	else
		sql_int(q, i, date_days(d));
}

static inline struct date
day_col(struct sql *q, int i)
{
	return sql_is_null(q, i) ? (struct date){ 0 } : date_from_days(sql_col(q, i));
}

#endif
