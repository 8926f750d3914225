#include "store/event.h"

#include "sql.h"

int
parked_add(struct store *s, const char *ext, ms_t until, const char *body, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO parked(ext, until, body) VALUES(?1, ?2, ?3)");

	sql_text(q, 1, ext);
	sql_int(q, 2, until);
	sql_text(q, 3, body);
	return sql_run(q, e);
}

int
parked_take(struct store *s, const char *ext, char **body, struct err *e)
{
	/* Hardly ever is there one: only then is a statement spent that writes. */
	struct sql *q =
	    sql_get(s, "SELECT id, body FROM parked WHERE ext = ?1 ORDER BY id LIMIT 1");
	int64_t id = 0;
	int rc;

	sql_text(q, 1, ext);
	rc = sql_step(q, e);
	if (rc == 1) {
		id = sql_col(q, 0);
		*body = sql_col_dup(s, q, 1);
	}
	sql_end(q);
	if (rc != 1)
		return rc;
	q = sql_get(s, "DELETE FROM parked WHERE id = ?1");
	sql_int(q, 1, id);
	return sql_run(q, e) != 0 ? -1 : 1;
}

int
parked_purge(struct store *s, ms_t now, int *gone, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM parked WHERE until <= ?1");

	sql_int(q, 1, now);
	if (sql_run(q, e) != 0)
		return -1;
	*gone = store_changes(s);
	return 0;
}
