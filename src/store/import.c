#include "store/event.h"

#include "sql.h"

int
import_add(struct store *s, const char *path, const char *what, ms_t at, int64_t batch,
    const char *how, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT OR REPLACE INTO import VALUES(?1, ?2, ?3, ?4, ?5)");

	sql_text(q, 1, path);
	sql_text(q, 2, what);
	sql_int(q, 3, at);
	sql_int(q, 4, batch);
	sql_text(q, 5, how);
	return sql_run(q, e);
}

int
import_known(struct store *s, const char *path, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT 1 FROM import WHERE path = ?1");
	int rc;

	sql_text(q, 1, path);
	rc = sql_step(q, e);
	sql_end(q);
	return rc;
}

int
import_drop(struct store *s, const char *path, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM import WHERE path = ?1");

	sql_text(q, 1, path);
	return sql_run(q, e);
}

int
import_open(struct store *s, char **path, char **what, int64_t *batch, char **how,
    struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT path, what, batch, how FROM import ORDER BY at, batch LIMIT 1");
	int rc = sql_step(q, e);

	if (rc == 1) {
		*path = sql_col_dup(s, q, 0);
		*what = sql_col_dup(s, q, 1);
		*batch = sql_col(q, 2);
		*how = sql_col_dup(s, q, 3);
	}
	sql_end(q);
	return rc;
}
