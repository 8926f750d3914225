#include "store/signal.h"

#include <string.h>

#include "sql.h"

int
signal_get(struct store *s, int64_t customer, const void **fold, size_t *len,
    struct look *look, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT look, place, fold FROM signal WHERE customer = ?1");
	const void *p;
	int rc;

	sql_int(q, 1, customer);
	rc = sql_step(q, e);
	if (rc == 1) {
		*look = (struct look){ sql_col(q, 0), (int)sql_col(q, 1) };
		p = sql_col_blob(q, 2, len);
		*fold =
		    *len == 0 ? "" : memcpy(arena_alloc(store_scratch(s), *len), p, *len);
	}
	sql_end(q);
	return rc;
}

int
signal_put(struct store *s, int64_t customer, const void *fold, size_t len,
    struct look look, bool looked, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT INTO signal VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE"
		       " SET look = iif(?5, ?2, min(look, ?2)),"
		       " place = iif(?5, ?3, place), fold = ?4");

	sql_int(q, 1, customer);
	sql_int(q, 2, look.day);
	sql_int(q, 3, look.place);
	sql_blob(q, 4, fold, len);
	sql_int(q, 5, looked);
	return sql_run(q, e);
}

int
signal_look(struct store *s, int64_t customer, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE signal SET look = 0 WHERE customer = ?1");

	sql_int(q, 1, customer);
	return sql_run(q, e);
}

int
sql_run_look(struct store *s, struct sql *q, const char *ext, struct err *e)
{
	int64_t customer = 0;
	int rc;

	sql_text(q, 1, ext);
	if ((rc = sql_step(q, e)) == 1)
		customer = sql_col(q, 0);
	sql_end(q);
	return rc != 1 ? rc : signal_look(s, customer, e);
}

int
signal_look_changed(struct store *s, int64_t customer, struct err *e)
{
	return store_changes(s) == 0 ? 0 : signal_look(s, customer, e);
}

int
signal_sent(struct store *s, int64_t customer, ms_t after, int max, struct sent *out,
    struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT r.at, m.channel, m.state, m.version, m.account FROM reservation r"
	    " JOIN msg m ON m.id = r.msg WHERE r.customer = ?1 AND r.at > ?2"
	    " ORDER BY r.at, r.msg LIMIT ?3");
	int n = 0, rc;

	sql_int(q, 1, customer);
	sql_int(q, 2, after);
	sql_int(q, 3, max);
	while ((rc = sql_step(q, e)) == 1)
		out[n++] = (struct sent){ sql_col(q, 0), (int)sql_col(q, 1),
			(int)sql_col(q, 2), sql_col(q, 3), sql_col_dup(s, q, 4) };
	return rc < 0 ? -1 : n;
}

int
signal_tiers(struct store *s, int64_t after, int64_t to, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE signal SET look = 0 WHERE customer IN"
				   " (SELECT id FROM customer WHERE id > ?1 AND id <= ?2"
				   " AND tier_next <> '')");

	sql_int(q, 1, after);
	sql_int(q, 2, to);
	if (sql_run(q, e) != 0)
		return -1;
	q = sql_get(s, "UPDATE customer SET tier = tier_next, tier_next = ''"
		       " WHERE id > ?1 AND id <= ?2 AND tier_next <> ''");
	sql_int(q, 1, after);
	sql_int(q, 2, to);
	return sql_run(q, e);
}
