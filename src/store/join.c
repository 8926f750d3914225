#include "store/join.h"

#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "sql.h"
#include "store/signal.h"
#include "store/tie.h"

static const char *
place(int64_t b, char *buf, size_t n)
{
	g_snprintf(buf, n, "joined.before:%" G_GINT64_FORMAT, b);
	return buf;
}

int
join_of(struct store *s, const char *ext, int64_t *b, int64_t *a, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT id, merged FROM customer WHERE ext = ?1");
	int rc;

	*a = *b = 0;
	sql_text(q, 1, ext);
	if ((rc = sql_step(q, e)) == 1) {
		*b = sql_col(q, 0);
		*a = sql_col(q, 1);
	}
	sql_end(q);
	return rc < 0 ? -1 : *a != 0;
}

int
join_any(struct store *s, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT 1 FROM joined LIMIT 1");
	int rc = sql_step(q, e);

	sql_end(q);
	return rc;
}

/* ---- what moves: rows by id, and how many slots of which period ---- */

static const struct {
	const char *name, *list, *move;
} kinds[] = {
	{ "vehicles", "SELECT id FROM vehicle WHERE customer = ?1 AND customer <> ?2",
	    "UPDATE vehicle SET customer = ?2 WHERE id = ?1 AND customer = ?3" },
	{ "appointments",
	    "SELECT id FROM appointment WHERE customer = ?1 AND customer <> ?2",
	    "UPDATE appointment SET customer = ?2 WHERE id = ?1 AND customer = ?3" },
	{ "orders", "SELECT id FROM repair WHERE customer = ?1 AND customer <> ?2",
	    "UPDATE repair SET customer = ?2 WHERE id = ?1 AND customer = ?3" },
	{ "events", "SELECT id FROM event WHERE customer = ?1 AND customer <> ?2",
	    "UPDATE event SET customer = ?2 WHERE id = ?1 AND customer = ?3" },
	{ "offers", "SELECT id FROM offer WHERE customer = ?1 AND customer <> ?2",
	    "UPDATE offer SET customer = ?2 WHERE id = ?1 AND customer = ?3" },
	/* Calls ended with their runs. */
	{ "tasks",
	    "SELECT id FROM task WHERE customer = ?1 AND customer <> ?2 AND state < 3"
	    " AND msg = 0",
	    "UPDATE task SET customer = ?2 WHERE id = ?1 AND customer = ?3" },
	{ "devices", "SELECT id FROM device WHERE customer = ?1 AND customer <> ?2",
	    "UPDATE device SET customer = ?2 WHERE id = ?1 AND customer = ?3" },
	{ "contacts",
	    "SELECT id FROM contact WHERE customer = ?1 AND customer NOT IN (0, ?2)",
	    "UPDATE contact SET customer = ?2 WHERE id = ?1 AND customer = ?3" },
	{ "companies",
	    "SELECT id FROM customer WHERE contact = (SELECT ext FROM customer WHERE id = ?1)"
	    " AND contact <> '' AND ?1 <> ?2",
	    "UPDATE customer SET contact = (SELECT ext FROM customer WHERE id = ?2) WHERE"
	    " id = ?1 AND contact = (SELECT ext FROM customer WHERE id = ?3)" },
	{ "driven", "SELECT id FROM vehicle WHERE driver = ?1 AND driver <> 0 AND ?1 <> ?2",
	    "UPDATE vehicle SET driver = ?2 WHERE id = ?1 AND driver = ?3" },
	/* Each person counts once, with his first run: A's arm stands where both have one. */
	{ "arms",
	    "SELECT experiment FROM drawn d WHERE customer = ?1 AND NOT EXISTS (SELECT 1"
	    " FROM drawn o WHERE o.experiment = d.experiment AND o.customer = ?2)",
	    "UPDATE drawn SET customer = ?2 WHERE experiment = ?1 AND customer = ?3" },
};

/* The counts in the order of the kinds. */
static int *
count_of(struct join_counts *n, size_t kind)
{
	int *each[] = { &n->vehicles, &n->appointments, &n->orders, &n->events,
		&n->offers, &n->tasks, &n->devices, &n->contacts, &n->companies, &n->driven, &n->arms };

	return each[kind];
}

static int
list(struct store *s, const char *text, const struct join *j, json_t *ids, struct err *e)
{
	struct sql *q = sql_get(s, text);
	int rc;

	sql_int(q, 1, j->b);
	sql_int(q, 2, j->a);
	while ((rc = sql_step(q, e)) == 1)
		json_array_append_new(ids, json_integer(sql_col(q, 0)));
	return rc;
}

