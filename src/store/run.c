#include "store/run.h"

#include <string.h>

#include "core/message.h"
#include "sql.h"

#define COLUMNS_OF_RUN                                                                            \
	"id, customer, playbook, version, state, control, step, wait, occ, entered_at, step_at,"  \
	" wake_at, goal_at, ended_at, why, entry, event, first_sent_at, subject, round"

static void
read_row(struct store *s, struct sql *q, void *into)
{
	struct run *r = into;

	memset(r, 0, sizeof(*r));
	r->id = sql_col(q, 0);
	r->customer = sql_col(q, 1);
	r->playbook = (int)sql_col(q, 2);
	r->version = sql_col(q, 3);
	r->state = (enum run_state)sql_col(q, 4);
	r->control = (enum control)sql_col(q, 5);
	r->step = sql_col_dup(s, q, 6);
	r->wait = (enum run_wait)sql_col(q, 7);
	r->occ = (int)sql_col(q, 8);
	r->entered_at = sql_col(q, 9);
	r->step_at = sql_col(q, 10);
	r->wake_at = sql_col(q, 11);
	r->goal_at = sql_col(q, 12);
	r->ended_at = sql_col(q, 13);
	r->why = sql_col_dup(s, q, 14);
	r->entry = sql_col_dup(s, q, 15);
	r->event = sql_col(q, 16);
	r->first_sent_at = sql_col(q, 17);
	r->subject = sql_col_dup(s, q, 18);
	r->round = (int)sql_col(q, 19);
}

static void
bind(struct sql *q, const struct run *r)
{
	sql_int(q, 1, r->id);
	sql_int(q, 2, r->version);
	sql_int(q, 3, r->state);
	sql_text(q, 4, r->step);
	sql_int(q, 5, r->wait);
	sql_int(q, 6, r->occ);
	sql_int(q, 7, r->step_at);
	sql_int_or_null(q, 8, r->wake_at);
	sql_int(q, 9, r->goal_at);
	sql_int(q, 10, r->ended_at);
	sql_text(q, 11, r->why);
	sql_int(q, 12, r->first_sent_at);
}

int
run_add(struct store *s, struct run *r, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO run(id, version, state, step, wait, occ, step_at, wake_at, goal_at,"
	    " ended_at, why, first_sent_at, customer, playbook, control, entered_at, entry, event,"
	    " subject, priority) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
	    " ?15, ?16, ?17, ?18, ?19, ?20) ON CONFLICT(customer, playbook, subject, entry) DO NOTHING");

	r->id = store_next_id(s, r->entered_at);
	bind(q, r);
	sql_int(q, 13, r->customer);
	sql_int(q, 14, r->playbook);
	sql_int(q, 15, r->control);
	sql_int(q, 16, r->entered_at);
	sql_text(q, 17, r->entry);
	sql_int(q, 18, r->event);
	sql_text(q, 19, r->subject == NULL ? "" : r->subject);
	sql_text(q, 20, r->priority == NULL ? "" : r->priority);
	return sql_run(q, e) != 0 ? -1 : store_changes(s);
}

int
run_get(struct store *s, int64_t id, struct run *out, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_RUN " FROM run WHERE id = ?1");

	sql_int(q, 1, id);
	return sql_one(s, q, read_row, out, e);
}

int
run_save(struct store *s, const struct run *r, struct err *e)
{
	struct sql *q = sql_get(s,
	    "UPDATE run SET version = ?2, state = ?3, step = ?4, wait = ?5, occ = ?6, step_at = ?7,"
	    " wake_at = ?8, goal_at = ?9, ended_at = ?10, why = ?11, first_sent_at = ?12,"
	    " round = ?13 WHERE id = ?1");

	bind(q, r);
	sql_int(q, 13, r->round);
	return sql_run(q, e);
}

