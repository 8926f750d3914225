#include "sql.h"
#include "store/signal.h"
#include "store/subject.h"

#define COLUMNS_OF_APPOINTMENT \
	"id, ext, customer, vehicle, store, advisor, at, state, service, attrs"

static void
read_row(struct store *s, struct sql *q, void *into)
{
	struct appointment *a = into;

	*a = (struct appointment){ .owner = "", .phone = "", .plate = "" };
	a->id = sql_col(q, 0);
	a->ext = sql_col_dup(s, q, 1);
	a->customer = sql_col(q, 2);
	a->vehicle = sql_col_dup(s, q, 3);
	a->store = sql_col_dup(s, q, 4);
	a->advisor = sql_col_dup(s, q, 5);
	a->at = sql_col(q, 6);
	a->state = sql_col_dup(s, q, 7);
	a->service = sql_col_dup(s, q, 8);
	a->attrs = sql_col_dup(s, q, 9);
}

int
appointment_put(struct store *s, const struct appointment *a, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO appointment(ext, customer, vehicle, store, advisor, at, state, "
	    "service,"
	    " attrs) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT(ext) DO "
	    "UPDATE SET"
	    " customer = ?2, vehicle = ?3, store = ?4, advisor = ?5, at = ?6, state = ?7,"
	    " service = ?8, attrs = ?9 WHERE (customer, vehicle, store, advisor, at, "
	    "state, service,"
	    " attrs) IS NOT (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");

	sql_text(q, 1, a->ext);
	sql_int(q, 2, a->customer);
	sql_text(q, 3, a->vehicle);
	sql_text(q, 4, a->store);
	sql_text(q, 5, a->advisor);
	sql_int(q, 6, a->at);
	sql_text(q, 7, a->state);
	sql_text(q, 8, a->service);
	sql_text(q, 9, a->attrs);
	return sql_run(q, e) != 0 ? -1 : signal_look_changed(s, a->customer, e);
}

int
appointment_get(struct store *s, const char *ext, struct appointment *out, struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT " COLUMNS_OF_APPOINTMENT " FROM appointment WHERE ext = ?1");

	sql_text(q, 1, ext);
	return sql_one(s, q, read_row, out, e);
}

int
appointment_of_customer(
    struct store *s, int64_t customer, struct appointment *out, int max, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS_OF_APPOINTMENT
		       " FROM appointment WHERE customer = ?1 ORDER BY at DESC LIMIT ?2");

	sql_int(q, 1, customer);
	sql_int(q, 2, max);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
appointment_look(struct store *s, const char *ext, ms_t at, struct err *e)
{
	struct sql *q =
	    sql_get(s, "UPDATE appointment SET look_at = nullif(?2, 0) WHERE ext = ?1");

	sql_text(q, 1, ext);
	sql_int(q, 2, at);
	return sql_run(q, e);
}

int
appointment_settled(struct store *s, int64_t customer, const char *ext, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE appointment SET look_at = NULL WHERE customer = ?1"
				   " AND (ext = ?2 OR ?2 = '') AND look_at IS NOT NULL");

	sql_int(q, 1, customer);
	sql_text(q, 2, ext);
	return sql_run(q, e);
}

int
appointment_due(
    struct store *s, ms_t now, struct appointment *out, int max, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_APPOINTMENT
				   " FROM appointment WHERE look_at <= ?1"
				   " ORDER BY look_at, id LIMIT ?2");

	sql_int(q, 1, now);
	sql_int(q, 2, max);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
appointment_next(struct store *s, ms_t *at, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT look_at FROM appointment WHERE look_at IS NOT NULL"
				   " ORDER BY look_at LIMIT 1");
	int rc = sql_step(q, e);

	*at = rc == 1 ? sql_col(q, 0) : MS_NEVER;
	sql_end(q);
	return rc < 0 ? -1 : 0;
}

int
appointment_drop(struct store *s, const char *ext, struct err *e)
{
	struct sql *q =
	    sql_get(s, "DELETE FROM appointment WHERE ext = ?1 RETURNING customer");

	return sql_run_look(s, q, ext, e);
}
