/* hands_orders.c - the orders themselves, and what the referee is told of their answers. */
#include <string.h>

#include <jansson.h>

#include "../store/sql.h"
#include "hands_impl.h"

#define SORRY "c/sorry"

static ms_t
now_of(const struct ordered *o)
{
	return sim_true(town_sim(o->h->o.town));
}

/* Answers there may be; anything else is a bug. */
static bool
fits(struct ordered *o, int status)
{
	static const int fine[] = { 200, 201, 403, 404, 409, 422, 503 };

	for (size_t i = 0; i < G_N_ELEMENTS(fine); i++)
		if (status == fine[i]) {
			o->h->done[o->kind] += status < 300;
			return status < 300;
		}
	referee_foul(
	    o->h->o.referee, "hand: order %d was answered with %d", (int)o->kind, status);
	return false;
}

static void
hand(struct ordered *o, struct engine *en, const char *order, json_t *body,
    engine_answer *cb)
{
	char *text = json_dumps(body, JSON_COMPACT);

	json_decref(body);
	engine_hand(en, order, text, strlen(text), cb, o);
	free(text);
}

/* ---- hold and go ---- */

/* 409: its file keeps it still, or nothing held it. */
static void
went(void *arg, int status, const char *json)
{
	(void)arg;
	(void)status;
	(void)json;
}

static void
go(struct ordered *o, struct engine *en)
{
	o->asked = now_of(o);
	referee_goes(o->h->o.referee, o->playbook, o->asked);
	hand(o, en, "go", json_pack("{ss}", "playbook", o->playbook), went);
}

static void
goes(void *arg)
{
	struct ordered *o = arg;
	struct engine *en = town_engine(o->h->o.town);

	if (en != NULL)
		go(o, en);
}

void
hands_go_all(struct hands *h, struct engine *en)
{
	const struct catalog *cat = engine_catalog(en);

	for (int i = 0; i < cat->n_versions; i++) {
		struct ordered *o = hands_order(h, HAND_HOLD);

		g_strlcpy(
		    o->playbook, cat->versions[i]->playbook->name, sizeof(o->playbook));
		go(o, en);
	}
}

static void
held(void *arg, int status, const char *json)
{
	struct ordered *o = arg;

	(void)json;
	if (!fits(o, status))
		return;
	referee_stands(o->h->o.referee, o->playbook, now_of(o));
	hands_later(o, rng_between(&o->h->rng, MS_MINUTE, 2 * MS_DAY), goes);
}

static void
hold(struct ordered *o, struct engine *en, const struct aim *a)
{
	g_strlcpy(o->playbook, a->playbook, sizeof(o->playbook));
	hand(o, en, "hold", json_pack("{ss ss}", "playbook", o->playbook, "by", "x"),
	    held);
}

/* ---- recall ---- */

static void recalled(void *arg, int status, const char *json);

static void
recall_on(struct ordered *o, struct engine *en)
{
	hand(o, en, "recall",
	    json_pack("{ss ss ss ss sI sb}", "playbook", o->playbook, "step", o->step,
		"by", "x", "reason", "y", "cursor", (json_int_t)o->cursor, "runs",
		(int)o->runs),
	    recalled);
}

static void
recalled(void *arg, int status, const char *json)
{
	struct ordered *o = arg;
	struct engine *en = town_engine(o->h->o.town);
	json_t *j = json_loads(json, 0, NULL);

	if (fits(o, status)) {
		referee_stands(o->h->o.referee, o->playbook, now_of(o));
		o->cursor = json_integer_value(json_object_get(j, "cursor"));
		o->runs = json_is_true(json_object_get(j, "runs"));
		if (!json_is_true(json_object_get(j, "more"))) {
			referee_recalled(
			    o->h->o.referee, o->playbook, o->step, o->last, now_of(o));
			hands_later(
			    o, rng_between(&o->h->rng, MS_MINUTE, 2 * MS_DAY), goes);
		} else if (en != NULL) {
			recall_on(o, en);
		}
	}
	json_decref(j);
}

/* Ids grow whatever the clock says. */
static int64_t
newest(struct ordered *o, bool run)
{
	struct sql *q =
	    sql_get(town_store(o->h->o.town), run ? "SELECT ifnull(max(id), 0) FROM run"
						  : "SELECT ifnull(max(id), 0) FROM msg");
	struct err e = { 0 };
	int64_t id = 0;

	if (sql_step(q, &e) == 1)
		id = sql_col(q, 0);
	sql_end(q);
	return id;
}

