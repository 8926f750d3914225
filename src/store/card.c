#include "store/card.h"

#include <string.h>

#include <glib.h>

#include "sql.h"

/* Cards are replaced at most so long after they went, and taps are no older. */
#define REPLACED (7 * MS_DAY)

#define COLUMNS "id, who, account, state, at, next_at, tries, perr, request_enc"

static const char *
place(int64_t id, char *buf, size_t n)
{
	g_snprintf(buf, n, "card.request:%" G_GINT64_FORMAT, id);
	return buf;
}

static int
read_one(struct store *s, struct sql *q, struct card *c, struct err *e)
{
	int rc = sql_step(q, e);
	const void *sealed;
	char where[48], *text;
	ptrdiff_t got = 0;
	size_t n = 0;

	if (rc == 1) {
		*c = (struct card){ .id = sql_col(q, 0),
			.who = sql_col_dup(s, q, 1),
			.account = sql_col_dup(s, q, 2),
			.state = (enum card_state)sql_col(q, 3),
			.at = sql_col(q, 4),
			.next_at = sql_col(q, 5),
			.tries = (int)sql_col(q, 6),
			.perr = sql_col_dup(s, q, 7),
			.request = "" };
		sealed = sql_col_blob(q, 8, &n);
		text = arena_alloc(store_scratch(s), n + 1);
		if (sealed != NULL && n > 0)
			got = crypt_open(store_crypt(s),
			    place(c->id, where, sizeof(where)), sealed, n, text);
		if (got < 0)
			rc = err_set(e, ERR_IO, "a card does not open with this key");
		c->request = text;
	}
	sql_end(q);
	return rc;
}

int
card_add(struct store *s, const struct card *c, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO card(" COLUMNS ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	size_t len = strlen(c->request);
	uint8_t *sealed = arena_alloc(store_scratch(s), len + CRYPT_OVERHEAD);
	char where[48];

	sql_int(q, 1, c->id);
	sql_text(q, 2, c->who);
	sql_text(q, 3, c->account);
	sql_int(q, 4, c->state);
	sql_int(q, 5, c->at);
	sql_int_or_null(q, 6, c->next_at);
	sql_int(q, 7, c->tries);
	sql_text(q, 8, c->perr);
	sql_blob(q, 9, sealed,
	    crypt_seal(store_crypt(s), place(c->id, where, sizeof(where)), c->request,
		len, sealed));
	return sql_run(q, e);
}

int
card_save(struct store *s, const struct card *c, struct err *e)
{
	struct sql *q = sql_get(s,
	    "UPDATE card SET state = ?2, at = ?3, next_at = ?4, tries = ?5, perr = ?6,"
	    " request_enc = CASE WHEN ?4 IS NULL THEN NULL ELSE request_enc END"
	    " WHERE id = ?1");

	sql_int(q, 1, c->id);
	sql_int(q, 2, c->state);
	sql_int(q, 3, c->at);
	sql_int_or_null(q, 4, c->next_at);
	sql_int(q, 5, c->tries);
	sql_text(q, 6, c->perr);
	return sql_run(q, e);
}

int
card_get(struct store *s, int64_t id, struct card *out, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS " FROM card WHERE id = ?1");

	sql_int(q, 1, id);
	return read_one(s, q, out, e);
}

int
card_due(struct store *s, ms_t now, struct card *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS
		       " FROM card WHERE next_at <= ?1 ORDER BY next_at, id LIMIT 1");

	sql_int(q, 1, now);
	return read_one(s, q, out, e);
}

int
card_next(struct store *s, ms_t *at, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT next_at FROM card WHERE next_at IS NOT NULL"
				   " ORDER BY next_at LIMIT 1");
	int rc = sql_step(q, e);

	*at = rc == 1 ? sql_col(q, 0) : MS_NEVER;
	sql_end(q);
	return rc < 0 ? -1 : 0;
}

int
card_count(struct store *s, const char *who, ms_t since, int *n, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT (SELECT count(*) FROM card WHERE who = ?1 AND at > ?2) +"
	    " (SELECT count(*) FROM card WHERE who = ?1 AND at > ?3 AND face_at > ?2)");
	int rc;

	sql_text(q, 1, who);
	sql_int(q, 2, since);
	sql_int(q, 3, since - REPLACED);
	rc = sql_step(q, e);
	*n = rc == 1 ? (int)sql_col(q, 0) : 0;
	sql_end(q);
	return rc < 0 ? -1 : 0;
}

int
card_refused(struct store *s, const char *who, ms_t since, int *n, struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT count(*) FROM card WHERE who = ?1 AND at > ?2 AND state = ?3");
	int rc;

	sql_text(q, 1, who);
	sql_int(q, 2, since);
	sql_int(q, 3, CARD_REFUSED);
	rc = sql_step(q, e);
	*n = rc == 1 ? (int)sql_col(q, 0) : 0;
	sql_end(q);
	return rc < 0 ? -1 : 0;
}

