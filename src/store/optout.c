#include "store/optout.h"

#include "sql.h"

int
optout_add(
    struct store *s, int64_t h, int channel, const struct refusal *r, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO optout(h, channel, src, origin, at, first_at, last_at)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?6) ON CONFLICT DO UPDATE SET"
	    " at = max(at, ?5), last_at = max(last_at, ?6)");

	sql_int(q, 1, h);
	sql_int(q, 2, channel);
	sql_text(q, 3, r->src);
	sql_text(q, 4, r->origin);
	sql_int(q, 5, r->at);
	sql_int(q, 6, r->heard);
	return sql_run(q, e);
}

int
optout_lift(struct store *s, int64_t h, int channel, ms_t at, struct err *e)
{
	/* By event time; at the same instant the opt-out wins. */
	struct sql *q =
	    sql_get(s, "DELETE FROM optout WHERE h = ?1 AND channel = ?2 AND at < ?3");

	sql_int(q, 1, h);
	sql_int(q, 2, channel);
	sql_int(q, 3, at);
	return sql_run(q, e);
}

int
optout_has(struct store *s, int64_t h, int channel, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT 1 FROM optout WHERE h = ?1 AND channel = ?2 LIMIT 1");
	int rc;

	sql_int(q, 1, h);
	sql_int(q, 2, channel);
	rc = sql_step(q, e);
	sql_end(q);
	return rc;
}

ms_t
optout_since(struct store *s, int64_t h, int channel, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT ifnull(min(first_at), 0) FROM optout"
				   " WHERE h = ?1 AND channel = ?2");
	ms_t since = -1;

	sql_int(q, 1, h);
	sql_int(q, 2, channel);
	if (sql_step(q, e) == 1)
		since = sql_col(q, 0);
	sql_end(q);
	return since;
}

static void
read_row(struct store *s, struct sql *q, void *into)
{
	struct optout_row *o = into;

	(void)s;
	o->id = sql_col(q, 0);
	o->h = sql_col(q, 1);
	o->channel = (int)sql_col(q, 2);
	o->first = sql_col(q, 3);
	o->last = sql_col(q, 4);
	o->others = sql_col(q, 5) != 0;
}

int
optout_of(struct store *s, const char *origin, ms_t since, ms_t until, int64_t above,
    struct optout_row *out, int max, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT id, h, channel, first_at, last_at, EXISTS(SELECT 1 FROM optout b"
	    " WHERE b.h = a.h AND b.channel = a.channel AND b.id <> a.id AND NOT "
	    "(b.origin ="
	    " a.origin AND b.first_at >= ?3 AND b.last_at < ?4))"
	    " FROM optout a WHERE id > ?1 AND origin = ?2 AND last_at >= ?3"
	    " AND first_at < ?4 ORDER BY id LIMIT ?5");

	sql_int(q, 1, above);
	sql_text(q, 2, origin);
	sql_int(q, 3, since);
	sql_int(q, 4, until);
	sql_int(q, 5, max);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
optout_drop(struct store *s, int64_t id, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM optout WHERE id = ?1");

	sql_int(q, 1, id);
	return sql_run(q, e);
}

int
optout_count(struct store *s, int64_t *n, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT count(*) FROM (SELECT DISTINCT h, channel FROM optout)");
	int rc = sql_step(q, e);

	*n = rc == 1 ? sql_col(q, 0) : 0;
	sql_end(q);
	return rc == 1 ? 0 : -1;
}
