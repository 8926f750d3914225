/* push_read.c - push: of the policy: what the vendors' services deliver to a telephone. */
#include <string.h>

#include "read.h"
#include "spec/schema.h"

#define VENDORS_MAX 32
#define DAILY_MAX 1000

/* Marketing a day to one device, as the vendors publish it (2025): Xiaomi's figure is that of
 * an app which has applied for nothing, Meizu folds what is more than four. */
static const struct vendor_daily published[] = { { "huawei", 2 }, { "honor", 2 },
	{ "oppo", 2 }, { "vivo", 2 }, { "xiaomi", 1 }, { "meizu", 4 }, { "apple", -1 } };

static struct vendor_daily *
vendor(struct policy *p, const char *name)
{
	for (int i = 0; i < p->n_vendors; i++)
		if (strcmp(p->vendors[i].vendor, name) == 0)
			return &p->vendors[i];
	return &p->vendors[p->n_vendors++];
}

static void
one(const struct yaml *key, const struct yaml *y, struct policy *p, struct report *r)
{
	bool none = y->kind == YAML_SCALAR && strcmp(y->text, "none") == 0;
	const char *name;
	int64_t n = -1;

	if (!word_read(key, "a vendor", false, &name, r) ||
	    (!none && !yaml_int(y, 0, DAILY_MAX, &n, r)))
		return;
	if (p->n_vendors == VENDORS_MAX) {
		report_add(r, SEV_ERROR, key->at, "range", "", "at most %d vendors",
		    VENDORS_MAX);
		return;
	}
	*vendor(p, name) = (struct vendor_daily){ name, (int)n };
}

void
push_read(struct arena *a, const struct yaml *y, struct policy *p, struct report *r)
{
	const struct yaml *daily = yaml_get(y, "vendor_daily");

	p->vendors = arena_array(a, struct vendor_daily, VENDORS_MAX + 1);
	memcpy(p->vendors, published, sizeof(published));
	p->n_vendors = (int)G_N_ELEMENTS(published);
	p->vendors_at = y != NULL ? y->at : (struct pos){ p->file, 1, 1 };
	if (y == NULL || !schema_check(y, &schema_push, r) || daily == NULL)
		return;
	p->vendors_at = daily->at;
	if (daily->kind != YAML_MAP) {
		report_add(r, SEV_ERROR, daily->at, "type",
		    "write vendor_daily: { huawei: 2, xiaomi: 1 }",
		    "\"vendor_daily\" is a mapping");
		return;
	}
	for (int i = 0; i < daily->n; i++) {
		daily->read[i] = true;
		one(daily->keys[i], daily->items[i], p, r);
	}
}
