#include "store/run.h"

#include "sql.h"

int
mark_add(struct store *s, int64_t run, const char *name, ms_t at, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO mark VALUES(?1, ?2, ?3)"
				   " ON CONFLICT(run, name) DO NOTHING");

	sql_int(q, 1, run);
	sql_text(q, 2, name);
	sql_int(q, 3, at);
	return sql_run(q, e);
}

int
mark_each(struct store *s, int64_t run, void (*each)(void *arg, ms_t at, const char *name),
    void *arg, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT at, name FROM mark WHERE run = ?1 ORDER BY at, name");
	int rc;

	sql_int(q, 1, run);
	while ((rc = sql_step(q, e)) == 1)
		each(arg, sql_col(q, 0), sql_col_text(q, 1));
	return rc;
}
