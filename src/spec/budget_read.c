/* budget_read.c - how much messages may cost. */
#include <math.h>

#include "read.h"
#include "spec/schema.h"

#define YUAN 10000 /* hundredths of a fen */

static void
one_read(const struct yaml *y, const char *key, struct budget_rule *out, struct report *r)
{
	const struct yaml *v = yaml_get(y, key);
	double yuan;

	/* Nothing at all is a playbook that is paused: it is said so there. */
	if (!yaml_number(v, 0.01, 1e9, &yuan, r))
		return;
	out->limit = (int64_t)llround(yuan * YUAN);
	out->at = v->at;
}

void
budget_read(const struct yaml *y, struct budget_rule *out, struct report *r)
{
	if (y == NULL || !schema_check(y, &schema_budget, r))
		return;
	one_read(y, "day", &out[BUDGET_DAY], r);
	one_read(y, "total", &out[BUDGET_TOTAL], r);
}

void
budgets_read(const struct yaml *y, struct budget_rule *out, struct report *r)
{
	if (y == NULL || !schema_check(y, &schema_budgets, r))
		return;
	one_read(y, "day", &out[BUDGET_HOUSE_DAY], r);
	one_read(y, "month", &out[BUDGET_HOUSE_MONTH], r);
	one_read(y, "store_day", &out[BUDGET_STORE_DAY], r);
	one_read(y, "store_month", &out[BUDGET_STORE_MONTH], r);
}
