/* What is told of a launch. Reads on a snapshot. */
#include <jansson.h>

#include "answer.h"
#include "launch.h"
#include "money.h"
#include "store/launch.h"

static json_t *
when(const struct work *w, ms_t at)
{
	char buf[CLOCK_TEXT];

	return json_string(
	    clock_format(at, zone_offset(w->cat->config->entity.zone, at) / 60, buf));
}

static int
purse(struct work *w, const struct budget_rule *r, int kind, const char *id, json_t *list,
    struct err *e)
{
	int64_t used;

	if (r->limit == 0)
		return 0;
	if (money_used(w, kind, id, &used, e) != 0)
		return -1;
	json_array_append_new(
	    list, json_pack("{ss sf sf}", "name", budget_name(kind), "used",
		      (double)used / 10000, "limit", (double)r->limit / 10000));
	return 0;
}

int
launch_budgets(
    struct work *w, int number, const struct playbook *pb, json_t **out, struct err *e)
{
	char id[16];
	int rc = 0;

	*out = json_array();
	for (int k = 0; k < BUDGET_HOUSE_DAY && rc == 0 && pb != NULL; k++)
		rc = purse(w, &pb->budget[k], k, money_id(number, id), *out, e);
	for (int k = BUDGET_HOUSE_DAY; k < BUDGET_STORE_DAY && rc == 0 && pb == NULL; k++)
		rc = purse(w, &w->cat->policy->budgets[k], k, "", *out, e);
	if (json_array_size(*out) == 0) {
		json_decref(*out);
		*out = NULL;
	}
	return rc;
}

int
launch_status(
    struct work *w, int number, const struct version *v, json_t **out, struct err *e)
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
	*out = json_pack("{ss sI sI}", "state", launch_state_name(l.state), "entered",
	    l.entered, "waiting", waiting);
	if (l.state == LAUNCH_RAMP) {
		json_object_set_new(*out, "stage", json_integer(l.stage + 1));
		json_object_set_new(*out, "stages", json_integer(ramp.n));
		json_object_set_new(*out, "since", when(w, l.stage_at));
	}
	if (l.state == LAUNCH_COUNTDOWN)
		json_object_set_new(*out, "starts", when(w, l.next_at));
	if (*l.why != '\0')
		json_object_set_new(*out, "why", json_string(l.why));
	answer_twin(*out, "why_zh", l.why);
	return 0;
}
