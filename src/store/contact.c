#include "store/contact.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "core/words.h"
#include "told.h"

#define COLUMNS "id, h, union_h, customer, way, matched_at, not_him, told_enc"

static const char *
place(int64_t h, char *buf, size_t n)
{
	g_snprintf(buf, n, "contact.told:%" G_GINT64_FORMAT, h);
	return buf;
}

int64_t
contact_union_hash(struct store *s, const char *unionid)
{
	return *unionid == '\0' ? 0
				: crypt_hmac64(store_crypt(s), "contact.unionid", unionid,
				      strlen(unionid));
}

static int
read_row(struct store *s, struct sql *q, struct contact_row *c, struct err *e)
{
	char where[64];
	json_t *told;

	*c = (struct contact_row){ .id = sql_col(q, 0),
		.h = sql_col(q, 1),
		.union_h = sql_col(q, 2),
		.customer = sql_col(q, 3),
		.way = (int)sql_col(q, 4),
		.matched_at = sql_col(q, 5),
		.not_him = sql_col(q, 6) };
	told = told_open(s, q, 7, place(c->h, where, sizeof(where)), e);
	if (told == NULL)
		return -1;
	c->external = told_text(s, told, "id");
	c->name = told_text(s, told, "name");
	json_decref(told);
	return 1;
}

static int
one(struct store *s, struct sql *q, struct contact_row *out, struct err *e)
{
	int rc = sql_step(q, e);

	if (rc == 1)
		rc = read_row(s, q, out, e);
	sql_end(q);
	return rc;
}

static int
all(struct store *s, struct sql *q, struct contact_row *out, int max, struct err *e)
{
	int n = 0, rc = 0;

	while (n < max && (rc = sql_step(q, e)) == 1 &&
	       (rc = read_row(s, q, &out[n], e)) == 1)
		n++;
	sql_end(q);
	return rc < 0 ? -1 : n;
}

int
contact_get(struct store *s, int64_t id, struct contact_row *out, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS " FROM contact WHERE id = ?1");

	sql_int(q, 1, id);
	return one(s, q, out, e);
}

int
contact_find(struct store *s, int64_t h, struct contact_row *out, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS " FROM contact WHERE h = ?1");

	sql_int(q, 1, h);
	return one(s, q, out, e);
}

int
contact_put(struct store *s, struct contact_row *c, ms_t now, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO contact(" COLUMNS ") VALUES(?1, ?2, ?3, 0, 0, 0, 0, ?4)"
	    " ON CONFLICT(id) DO UPDATE SET union_h = ?3, told_enc = ?4");
	json_t *told = json_pack("{ss ss}", "id", c->external, "name", c->name);
	char where[64];

	if (c->id == 0)
		c->id = store_next_id(s, now);
	sql_int(q, 1, c->id);
	sql_int(q, 2, c->h);
	sql_int(q, 3, c->union_h);
	told_bind(s, q, 4, place(c->h, where, sizeof(where)), told);
	json_decref(told);
	return sql_run(q, e);
}

int
contact_save_match(struct store *s, const struct contact_row *c, struct err *e)
{
	struct sql *q =
	    sql_get(s, "UPDATE contact SET customer = ?2, way = ?3, matched_at = ?4,"
		       " not_him = ?5 WHERE id = ?1");

	sql_int(q, 1, c->id);
	sql_int(q, 2, c->customer);
	sql_int(q, 3, c->way);
	sql_int(q, 4, c->matched_at);
	sql_int(q, 5, c->not_him);
	return sql_run(q, e);
}

static int
ids(struct sql *q, int64_t *out, int max, struct err *e)
{
	int n = 0, rc = 0;

	while (n < max && (rc = sql_step(q, e)) == 1)
		out[n++] = sql_col(q, 0);
	sql_end(q);
	return rc < 0 ? -1 : n;
}

int
contact_of_union(struct store *s, int64_t union_h, int64_t not_of, int64_t *customers,
    int max, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT DISTINCT customer FROM contact WHERE union_h = ?1"
		       " AND union_h <> 0 AND customer <> 0 AND id <> ?2");

	sql_int(q, 1, union_h);
	sql_int(q, 2, not_of);
	return ids(q, customers, max, e);
}

int
contact_of_customer(
    struct store *s, int64_t customer, struct contact_row *out, int max, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS " FROM contact WHERE customer = ?1"
				   " AND customer <> 0 ORDER BY id");

	sql_int(q, 1, customer);
	return all(s, q, out, max, e);
}

int
contact_unmatched(
    struct store *s, int64_t after, struct contact_row *out, int max, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT " COLUMNS " FROM contact c WHERE customer = 0 AND id > ?1 AND EXISTS"
	    " (SELECT 1 FROM follow f WHERE f.contact = c.id AND f.ended = 0) ORDER BY "
	    "id");

	sql_int(q, 1, after);
	return all(s, q, out, max, e);
}

/* ---- unionids that files told ---- */

int
unionid_add(struct store *s, int64_t h, int64_t customer, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT OR IGNORE INTO unionid VALUES(?2, ?1)");

	sql_int(q, 1, h);
	sql_int(q, 2, customer);
	return sql_run(q, e);
}

int
unionid_of(struct store *s, int64_t h, int64_t *customers, int max, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT customer FROM unionid WHERE h = ?1");

	sql_int(q, 1, h);
	return ids(q, customers, max, e);
}

int
unionid_list(struct store *s, int64_t customer, int64_t *hs, int max, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT h FROM unionid WHERE customer = ?1 ORDER BY h");

	sql_int(q, 1, customer);
	return ids(q, hs, max, e);
}

int
unionid_clear(struct store *s, int64_t customer, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM unionid WHERE customer = ?1");

	sql_int(q, 1, customer);
	return sql_run(q, e);
}

int
contact_erased_at(struct store *s, int64_t h, ms_t *at, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT at FROM optout WHERE h = ?1 AND channel = ?2"
				   " AND src = 'erase'");
	int rc;

	sql_int(q, 1, h);
	sql_int(q, 2, CHANNEL_WECOM);
	rc = sql_step(q, e);
	*at = rc == 1 ? sql_col(q, 0) : 0;
	sql_end(q);
	return rc < 0 ? -1 : 0;
}

int
contact_advised(struct store *s, const char *name, const char *ext,
    void (*each)(void *arg, const char *ext, const char *name), void *arg, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT ext, name FROM customer WHERE advisor IN (?1, ?2) AND"
		       " advisor <> '' AND merged = 0 AND erased_at = 0 ORDER BY id");
	int rc;

	sql_text(q, 1, name);
	sql_text(q, 2, ext);
	while ((rc = sql_step(q, e)) == 1)
		each(arg, sql_col_text(q, 0), sql_col_text(q, 1));
	return rc;
}
