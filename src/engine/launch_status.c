/* What is told of a launch. Reads on a snapshot. */
#include <jansson.h>

#include "launch.h"
#include "store/launch.h"

static json_t *
when(const struct work *w, ms_t at)
{
	char buf[CLOCK_TEXT];

	return json_string(
	    clock_format(at, zone_offset(w->cat->config->entity.zone, at) / 60, buf));
}

int
launch_status(struct work *w, int number, const struct version *v, json_t **out, struct err *e)
{
	struct launch l;
	struct ramp ramp;
	int64_t waiting = 0;
	int rc;

	*out = NULL;
	if (v == NULL || v->playbook->status != PLAYBOOK_LIVE)
		return 0;
	rc = launch_of_hash(w->store, v->hash, &l, e);
	if (rc <= 0 || not_yet_count(w->store, number, &waiting, e) != 0)
		return rc == 0 ? 0 : -1;
	ramp_of(&w->cat->policy->launch, v->playbook, &ramp);
	*out = json_pack("{ss sI sI}", "state", launch_state_name(l.state), "entered", l.entered,
	    "waiting", waiting);
	if (l.state == LAUNCH_RAMP) {
		json_object_set_new(*out, "stage", json_integer(l.stage + 1));
		json_object_set_new(*out, "stages", json_integer(ramp.n));
		json_object_set_new(*out, "since", when(w, l.stage_at));
	}
	if (l.state == LAUNCH_COUNTDOWN)
		json_object_set_new(*out, "starts", when(w, l.next_at));
	if (*l.why != '\0')
		json_object_set_new(*out, "why", json_string(l.why));
	return 0;
}
