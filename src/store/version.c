#include "store/version.h"

#include <glib.h>

#include "sql.h"

int
version_put(struct store *s, int playbook, const char *hash, const char *bundle,
    unsigned needs, ms_t now, int64_t *id, bool *created, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT id FROM version WHERE hash = ?1");
	int rc;

	sql_text(q, 1, hash);
	rc = sql_step(q, e);
	if (rc == 1)
		*id = sql_col(q, 0);
	sql_end(q);
	*created = rc == 0;
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	q = sql_get(s,
	    "INSERT INTO version(hash, playbook, number, published_at, bundle, needs) SELECT ?1, ?2,"
	    " (SELECT count(*) + 1 FROM version WHERE playbook = ?2), ?3, ?4, ?5 RETURNING id");
	sql_text(q, 1, hash);
	sql_int(q, 2, playbook);
	sql_int(q, 3, now);
	sql_text(q, 4, bundle);
	sql_int(q, 5, needs);
	if (sql_step(q, e) != 1)
		return -1;
	*id = sql_col(q, 0);
	sql_end(q);
	return 0;
}

int
version_get(struct store *s, int64_t id, int *playbook, int *number, char **bundle, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT playbook, number, bundle FROM version WHERE id = ?1");
	int rc;

	sql_int(q, 1, id);
	rc = sql_step(q, e);
	if (rc == 1) {
		*playbook = (int)sql_col(q, 0);
		*number = (int)sql_col(q, 1);
		*bundle = sql_col_dup(s, q, 2);
	}
	sql_end(q);
	return rc;
}

int
version_hash(struct store *s, int64_t id, char hash[65], struct err *e)
{
	struct sql *q = sql_get(s, "SELECT hash FROM version WHERE id = ?1");
	int rc;

	sql_int(q, 1, id);
	rc = sql_step(q, e);
	if (rc == 1)
		g_strlcpy(hash, sql_col_text(q, 0), 65);
	sql_end(q);
	return rc;
}

int
version_find(struct store *s, const char *hash, int64_t *id, int *playbook, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT id, playbook FROM version WHERE hash = ?1");
	int rc;

	sql_text(q, 1, hash);
	rc = sql_step(q, e);
	if (rc == 1) {
		*id = sql_col(q, 0);
		*playbook = (int)sql_col(q, 1);
	}
	sql_end(q);
	return rc;
}

int
version_needs(struct store *s, unsigned *needs, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT DISTINCT needs FROM version");
	int rc;

	*needs = 0;
	while ((rc = sql_step(q, e)) == 1)
		*needs |= (unsigned)sql_col(q, 0);
	return rc;
}

int
version_of_playbook(struct store *s, int playbook, int64_t *ids, int max, struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT id FROM version WHERE playbook = ?1 ORDER BY id DESC LIMIT ?2");
	int n = 0, rc;

	sql_int(q, 1, playbook);
	sql_int(q, 2, max);
	while ((rc = sql_step(q, e)) == 1)
		if (n < max)
			ids[n++] = sql_col(q, 0);
	return rc < 0 ? -1 : n;
}
