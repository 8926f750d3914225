/* offers_read.c - config/offers.yaml: what may be given away, how often, and who must
 * agree. */
#include <string.h>

#include "read.h"
#include "spec/schema.h"

#define VALUE_MAX 1000000
#define QUOTA_MAX 100000

/* N a month of the house, or N/store. */
static void
quota_read(const struct yaml *y, struct offer *o, struct report *r)
{
	struct yaml number;
	int64_t n;

	if (y == NULL)
		return;
	number = *y;
	if (y->kind == YAML_SCALAR && g_str_has_suffix(y->text, "/store")) {
		o->per_store = true;
		number.len = y->len - strlen("/store");
		number.text = g_strndup(y->text, number.len);
	}
	if (yaml_int(&number, 0, QUOTA_MAX, &n, r))
		o->quota = (int)n;
	if (o->per_store)
		g_free((char *)number.text);
}

static void
valid_read(const struct yaml *map, struct offer *o, struct report *r)
{
	const struct yaml *y = yaml_get(map, "valid");
	ms_t elapsed;

	if (y == NULL)
		schema_missing(
		    map, "valid", "write valid: 90d; a benefit names its deadline", r);
	else if (timing_span(y, &o->valid_days, &elapsed, r) && o->valid_days == 0)
		report_add(r, SEV_ERROR, y->at, "timing", "write days, as in 90d",
		    "an offer is valid for whole days");
}

static void
offer_read(
    const struct yaml *key, const struct yaml *y, struct offer *o, struct report *r)
{
	int word;

	o->at = key->at;
	o->quota = -1;
	o->redeemed_by = "";
	word_read(key, "an offer", false, &o->name, r);
	o->title = o->name;
	if (!schema_check(y, &schema_offer, r))
		return;
	yaml_str(yaml_get(y, "title"), &o->title, r);
	if (yaml_get(y, "value") == NULL)
		schema_missing(
		    y, "value", "write value: and what it is worth, in yuan", r);
	yaml_number(yaml_get(y, "value"), 0, VALUE_MAX, &o->value, r);
	valid_read(y, o, r);
	quota_read(yaml_get(y, "quota"), o, r);
	if (yaml_enum(yaml_get(y, "approval"), approval_names, &word, r))
		o->approval = (enum approval)word;
	if (yaml_get(y, "redeemed_by") != NULL)
		event_name_read(yaml_get(y, "redeemed_by"), &o->redeemed_by, r);
}

struct offers *
offers_read(struct arena *a, const struct yaml *root, struct report *r)
{
	struct offers *all = arena_new_of(a, struct offers);
	const struct yaml *map = yaml_get(root, "offers");

	all->file = root->at.file;
	if (!schema_check(root, &schema_offers, r))
		return all;
	if (map == NULL) {
		schema_missing(
		    root, "offers", "write offers: and each by its name below it", r);
		return all;
	}
	if (map->kind != YAML_MAP) {
		report_add(r, SEV_ERROR, map->at, "type",
		    "write NAME: { title, value, valid }",
		    "offers are a mapping of names");
		return all;
	}
	all->items = arena_array(a, struct offer, map->n);
	for (int i = 0; i < map->n; i++) {
		map->read[i] = true;
		all->items[i].name = "";
		offer_read(map->keys[i], map->items[i], &all->items[i], r);
		all->n++;
	}
	return all;
}