static int
move(struct store *s, const char *text, const json_t *ids, int64_t to, int64_t from,
    int *n, struct err *e)
{
	const json_t *id;
	size_t i;

	json_array_foreach(ids, i, id)
	{
		struct sql *q = sql_get(s, text);

		sql_int(q, 1, json_integer_value(id));
		sql_int(q, 2, to);
		sql_int(q, 3, from);
		if (sql_run(q, e) != 0)
			return -1;
		*n += store_changes(s);
	}
	return 0;
}

/* Slots of B by period; they count for A too, each once. */
static int
caps(struct store *s, int64_t b, json_t *periods, int *touches, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT period, used FROM cap WHERE scope = ?1 AND used > 0");
	char scope[32], period[16];
	int rc;

	g_snprintf(scope, sizeof(scope), "c%" G_GINT64_FORMAT, b);
	sql_text(q, 1, scope);
	while ((rc = sql_step(q, e)) == 1) {
		g_snprintf(period, sizeof(period), "%d", (int)sql_col(q, 0));
		json_object_set_new(periods, period, json_integer(sql_col(q, 1)));
		*touches = MAX(*touches, (int)sql_col(q, 1));
	}
	return rc;
}

static int
count_caps(struct store *s, int64_t a, const json_t *periods, int sign, struct err *e)
{
	char scope[32];
	const char *period;
	json_t *used;

	g_snprintf(scope, sizeof(scope), "c%" G_GINT64_FORMAT, a);
	json_object_foreach((json_t *)(uintptr_t)periods, period, used)
	{
		struct sql *q =
		    sql_get(s, "INSERT INTO cap VALUES(?1, ?2, max(?3, 0)) ON CONFLICT"
			       " DO UPDATE SET used = max(used + ?3, 0)");

		sql_text(q, 1, scope);
		sql_int(q, 2, atoi(period));
		sql_int(q, 3, sign * json_integer_value(used));
		if (sql_run(q, e) != 0)
			return -1;
	}
	return 0;
}

static int
copy_reservations(struct store *s, int64_t a, int64_t b, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT OR IGNORE INTO reservation SELECT ?1, at, msg, category"
		       " FROM reservation WHERE customer = ?2");

	sql_int(q, 1, a);
	sql_int(q, 2, b);
	return sql_run(q, e);
}

static int
drop_reservations(struct store *s, int64_t a, int64_t b, struct err *e)
{
	struct sql *q =
	    sql_get(s, "DELETE FROM reservation WHERE customer = ?1 AND msg IN"
		       " (SELECT msg FROM reservation WHERE customer = ?2)");

	sql_int(q, 1, a);
	sql_int(q, 2, b);
	return sql_run(q, e);
}

static int
follow(struct store *s, const char *update, const char *drop, int64_t a, int64_t b,
    struct err *e)
{
	struct sql *q = sql_get(s, update);

	sql_int(q, 1, a);
	sql_int(q, 2, b);
	if (sql_run(q, e) != 0)
		return -1;
	q = sql_get(s, drop);
	sql_int(q, 1, b);
	return sql_run(q, e);
}

/* What waits for its stage or for hours waits for A, whose own word goes first; it does
 * not come back. */
static int
wait_as(struct store *s, int64_t a, int64_t b, struct err *e)
{
	if (follow(s, "UPDATE OR IGNORE not_yet SET customer = ?1 WHERE customer = ?2",
		"DELETE FROM not_yet WHERE customer = ?1", a, b, e) != 0)
		return -1;
	return follow(s, "UPDATE OR IGNORE waiting SET customer = ?1 WHERE customer = ?2",
	    "DELETE FROM waiting WHERE customer = ?1", a, b, e);
}

static int
lead(struct store *s, int64_t b, int64_t to, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE customer SET merged = ?2 WHERE id = ?1");

	sql_int(q, 1, b);
	sql_int(q, 2, to);
	return sql_run(q, e);
}

int
join_keep(struct store *s, struct join *j, struct err *e)
{
	const void *fold = "";
	struct look look;
	size_t len = 0;
	int rc = signal_get(s, j->a, &fold, &len, &look, e);
	char *text = g_base64_encode(fold, len);

	j->fold = arena_strdup(store_scratch(s), text);
	g_free(text);
	return rc < 0 ? -1 : 0;
}

