#include <string.h>
#include <sys/stat.h>

#include <glib.h>
#include <sqlite3.h>

#include "base/check.h"
#include "core/message.h"
#include "wipe.h"
#include "sql.h"

/* Sixteen MiB keep the hot rows of a million customers. */
#define CACHE_KIB 16384
/* 16 MiB of log: pages written again and again are copied once. A tenth less CPU a message and
 * an import row than with 1,000. */
#define CHECKPOINT_PAGES 4000
/* Statements found without a look at the table: a message needs some thirty. */
#define HOT 256

struct store {
	sqlite3 *db;
	GHashTable *statements; /* literal -> sqlite3_stmt */
	struct {
		const char *text;
		sqlite3_stmt *q;
	} hot[HOT]; /* the same, of those asked for last */
	struct arena *scratch;
	struct crypt *crypt;
	bool read_only;
	bool careful;    /* marks are savepoints */
	bool wipe;       /* the log still holds what was erased */
	int wal_pages;   /* in the log, as the hook saw it at the last commit */
	int64_t last_id;
};

extern const char schema_0001[];
static const char *const schema[] = { schema_0001 };
#define SCHEMA_VERSION ((int)(sizeof(schema) / sizeof(schema[0])))

static int
fail(struct store *s, int rc, struct err *e)
{
	enum err_kind kind = ERR_IO;

	if ((rc & 0xff) == SQLITE_FULL)
		kind = ERR_FULL;
	else if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED)
		kind = ERR_BUSY;
	else if ((rc & 0xff) == SQLITE_CONSTRAINT || (rc & 0xff) == SQLITE_MISUSE ||
	    (rc & 0xff) == SQLITE_ERROR)
		kind = ERR_INTERNAL;
	return err_set(e, kind, "database: %s (%d)", sqlite3_errmsg(s->db), rc);
}

int
sql_script(struct store *s, const char *text, struct err *e)
{
	int rc = sqlite3_exec(s->db, text, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : fail(s, rc, e);
}

static sqlite3_stmt *
prepare(struct store *s, const char *text)
{
	sqlite3_stmt *q;
	int rc =
	    sqlite3_prepare_v3(s->db, text, -1, SQLITE_PREPARE_PERSISTENT, &q, NULL);

	if (rc != SQLITE_OK) {
		struct err e = { 0 };

		fail(s, rc, &e);
		g_printerr("%s: %s\n", e.text, text);
		check_failed(__FILE__, __LINE__, "a statement of the store compiles");
	}
	g_hash_table_insert(s->statements, (void *)(uintptr_t)text, q);
	return q;
}

struct sql *
sql_get(struct store *s, const char *text)
{
	size_t at = (uintptr_t)text / 8 % HOT;
	sqlite3_stmt *q = s->hot[at].q;

	if (s->hot[at].text != text) {
		q = g_hash_table_lookup(s->statements, text);
		if (q == NULL)
			q = prepare(s, text);
		s->hot[at].text = text;
		s->hot[at].q = q;
	}
	/* Whatever came to its end was reset there. */
	if (sqlite3_stmt_busy(q))
		sqlite3_reset(q);
	return (struct sql *)q;
}

int
sql_step(struct sql *q, struct err *e)
{
	sqlite3_stmt *st = (sqlite3_stmt *)q;
	int rc = sqlite3_step(st);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE) {
		sqlite3_reset(st);
		return 0;
	}
	sqlite3 *db = sqlite3_db_handle(st);
	struct store s = { .db = db };

	fail(&s, sqlite3_extended_errcode(db), e);
	sqlite3_reset(st);
	return -1;
}

int
sql_run(struct sql *q, struct err *e)
{
	int rc = sql_step(q, e);

	CHECK(rc != 1);
	return rc;
}

void
sql_end(struct sql *q)
{
	sqlite3_reset((sqlite3_stmt *)q);
}

/* ---- opening ---- */

static int
log_grew(void *arg, sqlite3 *db, const char *name, int pages)
{
	struct store *s = arg;

	(void)db;
	(void)name;
	s->wal_pages = pages;
	return SQLITE_OK;
}

