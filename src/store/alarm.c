#include "store/event.h"

#include "sql.h"

int
alarm_add(struct store *s, ms_t at, const char *kind, int64_t msg, int64_t customer,
    const char *text, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO alarm VALUES(?1, ?2, ?3, ?4, ?5, ?6)");

	sql_int(q, 1, store_next_id(s, at));
	sql_int(q, 2, at);
	sql_text(q, 3, kind);
	sql_int(q, 4, msg);
	sql_int(q, 5, customer);
	sql_text(q, 6, text);
	return sql_run(q, e);
}

int
alarm_drop(struct store *s, const char *kind, int64_t msg, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM alarm WHERE kind = ?1 AND msg = ?2");

	sql_text(q, 1, kind);
	sql_int(q, 2, msg);
	return sql_run(q, e);
}

int
alarm_said(struct store *s, const char *kind, const char *text, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT 1 FROM alarm WHERE kind = ?1 AND text = ?2 LIMIT 1");
	int rc;

	sql_text(q, 1, kind);
	sql_text(q, 2, text);
	rc = sql_step(q, e);
	sql_end(q);
	return rc;
}

int
alarm_each(struct store *s, int max,
    void (*each)(void *arg, ms_t at, const char *kind, const char *ext, const char *text),
    void *arg, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT a.at, a.kind, ifnull(c.ext, ''), a.text FROM alarm a"
				   " LEFT JOIN customer c ON c.id = a.customer"
				   " ORDER BY a.id DESC LIMIT ?1");
	int rc;

	sql_int(q, 1, max);
	while ((rc = sql_step(q, e)) == 1)
		each(arg, sql_col(q, 0), sql_col_text(q, 1), sql_col_text(q, 2), sql_col_text(q, 3));
	return rc;
}