int
card_untold(struct store *s, int64_t after, struct task_row *out, int max, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT id FROM task WHERE id > ?1 AND state < 3 AND state <> 1 AND NOT "
	    "EXISTS"
	    " (SELECT 1 FROM told WHERE told.task = task.id AND told.who = task.assignee"
	    " AND told.day = task.day AND NOT told.gone) ORDER BY id LIMIT ?2");
	int64_t *ids = arena_array(store_scratch(s), int64_t, max);
	int n;

	sql_int(q, 1, after);
	sql_int(q, 2, max);
	n = sql_ids(q, ids, e);
	for (int i = 0; i < n; i++)
		if (task_get(s, ids[i], &out[i], e) != 1)
			return -1;
	return n;
}

int
card_told(struct store *s, const struct task_row *t, int64_t card, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT OR REPLACE INTO told VALUES(?1, ?2, ?3, ?4, 0)");

	sql_int(q, 1, t->id);
	sql_text(q, 2, t->assignee);
	sql_int(q, 3, t->day);
	sql_int(q, 4, card);
	return sql_run(q, e);
}

int
card_tasks(struct store *s, int64_t card, int64_t *ids, int max, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT task FROM told WHERE card = ?1 AND card <> 0"
				   " ORDER BY task LIMIT ?2");

	sql_int(q, 1, card);
	sql_int(q, 2, max);
	return sql_ids(q, ids, e);
}

int
card_gone(struct store *s, int64_t task, struct err *e)
{
	struct sql *q =
	    sql_get(s, "UPDATE told SET gone = 1 WHERE task = ?1 AND NOT gone");

	sql_int(q, 1, task);
	return sql_run(q, e);
}

/* ---- what it shows after it was sent ---- */

static const char *
code_place(int64_t id, char *buf, size_t n)
{
	g_snprintf(buf, n, "card.code:%" G_GINT64_FORMAT, id);
	return buf;
}

int
card_set_code(struct store *s, int64_t id, const char *code, ms_t at, struct err *e)
{
	struct sql *q = sql_get(
	    s, "UPDATE card SET code_enc = ?2, code_at = ?3, face = 0 WHERE id = ?1");
	size_t len = strlen(code);
	uint8_t *sealed = arena_alloc(store_scratch(s), len + CRYPT_OVERHEAD);
	char where[48];

	sql_int(q, 1, id);
	sql_blob(q, 2, sealed,
	    crypt_seal(
		store_crypt(s), code_place(id, where, sizeof(where)), code, len, sealed));
	sql_int(q, 3, at);
	return sql_run(q, e);
}

static void
read_stale(struct store *s, struct sql *q, void *into)
{
	struct card_stale *c = into;
	const void *sealed;
	ptrdiff_t got;
	char where[48], *code;
	size_t n = 0;

	*c = (struct card_stale){ .id = sql_col(q, 0),
		.who = sql_col_dup(s, q, 1),
		.account = sql_col_dup(s, q, 2),
		.face = (enum card_face)sql_col(q, 4) };
	sealed = sql_col_blob(q, 3, &n);
	code = arena_alloc(store_scratch(s), n + 1);
	got = crypt_open(
	    store_crypt(s), code_place(c->id, where, sizeof(where)), sealed, n, code);
	/* One that does not open is good for nothing. */
	code[MAX(got, 0)] = '\0';
	c->code = code;
}

/* A card of several tasks has no code. */
int
card_stale(struct store *s, ms_t since, struct card_stale *out, int max, struct err *e)
{
	struct sql *old =
	    sql_get(s, "UPDATE card SET code_enc = NULL WHERE code_enc IS NOT"
		       " NULL AND code_at <= ?1");
	struct sql *q;

	sql_int(old, 1, since);
	if (sql_run(old, e) != 0)
		return -1;
	q = sql_get(s,
	    "SELECT c.id, c.who, c.account, c.code_enc, CASE WHEN t.state = 3 THEN 1"
	    " WHEN t.tries > 0 AND t.state < 3 THEN 3 ELSE 2 END FROM card c"
	    " INDEXED BY card_code JOIN told ON told.card = c.id JOIN task t"
	    " ON t.id = told.task WHERE c.code_enc IS NOT NULL AND c.face = 0 AND"
	    " (t.state >= 3 OR told.gone OR told.who <> t.assignee) ORDER BY c.id LIMIT "
	    "?1");
	sql_int(q, 1, max);
	return sql_all(s, q, read_stale, out, sizeof(*out), e);
}

int
card_face(struct store *s, int64_t id, enum card_face face, ms_t at, struct err *e)
{
	struct sql *q =
	    sql_get(s, "UPDATE card SET face = ?2, face_at = ?3 WHERE id = ?1");

	sql_int(q, 1, id);
	sql_int(q, 2, face);
	sql_int(q, 3, at);
	return sql_run(q, e);
}

int
card_faced(struct store *s, int64_t id, bool again, struct err *e)
{
	struct sql *q = sql_get(s,
	    "UPDATE card SET face = CASE WHEN ?2 THEN 0 ELSE face END,"
	    " code_enc = CASE WHEN ?2 THEN code_enc END WHERE id = ?1 AND face > 0");

	sql_int(q, 1, id);
	sql_int(q, 2, again);
	return sql_run(q, e);
}
