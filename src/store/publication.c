#include "store/publication.h"

#include "sql.h"

#define FIGURES \
	"id, hash, state, authors, at, since, needs, confirmed, audience, due, cost"

static void
read_row(struct store *s, struct sql *q, void *into)
{
	struct publication *p = into;

	*p = (struct publication){ .id = sql_col(q, 0),
		.hash = sql_col_dup(s, q, 1),
		.state = (int)sql_col(q, 2),
		.authors = sql_col_dup(s, q, 3),
		.at = sql_col(q, 4),
		.since = sql_col(q, 5),
		.needs = (int)sql_col(q, 6),
		.confirmed = sql_col(q, 7),
		.audience = sql_col(q, 8),
		.due = sql_col(q, 9),
		.cost = sql_col(q, 10) };
}

static void
read_whole(struct store *s, struct sql *q, void *into)
{
	struct publication *p = into;

	read_row(s, q, p);
	p->content = sql_is_null(q, 11) ? NULL : sql_col_dup(s, q, 11);
}

int
publication_now(
    struct store *s, enum publication_state state, struct publication *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " FIGURES ", content FROM publication WHERE state = ?1"
		       " AND state <= 1");

	sql_int(q, 1, state);
	return sql_one(s, q, read_whole, out, e);
}

int
publication_of(struct store *s, const char *hash, struct publication *out, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " FIGURES " FROM publication WHERE hash = ?1"
				   " ORDER BY id DESC LIMIT 1");

	sql_text(q, 1, hash);
	return sql_one(s, q, read_row, out, e);
}

int
publication_end(
    struct store *s, int64_t id, enum publication_state state, ms_t now, struct err *e)
{
	struct sql *q =
	    sql_get(s, "UPDATE publication SET state = ?2, since = ?3, content = "
		       "NULL WHERE id = ?1");

	sql_int(q, 1, id);
	sql_int(q, 2, state);
	sql_int(q, 3, now);
	return sql_run(q, e);
}

int
publication_add(struct store *s, struct publication *p, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO publication(hash, state, authors, at, since, needs,"
	    " confirmed, audience, due, cost, content) VALUES(?1, ?2, ?3, ?4, ?5,"
	    " ?6, ?7, ?8, ?9, ?10, ?11) RETURNING id");
	int rc;

	sql_text(q, 1, p->hash);
	sql_int(q, 2, p->state);
	sql_text(q, 3, p->authors);
	sql_int(q, 4, p->at);
	sql_int(q, 5, p->since);
	sql_int(q, 6, p->needs);
	sql_int(q, 7, p->confirmed);
	sql_int(q, 8, p->audience);
	sql_int(q, 9, p->due);
	sql_int(q, 10, p->cost);
	sql_text(q, 11, p->content);
	if ((rc = sql_step(q, e)) == 1)
		p->id = sql_col(q, 0);
	sql_end(q);
	return rc == 1 ? 0 : -1;
}

int
publication_begin(struct store *s, int64_t id, ms_t now, struct err *e)
{
	struct sql *q =
	    sql_get(s, "UPDATE publication SET state = 1, since = ?2 WHERE id = ?1");

	sql_int(q, 1, id);
	sql_int(q, 2, now);
	return sql_run(q, e);
}

int
publication_count(struct store *s, int64_t id, const struct publication *f, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE publication SET needs = ?2, confirmed = ?3,"
				   " audience = ?4, due = ?5, cost = ?6 WHERE id = ?1");

	sql_int(q, 1, id);
	sql_int(q, 2, f->needs);
	sql_int(q, 3, f->confirmed);
	sql_int(q, 4, f->audience);
	sql_int(q, 5, f->due);
	sql_int(q, 6, f->cost);
	return sql_run(q, e);
}

int
publication_agreed(struct store *s, int64_t id, int *n, int64_t *least, struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT count(*), min(n) FROM audit WHERE ref = ?1 AND act = 'agree'");
	int rc;

	sql_int(q, 1, id);
	if ((rc = sql_step(q, e)) == 1) {
		*n = (int)sql_col(q, 0);
		*least = sql_col(q, 1);
	}
	sql_end(q);
	return rc == 1 ? 0 : -1;
}

int
publication_each(struct store *s, int64_t before, int max,
    void (*each)(void *arg, const struct publication *p), void *arg, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " FIGURES " FROM publication WHERE ?2 = 0 OR id < ?2"
		       " ORDER BY id DESC LIMIT ?1");
	int rc;

	sql_int(q, 1, max);
	sql_int(q, 2, before);
	while ((rc = sql_step(q, e)) == 1) {
		struct publication p;

		read_row(s, q, &p);
		each(arg, &p);
	}
	sql_end(q);
	return rc;
}
