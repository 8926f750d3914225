#include "store/event.h"

#include <string.h>

#include "sql.h"

int
idempotency_get(struct store *s, const char *key, const uint8_t sha[32], bool *same, int *status,
    char **answer, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT sha, status, answer FROM idempotency WHERE key = ?1");
	int rc;

	sql_text(q, 1, key);
	rc = sql_step(q, e);
	if (rc == 1) {
		size_t n;
		const void *have = sql_col_blob(q, 0, &n);

		*same = n == 32 && memcmp(have, sha, 32) == 0;
		*status = (int)sql_col(q, 1);
		*answer = sql_col_dup(s, q, 2);
	}
	sql_end(q);
	return rc;
}

int
idempotency_put(struct store *s, const char *key, const uint8_t sha[32], ms_t at, int status,
    const char *answer, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO idempotency VALUES(?1, ?2, ?3, ?4, ?5)");

	sql_text(q, 1, key);
	sql_blob(q, 2, sha, 32);
	sql_int(q, 3, at);
	sql_int(q, 4, status);
	sql_text(q, 5, answer);
	return sql_run(q, e);
}

int
idempotency_purge(struct store *s, ms_t before, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM idempotency WHERE at < ?1");

	sql_int(q, 1, before);
	return sql_run(q, e);
}
