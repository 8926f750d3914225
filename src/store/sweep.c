#include "store/event.h"

#include "sql.h"

int
sweep_get(struct store *s, const char *zone, int64_t *day, int64_t *cursor, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT day, cursor FROM sweep WHERE zone = ?1");
	int rc;

	sql_text(q, 1, zone);
	rc = sql_step(q, e);
	*day = rc == 1 ? sql_col(q, 0) : 0;
	*cursor = rc == 1 ? sql_col(q, 1) : 0;
	sql_end(q);
	return rc < 0 ? -1 : 0;
}

int
sweep_list_news(
    struct store *s, int64_t version, ms_t *published, bool *begun, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT published_at, EXISTS(SELECT 1 FROM version o JOIN sweep s ON"
		       " s.zone = 'list:' || o.id WHERE o.playbook = v.playbook"
		       " AND o.id <> v.id) FROM version v WHERE v.id = ?1");
	int rc;

	sql_int(q, 1, version);
	if ((rc = sql_step(q, e)) == 1) {
		*published = sql_col(q, 0);
		*begun = sql_col(q, 1) != 0;
	}
	sql_end(q);
	return rc == 1 ? 0 : -1;
}

int
sweep_set(struct store *s, const char *zone, int64_t day, int64_t cursor, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO sweep VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE"
				   " SET day = ?2, cursor = ?3");

	sql_text(q, 1, zone);
	sql_int(q, 2, day);
	sql_int(q, 3, cursor);
	return sql_run(q, e);
}
