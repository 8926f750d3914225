#include "store/erase.h"

#include <stddef.h>
#include <string.h>

#include <glib.h>

#include "inbox_impl.h"
#include "sql.h"
#include "store/customer.h"

#define MSGS "(SELECT m.id FROM run r JOIN msg m ON m.run = r.id WHERE r.customer = ?1)"
#define OTHERS                                                                        \
	"r.customer IN (SELECT driver FROM vehicle WHERE customer = ?1 AND driver <> 0"   \
	" UNION SELECT id FROM customer WHERE ext = (SELECT contact FROM customer"       \
	" WHERE id = ?1)) AND r.customer <> ?1"                                          \
	" AND r.subject IN (SELECT ext FROM vehicle WHERE customer = ?1)"
#define IMAGES "DELETE FROM batch_row WHERE batch IN (SELECT id FROM batch) AND what "

/* In this order: what names a row goes before the row. */
static const struct {
	const char *text;
	size_t count; /* where in the counts */
} statements[] = {
#define AT(field) offsetof(struct erase_counts, field)
	/* Texts about his cars that others were sent, and what their runs were about. */
	{ "DELETE FROM body WHERE msg IN (SELECT m.id FROM run r JOIN msg m ON m.run = r.id"
	  " WHERE " OTHERS ")",
	    AT(texts) },
	{ "UPDATE run AS r SET subject = 'gone:' || id WHERE " OTHERS, AT(other) },
	{ "DELETE FROM body WHERE msg IN " MSGS, AT(texts) },
	{ "DELETE FROM link WHERE msg IN " MSGS, AT(links) },
	{ "DELETE FROM hit WHERE msg IN " MSGS, AT(links) },
	{ IMAGES "IN ('customers', 'facts', 'contacts', 'optouts', 'profile') AND key ="
		 " (SELECT ext FROM customer WHERE id = ?1)",
	    AT(images) },
	{ IMAGES "= 'sends' AND substr(key, 1, instr(key, char(31)) - 1) ="
		 " (SELECT ext FROM customer WHERE id = ?1)",
	    AT(images) },
	/* Of what names him, too. */
	{ IMAGES "= 'customers' AND key IN (SELECT ext FROM customer WHERE contact <> ''"
		 " AND contact = (SELECT ext FROM customer WHERE id = ?1))",
	    AT(images) },
	{ IMAGES "= 'vehicles' AND key IN (SELECT ext FROM vehicle WHERE driver = ?1"
		 " AND driver <> 0)",
	    AT(images) },
	{ IMAGES "= 'vehicles' AND key IN (SELECT ext FROM vehicle WHERE customer = ?1)",
	    AT(images) },
	{ IMAGES "= 'appointments' AND key IN"
		 " (SELECT ext FROM appointment WHERE customer = ?1)",
	    AT(images) },
	{ IMAGES "= 'orders' AND key IN (SELECT ext FROM repair WHERE customer = ?1)",
	    AT(images) },
	{ IMAGES "IN ('events', 'complaints') AND key IN"
		 " (SELECT evid FROM event WHERE customer = ?1)",
	    AT(images) },
	{ "DELETE FROM joined WHERE a = ?1 OR b = ?1", AT(images) },
	{ "DELETE FROM quality WHERE key = (SELECT ext FROM customer WHERE id = ?1)",
	    AT(other) },
	{ "DELETE FROM parked WHERE ext = (SELECT ext FROM customer WHERE id = ?1)",
	    AT(events) },
	{ "DELETE FROM event WHERE customer = ?1", AT(events) },
	{ "DELETE FROM signal WHERE customer = ?1", AT(other) },
	{ "DELETE FROM turn WHERE EXISTS (SELECT 1 FROM address a WHERE a.h = turn.h"
	  " AND a.customer = ?1)",
	    AT(other) },
	{ "DELETE FROM address WHERE customer = ?1 AND h IN"
	  " (SELECT h FROM device WHERE customer IN"
	  " (?1, (SELECT merged FROM customer WHERE id = ?1)))",
	    AT(other) },
	{ "DELETE FROM device WHERE customer = ?1", AT(other) },
	{ "DELETE FROM follow WHERE contact IN (SELECT id FROM contact WHERE customer = ?1)",
	    AT(other) },
	{ "DELETE FROM contact WHERE customer = ?1 AND customer <> 0", AT(other) },
	{ "DELETE FROM unionid WHERE customer = ?1", AT(other) },
	{ "DELETE FROM not_yet WHERE customer = ?1", AT(other) },
	{ "DELETE FROM waiting WHERE customer = ?1", AT(other) },
	{ "DELETE FROM vehicle WHERE customer = ?1", AT(vehicles) },
	{ "DELETE FROM appointment WHERE customer = ?1", AT(vehicles) },
	{ "DELETE FROM repair WHERE customer = ?1", AT(vehicles) },
	/* A card on its way is presumed rather than sent again. */
	{ "UPDATE card SET request_enc = NULL, next_at = NULL, state = 5 WHERE"
	  " request_enc IS NOT NULL AND id IN (SELECT told.card FROM task JOIN told ON"
	  " told.task = task.id WHERE task.customer = ?1)",
	    AT(texts) },
	{ "UPDATE task SET note_enc = NULL WHERE customer = ?1 AND note_enc IS NOT NULL",
	    AT(tasks) },
	{ "DELETE FROM heard WHERE run IN (SELECT id FROM run WHERE customer = ?1)",
	    AT(texts) },
	{ "UPDATE offer SET person = '' WHERE customer = ?1 AND person <> ''",
	    AT(other) },
	/* A subject may be a number plate. */
	{ "UPDATE run SET subject = 'gone:' || id WHERE customer = ?1 AND subject <> ''",
	    AT(other) },
	{ "UPDATE customer SET said_stage = NULL, said_tags = NULL, said_attrs = NULL,"
	  " said_consent = NULL WHERE id = ?1 AND (said_stage IS NOT NULL OR said_tags IS NOT NULL OR "
	  "said_attrs IS NOT NULL OR said_consent IS NOT NULL)",
	    AT(other) },
#undef AT
};

