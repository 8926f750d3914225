#include "store/msg.h"

#include "base/check.h"
#include "sql.h"

int
reservation_add(struct store *s, int64_t customer, ms_t at, int64_t msg, int category,
    struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO reservation VALUES(?1, ?2, ?3, ?4)");

	sql_int(q, 1, customer);
	sql_int(q, 2, at);
	sql_int(q, 3, msg);
	sql_int(q, 4, category);
	return sql_run(q, e);
}

int
msg_had(struct store *s, int64_t customer, const char *account, ms_t since, int *n,
    struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT count(*) FROM reservation r JOIN msg m ON m.id = r.msg"
	    " WHERE r.customer = ?1 AND r.at >= ?2 AND m.account = ?3");
	int rc;

	sql_int(q, 1, customer);
	sql_int(q, 2, since);
	sql_text(q, 3, account);
	rc = sql_step(q, e);
	*n = rc == 1 ? (int)sql_col(q, 0) : 0;
	sql_end(q);
	return rc < 0 ? -1 : 0;
}

int
reservation_drop(struct store *s, int64_t customer, ms_t at, int64_t msg, struct err *e)
{
	struct sql *q =
	    sql_get(s, "DELETE FROM reservation WHERE customer = ?1 AND at = ?2 AND msg = ?3");

	sql_int(q, 1, customer);
	sql_int(q, 2, at);
	sql_int(q, 3, msg);
	if (sql_run(q, e) != 0)
		return -1;
	CHECK(store_changes(s) == 1);
	/* Whoever he went into was given a copy. */
	q = sql_get(s,
	    "DELETE FROM reservation WHERE at = ?2 AND msg = ?3 AND customer IN (WITH RECURSIVE"
	    " up(x) AS (SELECT a FROM joined WHERE b = ?1 UNION SELECT a FROM joined JOIN up ON"
	    " b = x) SELECT x FROM up)");
	sql_int(q, 1, customer);
	sql_int(q, 2, at);
	sql_int(q, 3, msg);
	return sql_run(q, e);
}

int
reservation_put(struct store *s, int64_t customer, ms_t at, int64_t msg, int category,
    struct err *e)
{
	struct sql *q = sql_get(s, "INSERT OR IGNORE INTO reservation VALUES(?1, ?2, ?3, ?4)");

	sql_int(q, 1, customer);
	sql_int(q, 2, at);
	sql_int(q, 3, msg);
	sql_int(q, 4, category);
	return sql_run(q, e) != 0 ? -1 : store_changes(s);
}

int
reservation_take(struct store *s, int64_t customer, ms_t at, int64_t msg, struct err *e)
{
	struct sql *q =
	    sql_get(s, "DELETE FROM reservation WHERE customer = ?1 AND at = ?2 AND msg = ?3");

	sql_int(q, 1, customer);
	sql_int(q, 2, at);
	sql_int(q, 3, msg);
	return sql_run(q, e) != 0 ? -1 : store_changes(s);
}

int
reservation_known(struct store *s, int64_t customer, ms_t at, int64_t msg, struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT 1 FROM reservation WHERE customer = ?1 AND at = ?2 AND msg = ?3");
	int rc;

	sql_int(q, 1, customer);
	sql_int(q, 2, at);
	sql_int(q, 3, msg);
	rc = sql_step(q, e);
	sql_end(q);
	return rc;
}

int
reservation_since(struct store *s, int64_t customer, ms_t since,
    void (*each)(void *arg, ms_t at, int category), void *arg, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT at, category FROM reservation WHERE customer = ?1"
				   " AND at >= ?2 ORDER BY at DESC");
	int rc;

	sql_int(q, 1, customer);
	sql_int(q, 2, since);
	while ((rc = sql_step(q, e)) == 1)
		each(arg, sql_col(q, 0), (int)sql_col(q, 1));
	return rc;
}
