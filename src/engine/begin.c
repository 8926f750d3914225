#include "begin.h"

#include <string.h>

#include "awaited.h"
#include "base/check.h"
#include "base/log.h"
#include "core/gate.h"
#include "devices.h"
#include "grant.h"
#include "intake.h"
#include "intent.h"
#include "limits.h"
#include "merge.h"
#include "money.h"
#include "outcome.h"
#include "pick.h"
#include "plan.h"
#include "profile.h"
#include "slots.h"
#include "standing.h"
#include "store/event.h"
#include "store/msg.h"
#include "store/run.h"
#include "store/version.h"
#include "tasks.h"

/* One message on its way through T2. */
struct going {
	struct work *w;
	struct message *m;
	const struct version *v;
	struct step step; /* a copy: a fallback narrows its candidates */
	struct person p;
	struct run run;
	struct merge merge;
	ms_t stale_since;
	struct standing standing;
	struct pick pick;
	struct budget *budgets;
	struct composed text;
};

/* ---- the gate's questions ---- */

static const struct account *
account_of(void *arg, enum channel channel, bool *tokens)
{
	return pick_any(&((struct going *)arg)->pick, channel, tokens);
}

static const struct account *
other_account(void *arg, enum channel channel, bool *tokens)
{
	return pick_other(&((struct going *)arg)->pick, channel, tokens);
}

static int
render(void *arg, const struct template *t, const struct account *acc, const char **detail,
    struct pos *at)
{
	struct going *g = arg;
	int rc;

	g->pick.asked = acc;
	if (t->offer != NULL && g->run.control != CONTROL_NONE)
		grant_as_if(g->w, &g->p, t->offer);
	rc = compose(g->w, &g->p, g->v, g->m, t, acc, &g->text, detail, at);
	/* Here and not in compose(): a text that is only tried goes to no customer's device. */
	if (rc == 0 && t->channel == CHANNEL_PUSH && !intent_alone(g->m))
		g->text.devices = devices_of(g->w, &g->p, acc, (int)t->category);
	return rc;
}

/* Leaves only this one. */
static void
candidate(struct step *s, int i)
{
	s->templates += i;
	s->sends += i;
	s->n_sends = 1;
}

/* The digest's texts in place of the step's. */
static void
speak_of_all(struct step *s, const struct step *digest)
{
	s->templates = digest->templates;
	s->sends = digest->sends;
	s->sends_at = digest->sends_at;
	s->n_sends = digest->n_sends;
}

/* The offer is then what the text calls by that name. */
static bool
holds(void *arg, const char *offer)
{
	struct going *g = arg;

	return person_offer(&g->p, offer);
}

static bool
full(void *arg, const struct account *acc, const struct template *t, struct verdict *v)
{
	struct going *g = arg;
	bool only = g->run.occ == 1; /* touch of its run */

	return limits_full(g->w, &g->p, acc, t, only ? g->m->run : 0, v);
}

static int
load(struct going *g, struct err *e)
{
	const struct step *s;
	struct event *ev;

	if (desk_version(g->w, g->m->version, &g->v, e) != 0 ||
	    person_load(g->w, g->m->customer, &g->p, e) != 1 ||
	    customer_open(g->w->store, &g->p.row, e) != 0 ||
	    run_get(g->w->store, g->m->run, &g->run, e) != 1 || profile_tier(&g->p, e) != 0)
		return -1;
	if (g->run.event != 0) {
		int rc;

		/* Erased with the customer: then the gate says so. */
		ev = arena_new_of(g->w->arena, struct event);
		if ((rc = event_get(g->w->store, g->run.event, ev, e)) < 0)
			return -1;
		if (rc == 1)
			person_event(&g->p, ev);
	}
	person_subject(&g->p, g->v->playbook->subject, g->run.subject);
	person_run(&g->p, g->run.id);
	s = playbook_step(g->v->playbook, g->m->step);
	CHECK(s != NULL);
	g->step = *s;
	step_narrow(&g->step, g->m->variant);
	awaited_narrow(g->w, g->m, &g->step);
	for (int i = 0; s->each && i < s->n_sends; i++)
		if (strcmp(s->sends[i], g->m->template_) == 0)
			candidate(&g->step, i);
	if (merge_find(g->w, &g->p, g->v, &g->run, g->m, &g->merge, e) != 0)
		return -1;
	if (g->merge.digest)
		speak_of_all(&g->step, &g->v->playbook->digest.step);
	if (g->v->playbook->reads_visits && person_heard(&g->p, &g->stale_since, e) != 0)
		return -1;
	return standing_load(g->w, &g->p, g->v->playbook, &g->step, g->m, &g->standing, e);
}

