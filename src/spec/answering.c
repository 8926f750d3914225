/* answering.c - steps that only an account can carry which answers, and writes to nobody first:
 * hardly anybody is reached, unless the step follows his own words. */
#include <string.h>

#include "read.h"
#include "set.h"

/* The account that would have to carry it; NULL: another can, or none. */
static const struct account *
answerer(const struct config *cfg, const struct step *step, const struct template *t)
{
	const struct account *one = NULL;

	if (t == NULL || step_by_person(step, t->channel))
		return NULL;
	for (int i = 0; i < cfg->n_accounts; i++) {
		const struct account *acc = &cfg->accounts[i];

		if (!(acc->channels & BIT(t->channel)))
			continue;
		if (acc->reply_within == 0)
			return NULL;
		one = one == NULL ? acc : one;
	}
	return one;
}

static bool
waits_for_a_reply(const struct step *s)
{
	for (int i = 0; i < s->n_wait_for; i++)
		if (strcmp(s->wait_for[i], "reply") == 0)
			return true;
	return false;
}

static bool
leads_to(const struct actions *a, int step)
{
	for (int i = 0; i < a->n; i++)
		if (a->items[i].kind == ACTION_GOTO && a->items[i].target == step)
			return true;
	return false;
}

/* Has he just said something when it is his turn? */
static bool
after_his_words(const struct playbook *p, const struct step *step)
{
	if (p->start.kind == START_ON && strcmp(p->start.on, "reply") == 0)
		return true;
	for (int i = 0; i < p->n_replies; i++)
		if (leads_to(&p->replies[i].then, step->index))
			return true;
	for (int i = 0; i < step->index && i < p->n_steps; i++)
		if (waits_for_a_reply(&p->steps[i]))
			return true;
	return false;
}

void
answering_check(const struct set *s, const struct playbook *p, const struct step *step)
{
	const struct account *acc = NULL;

	for (int i = 0; i < step->n_sends; i++)
		if ((acc = answerer(s->config, step, step->templates[i])) == NULL)
			return;
	if (acc == NULL || after_his_words(p, step))
		return;
	report_add(s->report, SEV_WARNING, step->sends_at[0], "answering",
	    "name another channel behind it, or an account that may write first",
	    "step \"%s\" goes by \"%s\" alone, which only answers whoever has written to "
	    "it within %d hours: hardly anybody will be reached",
	    step->id, acc->name, (int)((acc->reply_within + MS_HOUR - 1) / MS_HOUR));
}
