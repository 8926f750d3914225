/* link_answer.c - event. in a text or a branch is the last answer: has one been given? */
#include <string.h>

#include "flow.h"
#include "set.h"

struct asking {
	const struct set *set;
	const struct playbook *playbook;
	const struct step *step; /* NULL: a task's script */
	struct pos at;
	const char *name;
	bool said;
};

/* ---- who brings an answer along ---- */

static bool
makes(const struct playbook *p, enum action_kind kind, const char *name)
{
	for (int i = 0; i < p->n_replies; i++)
		for (int k = 0; k < p->replies[i].then.n; k++)
			if (p->replies[i].then.items[k].kind == kind &&
			    strcmp(p->replies[i].then.items[k].name, name) == 0)
				return true;
	return false;
}

/* It is entered by an answer, or by what a reply rule of some playbook does. */
static bool
enters_with_one(const struct set *s, const struct playbook *p)
{
	const char *on = p->start.kind == START_ON ? p->start.on : NULL;

	if (on != NULL && strcmp(on, "reply") == 0)
		return true;
	for (guint i = 0; i < s->playbooks->len; i++) {
		const struct playbook *q =
		    ((const struct set_playbook *)s->playbooks->pdata[i])->playbook;

		if ((on != NULL && makes(q, ACTION_EVENT, on)) || enters(q, p))
			return true;
	}
	return false;
}

static int
target_of(const struct step *s, const struct actions *a)
{
	for (int i = 0; i < a->n; i++)
		if (a->items[i].kind == ACTION_GOTO)
			return a->items[i].target == STEP_NEXT ? s->index + 1
							       : a->items[i].target;
		else if (a->items[i].kind == ACTION_STOP)
			return STEP_END;
	return s->index + 1;
}

static bool
hears(const struct step *s)
{
	for (int i = 0; s->verb == STEP_WAIT && i < s->n_wait_for; i++)
		if (strcmp(s->wait_for[i], "reply") == 0)
			return true;
	return false;
}

/* The way that is taken when an answer came, unless the other one leads there too. */
static bool
gives(const struct step *s, int target, const void *arg)
{
	(void)arg;
	return hears(s) && target == target_of(s, &s->then) &&
	       target != target_of(s, &s->otherwise);
}

static bool
asks_for_number(const struct playbook *p)
{
	for (int i = 0; i < p->n_replies; i++)
		if (p->replies[i].match == REPLY_NUMBER)
			return true;
	return false;
}

/* ---- what is said of it ---- */

static void
complain(struct asking *q, const char *dotted, const char *why)
{
	q->said = true;
	report_add(q->set->report, SEV_ERROR, q->at, "answer",
	    q->step != NULL && q->step->verb == STEP_BRANCH
		? "put it behind wait: { for: reply, ... }"
		: "put it behind wait: { for: reply, ... }, or add | default: to the "
		  "text",
	    "\"%s\" uses %.80s, and %s", q->name, dotted, why);
}

static void
on_path(void *arg, const char *dotted, struct pos at, bool has_default)
{
	struct asking *q = arg;
	const struct playbook *p = q->playbook;
	bool score =
	    strcmp(dotted, "event.score") == 0 || strcmp(dotted, "event.value") == 0;

	(void)at;
	if (q->said || has_default || strncmp(dotted, "event.", 6) != 0 ||
	    enters_with_one(q->set, p))
		return;
	if (q->step != NULL && flow_reaches_without(p, q->step->index, true, gives, NULL))
		complain(q, dotted, "a run can come here without an answer");
	else if (score && !asks_for_number(p))
		complain(q, dotted, "no reply rule of the playbook asks for a number");
}

/* ---- where it is used ---- */

static void
in_expr(struct asking *q, const struct expr *x)
{
	char dotted[80];

	if (x == NULL || x->op == EXPR_LITERAL)
		return;
	if (x->op != EXPR_PATH) {
		in_expr(q, x->left);
		in_expr(q, x->right);
	} else if (x->n_parts > 1 && x->parts[0].name != NULL &&
		   x->parts[1].name != NULL) {
		g_snprintf(
		    dotted, sizeof(dotted), "%s.%s", x->parts[0].name, x->parts[1].name);
		on_path(q, dotted, x->at, false);
	}
}

static void
in_cond(struct asking *q, const struct cond *c)
{
	if (c == NULL)
		return;
	if (c->kind == COND_EXPR)
		in_expr(q, c->expr);
	for (int i = 0; c->kind != COND_EXPR && i < c->n_parts; i++)
		in_cond(q, c->parts[i]);
}

static void
ask_step(const struct set *s, const struct playbook *p, const struct step *step)
{
	for (int k = 0; k < step->n_sends; k++) {
		struct asking q = { s, p, step, step->sends_at[k], "", false };

		if (step->templates[k] == NULL)
			continue;
		q.name = step->templates[k]->name;
		link_paths(s, step->templates[k], on_path, &q);
	}
	for (int k = 0; k < step->n_branches; k++) {
		struct asking q = { s, p, step, step->branches[k].at, step->id, false };

		in_cond(&q, step->branches[k].when);
	}
}

void
link_answers(const struct set *s)
{
	for (guint i = 0; i < s->playbooks->len; i++) {
		const struct playbook *p =
		    ((const struct set_playbook *)s->playbooks->pdata[i])->playbook;

		for (int k = 0; k < p->n_steps; k++)
			ask_step(s, p, &p->steps[k]);
	}
}
