#include "store/experiment.h"

#include <string.h>

#include "base/check.h"
#include "core/run.h"
#include "sql.h"

#define COLUMNS_OF_EXPERIMENT                                                            \
	"id, playbook, step, version, name, pinned, started_at, decide_at, decided_at, " \
	"verdict,"                                                                       \
	" arm, p, metric"

static void
read_row(struct store *s, struct sql *q, void *into)
{
	struct experiment_row *t = into;

	*t = (struct experiment_row){
		.id = sql_col(q, 0),
		.playbook = (int)sql_col(q, 1),
		.step = sql_col_dup(s, q, 2),
		.version = sql_col_dup(s, q, 3),
		.name = sql_col_dup(s, q, 4),
		.pinned = sql_col(q, 5),
		.started_at = sql_col(q, 6),
		.decide_at = sql_col(q, 7),
		.decided_at = sql_col(q, 8),
		.verdict = (int)sql_col(q, 9),
		.arm = sql_col_dup(s, q, 10),
		.p = (double)sql_col(q, 11) / 1e9,
		.metric = (int)sql_col(q, 12),
	};
}

int
experiment_find(struct store *s, int playbook, const char *step, const char *version,
    struct experiment_row *out, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT " COLUMNS_OF_EXPERIMENT " FROM experiment WHERE playbook = ?1"
	    " AND step = ?2 AND version = ?3");

	sql_int(q, 1, playbook);
	sql_text(q, 2, step);
	sql_text(q, 3, version);
	return sql_one(s, q, read_row, out, e);
}

int
experiment_add(
    struct store *s, struct experiment_row *t, const struct experiment *x, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT INTO experiment(id, playbook, step, version, name, pinned,"
		       " started_at, decide_at, metric) VALUES(?1, ?2, ?3, ?4, ?5, ?6,"
		       " ?7, ?8, ?9)");

	t->id = store_next_id(s, t->started_at);
	sql_int(q, 1, t->id);
	sql_int(q, 2, t->playbook);
	sql_text(q, 3, t->step);
	sql_text(q, 4, t->version);
	sql_text(q, 5, t->name);
	sql_int(q, 6, t->pinned);
	sql_int(q, 7, t->started_at);
	sql_int_or_null(q, 8, t->decide_at);
	sql_int(q, 9, t->metric);
	if (sql_run(q, e) != 0)
		return -1;
	for (int i = 0; i < x->n_arms; i++) {
		q = sql_get(s, "INSERT INTO experiment_arm VALUES(?1, ?2, ?3, ?4, 0, 0)");
		sql_int(q, 1, t->id);
		sql_int(q, 2, i);
		sql_text(q, 3, x->arms[i].name);
		sql_int(q, 4, x->arms[i].weight);
		if (sql_run(q, e) != 0)
			return -1;
	}
	return 0;
}

int
experiment_save(struct store *s, const struct experiment_row *t, struct err *e)
{
	struct sql *q = sql_get(s,
	    "UPDATE experiment SET pinned = ?2, decide_at = ?3, decided_at = ?4,"
	    " verdict = ?5, arm = ?6, p = ?7, metric = ?8 WHERE id = ?1");

	sql_int(q, 1, t->id);
	sql_int(q, 2, t->pinned);
	sql_int_or_null(q, 3, t->decide_at);
	sql_int(q, 4, t->decided_at);
	sql_int(q, 5, t->verdict);
	sql_text(q, 6, t->arm);
	sql_int(q, 7, (int64_t)(t->p * 1e9 + 0.5));
	sql_int(q, 8, t->metric);
	if (sql_run(q, e) != 0)
		return -1;
	CHECK(store_changes(s) == 1);
	return 0;
}

int
experiment_due(struct store *s, ms_t now, struct experiment_row *out, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT " COLUMNS_OF_EXPERIMENT " FROM experiment WHERE decide_at <= ?1"
	    " ORDER BY decide_at, id LIMIT 1");

	sql_int(q, 1, now);
	return sql_one(s, q, read_row, out, e);
}

int
experiment_next(struct store *s, ms_t *at, struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT min(decide_at) FROM experiment WHERE decide_at IS NOT NULL");
	int rc = sql_step(q, e);

	*at = rc == 1 && sql_col(q, 0) != 0 ? sql_col(q, 0) : MS_NEVER;
	sql_end(q);
	return rc < 0 ? -1 : 0;
}

