/* referee_runs.c - runs as the end shows them: none lost a step or did it twice by moving to
 * another version, none left because its playbook stood, no ramp let in too many; and who
 * was away was asked for nothing. */
#include <string.h>

#include "../store/sql.h"
#include "core/launch.h"
#include "core/task.h"
#include "referee_impl.h"

/* Both names of a step that the other set of the crowded town calls otherwise. */
#define STEP "CASE m.step WHEN 'follow' THEN 'second' ELSE m.step END"
/* Of `big`, whose sending steps are each done once; planned anew by a move: no touch. */
#define OF_BIG                                                                           \
	"msg m JOIN playbook p ON p.id = m.playbook WHERE p.name = 'big' AND NOT EXISTS" \
	" (SELECT 1 FROM decision d WHERE d.msg = m.id AND d.rule = 'migrate')"

static const struct {
	const char *rule, *sql;
} rules[] = {
	{ "migrate: a run did a step twice",
	    "SELECT count(*) FROM (SELECT 1 FROM " OF_BIG " GROUP BY m.run, " STEP
	    " HAVING count(*) > 1)" },
	{ "migrate: a run lost a step",
	    "SELECT count(*) FROM run r JOIN playbook p ON p.id = r.playbook WHERE "
	    "p.name ="
	    " 'big' AND (r.state IN (1, 2) AND r.why <> 'goal' OR EXISTS (SELECT 1 "
	    "FROM " OF_BIG
	    " AND m.run = r.id AND m.step = 'third')) AND (SELECT count(DISTINCT " STEP
	    ") FROM " OF_BIG " AND m.run = r.id) < 3" },
	{ "runs: a run left for no reason there is",
	    "SELECT count(*) FROM run WHERE state = 3 AND (why = '' OR why LIKE 'paused%'"
	    " OR why LIKE 'held%')" },
};

/* Nobody enters who is not of a stage that can have begun. */
static void
ramp(struct referee *r, struct store *s, const struct version *v)
{
	const struct ramp *ramp = &v->playbook->ramp;

	for (int i = 0; i < ramp->n; i++) {
		struct sql *q =
		    sql_get(s, "SELECT count(*) FROM run r JOIN version v ON v.id = "
			       "r.version WHERE v.hash"
			       " = ?1 AND r.entered_at < v.published_at + ?2");
		struct err e = { 0 };

		sql_text(q, 1, v->hash);
		sql_int(q, 2, (i + 1) * ramp->hold);
		if (ramp->stages[i].count > 0 && sql_step(q, &e) == 1 &&
		    sql_col(q, 0) > ramp->stages[i].count)
			referee_foul(r,
			    "ramp: %d entered at stage %d of %s, which takes %d",
			    (int)sql_col(q, 0), i + 1, v->playbook->name,
			    ramp->stages[i].count);
		sql_end(q);
	}
}

static int
per_day(const struct referee *r)
{
	int most = 0;

	for (guint i = 0; i < r->rules->len; i++) {
		int n =
		    g_array_index(r->rules, struct rules, i).cat->policy->tasks.per_day;

		if (n == 0)
			return G_MAXINT;
		most = MAX(most, n);
	}
	return most;
}

static void
calls(struct referee *r, struct store *s)
{
	struct sql *q = sql_get(s, "SELECT count(*) FROM task WHERE kind = 'call' AND day > 0"
				   " GROUP BY assignee, day ORDER BY 1 DESC");
	struct err e = { 0 };

	if (sql_step(q, &e) == 1 && sql_col(q, 0) > per_day(r))
		referee_foul(r,
		    "tasks: %d calls on one list in a day that has room for %d",
		    (int)sql_col(q, 0), per_day(r));
	sql_end(q);
}

static void
away(struct referee *r, struct store *s, const struct leave_seen *l)
{
	struct sql *q = sql_get(s,
	    "SELECT count(*) FROM task t JOIN msg m ON m.id = t.msg WHERE t.assignee = ?1"
	    " AND t.day BETWEEN ?2 AND ?3 AND m.begun_at > ?4 AND t.done_by IN ('', ?1)");
	struct err e = { 0 };

	sql_text(q, 1, l->who);
	sql_int(q, 2, l->days[0]);
	sql_int(q, 3, l->days[1]);
	sql_int(q, 4, l->at);
	if (sql_step(q, &e) == 1 && sql_col(q, 0) > 0)
		referee_foul(r, "tasks: %d calls offered to somebody who is away",
		    (int)sql_col(q, 0));
	sql_end(q);
}

void
referee_runs(struct referee *r, struct store *s)
{
	GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		struct sql *q = sql_get(s, rules[i].sql);
		struct err e = { 0 };

		if (sql_step(q, &e) != 1 || sql_col(q, 0) != 0)
			referee_foul(
			    r, "%s (%d) %s", rules[i].rule, (int)sql_col(q, 0), e.text);
		sql_end(q);
	}
	for (guint i = 0; i < r->rules->len; i++) {
		const struct catalog *cat = g_array_index(r->rules, struct rules, i).cat;

		for (int k = 0; k < cat->n_versions; k++)
			if (cat->versions[k]->playbook->ramp.said &&
			    g_hash_table_add(seen, (char *)cat->versions[k]->hash))
				ramp(r, s, cat->versions[k]);
	}
	g_hash_table_unref(seen);
	calls(r, s);
	for (guint i = 0; i < r->leaves->len; i++) {
		const struct leave_seen *l =
		    &g_array_index(r->leaves, struct leave_seen, i);
		bool last = true;

		for (guint k = i + 1; k < r->leaves->len; k++)
			last &= strcmp(g_array_index(r->leaves, struct leave_seen, k).who,
				    l->who) != 0;
		if (last)
			away(r, s, l);
	}
}
