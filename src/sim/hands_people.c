/* hands_people.c - orders about people: benefits, who is who, who is forgotten, who is away. */
#include <string.h>

#include <jansson.h>

#include "hands_impl.h"

/* ---- offers, several at one instant ---- */

static void
answered(void *arg, int status, const char *json)
{
	(void)json;
	hands_fits(arg, status);
}

static void
given(void *arg, int status, const char *json)
{
	static const char *const verbs[] = { "approve", "approve", "refuse", "redeem" };
	struct ordered *o = arg;
	struct engine *en = town_engine(o->h->o.town);
	json_t *j = json_loads(json, 0, NULL);
	int64_t id = json_integer_value(json_object_get(j, "id"));

	if (hands_fits(o, status) && en != NULL && id != 0)
		engine_offer_answer(en, id,
		    verbs[rng_below(&o->h->rng, G_N_ELEMENTS(verbs))], "boss",
		    "general-manager", answered, o);
	json_decref(j);
}

void
hands_offers(struct ordered *o, struct engine *en)
{
	const struct offers *all = engine_catalog(en)->offers;
	int64_t n = rng_between(&o->h->rng, 2, 6);

	while (n-- > 0 && all->n > 0) {
		const struct offer *of =
		    &all->items[rng_below(&o->h->rng, (uint64_t)all->n)];

		engine_offer_ask(
		    en, hands_somebody(o->h), of->name, "advisor", "manager", given, o);
	}
}

/* ---- merging ---- */

static void
parted(void *arg, int status, const char *json)
{
	struct ordered *o = arg;

	(void)json;
	if (status != 200)
		referee_joined(o->h->o.referee, o->a, o->b, hands_now(o));
	hands_fits(o, status);
}

static void
part(void *arg)
{
	struct ordered *o = arg;
	struct engine *en = town_engine(o->h->o.town);

	if (en == NULL)
		return;
	referee_parted(o->h->o.referee, o->b, hands_now(o));
	engine_unmerge(en, o->b, false, parted, o);
}

static void
joined(void *arg, int status, const char *json)
{
	struct ordered *o = arg;

	(void)json;
	if (!hands_fits(o, status))
		return;
	referee_joined(o->h->o.referee, o->a, o->b, hands_now(o));
	if (rng_chance(&o->h->rng, 0.5))
		hands_later(o, rng_between(&o->h->rng, MS_MINUTE, 5 * MS_DAY), part);
}

void
hands_merge(struct ordered *o, struct engine *en, const struct aim *a)
{
	g_strlcpy(o->a, hands_somebody(o->h), sizeof(o->a));
	g_strlcpy(o->b, a->customer, sizeof(o->b));
	if (rng_chance(&o->h->rng, 0.5)) {
		g_strlcpy(o->b, o->a, sizeof(o->b));
		g_strlcpy(o->a, a->customer, sizeof(o->a));
	}
	referee_may_join(o->h->o.referee, o->a, o->b);
	engine_merge(en, o->a, o->b, false, joined, o);
}

/* ---- erasing ---- */

static void
erased(void *arg, int status, const char *json)
{
	struct ordered *o = arg;
	json_t *j = json_loads(json, 0, NULL);
	const char *receipt = json_string_value(json_object_get(j, "receipt"));

	if (hands_fits(o, status) && receipt != NULL)
		referee_erased(o->h->o.referee, o->a, receipt, hands_now(o));
	json_decref(j);
}

void
hands_erase(struct ordered *o, struct engine *en, const struct aim *a)
{
	struct hands *h = o->h;

	g_strlcpy(o->a, a->customer, sizeof(o->a));
	for (guint i = 0; i < h->o.people->len && h->o.people->len > 10; i++)
		if (strcmp(h->o.people->pdata[i], o->a) == 0) {
			g_ptr_array_add(
			    h->gone, g_ptr_array_steal_index_fast(h->o.people, i));
			break;
		}
	referee_erasing(h->o.referee, o->a);
	engine_erase(en, o->a, erased, o);
}

/* ---- who is away ---- */

static void
left(void *arg, int status, const char *json)
{
	struct ordered *o = arg;

	(void)json;
	if (hands_fits(o, status) && strcmp(o->a, o->b) != 0)
		referee_away(o->h->o.referee, o->a, o->b, o->days, hands_now(o));
}

void
hands_leave(struct ordered *o, struct engine *en)
{
	static const char *const who[] = { "李明", "王芳", "张伟" };
	const struct config *cfg = engine_catalog(en)->config;
	struct local l;
	struct engine_leave away = { .name = who[rng_below(&o->h->rng, 3)] };

	away.deputy = who[rng_below(&o->h->rng, 3)];
	zone_local(cfg->entity.zone, o->asked, &l);
	away.from = l.date;
	o->days[0] = l.day;
	o->days[1] = l.day + rng_between(&o->h->rng, 0, 4);
	away.to = date_from_days(o->days[1]);
	g_strlcpy(o->a, away.name, sizeof(o->a));
	g_strlcpy(o->b, away.deputy, sizeof(o->b));
	engine_staff_leave(en, &away, left, o);
}
