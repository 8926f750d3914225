/* playbook.c - looking up the steps of a playbook. */
#include "core/playbook.h"

#include <string.h>

const char *const fact_names[] = { "delivered", "undelivered", "click", NULL };

const char *
playbook_form(const struct playbook *p, const char *store)
{
	for (int i = 0; i < p->n_forms; i++)
		if (strcmp(p->forms[i].store, store) == 0)
			return p->forms[i].playbook;
	return NULL;
}

const struct step *
playbook_step(const struct playbook *p, const char *id)
{
	int i;

	for (i = 0; i < p->n_steps; i++) {
		if (strcmp(p->steps[i].id, id) == 0)
			return &p->steps[i];
	}
	return NULL;
}

void
step_narrow(struct step *s, const char *arm)
{
	const struct experiment *x = s->split;
	int i = x == NULL ? -1 : experiment_arm_named(x, arm);

	if (i < 0)
		return;
	s->arm = x->arms[i].name;
	s->sends += x->arms[i].first;
	s->sends_at += x->arms[i].first;
	s->templates += x->arms[i].first;
	s->n_sends = x->arms[i].n;
}

bool
step_by_person(const struct step *s, enum channel channel)
{
	return s->verb == STEP_CALL || (s->personal && channel == CHANNEL_WECOM);
}

const struct step *
playbook_sender(const struct playbook *p, int i)
{
	return i < p->n_steps                          ? &p->steps[i]
	       : i == p->n_steps && p->digest.from > 0 ? &p->digest.step
						       : NULL;
}
