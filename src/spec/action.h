/* action.h - what then:, do: and replies may do: each action is one file action_NAME.c
 * and one line of the table in action_read.c. */
#ifndef SPEC_ACTION_H
#define SPEC_ACTION_H

#include "read.h"

/* One list of actions while it grows. */
struct action_list {
	struct reading *rd;
	enum action_place place;
	GArray *actions;
};

/* y is what stands behind the key, at is the key's place. */
typedef void action_reader(struct action_list *l, const struct yaml *y, struct pos at);

action_reader action_set_read, action_tag_read, action_stage_read,
    action_stop_marketing_read, action_event_read, action_goto_read, action_stop_read,
    action_offer_read, action_enter_read, action_task_read;

void action_add(struct action_list *l, struct action a);

/* False with a diag where the run is already over, or the step itself says where to go
 * next. */
bool action_may_move(const struct action_list *l, struct pos at, const char *key);

/* Quoted is text; bare true, false and numbers are what they look like. */
struct value action_value(const struct yaml *y);

#endif
