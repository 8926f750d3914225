#include "store/batch.h"

#include <string.h>

#include <glib.h>

#include "sql.h"

int
batch_add(struct store *s, struct import_batch *b, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT INTO batch(what, source, at, rows, refused, aside, basis,"
		       " evidence) VALUES(?1, ?2, ?3, 0, 0, 0, ?4, ?5) RETURNING id");
	int rc;

	sql_text(q, 1, b->what);
	sql_text(q, 2, b->source);
	sql_int(q, 3, b->at);
	sql_text(q, 4, b->basis);
	sql_text(q, 5, b->evidence);
	if ((rc = sql_step(q, e)) == 1)
		b->id = sql_col(q, 0);
	sql_end(q);
	return rc == 1 ? 0 : -1;
}

int
batch_end(struct store *s, const struct import_batch *b, struct err *e)
{
	struct sql *q = sql_get(
	    s, "UPDATE batch SET rows = ?2, refused = ?3, aside = ?4 WHERE id = ?1");

	sql_int(q, 1, b->id);
	sql_int(q, 2, b->rows);
	sql_int(q, 3, b->refused);
	sql_int(q, 4, b->aside);
	return sql_run(q, e);
}

int
batch_drop(struct store *s, int64_t id, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM batch WHERE id = ?1");

	sql_int(q, 1, id);
	return sql_run(q, e);
}

#define COLUMNS_OF_BATCH                                                                 \
	"b.id, b.what, b.source, b.at, b.rows, b.refused, b.aside, b.basis, b.evidence," \
	" b.undone_at,"                                                                  \
	" (SELECT count(*) FROM batch_row r WHERE r.batch = b.id AND r.what = b.what "   \
	"AND"                                                                            \
	" r.before_enc IS NULL),"                                                        \
	" (SELECT count(*) FROM batch_row r WHERE r.batch = b.id AND r.what = b.what "   \
	"AND"                                                                            \
	" r.before_enc IS NOT NULL)"

static void
read_row(struct store *s, struct sql *q, void *into)
{
	struct import_batch *b = into;

	b->id = sql_col(q, 0);
	b->what = sql_col_dup(s, q, 1);
	b->source = sql_col_dup(s, q, 2);
	b->at = sql_col(q, 3);
	b->rows = sql_col(q, 4);
	b->refused = sql_col(q, 5);
	b->aside = sql_col(q, 6);
	b->basis = sql_col_dup(s, q, 7);
	b->evidence = sql_col_dup(s, q, 8);
	b->undone_at = sql_col(q, 9);
	b->created = sql_col(q, 10);
	b->changed = sql_col(q, 11);
}

int
batch_get(struct store *s, int64_t id, struct import_batch *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS_OF_BATCH " FROM batch b WHERE b.id = ?1");

	sql_int(q, 1, id);
	return sql_one(s, q, read_row, out, e);
}

int
batch_list(
    struct store *s, int64_t before, struct import_batch *out, int max, struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT " COLUMNS_OF_BATCH " FROM batch b WHERE ?2 = 0 OR b.id < ?2"
	       " ORDER BY b.id DESC LIMIT ?1");

	sql_int(q, 1, max);
	sql_int(q, 2, before);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
batch_set_undone(struct store *s, int64_t id, ms_t at, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE batch SET undone_at = ?2 WHERE id = ?1");

	sql_int(q, 1, id);
	sql_int(q, 2, at);
	return sql_run(q, e);
}

int
batch_purge(struct store *s, ms_t before, struct err *e)
{
	/* Some at a time: the writer has other work. */
	struct sql *q = sql_get(s,
	    "DELETE FROM batch_row WHERE id IN (SELECT id FROM batch_row WHERE batch IN"
	    " (SELECT id FROM batch WHERE at < ?1) LIMIT 10000)");

	sql_int(q, 1, before);
	return sql_run(q, e);
}

/* ---- rows ---- */

