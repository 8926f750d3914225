#include "core/config.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

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

const struct account *
config_account(const struct config *c, const char *name)
{
	for (int i = 0; i < c->n_accounts; i++)
		if (strcmp(c->accounts[i].name, name) == 0)
			return &c->accounts[i];
	return NULL;
}

bool
account_alike(const struct account *a, const struct account *b)
{
	return g_strcmp0(a->type, b->type) == 0 && g_strcmp0(a->url, b->url) == 0;
}

static int
newest_first(const void *a, const void *b)
{
	ms_t x = *(const ms_t *)a, y = *(const ms_t *)b;

	return x > y ? -1 : x < y;
}

const struct number_limit *
number_full(const struct number_limit *limits, int n, const ms_t *at, int n_at, ms_t now,
    ms_t *next, int *used)
{
	const struct number_limit *full = NULL;
	ms_t *sorted = g_memdup2(at, sizeof(*at) * (gsize)n_at);

	*next = 0;
	if (n_at > 1)
		qsort(sorted, (size_t)n_at, sizeof(*sorted), newest_first);
	for (int i = 0; i < n; i++) {
		const struct number_limit *l = &limits[i];
		int had = 0;

		while (had < n_at && sorted[had] + l->window > now)
			had++;
		if (had < l->max || sorted[l->max - 1] + l->window <= *next)
			continue;
		*next = sorted[l->max - 1] + l->window;
		*used = had;
		full = l;
	}
	g_free(sorted);
	return full;
}

void
account_hours(const struct account *acc, enum category category, int *from, int *to)
{
	bool own = acc->quiet_from >= 0 && acc->quiet_from != acc->quiet_to;

	*from = own ? acc->quiet_from : -1;
	*to = own ? acc->quiet_to : -1;
	if (category != CATEGORY_MARKETING || acc->selling_from >= acc->selling_to)
		return;
	*from = own ? MAX(*from, acc->selling_from) : acc->selling_from;
	*to = own ? MIN(*to, acc->selling_to) : acc->selling_to;
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