/* What may go must be paid for: the last question, since only the text has a price. */
static int
pay(struct going *g, struct verdict *v, struct err *e)
{
	if (v->reason != REASON_NONE ||
	    g->step.templates[v->candidate]->category == CATEGORY_TRANSACTIONAL ||
	    desk_live(g->w->desk, g->m->playbook)->correction)
		return 0;
	return money_ask(g->w, &g->p, g->v, g->m, g->text.cost, v, e);
}

static int
ask(struct going *g, struct verdict *v, struct err *e)
{
	enum playbook_status status = desk_live(g->w->desk, g->m->playbook)->status;
	const struct gate gate = {
		.now = g->w->now,
		.policy = g->w->cat->policy,
		.config = g->w->cat->config,
		.playbook = g->v->playbook,
		.step = &g->step,
		.zone = g->p.zone,
		.house = g->p.house,
		.customer = &g->p.row.c,
		.standing = &g->standing,
		.scope = person_scope(&g->p),
		.paused = status == PLAYBOOK_PAUSED || status == PLAYBOOK_DRAFT,
		.frozen_channels = pick_frozen(&g->pick),
		.paused_why = desk_live(g->w->desk, g->m->playbook)->why,
		.correction = desk_live(g->w->desk, g->m->playbook)->correction,
		.run_left = g->run.state == RUN_LEFT,
		.goal_met = g->run.goal_at != 0,
		.control = g->run.control,
		.subject_gone = !person_subject_stands(&g->p),
		.stale_since = g->stale_since,
		.due_at = g->m->due_at,
		.planned_at = g->m->planned_at,
		.expires_at = g->m->expires_at,
		.account = account_of,
		.other = other_account,
		.holds = holds,
		.full = full,
		.render = render,
		.arg = g,
	};

	gate_ask(&gate, v);
	return pay(g, v, e);
}

/* ---- what a no means ---- */

static int
hold(struct going *g, const struct verdict *v, ms_t until, struct err *e)
{
	struct message *m = g->m;
	bool told = m->reason == (int)v->reason;
	struct decision d = { .msg = m->id, .at = g->w->now, .reason = (int)v->reason,
		.rule = v->rule, .file = v->at.file == NULL ? "" : v->at.file, .line = v->at.line,
		.detail = v->detail, .next = v->reason == REASON_PAUSED ? 0 : until };

	m->due_at = until;
	m->reason = (int)v->reason;
	desk_due(g->w->desk, m->playbook, m->channel, until);
	if (msg_save(g->w->store, m, e) != 0)
		return -1;
	if (told || (v->reason == REASON_RATE_LIMITED && strcmp(v->rule, "tasks") != 0))
		return 0;
	plan_tell(g->w, m, v->rule, v->at, v->detail, until);
	return decision_add(g->w->store, &d, e);
}

static int
end(struct going *g, const struct verdict *v, struct err *e)
{
	if (plan_suppress(g->w, g->m, (int)v->reason, v->rule, v->at, v->detail, e) != 0)
		return -1;
	if (reason_fate(v->reason) == FATE_ALARM &&
	    alarm_add(g->w->store, g->w->now, reason_name(v->reason), g->m->id, g->m->customer,
		v->detail, e) != 0)
		return -1;
	return plan_settled(g->w, g->m, e);
}

static int
capped(struct going *g, const struct verdict *v, struct err *e)
{
	ms_t until = v->next;

	switch (g->step.on_cap) {
	case CAP_RETRY:
		if (until == MS_NEVER || until <= g->w->now)
			until = g->w->now + MS_DAY;
		if (until < g->m->expires_at)
			return hold(g, v, until, e);
		break;
	case CAP_EXIT:
		if (plan_suppress(g->w, g->m, (int)v->reason, v->rule, v->at, v->detail, e) != 0)
			return -1;
		return plan_exit(g->w, g->m, "capped", e);
	case CAP_SKIP:
	case CAP_FALLBACK: /* already tried */
		break;
	}
	return end(g, v, e);
}

/* Leaves only the fallback's candidate; false: there is none. */
static bool
narrow(struct going *g)
{
	for (int i = 0; i < g->step.n_sends; i++)
		if (g->step.templates[i]->channel == g->step.fallback) {
			candidate(&g->step, i);
			return true;
		}
	return false;
}

