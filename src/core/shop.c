#include "core/shop.h"

#include <string.h>

static bool
is_called(const struct shop *s, const char *word)
{
	if (strcmp(s->id, word) == 0 || strcmp(s->name, word) == 0)
		return true;
	for (int i = 0; i < s->n_aliases; i++)
		if (strcmp(s->aliases[i], word) == 0)
			return true;
	return false;
}

const struct shop *
shop_find(const struct shops *all, const char *word)
{
	for (int i = 0; *word != '\0' && i < all->n; i++)
		if (is_called(&all->items[i], word))
			return &all->items[i];
	return NULL;
}

struct shop_hours
shop_hours_on(const struct shop *s, int64_t day)
{
	for (int i = 0; i < s->n_closed; i++)
		if (date_days(s->closed[i]) == day)
			return (struct shop_hours){ 0 };
	return s->has_hours ? s->hours[date_weekday(day)]
			    : (struct shop_hours){ 0, 1440 };
}

bool
shop_uses(const struct shop *s, const char *account)
{
	for (int i = 0; i < s->n_accounts; i++)
		if (strcmp(s->accounts[i], account) == 0)
			return true;
	return s->n_accounts == 0;
}
