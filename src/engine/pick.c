#include "pick.h"

#include <string.h>

#include "core/region.h"
#include "tasks.h"
#include "turns.h"

static bool
may_carry(const struct pick *k, int i, enum channel channel)
{
	const struct account *a = &k->w->cat->config->accounts[i];
	const struct shop *shop = person_shop(k->p);

	return (a->channels & BIT(channel)) != 0 && !k->passed[i] &&
	       !region_forbids(a, &k->p->row.c, k->p->zone) &&
	       (shop == NULL || shop_uses(shop, a->name));
}

static const struct account *
pick(const struct pick *k, enum channel channel, bool *tokens)
{
	const struct config *cfg = k->w->cat->config;
	const struct account *first = NULL;

	for (int i = 0; i < cfg->n_accounts; i++) {
		const struct account *a = &cfg->accounts[i];

		if (!may_carry(k, i, channel))
			continue;
		if (first == NULL || k->budgets[first->index].frozen)
			first = a;
		if (k->budgets[i].usable && k->budgets[i].left > 0 &&
		    turns_open(k->w, a, channel, &k->p->row.c)) {
			*tokens = true;
			return a;
		}
	}
	*tokens = false;
	return first;
}

void
pick_open(struct pick *k, struct work *w, const struct step *step, struct person *p,
    const struct budget *budgets)
{
	*k = (struct pick){ .w = w,
		.step = step,
		.p = p,
		.budgets = budgets,
		.passed =
		    arena_array(w->arena, bool, MAX(1, w->cat->config->n_accounts)) };
}

const struct account *
pick_any(struct pick *k, enum channel channel, bool *tokens)
{
	*tokens = true;
	if (step_by_person(k->step, channel))
		return &tasks_people;
	memset(k->passed, 0, sizeof(bool) * (size_t)k->w->cat->config->n_accounts);
	return pick(k, channel, tokens);
}

const struct account *
pick_other(struct pick *k, enum channel channel, bool *tokens)
{
	const struct account *other;

	if (step_by_person(k->step, channel))
		return NULL;
	k->passed[k->asked->index] = true;
	other = pick(k, channel, tokens);
	return other == NULL || k->budgets[other->index].frozen ? NULL : other;
}

unsigned
pick_frozen(const struct pick *k)
{
	const struct config *cfg = k->w->cat->config;
	unsigned frozen = 0, alive = 0;

	for (int i = 0; i < cfg->n_accounts; i++)
		if (!region_forbids(&cfg->accounts[i], &k->p->row.c, k->p->zone))
			*(k->budgets[i].frozen ? &frozen : &alive) |=
			    cfg->accounts[i].channels;
	/* What people do they do, whatever an account says. */
	for (int c = 0; c < CHANNELS; c++)
		if (c == CHANNEL_PHONE || step_by_person(k->step, (enum channel)c))
			frozen &= ~BIT(c);
	return frozen & ~alive;
}
