#include "store/pace.h"

#include <string.h>

#include "sql.h"

int
booking_add(struct store *s, const struct booking *b, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT OR REPLACE INTO booking VALUES(?1, ?2, ?3, ?4, ?5)");

	sql_int(q, 1, b->run);
	sql_text(q, 2, b->step);
	sql_text(q, 3, b->who);
	sql_int(q, 4, b->day);
	sql_int(q, 5, b->priority);
	return sql_run(q, e);
}

int
booking_drop(struct store *s, int64_t run, const char *step, struct err *e)
{
	struct sql *q = step == NULL ? sql_get(s, "DELETE FROM booking WHERE run = ?1")
				     : sql_get(s, "DELETE FROM booking WHERE run = ?1"
						  " AND step = ?2");

	sql_int(q, 1, run);
	if (step != NULL)
		sql_text(q, 2, step);
	return sql_run(q, e);
}

int
booking_count(struct store *s, const char *who, int64_t from, int64_t to, int priority,
    int *n, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT count(*) FROM booking WHERE who = ?1 AND"
				   " day BETWEEN ?2 AND ?3 AND priority >= ?4");
	int rc;

	sql_text(q, 1, who);
	sql_int(q, 2, from);
	sql_int(q, 3, to);
	sql_int(q, 4, priority);
	rc = sql_step(q, e);
	if (rc == 1)
		*n = (int)sql_col(q, 0);
	sql_end(q);
	return rc == 1 ? 0 : -1;
}

/* ---- who waits ---- */

#define COLUMNS                                                                   \
	"playbook, customer, subject, entry, event, priority, at, day, full_day," \
	" who"

static void
read_row(struct store *s, struct sql *q, void *into)
{
	struct waiting *w = into;

	*w = (struct waiting){ .playbook = (int)sql_col(q, 0),
		.customer = sql_col(q, 1),
		.subject = sql_col_dup(s, q, 2),
		.entry = sql_col_dup(s, q, 3),
		.event = sql_col(q, 4),
		.priority = (int)sql_col(q, 5),
		.at = sql_col(q, 6),
		.day = sql_col(q, 7),
		.full = sql_col(q, 8),
		.who = sql_col_dup(s, q, 9) };
}

int
waiting_add(struct store *s, const struct waiting *w, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO waiting(" COLUMNS ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
	    " ?9, ?10) ON CONFLICT DO UPDATE SET priority = excluded.priority,"
	    " day = excluded.day, full_day = excluded.full_day, who = excluded.who");

	sql_int(q, 1, w->playbook);
	sql_int(q, 2, w->customer);
	sql_text(q, 3, w->subject);
	sql_text(q, 4, w->entry);
	sql_int(q, 5, w->event);
	sql_int(q, 6, w->priority);
	sql_int(q, 7, w->at);
	sql_int(q, 8, w->day);
	sql_int(q, 9, w->full);
	sql_text(q, 10, w->who);
	return sql_run(q, e);
}

int
waiting_drop(struct store *s, const struct waiting *w, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM waiting WHERE playbook = ?1 AND"
				   " customer = ?2 AND subject = ?3 AND entry = ?4");

	sql_int(q, 1, w->playbook);
	sql_int(q, 2, w->customer);
	sql_text(q, 3, w->subject);
	sql_text(q, 4, w->entry);
	return sql_run(q, e);
}

int
waiting_some(struct store *s, int64_t day, struct waiting *out, int max, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS " FROM waiting WHERE day < ?1 ORDER BY"
		       " priority DESC, at, customer, subject, entry LIMIT ?2");

	sql_int(q, 1, day);
	sql_int(q, 2, max);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
waiting_count(struct store *s, int playbook, int64_t *n, ms_t *since, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT count(*), min(at) FROM waiting WHERE playbook = ?1");
	int rc;

	sql_int(q, 1, playbook);
	rc = sql_step(q, e);
	if (rc == 1) {
		*n = sql_col(q, 0);
		*since = sql_col(q, 1);
	}
	sql_end(q);
	return rc == 1 ? 0 : -1;
}

int
waiting_get(
    struct store *s, int playbook, int64_t customer, struct waiting *out, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS " FROM waiting WHERE playbook = ?1"
				   " AND customer = ?2 ORDER BY at LIMIT 1");
	int rc;

	sql_int(q, 1, playbook);
	sql_int(q, 2, customer);
	rc = sql_step(q, e);
	if (rc == 1)
		read_row(s, q, out);
	sql_end(q);
	return rc;
}
