#include "sql.h"

int
sql_one(struct store *s, struct sql *q, sql_reader *read, void *into, struct err *e)
{
	int rc = sql_step(q, e);

	if (rc == 1)
		read(s, q, into);
	sql_end(q);
	return rc;
}

int
sql_all(struct store *s, struct sql *q, sql_reader *read, void *into, size_t size,
    struct err *e)
{
	char *at = into;
	int n = 0, rc;

	while ((rc = sql_step(q, e)) == 1)
		read(s, q, at + (size_t)n++ * size);
	return rc < 0 ? -1 : n;
}

int
sql_ids(struct sql *q, int64_t *ids, struct err *e)
{
	int n = 0, rc;

	while ((rc = sql_step(q, e)) == 1)
		ids[n++] = sql_col(q, 0);
	return rc < 0 ? -1 : n;
}

const char *
sql_col_word(struct store *s, struct sql *q, int i)
{
	const char *text = sql_col_text(q, i);

	return *text == '\0' ? "" : arena_strdup(store_scratch(s), text);
}