static int
pragmas(struct store *s, const struct store_options *o, struct err *e)
{
	char text[512];

	g_snprintf(text, sizeof(text),
	    "PRAGMA locking_mode=%s; PRAGMA journal_mode=%s; PRAGMA synchronous=%s;"
	    "PRAGMA foreign_keys=ON; PRAGMA secure_delete=%s; PRAGMA cell_size_check=ON;"
	    "PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;"
	    "PRAGMA cache_size=-%d; PRAGMA wal_autocheckpoint=0; PRAGMA busy_timeout=%d;"
	    "PRAGMA query_only=%s;",
	    o->exclusive ? "EXCLUSIVE" : "NORMAL", o->sync ? "WAL" : "MEMORY",
	    o->sync ? "FULL" : "OFF", o->sync ? "ON" : "OFF",
	    o->read_only ? CACHE_KIB / 4 : CACHE_KIB, BUSY_MS, o->read_only ? "ON" : "OFF");
	if (sql_script(s, text, e) != 0)
		return -1;
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, o->read_only, NULL);
	if (!o->read_only)
		sqlite3_wal_hook(s->db, log_grew, s);
	sqlite3_limit(s->db, SQLITE_LIMIT_SQL_LENGTH, 100000);
	sqlite3_limit(s->db, SQLITE_LIMIT_EXPR_DEPTH, 100);
	sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 1);
	return 0;
}

static int
migrate(struct store *s, bool create, struct err *e)
{
	struct sql *q = sql_get(s, "PRAGMA user_version");
	int have;
	char text[64];

	if (sql_step(q, e) != 1)
		return -1;
	have = (int)sql_col(q, 0);
	sql_end(q);
	if (have > SCHEMA_VERSION)
		return err_set(e, ERR_INPUT,
		    "the database has schema %d, this reachd knows up to %d: install a newer reachd",
		    have, SCHEMA_VERSION);
	if (have == SCHEMA_VERSION)
		return 0;
	if (!create)
		return err_set(e, ERR_INPUT, "the database is empty: start reachd run first");
	for (int v = have; v < SCHEMA_VERSION; v++) {
		g_snprintf(text, sizeof(text), "PRAGMA user_version=%d", v + 1);
		if (sql_script(s, "BEGIN IMMEDIATE", e) != 0)
			return -1;
		if (sql_script(s, schema[v], e) != 0 ||
		    sql_script(s, text, e) != 0 || sql_script(s, "COMMIT", e) != 0) {
			store_rollback(s);
			return -1;
		}
	}
	return 0;
}

/* Ids go on above all that were given out, whatever the clock says now. */
static int
seed_ids(struct store *s, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT max(ifnull((SELECT max(id) FROM msg), 0), ifnull((SELECT max(id) FROM run), 0),"
	    " ifnull((SELECT max(id) FROM event), 0), ifnull((SELECT max(id) FROM inbox), 0),"
	    " ifnull((SELECT max(id) FROM hit), 0), ifnull((SELECT max(id) FROM alarm), 0),"
	    " ifnull((SELECT max(token) FROM request), 0))");

	if (sql_step(q, e) != 1)
		return -1;
	s->last_id = sql_col(q, 0);
	sql_end(q);
	return 0;
}

/* Once a process, before SQLite is first used: no counters under a mutex, and small
 * allocations out of each connection's own memory. */
static gpointer
configure(gpointer unused)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 1200, 200);
	return unused;
}

struct store *
store_open(const struct store_options *o, struct err *e)
{
	struct store *s = g_new0(struct store, 1);
	static GOnce once = G_ONCE_INIT;
	static const uint8_t no_key[CRYPT_KEY];
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE;
	int rc;

	g_once(&once, configure, NULL);
	s->statements = g_hash_table_new(NULL, NULL);
	s->scratch = arena_new();
	s->crypt = crypt_new(o->key != NULL ? o->key : no_key);
	s->read_only = o->read_only;
	s->careful = true;
	if (o->create)
		flags |= SQLITE_OPEN_CREATE;
	rc = sqlite3_open_v2(o->path, &s->db, flags, o->vfs);
	if (rc != SQLITE_OK) {
		fail(s, rc, e);
		store_close(s);
		return NULL;
	}
	sqlite3_extended_result_codes(s->db, 1);
	if (pragmas(s, o, e) != 0 ||
	    ((!o->read_only || o->key == NULL) && migrate(s, o->create, e) != 0) ||
	    (!o->read_only && seed_ids(s, e) != 0) ||
	    (o->key != NULL && opening_key(s, e) != 0) ||
	    (!o->read_only && wipe_wanted(s, &s->wipe, e) != 0)) {
		store_close(s);
		return NULL;
	}
	return s;
}

