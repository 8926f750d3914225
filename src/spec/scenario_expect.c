/* scenario_expect.c - how a scenario must end: the timeline, the sums, the customers. */
#include <string.h>

#include "core/message.h"
#include "core/reason.h"
#include "core/run.h"
#include "core/words.h"
#include "scenario_read.h"
#include "spec/schema.h"

/* ---- facts ---- */

static bool
is_a_channel(const char *word)
{
	return channel_find(word) >= 0;
}

static bool
is_a_reason(const char *word)
{
	return reason_find(word) > 0;
}

static bool
is_a_state(const char *word)
{
	return fsm_find(&message_fsm, word) >= 0;
}

static bool
is_a_run_state(const char *word)
{
	return fsm_find(&run_fsm, word) >= 0;
}

/* Members whose values come from a closed list. */
static const struct {
	const struct schema *schema;
	const char *name;
	bool (*is)(const char *word);
	const char *hint;
} closed[] = {
	{ &schema_scenario_row, "channel", is_a_channel,
	    "`reachd help channels` lists them" },
	{ &schema_scenario_row, "reason", is_a_reason,
	    "`reachd help reasons` lists them" },
	{ &schema_scenario_row, "state", is_a_state, "`reachd help states` lists them" },
	{ &schema_scenario_run, "state", is_a_run_state,
	    "`reachd help states` lists them" },
	{ &schema_scenario_customer, "opted_out", is_a_channel,
	    "`reachd help channels` lists them" },
};

static void
check_words(struct scenario_reading *rd, const struct yaml *map, const struct yaml *y,
    const struct scenario_fact *f)
{
	for (size_t i = 0; i < G_N_ELEMENTS(closed); i++) {
		if (map->schema != closed[i].schema ||
		    strcmp(f->name, closed[i].name) != 0)
			continue;
		for (int k = 0; f->values[k] != NULL; k++)
			if (!closed[i].is(f->values[k]))
				report_add(rd->report, SEV_ERROR,
				    y->kind == YAML_LIST ? y->items[k]->at : y->at,
				    "word", closed[i].hint, "there is no %s \"%.40s\"",
				    f->name, f->values[k]);
	}
}

/* All members of a mapping but those in `others`. */
static void
facts_read(struct scenario_reading *rd, const struct yaml *y, const char *const *others,
    struct scenario_facts *out)
{
	int n;

	out->at = y->at;
	out->facts = arena_array(rd->arena, struct scenario_fact, y->n);
	for (int i = 0; i < y->n; i++) {
		const char *name = y->keys[i]->text;
		const struct yaml *v;
		struct scenario_fact *f = &out->facts[out->n];

		if (g_strv_contains(others, name))
			continue;
		v = yaml_get(y, name);
		f->name = name;
		f->at = v->at;
		if (!yaml_strings(rd->arena, v, &f->values, &n, rd->report))
			continue;
		if (n == 0 && strcmp(name, "opted_out") != 0 && strcmp(name, "tasks") != 0)
			report_add(rd->report, SEV_ERROR, v->at, "type", "",
			    "the list is empty");
		check_words(rd, y, v, f);
		out->n++;
	}
}

/* ---- the timeline ---- */

static void
row_read(struct scenario_reading *rd, const struct yaml *y, struct scenario_row *row)
{
	static const char *const others[] = { "at", "day", "not", NULL };

	if (!schema_check(y, &schema_scenario_row, rd->report))
		return;
	scenario_when_time(rd, y, true, &row->when);
	yaml_bool(yaml_get(y, "not"), &row->not, rd->report);
	facts_read(rd, y, others, &row->is);
	row->nonmessage = yaml_get(y, "reason") != NULL;
	if (!row->not &&row->when.at.file == NULL && yaml_get(y, "at") == NULL &&
	    yaml_get(y, "day") == NULL)
		report_add(rd->report, SEV_ERROR, y->at, "missing",
		    "write at: day 4 10:00, or day: 4", "it is not said when this comes");
}