int
erase_twins(struct store *s, int64_t customer, int64_t *ids, int max, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT b FROM joined WHERE a = ?1 LIMIT ?2");

	sql_int(q, 1, customer);
	sql_int(q, 2, max);
	return sql_ids(q, ids, e);
}

/* The key of the event stays: a service that is asked tells it again. */
static int
drop_inbox(struct store *s, const GArray *ids, struct err *e)
{
	for (guint i = 0; i < ids->len; i++) {
		struct sql *q = sql_get(s,
		    "UPDATE inbox SET raw_enc = NULL, verdict = 'erased',"
		    " done_at = coalesce(done_at, recv_at) WHERE id = ?1");

		sql_int(q, 1, g_array_index(ids, int64_t, i));
		if (sql_run(q, e) != 0)
			return -1;
	}
	return 0;
}

int
erase_replies(struct store *s, int kind, const char *address, int *n, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT id, account, evkey, raw_enc FROM inbox WHERE kind = ?1");
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	/* Gateways write a number with its country, or without. */
	const char *core = g_str_has_prefix(address, "+86") ? address + 3 : address;
	int rc;

	sql_int(q, 1, kind);
	while ((rc = sql_step(q, e)) == 1) {
		size_t len;
		const void *sealed = sql_col_blob(q, 3, &len);
		int64_t id = sql_col(q, 0);
		char *raw = g_malloc0(len + 1), where[256];

		inbox_place(sql_col_text(q, 1), sql_col_text(q, 2), where, sizeof(where));
		if (crypt_open(store_crypt(s), where, sealed, len, raw) >= 0 &&
		    strstr(raw, core) != NULL)
			g_array_append_val(ids, id);
		g_free(raw);
	}
	if (rc == 0)
		rc = drop_inbox(s, ids, e);
	*n += (int)ids->len;
	g_array_unref(ids);
	return rc;
}

int
erase_customer(
    struct store *s, int64_t customer, ms_t at, struct erase_counts *n, struct err *e)
{
	for (size_t i = 0; i < G_N_ELEMENTS(statements); i++) {
		struct sql *q = sql_get(s, statements[i].text);

		sql_int(q, 1, customer);
		if (sql_run(q, e) != 0)
			return -1;
		*(int *)((char *)n + statements[i].count) += store_changes(s);
	}
	return customer_forget(s, customer, at, e) != 0 ? -1 : store_wipe(s, e);
}
