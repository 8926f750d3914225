#include "core/config.h"

#include <string.h>

/* Where its service says nothing. */
#define SPAN (15 * MS_SECOND)

const struct member *
config_member(const struct config *c, const char *name)
{
	for (int i = 0; i < c->n_people; i++)
		if (strcmp(c->people[i].name, name) == 0)
			return &c->people[i];
	return NULL;
}

const struct member *
config_user(const struct config *c, const char *user)
{
	for (int i = 0; i < c->n_people; i++)
		for (int k = 0; c->people[i].users[k] != NULL; k++)
			if (strcmp(c->people[i].users[k], user) == 0)
				return &c->people[i];
	return NULL;
}

enum staff_role
config_role(const struct config *c, const char *name)
{
	const struct member *m = config_member(c, name);
	enum staff_role found = m != NULL ? m->role : ROLE_NONE;

	for (int i = 0; m == NULL && i < c->n_roles; i++)
		for (int k = 0; c->roles[i].people[k] != NULL; k++)
			if (strcmp(c->roles[i].people[k], name) == 0 &&
			    role_find(c->roles[i].name) > found)
				found = role_find(c->roles[i].name);
	return found;
}

ms_t
account_span(const struct account *acc)
{
	return acc->longest > 0 ? acc->longest : SPAN;
}

ms_t
config_span(const struct config *cfg, enum channel channel)
{
	ms_t longest = SPAN;

	for (int i = 0; i < cfg->n_accounts; i++) {
		const struct account *acc = &cfg->accounts[i];

		if ((acc->channels & 1U << channel) != 0 && account_span(acc) > longest)
			longest = account_span(acc);
	}
	return longest;
}
