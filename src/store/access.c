#include "store/access.h"

#include <string.h>

#include "sql.h"

int
token_add(struct store *s, const struct token *t, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO token VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, "
				   "?8, ?9, ?10, 0, 0)");

	sql_text(q, 1, t->id);
	sql_blob(q, 2, t->hash, sizeof(t->hash));
	sql_text(q, 3, t->name);
	sql_text(q, 4, t->kind);
	sql_text(q, 5, t->role);
	sql_text(q, 6, t->stores);
	sql_text(q, 7, t->scope);
	sql_text(q, 8, t->made_by);
	sql_int(q, 9, t->made_at);
	sql_int(q, 10, t->expires_at);
	return sql_run(q, e);
}

int
token_used(struct store *s, const char *id, ms_t at, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE token SET used_at = ?2 WHERE id = ?1");

	sql_text(q, 1, id);
	sql_int(q, 2, at);
	return sql_run(q, e);
}

int
token_revoke(struct store *s, const char *id, ms_t at, struct err *e)
{
	struct sql *q = sql_get(
	    s, "UPDATE token SET revoked_at = ?2 WHERE id = ?1 AND revoked_at = 0");

	sql_text(q, 1, id);
	sql_int(q, 2, at);
	return sql_run(q, e) != 0 ? -1 : store_changes(s) > 0;
}

int
token_each(struct store *s, void (*each)(void *arg, const struct token *t), void *arg,
    struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT id, hash, name, kind, role, stores, scope, made_by, made_at,"
	    " expires_at, used_at, revoked_at FROM token ORDER BY made_at, id");
	int rc;

	while ((rc = sql_step(q, e)) == 1) {
		size_t n;
		const void *hash = sql_col_blob(q, 1, &n);
		struct token t = { .id = sql_col_text(q, 0),
			.name = sql_col_text(q, 2),
			.kind = sql_col_text(q, 3),
			.role = sql_col_text(q, 4),
			.stores = sql_col_text(q, 5),
			.scope = sql_col_text(q, 6),
			.made_by = sql_col_text(q, 7),
			.made_at = sql_col(q, 8),
			.expires_at = sql_col(q, 9),
			.used_at = sql_col(q, 10),
			.revoked_at = sql_col(q, 11) };

		memcpy(t.hash, hash, n < sizeof(t.hash) ? n : sizeof(t.hash));
		each(arg, &t);
	}
	sql_end(q);
	return rc;
}

int
audit_add(struct store *s, const struct audit *a, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT INTO audit(at, who, role, act, about, why, ref, n)"
		       " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

	sql_int(q, 1, a->at);
	sql_text(q, 2, a->who);
	sql_text(q, 3, a->role);
	sql_text(q, 4, a->act);
	sql_text(q, 5, a->about);
	sql_text(q, 6, a->why);
	sql_int(q, 7, a->ref);
	sql_int(q, 8, a->n);
	return sql_run(q, e);
}

int
audit_each(struct store *s, int64_t ref, int64_t before, int max,
    void (*each)(void *arg, const struct audit *a), void *arg, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT at, who, role, act, about, why, ref, n, id FROM audit"
		       " WHERE (?1 = 0 OR ref = ?1) AND (?3 = 0 OR id < ?3)"
		       " ORDER BY id DESC LIMIT ?2");
	int rc;

	sql_int(q, 1, ref);
	sql_int(q, 2, max);
	sql_int(q, 3, before);
	while ((rc = sql_step(q, e)) == 1) {
		const struct audit a = { sql_col(q, 0), sql_col_text(q, 1),
			sql_col_text(q, 2), sql_col_text(q, 3), sql_col_text(q, 4),
			sql_col_text(q, 5), sql_col(q, 6), sql_col(q, 7), sql_col(q, 8) };

		each(arg, &a);
	}
	sql_end(q);
	return rc;
}
