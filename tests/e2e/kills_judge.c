/* kills_judge.c - the sandbox's ledger against the database. Nothing of the engine's
 * code is used: references are decoded, minutes and slots counted anew. */
#include "kills.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <sqlite3.h>

#include "slots.h"

#define SHOWN 20 /* complaints written out */
/* A message already on the wire when its stop word was answered. */
#define ON_THE_WIRE 1500
/* Accepted, delivered, undelivered, no receipt. */
#define SENT_STATES "(2, 3, 4, 5)"

struct judging {
	const struct kills *k;
	struct kills_verdict *v;
	sqlite3 *db;
	GHashTable *messages; /* id -> times in the ledger */
	GHashTable *texts;    /* number and text */
	GHashTable *months;   /* customer, or number, and month -> marketing messages */
	bool patient;
	int shown;
};

static void __attribute__((format(printf, 3, 4)))
complain(struct judging *j, int *counter, const char *format, ...)
{
	va_list ap;

	++*counter;
	if (j->shown++ >= SHOWN)
		return;
	va_start(ap, format);
	fprintf(stderr, "kills: ");
	vfprintf(stderr, format, ap);
	fputc('\n', stderr);
	va_end(ap);
}

/* ---- the ledger ---- */

static int64_t
message_of(const char *ref)
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	uint64_t id = 0;

	if (strlen(ref) != 24)
		return 0;
	/* 13 digits hold 65 bits: the id and one more */
	for (int i = 0; i < 13; i++) {
		const char *d = strchr(digits, ref[i]);

		if (d == NULL)
			return 0;
		id = i < 12 ? id << 5 | (uint64_t)(d - digits)
			    : id << 4 | (uint64_t)(d - digits) >> 1;
	}
	return (int64_t)id;
}

static int
add(GHashTable *t, const char *key)
{
	int n = GPOINTER_TO_INT(g_hash_table_lookup(t, key)) + 1;

	g_hash_table_insert(t, g_strdup(key), GINT_TO_POINTER(n));
	return n;
}

/* Minutes 20 to 28 and 50 to 58 are quiet. */
static void
check_minute(struct judging *j, const char *at, const char *text)
{
	int minute = atoi(at + 14) % 30;

	if (minute >= 20 && minute < 28)
		complain(j, &j->v->violations, "%s lies in a quiet window: %s", at, text);
}

/* Texts are "K00012 one ..."; K00000 to K00009 have a cap of 4, the next ten of 2. */
static void
check_caps(struct judging *j, const char *to, const char *at, const char *text)
{
	const char *name = text == NULL ? NULL : strchr(text, 'K');
	int limit, number;
	char key[80];

	if (name == NULL)
		return;
	number = atoi(name + 1);
	limit = number / 10 % 2 == 0 ? 4 : 2;
	snprintf(key, sizeof(key), "K%05d %.7s", number, at);
	if (add(j->months, key) > limit)
		complain(j, &j->v->violations, "more than %d messages: %s", limit, key);
	snprintf(key, sizeof(key), "%s %.7s", to, at);
	if (add(j->months, key) > limit)
		complain(j, &j->v->violations,
		    "more than %d messages to one address: K%05d", limit, number);
}

static void
check_stop(struct judging *j, const char *to, const char *real, const char *text)
{
	const ms_t *stopped = g_hash_table_lookup(j->k->acked.stops, to);
	ms_t when = 0;

	if (stopped != NULL && strchr(text, 'K') != NULL &&
	    clock_parse(real, &when) == 0 && when > *stopped + ON_THE_WIRE)
		complain(j, &j->v->violations, "sent after a stop word: %s", text);
}

static void
read_line(struct judging *j, const char *line)
{
	json_t *l = json_loads(line, 0, NULL);
	const char *at, *real, *to, *ref, *text;
	char *both;
	int64_t id;
	bool again;

	if (json_unpack(l, "{ss ss ss ss ss}", "at", &at, "real", &real, "to", &to, "ref",
		&ref, "text", &text) != 0) {
		complain(j, &j->v->violations, "a line of the ledger cannot be read");
		json_decref(l);
		return;
	}
	j->v->sent++;
	id = message_of(ref);
	both = g_strconcat(to, "\n", text, NULL);
	again = g_hash_table_contains(j->messages, &id);
	g_hash_table_add(j->messages, g_memdup2(&id, sizeof(id)));
	if (add(j->texts, both) > 1 || again)
		complain(j, &j->v->twice, "twice: %s (message %" G_GINT64_FORMAT ")",
		    text, id);
	check_minute(j, at, text);
	check_caps(j, to, at, text);
	check_stop(j, to, real, text);
	g_free(both);
	json_decref(l);
}

static void
read_ledger(struct judging *j)
{
	char *text = NULL, *end;

	if (!g_file_get_contents(j->k->ledger, &text, NULL, NULL))
		complain(j, &j->v->lost, "there is no ledger");
	for (char *p = text; p != NULL && (end = strchr(p, '\n')) != NULL; p = end + 1) {
		*end = '\0';
		read_line(j, p);
	}
	g_free(text);
}

/* ---- the database ---- */

/* each(j, row) for every row; rows have an id first and a text second. */
static void
rows(struct judging *j, const char *sql,
    void (*each)(struct judging *, int64_t, const char *))
{
	sqlite3_stmt *q;

	if (sqlite3_prepare_v2(j->db, sql, -1, &q, NULL) != SQLITE_OK) {
		complain(j, &j->v->violations, "%s: %s", sqlite3_errmsg(j->db), sql);
		return;
	}
	while (sqlite3_step(q) == SQLITE_ROW)
		each(j, sqlite3_column_int64(q, 0),
		    (const char *)sqlite3_column_text(q, 1));
	sqlite3_finalize(q);
}

