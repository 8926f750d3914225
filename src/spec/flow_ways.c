/* flow_ways.c - which steps can be come to, and without what. */
#include "flow_graph.h"

static void
spread(const struct playbook *p, bool seen[FLOW_STEPS_MAX + 1],
    bool (*gives)(const struct step *s, int target, const void *arg), const void *arg)
{
	GArray *edges = g_array_new(FALSE, FALSE, sizeof(struct edge));
	bool changed = true;

	while (changed) {
		changed = false;
		for (int i = 0; i < p->n_steps; i++) {
			if (!seen[i])
				continue;
			flow_edges(p, &p->steps[i], NULL, edges);
			for (guint k = 0; k < edges->len; k++) {
				int to = g_array_index(edges, struct edge, k).to;

				if (seen[to] ||
				    (gives != NULL && gives(&p->steps[i], to, arg)))
					continue;
				seen[to] = changed = true;
			}
		}
	}
	g_array_free(edges, TRUE);
}

bool
flow_reaches_without(const struct playbook *p, int step, bool replies_give,
    bool (*gives)(const struct step *s, int target, const void *arg), const void *arg)
{
	bool seen[FLOW_STEPS_MAX + 1] = { true };

	for (int i = 0; !replies_give && i < p->n_replies; i++) {
		const struct actions *then = &p->replies[i].then;

		for (int k = 0; k < then->n; k++)
			if (then->items[k].kind == ACTION_GOTO &&
			    then->items[k].target >= 0)
				seen[then->items[k].target] = true;
	}
	spread(p, seen, gives, arg);
	return seen[step];
}

bool
flow_leads(const struct playbook *p, int from, int step)
{
	bool seen[FLOW_STEPS_MAX + 1] = { false };

	seen[from] = true;
	spread(p, seen, NULL, NULL);
	return seen[step];
}

/* Dijkstra's numbers by repetition: a playbook is small. */
int64_t
flow_waits(const struct playbook *p, int step)
{
	GArray *edges = g_array_new(FALSE, FALSE, sizeof(struct edge));
	int64_t least[FLOW_STEPS_MAX + 1];
	bool changed = true;

	for (int i = 0; i <= p->n_steps; i++)
		least[i] = i == 0 ? 0 : NEVER;
	while (changed) {
		changed = false;
		for (int i = 0; i < p->n_steps; i++) {
			const struct timing *t = &p->steps[i].timing;
			int64_t own = t->kind == TIMING_DAY
					  ? (t->days - 1) * (int64_t)DAY_MINUTES
					  : flow_stay(&p->steps[i]);

			if (least[i] == NEVER)
				continue;
			flow_edges(p, &p->steps[i], NULL, edges);
			for (guint k = 0; k < edges->len; k++) {
				struct edge *to = &g_array_index(edges, struct edge, k);

				if (least[i] + own + to->wait >= least[to->to])
					continue;
				least[to->to] = least[i] + own + to->wait;
				changed = true;
			}
		}
	}
	g_array_free(edges, TRUE);
	if (least[step] == NEVER)
		return -1;
	return least[step] +
	       (p->steps[step].timing.kind == TIMING_DAY
		       ? (p->steps[step].timing.days - 1) * (int64_t)DAY_MINUTES
		       : flow_stay(&p->steps[step]));
}
