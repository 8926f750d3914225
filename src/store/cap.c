#include "store/msg.h"

#include "base/check.h"
#include "sql.h"

int
cap_take(struct store *s, const char *scope, int period, int limit, struct err *e)
{
	struct sql *q;

	if (limit <= 0)
		return 0;
	/* One conditional write: no row changed means no slot left. */
	q = sql_get(s,
	    "INSERT INTO cap VALUES(?1, ?2, 1) ON CONFLICT DO UPDATE SET used = used + 1"
	    " WHERE used < ?3");
	sql_text(q, 1, scope);
	sql_int(q, 2, period);
	sql_int(q, 3, limit);
	return sql_run(q, e) != 0 ? -1 : store_changes(s);
}

int
cap_give(struct store *s, const char *scope, int period, struct err *e)
{
	struct sql *q =
	    sql_get(s, "UPDATE cap SET used = used - 1 WHERE scope = ?1 AND period = ?2");

	sql_text(q, 1, scope);
	sql_int(q, 2, period);
	if (sql_run(q, e) != 0)
		return -1;
	CHECK(store_changes(s) == 1);
	return 0;
}

int
cap_add(struct store *s, const char *scope, int period, int n, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO cap VALUES(?1, ?2, max(?3, 0)) ON CONFLICT DO"
				   " UPDATE SET used = max(used + ?3, 0)");

	sql_text(q, 1, scope);
	sql_int(q, 2, period);
	sql_int(q, 3, n);
	return sql_run(q, e);
}

/* What he was sent there and was counted for him alone. */
#define BARE                                                                               \
	" FROM run r CROSS JOIN msg m ON m.run = r.id WHERE r.customer = ?2"               \
	" AND m.address = ?1 AND m.slots & ?3 = ?4"

static struct sql *
of_bare(struct sql *q, int64_t h, int64_t customer)
{
	sql_int(q, 1, h);
	sql_int(q, 2, customer);
	sql_int(q, 3, SLOT_CUSTOMER | SLOT_ADDRESS);
	sql_int(q, 4, SLOT_CUSTOMER);
	return q;
}

int
cap_address(struct store *s, int64_t h, int64_t customer, struct err *e)
{
	struct sql *count = sql_get(s, "INSERT INTO cap SELECT 'a' || printf('%x', ?1),"
				       " m.period, count(*)" BARE " GROUP BY m.period"
				       " ON CONFLICT DO UPDATE SET used = used + excluded.used");
	struct sql *note = sql_get(s, "UPDATE msg SET slots = slots | ?5 WHERE id IN"
				      " (SELECT m.id" BARE ")");

	if (sql_run(of_bare(count, h, customer), e) != 0)
		return -1;
	if (store_changes(s) == 0)
		return 0;
	sql_int(note, 5, SLOT_ADDRESS);
	return sql_run(of_bare(note, h, customer), e);
}

int
cap_address_held(struct store *s, int64_t h, struct err *e)
{
	/* Where two have it all is moved already. */
	struct sql *q = sql_get(s, "SELECT customer FROM address WHERE h = ?1 LIMIT 1");
	int64_t holder = 0;
	int rc;

	sql_int(q, 1, h);
	if ((rc = sql_step(q, e)) == 1)
		holder = sql_col(q, 0);
	sql_end(q);
	return rc == 1 ? cap_address(s, h, holder, e) : rc;
}

int
cap_take_n(struct store *s, const char *scope, int period, int64_t n, int64_t limit,
    struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO cap SELECT ?1, ?2, ?3 WHERE ?3 <= ?4 ON CONFLICT DO UPDATE SET"
	    " used = used + ?3 WHERE used + ?3 <= ?4");

	sql_text(q, 1, scope);
	sql_int(q, 2, period);
	sql_int(q, 3, n);
	sql_int(q, 4, limit);
	return sql_run(q, e) != 0 ? -1 : store_changes(s);
}

int
cap_give_n(struct store *s, const char *scope, int period, int64_t n, struct err *e)
{
	struct sql *q = sql_get(s,
	    "UPDATE cap SET used = max(used - ?3, 0) WHERE scope = ?1 AND period = ?2");

	sql_text(q, 1, scope);
	sql_int(q, 2, period);
	sql_int(q, 3, n);
	return sql_run(q, e);
}

int
cap_sum(struct store *s, const char *scope, int period, int64_t *used, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT used FROM cap WHERE scope = ?1 AND period = ?2");
	int rc;

	sql_text(q, 1, scope);
	sql_int(q, 2, period);
	rc = sql_step(q, e);
	*used = rc == 1 ? sql_col(q, 0) : 0;
	sql_end(q);
	return rc < 0 ? -1 : 0;
}

int
cap_used(struct store *s, const char *scope, int period, int *used, struct err *e)
{
	int64_t sum;
	int rc = cap_sum(s, scope, period, &sum, e);

	*used = (int)sum;
	return rc;
}

int
cap_standing(struct store *s, const struct cap_query *ask, struct cap_standing *out,
    struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT EXISTS(SELECT 1 FROM optout WHERE h = ?1 AND channel = ?2),"
	    " (SELECT used FROM cap WHERE scope = ?3 AND period = ?5),"
	    " (SELECT used FROM cap WHERE scope = ?4 AND period = ?5)");
	int rc;

	sql_int(q, 1, ask->h);
	sql_int(q, 2, ask->channel);
	sql_text(q, 3, ask->address);
	sql_text(q, 4, ask->customer);
	sql_int(q, 5, ask->period);
	rc = sql_step(q, e);
	if (rc == 1)
		*out = (struct cap_standing){ .opted_out = sql_col(q, 0) != 0,
			.address_used = (int)sql_col(q, 1),
			.customer_used = (int)sql_col(q, 2) };
	sql_end(q);
	return rc == 1 ? 0 : -1;
}
