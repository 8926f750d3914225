/* action_named.c - the actions that name something else of the set: offer, enter. */
#include "action.h"

void
action_offer_read(struct action_list *l, const struct yaml *y, struct pos at)
{
	struct action a = { .kind = ACTION_OFFER, .at = y->at };

	(void)at;
	if (word_read(y, "an offer", false, &a.name, l->rd->report))
		action_add(l, a);
}

void
action_enter_read(struct action_list *l, const struct yaml *y, struct pos at)
{
	struct action a = { .kind = ACTION_ENTER, .at = y->at };

	(void)at;
	if (word_read(y, "a playbook", false, &a.name, l->rd->report))
		action_add(l, a);
}