static const char *
place(int64_t batch, const char *what, const char *key, char *buf, size_t n)
{
	g_snprintf(
	    buf, n, "batch_row.before:%" G_GINT64_FORMAT ":%s:%s", batch, what, key);
	return buf;
}

int64_t
batch_hash(struct store *s, const char *image)
{
	return crypt_hmac64(store_crypt(s), "batch.image", image, strlen(image));
}

int
batch_row_add(struct store *s, int64_t batch, const struct batch_row *r, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT INTO batch_row(batch, what, key, before_enc, after) "
		       "VALUES(?1, ?2, ?3, ?4, ?5)"
		       " ON CONFLICT(batch, what, key) DO UPDATE SET after = ?5");
	uint8_t *sealed = NULL;
	char where[512];
	size_t n = 0;

	if (r->before != NULL) {
		n = strlen(r->before);
		sealed = arena_alloc(store_scratch(s), n + CRYPT_OVERHEAD);
		n = crypt_seal(store_crypt(s),
		    place(batch, r->what, r->key, where, sizeof(where)), r->before, n,
		    sealed);
	}
	sql_int(q, 1, batch);
	sql_text(q, 2, r->what);
	sql_text(q, 3, r->key);
	sql_blob(q, 4, sealed, n);
	sql_int(q, 5, r->after);
	return sql_run(q, e);
}

int
batch_row_known(
    struct store *s, int64_t batch, const char *what, const char *key, struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT 1 FROM batch_row WHERE batch = ?1 AND what = ?2 AND key = ?3");
	int rc;

	sql_int(q, 1, batch);
	sql_text(q, 2, what);
	sql_text(q, 3, key);
	rc = sql_step(q, e);
	sql_end(q);
	return rc;
}

int
batch_touched_since(struct store *s, int64_t batch, const char *key, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT 1 FROM batch_row WHERE batch IN (SELECT id FROM"
				   " batch WHERE id > ?1 AND undone_at = 0)"
				   " AND what IN ('customers', 'facts') AND key = ?2");
	int rc;

	sql_int(q, 1, batch);
	sql_text(q, 2, key);
	rc = sql_step(q, e);
	sql_end(q);
	return rc;
}

int
batch_forget_since(
    struct store *s, int64_t batch, const char *what, const char *key, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM batch_row WHERE batch IN (SELECT id FROM"
				   " batch WHERE id > ?1) AND what = ?2 AND key = ?3");

	sql_int(q, 1, batch);
	sql_text(q, 2, what);
	sql_text(q, 3, key);
	return sql_run(q, e);
}

int
batch_row_prev(
    struct store *s, int64_t batch, int64_t *cursor, struct batch_row *out, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT id, what, key, before_enc, after FROM "
				   "batch_row WHERE batch = ?1 AND id < ?2"
				   " ORDER BY id DESC LIMIT 1");
	const void *sealed;
	char where[512], *text;
	ptrdiff_t len = 0;
	size_t n;
	int rc;

	sql_int(q, 1, batch);
	sql_int(q, 2, *cursor == 0 ? INT64_MAX : *cursor);
	if ((rc = sql_step(q, e)) != 1) {
		sql_end(q);
		return rc;
	}
	*out = (struct batch_row){ .id = sql_col(q, 0), .after = sql_col(q, 4) };
	*cursor = out->id;
	out->what = sql_col_dup(s, q, 1);
	out->key = sql_col_dup(s, q, 2);
	sealed = sql_col_blob(q, 3, &n);
	if (n > 0) {
		text = arena_alloc(store_scratch(s), n + 1);
		len = crypt_open(store_crypt(s),
		    place(batch, out->what, out->key, where, sizeof(where)), sealed, n,
		    text);
		out->before = text;
	}
	sql_end(q);
	return len < 0
		   ? err_set(e, ERR_IO, "a row of the batch does not open with this key")
		   : 1;
}
