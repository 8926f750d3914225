#include "store/task.h"

#include <string.h>

#include <glib.h>

#include "base/check.h"
#include "sql.h"

#define COLUMNS                                                                       \
	"id, msg, customer, run, version, kind, template, assignee, role, store,"     \
	" created_at, day, span, due_at, next_at, late_to, late_after, state, level," \
	" tries, outcome, cause, done_by, done_at"
/* As the partial index says it. */
#define LIVE "state < 3"

static void
read_row(struct store *s, struct sql *q, void *into)
{
	struct task_row *t = into;

	memset(t, 0, sizeof(*t));
	t->id = sql_col(q, 0);
	t->msg = sql_col(q, 1);
	t->customer = sql_col(q, 2);
	t->run = sql_col(q, 3);
	t->version = sql_col(q, 4);
	t->kind = sql_col_dup(s, q, 5);
	t->template_ = sql_col_dup(s, q, 6);
	t->assignee = sql_col_dup(s, q, 7);
	t->role = sql_col_dup(s, q, 8);
	t->store = sql_col_dup(s, q, 9);
	t->created_at = sql_col(q, 10);
	t->day = sql_col(q, 11);
	t->span = sql_col(q, 12);
	t->due_at = sql_col(q, 13);
	t->next_at = sql_col(q, 14);
	t->late_to = sql_col_dup(s, q, 15);
	t->late_after = sql_col(q, 16);
	t->state = (int)sql_col(q, 17);
	t->level = (int)sql_col(q, 18);
	t->tries = (int)sql_col(q, 19);
	t->outcome = sql_col_dup(s, q, 20);
	t->cause = sql_col_dup(s, q, 21);
	t->done_by = sql_col_dup(s, q, 22);
	t->done_at = sql_col(q, 23);
}

int
task_add(struct store *s, const struct task_row *t, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT INTO task(" COLUMNS
		       ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
		       " ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, '', '', '', 0)");

	CHECK(task_is_live(t->state));
	sql_int(q, 1, t->id);
	sql_int(q, 2, t->msg);
	sql_int(q, 3, t->customer);
	sql_int(q, 4, t->run);
	sql_int(q, 5, t->version);
	sql_text(q, 6, t->kind);
	sql_text(q, 7, t->template_);
	sql_text(q, 8, t->assignee);
	sql_text(q, 9, t->role);
	sql_text(q, 10, t->store);
	sql_int(q, 11, t->created_at);
	sql_int(q, 12, t->day);
	sql_int(q, 13, t->span);
	sql_int(q, 14, t->due_at);
	sql_int_or_null(q, 15, t->next_at);
	sql_text(q, 16, t->late_to);
	sql_int(q, 17, t->late_after);
	sql_int(q, 18, t->state);
	sql_int(q, 19, t->level);
	sql_int(q, 20, t->tries);
	return sql_run(q, e);
}

int
task_get(struct store *s, int64_t id, struct task_row *out, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS " FROM task WHERE id = ?1");

	sql_int(q, 1, id);
	return sql_one(s, q, read_row, out, e);
}

int
task_of_msg(struct store *s, int64_t msg, struct task_row *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS " FROM task WHERE msg = ?1 AND msg <> 0");

	sql_int(q, 1, msg);
	return sql_one(s, q, read_row, out, e);
}

int
task_save(struct store *s, const struct task_row *t, struct err *e)
{
	struct sql *q = sql_get(s,
	    "UPDATE task SET assignee = ?2, role = ?3, day = ?4, span = ?5, due_at = ?6,"
	    " next_at = ?7, state = ?8, level = ?9, tries = ?10, outcome = ?11,"
	    " cause = ?12, done_by = ?13, done_at = ?14, template = ?15, version = ?16,"
	    " run = ?17 WHERE id = ?1");

	sql_int(q, 1, t->id);
	sql_text(q, 2, t->assignee);
	sql_text(q, 3, t->role);
	sql_int(q, 4, t->day);
	sql_int(q, 5, t->span);
	sql_int(q, 6, t->due_at);
	sql_int_or_null(q, 7, t->next_at);
	sql_int(q, 8, t->state);
	sql_int(q, 9, t->level);
	sql_int(q, 10, t->tries);
	sql_text(q, 11, t->outcome);
	sql_text(q, 12, t->cause);
	sql_text(q, 13, t->done_by);
	sql_int(q, 14, t->done_at);
	sql_text(q, 15, t->template_);
	sql_int(q, 16, t->version);
	sql_int(q, 17, t->run);
	if (sql_run(q, e) != 0)
		return -1;
	CHECK(store_changes(s) == 1);
	return 0;
}

/* ---- the note: what a person wrote, as personal as a message ---- */

