#include "drafts.h"

#include "assign.h"
#include "awaited.h"
#include "core/business.h"
#include "core/draft.h"
#include "core/gate.h"
#include "core/quiet.h"
#include "plan.h"
#include "sender.h"
#include "slots.h"
#include "store/msg.h"
#include "store/run.h"

#define ROOM (2 * MS_HOUR)
#define LATER (2 * MS_HOUR)
/* Of its use, for the channel that follows. */
#define KEPT (2 * MS_HOUR)

/* Who has him as a contact writes to him: 1 *name, 0 nobody at work has him, -1. Where nothing
 * is known of contacts, his advisor. */
static int
sender(struct work *w, struct person *p, const char **name, struct err *e)
{
	struct staff who;
	enum sender_how how;

	if (sender_of(w, p, &who, &how, e) != 0)
		return -1;
	if (how == SENDER_NOBODY)
		return 0;
	*name = who.name;
	return how != SENDER_UNKNOWN ||
		       task_assignee(w, &p->row.c, "advisor", name, e) == 0
		   ? 1
		   : -1;
}

/* ---- whose turn ---- */

/* The next instant of working time: now, in it. */
static ms_t
working(const struct work *w, const struct person *p)
{
	const struct zone *z = p->shop != NULL && p->shop->zone != NULL
				   ? p->shop->zone
				   : w->cat->config->entity.zone;
	ms_t at = business_after(w->cat->policy, p->shop, z, w->now, 1);

	return at == MS_NEVER ? w->now : at - 1;
}

static void
later(struct tasks_turn *turn, ms_t until, const char *why)
{
	turn->until = until;
	g_strlcpy(turn->detail, why, sizeof(turn->detail));
}

static int
check_load(
    struct work *w, const struct message *m, struct tasks_turn *turn, struct err *e)
{
	const struct task_rules *rules = &w->cat->policy->tasks;
	int64_t day = desk_today(w);
	int n, most = (int)desk_portion(w, rules->drafts, turn->assignee, day);
	struct task_row t;
	int rc = task_of_msg(w->store, m->id, &t, e);

	if (rc < 0 || task_load(w->store, turn->assignee, TASK_DRAFT, day, &n, e) != 0)
		return -1;
	/* It was on his list today already. */
	if (rules->drafts == 0 || n < most || (rc == 1 && t.day == day))
		return 0;
	later(turn, zone_instant(w->cat->config->entity.zone, day + 1, rules->from), "");
	g_snprintf(turn->detail, sizeof(turn->detail), "%d of %d drafts today", n, most);
	return 0;
}

/* When the window that begins then is over. */
static ms_t
open_again(const struct work *w, const struct person *p, const struct step *s,
    const struct message *m, ms_t from)
{
	struct quiet_query q = { .policy = w->cat->policy,
		.zone = p->zone,
		.channel = (enum channel)m->channel,
		.open_from = -1,
		.open_to = -1 };
	struct quiet_answer a;

	for (int i = s->n_sends - 1; i >= 0; i--)
		if ((int)s->templates[i]->channel == m->channel) {
			q.category = s->templates[i]->category;
			q.urgent = s->templates[i]->urgent;
			q.greeting = s->templates[i]->greeting;
		}
	quiet_ask(&q, from, account_span(&tasks_people) + quiet_lead(q.channel), &a);
	return a.quiet ? plan_spread(a.next, m->id, m->expires_at) : from;
}

int
drafts_turn(struct work *w, struct person *p, const struct step *s,
    const struct message *m, ms_t open_until, struct tasks_turn *turn, struct err *e)
{
	ms_t ready = working(w, p);
	int rc = sender(w, p, &turn->assignee, e);

	if (rc < 0)
		return -1;
	if (rc == 0) {
		turn->assignee = "";
		later(turn, m->expires_at, "nobody at work has him as a contact");
		return 0;
	}
	/* It is bounded by the message's last use as well, and that is no window. */
	if (open_until - w->now < ROOM && open_until < m->expires_at)
		later(turn, open_again(w, p, s, m, open_until + 1),
		    "a quiet window begins before he could send it");
	/* A greeting does not wait until the house is open again. */
	else if (ready > w->now && ready < m->expires_at)
		later(turn, ready, "his working hours have not begun");
	else
		return check_load(w, m, turn, e);
	return 0;
}

ms_t
drafts_due(const struct work *w, const struct person *p, const struct step *s,
    const struct message *m)
{
	ms_t last = m->expires_at,
	     due = tasks_deadline(w, TASK_DRAFT, p->row.c.store, w->now, s->task.due);

	if (awaited_another(m, s))
		last -= MIN(KEPT, (m->expires_at - w->now) / 2);
	return MIN(due, last);
}

/* ---- what he says ---- */

static int
put_off(struct report_of *d, struct message *m, struct err *e)
{
	struct work *w = d->w;
	ms_t next = w->now + LATER;

	if (d->t.state == TASK_WAITING)
		return tasks_answer(d, 200, "it is off the list, and comes back");
	if (next >= d->t.due_at)
		return tasks_answer(d, 200,
		    "it stays on the list: there is no later hour before its deadline");
	d->t.tries++;
	if (tasks_wait(w, &d->t, m, next, e) != 0)
		return -1;
	tasks_answer(d, 200, "put off: it comes back in two hours or later");
	return trail_add(w->store, m->run, w->now, "the draft was put off", e);
}

static int
unfit(struct report_of *d, struct message *m, struct err *e)
{
	struct work *w = d->w;

	if (slots_give(w, m, e) != 0)
		return -1;
	m->state = fsm_move(&message_fsm, m->state, MSG_LAPSED);
	m->perr = d->outcome;
	return trail_add(w->store, m->run, w->now,
	    "the draft was not sent: the advisor found it unfit", e);
}

static int
sent(struct report_of *d, struct message *m, struct err *e)
{
	struct work *w = d->w;

	if (tasks_take_back(d, m, e) != 0)
		return -1;
	m->state = fsm_move(&message_fsm, m->state, MSG_DELIVERED);
	m->perr = "";
	return trail_add(
	    w->store, m->run, w->now, "the advisor says that he sent the draft", e);
}

int
drafts_done(struct report_of *d, struct message *m, struct err *e)
{
	enum draft_effect effect = draft_word(d->outcome)->effect;

	if (effect == DRAFT_LATER)
		return put_off(d, m, e);
	if ((effect == DRAFT_SENT ? sent(d, m, e) : unfit(d, m, e)) != 0)
		return -1;
	m->reason = REASON_NONE;
	if (msg_save(d->w->store, m, e) != 0 || tasks_end(d, e) != 0)
		return -1;
	plan_tell(d->w, m, "", (struct pos){ 0 }, "", 0);
	if (tasks_follow(d, e) != 0 || plan_settled(d->w, m, e) != 0)
		return -1;
	return effect == DRAFT_SENT ? plan_told(d->w, m, FACT_DELIVERED, e) : 0;
}
