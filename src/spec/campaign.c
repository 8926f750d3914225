/* campaign.c - the bounds of a campaign: from when to when, and who gets which share of
 * the places. */
#include <string.h>

#include "read.h"
#include "spec/schema.h"

#define WHOLE 10000

/* ---- active: { from, to } ---- */

static bool
day_read(const struct yaml *y, struct date *out, struct report *r)
{
	const char *text;

	if (!yaml_str(y, &text, r))
		return false;
	if (date_parse(text, out) == 0)
		return true;
	report_add(r, SEV_ERROR, y->at, "type", "write a date, as in 2026-11-22",
	    "\"%.80s\" is not a date", text);
	return false;
}

static void
active_read(struct playbook *p, const struct yaml *y, struct report *r)
{
	const struct yaml *from, *to;

	if (y == NULL || !schema_check(y, &schema_active, r))
		return;
	from = yaml_get(y, "from");
	to = yaml_get(y, "to");
	if (from == NULL && to == NULL && schema_all_known(y))
		report_add(r, SEV_ERROR, y->at, "missing",
		    "write active: { from: DATE, to: DATE }, or one of them",
		    "no bound is named");
	day_read(from, &p->active_from, r);
	if (day_read(to, &p->active_to, r) && p->active_from.year != 0 &&
	    date_days(p->active_to) < date_days(p->active_from))
		report_add(
		    r, SEV_ERROR, to->at, "range", "", "it is over before it begins");
}

/* ---- quota: { by, shares } ---- */

static void
by_read(struct reading *rd, const struct yaml *y, struct quota *q)
{
	const char *text;
	char *path;

	if (y == NULL) {
		report_add(rd->report, SEV_ERROR, q->at, "missing",
		    "write by: NAME, an attribute of the customer",
		    "the quota does not say by what");
		return;
	}
	if (!yaml_str(y, &text, rd->report))
		return;
	/* A word alone is an attribute of the customer. */
	path =
	    g_strdup_printf("%s%s", strchr(text, '.') == NULL ? "customer." : "", text);
	q->by = liquid_condition(
	    rd->arena, arena_strdup(rd->arena, path), y->text_at, rd->report);
	if (q->by != NULL && q->by->op != EXPR_PATH)
		report_add(rd->report, SEV_ERROR, y->at, "quota",
		    "write an attribute, as in priority", "\"%.80s\" is not a path",
		    text);
	else if (q->by != NULL)
		path_check(path, y->text_at, PATH_CONDITION, rd->report);
	g_free(path);
}

static void
shares_read(struct reading *rd, const struct yaml *y, struct quota *q)
{
	struct report *r = rd->report;
	int i, sum = 0, share;

	if (y == NULL || y->kind != YAML_MAP || y->n == 0) {
		report_add(r, SEV_ERROR, y == NULL ? q->at : y->at, "missing",
		    "write shares: { A: 70%, B: 30% }", "the quota names no shares");
		return;
	}
	q->n = y->n;
	q->shares = arena_array(rd->arena, struct quota_share, y->n);
	for (i = 0; i < y->n; i++) {
		((struct yaml *)y)->read[i] = true;
		q->shares[i].name = y->keys[i]->text;
		share = 0;
		share_read(y->items[i], 100, &share, r);
		q->shares[i].from = sum;
		q->shares[i].to = sum += share;
	}
	if (sum > WHOLE)
		report_add(r, SEV_ERROR, y->at, "quota",
		    "lower them, together at most 100%", "the shares add up to %g%%",
		    sum / 100.0);
}

static void
quota_read(struct reading *rd, const struct yaml *y)
{
	struct playbook *p = rd->playbook;
	struct quota *q = &p->start.quota;

	if (y == NULL || !schema_check(y, &schema_quota, rd->report))
		return;
	q->at = y->at;
	by_read(rd, yaml_get(y, "by"), q);
	shares_read(rd, yaml_get(y, "shares"), q);
	if (p->start.limit == 0)
		report_add(rd->report, SEV_ERROR, y->at, "quota",
		    "write limit: in start:, as in limit: 500/day",
		    "a quota divides a limit of entries, and there is none");
	else if (p->start.limit_per_day && p->start.kind != START_WHEN &&
		 p->start.kind != START_ON)
		/* Whose share is full today would be passed over for good. */
		report_add(rd->report, SEV_ERROR, p->start.limit_at, "quota",
		    "write a limit for the whole, as in limit: 500",
		    "a quota divides a daily limit only with when: and on:");
}

/* ---- stores: that they are known is asked of the whole set ---- */

static void
stores_of_read(struct reading *rd, const struct yaml *y)
{
	struct playbook *p = rd->playbook;

	if (y == NULL || !yaml_strings(rd->arena, y, &p->stores, &p->n_stores, rd->report))
		return;
	p->stores_at = arena_array(rd->arena, struct pos, MAX(1, p->n_stores));
	for (int i = 0; i < p->n_stores; i++)
		p->stores_at[i] = y->kind == YAML_LIST ? y->items[i]->at : y->at;
	if (p->n_stores == 0)
		report_add(rd->report, SEV_ERROR, y->at, "missing",
		    "write stores: [ID], or leave the key out for every store",
		    "no store is named");
}

void
campaign_read(struct reading *rd, const struct yaml *root)
{
	active_read(rd->playbook, yaml_get(root, "active"), rd->report);
	quota_read(rd, yaml_get(root, "quota"));
	stores_of_read(rd, yaml_get(root, "stores"));
}
