/* flow_graph.h - the steps of a playbook as a graph. Private to flow. */
#ifndef SPEC_FLOW_GRAPH_H
#define SPEC_FLOW_GRAPH_H

#include "flow.h"

#define NEVER INT64_MAX

struct edge {
	int to;       /* step index; n_steps: the end */
	int64_t wait; /* minutes, beyond the step's own timing */
};

/* The ways out of a step, into `out`; tier NULL: whatever the tier. */
void
flow_edges(const struct playbook *p, const struct step *s, const char *tier, GArray *out);

/* How long a run stays at a step at least, each time it comes round. */
int64_t flow_stay(const struct step *s);

#endif