static int
refuse(struct going *g, const struct verdict *v, struct err *e)
{
	switch (reason_fate(v->reason)) {
	case FATE_HOLD:
		/* Let go when the cause ends; a pause ends in no other way. */
		if (playbook_hold(g->w->store, g->m->playbook, e) != 0)
			return -1;
		return hold(g, v,
		    v->reason == REASON_PAUSED ? g->m->expires_at :
						 MIN(g->m->expires_at, g->w->now + 10 * MS_MINUTE),
		    e);
	case FATE_UNTIL:
		if (v->reason == REASON_QUIET && g->step.on_quiet == QUIET_DROP)
			return end(g, v, e);
		return hold(g, v,
		    v->reason == REASON_QUIET ? plan_spread(v->next, g->m->id, g->m->expires_at) :
						v->next,
		    e);
	case FATE_CAP:
		return capped(g, v, e);
	case FATE_NEXT: /* no other channel will do; this one has room again then */
		return v->next > g->w->now ? hold(g, v, v->next, e) : end(g, v, e);
	default:
		return end(g, v, e);
	}
}

/* ---- the yes ---- */

/* 1 begun, 0 a slot was gone after all, -1. */
static int
begin(struct going *g, const struct verdict *v, struct err *e)
{
	const struct template *t = g->step.templates[v->candidate];
	const struct tier *tier = gate_tier(g->w->cat->policy, &g->p.row.c);
	struct message *m = g->m;
	const char *frozen;
	int rc;

	if (m->n > 0 && attempt_add(g->w->store, m, "again", e) != 0)
		return -1;
	m->category = (int)t->category;
	m->begun_at = g->w->now;
	m->cost = g->text.cost;
	m->account = v->account->name;
	rc = slots_take(g->w, m, tier, slots_by_address(&g->p, &g->standing, m->channel),
	    g->v->playbook->cap, g->p.house, e);
	if (rc == 1)
		rc = money_take(g->w, m, &g->p, g->v->playbook, e);
	if (rc != 1)
		return rc;
	m->state = fsm_move(&message_fsm, m->state, MSG_SENDING);
	m->reason = REASON_NONE;
	m->n++;
	m->epoch = g->w->desk->epoch;
	m->key_at = g->w->now;
	m->settle_n = 0;
	m->settle_at = outcome_deadline(g->w, m->account);
	m->template_ = t->name;
	m->segments = g->text.segments;
	m->provider_id = m->perr = "";
	g->text.valid_until = g->text.keeps ? v->valid_until : 0;
	g->text.key = budget_key(&g->budgets[v->account->index]);
	frozen = compose_freeze(g->w->arena, &g->text);
	if (compose_keep(g->w, m, &g->text, e) != 0 ||
	    compose_export(g->w, &g->p, m, v->account, e) != 0 ||
	    msg_save_body(g->w->store, m, frozen, strlen(frozen), e) != 0 ||
	    merge_close(g->w, m, &g->merge, g->step.at, e) != 0)
		return -1;
	return 1;
}

/* 1 under way, 0 a slot was gone after all, -1. */
static int
send(struct going *g, const struct verdict *v, struct batch *batches, GPtrArray *out,
    struct err *e)
{
	struct message *m = g->m;
	struct batch *b = &batches[v->account->index];
	struct composed *text;
	bool fits, alone = intent_alone(m);
	int64_t stop;
	int rc;

	/* It was on somebody's list, and goes another way now. */
	if (tasks_are_of(m) && tasks_close(g->w, m, e) != 0)
		return -1;
	m->channel = (int)g->step.templates[v->candidate]->channel;
	m->category = (int)g->step.templates[v->candidate]->category;
	m->address = customer_hash(g->w->store, m->channel, g->text.to);
	stop = intake_stop_key(m->address, m->channel);
	fits = intent_fits(b, m, &g->text, stop);
	m->token = b->n > 0 && fits ? b->token : store_next_id(g->w->store, g->w->now);
	if ((rc = begin(g, v, e)) != 1)
		return rc;
	/* Last of all: what may fail for this message must not undo another's call. */
	if (!fits && intent_close(g->w, b, out, e) != 0)
		return -1;
	if (b->n == 0) {
		intent_open(g->w, b, v->account, m->channel, m->token);
		budget_call(&g->budgets[v->account->index], b->max);
	}
	if (alone)
		b->max = 1;
	text = arena_new_of(g->w->arena, struct composed);
	*text = g->text;
	intent_add(b, &(struct batch_item){ m, text, stop }, v->open_until);
	return 1;
}

static const char both_disagree[] = "the gate and the slots disagree about a cap";

static int
go(struct going *g, struct batch *batches, GPtrArray *out, struct err *e);

