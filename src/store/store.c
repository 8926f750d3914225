#include "store/store.h"

#include <string.h>

#include <glib.h>

#include "sql.h"

int
store_meta_get(struct store *s, const char *key, char *buf, size_t n, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT value FROM meta WHERE key = ?1");
	int rc;

	buf[0] = '\0';
	sql_text(q, 1, key);
	rc = sql_step(q, e);
	if (rc == 1)
		g_strlcpy(buf, sql_col_text(q, 0), n);
	sql_end(q);
	return rc < 0 ? -1 : 0;
}

int
store_meta_set(struct store *s, const char *key, const char *value, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO meta VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = ?2");

	sql_text(q, 1, key);
	sql_text(q, 2, value);
	return sql_run(q, e);
}

int
store_epoch_next(struct store *s, const char *boot_id, int64_t *epoch, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO instance VALUES(1, 1, ?1) ON CONFLICT DO UPDATE SET"
	    " epoch = epoch + 1, boot_id = ?1 RETURNING epoch");
	int rc;

	sql_text(q, 1, boot_id);
	rc = sql_step(q, e);
	if (rc != 1)
		return -1;
	*epoch = sql_col(q, 0);
	sql_end(q);
	return 0;
}

int
store_check(struct store *s, struct err *e)
{
	struct sql *q = sql_get(s, "PRAGMA integrity_check(1)");
	int rc = sql_step(q, e);

	if (rc == 1 && strcmp(sql_col_text(q, 0), "ok") != 0)
		rc = err_set(e, ERR_IO, "database: %s", sql_col_text(q, 0));
	sql_end(q);
	if (rc < 0)
		return -1;
	q = sql_get(s, "PRAGMA foreign_key_check");
	rc = sql_step(q, e);
	sql_end(q);
	return rc == 0 ? 0 : err_set(e, ERR_IO, "database: a row points at nothing");
}
