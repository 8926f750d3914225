#include "store/version.h"

#include <glib.h>

#include "sql.h"

int
playbook_number(struct store *s, const char *name, int *number, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO playbook(name) VALUES(?1) ON CONFLICT DO UPDATE"
				   " SET name = name RETURNING id");

	sql_text(q, 1, name);
	if (sql_step(q, e) != 1)
		return -1;
	*number = (int)sql_col(q, 0);
	sql_end(q);
	return 0;
}

int
playbook_name(struct store *s, int number, char *name, size_t size, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT name FROM playbook WHERE id = ?1");
	int rc;

	sql_int(q, 1, number);
	rc = sql_step(q, e);
	g_strlcpy(name, rc == 1 ? sql_col_text(q, 0) : "", size);
	sql_end(q);
	return rc;
}

int
playbook_each(struct store *s, void (*each)(void *arg, int number, const char *name), void *arg,
    struct err *e)
{
	struct sql *q = sql_get(s, "SELECT id, name FROM playbook ORDER BY name");
	int rc;

	while ((rc = sql_step(q, e)) == 1)
		each(arg, (int)sql_col(q, 0), sql_col_text(q, 1));
	return rc;
}

int
playbook_family_put(struct store *s, int number, int family, struct err *e)
{
	struct sql *q = sql_get(
	    s, "UPDATE playbook SET family = nullif(?2, id) WHERE id = ?1");

	sql_int(q, 1, number);
	sql_int(q, 2, family);
	return sql_run(q, e);
}

int
playbook_families(struct store *s, void (*each)(void *arg, int number, int family),
    void *arg, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT id, family FROM playbook WHERE family IS NOT NULL");
	int rc;

	while ((rc = sql_step(q, e)) == 1)
		each(arg, (int)sql_col(q, 0), (int)sql_col(q, 1));
	return rc;
}

int
playbook_hold(struct store *s, int number, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE playbook SET held = 1 WHERE id = ?1 AND held = 0");

	sql_int(q, 1, number);
	return sql_run(q, e);
}

int
playbook_let_go(struct store *s, int number, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE playbook SET held = 0 WHERE id = ?1 AND held = 1");

	sql_int(q, 1, number);
	return sql_run(q, e) != 0 ? -1 : store_changes(s);
}