static void
place(int64_t id, char *buf, size_t n)
{
	g_snprintf(buf, n, "task.note:%" G_GINT64_FORMAT, id);
}

int
task_set_note(struct store *s, int64_t id, const char *note, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE task SET note_enc = ?2 WHERE id = ?1");
	size_t len = strlen(note);
	uint8_t *sealed = arena_alloc(store_scratch(s), len + CRYPT_OVERHEAD);
	char where[48];

	place(id, where, sizeof(where));
	sql_int(q, 1, id);
	sql_blob(q, 2, sealed, crypt_seal(store_crypt(s), where, note, len, sealed));
	return sql_run(q, e);
}

int
task_note(struct store *s, int64_t id, char **note, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT note_enc FROM task WHERE id = ?1");
	char where[48];
	int rc;

	sql_int(q, 1, id);
	rc = sql_step(q, e);
	if (rc == 1) {
		size_t n;
		const void *sealed = sql_col_blob(q, 0, &n);
		ptrdiff_t got;

		place(id, where, sizeof(where));
		*note = arena_alloc(store_scratch(s), n + 1);
		if (sealed == NULL)
			rc = 0;
		else if ((got = crypt_open(store_crypt(s), where, sealed, n, *note)) < 0)
			rc = err_set(
			    e, ERR_IO, "a task's note does not open with this key");
		else
			(*note)[got] = '\0';
	}
	sql_end(q);
	return rc;
}

/* ---- lists ---- */

int
task_of_customer(
    struct store *s, int64_t customer, struct task_row *out, int max, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS " FROM task WHERE customer = ?1 AND " LIVE
		       " ORDER BY id LIMIT ?2");

	sql_int(q, 1, customer);
	sql_int(q, 2, max);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
task_page(struct store *s, int64_t after, struct task_row *out, int max, struct err *e)
{
	/* The live ones out of their index: those done long ago are many more. */
	struct sql *q = sql_get(s,
	    "SELECT " COLUMNS " FROM task WHERE id IN (SELECT id FROM task"
	    " INDEXED BY task_open WHERE id > ?1 AND " LIVE ") ORDER BY id LIMIT ?2");

	sql_int(q, 1, after);
	sql_int(q, 2, max);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
task_due(struct store *s, ms_t now, struct task_row *out, int max, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS
		       " FROM task WHERE next_at <= ?1 ORDER BY next_at, id LIMIT ?2");

	sql_int(q, 1, now);
	sql_int(q, 2, max);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
task_look_again(struct store *s, ms_t now, struct err *e)
{
	struct sql *q = sql_get(
	    s, "UPDATE task SET next_at = ?1 WHERE next_at IS NOT NULL AND next_at > ?1");

	sql_int(q, 1, now);
	return sql_run(q, e);
}

int
task_next(struct store *s, ms_t *at, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT next_at FROM task WHERE next_at IS NOT NULL"
				   " ORDER BY next_at LIMIT 1");
	int rc = sql_step(q, e);

	*at = rc == 1 ? sql_col(q, 0) : MS_NEVER;
	sql_end(q);
	return rc < 0 ? -1 : 0;
}

static int
count(struct sql *q, int *n, struct err *e)
{
	int rc = sql_step(q, e);

	if (rc == 1)
		*n = (int)sql_col(q, 0);
	sql_end(q);
	return rc == 1 ? 0 : -1;
}

int
task_load(struct store *s, const char *assignee, const char *kind, int64_t day, int *n,
    struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT count(*) FROM task WHERE assignee = ?1 AND day = ?2 AND day > 0"
	       " AND kind = ?3");

	sql_text(q, 1, assignee);
	sql_int(q, 2, day);
	sql_text(q, 3, kind);
	return count(q, n, e);
}

int
task_carried(struct store *s, const char *assignee, int64_t day, int *n, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT count(*) FROM task WHERE assignee = ?1 AND " LIVE
				   " AND kind = '" TASK_CALL "' AND day < ?2");

	sql_text(q, 1, assignee);
	sql_int(q, 2, day);
	return count(q, n, e);
}

int
task_held(struct store *s, const char *assignee, int *n, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT count(*) FROM task WHERE assignee = ?1 AND " LIVE);

	sql_text(q, 1, assignee);
	return count(q, n, e);
}

int
task_counts(struct store *s, int64_t by_state[TASK_STATES], struct err *e)
{
	struct sql *q = sql_get(s, "SELECT state, count(*) FROM task GROUP BY state");
	int rc;

	memset(by_state, 0, TASK_STATES * sizeof(*by_state));
	while ((rc = sql_step(q, e)) == 1)
		by_state[sql_col(q, 0)] = sql_col(q, 1);
	return rc;
}
