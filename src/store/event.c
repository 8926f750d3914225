#include "store/event.h"

#include "sql.h"

int
event_add(struct store *s, struct event *ev, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO event VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
				   " ON CONFLICT(source, evid) DO NOTHING");

	ev->id = store_next_id(s, ev->recv_at);
	sql_int(q, 1, ev->id);
	sql_text(q, 2, ev->source);
	sql_text(q, 3, ev->evid);
	sql_int(q, 4, ev->customer);
	sql_text(q, 5, ev->type);
	sql_int(q, 6, ev->at);
	sql_int(q, 7, ev->recv_at);
	sql_text(q, 8, ev->data);
	return sql_run(q, e) != 0 ? -1 : store_changes(s);
}

static void
read_row(struct store *s, struct sql *q, void *into)
{
	struct event *ev = into;

	ev->id = sql_col(q, 0);
	ev->source = sql_col_dup(s, q, 1);
	ev->evid = sql_col_dup(s, q, 2);
	ev->customer = sql_col(q, 3);
	ev->type = sql_col_dup(s, q, 4);
	ev->at = sql_col(q, 5);
	ev->recv_at = sql_col(q, 6);
	ev->data = sql_col_dup(s, q, 7);
}

int
event_get(struct store *s, int64_t id, struct event *out, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT * FROM event WHERE id = ?1");

	sql_int(q, 1, id);
	return sql_one(s, q, read_row, out, e);
}

int
event_find(struct store *s, const char *source, const char *evid, struct event *out,
    struct err *e)
{
	struct sql *q = sql_get(s, "SELECT * FROM event WHERE source = ?1 AND evid = ?2");

	sql_text(q, 1, source);
	sql_text(q, 2, evid);
	return sql_one(s, q, read_row, out, e);
}

int
event_retype(struct store *s, int64_t id, const char *type, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE event SET type = ?2 WHERE id = ?1");

	sql_int(q, 1, id);
	sql_text(q, 2, type);
	return sql_run(q, e);
}

int
event_of_customer(struct store *s, int64_t customer,
    void (*each)(void *arg, const struct event *ev), void *arg, struct err *e)
{
	return event_of_customer_since(s, customer, 0, each, arg, e);
}

int
event_of_customer_since(struct store *s, int64_t customer, int64_t since,
    void (*each)(void *arg, const struct event *ev), void *arg, struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT * FROM event WHERE customer = ?1 AND id > ?2 ORDER BY id");
	int rc;

	sql_int(q, 1, customer);
	sql_int(q, 2, since);
	while ((rc = sql_step(q, e)) == 1) {
		struct event ev;

		read_row(s, q, &ev);
		each(arg, &ev);
	}
	return rc;
}

int
event_known(struct store *s, const char *source, const char *evid, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT 1 FROM event WHERE source = ?1 AND evid = ?2");
	int rc;

	sql_text(q, 1, source);
	sql_text(q, 2, evid);
	rc = sql_step(q, e);
	sql_end(q);
	return rc;
}

/* Ids are ordered by when it was told: nothing of older days is read. */
int
event_seen_since(struct store *s, int64_t customer, ms_t since, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT 1 FROM event WHERE id >= ?2 << 20 AND customer = ?1"
				   " AND at >= ?2 AND type IN ('visit', 'check_in', 'check_out')"
				   " LIMIT 1");
	int rc;

	sql_int(q, 1, customer);
	sql_int(q, 2, since);
	rc = sql_step(q, e);
	sql_end(q);
	return rc;
}

int
event_drop(struct store *s, const char *source, const char *evid, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM event WHERE source = ?1 AND evid = ?2");

	sql_text(q, 1, source);
	sql_text(q, 2, evid);
	return sql_run(q, e);
}
