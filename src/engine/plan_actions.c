/* What `do:`, `then:` and replies may do to a customer. */
#include <string.h>

#include <jansson.h>

#include "facts.h"
#include "intake.h"
#include "plan_actions.h"
#include "profile.h"
#include "refusal.h"
#include "store/event.h"
#include "store/run.h"
#include "tasks.h"

static int
set_attr(struct act *act, const struct action *a, struct err *e)
{
	return facts_set(act->w, act->p, a->name, a->value, e);
}

static int
set_stage(struct act *act, const struct action *a, struct err *e)
{
	return profile_stage(act->w, act->p, a->name, e);
}

static int
stop_marketing(struct act *act, const struct action *a, struct err *e)
{
	const struct refusal no = refusal_now(act->w, "playbook");
	struct ended ended = { 0 };

	(void)a;
	if (customer_open(act->w->store, &act->p->row, e) != 0 ||
	    intake_opt_out(act->w, act->p, -1, &no, &ended, e) != 0)
		return -1;
	return intake_go_on(act->w, act->p, &ended, e);
}

static int
own_event(struct act *act, const struct action *a, struct err *e)
{
	json_t *data, *v;
	char *text;
	int rc;

	/* What it would start is part of the plan that he does without. */
	if (act->r->control != CONTROL_NONE)
		return trail_add(act->w->store, act->r->id, act->w->now,
		    "no event, held out as control", e);
	data = json_object();
	v = value_to_json(a->value);
	/* What an answer makes happen says what it was: a rating has its score and scale. */
	if (act->w->answer != NULL && act->w->answer->score >= 0) {
		json_object_set_new(data, "score", json_integer(act->w->answer->score));
		json_object_set_new(data, "scale", json_integer(act->w->answer->scale));
		json_object_set_new(data, "value", json_integer(act->w->answer->score));
	}
	if (!json_is_null(v))
		json_object_set(data, "value", v);
	json_decref(v);
	/* What is said of one car is not said of the others. */
	if (*person_vehicle(act->p) != '\0')
		json_object_set_new(data, "vehicle", json_string(person_vehicle(act->p)));
	text = json_dumps(data, JSON_COMPACT);
	json_decref(data);
	rc = intake_own(act->w, act->p, a->name, text, e);
	free(text);
	return rc;
}

static int
tag_add(struct act *act, const struct action *a, struct err *e)
{
	return facts_tag_add(act->w, act->p, a->name, e);
}

static int
tag_remove(struct act *act, const struct action *a, struct err *e)
{
	return facts_tag_remove(act->w, act->p, a->name, e);
}

static int
go_to(struct act *act, const struct action *a, struct err *e)
{
	(void)e;
	*act->target = a->target;
	return 0;
}

static int
stop(struct act *act, const struct action *a, struct err *e)
{
	(void)a;
	(void)e;
	*act->target = STEP_END;
	return 0;
}

static int
task(struct act *act, const struct action *a, struct err *e)
{
	const struct event *ev = act->p->event;
	bool complaint = ev != NULL && strcmp(ev->type, "complaint") == 0;
	const struct tasks_ask ask = {
		.kind = complaint ? TASK_COMPLAINT : TASK_ACTION,
		.to = a->task->to,
		.due = a->task->due,
		.late_to = a->task->late_to,
		.late_after = a->task->late_after,
		.script = a->task->script,
		.run = act->r->id,
		.version = act->r->version,
	};

	/* Who is held out is not called either; whoever complains is answered. */
	if (act->r->control != CONTROL_NONE && !complaint)
		return trail_add(act->w->store, act->r->id, act->w->now,
		    "no task, held out as control", e);
	return tasks_ask(act->w, act->p, &ask, e);
}

static plan_action *const acts[ACTION_KINDS] = {
	[ACTION_SET] = set_attr,
	[ACTION_TAG_ADD] = tag_add,
	[ACTION_TAG_REMOVE] = tag_remove,
	[ACTION_STAGE] = set_stage,
	[ACTION_STOP_MARKETING] = stop_marketing,
	[ACTION_EVENT] = own_event,
	[ACTION_GOTO] = go_to,
	[ACTION_STOP] = stop,
	[ACTION_OFFER] = plan_act_offer,
	[ACTION_ENTER] = plan_act_enter,
	[ACTION_TASK] = task,
};

int
plan_actions(struct work *w, struct person *p, struct run *r, const struct actions *list,
    int *target, struct err *e)
{
	struct act act = { w, p, r, target };

	for (int i = 0; i < list->n; i++)
		if (acts[list->items[i].kind](&act, &list->items[i], e) != 0)
			return -1;
	return 0;
}

int
plan_act(struct work *w, struct person *p, struct run *r, const struct actions *a,
    int *target, struct err *e)
{
	struct run before;

	if (a->n == 0)
		return 1;
	r->wait = WAIT_STEP;
	r->wake_at = 0;
	if (run_save(w->store, r, e) != 0)
		return -1;
	before = *r;
	if (plan_actions(w, p, r, a, target, e) != 0 ||
	    run_get(w->store, r->id, r, e) != 1)
		return -1;
	return r->state == before.state && strcmp(r->step, before.step) == 0 &&
	       r->occ == before.occ && r->wait == before.wait;
}
