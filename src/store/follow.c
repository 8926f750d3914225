/* follow.c - which members of staff have a contact, and how far their lists are read. */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "told.h"
#include "store/contact.h"

#define COLUMNS "contact, member, since, ended, ended_at, told_at, ask, told_enc, account"

static const char *
place(int64_t contact, char *buf, size_t n)
{
	g_snprintf(buf, n, "follow.told:%" G_GINT64_FORMAT, contact);
	return buf;
}

static int
read_row(struct store *s, struct sql *q, struct follow *f, struct err *e)
{
	char where[64];
	json_t *told;

	*f = (struct follow){ .contact = sql_col(q, 0),
		.member = sql_col_dup(s, q, 1),
		.since = sql_col(q, 2),
		.ended = (int)sql_col(q, 3),
		.ended_at = sql_col(q, 4),
		.told_at = sql_col(q, 5),
		.ask = sql_col(q, 6) != 0,
		.account = sql_col_dup(s, q, 8) };
	told = told_open(s, q, 7, place(f->contact, where, sizeof(where)), e);
	if (told == NULL)
		return -1;
	f->remark = told_text(s, told, "remark");
	f->state = told_text(s, told, "state");
	f->mobiles = told_text(s, told, "mobiles");
	json_decref(told);
	return 1;
}

int
follow_get(struct store *s, int64_t contact, const char *member, struct follow *out,
    struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT " COLUMNS " FROM follow WHERE contact = ?1 AND member = ?2");
	int rc;

	sql_int(q, 1, contact);
	sql_text(q, 2, member);
	if ((rc = sql_step(q, e)) == 1)
		rc = read_row(s, q, out, e);
	sql_end(q);
	return rc;
}

int
follow_put(struct store *s, const struct follow *f, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO follow(" COLUMNS ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
	    " ON CONFLICT DO UPDATE SET since = ?3, ended = ?4, ended_at = ?5,"
	    " told_at = ?6, ask = ?7, told_enc = ?8, account = ?9");
	json_t *told = json_pack(
	    "{ss ss ss}", "remark", f->remark, "state", f->state, "mobiles", f->mobiles);
	char where[64];

	sql_int(q, 1, f->contact);
	sql_text(q, 2, f->member);
	sql_int(q, 3, f->since);
	sql_int(q, 4, f->ended);
	sql_int(q, 5, f->ended_at);
	sql_int(q, 6, f->told_at);
	sql_int(q, 7, f->ask);
	told_bind(s, q, 8, place(f->contact, where, sizeof(where)), told);
	json_decref(told);
	sql_text(q, 9, f->account);
	return sql_run(q, e);
}

int
follow_of(struct store *s, int64_t contact, bool all, struct follow *out, int max,
    struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS " FROM follow WHERE contact = ?1"
				   " AND (?2 OR ended = 0) ORDER BY since DESC, member");
	int n = 0, rc = 0;

	sql_int(q, 1, contact);
	sql_int(q, 2, all);
	while (n < max && (rc = sql_step(q, e)) == 1 &&
	       (rc = read_row(s, q, &out[n], e)) == 1)
		n++;
	sql_end(q);
	return rc < 0 ? -1 : n;
}

int
follow_unseen(struct store *s, const char *account, const char *member, ms_t before,
    int64_t *contacts, int max, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT contact FROM follow WHERE member = ?1 AND"
		       " ended = 0 AND told_at < ?2 AND account = ?4 LIMIT ?3");

	sql_text(q, 1, member);
	sql_int(q, 2, before);
	sql_int(q, 3, max);
	sql_text(q, 4, account);
	return sql_ids(q, contacts, e);
}

int
follow_asked(struct store *s, const char *account, int64_t *contact, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT contact FROM follow WHERE ask = 1 AND account = ?1"
		       " ORDER BY contact LIMIT 1");

	sql_text(q, 1, account);

	return sql_ids(q, contact, e);
}

int
follow_answered(struct store *s, int64_t contact, struct err *e)
{
	struct sql *q =
	    sql_get(s, "UPDATE follow SET ask = 0 WHERE contact = ?1 AND ask = 1");

	sql_int(q, 1, contact);
	return sql_run(q, e);
}

/* ---- how far lists are read ---- */

#define MEMBERS                                                                    \
	"FROM (SELECT wecom AS member FROM staff WHERE wecom <> '' AND"            \
	" (left_on IS NULL OR left_on > ?3) GROUP BY wecom COLLATE NOCASE) m LEFT" \
	" JOIN roster r ON r.account = ?1 AND r.member = m.member "

