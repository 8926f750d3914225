#include "assign.h"

#include <string.h>

#include "store/task.h"

#define ADVISOR "advisor"
#define MANAGER "manager"

static const struct role *
role_of(const struct config *cfg, const char *name)
{
	for (int i = 0; i < cfg->n_roles; i++)
		if (strcmp(cfg->roles[i].name, name) == 0)
			return &cfg->roles[i];
	return NULL;
}

static int
least_busy(struct work *w, const struct role *r, const char **name, struct err *e)
{
	int least = 0;

	for (int i = 0; r->people[i] != NULL; i++) {
		int n;

		if (task_held(w->store, r->people[i], &n, e) != 0)
			return -1;
		if (i == 0 || n < least) {
			least = n;
			*name = r->people[i];
		}
	}
	return 0;
}

int
task_assignee(struct work *w, const struct customer *c, const char *to, const char **name,
    struct err *e)
{
	const struct role *r;

	*name = "";
	if (strcmp(to, ADVISOR) == 0) {
		*name = c->advisor;
		if (**name != '\0')
			return 0;
		to = MANAGER;
	}
	r = role_of(w->cat->config, to);
	return r == NULL ? 0 : least_busy(w, r, name, e);
}