int
experiment_each(struct store *s, int playbook,
    void (*each)(void *arg, const struct experiment_row *t), void *arg, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_EXPERIMENT " FROM experiment"
				   " WHERE ?1 = 0 OR playbook = ?1 ORDER BY id");
	int rc;

	sql_int(q, 1, playbook);
	while ((rc = sql_step(q, e)) == 1) {
		struct experiment_row t;

		read_row(s, q, &t);
		each(arg, &t);
	}
	return rc;
}

/* ---- who was drawn, and what became of them ---- */

int
experiment_draw(struct store *s, int64_t experiment, int64_t customer, int64_t run,
    int arm, ms_t at, struct err *e)
{
	struct sql *q = sql_get(
	    s, "INSERT INTO drawn VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");

	sql_int(q, 1, experiment);
	sql_int(q, 2, customer);
	sql_int(q, 3, arm);
	sql_int(q, 4, run);
	sql_int(q, 5, at);
	return sql_run(q, e) != 0 ? -1 : store_changes(s);
}

int
experiment_count(struct store *s, const struct experiment_row *t, ms_t until,
    struct share *arms, int n, struct err *e)
{
	struct sql *q;
	int rc;

	memset(arms, 0, sizeof(*arms) * (size_t)n);
	if (t->metric == METRIC_GOAL)
		q = sql_get(s,
		    "SELECT d.arm, count(*), sum(r.goal_at > 0 AND r.goal_at "
		    "<= ?2) FROM drawn d"
		    " JOIN run r ON r.id = d.run WHERE d.experiment = ?1 AND d.at "
		    "<= ?2 GROUP BY 1");
	else
		q = sql_get(s,
		    "SELECT d.arm, count(*), sum(EXISTS(SELECT 1 FROM msg m "
		    "JOIN hit h ON h.msg = m.id"
		    " WHERE m.run = d.run AND m.step = ?3 AND h.kind = 1 AND "
		    "h.bot = '' AND"
		    " h.at <= ?2)) FROM drawn d WHERE d.experiment = ?1 AND d.at "
		    "<= ?2 GROUP BY 1");
	sql_int(q, 1, t->id);
	sql_int(q, 2, until);
	if (t->metric != METRIC_GOAL)
		sql_text(q, 3, t->step);
	while ((rc = sql_step(q, e)) == 1)
		if (sql_col(q, 0) < n)
			arms[sql_col(q, 0)] =
			    (struct share){ sql_col(q, 1), sql_col(q, 2) };
	return rc;
}

int
experiment_tally(
    struct store *s, int64_t experiment, int arm, struct share counted, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE experiment_arm SET people = ?3, hits = ?4 "
				   "WHERE experiment = ?1 AND n = ?2");

	sql_int(q, 1, experiment);
	sql_int(q, 2, arm);
	sql_int(q, 3, counted.n);
	sql_int(q, 4, counted.hits);
	return sql_run(q, e);
}

int
experiment_arms(struct store *s, int64_t experiment,
    void (*each)(void *arg, const char *name, int weight, struct share counted),
    void *arg, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT name, weight, people, hits FROM experiment_arm "
		       "WHERE experiment = ?1 ORDER BY n");
	int rc;

	sql_int(q, 1, experiment);
	while ((rc = sql_step(q, e)) == 1)
		each(arg, sql_col_text(q, 0), (int)sql_col(q, 1),
		    (struct share){ sql_col(q, 2), sql_col(q, 3) });
	return rc;
}

/* ---- the group-wide control group ---- */

int
control_share_note(struct store *s, ms_t at, int per_10000, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO control_share SELECT ?1, ?2 WHERE ?2 <> "
				   "ifnull((SELECT share FROM"
				   " control_share ORDER BY at DESC LIMIT 1), 0) ON "
				   "CONFLICT DO UPDATE SET share = ?2");

	sql_int(q, 1, at);
	sql_int(q, 2, per_10000);
	return sql_run(q, e);
}

int
control_count(struct store *s, int playbook, ms_t since, struct share held[2], struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT h, count(*), sum(g) FROM (SELECT max(control = ?3) h, max(goal_at > 0) g"
	    " FROM run WHERE entered_at >= ?1 AND (?2 = 0 OR (playbook = ?2 AND control < 2))"
	    " GROUP BY customer) GROUP BY h");
	int rc;

	held[0] = held[1] = (struct share){ 0 };
	sql_int(q, 1, since);
	sql_int(q, 2, playbook);
	sql_int(q, 3, playbook == 0 ? CONTROL_HOUSE : CONTROL_PLAYBOOK);
	while ((rc = sql_step(q, e)) == 1)
		held[sql_col(q, 0) != 0] = (struct share){ sql_col(q, 1), sql_col(q, 2) };
	return rc;
}
