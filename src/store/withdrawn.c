#include "sql.h"
#include "store/registry.h"

#define COLUMNS "account, code, signature, perr, at"

int
withdrawn_add(struct store *s, const struct withdrawn *w, struct err *e)
{
	struct sql *q = sql_get(
	    s, "INSERT OR IGNORE INTO withdrawn VALUES(?1, ?2, ?3, ?4, ?5) RETURNING 1");
	int rc;

	sql_text(q, 1, w->account);
	sql_text(q, 2, w->code);
	sql_text(q, 3, w->signature);
	sql_text(q, 4, w->perr);
	sql_int(q, 5, w->at);
	rc = sql_step(q, e);
	sql_end(q);
	return rc;
}

static void
read_row(struct store *s, struct sql *q, struct withdrawn *out)
{
	*out = (struct withdrawn){ sql_col_dup(s, q, 0), sql_col_dup(s, q, 1),
		sql_col_dup(s, q, 2), sql_col_dup(s, q, 3), sql_col(q, 4) };
}

int
withdrawn_get(struct store *s, const char *account, const char *code,
    const char *signature, struct withdrawn *out, struct err *e)
{
	struct sql *q =
	    /* Not IN: for that SQLite would make a table of its own each time. */
	    sql_get(s, "SELECT " COLUMNS " FROM withdrawn WHERE account = ?1"
		       " AND (code = ?2 OR code = '') AND signature = ?3 LIMIT 1");
	int rc;

	sql_text(q, 1, account);
	sql_text(q, 2, code);
	sql_text(q, 3, signature);
	rc = sql_step(q, e);
	if (rc == 1)
		read_row(s, q, out);
	sql_end(q);
	return rc;
}

int
withdrawn_drop(struct store *s, const struct withdrawn *w, struct err *e)
{
	struct sql *q = sql_get(s,
	    "DELETE FROM withdrawn WHERE account = ?1 AND code = ?2 AND signature = ?3");

	sql_text(q, 1, w->account);
	sql_text(q, 2, w->code);
	sql_text(q, 3, w->signature);
	return sql_run(q, e);
}

int
withdrawn_each(struct store *s, void (*each)(void *arg, const struct withdrawn *w),
    void *arg, struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT " COLUMNS " FROM withdrawn ORDER BY account, code, signature");
	struct withdrawn w;
	int rc;

	while ((rc = sql_step(q, e)) == 1) {
		read_row(s, q, &w);
		each(arg, &w);
	}
	return rc;
}