int
roster_next(struct store *s, const char *account, ms_t due, int64_t day,
    struct roster *out, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT m.member, ifnull(r.cursor, ''), ifnull(r.begun_at, 0),"
	    " ifnull(r.read_at, 0), ifnull(r.perr, '') " MEMBERS
	    "WHERE ifnull(r.begun_at, 0) <> 0 OR ifnull(r.read_at, 0) < ?2"
	    " ORDER BY ifnull(r.begun_at, 0) = 0, ifnull(r.read_at, 0), m.member LIMIT "
	    "1");
	int rc;

	sql_text(q, 1, account);
	sql_int(q, 2, due);
	sql_int(q, 3, day);
	if ((rc = sql_step(q, e)) == 1)
		*out = (struct roster){ .account = account,
			.member = sql_col_dup(s, q, 0),
			.cursor = sql_col_dup(s, q, 1),
			.begun_at = sql_col(q, 2),
			.read_at = sql_col(q, 3),
			.perr = sql_col_dup(s, q, 4) };
	sql_end(q);
	return rc;
}

int
roster_put(struct store *s, const struct roster *r, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT INTO roster VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO"
		       " UPDATE SET cursor = ?3, begun_at = ?4, read_at = ?5, perr = ?6");

	sql_text(q, 1, r->account);
	sql_text(q, 2, r->member);
	sql_text(q, 3, r->cursor);
	sql_int(q, 4, r->begun_at);
	sql_int(q, 5, r->read_at);
	sql_text(q, 6, r->perr);
	return sql_run(q, e);
}

int
roster_each(struct store *s, const char *account, ms_t due, int64_t day, int *members,
    int *read, int *failed, ms_t *oldest, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT count(*), ifnull(sum(ifnull(r.begun_at, 0) = 0 AND"
	    " ifnull(r.read_at, 0) >= ?2), 0), ifnull(sum(ifnull(r.perr, '') <> ''), 0),"
	    " ifnull(min(ifnull(r.read_at, 0)), 0) " MEMBERS);
	int rc;

	sql_text(q, 1, account);
	sql_int(q, 2, due);
	sql_int(q, 3, day);
	if ((rc = sql_step(q, e)) == 1) {
		*members = (int)sql_col(q, 0);
		*read = (int)sql_col(q, 1);
		*failed = (int)sql_col(q, 2);
		*oldest = sql_col(q, 3);
	}
	sql_end(q);
	return rc == 1 ? 0 : -1;
}

/* ---- how many are matched ---- */

int
contact_rates(struct store *s, void (*each)(void *arg, const struct contact_rate *r),
    void *arg, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT f.member, ifnull(s.name, ''), ifnull(s.store, ''), count(*),"
	    " sum(c.customer <> 0), sum(c.customer <> 0 AND c.way = 1),"
	    " sum(c.customer <> 0 AND c.way = 2), sum(c.customer <> 0 AND c.way = 3),"
	    " sum(c.customer <> 0 AND c.way = 4), sum(c.customer <> 0 AND c.way = 5)"
	    " FROM follow f JOIN contact c ON c.id = f.contact LEFT JOIN staff s ON s.id "
	    "="
	    " (SELECT min(id) FROM staff WHERE wecom = f.member COLLATE NOCASE)"
	    " WHERE f.ended = 0 GROUP BY f.member ORDER BY 3, 2, 1");
	int rc;

	while ((rc = sql_step(q, e)) == 1) {
		struct contact_rate r = { .member = sql_col_dup(s, q, 0),
			.name = sql_col_dup(s, q, 1),
			.store = sql_col_dup(s, q, 2),
			.contacts = sql_col(q, 3),
			.matched = sql_col(q, 4) };

		for (int way = CONTACT_BY_HAND; way < CONTACT_WAYS; way++)
			r.by[way] = sql_col(q, 4 + way);
		each(arg, &r);
	}
	sql_end(q);
	return rc;
}

int
contact_count(struct store *s, const char *account, int64_t *contacts, int64_t *matched,
    struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT count(*), ifnull(sum(customer <> 0), 0) FROM contact c WHERE EXISTS"
	    " (SELECT 1 FROM follow f WHERE f.contact = c.id AND f.ended = 0"
	    " AND (?1 = '' OR f.account = ?1))");
	int rc;

	sql_text(q, 1, account);
	if ((rc = sql_step(q, e)) == 1) {
		*contacts = sql_col(q, 0);
		*matched = sql_col(q, 1);
	}
	sql_end(q);
	return rc == 1 ? 0 : -1;
}
