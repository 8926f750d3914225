/* hands.c - when who orders what, and at whom it is aimed. */
#include <string.h>

#include "../store/sql.h"
#include "hands_impl.h"

/* How many times a town, where it is on. */
static const int most[HANDS] = { 3, 2, 2, 4, 3, 3, 4, 4, 2 };

/* ---- aiming ---- */

/* One of the messages that are SENDING; else a playbook in force and anybody. */
bool
hands_aim(struct hands *h, struct aim *out)
{
	struct store *s = town_store(h->o.town);
	struct engine *en = town_engine(h->o.town);
	int64_t n = rng_between(&h->rng, 0, 3);
	const struct catalog *cat;
	struct err e = { 0 };
	struct sql *q;
	bool found = false;

	if (s == NULL || en == NULL)
		return false;
	q = sql_get(s,
	    "SELECT p.name, m.step, c.ext FROM msg m JOIN playbook p ON p.id = m.playbook"
	    " JOIN customer c ON c.id = m.customer WHERE m.settle_at IS NOT NULL AND"
	    " m.state = 1 AND c.erased_at = 0 ORDER BY m.id");
	while (n-- >= 0 && sql_step(q, &e) == 1) {
		g_strlcpy(out->playbook, sql_col_text(q, 0), sizeof(out->playbook));
		g_strlcpy(out->step, sql_col_text(q, 1), sizeof(out->step));
		g_strlcpy(out->customer, sql_col_text(q, 2), sizeof(out->customer));
		found = true;
	}
	sql_end(q);
	if (found && !g_str_has_prefix(out->playbook, "correction-"))
		return true;
	cat = engine_catalog(en);
	g_strlcpy(out->playbook,
	    cat->versions[rng_below(&h->rng, (uint64_t)cat->n_versions)]->playbook->name,
	    sizeof(out->playbook));
	*out->step = '\0';
	g_strlcpy(out->customer, hands_somebody(h), sizeof(out->customer));
	return true;
}

const char *
hands_somebody(struct hands *h)
{
	return h->o.people->pdata[rng_below(&h->rng, h->o.people->len)];
}

/* ---- orders ---- */

static void
order_free(gpointer p)
{
	struct ordered *o = p;

	if (o->people != NULL)
		g_ptr_array_unref(o->people);
	g_free(o);
}

struct ordered *
hands_order(struct hands *h, enum hand kind)
{
	struct ordered *o = g_new0(struct ordered, 1);

	o->h = h;
	o->kind = kind;
	o->asked = sim_true(town_sim(h->o.town));
	g_ptr_array_add(h->orders, o);
	return o;
}

void
hands_later(struct ordered *o, ms_t after, void (*fn)(void *arg))
{
	struct sim *s = town_sim(o->h->o.town);

	sim_at(s, MIN(sim_true(s) + after, o->h->o.heal), fn, o);
}

/* ---- when ---- */

struct due_hand {
	struct hands *h;
	enum hand kind;
};

static void
gives(void *arg)
{
	struct due_hand *m = arg;
	struct engine *en = town_engine(m->h->o.town);

	if (!m->h->healed && en != NULL)
		hands_give(m->h, m->kind, en);
	g_free(m);
}

/* Some at once, the others while a call is connecting. */
static void
comes(void *arg)
{
	struct due_hand *m = arg;

	if (m->h->healed) {
		g_free(m);
	} else if (rng_chance(&m->h->rng, 0.35)) {
		gives(m);
	} else {
		g_queue_push_tail(&m->h->armed, GINT_TO_POINTER(m->kind));
		g_free(m);
	}
}

static void
at(struct hands *h, ms_t when, enum hand kind, void (*fn)(void *arg))
{
	struct due_hand *m = g_new0(struct due_hand, 1);

	*m = (struct due_hand){ h, kind };
	sim_at(town_sim(h->o.town), when, fn, m);
}

void
hands_started(struct hands *h)
{
	ms_t now = sim_true(town_sim(h->o.town));

	if (g_queue_is_empty(&h->armed) || h->healed || !rng_chance(&h->rng, 0.3))
		return;
	at(h, now + rng_between(&h->rng, 0, 30),
	    (enum hand)GPOINTER_TO_INT(g_queue_pop_head(&h->armed)), gives);
}

struct hands *
hands_new(const struct hands_options *o)
{
	struct hands *h = g_new0(struct hands, 1);

	h->o = *o;
	g_queue_init(&h->armed);
	h->orders = g_ptr_array_new_with_free_func(order_free);
	h->gone = g_ptr_array_new_with_free_func(g_free);
	rng_seed(&h->rng, o->seed, "hands");
	for (enum hand k = 0; k < HANDS; k++) {
		int64_t n =
		    rng_chance(&h->rng, 0.5) ? rng_between(&h->rng, 1, most[k]) : 0;

		while (n-- > 0)
			at(h, rng_between(&h->rng, o->start + MS_DAY, o->heal), k, comes);
	}
	return h;
}

void
hands_free(struct hands *h)
{
	if (h == NULL)
		return;
	g_queue_clear(&h->armed);
	g_ptr_array_unref(h->orders);
	g_ptr_array_unref(h->gone);
	g_free(h);
}

static void
lets_go(void *arg)
{
	struct hands *h = arg;
	struct engine *en = town_engine(h->o.town);

	if (en != NULL)
		hands_go_all(h, en);
}

/* More than once: the set of the beginning must be in force again before. */
void
hands_heal(struct hands *h)
{
	struct sim *s = town_sim(h->o.town);

	h->healed = true;
	for (int i = 1; i <= 8; i++)
		sim_at(s, sim_true(s) + i * i * 2 * MS_MINUTE, lets_go, h);
}

int
hands_done(const struct hands *h)
{
	int n = 0;

	for (int i = 0; i < HANDS; i++)
		n += h->done[i];
	return n;
}
