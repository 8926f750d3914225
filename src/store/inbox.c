#include "store/event.h"

#include <string.h>

#include <glib.h>

#include "inbox_impl.h"
#include "sql.h"

void
inbox_place(const char *account, const char *evkey, char *buf, size_t n)
{
	g_snprintf(buf, n, "inbox.raw:%s:%s", account, evkey);
}

int
inbox_add(struct store *s, struct inbox *in, bool done, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO inbox VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
				   " ON CONFLICT(account, evkey) DO NOTHING");
	size_t len = strlen(in->raw);
	uint8_t *sealed = arena_alloc(store_scratch(s), len + CRYPT_OVERHEAD);
	char where[256];

	in->id = store_next_id(s, in->recv_at);
	inbox_place(in->account, in->evkey, where, sizeof(where));
	sql_int(q, 1, in->id);
	sql_text(q, 2, in->account);
	sql_text(q, 3, in->evkey);
	sql_int(q, 4, in->recv_at);
	sql_int(q, 5, in->kind);
	sql_text(q, 6, in->verdict);
	sql_blob(q, 7, sealed, crypt_seal(store_crypt(s), where, in->raw, len, sealed));
	sql_int_or_null(q, 8, done ? in->recv_at : 0);
	return sql_run(q, e) != 0 ? -1 : store_changes(s);
}

int
inbox_once(struct store *s, const char *account, const char *token, ms_t at, struct err *e)
{
	struct sql *q = sql_get(
	    s, "INSERT INTO inbox_once VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING");

	sql_text(q, 1, account);
	sql_text(q, 2, token);
	sql_int(q, 3, at);
	return sql_run(q, e) != 0 ? -1 : store_changes(s);
}

int
inbox_once_purge(struct store *s, ms_t before, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM inbox_once WHERE at < ?1");

	sql_int(q, 1, before);
	return sql_run(q, e);
}

int
inbox_close(struct store *s, int64_t id, ms_t at, const char *verdict, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE inbox SET done_at = ?2, verdict = ?3 WHERE id = ?1");

	sql_int(q, 1, id);
	sql_int(q, 2, at);
	sql_text(q, 3, verdict);
	return sql_run(q, e);
}

int
inbox_reopen(struct store *s, int64_t id, struct err *e)
{
	struct sql *q =
	    sql_get(s, "UPDATE inbox SET done_at = NULL, verdict = 'open' WHERE id = ?1");

	sql_int(q, 1, id);
	return sql_run(q, e);
}

#define COLUMNS_OF_INBOX "id, account, evkey, recv_at, kind, verdict, raw_enc"

static int
read_row(struct store *s, struct sql *q, struct inbox *out, struct err *e)
{
	size_t n;
	const void *sealed = sql_col_blob(q, 6, &n);
	char *raw = arena_alloc(store_scratch(s), n + 1);
	char where[256];

	out->id = sql_col(q, 0);
	out->account = sql_col_dup(s, q, 1);
	out->evkey = sql_col_dup(s, q, 2);
	out->recv_at = sql_col(q, 3);
	out->kind = (int)sql_col(q, 4);
	out->verdict = sql_col_dup(s, q, 5);
	out->raw = raw;
	inbox_place(out->account, out->evkey, where, sizeof(where));
	if (crypt_open(store_crypt(s), where, sealed, n, raw) < 0)
		return err_set(e, ERR_IO, "an inbox row does not open with this key");
	return 1;
}

int
inbox_next(struct store *s, int64_t *cursor, struct inbox *out, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_INBOX " FROM inbox"
				   " WHERE done_at IS NULL AND id > ?1 ORDER BY id LIMIT 1");
	int rc;

	sql_int(q, 1, *cursor);
	rc = sql_step(q, e);
	if (rc == 1) {
		rc = read_row(s, q, out, e);
		*cursor = out->id;
	}
	sql_end(q);
	return rc;
}

/* Ids are time-ordered: a thousand milliseconds of them hold every row of the instant. */
int
inbox_at(struct store *s, ms_t at, void (*each)(void *arg, const struct inbox *in), void *arg,
    struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_INBOX " FROM inbox"
				   " WHERE id >= ?1 AND id < ?2 AND recv_at = ?3 ORDER BY id");
	struct inbox in;
	int rc;

	sql_int(q, 1, at << 20);
	sql_int(q, 2, (at + 1000) << 20);
	sql_int(q, 3, at);
	while ((rc = sql_step(q, e)) == 1 && (rc = read_row(s, q, &in, e)) == 1)
		each(arg, &in);
	sql_end(q);
	return rc < 0 ? -1 : 0;
}

int
inbox_count_open(struct store *s, int64_t *n, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT count(*) FROM inbox WHERE done_at IS NULL");

	if (sql_step(q, e) != 1)
		return -1;
	*n = sql_col(q, 0);
	sql_end(q);
	return 0;
}

int
inbox_last(struct store *s,
    void (*each)(void *arg, const char *account, int kind, ms_t at), void *arg,
    struct err *e)
{
	struct sql *q = sql_get(s, "SELECT account, kind, max(recv_at) FROM inbox"
				   " WHERE kind >= 0 GROUP BY account, kind");
	int rc;

	while ((rc = sql_step(q, e)) == 1)
		each(arg, sql_col_text(q, 0), (int)sql_col(q, 1), sql_col(q, 2));
	return rc;
}
