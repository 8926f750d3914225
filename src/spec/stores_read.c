/* stores_read.c - stores.yaml: the dealer's stores, their hours and who sends for them.
 */
#include <string.h>

#include "read.h"
#include "spec/schema.h"

#define STORES_MAX 1000

static const char *const day_names[] = { "mon", "tue", "wed", "thu", "fri", "sat",
	"sun" };

static void
zone_read(const struct yaml *y, struct shop *s, struct report *r)
{
	const char *near;
	char *hint;

	if (!yaml_str(y, &s->tz, r) || (s->zone = zone_get(s->tz)) != NULL)
		return;
	near = zone_suggest(s->tz);
	hint = near == NULL
		   ? g_strdup("write a name of the tz database, as in Asia/Shanghai")
		   : g_strdup_printf("did you mean \"%s\"?", near);
	report_add(
	    r, SEV_ERROR, y->at, "zone", hint, "\"%.80s\" is not a time zone", s->tz);
	g_free(hint);
}

/* "08:30-18:00", or "closed". */
static void
span_read(const struct yaml *y, struct shop_hours *out, struct report *r)
{
	const char *text, *dash;
	char *from;

	if (!yaml_str(y, &text, r))
		return;
	*out = (struct shop_hours){ 0, 0 };
	if (strcmp(text, "closed") == 0)
		return;
	dash = strchr(text, '-');
	from = g_strndup(text, dash == NULL ? 0 : (size_t)(dash - text));
	out->from = clock_minutes(g_strstrip(from));
	out->to = dash == NULL ? -1 : clock_minutes(dash + 1 + strspn(dash + 1, " "));
	if (out->from < 0 || out->to <= out->from) {
		*out = (struct shop_hours){ 0, 0 };
		report_add(r, SEV_ERROR, y->at, "type", "write 08:30-18:00, or closed",
		    "\"%.80s\" are no opening hours", text);
	}
	g_free(from);
}

/* One text for every day, or a mapping of days; a day it leaves out is closed. */
static void
hours_read(const struct yaml *y, struct shop *s, struct report *r)
{
	int d;

	if (y == NULL)
		return;
	s->has_hours = true;
	if (y->kind == YAML_SCALAR) {
		span_read(y, &s->hours[0], r);
		for (d = 1; d < 7; d++)
			s->hours[d] = s->hours[0];
		return;
	}
	if (!schema_check(y, &schema_store_hours, r))
		return;
	for (d = 0; d < 7; d++)
		span_read(yaml_get(y, day_names[d]), &s->hours[d], r);
}

static void
closed_read(struct arena *a, const struct yaml *y, struct shop *s, struct report *r)
{
	int i;

	if (y == NULL)
		return;
	if (y->kind != YAML_LIST) {
		report_add(r, SEV_ERROR, y->at, "type", "begin each with \"- \"",
		    "\"closed\" is a list of dates");
		return;
	}
	s->closed = arena_array(a, struct date, y->n);
	for (i = 0; i < y->n; i++)
		s->n_closed += yaml_date(y->items[i], &s->closed[s->n_closed], r);
}

static void
store_read(struct arena *a, const struct yaml *y, struct shop *s, struct report *r)
{
	const struct yaml *accounts;

	s->id = s->name = s->phone = s->address = s->map = s->tz = s->manager = "";
	s->at = y->at;
	if (!schema_check(y, &schema_store, r))
		return;
	if (yaml_get(y, "id") == NULL)
		schema_missing(
		    y, "id", "write what the column `store` of your customers says", r);
	yaml_str(yaml_get(y, "id"), &s->id, r);
	s->name = s->id;
	yaml_str(yaml_get(y, "name"), &s->name, r);
	yaml_strings(a, yaml_get(y, "aliases"), &s->aliases, &s->n_aliases, r);
	yaml_str(yaml_get(y, "signature"), &s->signature, r);
	yaml_str(yaml_get(y, "phone"), &s->phone, r);
	yaml_str(yaml_get(y, "address"), &s->address, r);
	yaml_str(yaml_get(y, "map"), &s->map, r);
	if (s->map[0] != '\0' && !g_str_has_prefix(s->map, "https://"))
		report_add(r, SEV_ERROR, yaml_get(y, "map")->at, "url",
		    "write a link that begins with https://", "the map is no link");
	zone_read(yaml_get(y, "tz"), s, r);
	accounts = yaml_get(y, "accounts");
	if (yaml_strings(a, accounts, &s->accounts, &s->n_accounts, r))
		s->accounts_at = accounts->at;
	yaml_str(yaml_get(y, "manager"), &s->manager, r);
	hours_read(yaml_get(y, "hours"), s, r);
	closed_read(a, yaml_get(y, "closed"), s, r);
}

/* A word that means two stores would give a customer to the wrong one. */
static void
check_words(const struct shops *all, int k, struct report *r)
{
	const struct shop *s = &all->items[k];
	const struct shops before = { all->items, k };
	const struct shop *other = shop_find(&before, s->id);
	int i;

	if (other == NULL)
		other = shop_find(&before, s->name);
	for (i = 0; other == NULL && i < s->n_aliases; i++)
		other = shop_find(&before, s->aliases[i]);
	if (other != NULL)
		report_add(r, SEV_ERROR, s->at, "duplicate-id", "choose another word",
		    "two stores are called the same, the first on line %d",
		    other->at.line);
}

void
stores_read(struct arena *a, const struct yaml *root, struct shops *out, struct report *r)
{
	const struct yaml *list;
	int i;

	*out = (struct shops){ NULL, 0 };
	if (!schema_check(root, &schema_stores, r))
		return;
	list = yaml_get(root, "stores");
	if (list == NULL) {
		schema_missing(root, "stores", "write stores: and a list below it", r);
		return;
	}
	if (list->kind != YAML_LIST || list->n > STORES_MAX) {
		report_add(r, SEV_ERROR, list->at, "type", "begin each with \"- \"",
		    "\"stores\" is a list of at most %d", STORES_MAX);
		return;
	}
	out->items = arena_array(a, struct shop, list->n);
	for (i = 0; i < list->n; i++) {
		store_read(a, list->items[i], &out->items[out->n], r);
		check_words(out, out->n++, r);
	}
}

void
stores_check(const struct shops *all, const struct config *cfg, struct report *r)
{
	const char **names = g_new0(const char *, cfg->n_accounts + 1);
	int i, k;

	for (i = 0; i < cfg->n_accounts; i++)
		names[i] = cfg->accounts[i].name;
	for (i = 0; i < all->n; i++) {
		const struct shop *s = &all->items[i];

		for (k = 0; k < s->n_accounts; k++) {
			const char *near;
			char *hint;

			if (g_strv_contains(names, s->accounts[k]))
				continue;
			near = report_nearest(s->accounts[k], names);
			hint = near == NULL
				   ? g_strdup("name one of `providers`")
				   : g_strdup_printf("did you mean \"%s\"?", near);
			report_add(r, SEV_ERROR, s->accounts_at, "provider", hint,
			    "store \"%s\" names a provider there is not: \"%.80s\"",
			    s->id, s->accounts[k]);
			g_free(hint);
		}
	}
	g_free(names);
}