static int
put_fold(struct store *s, int64_t a, const json_t *moved, struct err *e)
{
	const char *text = json_string_value(json_object_get(moved, "fold"));
	gsize len;
	guchar *fold;
	int rc;

	if (text == NULL)
		return 0;
	fold = g_base64_decode(text, &len);
	rc = signal_put(s, a, fold, len, (struct look){ 0 }, true, e);
	g_free(fold);
	return rc;
}

int
join_move(struct store *s, struct join *j, struct join_counts *n, struct err *e)
{
	json_t *moved = json_object(), *periods = json_object();
	char *text;
	int rc = 0;

	*n = (struct join_counts){ 0 };
	json_object_set_new(moved, "caps", periods);
	json_object_set_new(moved, "fold", json_string(j->fold));
	for (size_t i = 0; rc == 0 && i < G_N_ELEMENTS(kinds); i++) {
		json_t *ids = json_array();

		json_object_set_new(moved, kinds[i].name, ids);
		rc = list(s, kinds[i].list, j, ids, e);
		if (rc == 0)
			rc = move(s, kinds[i].move, ids, j->a, j->b, count_of(n, i), e);
	}
	if (rc == 0)
		rc = caps(s, j->b, periods, &n->touches, e);
	if (rc == 0 && (count_caps(s, j->a, periods, 1, e) != 0 ||
			   copy_reservations(s, j->a, j->b, e) != 0 ||
			   wait_as(s, j->a, j->b, e) != 0 ||
			   tie_give(s, j->a, j->b, e) != 0 || lead(s, j->b, j->a, e) != 0))
		rc = -1;
	text = json_dumps(moved, JSON_COMPACT);
	j->moved = arena_strdup(store_scratch(s), text);
	free(text);
	json_decref(moved);
	return rc;
}

int
join_add(struct store *s, const struct join *j, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO joined VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
	size_t n = strlen(j->before);
	uint8_t *sealed = arena_alloc(store_scratch(s), n + CRYPT_OVERHEAD);
	char where[64];

	n = crypt_seal(
	    store_crypt(s), place(j->b, where, sizeof(where)), j->before, n, sealed);
	sql_int(q, 1, j->b);
	sql_int(q, 2, j->a);
	sql_int(q, 3, j->at);
	sql_text(q, 4, j->moved);
	sql_blob(q, 5, sealed, n);
	sql_int(q, 6, j->after);
	return sql_run(q, e);
}

int
join_get(struct store *s, int64_t b, struct join *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT a, at, moved, before_enc, after FROM joined WHERE b = ?1");
	const void *sealed;
	char where[64], *text;
	ptrdiff_t len = 0;
	size_t n;
	int rc;

	sql_int(q, 1, b);
	if ((rc = sql_step(q, e)) == 1) {
		*out = (struct join){ .b = b,
			.a = sql_col(q, 0),
			.at = sql_col(q, 1),
			.moved = sql_col_dup(s, q, 2),
			.after = sql_col(q, 4) };
		sealed = sql_col_blob(q, 3, &n);
		text = arena_alloc(store_scratch(s), n + 1);
		len = crypt_open(
		    store_crypt(s), place(b, where, sizeof(where)), sealed, n, text);
		out->before = text;
	}
	sql_end(q);
	return len < 0 ? err_set(e, ERR_IO, "a merge does not open with this key") : rc;
}

int
join_undo(struct store *s, const struct join *j, struct join_counts *n, struct err *e)
{
	json_t *moved = json_loads(j->moved, 0, NULL);
	struct sql *q;
	int rc = 0;

	*n = (struct join_counts){ 0 };
	for (size_t i = 0; rc == 0 && i < G_N_ELEMENTS(kinds); i++)
		rc = move(s, kinds[i].move, json_object_get(moved, kinds[i].name), j->b,
		    j->a, count_of(n, i), e);
	if (rc == 0 && (count_caps(s, j->a, json_object_get(moved, "caps"), -1, e) != 0 ||
			   drop_reservations(s, j->a, j->b, e) != 0 ||
			   lead(s, j->b, 0, e) != 0 || put_fold(s, j->a, moved, e) != 0))
		rc = -1;
	json_decref(moved);
	if (rc != 0)
		return -1;
	q = sql_get(s, "DELETE FROM joined WHERE b = ?1");
	sql_int(q, 1, j->b);
	return sql_run(q, e);
}
