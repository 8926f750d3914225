/* longest.c - the longest that comes for a variable, for the check of a text's length.
 *
 * From the set where the set knows it: names of stores and of the house, offers. Else what
 * people and cars have: compound surnames, plates of electric cars, days of two digits. A
 * company's name may be longer; what then does not fit is told when it is sent. Attributes
 * of the house's own are longest_own.c's. */
#include <string.h>

#include "core/signal.h"
#include "longest.h"
#include "set.h"

#define PERSON "欧阳明远"
#define NUMBER_OF_PHONE "00000000000"
#define MODEL "示例轿车四驱长续航尊享版"
#define DAY "2026-12-30"
#define AT "2026-12-30 14:30"
#define FLEET 4 /* of a fleet the first are named */

struct known {
	const char *name, *text; /* text NULL: the number */
	double number;
};

static const struct known customers[] = {
	{ "name", PERSON, 0 },
	{ "salutation", "欧阳先生", 0 },
	{ "contact_name", PERSON, 0 },
	{ "phone", NUMBER_OF_PHONE, 0 },
	{ "birthday", DAY, 0 },
	{ "first_visit", DAY, 0 },
	{ "last_visit", DAY, 0 },
	{ "visits", NULL, 100 },
	{ "spend_12m", NULL, 100000 },
	{ NULL, NULL, 0 },
};
static const struct known advisors[] = {
	{ "name", "司马晓燕", 0 },
	{ "phone", NUMBER_OF_PHONE, 0 },
	{ NULL, NULL, 0 },
};
static const struct known vehicles[] = {
	{ "plate", "京AD00000", 0 },
	{ "model", MODEL, 0 },
	{ "vin", "00000000000000000", 0 },
	{ "mileage", NULL, 200000 },
	{ "every_months", NULL, 12 },
	{ "every_km", NULL, 10000 },
	{ "bought", DAY, 0 },
	{ "mileage_on", DAY, 0 },
	{ "last_service", DAY, 0 },
	{ "warranty_end", DAY, 0 },
	{ "inspection_due", DAY, 0 },
	{ "insurance_end", DAY, 0 },
	{ "next_service", DAY, 0 },
	{ "battery_check", DAY, 0 },
	{ NULL, NULL, 0 },
};
static const struct known appointments[] = {
	{ "at", AT, 0 },
	{ "plate", "京AD00000", 0 },
	{ "advisor", "司马晓燕", 0 },
	{ "service", "更换刹车片和四轮定位", 0 },
	{ NULL, NULL, 0 },
};
static const struct known orders[] = {
	{ "at", AT, 0 },
	{ "plate", "京AD00000", 0 },
	{ "advisor", "司马晓燕", 0 },
	{ "amount", NULL, 100000 },
	{ "mileage", NULL, 200000 },
	{ NULL, NULL, 0 },
};

static struct value_map *
map_of(const struct known *k, struct arena *a)
{
	struct value_map *m = value_map_new(a);

	for (; k->name != NULL; k++)
		value_map_set(a, m, k->name,
		    k->text == NULL ? value_int((int64_t)k->number) : value_str(k->text));
	return m;
}

struct value_map *
longest_customer(struct arena *a)
{
	return map_of(customers, a);
}

/* Keeps the longer. */
static void
longer(struct arena *a, struct value_map *m, const char *name, const char *text)
{
	struct value had;

	if (text == NULL || *text == '\0')
		return;
	if (!value_map_get(m, name, strlen(name), &had) || had.type != VALUE_STR ||
	    value_chars(had.s.p, had.s.len) < value_chars(text, strlen(text)))
		value_map_set(a, m, name, value_str(text));
}

static struct value_map *
stores(const struct set *s, struct arena *a)
{
	struct value_map *m = value_map_new(a);

	for (int i = 0; i < s->stores.n; i++) {
		const struct shop *shop = &s->stores.items[i];

		longer(a, m, "id", shop->id);
		longer(a, m, "name", shop->name);
		longer(a, m, "phone", shop->phone);
		longer(a, m, "address", shop->address);
		longer(a, m, "map", shop->map);
		longer(a, m, "signature", shop->signature);
	}
	return m;
}

/* The one the text promises, else any. */
static struct value_map *
offers(const struct set *s, const struct template *t, struct arena *a)
{
	struct value_map *m = value_map_new(a);
	double most = 0;

	for (int i = 0; s->offers != NULL && i < s->offers->n; i++) {
		const struct offer *o = &s->offers->items[i];

		if (t->offer != NULL && strcmp(t->offer, o->name) != 0)
			continue;
		longer(a, m, "name", o->name);
		longer(a, m, "title", o->title);
		value_map_set(a, m, "expires", value_str(AT));
		most = MAX(most, o->value);
		value_map_set(a, m, "value", value_float(most));
	}
	return m;
}

static struct value_map *
signals(struct arena *a)
{
	struct value_map *m = value_map_new(a);
	const struct signal *one;

	for (int i = 0; (one = signal_at(i)) != NULL; i++)
		value_map_set(a, m, one->name,
		    g_str_has_prefix(one->name, "days_") ? value_int(1000)
							 : value_int(10));
	return m;
}

static struct value
fleet(const struct value_map *car, struct arena *a)
{
	struct value_list *l = value_list_new(a, FLEET);

	for (; l->n < FLEET; l->n++)
		l->items[l->n] = value_map(car);
	return value_list(l);
}

struct value_map *
longest_values(const struct set *s, const struct template *t, struct arena *a)
{
	struct value_map *all = value_map_new(a), *entity = value_map_new(a),
			 *car = map_of(vehicles, a), *of_store = stores(s, a),
			 *customer = longest_customer(a);

	longest_own(s, t, a, customer, car);

	if (s->config != NULL) {
		longer(a, entity, "name", s->config->entity.name);
		longer(a, entity, "phone", s->config->entity.phone);
	}
	value_map_set(a, all, "customer", value_map(customer));
	value_map_set(a, all, "advisor", value_map(map_of(advisors, a)));
	value_map_set(a, all, "vehicle", value_map(car));
	value_map_set(a, all, "vehicles", fleet(car, a));
	value_map_set(a, all, "appointment", value_map(map_of(appointments, a)));
	value_map_set(a, all, "order", value_map(map_of(orders, a)));
	value_map_set(a, all, "store", value_map(of_store));
	value_map_set(a, all, "offer", value_map(offers(s, t, a)));
	value_map_set(a, all, "signals", value_map(signals(a)));
	value_map_set(a, all, "entity", value_map(entity));
	value_map_set(a, all, "now", value_str(AT));
	return all;
}
