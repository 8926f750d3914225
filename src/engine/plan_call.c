/* call: a touch like any other, made by a person; what comes of it leads on. */
#include <string.h>

#include "core/call.h"
#include "plan_step.h"
#include "tasks.h"

static const struct outcome_rule *
rule_of(const struct step *s, const char *name)
{
	for (int i = 0; i < s->n_outcomes; i++)
		if (strcmp(s->outcomes[i].name, name) == 0)
			return &s->outcomes[i];
	return NULL;
}

/* Who was not spoken to is as good as not called, unless the playbook knows better. */
static int
lead_on(const struct stand *at, const char *outcome, int *target, struct err *e)
{
	const struct outcome_rule *rule = rule_of(at->s, outcome);

	if (rule == NULL && !call_reached(outcome))
		rule = rule_of(at->s, CALL_NONE);
	return rule == NULL ? 1 : plan_act(at->w, at->p, at->r, &rule->then, target, e);
}

int
plan_call(struct stand *at, int *target, struct err *e)
{
	int rc = plan_send(at, target, e);

	return rc == 1 ? lead_on(at, CALL_NONE, target, e) : rc;
}

int
plan_called(const struct stand *at, const struct message *m, int *target, struct err *e)
{
	struct task_row t;
	int rc = task_of_msg(at->w->store, m->id, &t, e);

	if (rc < 0)
		return -1;
	return lead_on(
	    at, rc == 1 && t.state == TASK_DONE ? t.outcome : CALL_NONE, target, e);
}
