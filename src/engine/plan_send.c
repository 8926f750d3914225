/* send: a touch is planned, and the run waits for what becomes of it. T1. */
#include "core/journey.h"
#include "core/quiet.h"
#include "core/reason.h"
#include "plan_step.h"
#include "store/msg.h"
#include "store/run.h"

/* Releases after a quiet window are spread over this long. */
#define SPREAD (5 * MS_MINUTE)

/* The last open instant itself would be missed by the milliseconds that work takes: some
 * minutes before it, where that is open too. */
static ms_t
just_before(const struct quiet_query *q, ms_t span, ms_t last, int64_t id, ms_t now)
{
	ms_t at = last - MS_MINUTE - plan_spread(0, id, MS_NEVER);
	struct quiet_answer a;

	if (at < now)
		return last;
	quiet_ask(q, at, span, &a);
	return a.quiet ? last : at;
}

static ms_t
out_of_quiet(struct work *w, const struct person *p, const struct step *s,
    const struct template *t, const struct message *m, struct quiet_answer *a)
{
	const struct quiet_query q = {
		.policy = w->cat->policy,
		.zone = p->zone,
		.channel = t->channel,
		.category = t->category,
		.urgent = t->urgent,
		.greeting = t->greeting,
		.open_from = -1,
		.open_to = -1,
	};

	ms_t span = 15 * MS_SECOND + quiet_lead(t->channel);

	quiet_ask(&q, m->due_at, span, a);
	if (!a->quiet || s->on_quiet == QUIET_DROP)
		return m->due_at;
	if (s->on_quiet == QUIET_EARLIER && a->earlier >= w->now)
		return just_before(&q, span, a->earlier, m->id, w->now);
	if (a->next >= m->expires_at)
		return m->due_at;
	return plan_spread(a->next, m->id, m->expires_at);
}

ms_t
plan_spread(ms_t at, int64_t id, ms_t before)
{
	ms_t jitter = (ms_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 33) % SPREAD;

	return at + jitter < before ? at + jitter : at;
}

static void
new_touch(struct work *w, const struct run *r, const struct playbook *p,
    const struct step *s, ms_t due, ms_t expires, struct message *m)
{
	const struct template *t = s->templates[0];

	*m = (struct message){
		.id = store_next_id(w->store, w->now),
		.customer = r->customer,
		.run = r->id,
		.version = r->version,
		.playbook = r->playbook,
		.step = s->id,
		.occ = r->occ,
		.state = MSG_DUE,
		.channel = (int)t->channel,
		.category = (int)t->category,
		.priority = p->priority,
		.planned_at = due,
		.due_at = due,
		.expires_at = expires,
		.account = "",
		.variant = s->arm == NULL ? "" : s->arm,
		.template_ = "",
		.provider_id = "",
		.perr = "",
	};
}

/* 1: planned, the run waits for it; 0: its time is past, go on; -1. */
static int
touch(struct work *w, struct person *p, struct run *r, const struct version *v,
    const struct step *s, ms_t due, struct err *e)
{
	const struct template *t = s->templates[0];
	ms_t expires = journey_expires(s, w->cat->policy, p->zone, t->greeting, due);
	bool past = w->now >= expires;
	struct quiet_answer quiet = { 0 };
	struct message m;
	int rc;

	if (past && s->on_past == PAST_NOW) {
		due = w->now;
		expires = journey_expires(s, w->cat->policy, p->zone, t->greeting, due);
		past = false;
	}
	r->occ++;
	new_touch(w, r, v->playbook, s, due, expires, &m);
	if (!past)
		m.due_at = out_of_quiet(w, p, s, t, &m, &quiet);
	if (m.due_at != m.planned_at)
		m.reason = REASON_QUIET;
	if ((rc = msg_add(w->store, &m, e)) != 1)
		return rc < 0 ? -1
			      : err_set(e, ERR_INTERNAL, "a step would be planned twice");
	if (past) {
		if (plan_suppress(w, &m, REASON_PAST, s->id, s->at, "", e) != 0)
			return -1;
		return 0;
	}
	if (m.due_at != m.planned_at) {
		struct decision d = { .msg = m.id,
			.at = w->now,
			.reason = REASON_QUIET,
			.rule = quiet.rule,
			.file = quiet.at.file == NULL ? "" : quiet.at.file,
			.line = quiet.at.line,
			.detail = "",
			.next = m.due_at };

		if (decision_add(w->store, &d, e) != 0)
			return -1;
		plan_tell(w, &m, quiet.rule, quiet.at, "", m.due_at);
	}
	desk_due(w->desk, m.playbook, m.channel, m.due_at);
	return 1;
}

int
plan_send(const struct stand *at, int *target, struct err *e)
{
	struct work *w = at->w;
	struct run *r = at->r;
	int rc = touch(w, at->p, r, at->v, at->s, at->due, e);

	(void)target;
	if (rc == 0 && at->s->on_past == PAST_EXIT)
		return plan_leave(w, r, "past", REASON_EXITED, e) != 0 ? -1 : 0;
	if (rc == 0)
		return 1;
	r->wait = WAIT_MESSAGE;
	r->wake_at = 0;
	return rc < 0 || run_save(w->store, r, e) != 0 ? -1 : 0;
}
