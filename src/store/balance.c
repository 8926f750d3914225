#include "store/balance.h"

#include <string.h>

#include "core/run.h"
#include "sql.h"
#include "store/optout.h"

/* Of a playbook, made when it is first met. [0] is that of all. */
static struct balance *
of(GArray *all, int playbook)
{
	struct balance_of one = { .playbook = playbook, .b.held_until = MS_NEVER };

	for (guint i = 0; i < all->len; i++)
		if (g_array_index(all, struct balance_of, i).playbook == playbook)
			return &g_array_index(all, struct balance_of, i).b;
	g_array_append_val(all, one);
	return &g_array_index(all, struct balance_of, all->len - 1).b;
}

static void
add_touch(struct balance *b, enum column column, ms_t due, int channel)
{
	b->touches++;
	b->columns[column]++;
	if (column == COLUMN_HELD)
		b->held_until = MIN(b->held_until, due);
	if (column == COLUMN_SENT)
		b->channel_sent[channel]++;
}

/* Row by row: grouping a million rows in SQL takes three times as long as reading them. */
static int
read_touches(struct store *s, ms_t now, GArray *all, struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT playbook, state, reason, planned_at, channel, due_at FROM msg");
	int rc;

	while ((rc = sql_step(q, e)) == 1) {
		enum column column = message_column((int)sql_col(q, 1),
		    (int)sql_col(q, 2), sql_col(q, 3) <= now);
		int channel = (int)sql_col(q, 4);

		add_touch(of(all, 0), column, sql_col(q, 5), channel);
		add_touch(of(all, (int)sql_col(q, 0)), column, sql_col(q, 5), channel);
	}
	return rc;
}

static void
add_run(struct balance *b, int state, bool control, bool goal)
{
	int64_t *by_state[RUN_STATES] = { &b->running, &b->watching, &b->finished, &b->left };

	b->runs++;
	if (control)
		b->control++;
	else
		++*by_state[state];
	b->goals += goal;
}

static int
read_runs(struct store *s, GArray *all, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT playbook, state, control, goal_at FROM run");
	int rc;

	while ((rc = sql_step(q, e)) == 1) {
		int state = (int)sql_col(q, 1);
		bool control = sql_col(q, 2) != 0, goal = sql_col(q, 3) > 0;

		add_run(of(all, 0), state, control, goal);
		add_run(of(all, (int)sql_col(q, 0)), state, control, goal);
	}
	return rc;
}

static int
read_tasks(struct store *s, GArray *all, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT ifnull((SELECT playbook FROM run WHERE id ="
				   " t.run), 0) FROM task t");
	int rc;

	while ((rc = sql_step(q, e)) == 1) {
		int playbook = (int)sql_col(q, 0);

		of(all, 0)->tasks++;
		if (playbook != 0)
			of(all, playbook)->tasks++;
	}
	return rc;
}

GArray *
balance_all(struct store *s, ms_t now, struct err *e)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct balance_of));

	of(all, 0);
	if (read_touches(s, now, all, e) == 0 && read_runs(s, all, e) == 0 &&
	    read_tasks(s, all, e) == 0)
		return all;
	g_array_unref(all);
	return NULL;
}

const struct balance *
balance_of(GArray *all, int playbook)
{
	return of(all, playbook);
}

int
balance_get(struct store *s, int playbook, ms_t now, struct balance *out, struct err *e)
{
	GArray *all = balance_all(s, now, e);

	if (all == NULL)
		return -1;
	*out = *balance_of(all, playbook);
	g_array_unref(all);
	return 0;
}

int
balance_day(struct store *s, ms_t now, struct balance *out, struct err *e)
{
	/* Only what is due is read: through its index. */
	struct sql *q = sql_get(s,
	    "SELECT (SELECT count(*) FROM msg INDEXED BY msg_due WHERE state = 0 AND "
	    "planned_at <= ?1),"
	    " (SELECT count(*) FROM task), (SELECT count(*) FROM run WHERE goal_at > 0)");

	memset(out, 0, sizeof(*out));
	sql_int(q, 1, now);
	if (sql_step(q, e) != 1)
		return -1;
	out->columns[COLUMN_HELD] = sql_col(q, 0);
	out->tasks = sql_col(q, 1);
	out->goals = sql_col(q, 2);
	sql_end(q);
	return 0;
}

int
balance_answers(struct store *s, int64_t *replies, int64_t *opt_outs, struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT count(*) FROM event WHERE source = 'reachd' AND type = 'reply'");

	if (sql_step(q, e) != 1)
		return -1;
	*replies = sql_col(q, 0);
	sql_end(q);
	return optout_count(s, opt_outs, e);
}

void
balance_add(struct balance *sum, const struct balance *b)
{
	sum->touches += b->touches;
	for (int i = 0; i < COLUMNS; i++)
		sum->columns[i] += b->columns[i];
	sum->runs += b->runs;
	sum->running += b->running;
	sum->watching += b->watching;
	sum->finished += b->finished;
	sum->left += b->left;
	sum->control += b->control;
	sum->goals += b->goals;
	sum->tasks += b->tasks;
	for (int i = 0; i < CHANNELS; i++)
		sum->channel_sent[i] += b->channel_sent[i];
	sum->held_until =
	    sum->held_until < b->held_until ? sum->held_until : b->held_until;
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