void
store_close(struct store *s)
{
	GHashTableIter it;
	gpointer q;

	if (s == NULL)
		return;
	g_hash_table_iter_init(&it, s->statements);
	while (g_hash_table_iter_next(&it, NULL, &q))
		sqlite3_finalize(q);
	g_hash_table_unref(s->statements);
	sqlite3_close(s->db);
	arena_free(s->scratch);
	crypt_free(s->crypt);
	g_free(s);
}

/* ---- transactions ---- */

int
store_begin(struct store *s, struct err *e)
{
	return sql_run(sql_get(s, s->read_only ? "BEGIN" : "BEGIN IMMEDIATE"), e);
}

int
store_savepoint(struct store *s, struct err *e)
{
	arena_reset(s->scratch);
	return sql_run(sql_get(s, "SAVEPOINT job"), e);
}

int
store_release(struct store *s, struct err *e)
{
	return sql_run(sql_get(s, "RELEASE job"), e);
}

void
store_rollback_to(struct store *s)
{
	struct err ignored = { 0 };

	/* After SQLITE_FULL or an I/O error SQLite may have rolled back by itself. */
	if (sqlite3_get_autocommit(s->db))
		return;
	sql_run(sql_get(s, "ROLLBACK TO job"), &ignored);
	sql_run(sql_get(s, "RELEASE job"), &ignored);
}

void
store_set_careful(struct store *s, bool careful)
{
	s->careful = careful;
}

int
store_mark(struct store *s, struct err *e)
{
	return s->careful ? sql_run(sql_get(s, "SAVEPOINT one"), e) : 0;
}

int
store_unmark(struct store *s, struct err *e)
{
	return s->careful ? sql_run(sql_get(s, "RELEASE one"), e) : 0;
}

int
store_back(struct store *s, const struct err *own, struct err *e)
{
	struct err ignored = { 0 };

	/* After SQLITE_FULL or an I/O error SQLite may have rolled back by itself. */
	if (s->careful && !sqlite3_get_autocommit(s->db)) {
		sql_run(sql_get(s, "ROLLBACK TO one"), &ignored);
		sql_run(sql_get(s, "RELEASE one"), &ignored);
	}
	if (err_is_worlds(own)) {
		*e = *own;
		return -1;
	}
	return s->careful ? 0 : err_set(e, ERR_AGAIN, "the transaction runs again, carefully");
}

int
store_try(struct store *s, struct err *e)
{
	return sql_run(sql_get(s, "SAVEPOINT trial"), e);
}

int
store_untry(struct store *s, struct err *e)
{
	return sql_script(s, "ROLLBACK TO trial; RELEASE trial", e);
}

int
store_commit(struct store *s, struct err *e)
{
	if (sqlite3_get_autocommit(s->db))
		return err_set(e, ERR_FULL, "database: the transaction was rolled back");
	return sql_run(sql_get(s, "COMMIT"), e);
}

void
store_rollback(struct store *s)
{
	struct err ignored = { 0 };

	if (!sqlite3_get_autocommit(s->db))
		sql_run(sql_get(s, "ROLLBACK"), &ignored);
}

int
store_wipe(struct store *s, struct err *e)
{
	s->wipe = true;
	return store_meta_set(s, "wipe", "1", e);
}

void
store_idle(struct store *s)
{
	if (s->wipe) {
		s->wipe = wipe_log(s, s->db);
		return;
	}
	if (s->wal_pages < CHECKPOINT_PAGES)
		return;
	s->wal_pages = 0;
	sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

struct arena *
store_scratch(struct store *s)
{
	return s->scratch;
}

struct crypt *
store_crypt(struct store *s)
{
	return s->crypt;
}

bool
store_read_only(const struct store *s)
{
	return s->read_only;
}

int
store_changes(struct store *s)
{
	return sqlite3_changes(s->db);
}

int64_t
store_written(struct store *s)
{
	return sqlite3_total_changes(s->db);
}

int64_t
store_next_id(struct store *s, ms_t now)
{
	return message_id(now, &s->last_id);
}

int64_t
store_newest_id(const struct store *s)
{
	return s->last_id;
}
