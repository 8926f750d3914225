#include "store/event.h"

#include "sql.h"

int
hit_add(struct store *s, int64_t msg, const char *code, int kind, ms_t at, const char *bot,
    struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO hit VALUES(?1, ?2, ?3, ?4, ?5, ?6)");

	sql_int(q, 1, store_next_id(s, at));
	sql_int(q, 2, msg);
	sql_text(q, 3, code);
	sql_int(q, 4, kind);
	sql_int(q, 5, at);
	sql_text(q, 6, bot);
	return sql_run(q, e);
}

int
hit_codes_since(struct store *s, int64_t msg, ms_t since, int *n, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT count(DISTINCT code) FROM hit WHERE msg = ?1"
				   " AND at >= ?2 AND kind = 1");

	sql_int(q, 1, msg);
	sql_int(q, 2, since);
	if (sql_step(q, e) != 1)
		return -1;
	*n = (int)sql_col(q, 0);
	sql_end(q);
	return 0;
}

int
hit_clicked(struct store *s, int64_t msg, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT 1 FROM hit WHERE msg = ?1 AND kind = 1 AND bot = '' AND code <> ''"
		       " LIMIT 1");
	int rc;

	sql_int(q, 1, msg);
	rc = sql_step(q, e);
	sql_end(q);
	return rc;
}
