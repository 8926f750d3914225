#include "sql.h"
#include "store/subject.h"

int
merged_add(struct store *s, int64_t lead, int64_t msg, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT OR IGNORE INTO merged VALUES(?1, ?2)");

	sql_int(q, 1, lead);
	sql_int(q, 2, msg);
	return sql_run(q, e);
}

int
merged_runs(struct store *s, int64_t lead, int64_t *runs, int max, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT m.run FROM merged g JOIN msg m ON m.id = g.msg"
				   " WHERE g.lead = ?1 ORDER BY m.id LIMIT ?2");
	int n = 0, rc;

	sql_int(q, 1, lead);
	sql_int(q, 2, max);
	while ((rc = sql_step(q, e)) == 1)
		runs[n++] = sql_col(q, 0);
	return rc < 0 ? -1 : n;
}

int
merged_lead(struct store *s, int64_t msg, int64_t *lead, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT lead FROM merged WHERE msg = ?1");
	int rc;

	sql_int(q, 1, msg);
	if ((rc = sql_step(q, e)) == 1)
		*lead = sql_col(q, 0);
	sql_end(q);
	return rc;
}
