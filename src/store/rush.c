/* rush.c - how many refusals an account brings in an hour: some hundred rows. */
#include "sql.h"
#include "store/optout.h"

#define HOUR(at) ((at) / MS_HOUR)
#define DAY 24
#define STANDS (7 * DAY) /* nobody has said that it was false: it was not */
#define KNOWN (28 * DAY)

int
rush_add(
    struct store *s, const char *account, ms_t now, int64_t *n, int *state, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO rush VALUES(?1, ?2, 1, 0) ON CONFLICT DO UPDATE SET n = n + 1"
	    " RETURNING n, state");
	int rc;

	sql_text(q, 1, account);
	sql_int(q, 2, HOUR(now));
	if ((rc = sql_step(q, e)) == 1) {
		*n = sql_col(q, 0);
		*state = (int)sql_col(q, 1);
	}
	sql_end(q);
	return rc == 1 ? 0 : -1;
}

int
rush_usual(struct store *s, const char *account, ms_t now, int64_t *most, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT ifnull(max(n), 0) FROM rush WHERE account = ?1 AND hour >= ?2"
	    " AND hour < ?3 AND (state = 0 OR (state = 1 AND hour < ?4))");
	int rc;

	sql_text(q, 1, account);
	sql_int(q, 2, HOUR(now) - KNOWN);
	sql_int(q, 3, HOUR(now));
	sql_int(q, 4, HOUR(now) - STANDS);
	if ((rc = sql_step(q, e)) == 1)
		*most = sql_col(q, 0);
	sql_end(q);
	return rc == 1 ? 0 : -1;
}

int
rush_on(struct store *s, const char *account, ms_t now, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT 1 FROM rush WHERE account = ?1 AND hour >= ?2"
				   " AND state <> 0 LIMIT 1");
	int rc;

	sql_text(q, 1, account);
	sql_int(q, 2, HOUR(now) - DAY);
	rc = sql_step(q, e);
	sql_end(q);
	return rc;
}

int
rush_flood(struct store *s, const char *account, ms_t now, bool *begins, struct err *e)
{
	int on = rush_on(s, account, now, e);
	struct sql *q;

	if (on < 0)
		return -1;
	*begins = on == 0;
	q = sql_get(s, "UPDATE rush SET state = 1 WHERE account = ?1 AND hour = ?2");
	sql_text(q, 1, account);
	sql_int(q, 2, HOUR(now));
	return sql_run(q, e);
}

int
rush_false(struct store *s, const char *account, ms_t since, ms_t until, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE rush SET state = 2 WHERE account = ?1"
				   " AND hour BETWEEN ?2 AND ?3 AND state = 1");

	sql_text(q, 1, account);
	sql_int(q, 2, HOUR(since));
	sql_int(q, 3, HOUR(until));
	return sql_run(q, e);
}

int
rush_purge(struct store *s, ms_t before, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM rush WHERE hour < ?1");

	sql_int(q, 1, HOUR(before));
	return sql_run(q, e);
}
