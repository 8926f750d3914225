#include "sql.h"
#include "store/launch.h"

int
testsend_add(struct store *s, const struct testsend *t, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT INTO testsend VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");

	sql_int(q, 1, t->id);
	sql_text(q, 2, t->template_);
	sql_text(q, 3, t->hash);
	sql_int(q, 4, t->at);
	sql_text(q, 5, t->account);
	sql_text(q, 6, t->recipient);
	sql_text(q, 7, t->author);
	sql_text(q, 8, t->outcome);
	sql_text(q, 9, t->perr);
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
