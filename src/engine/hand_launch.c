/* Holding a launch and letting it go. */
#include "hand.h"
#include "launch.h"
#include "store/launch.h"

static int
answer(struct hand *h, const struct live *l, struct err *e)
{
	struct launch row;
	int64_t waiting;

	if (launch_get(h->w->store, l->version, &row, e) < 0 ||
	    not_yet_count(h->w->store, l->number, &waiting, e) != 0)
		return -1;
	json_object_set_new(h->out, "playbook", json_string(l->name));
	json_object_set_new(h->out, "state", json_string(launch_state_name(row.state)));
	json_object_set_new(h->out, "entered", json_integer(row.entered));
	json_object_set_new(h->out, "waiting", json_integer(waiting));
	return 0;
}

int
hand_hold(struct hand *h, struct err *e)
{
	const char *by = hand_text(h, "by"), *reason = hand_text(h, "reason");
	struct live *l = hand_playbook(h);
	int rc;

	if (l == NULL)
		return 0;
	rc = launch_hold(h->w, l,
	    arena_printf(h->w->arena, "held by hand%s%s%s%s", *by == '\0' ? "" : ", ", by,
		*reason == '\0' ? "" : ": ", reason),
	    e);
	if (rc <= 0)
		return rc < 0 ? -1
			      : hand_no(h, 409, "%s stands already%s%s", l->name,
				    *l->why == '\0' ? ": see its status" : ": ", l->why);
	return answer(h, l, e);
}

int
hand_go(struct hand *h, struct err *e)
{
	struct live *l = hand_playbook(h);
	int rc;

	if (l == NULL)
		return 0;
	if (l->launch == LAUNCH_UNTESTED)
		return hand_no(h, 409, "%s: %s", l->name, l->why);
	rc = launch_go(h->w, l, e);
	if (rc <= 0)
		return rc < 0
			   ? -1
			   : hand_no(h, 409,
				 "%s is neither counting down nor held: there is nothing "
				 "to let go",
				 l->name);
	return answer(h, l, e);
}
