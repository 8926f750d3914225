#include "store/run.h"

#include "sql.h"

int
migration_put(struct store *s, const struct migration *m, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT OR REPLACE INTO migration VALUES(?1, ?2, ?3, ?4, ?5, ?6,"
				   " ?7)");

	sql_int(q, 1, m->playbook);
	sql_int(q, 2, m->version);
	sql_text(q, 3, m->map);
	sql_int(q, 4, m->cursor);
	sql_int(q, 5, m->moved);
	sql_int(q, 6, m->stayed);
	sql_int(q, 7, m->done_at);
	return sql_run(q, e);
}

static int
get(struct store *s, struct sql *q, struct migration *out, struct err *e)
{
	int rc = sql_step(q, e);

	if (rc == 1)
		*out = (struct migration){ .playbook = (int)sql_col(q, 0),
			.version = sql_col(q, 1),
			.map = sql_col_dup(s, q, 2),
			.cursor = sql_col(q, 3),
			.moved = (int)sql_col(q, 4),
			.stayed = (int)sql_col(q, 5),
			.done_at = sql_col(q, 6) };
	sql_end(q);
	return rc;
}

int
migration_get(struct store *s, int playbook, struct migration *out, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT * FROM migration WHERE playbook = ?1");

	sql_int(q, 1, playbook);
	return get(s, q, out, e);
}

int
migration_open(struct store *s, struct migration *out, struct err *e)
{
	return get(s, sql_get(s, "SELECT * FROM migration WHERE done_at = 0 LIMIT 1"), out, e);
}

int
run_behind(struct store *s, int playbook, int64_t version, int64_t after, int64_t *ids, int max,
    struct err *e)
{
	struct sql *q = sql_get(s, "SELECT id FROM run WHERE playbook = ?1 AND version <> ?2"
				   " AND id > ?3 AND state = 0 ORDER BY id LIMIT ?4");

	sql_int(q, 1, playbook);
	sql_int(q, 2, version);
	sql_int(q, 3, after);
	sql_int(q, 4, max);
	return sql_ids(q, ids, e);
}

int
run_stands(struct store *s, int playbook, int64_t version,
    void (*each)(void *arg, const char *step, int runs), void *arg, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT step, count(*) FROM run WHERE playbook = ?1"
				   " AND version <> ?2 AND state = 0 GROUP BY step ORDER BY step");
	int rc;

	sql_int(q, 1, playbook);
	sql_int(q, 2, version);
	while ((rc = sql_step(q, e)) == 1)
		each(arg, sql_col_text(q, 0), (int)sql_col(q, 1));
	return rc;
}
