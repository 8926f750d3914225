/* The run whose last message has gone: known by the message alone, so that it is not read. */
#include "core/reason.h"
#include "pace.h"
#include "plan_step.h"
#include "store/msg.h"
#include "store/pace.h"
#include "store/run.h"
#include "store/version.h"

/* Nothing is left to do, to wait for, or to be let in again for. */
static bool
is_last(const struct work *w, const struct playbook *pb, const struct message *m)
{
	const struct step *s = playbook_step(pb, m->step);
	const struct live *live = desk_live(w->desk, m->playbook);

	return s != NULL && s->verb == STEP_SEND && s->index + 1 == pb->n_steps &&
	       pb->goal.on == NULL && !way_has_calls(pb) && live != NULL &&
	       live->version == m->version && pb->start.kind != START_WHEN;
}

int
plan_finish(struct work *w, const struct message *m, struct err *e)
{
	const struct version *v;
	int rc;

	if (message_column(m->state, m->reason, 1) != COLUMN_SENT)
		return 0;
	if (desk_version(w, m->version, &v, e) != 0)
		return -1;
	if (!is_last(w, v->playbook, m))
		return 0;
	if ((rc = run_finish(w->store, m, w->now, "steps", e)) != 1)
		return rc;
	return booking_drop(w->store, m->run, NULL, e) != 0 ? -1 : 1;
}
