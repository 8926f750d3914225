/* A call that may go: whose turn it is, and onto his list. */
#include <string.h>

#include "assign.h"
#include "core/business.h"
#include "core/reason.h"
#include "drafts.h"
#include "plan.h"
#include "store/msg.h"
#include "store/pace.h"
#include "tasks.h"

/* A call that a quiet window would cut off at once is not begun. */
#define ROOM (10 * MS_MINUTE)

const struct account tasks_people = {
	.name = "people",
	.type = "people",
	.channels = BIT(CHANNEL_PHONE) | BIT(CHANNEL_WECOM),
	.quiet_from = -1,
	.quiet_to = -1,
};

static void
later(struct tasks_turn *turn, ms_t until, const char *fmt, ...)
{
	va_list ap;

	turn->until = until;
	va_start(ap, fmt);
	g_vsnprintf(turn->detail, sizeof(turn->detail), fmt, ap);
	va_end(ap);
}

/* Somebody who has had enough for a day gets it first thing on the next; more important
 * calls of today that are still to come keep their room. */
static int
check_load(struct work *w, const struct person *p, const struct message *m,
    struct tasks_turn *turn, struct err *e)
{
	const struct policy *policy = w->cat->policy;
	const struct zone *house = w->cat->config->entity.zone;
	ms_t morning, best;
	int64_t day = desk_today(w);
	int n, kept, most = business_calls(policy, p->shop, day);

	if (policy->tasks.per_day == 0)
		return 0;
	if (most == 0)
		most =
		    policy->tasks.per_day; /* whoever works although the house is shut */
	most = (int)desk_portion(w, most, turn->assignee, day);
	if (task_load(w->store, turn->assignee, TASK_CALL, day, &n, e) != 0 ||
	    booking_count(w->store, turn->assignee, 0, day, m->priority + 1, &kept, e) !=
		0)
		return -1;
	if (n + kept < most)
		return 0;
	morning = zone_instant(house, day + 1, policy->tasks.from);
	best = business_best(policy, p->zone, morning);
	later(turn, best == MS_NEVER ? morning : best,
	    kept > 0 ? "%d of %d calls today, the rest is kept for more important ones"
		     : "%d of %d calls today",
	    n, most);
	return 0;
}

int
tasks_turn(struct work *w, struct person *p, const struct step *s,
    const struct message *m, ms_t open_until, struct tasks_turn *turn, struct err *e)
{
	const struct policy *policy = w->cat->policy;
	struct task_row t;
	int rc = task_of_msg(w->store, m->id, &t, e);
	ms_t best;

	memset(turn, 0, sizeof(*turn));
	turn->over = rc == 1 && !task_is_live(t.state);
	if (rc >= 0 && m->channel != CHANNEL_PHONE)
		return drafts_turn(w, p, s, m, open_until, turn, e);
	if (rc < 0 ||
	    (rc == 0 ? task_assignee(w, &p->row.c, s->task.to, &turn->assignee, e)
		     : task_holder(w, &p->row.c, &t, &turn->assignee, e)) != 0)
		return -1;
	/* It is bounded by the call's last use as well, and that is no window. */
	if (open_until - w->now < ROOM && open_until < m->expires_at) {
		later(turn, open_until + 1, "a quiet window begins too soon");
		return 0;
	}
	/* It was on the list today already: a meal is no reason to wait for tomorrow. */
	if (rc == 1 && t.day == desk_today(w))
		return 0;
	if (rc == 0) {
		best = business_best(policy, p->zone, w->now);
		if (best > w->now && best < m->expires_at) {
			later(turn, best, "calls succeed at other hours");
			return 0;
		}
	}
	return check_load(w, p, m, turn, e);
}

static int
put_on_list(struct work *w, const struct person *p, const struct step *s,
    const struct message *m, const char *assignee, struct task_row *t, struct err *e)
{
	bool call = m->channel == CHANNEL_PHONE;

	*t = (struct task_row){
		.id = store_next_id(w->store, w->now),
		.msg = m->id,
		.customer = m->customer,
		.run = m->run,
		.version = m->version,
		.kind = call ? TASK_CALL : TASK_DRAFT,
		.template_ = m->template_,
		.assignee = assignee,
		.role = s->task.to,
		.store = p->row.c.store,
		.created_at = w->now,
		.day = desk_today(w),
		.span = s->task.due,
		.due_at = call ? tasks_deadline(w, TASK_CALL, p->row.c.store, w->now,
				     s->task.due)
			       : drafts_due(w, p, s, m),
		.late_to = s->task.late_to,
		.late_after = s->task.late_after,
		.state = TASK_OPEN,
		.outcome = "",
		.cause = "",
		.done_by = "",
	};
	/* It is no longer foreseen but there. */
	if (call && booking_drop(w->store, m->run, m->step, e) != 0)
		return -1;
	return task_add(w->store, t, e);
}

int
tasks_offer(struct work *w, const struct person *p, const struct step *s,
    struct message *m, ms_t open_until, const char *assignee, struct err *e)
{
	struct task_row t;
	int rc = task_of_msg(w->store, m->id, &t, e);

	if (rc < 0 || (rc == 0 && put_on_list(w, p, s, m, assignee, &t, e) != 0))
		return -1;
	if (rc == 1) {
		t.state = fsm_move(
		    &task_fsm, t.state, t.level > 0 ? TASK_ESCALATED : TASK_OPEN);
		t.assignee = assignee;
		t.day = desk_today(w);
	}
	w->desk->asked = true;
	t.next_at = MIN(open_until - tasks_lead(&t), tasks_late_at(w, &t));
	desk_people(w->desk, t.next_at);
	m->state = fsm_move(&message_fsm, m->state, MSG_AWAITING);
	m->settle_at = 0;
	/* Whoever calls may use the time he was given; a text says what holds now. */
	if (!tasks_is_draft(&t))
		m->expires_at = tasks_last(w, &t);
	if (task_save(w->store, &t, e) != 0 || msg_save(w->store, m, e) != 0)
		return -1;
	plan_tell(w, m, "", (struct pos){ 0 }, "", 0);
	return 0;
}