static void
recall(struct ordered *o, struct engine *en, const struct aim *a)
{
	g_strlcpy(o->playbook, a->playbook, sizeof(o->playbook));
	if (rng_chance(&o->h->rng, 0.5))
		g_strlcpy(o->step, a->step, sizeof(o->step));
	o->last = newest(o, *o->step == '\0');
	recall_on(o, en);
}

/* ---- corrections ---- */

static void corrected(void *arg, int status, const char *json);

static void
correct_on(struct ordered *o, struct engine *en)
{
	hand(o, en, "correct",
	    json_pack("{ss ss ss ss sI}", "playbook", o->playbook, "template",
		o->template_, "by", "x", "reason", "y", "cursor", (json_int_t)o->cursor),
	    corrected);
}

static void
corrected(void *arg, int status, const char *json)
{
	struct ordered *o = arg;
	struct engine *en = town_engine(o->h->o.town);
	json_t *j = json_loads(json, 0, NULL);

	if (fits(o, status)) {
		o->cursor = json_integer_value(json_object_get(j, "cursor"));
		if (!json_is_true(json_object_get(j, "more")))
			referee_corrected(
			    o->h->o.referee, o->playbook, o->template_, o->people);
		else if (en != NULL)
			correct_on(o, en);
	}
	json_decref(j);
}

/* Who has got something of it, as the books say before anything is asked for. */
static GPtrArray *
readers(struct ordered *o)
{
	struct sql *q = sql_get(town_store(o->h->o.town),
	    "SELECT DISTINCT c.ext FROM msg m JOIN customer c ON c.id = m.customer JOIN"
	    " playbook p ON p.id = m.playbook WHERE p.name = ?1 AND m.state IN (2, 3, 4,"
	    " 5, 10) AND c.erased_at = 0 AND c.merged = 0");
	GPtrArray *people = g_ptr_array_new_with_free_func(g_free);
	struct err e = { 0 };

	sql_text(q, 1, o->playbook);
	while (sql_step(q, &e) == 1)
		g_ptr_array_add(people, g_strdup(sql_col_text(q, 0)));
	sql_end(q);
	return people;
}

static void
correct(struct ordered *o, struct engine *en, const struct aim *a)
{
	if (!g_hash_table_contains(engine_catalog(en)->templates, SORRY))
		return;
	g_strlcpy(o->playbook, a->playbook, sizeof(o->playbook));
	g_strlcpy(o->template_, SORRY, sizeof(o->template_));
	o->people = readers(o);
	correct_on(o, en);
}

/* ---- undo ---- */

static void
undone(void *arg, int status, const char *json)
{
	struct ordered *o = arg;

	(void)json;
	if (fits(o, status) && *o->a != '\0')
		referee_undone(o->h->o.referee, o->a, now_of(o));
}

/* Of an event that began a run which is still going. */
static bool
choose_event(struct ordered *o)
{
	struct sql *q = sql_get(town_store(o->h->o.town),
	    "SELECT e.evid FROM run r JOIN event e ON e.id = r.event WHERE r.state = 0 "
	    "AND"
	    " e.source = 'api' AND e.type NOT LIKE 'undone:%' AND e.type <> 'complaint'"
	    " ORDER BY r.wait <> 1, r.id DESC");
	int64_t n = rng_between(&o->h->rng, 0, 6);
	struct err e = { 0 };

	while (n-- >= 0 && sql_step(q, &e) == 1)
		g_strlcpy(o->a, sql_col_text(q, 0), sizeof(o->a));
	sql_end(q);
	return *o->a != '\0';
}

static void
undo(struct ordered *o, struct engine *en, const struct aim *a)
{
	json_t *body = json_pack("{ss ss ss ss}", "customer", a->customer, "by", "x",
	    "reason", "y", "proof", "z");

	switch (rng_below(&o->h->rng, 5)) {
	case 0:
		hand(o, en, "undo-stage", body, undone);
		break;
	case 1:
		json_object_set_new(body, "tag", json_string("car-sold"));
		hand(o, en, "undo-tag", body, undone);
		break;
	case 2:
		referee_lifted(o->h->o.referee, a->customer, o->asked);
		hand(o, en, "undo-optout", body, undone);
		break;
	default:
		if (choose_event(o)) {
			json_object_set_new(body, "id", json_string(o->a));
			hand(o, en, "undo-event", body, undone);
		} else {
			json_decref(body);
		}
	}
}

