#include "sql.h"
#include "store/batch.h"

int
quality_clear(struct store *s, const char *what, const char *source, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM quality WHERE what = ?1 AND source = ?2");

	sql_text(q, 1, what);
	sql_text(q, 2, source);
	return sql_run(q, e);
}

int
quality_add(struct store *s, const struct quality *r, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT OR REPLACE INTO quality(what, source, row, at, key,"
		       " heading, reason) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");

	sql_text(q, 1, r->what);
	sql_text(q, 2, r->source);
	sql_int(q, 3, r->row);
	sql_int(q, 4, r->at);
	sql_text(q, 5, r->key);
	sql_text(q, 6, r->heading);
	sql_text(q, 7, r->reason);
	return sql_run(q, e);
}

int
quality_each(struct store *s, const struct quality *after, int max,
    void (*each)(void *arg, const struct quality *q), void *arg, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT what, source, row, at, key, heading, reason FROM quality"
		       " WHERE (what, source, row) > (?2, ?3, ?4) ORDER BY what, source, row LIMIT ?1");
	int rc;

	sql_int(q, 1, max);
	sql_text(q, 2, after == NULL ? "" : after->what);
	sql_text(q, 3, after == NULL ? "" : after->source);
	sql_int(q, 4, after == NULL ? 0 : after->row);
	while ((rc = sql_step(q, e)) == 1) {
		const struct quality r = { .what = sql_col_text(q, 0),
			.source = sql_col_text(q, 1),
			.row = sql_col(q, 2),
			.at = sql_col(q, 3),
			.key = sql_col_text(q, 4),
			.heading = sql_col_text(q, 5),
			.reason = sql_col_text(q, 6) };

		each(arg, &r);
	}
	return rc;
}

int
quality_count(struct store *s, int64_t *n, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT count(*) FROM quality");

	if (sql_step(q, e) != 1)
		return -1;
	*n = sql_col(q, 0);
	sql_end(q);
	return 0;
}
