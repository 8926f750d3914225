#include "store/msg.h"

#include <glib.h>

#include "base/text.h"
#include "sql.h"

int
request_add(struct store *s, int64_t token, ms_t at, const int64_t *ids, int n, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO request VALUES(?1, ?2, ?3)");
	GString *text = g_string_sized_new((gsize)n * 20);
	char one[TEXT_NUMBER + 1];
	int rc;

	for (int i = 0; i < n; i++)
		g_string_append(text, text_number(one, i > 0 ? "," : "", ids[i]));
	sql_int(q, 1, token);
	sql_int(q, 2, at);
	sql_text(q, 3, text->str);
	rc = sql_run(q, e);
	g_string_free(text, TRUE);
	return rc;
}

int
request_members(struct store *s, int64_t token, int64_t *ids, int max, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT members FROM request WHERE token = ?1");
	int n = 0, rc;

	sql_int(q, 1, token);
	rc = sql_step(q, e);
	if (rc == 1) {
		char **parts = g_strsplit(sql_col_text(q, 0), ",", max);

		for (; parts[n] != NULL; n++)
			ids[n] = g_ascii_strtoll(parts[n], NULL, 10);
		g_strfreev(parts);
	}
	sql_end(q);
	return rc < 0 ? -1 : n;
}

int
request_purge(struct store *s, ms_t before, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM request WHERE at < ?1");

	sql_int(q, 1, before);
	return sql_run(q, e);
}
