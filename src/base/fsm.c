/* fsm.c - looking up moves and names in a table of states. */
#include "base/fsm.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/log.h"

bool
fsm_may(const struct fsm *m, int from, int to)
{
	CHECK(m->count <= 32);
	if (from < 0 || from >= m->count || to < 0 || to >= m->count)
		return false;
	return (m->states[from].to & FSM_TO(to)) != 0;
}

int
fsm_move(const struct fsm *m, int from, int to)
{
	if (!fsm_may(m, from, to)) {
		log_error("bug", "machine=%s from=%s to=%s", m->name, fsm_name(m, from),
		    fsm_name(m, to));
		abort();
	}
	return to;
}

const char *
fsm_name(const struct fsm *m, int state)
{
	return state >= 0 && state < m->count ? m->states[state].name : "?";
}

int
fsm_find(const struct fsm *m, const char *name)
{
	int i;

	for (i = 0; i < m->count; i++) {
		if (strcmp(m->states[i].name, name) == 0)
			return i;
	}
	return -1;
}
