#include "store/launch.h"

#include <string.h>

#include "core/message.h"
#include "core/reason.h"
#include "sql.h"
#include "store/run.h"

#define COLUMNS_OF_LAUNCH                                                                \
	"version, playbook, state, stage, entered, begun_at, stage_at, since, next_at, " \
	"why"

static void
read_row(struct store *s, struct sql *q, void *into)
{
	struct launch *l = into;

	l->version = sql_col(q, 0);
	l->playbook = (int)sql_col(q, 1);
	l->state = (int)sql_col(q, 2);
	l->stage = (int)sql_col(q, 3);
	l->entered = sql_col(q, 4);
	l->begun_at = sql_col(q, 5);
	l->stage_at = sql_col(q, 6);
	l->since = sql_col(q, 7);
	l->next_at = sql_col(q, 8);
	l->why = sql_col_dup(s, q, 9);
}

static int
one(struct store *s, struct sql *q, struct launch *out, struct err *e)
{
	int rc = sql_step(q, e);

	memset(out, 0, sizeof(*out));
	out->why = "";
	if (rc == 1)
		read_row(s, q, out);
	sql_end(q);
	return rc;
}

int
launch_get(struct store *s, int64_t version, struct launch *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS_OF_LAUNCH " FROM launch WHERE version = ?1");

	sql_int(q, 1, version);
	return one(s, q, out, e);
}

int
launch_of_hash(struct store *s, const char *hash, struct launch *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS_OF_LAUNCH " FROM launch WHERE version ="
		       " (SELECT id FROM version WHERE hash = ?1)");

	sql_text(q, 1, hash);
	return one(s, q, out, e);
}

int
launch_save(struct store *s, const struct launch *l, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT OR REPLACE INTO launch VALUES(?1, ?2, ?3, ?4, "
				   "?5, ?6, ?7, ?8, ?9, ?10)");

	sql_int(q, 1, l->version);
	sql_int(q, 2, l->playbook);
	sql_int(q, 3, l->state);
	sql_int(q, 4, l->stage);
	sql_int(q, 5, l->entered);
	sql_int(q, 6, l->begun_at);
	sql_int(q, 7, l->stage_at);
	sql_int(q, 8, l->since);
	sql_int(q, 9, l->next_at);
	sql_text(q, 10, l->why);
	return sql_run(q, e);
}

int
launch_before(
    struct store *s, int playbook, int64_t version, struct launch *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS_OF_LAUNCH " FROM launch WHERE playbook = ?1"
		       " AND version <> ?2 AND begun_at > 0 ORDER BY begun_at DESC, "
		       "version DESC LIMIT 1");

	sql_int(q, 1, playbook);
	sql_int(q, 2, version);
	return one(s, q, out, e);
}

int
launch_standing(struct store *s, int playbook, struct launch *out, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_LAUNCH " FROM launch"
				   " WHERE playbook = ?1 AND state IN (?2, ?3) LIMIT 1");

	sql_int(q, 1, playbook);
	sql_int(q, 2, LAUNCH_HELD);
	sql_int(q, 3, LAUNCH_STOPPED);
	return one(s, q, out, e);
}

int
launch_release(struct store *s, int playbook, struct err *e)
{
	struct sql *q =
	    sql_get(s, "UPDATE launch SET state = ?4, why = '' WHERE playbook = ?1"
		       " AND state IN (?2, ?3)");

	sql_int(q, 1, playbook);
	sql_int(q, 2, LAUNCH_HELD);
	sql_int(q, 3, LAUNCH_STOPPED);
	sql_int(q, 4, LAUNCH_DONE);
	return sql_run(q, e);
}

int
launch_entered(struct store *s, int64_t version, struct err *e)
{
	struct sql *q =
	    sql_get(s, "UPDATE launch SET entered = entered + 1 WHERE version = ?1");

	sql_int(q, 1, version);
	return sql_run(q, e);
}

/* ---- what its limits are asked of ---- */

static bool
is_error(int state, int reason)
{
	return state == MSG_REJECTED ||
	       (state == MSG_SUPPRESSED &&
		   (reason == REASON_TEMPLATE_ERROR || reason == REASON_CONTENT_LINT ||
		       reason == REASON_PROVIDER_RULE));
}

