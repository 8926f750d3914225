#include "store/mailing.h"

#include <string.h>

#include "core/spam.h"
#include "sql.h"

#define HOUR(at) ((at) / MS_HOUR)

int
mailing_add(struct store *s, const char *account, ms_t now, int sent, int complaints,
    struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT INTO mailing VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE"
		       " SET sent = sent + ?3, complaints = complaints + ?4");

	sql_text(q, 1, account);
	sql_int(q, 2, HOUR(now));
	sql_int(q, 3, sent);
	sql_int(q, 4, complaints);
	return sql_run(q, e);
}

int
mailing_get(
    struct store *s, const char *account, ms_t now, struct mailing *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT ifnull(sum(m.sent), 0), ifnull(sum(m.complaints), 0),"
		       " ifnull(max(h.state), 0), ifnull(max(h.at), 0)"
		       " FROM (SELECT ?1 AS account) a LEFT JOIN mailing_halt h ON "
		       "h.account = a.account"
		       " LEFT JOIN mailing m ON m.account = a.account AND m.hour > ?2"
		       " AND m.hour > ifnull(h.since, 0)");
	int rc;

	sql_text(q, 1, account);
	sql_int(q, 2, HOUR(now - SPAM_WINDOW));
	if ((rc = sql_step(q, e)) == 1)
		*out = (struct mailing){ sql_col(q, 0), sql_col(q, 1), (int)sql_col(q, 2),
			sql_col(q, 3) };
	sql_end(q);
	return rc == 1 ? 0 : -1;
}

int
mailing_since(
    struct store *s, const char *account, ms_t since, int64_t *sent, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT ifnull(sum(sent), 0) FROM mailing"
				   " WHERE account = ?1 AND hour >= ?2");
	int rc;

	sql_text(q, 1, account);
	sql_int(q, 2, HOUR(since));
	if ((rc = sql_step(q, e)) == 1)
		*sent = sql_col(q, 0);
	sql_end(q);
	return rc == 1 ? 0 : -1;
}

int
mail_proof_set(
    struct store *s, const char *account, const struct mail_proof *p, struct err *e)
{
	struct sql *q = sql_get(s, "REPLACE INTO mail_proof VALUES(?1, ?2, ?3, ?4)");

	sql_text(q, 1, account);
	sql_text(q, 2, p->domain);
	sql_text(q, 3, p->missing);
	sql_int(q, 4, p->at);
	return sql_run(q, e);
}

int
mail_proof_get(
    struct store *s, const char *account, struct mail_proof *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT domain, missing, at FROM mail_proof WHERE account = ?1");
	int rc;

	sql_text(q, 1, account);
	if ((rc = sql_step(q, e)) == 1)
		*out = (struct mail_proof){ sql_col_dup(s, q, 0), sql_col_dup(s, q, 1),
			sql_col(q, 2) };
	sql_end(q);
	return rc;
}

int
mailing_state(struct store *s, const char *account, int *state, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT state FROM mailing_halt WHERE account = ?1");
	int rc;

	sql_text(q, 1, account);
	rc = sql_step(q, e);
	*state = rc == 1 ? (int)sql_col(q, 0) : SPAM_FINE;
	sql_end(q);
	return rc < 0 ? -1 : 0;
}

int
mailing_set(struct store *s, const char *account, int state, ms_t now, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO mailing_halt VALUES(?1, ?2, ?3, 0) ON CONFLICT DO UPDATE"
	    " SET state = ?2, at = ?3");

	sql_text(q, 1, account);
	sql_int(q, 2, state);
	sql_int(q, 3, now);
	return sql_run(q, e);
}

int
mailing_go(struct store *s, const char *account, ms_t now, struct err *e)
{
	struct sql *q = sql_get(s,
	    "UPDATE mailing_halt SET state = 0, at = ?2, since = ?3 WHERE account = ?1");

	sql_text(q, 1, account);
	sql_int(q, 2, now);
	sql_int(q, 3, HOUR(now));
	return sql_run(q, e);
}

int
mailing_purge(struct store *s, ms_t before, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM mailing WHERE hour < ?1");

	sql_int(q, 1, HOUR(before));
	return sql_run(q, e);
}
