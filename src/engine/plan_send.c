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

	ms_t span = config_span(w->cat->config, t->channel) + quiet_lead(t->channel);

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

static const struct template *
template_of(const struct stand *at)
{
	return at->s->templates[at->s->each ? at->r->round - 1 : 0];
}

bool
plan_times(const struct stand *at, struct message *m, struct quiet_answer *quiet)
{
	const struct work *w = at->w;
	const struct step *s = at->s;
	const struct template *t = template_of(at);
	ms_t due = at->due,
	     expires = journey_expires(s, w->cat->policy, at->p->zone, t->greeting, due);
	bool past = w->now >= MIN(expires, at->until);

	if (past && s->on_past == PAST_NOW && w->now < at->until) {
		due = w->now;
		expires =
		    journey_expires(s, w->cat->policy, at->p->zone, t->greeting, due);
		past = false;
	}
	/* A reminder is of use until what it reminds of, never after. */
	if (at->until != MS_NEVER && !s->expires_said && !t->greeting)
		expires = at->until;
	m->planned_at = m->due_at = due;
	m->expires_at = MIN(expires, at->until);
	m->expires_at = MIN(m->expires_at,
	    plan_campaign_end(at->v->playbook, w->cat->config->entity.zone));
	if (!past)
		m->due_at = out_of_quiet(at->w, at->p, s, t, m, quiet);
	return past;
}

static void
new_touch(const struct stand *at, struct message *m)
{
	const struct template *t = template_of(at);
	const struct run *r = at->r;

	*m = (struct message){
		.id = store_next_id(at->w->store, at->w->now),
		.customer = r->customer,
		.run = r->id,
		.version = r->version,
		.playbook = r->playbook,
		.step = at->s->id,
		.occ = r->occ,
		.state = MSG_DUE,
		.channel = (int)t->channel,
		.category = (int)t->category,
		.priority = at->v->playbook->priority,
		.account = "",
		.variant = at->s->arm == NULL ? "" : at->s->arm,
		.template_ = at->s->each ? t->name : "",
		.provider_id = "",
		.perr = "",
	};
}

int
plan_moved(
    struct work *w, struct message *m, const struct quiet_answer *quiet, struct err *e)
{
	struct decision d = { .msg = m->id,
		.at = w->now,
		.reason = REASON_QUIET,
		.rule = quiet->rule,
		.file = quiet->at.file == NULL ? "" : quiet->at.file,
		.line = quiet->at.line,
		.detail = "",
		.next = m->due_at };

	if (decision_add(w->store, &d, e) != 0)
		return -1;
	plan_tell(w, m, quiet->rule, quiet->at, "", m->due_at);
	return 0;
}

int
plan_touch(const struct stand *at, struct err *e)
{
	struct work *w = at->w;
	struct quiet_answer quiet = { 0 };
	struct message m;
	bool past;
	int rc;

	at->r->occ++;
	new_touch(at, &m);
	past = plan_times(at, &m, &quiet);
	if (m.due_at != m.planned_at)
		m.reason = REASON_QUIET;
	if ((rc = msg_add(w->store, &m, e)) != 1)
		return rc < 0 ? -1
			      : err_set(e, ERR_INTERNAL, "a step would be planned twice");
	if (past)
		return plan_suppress(w, &m, REASON_PAST, at->s->id, at->s->at, "", e);
	if (m.due_at != m.planned_at && plan_moved(w, &m, &quiet, e) != 0)
		return -1;
	desk_due(w->desk, m.playbook, m.channel, m.due_at);
	at->r->wait = WAIT_MESSAGE;
	at->r->wake_at = 0;
	return run_save(w->store, at->r, e) != 0 ? -1 : 1;
}

int
plan_send(struct stand *at, int *target, struct err *e)
{
	int rc = plan_touch(at, e);

	(void)target;
	if (rc == 0 && at->s->on_past == PAST_EXIT)
		return plan_leave(at->w, at->r, "past", REASON_EXITED, e) != 0 ? -1 : 0;
	return rc == 1 ? 0 : rc == 0 ? 1 : -1;
}