/* ---- migration ---- */

static void
migrates(void *arg, int status, const char *json)
{
	struct ordered *o = arg;

	(void)json;
	fits(o, status);
}

/* Steps of the crowded town that have another name in the other set. */
static const char *const twins[][2] = { { "second", "follow" }, { "pause", "rest" } };

static void
migrate(struct ordered *o, struct engine *en, const struct aim *a)
{
	const struct catalog *cat = engine_catalog(en);
	bool big = rng_chance(&o->h->rng, 0.6);
	const char *name = big ? "big" : a->playbook;
	json_t *map = json_object();
	char *text;

	for (int i = 0; i < cat->n_versions; i++)
		for (size_t k = 0; k < G_N_ELEMENTS(twins); k++)
			if (strcmp(cat->versions[i]->playbook->name, name) == 0) {
				const struct playbook *pb = cat->versions[i]->playbook;
				int has = playbook_step(pb, twins[k][0]) == NULL;

				if (playbook_step(pb, twins[k][has]) != NULL)
					json_object_set_new(map, twins[k][!has],
					    json_string(twins[k][has]));
			}
	map = json_pack("{ss so}", "playbook", name, "map", map);
	text = json_dumps(map, JSON_COMPACT);
	json_decref(map);
	engine_migrate(en, text, strlen(text), migrates, o);
	free(text);
}

/* ---- offers, several at one instant ---- */

static void
answered(void *arg, int status, const char *json)
{
	(void)json;
	fits(arg, status);
}

static void
given(void *arg, int status, const char *json)
{
	static const char *const verbs[] = { "approve", "approve", "refuse", "redeem" };
	struct ordered *o = arg;
	struct engine *en = town_engine(o->h->o.town);
	json_t *j = json_loads(json, 0, NULL);
	int64_t id = json_integer_value(json_object_get(j, "id"));

	if (fits(o, status) && en != NULL && id != 0)
		engine_offer_answer(en, id,
		    verbs[rng_below(&o->h->rng, G_N_ELEMENTS(verbs))], "boss",
		    "general-manager", answered, o);
	json_decref(j);
}

static void
offers(struct ordered *o, struct engine *en)
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
		referee_joined(o->h->o.referee, o->a, o->b, now_of(o));
	fits(o, status);
}

static void
part(void *arg)
{
	struct ordered *o = arg;
	struct engine *en = town_engine(o->h->o.town);

	if (en == NULL)
		return;
	referee_parted(o->h->o.referee, o->b, now_of(o));
	engine_unmerge(en, o->b, false, parted, o);
}

static void
joined(void *arg, int status, const char *json)
{
	struct ordered *o = arg;

	(void)json;
	if (!fits(o, status))
		return;
	referee_joined(o->h->o.referee, o->a, o->b, now_of(o));
	if (rng_chance(&o->h->rng, 0.5))
		hands_later(o, rng_between(&o->h->rng, MS_MINUTE, 5 * MS_DAY), part);
}

static void
merge(struct ordered *o, struct engine *en, const struct aim *a)
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

	if (fits(o, status) && receipt != NULL)
		referee_erased(o->h->o.referee, o->a, receipt, now_of(o));
	json_decref(j);
}

static void
erase(struct ordered *o, struct engine *en, const struct aim *a)
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
	if (fits(o, status) && strcmp(o->a, o->b) != 0)
		referee_away(o->h->o.referee, o->a, o->b, o->days, now_of(o));
}

static void
leave(struct ordered *o, struct engine *en)
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

void
hands_give(struct hands *h, enum hand kind, struct engine *en)
{
	struct ordered *o = hands_order(h, kind);
	struct aim a;

	if (!hands_aim(h, &a))
		return;
	switch (kind) {
	case HAND_HOLD:
		hold(o, en, &a);
		break;
	case HAND_RECALL:
		recall(o, en, &a);
		break;
	case HAND_CORRECT:
		correct(o, en, &a);
		break;
	case HAND_UNDO:
		undo(o, en, &a);
		break;
	case HAND_MIGRATE:
		migrate(o, en, &a);
		break;
	case HAND_OFFERS:
		offers(o, en);
		break;
	case HAND_MERGE:
		merge(o, en, &a);
		break;
	case HAND_ERASE:
		erase(o, en, &a);
		break;
	case HAND_LEAVE:
		leave(o, en);
		break;
	case HANDS:
		break;
	}
}
