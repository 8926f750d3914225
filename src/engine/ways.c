#include "ways.h"

#include "tasks.h"
#include "turns.h"

const struct account *
ways_account(struct work *w, const struct step *s, struct person *p,
    const struct budget *budgets, enum channel channel, bool *tokens)
{
	const struct config *cfg = w->cat->config;
	const struct shop *shop = person_shop(p);
	const struct account *first = NULL;

	*tokens = true;
	if (step_by_person(s, channel))
		return &tasks_people;
	for (int i = 0; i < cfg->n_accounts; i++) {
		const struct account *a = &cfg->accounts[i];

		if (!(a->channels & BIT(channel)) ||
		    (shop != NULL && !shop_uses(shop, a->name)))
			continue;
		if (first == NULL || budgets[first->index].frozen)
			first = a;
		if (budgets[i].usable && budgets[i].left > 0 &&
		    turns_open(w, a, channel, &p->row.c))
			return a;
	}
	*tokens = false;
	return first;
}

unsigned
ways_frozen(const struct work *w, const struct step *s, const struct budget *budgets)
{
	const struct config *cfg = w->cat->config;
	unsigned frozen = 0, alive = 0;

	for (int i = 0; i < cfg->n_accounts; i++)
		*(budgets[i].frozen ? &frozen : &alive) |= cfg->accounts[i].channels;
	/* What people do they do, whatever an account says. */
	for (int c = 0; c < CHANNELS; c++)
		if (c == CHANNEL_PHONE || step_by_person(s, (enum channel)c))
			frozen &= ~BIT(c);
	return frozen & ~alive;
}
