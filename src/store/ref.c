#include "store/msg.h"

#include "sql.h"

int
ref_add(struct store *s, const char *account, const char *provider_id, int64_t msg, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT OR IGNORE INTO ref VALUES(?1, ?2, ?3)");

	sql_text(q, 1, account);
	sql_text(q, 2, provider_id);
	sql_int(q, 3, msg);
	return sql_run(q, e);
}

int
ref_find(struct store *s, const char *account, const char *provider_id, int64_t *msg, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT msg FROM ref WHERE account = ?1 AND provider_id = ?2");
	int rc;

	sql_text(q, 1, account);
	sql_text(q, 2, provider_id);
	rc = sql_step(q, e);
	if (rc == 1)
		*msg = sql_col(q, 0);
	sql_end(q);
	return rc;
}
