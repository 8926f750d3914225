#include <string.h>

#include "core/message.h"
#include "sql.h"
#include "store/launch.h"

#define COLUMNS                                                           \
	"playbook, of, version, template, at, author, reason, asked, step," \
	" since, agreed, waits"

static void
bind_asked(struct sql *q, int first, const struct correction *c)
{
	sql_text(q, first, c->asked);
	sql_text(q, first + 1, c->step);
	sql_int(q, first + 2, c->since);
	sql_text(q, first + 3, c->agreed);
	sql_int(q, first + 4, c->waits);
}

int
correction_add(struct store *s, const struct correction *c, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT INTO correction VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
		       " ?9, ?10, ?11, ?12)");

	sql_int(q, 1, c->playbook);
	sql_int(q, 2, c->of);
	sql_int(q, 3, c->version);
	sql_text(q, 4, c->template_);
	sql_int(q, 5, c->at);
	sql_text(q, 6, c->author);
	sql_text(q, 7, c->reason);
	bind_asked(q, 8, c);
	return sql_run(q, e);
}

int
correction_set(struct store *s, const struct correction *c, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE correction SET author = ?2, reason = ?3, asked = ?4,"
				   " step = ?5, since = ?6, agreed = ?7, waits = ?8, at = ?9"
				   " WHERE playbook = ?1");

	sql_int(q, 1, c->playbook);
	sql_text(q, 2, c->author);
	sql_text(q, 3, c->reason);
	bind_asked(q, 4, c);
	sql_int(q, 9, c->at);
	return sql_run(q, e);
}

static void
read_row(struct store *s, struct sql *q, void *into)
{
	struct correction *out = into;

	out->playbook = (int)sql_col(q, 0);
	out->of = (int)sql_col(q, 1);
	out->version = sql_col(q, 2);
	out->template_ = sql_col_dup(s, q, 3);
	out->at = sql_col(q, 4);
	out->author = sql_col_dup(s, q, 5);
	out->reason = sql_col_dup(s, q, 6);
	out->asked = sql_col_dup(s, q, 7);
	out->step = sql_col_dup(s, q, 8);
	out->since = sql_col(q, 9);
	out->agreed = sql_col_dup(s, q, 10);
	out->waits = sql_col(q, 11) != 0;
}

static int
one(struct store *s, struct sql *q, struct correction *out, struct err *e)
{
	int rc = sql_step(q, e);

	memset(out, 0, sizeof(*out));
	if (rc == 1)
		read_row(s, q, out);
	sql_end(q);
	return rc;
}

int
correction_get(struct store *s, int playbook, struct correction *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS " FROM correction WHERE playbook = ?1");

	sql_int(q, 1, playbook);
	return one(s, q, out, e);
}

int
correction_find(
    struct store *s, int of, const char *template_, struct correction *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS " FROM correction WHERE of = ?1 AND template = ?2");

	sql_int(q, 1, of);
	sql_text(q, 2, template_);
	return one(s, q, out, e);
}

int
correction_waiting(
    struct store *s, int64_t after, struct correction *out, int max, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS " FROM correction WHERE waits = 1"
				   " AND playbook > ?2 ORDER BY playbook LIMIT ?1");

	sql_int(q, 1, max);
	sql_int(q, 2, after);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
correction_reach(struct store *s, const struct correction *c, int64_t *n, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT m.state, m.customer FROM msg m WHERE m.playbook = ?1 AND"
	    " (?2 = '' OR m.step = ?2) AND m.begun_at >= ?3 AND NOT EXISTS(SELECT 1"
	    " FROM run r WHERE r.customer = m.customer AND r.playbook = ?4)"
	    " ORDER BY m.customer");
	int64_t last = 0;
	int rc;

	sql_int(q, 1, c->of);
	sql_text(q, 2, c->step);
	sql_int(q, 3, c->since);
	sql_int(q, 4, c->playbook);
	*n = 0;
	while ((rc = sql_step(q, e)) == 1)
		if (message_column((int)sql_col(q, 0), 0, 1) == COLUMN_SENT &&
		    sql_col(q, 1) != last) {
			last = sql_col(q, 1);
			++*n;
		}
	return rc;
}
