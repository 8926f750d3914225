#include <string.h>

#include "sql.h"
#include "store/launch.h"

static void
bind_asked(struct sql *q, int first, const struct correction *c)
{
	sql_text(q, first, c->asked);
	sql_text(q, first + 1, c->step);
	sql_int(q, first + 2, c->since);
	sql_text(q, first + 3, c->agreed);
}

int
correction_add(struct store *s, const struct correction *c, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT INTO correction VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
		       " ?9, ?10, ?11)");

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
				   " step = ?5, since = ?6, agreed = ?7 WHERE playbook = ?1");

	sql_int(q, 1, c->playbook);
	sql_text(q, 2, c->author);
	sql_text(q, 3, c->reason);
	bind_asked(q, 4, c);
	return sql_run(q, e);
}

static int
one(struct store *s, struct sql *q, struct correction *out, struct err *e)
{
	int rc = sql_step(q, e);

	memset(out, 0, sizeof(*out));
	if (rc == 1) {
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
	}
	sql_end(q);
	return rc;
}

int
correction_get(struct store *s, int playbook, struct correction *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT playbook, of, version, template, at, author, reason, asked,"
		       " step, since, agreed"
		       " FROM correction WHERE playbook = ?1");

	sql_int(q, 1, playbook);
	return one(s, q, out, e);
}

int
correction_find(
    struct store *s, int of, const char *template_, struct correction *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT playbook, of, version, template, at, author, reason, asked,"
		       " step, since, agreed"
		       " FROM correction WHERE of = ?1 AND template = ?2");

	sql_int(q, 1, of);
	sql_text(q, 2, template_);
	return one(s, q, out, e);
}
