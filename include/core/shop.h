/* shop.h - a store of the dealer, as config/stores.yaml describes it (struct store is the
 * database). Frozen with its catalog. */
#ifndef CORE_SHOP_H
#define CORE_SHOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/zone.h"

struct shop_hours {
	int from, to; /* minutes of the day; to 0: closed all day */
};

struct shop {
	const char *id, *name; /* customers name it by either, or by an alias */
	const char **aliases;
	int n_aliases;
	struct pos at;
	const char *signature; /* of its SMS, without brackets; NULL: the account's */
	const char *phone, *address, *map; /* "" when not given */
	const char *tz;
	const struct zone *zone; /* NULL: the entity's */
	const char **accounts;   /* providers that send for it */
	int n_accounts;          /* 0: any */
	struct pos accounts_at;
	const char *manager; /* id of staff, or "" */
	bool has_hours;
	struct shop_hours hours[7]; /* from Monday */
	struct date *closed;
	int n_closed;
};

struct shops {
	struct shop *items;
	int n;
};

/* By id, name or alias; NULL: none of them. */
const struct shop *shop_find(const struct shops *all, const char *word);
/* Its hours on a local day; to 0: closed. Without `hours` it is open all day. */
struct shop_hours shop_hours_on(const struct shop *s, int64_t day);
/* May this provider send for it? */
bool shop_uses(const struct shop *s, const char *account);

#endif
