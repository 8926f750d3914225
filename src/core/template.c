/* template.c - which registered text an account sends. */
#include "core/template.h"

#include <string.h>

static const struct registered *
find(const struct template *t, const char *to)
{
	for (int i = 0; i < t->n_registered; i++)
		if (strcmp(t->registered[i].to, to) == 0)
			return &t->registered[i];
	return NULL;
}

const struct registered *
template_registered(const struct template *t, const char *account, const char *type)
{
	const struct registered *own = find(t, account);

	return own != NULL ? own : find(t, type);
}
