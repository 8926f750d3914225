#include "experiments.h"

#include "store/experiment.h"

struct telling {
	struct work *w;
	const struct zone *zone;
	json_t *out;
	GArray *rows; /* struct experiment_row */
};

static void
note_row(void *arg, const struct experiment_row *row)
{
	g_array_append_val(((struct telling *)arg)->rows, *row);
}

struct arms {
	json_t *list;
	const struct share *now; /* NULL: as counted at the decision */
	int n;
};

static void
note_arm(void *arg, const char *name, int weight, struct share counted)
{
	struct arms *a = arg;
	struct share s = a->now != NULL && a->n < ARMS_MAX ? a->now[a->n] : counted;

	a->n++;
	json_array_append_new(
	    a->list, json_pack("{ss si sI sI sf}", "arm", name, "weight", weight,
			 "people", s.n, "hits", s.hits, "share", share_of(s)));
}

static json_t *
when(const struct telling *t, ms_t at)
{
	char buf[CLOCK_TEXT];

	return at == 0
		   ? json_null()
		   : json_string(clock_format(at, zone_offset(t->zone, at) / 60, buf));
}

static int
tell(const struct telling *t, const struct experiment_row *row, struct err *e)
{
	struct share now[ARMS_MAX];
	struct arms arms = { json_array(), NULL, 0 };
	json_t *j = json_pack("{ss ss ss ss so so so ss so}", "experiment", row->name,
	    "step", row->step, "version", row->version, "metric",
	    metric_names[row->metric], "since", when(t, row->started_at), "decide",
	    when(t, row->decide_at), "decided", when(t, row->decided_at), "verdict",
	    experiment_verdict_name(row->verdict), "arms", arms.list);

	json_array_append_new(t->out, j);
	if (row->decided_at != 0) {
		json_object_set_new(
		    j, "arm", json_string(*row->arm == '\0' ? "stop" : row->arm));
		json_object_set_new(j, "p", json_real(row->p));
	} else {
		if (experiment_count(t->w->store, row, t->w->now, now, ARMS_MAX, e) != 0)
			return -1;
		arms.now = now;
	}
	return experiment_arms(t->w->store, row->id, note_arm, &arms, e);
}

int
experiments_json(
    struct work *w, int playbook, const struct zone *z, json_t *out, struct err *e)
{
	struct telling t = { w, z, out,
		g_array_new(FALSE, FALSE, sizeof(struct experiment_row)) };
	int rc = experiment_each(w->store, playbook, note_row, &t, e);

	for (guint i = 0; rc == 0 && i < t.rows->len; i++)
		rc = tell(&t, &g_array_index(t.rows, struct experiment_row, i), e);
	g_array_unref(t.rows);
	return rc;
}
