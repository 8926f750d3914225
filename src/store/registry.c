#include "store/registry.h"

#include <string.h>

#include "sql.h"

int
registry_put(struct store *s, const struct registry_row *row, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO registry VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
	    " ON CONFLICT(code, place, signature) DO UPDATE SET"
	    " status = excluded.status, text = excluded.text, at = excluded.at");

	sql_text(q, 1, row->code);
	sql_text(q, 2, row->place);
	sql_text(q, 3, row->signature);
	sql_int(q, 4, row->status);
	sql_text(q, 5, row->text);
	sql_int(q, 6, row->at);
	return sql_run(q, e);
}

static void
read_row(struct store *s, struct sql *q, void *into)
{
	struct registry_row *r = into;

	r->code = sql_col_dup(s, q, 0);
	r->place = sql_col_dup(s, q, 1);
	r->signature = sql_col_dup(s, q, 2);
	r->status = (enum registered_status)sql_col(q, 3);
	r->text = sql_col_dup(s, q, 4);
	r->at = sql_col(q, 5);
}

/* The account's own before its type's, that of the signature before that of any; 0: neither.
 * Sorted here, for SQLite would make a table of its own to sort one row or none. */
static int
rank(struct sql *q, const char *account, const char *type, const char *signature)
{
	bool own = strcmp(sql_col_text(q, 1), account) == 0,
	     its = strcmp(sql_col_text(q, 2), signature) == 0;

	if ((!own && strcmp(sql_col_text(q, 1), type) != 0) ||
	    (!its && *sql_col_text(q, 2) != '\0'))
		return 0;
	return 1 + 2 * own + its;
}

int
registry_get(struct store *s, const char *account, const char *type,
    const char *signature, const char *code, struct registry_row *out, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT code, place, signature, status, text, at"
				   " FROM registry WHERE code = ?1");
	int best = 0, rc;

	sql_text(q, 1, code);
	while ((rc = sql_step(q, e)) == 1) {
		int its = rank(q, account, type, signature);

		if (its <= best)
			continue;
		best = its;
		read_row(s, q, out);
	}
	return rc < 0 ? -1 : best > 0;
}

int
registry_each(struct store *s, const struct registry_row *after, int max,
    void (*each)(void *arg, const struct registry_row *row), void *arg, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT code, place, signature, status, text, at"
				   " FROM registry WHERE (place, code, signature) > (?1, ?2, ?3)"
				   " ORDER BY place, code, signature LIMIT ?4");
	struct registry_row row;
	int rc;

	sql_text(q, 1, after == NULL ? "" : after->place);
	sql_text(q, 2, after == NULL ? "" : after->code);
	sql_text(q, 3, after == NULL ? "" : after->signature);
	sql_int(q, 4, max);
	while ((rc = sql_step(q, e)) == 1) {
		read_row(s, q, &row);
		each(arg, &row);
	}
	return rc;
}