/* Ids are by time: nothing older than the launch is looked at. */
static int
count_messages(struct store *s, const struct launch *l, ms_t now, struct ramp_count *out,
    struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT state, reason, count(*), min(CASE WHEN begun_at >= ?3 THEN begun_at "
	    "END),"
	    " sum(due_at < ?4) FROM msg WHERE id >= ?1 AND version = ?2 AND"
	    " (begun_at >= ?5 OR (begun_at = 0 AND due_at >= ?5)) GROUP BY 1, 2");
	int rc;

	sql_int(q, 1, l->begun_at << 20);
	sql_int(q, 2, l->version);
	sql_int(q, 3, l->stage_at);
	sql_int(q, 4, now + MS_DAY);
	sql_int(q, 5, l->since);
	while ((rc = sql_step(q, e)) == 1) {
		int state = (int)sql_col(q, 0), reason = (int)sql_col(q, 1);
		int64_t n = sql_col(q, 2);

		if (message_column(state, reason, 1) == COLUMN_SENT)
			out->sent += n;
		if (is_error(state, reason))
			out->errors += n;
		if (state == MSG_DUE)
			out->waiting += sql_col(q, 4);
		if (!sql_is_null(q, 3) && (out->first == 0 || sql_col(q, 3) < out->first))
			out->first = sql_col(q, 3);
	}
	return rc;
}

int
launch_count(struct store *s, const struct launch *l, ms_t now, struct ramp_count *out,
    struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT count(DISTINCT CASE WHEN EXISTS(SELECT 1 FROM optout o WHERE o.h = "
	    "m.address AND"
	    " o.channel = m.channel AND o.at >= m.begun_at) THEN m.customer END),"
	    " count(DISTINCT CASE WHEN EXISTS(SELECT 1 FROM customer c WHERE c.id = "
	    "m.customer AND"
	    " c.complained_at >= m.begun_at) THEN m.customer END)"
	    " FROM msg m WHERE m.id >= ?1 AND m.version = ?2 AND m.begun_at >= ?3");
	int rc;

	memset(out, 0, sizeof(*out));
	sql_int(q, 1, l->begun_at << 20);
	sql_int(q, 2, l->version);
	sql_int(q, 3, l->since);
	rc = sql_step(q, e);
	if (rc == 1) {
		out->opt_outs = sql_col(q, 0);
		out->complaints = sql_col(q, 1);
	}
	sql_end(q);
	return rc < 0 ? -1 : count_messages(s, l, now, out, e);
}

int
msg_ids_of_playbook(struct store *s, int playbook, const char *step, ms_t since,
    int64_t *cursor, int64_t *ids, int max, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT id FROM msg WHERE id > ?1 AND playbook = ?2 AND"
		       " (?3 = '' OR step = ?3) AND (state IN (0, ?6) OR begun_at >= ?4)"
		       " ORDER BY id LIMIT ?5");
	int n = 0, rc;

	sql_int(q, 1, *cursor);
	sql_int(q, 2, playbook);
	sql_text(q, 3, step);
	sql_int(q, 4, since);
	sql_int(q, 5, max);
	sql_int(q, 6, MSG_AWAITING);
	while ((rc = sql_step(q, e)) == 1)
		ids[n++] = sql_col(q, 0);
	if (n > 0)
		*cursor = ids[n - 1];
	return rc < 0 ? -1 : n;
}

int
run_ids_live(
    struct store *s, int playbook, int64_t *cursor, int64_t *ids, int max, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT id FROM run WHERE id > ?1 AND playbook = ?2 AND"
		       " state <= ?3 ORDER BY id LIMIT ?4");
	int n = 0, rc;

	sql_int(q, 1, *cursor);
	sql_int(q, 2, playbook);
	sql_int(q, 3, RUN_WATCHING);
	sql_int(q, 4, max);
	while ((rc = sql_step(q, e)) == 1)
		ids[n++] = sql_col(q, 0);
	if (n > 0)
		*cursor = ids[n - 1];
	return rc < 0 ? -1 : n;
}

int
msg_count_soon(struct store *s, int playbook, ms_t before, int64_t *n, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT count(*) FROM msg WHERE playbook = ?1 AND state = 0"
		       " AND (due_at < ?2 OR reason = ?3)");
	int rc;

	sql_int(q, 1, playbook);
	sql_int(q, 2, before);
	sql_int(q, 3, REASON_PAUSED);
	rc = sql_step(q, e);
	*n = rc == 1 ? sql_col(q, 0) : 0;
	sql_end(q);
	return rc < 0 ? -1 : 0;
}
