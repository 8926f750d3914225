#include "store/msg.h"

#include "sql.h"

/* By those who have the address now, by their runs that were not over before, to the touches:
 * three lookups by key, no index of their own; two where it is known who that is. Certainly not
 * taken is not counted (DUE, which is also who asks, REJECTED, SUPPRESSED). What failed after it
 * was taken and then went by another channel is no longer seen: limits keep some room for that. */
#define HANDED(from, whose)                                                               \
	"SELECT m.begun_at, m.account, m.category FROM " from                             \
	" CROSS JOIN msg m ON m.run = r.id WHERE " whose                                  \
	" AND (r.ended_at = 0 OR r.ended_at >= ?3) AND m.begun_at >= ?3"                  \
	" AND m.channel = ?2 AND m.state NOT IN (?4, ?5, ?6)"                             \
	" AND (?7 OR m.address = ?1) LIMIT ?8"

static struct sql *
ask_whoever(struct store *s)
{
	return sql_get(s, HANDED("address a CROSS JOIN run r ON r.customer = a.customer",
			      "a.h = ?1 AND a.channel = ?2"));
}

static struct sql *
ask_one(struct store *s, const struct handed_query *ask)
{
	struct sql *q = sql_get(s, HANDED("run r", "r.customer = ?9 AND r.id <> ?10"));

	sql_int(q, 9, ask->sole);
	sql_int(q, 10, ask->but);
	return q;
}

int
msg_handed(struct store *s, const struct handed_query *ask, struct handed *out, int max,
    struct err *e)
{
	struct sql *q = ask->sole == 0 ? ask_whoever(s) : ask_one(s, ask);
	int n = 0, rc;

	sql_int(q, 1, ask->address);
	sql_int(q, 2, ask->channel);
	sql_int(q, 3, ask->since);
	sql_int(q, 4, MSG_DUE);
	sql_int(q, 5, MSG_REJECTED);
	sql_int(q, 6, MSG_SUPPRESSED);
	sql_int(q, 7, ask->person);
	sql_int(q, 8, max);
	while ((rc = sql_step(q, e)) == 1)
		out[n++] = (struct handed){ .at = sql_col(q, 0),
			.account = sql_col_word(s, q, 1),
			.category = (int)sql_col(q, 2) };
	return rc < 0 ? -1 : n;
}
