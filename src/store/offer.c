#include "store/offer.h"

#include <string.h>

#include <glib.h>

#include "base/check.h"
#include "sql.h"
#include "store/msg.h"

#define COLUMNS_OF_OFFER                                                         \
	"o.id, o.name, o.customer, o.run, o.state, o.value, o.store, o.author, " \
	"o.person, "                                                             \
	"o.asked_at,"                                                            \
	" o.granted_at, o.ended_at, o.expires_at, o.event"

static void
read_row(struct store *s, struct sql *q, void *into)
{
	struct grant *g = into;

	*g = (struct grant){
		.id = sql_col(q, 0),
		.name = sql_col_dup(s, q, 1),
		.customer = sql_col(q, 2),
		.run = sql_col(q, 3),
		.state = (int)sql_col(q, 4),
		.value = (double)sql_col(q, 5) / 100,
		.store = sql_col_dup(s, q, 6),
		.author = sql_col_dup(s, q, 7),
		.by = sql_col_dup(s, q, 8),
		.asked_at = sql_col(q, 9),
		.granted_at = sql_col(q, 10),
		.ended_at = sql_col(q, 11),
		.expires_at = sql_col(q, 12),
		.event = sql_col(q, 13),
	};
}

static int64_t
fen(double yuan)
{
	return (int64_t)(yuan * 100 + 0.5);
}

int
offer_add(struct store *s, struct grant *g, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO offer(id, name, customer, run, state, "
				   "value, store, author, person, asked_at,"
				   " granted_at, expires_at) VALUES(?1, ?2, ?3, ?4, ?5, "
				   "?6, ?7, ?8, ?9, ?10, ?11, ?12)"
				   " ON CONFLICT(run, name) DO NOTHING");

	g->id = store_next_id(s, g->asked_at);
	sql_int(q, 1, g->id);
	sql_text(q, 2, g->name);
	sql_int(q, 3, g->customer);
	sql_int_or_null(q, 4, g->run);
	sql_int(q, 5, g->state);
	sql_int(q, 6, fen(g->value));
	sql_text(q, 7, g->store);
	sql_text(q, 8, g->author);
	sql_text(q, 9, g->by);
	sql_int(q, 10, g->asked_at);
	sql_int(q, 11, g->granted_at);
	sql_int(q, 12, g->expires_at);
	return sql_run(q, e) != 0 ? -1 : store_changes(s);
}

int
offer_save(struct store *s, const struct grant *g, struct err *e)
{
	struct sql *q =
	    sql_get(s, "UPDATE offer SET state = ?2, value = ?3, person = ?4, "
		       "granted_at = ?5, ended_at = ?6,"
		       " expires_at = ?7, event = ?8 WHERE id = ?1");

	sql_int(q, 1, g->id);
	sql_int(q, 2, g->state);
	sql_int(q, 3, fen(g->value));
	sql_text(q, 4, g->by);
	sql_int(q, 5, g->granted_at);
	sql_int(q, 6, g->ended_at);
	sql_int(q, 7, g->expires_at);
	sql_int(q, 8, g->event);
	if (sql_run(q, e) != 0)
		return -1;
	CHECK(store_changes(s) == 1);
	return 0;
}

int
offer_get(struct store *s, int64_t id, struct grant *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS_OF_OFFER " FROM offer o WHERE o.id = ?1");

	sql_int(q, 1, id);
	return sql_one(s, q, read_row, out, e);
}

int
offer_of_run(
    struct store *s, int64_t run, const char *name, struct grant *out, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT " COLUMNS_OF_OFFER " FROM offer o WHERE o.run = ?1 AND o.name = ?2");

	sql_int(q, 1, run);
	sql_text(q, 2, name);
	return sql_one(s, q, read_row, out, e);
}

int
offer_standing(struct store *s, int64_t customer, const char *name, ms_t now,
    struct grant *out, int max, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT " COLUMNS_OF_OFFER " FROM offer o WHERE o.customer = ?1"
	    " AND o.state = 1 AND o.expires_at > ?2 AND (?3 = '' OR o.name = ?3)"
	    " ORDER BY o.granted_at DESC, o.id DESC LIMIT ?4");

	sql_int(q, 1, customer);
	sql_int(q, 2, now);
	sql_text(q, 3, name == NULL ? "" : name);
	sql_int(q, 4, max);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
offer_over(struct store *s, ms_t now, struct grant *out, int max, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS_OF_OFFER " FROM offer o WHERE o.state <= 1"
		       " AND o.expires_at <= ?1 ORDER BY o.expires_at, o.id LIMIT ?2");

	sql_int(q, 1, now);
	sql_int(q, 2, max);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
offer_count(struct store *s, int state, ms_t now, int64_t *n, struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT count(*) FROM offer WHERE state <= 1 AND expires_at > ?2 AND state = ?1");

	sql_int(q, 1, state);
	sql_int(q, 2, now);
	if (sql_step(q, e) != 1)
		return -1;
	*n = sql_col(q, 0);
	sql_end(q);
	return 0;
}

int
offer_each(struct store *s, int state, int64_t before, int max,
    void (*each)(void *arg, const struct grant *g, const char *ext), void *arg,
    struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS_OF_OFFER ", ifnull(c.ext, '') FROM offer o"
		       " LEFT JOIN customer c ON c.id = o.customer"
		       " WHERE (?1 < 0 OR o.state = ?1) AND (?3 = 0 OR o.id < ?3)"
		       " ORDER BY o.id DESC LIMIT ?2");
	int rc;

	sql_int(q, 1, state);
	sql_int(q, 2, max);
	sql_int(q, 3, before);
	while ((rc = sql_step(q, e)) == 1) {
		struct grant g;

		read_row(s, q, &g);
		each(arg, &g, sql_col_text(q, 14));
	}
	return rc;
}

/* ---- quotas: the slots of cap.c ---- */

static char *
scope_of(struct store *s, const char *name, const char *store)
{
	return arena_printf(store_scratch(s), "offer:%s:%s", name, store);
}

int
offer_quota_take(struct store *s, const char *name, const char *store, int month,
    int limit, struct err *e)
{
	return cap_take(
	    s, scope_of(s, name, store), month, limit < 0 ? INT32_MAX : limit, e);
}

int
offer_quota_used(struct store *s, const char *name, const char *store, int month,
    int *used, struct err *e)
{
	return cap_used(s, scope_of(s, name, store), month, used, e);
}

int
offer_quota_each(struct store *s, const char *name, int month,
    void (*each)(void *arg, const char *store, int used), void *arg, struct err *e)
{
	const char *from = scope_of(s, name, "");
	char *to = arena_strdup(store_scratch(s), from);
	struct sql *q = sql_get(s, "SELECT scope, used FROM cap WHERE scope >= ?1 AND scope < ?2"
				   " AND period = ?3 ORDER BY scope");
	int rc;

	to[strlen(to) - 1]++; /* all that begins with it */
	sql_text(q, 1, from);
	sql_text(q, 2, to);
	sql_int(q, 3, month);
	while ((rc = sql_step(q, e)) == 1)
		each(arg, sql_col_text(q, 0) + strlen(from), (int)sql_col(q, 1));
	return rc;
}
