/* playbook.c - looking up the steps of a playbook. */
#include "core/playbook.h"

#include <string.h>

const char *const fact_names[] = { "delivered", "undelivered", "click", NULL };

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
