/* accounts.c - the providers' names and checks, handed down to the catalog. */
#include "accounts.h"

#include "provider/provider.h"
#include "spec/catalog.h"

#define TYPES_MAX 64

static void
check(const struct account *acc, struct report *r)
{
	const struct provider *p = provider_find(acc->type);

	if (p != NULL && p->check != NULL)
		p->check(acc, r);
}

void
accounts_register(void)
{
	static const char *types[TYPES_MAX + 1];
	const struct provider *const *all = provider_all();
	int i;

	for (i = 0; i < TYPES_MAX && all[i] != NULL; i++)
		types[i] = all[i]->name;
	catalog_set_accounts(types, check);
}
