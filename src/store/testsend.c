#include "sql.h"
#include "store/launch.h"
#include "store/msg.h"

int
testsend_add(struct store *s, const struct testsend *t, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT INTO testsend VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
		       " ?10, ?11, ?12)");

	sql_int(q, 1, t->id);
	sql_text(q, 2, t->template_);
	sql_text(q, 3, t->hash);
	sql_int(q, 4, t->at);
	sql_text(q, 5, t->account);
	sql_text(q, 6, t->recipient);
	sql_text(q, 7, t->author);
	sql_text(q, 8, t->outcome);
	sql_text(q, 9, t->perr);
	sql_int(q, 10, t->channel);
	sql_int(q, 11, t->address);
	sql_int(q, 12, t->category);
	return sql_run(q, e);
}

int
testsend_outcome(
    struct store *s, int64_t id, const char *outcome, const char *perr, struct err *e)
{
	struct sql *q =
	    sql_get(s, "UPDATE testsend SET outcome = ?2, perr = ?3 WHERE id = ?1");

	sql_int(q, 1, id);
	sql_text(q, 2, outcome);
	sql_text(q, 3, perr);
	return sql_run(q, e);
}

int
testsend_done(struct store *s, const char *hash, struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT 1 FROM testsend WHERE hash = ?1 AND outcome = 'accepted' LIMIT 1");
	int rc;

	sql_text(q, 1, hash);
	rc = sql_step(q, e);
	sql_end(q);
	return rc;
}

int
testsend_known(struct store *s, int64_t id, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT 1 FROM testsend WHERE id = ?1");
	int rc;

	sql_int(q, 1, id);
	rc = sql_step(q, e);
	sql_end(q);
	return rc;
}

int
testsend_handed(struct store *s, const struct handed_query *ask, struct handed *out,
    int max, struct err *e)
{
	/* What had no answer may have been taken. */
	struct sql *q =
	    sql_get(s, "SELECT at, account, category FROM testsend WHERE address = ?1"
		       " AND at >= ?3 AND channel = ?2"
		       " AND outcome NOT IN ('refused', 'not sent') LIMIT ?4");
	int n = 0, rc;

	sql_int(q, 1, ask->address);
	sql_int(q, 2, ask->channel);
	sql_int(q, 3, ask->since);
	sql_int(q, 4, max);
	while ((rc = sql_step(q, e)) == 1)
		out[n++] = (struct handed){ .at = sql_col(q, 0),
			.account = sql_col_word(s, q, 1),
			.category = (int)sql_col(q, 2) };
	return rc < 0 ? -1 : n;
}
