#include "sql.h"
#include "store/signal.h"
#include "store/subject.h"

#define COLUMNS_OF_REPAIR                                                                \
	"id, ext, customer, vehicle, store, advisor, at, amount, mileage, recommended, " \
	"accepted,"                                                                      \
	" attrs"

static void
read_row(struct store *s, struct sql *q, void *into)
{
	struct order *o = into;

	*o = (struct order){ .owner = "", .phone = "", .plate = "" };
	o->id = sql_col(q, 0);
	o->ext = sql_col_dup(s, q, 1);
	o->customer = sql_col(q, 2);
	o->vehicle = sql_col_dup(s, q, 3);
	o->store = sql_col_dup(s, q, 4);
	o->advisor = sql_col_dup(s, q, 5);
	o->at = sql_col(q, 6);
	o->amount = (double)sql_col(q, 7) / 100;
	o->mileage = (int)sql_col(q, 8);
	o->recommended = sql_col_dup(s, q, 9);
	o->accepted = sql_col_dup(s, q, 10);
	o->attrs = sql_col_dup(s, q, 11);
}

int
order_put(struct store *s, const struct order *o, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO repair(ext, customer, vehicle, store, advisor, at, amount, "
	    "mileage,"
	    " recommended, accepted, attrs) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
	    "?10, ?11)"
	    " ON CONFLICT(ext) DO UPDATE SET customer = ?2, vehicle = ?3, store = ?4,"
	    " advisor = ?5, at = ?6, amount = ?7, mileage = ?8, recommended = ?9,"
	    " accepted = ?10, attrs = ?11");

	sql_text(q, 1, o->ext);
	sql_int(q, 2, o->customer);
	sql_text(q, 3, o->vehicle);
	sql_text(q, 4, o->store);
	sql_text(q, 5, o->advisor);
	sql_int(q, 6, o->at);
	sql_int(q, 7, (int64_t)(o->amount * 100 + 0.5));
	sql_int(q, 8, o->mileage);
	sql_text(q, 9, o->recommended);
	sql_text(q, 10, o->accepted);
	sql_text(q, 11, o->attrs);
	return sql_run(q, e) != 0 ? -1 : signal_look_changed(s, o->customer, e);
}

int
order_get(struct store *s, const char *ext, struct order *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS_OF_REPAIR " FROM repair WHERE ext = ?1");

	sql_text(q, 1, ext);
	return sql_one(s, q, read_row, out, e);
}

int
order_of_customer(
    struct store *s, int64_t customer, struct order *out, int max, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS_OF_REPAIR
		       " FROM repair WHERE customer = ?1 ORDER BY at DESC LIMIT ?2");

	sql_int(q, 1, customer);
	sql_int(q, 2, max);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
order_drop(struct store *s, const char *ext, struct err *e)
{
	struct sql *q =
	    sql_get(s, "DELETE FROM repair WHERE ext = ?1 RETURNING customer");

	return sql_run_look(s, q, ext, e);
}

int
order_sum(struct store *s, int64_t customer, ms_t since, ms_t offset,
    struct order_sums *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT ifnull(min(at), 0), ifnull(max(at), 0), count(DISTINCT (at + ?3) / 86400000),"
		       " ifnull(sum(CASE WHEN at >= ?2 THEN amount ELSE 0 END), 0)"
		       " FROM repair WHERE customer = ?1");

	sql_int(q, 1, customer);
	sql_int(q, 2, since);
	sql_int(q, 3, offset);
	if (sql_step(q, e) != 1)
		return -1;
	*out = (struct order_sums){ .first = sql_col(q, 0),
		.last = sql_col(q, 1),
		.days = (int)sql_col(q, 2),
		.since = (double)sql_col(q, 3) / 100 };
	sql_end(q);
	return 0;
}
