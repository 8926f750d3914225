#include "store/balance.h"

#include <string.h>

#include "core/run.h"
#include "sql.h"

int
balance_get(struct store *s, int playbook, ms_t now, struct balance *out, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT state, reason, planned_at <= ?2, channel, count(*),"
	    " min(due_at) FROM msg"
	    " WHERE ?1 = 0 OR playbook = ?1 GROUP BY 1, 2, 3, 4");
	int rc;

	memset(out, 0, sizeof(*out));
	out->held_until = MS_NEVER;
	sql_int(q, 1, playbook);
	sql_int(q, 2, now);
	while ((rc = sql_step(q, e)) == 1) {
		enum column col = message_column(
		    (int)sql_col(q, 0), (int)sql_col(q, 1), (int)sql_col(q, 2));
		int64_t n = sql_col(q, 4);

		out->touches += n;
		out->columns[col] += n;
		if (col == COLUMN_HELD && sql_col(q, 5) < out->held_until)
			out->held_until = sql_col(q, 5);
		if (col == COLUMN_SENT)
			out->channel_sent[sql_col(q, 3)] += n;
	}
	if (rc < 0)
		return -1;
	q = sql_get(s, "SELECT count(*) FROM task t WHERE ?1 = 0 OR EXISTS"
		       " (SELECT 1 FROM run r WHERE r.id = t.run AND r.playbook = ?1)");
	sql_int(q, 1, playbook);
	if (sql_step(q, e) != 1)
		return -1;
	out->tasks = sql_col(q, 0);
	sql_end(q);
	q = sql_get(s, "SELECT state, control, goal_at > 0, count(*) FROM run"
		       " WHERE ?1 = 0 OR playbook = ?1 GROUP BY 1, 2, 3");
	sql_int(q, 1, playbook);
	while ((rc = sql_step(q, e)) == 1) {
		int64_t n = sql_col(q, 3);
		int64_t *by_state[RUN_STATES] = { &out->running, &out->watching, &out->finished,
			&out->left };

		out->runs += n;
		if (sql_col(q, 1))
			out->control += n;
		else
			*by_state[sql_col(q, 0)] += n;
		if (sql_col(q, 2))
			out->goals += n;
	}
	return rc < 0 ? -1 : 0;
}

int
balance_answers(struct store *s, int64_t *replies, int64_t *opt_outs, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT (SELECT count(*) FROM event WHERE source = 'reachd' AND"
				   " type = 'reply'), (SELECT count(*) FROM optout)");

	if (sql_step(q, e) != 1)
		return -1;
	*replies = sql_col(q, 0);
	*opt_outs = sql_col(q, 1);
	sql_end(q);
	return 0;
}

int
balance_ok(const struct balance *b)
{
	int64_t sum = 0;

	for (int i = 0; i < COLUMNS; i++)
		sum += b->columns[i];
	return sum == b->touches &&
	    b->runs == b->running + b->watching + b->finished + b->left + b->control;
}
