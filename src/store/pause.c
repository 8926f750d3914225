#include "store/version.h"

#include "sql.h"

int
pause_begin(struct store *s, int playbook, ms_t at, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO pause VALUES(?1, ?2, 0) ON CONFLICT DO NOTHING");

	sql_int(q, 1, playbook);
	sql_int(q, 2, at);
	return sql_run(q, e);
}

int
pause_end(struct store *s, int playbook, ms_t at, struct err *e)
{
	struct sql *q =
	    sql_get(s, "UPDATE pause SET until = ?2 WHERE playbook = ?1 AND until = 0");

	sql_int(q, 1, playbook);
	sql_int(q, 2, at);
	return sql_run(q, e);
}

int
pause_each(struct store *s, void (*each)(void *arg, const struct pause *p), void *arg,
    struct err *e)
{
	struct sql *q = sql_get(s, "SELECT playbook, at, until FROM pause ORDER BY playbook, at");
	int rc;

	while ((rc = sql_step(q, e)) == 1) {
		struct pause p = { (int)sql_col(q, 0), sql_col(q, 1), sql_col(q, 2) };

		each(arg, &p);
	}
	return rc;
}