int
run_finish(struct store *s, const struct message *last, ms_t at, const char *why, struct err *e)
{
	struct sql *q = sql_get(s,
	    "UPDATE run SET state = ?4, step = '', step_at = ?5, ended_at = ?5, why = ?6,"
	    " first_sent_at = iif(first_sent_at = 0, ?7, first_sent_at) WHERE id = ?1"
	    " AND version = ?2 AND occ = ?3 AND state = ?8 AND wait = ?9 AND wake_at IS NULL");

	sql_int(q, 1, last->run);
	sql_int(q, 2, last->version);
	sql_int(q, 3, last->occ);
	sql_int(q, 4, RUN_FINISHED);
	sql_int(q, 5, at);
	sql_text(q, 6, why);
	sql_int(q, 7, last->begun_at);
	sql_int(q, 8, RUN_RUNNING);
	sql_int(q, 9, WAIT_MESSAGE);
	return sql_run(q, e) != 0 ? -1 : store_changes(s);
}

int
run_of_customer(struct store *s, int64_t customer, bool live_only, struct run *out, int max,
    struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_RUN " FROM run WHERE customer = ?1"
				   " AND state <= ?2 ORDER BY id DESC LIMIT ?3");

	sql_int(q, 1, customer);
	sql_int(q, 2, live_only ? RUN_WATCHING : RUN_STATES);
	sql_int(q, 3, max);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
run_entries(struct store *s, int64_t customer, struct run_entry **out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT id, playbook, subject FROM run WHERE customer = ?1");
	int rc;

	*out = NULL;
	sql_int(q, 1, customer);
	while ((rc = sql_step(q, e)) == 1) {
		struct run_entry *one = arena_new_of(store_scratch(s), struct run_entry);

		one->id = sql_col(q, 0);
		one->playbook = (int)sql_col(q, 1);
		one->subject = sql_col_word(s, q, 2);
		one->next = *out;
		*out = one;
	}
	return rc;
}

int
run_entry_read(struct store *s, struct run_entry *r, struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT state, entered_at, first_sent_at FROM run WHERE id = ?1");
	int rc;

	sql_int(q, 1, r->id);
	rc = sql_step(q, e);
	if (rc == 1) {
		r->state = (int)sql_col(q, 0);
		r->entered_at = sql_col(q, 1);
		r->first_sent_at = sql_col(q, 2);
		r->read = true;
	}
	sql_end(q);
	return rc == 1 ? 0 : -1;
}

int
run_last_entry(struct store *s, int64_t customer, int playbook, const char *subject,
    struct run *out, struct err *e)
{
	/* The highest id comes out of the index alone; sorting would read every run first. */
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_RUN " FROM run WHERE id ="
				   " (SELECT max(id) FROM run WHERE customer = ?1"
				   " AND playbook = ?2 AND subject = ?3)");

	sql_int(q, 1, customer);
	sql_int(q, 2, playbook);
	sql_text(q, 3, subject);
	return sql_one(s, q, read_row, out, e);
}

int
run_entered(struct store *s, int64_t customer, int playbook, const char *subject,
    const char *entry, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT 1 FROM run WHERE customer = ?1 AND playbook = ?2 AND entry = ?3 "
	    "AND (?4 IS NULL OR subject = ?4)");
	int rc;

	sql_int(q, 1, customer);
	sql_int(q, 2, playbook);
	sql_text(q, 3, entry);
	sql_text(q, 4, subject);
	rc = sql_step(q, e);
	sql_end(q);
	return rc;
}

int
run_due(struct store *s, ms_t now, int64_t *ids, int max, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT id FROM run WHERE wake_at <= ?1 ORDER BY wake_at, id LIMIT ?2");

	sql_int(q, 1, now);
	sql_int(q, 2, max);
	return sql_ids(q, ids, e);
}

int
run_next_wake(struct store *s, ms_t *at, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT wake_at FROM run WHERE wake_at IS NOT NULL"
				   " ORDER BY wake_at LIMIT 1");
	int rc = sql_step(q, e);

	*at = rc == 1 ? sql_col(q, 0) : MS_NEVER;
	sql_end(q);
	return rc < 0 ? -1 : 0;
}

int
run_let_go(struct store *s, int playbook, ms_t now, struct err *e)
{
	struct sql *q =
	    sql_get(s, "UPDATE run SET wake_at = ?2 WHERE wake_at = ?3 AND playbook = ?1");

	sql_int(q, 1, playbook);
	sql_int(q, 2, now);
	sql_int(q, 3, MS_NEVER);
	return sql_run(q, e);
}
