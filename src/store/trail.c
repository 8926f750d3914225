#include "store/run.h"

#include "sql.h"

int
trail_add(struct store *s, int64_t run, ms_t at, const char *what, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO trail VALUES(?1, ?2,"
	    " ifnull((SELECT max(n) FROM trail WHERE run = ?1), 0) + 1, ?3)");

	sql_int(q, 1, run);
	sql_int(q, 2, at);
	sql_text(q, 3, what);
	return sql_run(q, e);
}

int
trail_each(struct store *s, int64_t run, void (*each)(void *arg, ms_t at, const char *what),
    void *arg, struct err *e)
{
	/* How it ended stands in the run: behind whatever happened by then. */
	struct sql *q = sql_get(s,
	    "SELECT at, what, n FROM trail WHERE run = ?1 UNION ALL"
	    " SELECT ended_at, why, 2147483647 FROM run WHERE id = ?1 AND ended_at <> 0"
	    " ORDER BY at, n");
	int rc;

	sql_int(q, 1, run);
	while ((rc = sql_step(q, e)) == 1)
		each(arg, sql_col(q, 0), sql_col_text(q, 1));
	return rc;
}
