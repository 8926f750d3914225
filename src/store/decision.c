#include "store/msg.h"

#include "sql.h"

int
decision_add(struct store *s, const struct decision *d, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT OR REPLACE INTO decision VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

	sql_int(q, 1, d->msg);
	sql_int(q, 2, d->at);
	sql_int(q, 3, d->reason);
	sql_text(q, 4, d->rule);
	sql_text(q, 5, d->file);
	sql_int(q, 6, d->line);
	sql_text(q, 7, d->detail);
	sql_int(q, 8, d->next);
	return sql_run(q, e);
}

int
decision_drop(struct store *s, int64_t msg, ms_t at, const char *rule, struct err *e)
{
	struct sql *q =
	    sql_get(s, "DELETE FROM decision WHERE msg = ?1 AND at = ?2 AND rule = ?3");

	sql_int(q, 1, msg);
	sql_int(q, 2, at);
	sql_text(q, 3, rule);
	return sql_run(q, e);
}

int
decision_each(struct store *s, int64_t msg, void (*each)(void *arg, const struct decision *d),
    void *arg, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT msg, at, reason, rule, file, line, detail, next"
				   " FROM decision WHERE msg = ?1 ORDER BY at");
	int rc;

	sql_int(q, 1, msg);
	while ((rc = sql_step(q, e)) == 1) {
		struct decision d = {
			.msg = sql_col(q, 0),
			.at = sql_col(q, 1),
			.reason = (int)sql_col(q, 2),
			.rule = sql_col_text(q, 3),
			.file = sql_col_text(q, 4),
			.line = (int)sql_col(q, 5),
			.detail = sql_col_text(q, 6),
			.next = sql_col(q, 7),
		};

		each(arg, &d);
	}
	return rc;
}
