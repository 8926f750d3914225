#include "store/event.h"

#include "sql.h"

int
link_add(struct store *s, const char *code, int64_t msg, int n, const char *target, ms_t at,
    struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO link VALUES(?1, ?2, ?3, ?4, ?5)");

	sql_text(q, 1, code);
	sql_int(q, 2, msg);
	sql_int(q, 3, n);
	sql_text(q, 4, target);
	sql_int(q, 5, at);
	return sql_run(q, e);
}

int
link_get(struct store *s, const char *code, int64_t *msg, char **target, ms_t *at, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT msg, target, at FROM link WHERE code = ?1");
	int rc;

	sql_text(q, 1, code);
	rc = sql_step(q, e);
	if (rc == 1) {
		*msg = sql_col(q, 0);
		*target = sql_col_dup(s, q, 1);
		*at = sql_col(q, 2);
	}
	sql_end(q);
	return rc;
}
