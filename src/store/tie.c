#include "store/tie.h"

#include <string.h>

#include <glib.h>

#include "sql.h"
#include "store/customer.h"
#include "store/msg.h"
#include "store/signal.h"
#include "store/subject.h"

static int
add_bits(struct store *s, int64_t id, int bits, struct err *e)
{
	struct sql *q = sql_get(
	    s, "UPDATE customer SET ties = ties | ?2 WHERE id = ?1 AND ties & ?2 <> ?2");

	sql_int(q, 1, id);
	sql_int(q, 2, bits);
	return sql_run(q, e);
}

int
tie_contact(struct store *s, int64_t company, const char *contact, struct err *e)
{
	int64_t id;
	int rc = customer_find(s, contact, &id, e);

	/* Who is not known yet gets his bit when he is added. */
	if (rc < 0 || (rc == 1 && (add_bits(s, id, TIE_CONTACT, e) != 0 ||
				      signal_look(s, id, e) != 0)))
		return -1;
	return add_bits(s, company, TIE_OTHERS, e);
}

int
tie_driver(struct store *s, const char *vehicle, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT customer, driver FROM vehicle WHERE ext = ?1"
				   " AND driver <> 0 AND driver <> customer");
	int64_t owner = 0, driver = 0;
	int rc;

	sql_text(q, 1, vehicle);
	if ((rc = sql_step(q, e)) == 1) {
		owner = sql_col(q, 0);
		driver = sql_col(q, 1);
	}
	sql_end(q);
	return rc != 1 ? rc
	       : add_bits(s, owner, TIE_OTHERS, e) != 0
		   ? -1
	       : add_bits(s, driver, TIE_DRIVER, e) != 0
		   ? -1
		   : signal_look(s, driver, e);
}

int
tie_look(struct store *s, int64_t owner, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT 1 FROM customer WHERE id = ?1 AND ties & ?2 <> 0");
	int64_t ids[64];
	int n;

	sql_int(q, 1, owner);
	sql_int(q, 2, TIE_OTHERS);
	n = sql_step(q, e);
	sql_end(q);
	if (n != 1)
		return n;
	n = tie_others(s, owner, ids, (int)G_N_ELEMENTS(ids), e);
	for (int i = 0; i < n; i++)
		if (signal_look(s, ids[i], e) != 0)
			return -1;
	return n < 0 ? -1 : 0;
}

int
tie_number(struct store *s, int64_t customer, int64_t h, struct err *e)
{
	/* Of three the first two were marked when the second came. */
	struct sql *q = sql_get(s, "SELECT DISTINCT customer FROM address WHERE h = ?1"
				   " AND customer <> ?2 LIMIT 2");
	int64_t others[2];
	int n;

	sql_int(q, 1, h);
	sql_int(q, 2, customer);
	n = sql_ids(q, others, e);
	for (int i = 0; i < n; i++)
		if (add_bits(s, others[i], TIE_NUMBER, e) != 0 ||
		    cap_address(s, h, others[i], e) != 0)
			return -1;
	return n <= 0 ? n : add_bits(s, customer, TIE_NUMBER, e);
}

int
tie_give(struct store *s, int64_t a, int64_t b, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE customer SET ties = ties | (SELECT ties FROM"
				   " customer WHERE id = ?2) WHERE id = ?1");

	sql_int(q, 1, a);
	sql_int(q, 2, b);
	return sql_run(q, e);
}

int
tie_set(struct store *s, int64_t id, const struct customer *c, struct err *e)
{
	struct sql *q = sql_get(s,
	    "UPDATE customer SET kind = ifnull(?2, kind), contact = ifnull(?3, contact),"
	    " contact_name = ifnull(?4, contact_name), household = ifnull(?5, household)"
	    " WHERE id = ?1");

	sql_int(q, 1, id);
	sql_text(q, 2, c->kind);
	sql_text(q, 3, c->contact);
	sql_text(q, 4, c->contact_name);
	sql_text(q, 5, c->household);
	if (sql_run(q, e) != 0 || signal_look(s, id, e) != 0)
		return -1;
	return c->contact == NULL || *c->contact == '\0'
		   ? 0
		   : tie_contact(s, id, c->contact, e);
}

int
tie_set_driver(struct store *s, const char *vehicle, int64_t driver, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE vehicle SET driver = ?2 WHERE ext = ?1");

	sql_text(q, 1, vehicle);
	sql_int(q, 2, driver);
	return sql_run(q, e) != 0 ? -1 : tie_driver(s, vehicle, e);
}

int
tie_contact_of(struct store *s, int64_t customer, int64_t *contact, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT contact FROM customer WHERE id = ?1 AND"
				   " contact <> '' AND kind = '" KIND_COMPANY "'");
	const char *ext = "";
	int rc;

	sql_int(q, 1, customer);
	if ((rc = sql_step(q, e)) == 1)
		ext = sql_col_dup(s, q, 0);
	sql_end(q);
	if (rc != 1 || (rc = customer_find(s, ext, contact, e)) != 1)
		return rc;
	return *contact != customer;
}

int
tie_companies(struct store *s, int64_t contact, int64_t *ids, int max, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT id FROM customer WHERE contact = (SELECT ext FROM customer"
		       " WHERE id = ?1) AND contact <> '' AND kind = '" KIND_COMPANY
		       "' AND merged = 0 AND id <> ?1 ORDER BY id LIMIT ?2");

	sql_int(q, 1, contact);
	sql_int(q, 2, max);
	return sql_ids(q, ids, e);
}

int
tie_others(struct store *s, int64_t customer, int64_t *ids, int max, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT driver FROM vehicle WHERE customer = ?1 AND "
				   "driver NOT IN (0, ?1) UNION"
				   " SELECT id FROM customer WHERE ext = (SELECT contact "
				   "FROM customer WHERE id = ?1"
				   " AND contact <> '') AND id <> ?1 LIMIT ?2");

	sql_int(q, 1, customer);
	sql_int(q, 2, max);
	return sql_ids(q, ids, e);
}

int
tie_household(struct store *s, int64_t customer, const char *word, int64_t *ids, int max,
    struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT id FROM customer WHERE household = ?2 AND household <> ''"
		       " AND id <> ?1 AND merged = 0 ORDER BY id LIMIT ?3");

	sql_int(q, 1, customer);
	sql_text(q, 2, word);
	sql_int(q, 3, max);
	return sql_ids(q, ids, e);
}

static void
read_sent(struct store *s, struct sql *q, void *into)
{
	struct tie_sent *out = into;

	*out = (struct tie_sent){ .at = sql_col(q, 0),
		.category = (int)sql_col(q, 1),
		.msg = sql_col(q, 2),
		.playbook = (int)sql_col(q, 3),
		.step = sql_col_dup(s, q, 4),
		.subject = sql_col_word(s, q, 5) };
}

/* What another system sent (msg below 0) may have gone there: it counts. */
int
tie_sent(struct store *s, int64_t customer, int64_t h, ms_t since, struct tie_sent *out,
    int max, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT r.at, r.category, r.msg, ifnull(m.playbook, 0), ifnull(m.step, ''),"
	    " (SELECT subject FROM run WHERE id = m.run) FROM reservation r"
	    " LEFT JOIN msg m ON m.id = r.msg WHERE r.customer = ?1 AND r.at >= ?3"
	    " AND (r.msg < 0 OR m.address = ?2) ORDER BY r.at DESC LIMIT ?4");

	sql_int(q, 1, customer);
	sql_int(q, 2, h);
	sql_int(q, 3, since);
	sql_int(q, 4, max);
	return sql_all(s, q, read_sent, out, sizeof(*out), e);
}