static void
said_sent(struct judging *j, int64_t id, const char *what)
{
	if (!g_hash_table_contains(j->messages, &id))
		complain(j, &j->v->lost,
		    "the database says sent, the ledger does not: message "
		    "%" G_GINT64_FORMAT " %s",
		    id, what);
}

/* What the ledger has and the database calls taken is struck out; the rest is wrong. */
static void
taken(struct judging *j, int64_t id, const char *what)
{
	(void)what;
	g_hash_table_remove(j->messages, &id);
}

static void
is_lost(struct judging *j, int64_t id, const char *what)
{
	complain(j, &j->v->lost, "%s %" G_GINT64_FORMAT, what, id);
}

static void
is_open(struct judging *j, int64_t id, const char *what)
{
	if (j->patient)
		is_lost(j, id, what);
	else
		j->v->open++;
}

static void
is_wrong(struct judging *j, int64_t id, const char *what)
{
	complain(j, &j->v->violations, "%s (%" G_GINT64_FORMAT ")", what, id);
}

static void
integrity(struct judging *j, int64_t unused, const char *text)
{
	(void)unused;
	if (strcmp(text, "ok") != 0)
		complain(j, &j->v->violations, "integrity_check: %s", text);
}

static void
check_messages(struct judging *j)
{
	GHashTableIter it;
	gpointer id;

	rows(j,
	    "SELECT id, step || ' state ' || state FROM msg WHERE state IN " SENT_STATES,
	    said_sent);
	rows(j, "SELECT id, '' FROM msg WHERE state IN " TAKEN_STATES, taken);
	/* Unknown outcomes may be in the ledger; they are counted below. */
	rows(j, "SELECT id, '' FROM msg WHERE state = 9", taken);
	g_hash_table_iter_init(&it, j->messages);
	while (g_hash_table_iter_next(&it, &id, NULL))
		complain(j, &j->v->violations,
		    "the ledger has message %" G_GINT64_FORMAT
		    ", the database calls it not sent",
		    *(int64_t *)id);
	rows(j, "SELECT id, 'unknown for ever: message' FROM msg WHERE state = 9",
	    is_open);
	rows(j,
	    j->patient
		? "SELECT id, 'never settled: state ' || state || ' message' FROM msg"
		  " WHERE state IN (0, 1)"
		: "SELECT id, 'still being sent: message' FROM msg WHERE state = 1",
	    is_lost);
}

static void
check_runs(struct judging *j)
{
	rows(j,
	    "SELECT id, 'never entered: customer' FROM customer WHERE tags = 'kills' AND "
	    "id NOT IN"
	    " (SELECT customer FROM run WHERE entry LIKE 'l:%')",
	    is_lost);
	rows(j,
	    "SELECT e.id, 'no run for event' FROM event e WHERE e.type = 'visit' AND NOT "
	    "EXISTS"
	    " (SELECT 1 FROM run r WHERE r.event = e.id)",
	    is_lost);
	rows(j,
	    "SELECT id, 'nothing moves run' FROM run WHERE state = 0 AND wake_at IS NULL "
	    "AND"
	    " NOT EXISTS (SELECT 1 FROM msg WHERE msg.run = run.id AND msg.state IN (0, "
	    "1, 9))",
	    is_lost);
}

static void
check_acked(struct judging *j, const GPtrArray *keys, const char *sql)
{
	sqlite3_stmt *q;

	sqlite3_prepare_v2(j->db, sql, -1, &q, NULL);
	for (guint i = 0; i < keys->len; i++) {
		sqlite3_bind_text(q, 1, keys->pdata[i], -1, SQLITE_STATIC);
		if (sqlite3_step(q) != SQLITE_ROW)
			complain(j, &j->v->lost, "acknowledged and gone: %s",
			    (char *)keys->pdata[i]);
		sqlite3_reset(q);
	}
	sqlite3_finalize(q);
}

static void
check_stops(struct judging *j, int64_t kept, const char *unused)
{
	(void)unused;
	if (kept < g_hash_table_size(j->k->acked.stops))
		complain(j, &j->v->lost, "%" G_GINT64_FORMAT " of %u stop words kept",
		    kept, g_hash_table_size(j->k->acked.stops));
}

static void
check_slots(struct judging *j)
{
	for (size_t i = 0; i < G_N_ELEMENTS(slots_sql); i++)
		rows(j, slots_sql[i], is_wrong);
}

void
kills_judge(const struct kills *k, bool patient, struct kills_verdict *v)
{
	struct judging j = { .k = k, .v = v, .patient = patient };

	j.messages = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	j.texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	j.months = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	read_ledger(&j);
	if (sqlite3_open_v2(k->db, &j.db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		complain(&j, &v->lost, "the database does not open");
	else {
		rows(&j, "SELECT 0, * FROM pragma_integrity_check", integrity);
		check_messages(&j);
		check_runs(&j);
		check_acked(&j, k->acked.events,
		    "SELECT 1 FROM event WHERE source = 'api' AND evid = ?1");
		check_acked(&j, k->acked.receipts,
		    "SELECT 1 FROM inbox WHERE account = 'keyed' AND evkey = ?1");
		rows(&j, "SELECT count(*), '' FROM optout", check_stops);
		check_slots(&j);
	}
	sqlite3_close(j.db);
	g_hash_table_unref(j.messages);
	g_hash_table_unref(j.texts);
	g_hash_table_unref(j.months);
}