static void
timeline_read(struct scenario_reading *rd, const struct yaml *y)
{
	struct scenario *s = rd->scenario;

	if (y->kind != YAML_LIST) {
		report_add(rd->report, SEV_ERROR, y->at, "type",
		    "begin each with \"- \"; [] is: nothing comes",
		    "the timeline is a list");
		return;
	}
	s->has_timeline = true;
	s->rows = arena_array(rd->arena, struct scenario_row, y->n);
	for (int i = 0; i < y->n; i++)
		row_read(rd, y->items[i], &s->rows[s->n_rows++]);
}

static void
only_read(struct scenario_reading *rd, const struct yaml *y)
{
	struct scenario *s = rd->scenario;
	int n;

	if (!schema_check(y, &schema_scenario_only, rd->report))
		return;
	yaml_strings(
	    rd->arena, yaml_get(y, "customer"), &s->only_customers, &n, rd->report);
	yaml_strings(
	    rd->arena, yaml_get(y, "playbook"), &s->only_playbooks, &n, rd->report);
}

/* ---- the end ---- */

static void
runs_read(struct scenario_reading *rd, const struct yaml *y, struct scenario_customer *c)
{
	static const char *const others[] = { NULL };

	c->has_runs = true;
	if (y->kind != YAML_LIST) {
		report_add(rd->report, SEV_ERROR, y->at, "type",
		    "begin each with \"- \"; [] is: none", "\"runs\" is a list");
		return;
	}
	c->runs = arena_array(rd->arena, struct scenario_facts, y->n);
	for (int i = 0; i < y->n; i++)
		if (schema_check(y->items[i], &schema_scenario_run, rd->report))
			facts_read(rd, y->items[i], others, &c->runs[c->n_runs++]);
}

static void
customers_read(struct scenario_reading *rd, const struct yaml *y)
{
	static const char *const others[] = { "id", "runs", NULL };
	struct scenario *s = rd->scenario;

	if (y->kind != YAML_LIST) {
		report_add(rd->report, SEV_ERROR, y->at, "type", "begin each with \"- \"",
		    "\"customers\" is a list");
		return;
	}
	s->customers = arena_array(rd->arena, struct scenario_customer, y->n);
	for (int i = 0; i < y->n; i++) {
		const struct yaml *one = y->items[i], *runs = yaml_get(one, "runs");
		struct scenario_customer *c = &s->customers[s->n_customers];

		if (!schema_check(one, &schema_scenario_customer, rd->report))
			continue;
		if (yaml_get(one, "id") == NULL)
			schema_missing(one, "id", "", rd->report);
		if (!yaml_str(yaml_get(one, "id"), &c->id, rd->report))
			continue;
		facts_read(rd, one, others, &c->is);
		if (runs != NULL)
			runs_read(rd, runs, c);
		s->n_customers++;
	}
}

static void
balance_read(struct scenario_reading *rd, const struct yaml *y)
{
	static const char *const others[] = { "runs", NULL };
	struct scenario *s = rd->scenario;
	const struct yaml *runs = yaml_get(y, "runs");

	if (!schema_check(y, &schema_scenario_balance, rd->report))
		return;
	facts_read(rd, y, others, &s->balance);
	if (runs != NULL && schema_check(runs, &schema_scenario_balance_runs, rd->report))
		facts_read(rd, runs, others, &s->balance_runs);
}

void
scenario_expect_read(struct scenario_reading *rd, const struct yaml *y)
{
	struct scenario *s = rd->scenario;
	const struct yaml *v;
	int n;

	/* A list alone is the timeline. */
	if (y->kind == YAML_LIST) {
		timeline_read(rd, y);
		return;
	}
	if (!schema_check(y, &schema_scenario_expect, rd->report))
		return;
	if (y->n == 0)
		report_add(rd->report, SEV_ERROR, y->at, "missing",
		    "write timeline: [] if nothing may come", "nothing is expected");
	if ((v = yaml_get(y, "timeline")) != NULL)
		timeline_read(rd, v);
	if ((v = yaml_get(y, "only")) != NULL)
		only_read(rd, v);
	if ((v = yaml_get(y, "balance")) != NULL)
		balance_read(rd, v);
	if ((v = yaml_get(y, "customers")) != NULL)
		customers_read(rd, v);
	if ((v = yaml_get(y, "alarms")) != NULL) {
		s->alarms_at = v->at;
		yaml_strings(rd->arena, v, &s->alarms, &n, rd->report);
	}
}
