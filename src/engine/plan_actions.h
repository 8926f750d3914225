/* plan_actions.h - what an action does: one function and one line of the table in
 * plan_actions.c a kind. Store thread. */
#ifndef ENGINE_PLAN_ACTIONS_H
#define ENGINE_PLAN_ACTIONS_H

#include "plan.h"

/* One action under way. */
struct act {
	struct work *w;
	struct person *p;
	struct run *r; /* whose playbook says so; it may be over */
	int *target;   /* gets a goto */
};

/* 0 or -1. */
typedef int plan_action(struct act *act, const struct action *a, struct err *e);

plan_action plan_act_offer, plan_act_enter;

#endif
