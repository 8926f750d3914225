/* sql_value.c - what goes into a statement, and what a row has in its columns. */
#include <sqlite3.h>

#include "base/check.h"
#include "sql.h"

void
sql_int(struct sql *q, int i, int64_t v)
{
	CHECK(sqlite3_bind_int64((sqlite3_stmt *)q, i, v) == SQLITE_OK);
}

void
sql_int_or_null(struct sql *q, int i, int64_t v)
{
	if (v == 0)
		CHECK(sqlite3_bind_null((sqlite3_stmt *)q, i) == SQLITE_OK);
	else
		sql_int(q, i, v);
}

void
sql_text(struct sql *q, int i, const char *v)
{
	CHECK(sqlite3_bind_text((sqlite3_stmt *)q, i, v, -1, SQLITE_STATIC) == SQLITE_OK);
}

void
sql_blob(struct sql *q, int i, const void *p, size_t n)
{
	CHECK(sqlite3_bind_blob64((sqlite3_stmt *)q, i, p, n, SQLITE_STATIC) == SQLITE_OK);
}

bool
sql_is_null(struct sql *q, int i)
{
	return sqlite3_column_type((sqlite3_stmt *)q, i) == SQLITE_NULL;
}

int64_t
sql_col(struct sql *q, int i)
{
	return sqlite3_column_int64((sqlite3_stmt *)q, i);
}

const char *
sql_col_text(struct sql *q, int i)
{
	const char *p = (const char *)sqlite3_column_text((sqlite3_stmt *)q, i);

	return p == NULL ? "" : p;
}

char *
sql_col_dup(struct store *s, struct sql *q, int i)
{
	return arena_strdup(store_scratch(s), sql_col_text(q, i));
}

const void *
sql_col_blob(struct sql *q, int i, size_t *n)
{
	const void *p = sqlite3_column_blob((sqlite3_stmt *)q, i);

	*n = (size_t)sqlite3_column_bytes((sqlite3_stmt *)q, i);
	return p;
}
