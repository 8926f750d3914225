#include "money.h"

#include <math.h>

#include "store/msg.h"

#define SCOPE 128
#define SLOT_OF(kind) (SLOT_MONEY << (kind))

static int64_t
fen(double yuan)
{
	return (int64_t)llround(yuan * 10000);
}

char *
money_id(int playbook, char buf[16])
{
	g_snprintf(buf, 16, "p%d", playbook);
	return buf;
}

static void
scope_of(int kind, const char *id, char scope[SCOPE])
{
	g_snprintf(scope, SCOPE, "m%d:%s", kind, id);
}

/* The period an instant lies in, and its end. */
static int
period_of(int kind, const struct zone *house, ms_t at, ms_t *end)
{
	struct local l;
	ms_t start;

	*end = MS_NEVER;
	switch (kind) {
	case BUDGET_TOTAL:
		return 0;
	case BUDGET_HOUSE_MONTH:
	case BUDGET_STORE_MONTH:
		return gate_period(CAP_MONTH, house, at, &start, end);
	default:
		zone_local(house, at, &l);
		*end = zone_instant(house, l.day + 1, 0);
		return (int)l.day;
	}
}

static const struct budget_rule *
rule_of(const struct work *w, const struct playbook *pb, int kind)
{
	return kind < BUDGET_HOUSE_DAY ? &pb->budget[kind]
				       : &w->cat->policy->budgets[kind];
}

/* Whose purse: NULL for a customer of no store. */
static const char *
purse(struct person *p, int playbook, int kind, char buf[16])
{
	if (kind < BUDGET_HOUSE_DAY)
		return money_id(playbook, buf);
	if (kind < BUDGET_STORE_DAY)
		return "";
	return *person_store(p) == '\0' ? NULL : person_store(p);
}

static bool
is_free(const struct work *w, const struct message *m, enum category category)
{
	return category == CATEGORY_TRANSACTIONAL ||
	       desk_live(w->desk, m->playbook)->correction;
}

/* The limit as far as it is this part's of the house. */
static int64_t
limit_of(const struct work *w, const struct budget_rule *r, const char *scope, int period)
{
	return desk_portion(w, r->limit, scope, period);
}

int
money_used(struct work *w, int kind, const char *id, int64_t *used, struct err *e)
{
	char scope[SCOPE];
	ms_t end;

	scope_of(kind, id, scope);
	return cap_sum(w->store, scope,
	    period_of(kind, w->cat->config->entity.zone, w->now, &end), used, e);
}

int
money_ask(struct work *w, struct person *p, const struct version *v,
    const struct message *m, double cost, struct verdict *out, struct err *e)
{
	for (int kind = 0; kind < BUDGETS && out->reason == REASON_NONE; kind++) {
		const struct budget_rule *r = rule_of(w, v->playbook, kind);
		char buf[16], scope[SCOPE];
		const char *id = r->limit == 0 ? NULL : purse(p, m->playbook, kind, buf);
		const struct zone *house = w->cat->config->entity.zone;
		int64_t used, limit;
		ms_t end;

		if (id == NULL)
			continue;
		if (money_used(w, kind, id, &used, e) != 0)
			return -1;
		scope_of(kind, id, scope);
		limit = limit_of(w, r, scope, period_of(kind, house, w->now, &end));
		if (used + fen(cost) <= limit)
			continue;
		out->reason = REASON_CAPPED;
		out->rule = "budget";
		out->at = r->at;
		period_of(kind, w->cat->config->entity.zone, w->now, &out->next);
		g_snprintf(out->detail, sizeof(out->detail),
		    "%s: %.2f of %.2f used, this costs %.2f", budget_name(kind),
		    (double)used / 10000, (double)limit / 10000, cost);
	}
	return 0;
}

int
money_take(struct work *w, struct message *m, struct person *p, const struct playbook *pb,
    struct err *e)
{
	const struct zone *house = w->cat->config->entity.zone;
	bool free_of_it = is_free(w, m, (enum category)m->category);

	for (int kind = 0; kind < BUDGETS; kind++) {
		const struct budget_rule *r = rule_of(w, pb, kind);
		char scope[SCOPE], buf[16];
		const char *id = r->limit == 0 ? NULL : purse(p, m->playbook, kind, buf);
		ms_t end;
		int rc, period;

		if (id == NULL)
			continue;
		scope_of(kind, id, scope);
		period = period_of(kind, house, m->begun_at, &end);
		rc = cap_take_n(w->store, scope, period, fen(m->cost),
		    free_of_it ? G_MAXINT64 : limit_of(w, r, scope, period), e);
		if (rc != 1)
			return rc;
		m->slots |= SLOT_OF(kind);
	}
	return 1;
}

int
money_give(struct work *w, struct message *m, struct err *e)
{
	const struct zone *house = w->cat->config->entity.zone;
	struct person p;

	if (m->slots < SLOT_MONEY)
		return 0;
	if (person_load(w, m->customer, &p, e) != 1)
		return -1;
	for (int kind = 0; kind < BUDGETS; kind++) {
		char scope[SCOPE], buf[16];
		const char *id = purse(&p, m->playbook, kind, buf);
		ms_t end;

		if (!(m->slots & SLOT_OF(kind)) || id == NULL)
			continue;
		/* Never below nothing: he may be another store's by now. */
		scope_of(kind, id, scope);
		if (cap_give_n(w->store, scope, period_of(kind, house, m->begun_at, &end),
			fen(m->cost), e) != 0)
			return -1;
		m->slots &= ~SLOT_OF(kind);
	}
	return 0;
}
