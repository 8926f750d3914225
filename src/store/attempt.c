#include "store/msg.h"

#include "sql.h"

int
attempt_add(struct store *s, const struct message *m, const char *outcome, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT OR IGNORE INTO attempt VALUES(?1, ?2, ?3, ?4, ?5, ?6)");

	sql_int(q, 1, m->id);
	sql_int(q, 2, m->n);
	sql_int(q, 3, m->begun_at);
	sql_text(q, 4, m->account);
	sql_text(q, 5, outcome);
	sql_text(q, 6, m->perr);
	return sql_run(q, e);
}
