/* answer.c - what a provider's answers mean, as reachd.yaml describes them. */
#include <string.h>

#include "read.h"
#include "spec/schema.h"

static const char *const settle_names[] = { "none", "receipt", "query", "idempotency_key",
	"window", NULL };
static const char *const as_names[] = { "bad_address", "balance", "content", "other",
	NULL };

/* status, field, equals: what every rule has. */
static bool
rule_read(const struct yaml *y, const struct schema *s, struct answer_rule *out,
    struct report *r)
{
	int64_t n;

	out->at = y->at;
	if (!schema_check(y, s, r))
		return false;
	if (yaml_int(yaml_get(y, "status"), 100, 599, &n, r))
		out->status = (int)n;
	yaml_str(yaml_get(y, "field"), &out->field, r);
	yaml_str(yaml_get(y, "equals"), &out->equals, r);
	if ((out->field == NULL) != (out->equals == NULL))
		report_add(r, SEV_ERROR, y->at, "answer", "",
		    "\"field\" and \"equals\" go together");
	return true;
}

static void
rules_read_into(struct arena *a, const struct yaml *y, const struct schema *s,
    struct answer_rule **out, int *n, struct report *r)
{
	int i, as = 3;

	if (y == NULL)
		return;
	if (y->kind != YAML_LIST) {
		report_add(r, SEV_ERROR, y->at, "type", "begin each with \"- \"",
		    "a list of answers is expected here");
		return;
	}
	*out = arena_array(a, struct answer_rule, y->n);
	for (i = 0; i < y->n; i++) {
		struct answer_rule *rule = &(*out)[(*n)++];

		if (rule_read(y->items[i], s, rule, r) && s == &schema_refused) {
			as = 3;
			yaml_enum(yaml_get(y->items[i], "as"), as_names, &as, r);
			rule->as = as_names[as];
		}
	}
}

static void
query_read(const struct yaml *y, struct account *acc, struct report *r)
{
	const struct yaml *found = yaml_get(y, "found"), *absent = yaml_get(y, "absent");

	if (y == NULL || !schema_check(y, &schema_query, r))
		return;
	if (yaml_get(y, "url") == NULL || found == NULL || absent == NULL)
		report_add(r, SEV_ERROR, y->at, "missing",
		    "write url:, found: and absent:",
		    "a query needs its address and what its answers mean");
	if (found != NULL)
		rule_read(found, &schema_answer, &acc->query.found, r);
	if (absent != NULL)
		rule_read(absent, &schema_answer, &acc->query.absent, r);
}

void
answer_read(struct arena *a, const struct yaml *y, struct account *acc, struct report *r)
{
	const struct yaml *success = yaml_get(y, "success");
	int word;

	if (success != NULL && rule_read(success, &schema_success, &acc->success, r))
		yaml_str(yaml_get(success, "id"), &acc->success.id, r);
	rules_read_into(a, yaml_get(y, "refused"), &schema_refused, &acc->refused,
	    &acc->n_refused, r);
	rules_read_into(a, yaml_get(y, "throttled"), &schema_answer, &acc->throttled,
	    &acc->n_throttled, r);
	if (yaml_enum(yaml_get(y, "settle"), settle_names, &word, r))
		acc->settle = (enum settle)word;
	query_read(yaml_get(y, "query"), acc, r);
	yaml_span(yaml_get(y, "window"), MS_SECOND, MS_DAY, &acc->window, r);
	yaml_span(yaml_get(y, "lag"), MS_SECOND, MS_DAY, &acc->lag, r);
}
