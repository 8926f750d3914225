#include "sql.h"
#include "store/event.h"

int
feed_heard(struct store *s, const char *shop, const char *source, ms_t at, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO feed VALUES(?1, ?2, ?3)"
				   " ON CONFLICT DO UPDATE SET at = max(at, ?3)");

	sql_text(q, 1, shop);
	sql_text(q, 2, source);
	sql_int(q, 3, at);
	return sql_run(q, e);
}

int
feed_renew(struct store *s, const char *source, ms_t at, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE feed SET at = max(at, ?2) WHERE source = ?1");

	sql_text(q, 1, source);
	sql_int(q, 2, at);
	return sql_run(q, e);
}

int
feed_event(struct store *s, const char *shop, ms_t at, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO feed SELECT ?1, 'events', ?2 WHERE EXISTS"
				   " (SELECT 1 FROM feed WHERE store = ?1)"
				   " ON CONFLICT DO UPDATE SET at = max(at, ?2)");

	sql_text(q, 1, shop);
	sql_int(q, 2, at);
	return sql_run(q, e);
}

int
feed_last(struct store *s, const char *shop, ms_t *at, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT ifnull(max(at), 0) FROM feed WHERE store = ?1");

	sql_text(q, 1, shop);
	if (sql_step(q, e) != 1)
		return -1;
	*at = sql_col(q, 0);
	sql_end(q);
	return 0;
}

int
feed_each(struct store *s,
    void (*each)(void *arg, const char *shop, const char *source, ms_t at), void *arg,
    struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT store, source, at FROM feed ORDER BY store, source");
	int rc;

	while ((rc = sql_step(q, e)) == 1)
		each(arg, sql_col_text(q, 0), sql_col_text(q, 1), sql_col(q, 2));
	return rc;
}
