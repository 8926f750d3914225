/* hands_orders.c - the orders themselves, and what the referee is told of their answers. */
#include <string.h>

#include <jansson.h>

#include "../store/sql.h"
#include "hands_impl.h"

#define SORRY "c/sorry"

ms_t
hands_now(const struct ordered *o)
{
	return sim_true(town_sim(o->h->o.town));
}

/* Answers there may be; anything else is a bug. */
bool
hands_fits(struct ordered *o, int status)
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
	o->asked = hands_now(o);
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
	if (!hands_fits(o, status))
		return;
	referee_stands(o->h->o.referee, o->playbook, hands_now(o));
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

	if (hands_fits(o, status)) {
		referee_stands(o->h->o.referee, o->playbook, hands_now(o));
		o->cursor = json_integer_value(json_object_get(j, "cursor"));
		o->runs = json_is_true(json_object_get(j, "runs"));
		if (!json_is_true(json_object_get(j, "more"))) {
			referee_recalled(
			    o->h->o.referee, o->playbook, o->step, o->last, hands_now(o));
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

	if (hands_fits(o, status)) {
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
	if (hands_fits(o, status) && *o->a != '\0')
		referee_undone(o->h->o.referee, o->a, hands_now(o));
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
	hands_fits(o, status);
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
		hands_offers(o, en);
		break;
	case HAND_MERGE:
		hands_merge(o, en, &a);
		break;
	case HAND_ERASE:
		hands_erase(o, en, &a);
		break;
	case HAND_LEAVE:
		hands_leave(o, en);
		break;
	case HANDS:
		break;
	}
}
