/* What is written of a customer beside a file's row. */
#include <glib.h>

#include "customer_impl.h"
#include "day.h"
#include "store/signal.h"

/* ---- by playbooks, events and receipts ---- */

static int
set_text(struct store *s, struct sql *q, int64_t id, const char *v, struct err *e)
{
	sql_int(q, 1, id);
	sql_text(q, 2, v);
	return sql_run(q, e) != 0 ? -1 : signal_look(s, id, e);
}

int
customer_set_stage(struct store *s, int64_t id, const char *stage, struct err *e)
{
	return set_text(s, sql_get(s, "UPDATE customer SET said_stage = ifnull(said_stage, stage), stage = ?2"
				" WHERE id = ?1"), id, stage, e);
}

int
customer_set_attr(struct store *s, int64_t id, const char *attrs, struct err *e)
{
	return set_text(s, sql_get(s, "UPDATE customer SET said_attrs = ifnull(said_attrs, attrs), attrs = ?2"
				" WHERE id = ?1"), id, attrs, e);
}

int
customer_set_tags(struct store *s, int64_t id, const char *tags, struct err *e)
{
	return set_text(s, sql_get(s, "UPDATE customer SET said_tags = ifnull(said_tags, tags), tags = ?2"
				" WHERE id = ?1"), id, tags, e);
}

int
customer_consent(struct store *s, const struct customer *c, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE customer SET said_consent = ifnull(said_consent,"
				   " consent), consent = ?2 WHERE id = ?1");

	sql_int(q, 1, c->id);
	sql_int(q, 2, customer_pack_consent(c));
	return sql_run(q, e) != 0 ? -1 : signal_look(s, c->id, e);
}

int
customer_visited(struct store *s, int64_t id, ms_t at, int64_t day, struct err *e)
{
	struct sql *q = sql_get(s,
	    "UPDATE customer SET visits = visits + 1, last_visit_at = max(last_visit_at, ?2),"
	    " last_visit = max(ifnull(last_visit, 0), ?3), first_visit = ifnull(first_visit, ?3)"
	    " WHERE id = ?1");

	sql_int(q, 1, id);
	sql_int(q, 2, at);
	sql_int(q, 3, day);
	return sql_run(q, e);
}

int
customer_block(struct store *s, int64_t id, ms_t at, struct err *e)
{
	struct sql *q =
	    sql_get(s, "UPDATE customer SET blocked_at = ?2, complained_at = ?2"
		       " WHERE id = ?1 AND blocked_at = 0");

	sql_int(q, 1, id);
	sql_int(q, 2, at);
	return sql_run(q, e);
}

int
customer_unblock(struct store *s, int64_t id, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE customer SET blocked_at = 0 WHERE id = ?1");

	sql_int(q, 1, id);
	return sql_run(q, e);
}

int
customer_invalidate(struct store *s, int64_t id, int channel, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE customer SET invalid = invalid | ?2 WHERE id = ?1");

	sql_int(q, 1, id);
	sql_int(q, 2, 1 << channel);
	return sql_run(q, e);
}

int
customer_validate(struct store *s, int64_t id, int channel, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE customer SET invalid = invalid & ~?2 WHERE id = ?1");

	sql_int(q, 1, id);
	sql_int(q, 2, 1 << channel);
	return sql_run(q, e);
}

/* ---- by imports, and put back ---- */

int
customer_set_facts(
    struct store *s, int64_t id, const struct customer_facts *f, struct err *e)
{
	struct sql *q = sql_get(s,
	    "UPDATE customer SET first_visit = ?2, last_visit = ?3, last_visit_at = ?4,"
	    " visits = ?5, spend = ?6 WHERE id = ?1");

	sql_int(q, 1, id);
	day_bind(q, 2, f->first_visit);
	day_bind(q, 3, f->last_visit);
	sql_int(q, 4, f->last_visit_at);
	sql_int(q, 5, f->visits);
	sql_int(q, 6, (int64_t)(f->spend_12m * 100 + 0.5));
	return sql_run(q, e);
}

int
customer_replace(struct store *s, const struct customer *c, struct err *e)
{
	struct sql *q =
	    sql_get(s, "UPDATE customer SET last_visit = NULL, last_visit_at = 0,"
		       " visits = 0, attrs = '{}', said_stage = NULL, said_tags = NULL,"
		       " said_attrs = NULL, said_consent = NULL, kind = '', contact = '',"
		       " contact_name = '', household = '' WHERE ext = ?1");
	int64_t id;
	bool created;

	sql_text(q, 1, c->ext);
	return sql_run(q, e) != 0 ? -1 : customer_put(s, c, &id, &created, e);
}

int
customer_set_addresses(
    struct store *s, struct customer_row *old, const char *const *address, struct err *e)
{
	struct customer c = old->c;
	uint8_t sealed[CUSTOMER_SEALED];
	struct sql *q;
	size_t n;

	for (int i = 0; i < CHANNELS; i++)
		c.address[i] = address[i];
	if (customer_seal(s, c.id, &c, sealed, &n, e) != 0 ||
	    customer_drop_addresses(s, old, e) != 0 ||
	    customer_put_addresses(s, c.id, &c, e) != 0)
		return -1;
	q = sql_get(s, "UPDATE customer SET addr_enc = ?2 WHERE id = ?1");
	sql_int(q, 1, c.id);
	sql_blob(q, 2, sealed, n);
	return sql_run(q, e);
}

/* Nobody is spoken to through him any more, and no car is his to drive. */
static int
leave_others(struct store *s, const struct customer *c, struct err *e)
{
	struct sql *q = sql_get(
	    s, "UPDATE customer SET contact = '' WHERE contact = ?1 AND contact <> ''");

	sql_text(q, 1, c->ext);
	if (sql_run(q, e) != 0)
		return -1;
	q = sql_get(s, "UPDATE vehicle SET driver = 0 WHERE driver = ?1 AND driver <> 0");
	sql_int(q, 1, c->id);
	return sql_run(q, e);
}

int
customer_forget(struct store *s, int64_t id, ms_t at, struct err *e)
{
	struct customer_row old;
	struct sql *q;
	char ext[48];

	if (customer_get(s, id, &old, e) != 1 || customer_open(s, &old, e) != 0 ||
	    customer_drop_addresses(s, &old, e) != 0)
		return -1;
	if (leave_others(s, &old.c, e) != 0)
		return -1;
	g_snprintf(ext, sizeof(ext), "gone:%" G_GINT64_FORMAT, id);
	q = sql_get(s,
	    "UPDATE customer SET ext = ?2, name = '', gender = '', stage = '', advisor = "
	    "'',"
	    " birthday = NULL, first_visit = NULL, last_visit = NULL, last_visit_at = 0,"
	    " visits = 0, spend = 0, consent = 0, tags = '', attrs = '{}', addr_enc = "
	    "NULL,"
	    " said_stage = NULL, said_tags = NULL, said_attrs = NULL, said_consent = NULL, kind = '', contact = '',"
	    " contact_name = '', household = '', erased_at = ?3 WHERE id = ?1");
	sql_int(q, 1, id);
	sql_text(q, 2, ext);
	sql_int(q, 3, at);
	return sql_run(q, e);
}
