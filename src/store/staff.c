#include <string.h>

#include <glib.h>

#include "day.h"
#include "store/subject.h"

#define COLUMNS_OF_STAFF                                                               \
	"id, ext, name, store, role, wecom, phone_enc, deputy, successor, away_from, " \
	"away_to,"                                                                     \
	" left_on, attrs"
#define PHONE_MAX 32

/* Sealed for its row by the dealer's id, which does not change. */
static const char *
place(const char *ext, char *buf, size_t n)
{
	g_snprintf(buf, n, "staff.phone:%s", ext);
	return buf;
}

static int
read_row(struct store *s, struct sql *q, struct staff *f, struct err *e)
{
	const void *sealed;
	char where[400], *phone;
	ptrdiff_t len = 0;
	size_t n;

	*f = (struct staff){ .phone = "" };
	f->id = sql_col(q, 0);
	f->ext = sql_col_dup(s, q, 1);
	f->name = sql_col_dup(s, q, 2);
	f->store = sql_col_dup(s, q, 3);
	f->role = sql_col_dup(s, q, 4);
	f->wecom = sql_col_dup(s, q, 5);
	f->deputy = sql_col_dup(s, q, 7);
	f->successor = sql_col_dup(s, q, 8);
	f->away_from = day_col(q, 9);
	f->away_to = day_col(q, 10);
	f->left_on = day_col(q, 11);
	f->attrs = sql_col_dup(s, q, 12);
	sealed = sql_col_blob(q, 6, &n);
	if (n == 0)
		return 1;
	phone = arena_alloc(store_scratch(s), n + 1);
	len = crypt_open(
	    store_crypt(s), place(f->ext, where, sizeof(where)), sealed, n, phone);
	if (len < 0)
		return err_set(e, ERR_IO,
		    "the phone of a member of staff does not open with this key");
	f->phone = phone;
	return 1;
}

int
staff_put(struct store *s, const struct staff *f, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO staff(ext, name, store, role, wecom, phone_enc, deputy, "
	    "successor,"
	    " away_from, away_to, left_on, attrs) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
	    "?9, ?10,"
	    " ?11, ?12) ON CONFLICT(ext) DO UPDATE SET name = ?2, store = ?3, role = ?4,"
	    " wecom = ?5, phone_enc = ?6, deputy = ?7, successor = ?8, away_from = ?9,"
	    " away_to = ?10, left_on = ?11, attrs = ?12");
	uint8_t sealed[PHONE_MAX + CRYPT_OVERHEAD];
	char where[400];
	size_t n = 0;

	if (strlen(f->phone) > PHONE_MAX)
		return err_set(e, ERR_INPUT, "a phone number is too long");
	if (*f->phone != '\0')
		n = crypt_seal(store_crypt(s), place(f->ext, where, sizeof(where)),
		    f->phone, strlen(f->phone), sealed);
	sql_text(q, 1, f->ext);
	sql_text(q, 2, f->name);
	sql_text(q, 3, f->store);
	sql_text(q, 4, f->role);
	sql_text(q, 5, f->wecom);
	sql_blob(q, 6, n == 0 ? NULL : sealed, n);
	sql_text(q, 7, f->deputy);
	sql_text(q, 8, f->successor);
	day_bind(q, 9, f->away_from);
	day_bind(q, 10, f->away_to);
	day_bind(q, 11, f->left_on);
	sql_text(q, 12, f->attrs);
	return sql_run(q, e);
}

int
staff_get(struct store *s, const char *ext, struct staff *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS_OF_STAFF " FROM staff WHERE ext = ?1");
	int rc;

	sql_text(q, 1, ext);
	if ((rc = sql_step(q, e)) == 1)
		rc = read_row(s, q, out, e);
	sql_end(q);
	return rc;
}

int
staff_find(
    struct store *s, const char *word, const char *shop, struct staff *out, struct err *e)
{
	struct sql *q;
	int rc;

	if (*word == '\0')
		return 0;
	if ((rc = staff_get(s, word, out, e)) != 0)
		return rc;
	q = sql_get(s, "SELECT " COLUMNS_OF_STAFF " FROM staff WHERE id = ifnull("
		       "(SELECT min(id) FROM staff WHERE name = ?1 AND store = ?2),"
		       " (SELECT min(id) FROM staff WHERE name = ?1))");
	sql_text(q, 1, word);
	sql_text(q, 2, shop);
	if ((rc = sql_step(q, e)) == 1)
		rc = read_row(s, q, out, e);
	sql_end(q);
	return rc;
}

int
staff_of_wecom(struct store *s, const char *id, struct staff *out, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_STAFF
				   " FROM staff WHERE wecom = ?1 COLLATE NOCASE AND"
				   " wecom <> '' ORDER BY id LIMIT 1");
	int rc;

	sql_text(q, 1, id);
	if ((rc = sql_step(q, e)) == 1)
		rc = read_row(s, q, out, e);
	sql_end(q);
	return rc;
}

#define CHAIN 4

int
staff_today(struct store *s, int64_t day, struct staff *out, struct err *e)
{
	int rc = 1;

	for (int i = 0; rc == 1 && i < CHAIN && !staff_present(out, day); i++) {
		struct staff first = *out;
		/* Who has left is followed by his successor, who is away by his deputy. */
		bool left = first.left_on.year != 0 && date_days(first.left_on) <= day;

		rc = staff_get(s, left ? first.successor : first.deputy, out, e);
		if (rc == 0)
			rc = staff_get(s, left ? first.deputy : first.successor, out, e);
	}
	return rc == 1 ? staff_present(out, day) : rc;
}

int
staff_of_role(struct store *s, const char *role, const char *shop, struct staff *out,
    int max, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_STAFF
				   " FROM staff WHERE role = ?1 ORDER BY store = ?2 DESC,"
				   " id LIMIT ?3");
	int n = 0, rc;

	sql_text(q, 1, role);
	sql_text(q, 2, shop);
	sql_int(q, 3, max);
	while ((rc = sql_step(q, e)) == 1 && (rc = read_row(s, q, &out[n], e)) == 1)
		n++;
	sql_end(q);
	return rc < 0 ? -1 : n;
}

int
staff_drop(struct store *s, const char *ext, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM staff WHERE ext = ?1");

	sql_text(q, 1, ext);
	return sql_run(q, e);
}
