#include "store/event.h"

#include "sql.h"

int
unmatched_add(struct store *s, int64_t version, int n, const char *row, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO unmatched VALUES(?1, ?2, ?3)"
				   " ON CONFLICT DO NOTHING");

	sql_int(q, 1, version);
	sql_int(q, 2, n);
	sql_text(q, 3, row);
	return sql_run(q, e);
}

int
unmatched_count(struct store *s, int64_t version, int *n, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT count(*) FROM unmatched WHERE version = ?1");

	sql_int(q, 1, version);
	if (sql_step(q, e) != 1)
		return -1;
	*n = (int)sql_col(q, 0);
	sql_end(q);
	return 0;
}

int
unmatched_each(struct store *s, const char *hash, int max, int *n,
    void (*each)(void *arg, const char *row), void *arg, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT u.row FROM unmatched u JOIN version v ON v.id = u.version"
				   " WHERE v.hash = ?1 ORDER BY u.n");
	int rc;

	sql_text(q, 1, hash);
	for (*n = 0; (rc = sql_step(q, e)) == 1; (*n)++)
		if (*n < max)
			each(arg, sql_col_text(q, 0));
	return rc;
}
