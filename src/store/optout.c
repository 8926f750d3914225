#include "sql.h"
#include "store/customer.h"

int
optout_add(struct store *s, int64_t h, int channel, ms_t at, const char *src, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO optout VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET"
	    " at = max(at, ?3), src = iif(?4 = 'erase', ?4, src)");

	sql_int(q, 1, h);
	sql_int(q, 2, channel);
	sql_int(q, 3, at);
	sql_text(q, 4, src);
	return sql_run(q, e);
}

int
optout_lift(struct store *s, int64_t h, int channel, ms_t at, struct err *e)
{
	/* By event time; at the same instant the opt-out wins. */
	struct sql *q =
	    sql_get(s, "DELETE FROM optout WHERE h = ?1 AND channel = ?2 AND at < ?3");

	sql_int(q, 1, h);
	sql_int(q, 2, channel);
	sql_int(q, 3, at);
	return sql_run(q, e);
}

int
optout_has(struct store *s, int64_t h, int channel, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT 1 FROM optout WHERE h = ?1 AND channel = ?2");
	int rc;

	sql_int(q, 1, h);
	sql_int(q, 2, channel);
	rc = sql_step(q, e);
	sql_end(q);
	return rc;
}