/* A call or a draft goes no further than somebody's list: no wire, no answer to wait for. */
static int
offer(struct going *g, const struct verdict *v, struct batch *batches, GPtrArray *out,
    struct err *e)
{
	struct message *m = g->m;
	struct tasks_turn turn;
	struct verdict no = *v;
	int rc;

	m->channel = (int)g->step.templates[v->candidate]->channel;
	if (tasks_turn(g->w, &g->p, &g->step, m, v->open_until, &turn, e) != 0)
		return -1;
	if (turn.over)
		turn.until = m->expires_at;
	if (turn.until >= m->expires_at && awaited_another(m, &g->step)) {
		awaited_pass(g->w, m, &g->step);
		return go(g, batches, out, e);
	}
	if (turn.until != 0) {
		no.reason =
		    turn.until < m->expires_at ? REASON_RATE_LIMITED : REASON_EXPIRED;
		no.rule = "tasks";
		no.at = g->w->cat->policy->tasks.at;
		no.next = turn.until;
		g_strlcpy(no.detail, turn.detail, sizeof(no.detail));
		return refuse(g, &no, e);
	}
	m->address = customer_hash(g->w->store, m->channel, g->text.to);
	m->token = store_next_id(g->w->store, g->w->now);
	if ((rc = begin(g, v, e)) != 1)
		return rc < 0 ? -1 : err_set(e, ERR_INTERNAL, both_disagree);
	if (tasks_offer(g->w, &g->p, &g->step, m, v->open_until, turn.assignee, e) != 0)
		return -1;
	if (g->w->touches != NULL && g->w->touches->len > 0) {
		struct engine_touch *told = g->w->touches->pdata[g->w->touches->len - 1];

		told->text = g_strdup(g->text.text);
	}
	return 0;
}

static int
go(struct going *g, struct batch *batches, GPtrArray *out, struct err *e)
{
	struct verdict v;
	int rc;

	if (ask(g, &v, e) != 0)
		return -1;
	if (reason_fate(v.reason) == FATE_CAP && g->step.on_cap == CAP_FALLBACK && narrow(g) &&
	    ask(g, &v, e) != 0)
		return -1;
	if (v.reason != REASON_NONE)
		return refuse(g, &v, e);
	if (step_by_person(&g->step, g->step.templates[v.candidate]->channel))
		return offer(g, &v, batches, out, e);
	if (awaited_too_late(g->w, g->m, &v))
		return refuse(g, &v, e);
	if ((rc = send(g, &v, batches, out, e)) <= 0)
		return rc < 0 ? -1 : err_set(e, ERR_INTERNAL, both_disagree);
	g->budgets[v.account->index].left--;
	return 0;
}

static int
try_one(struct work *w, struct message *m, struct budget *budgets, struct batch *batches,
    GPtrArray *out, struct err *e)
{
	struct going g = { .w = w, .m = m, .budgets = budgets };
	int rc;

	if (load(&g, e) != 0)
		return -1;
	pick_open(&g.pick, w, &g.step, &g.p, budgets);
	if ((rc = plan_still(w, &g.p, &g.run, g.v, m, e)) != 1)
		return rc;
	/* What ends the run may have come about since the step was planned. */
	if (g.run.state != RUN_LEFT && (rc = plan_left(w, &g.p, &g.run, g.v->playbook, e)) != 0)
		return rc < 0 ? -1 : 0;
	return go(&g, batches, out, e);
}

/* A message that cannot be handled at all must not stand before all others. */
static int
give_up(struct work *w, int64_t id, const char *why, struct err *e)
{
	struct message m;

	log_error("message_failed", "msg=%" G_GINT64_FORMAT " error=\"%s\"", id, why);
	if (msg_get(w->store, id, &m, e) != 1)
		return -1;
	if (m.state != MSG_DUE)
		return 0;
	if (plan_suppress(w, &m, REASON_TEMPLATE_ERROR, "internal", (struct pos){ 0 }, why, e) != 0 ||
	    alarm_add(w->store, w->now, "template_error", m.id, m.customer, why, e) != 0)
		return -1;
	return plan_settled(w, &m, e);
}

int
begin_one(struct work *w, struct message *m, struct budget *budgets, struct batch *batches,
    GPtrArray *out, struct err *e)
{
	struct err own = { 0 };

	if (store_mark(w->store, e) != 0)
		return -1;
	if (try_one(w, m, budgets, batches, out, &own) == 0)
		return store_unmark(w->store, e);
	if (store_back(w->store, &own, e) != 0)
		return -1;
	return give_up(w, m->id, own.text, e);
}
