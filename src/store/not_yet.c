#include "sql.h"
#include "store/launch.h"

int
not_yet_add(struct store *s, const struct not_yet *n, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT OR REPLACE INTO not_yet VALUES(?1, ?2, ?3, ?4, ?5, ?6)");

	sql_int(q, 1, n->playbook);
	sql_int(q, 2, n->customer);
	sql_text(q, 3, n->subject);
	sql_text(q, 4, n->entry);
	sql_int(q, 5, n->event);
	sql_int(q, 6, n->at);
	return sql_run(q, e);
}

int
not_yet_drop(struct store *s, const struct not_yet *n, struct err *e)
{
	struct sql *q =
	    sql_get(s, "DELETE FROM not_yet WHERE playbook = ?1 AND customer = ?2"
		       " AND subject = ?3 AND entry = ?4");

	sql_int(q, 1, n->playbook);
	sql_int(q, 2, n->customer);
	sql_text(q, 3, n->subject);
	sql_text(q, 4, n->entry);
	return sql_run(q, e);
}

int
not_yet_anybody(struct store *s, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT 1 FROM not_yet LIMIT 1");
	int rc = sql_step(q, e);

	sql_end(q);
	return rc;
}

/* Mostly nobody waits: looking is cheaper than getting ready to sort. */
static int
any(struct store *s, int playbook, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT 1 FROM not_yet WHERE playbook = ?1 LIMIT 1");
	int rc;

	sql_int(q, 1, playbook);
	rc = sql_step(q, e);
	sql_end(q);
	return rc;
}

int
not_yet_some(struct store *s, int playbook, ms_t before, struct not_yet *out, int max,
    struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT playbook, customer, event, subject, entry, at FROM not_yet"
	    " WHERE playbook = ?1 AND at < ?2 ORDER BY at, event, customer LIMIT ?3");
	int n = 0, rc = any(s, playbook, e);

	if (rc != 1)
		return rc;
	sql_int(q, 1, playbook);
	sql_int(q, 2, before);
	sql_int(q, 3, max);
	while ((rc = sql_step(q, e)) == 1) {
		out[n].playbook = (int)sql_col(q, 0);
		out[n].customer = sql_col(q, 1);
		out[n].event = sql_col(q, 2);
		out[n].subject = sql_col_dup(s, q, 3);
		out[n].entry = sql_col_dup(s, q, 4);
		out[n++].at = sql_col(q, 5);
	}
	return rc < 0 ? -1 : n;
}

int
not_yet_count(struct store *s, int playbook, int64_t *n, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT count(*) FROM not_yet WHERE playbook = ?1");
	int rc;

	sql_int(q, 1, playbook);
	rc = sql_step(q, e);
	*n = rc == 1 ? sql_col(q, 0) : 0;
	sql_end(q);
	return rc < 0 ? -1 : 0;
}

int
not_yet_has(struct store *s, int playbook, int64_t customer, struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT 1 FROM not_yet WHERE playbook = ?1 AND customer = ?2 LIMIT 1");
	int rc;

	sql_int(q, 1, playbook);
	sql_int(q, 2, customer);
	rc = sql_step(q, e);
	sql_end(q);
	return rc;
}
