/* schema.h - every key people may write, by the mapping it belongs to, with one line of
 * help.
 *
 * One table for the check ("did you mean"), the printed reference and the test
 * that every key has a reader. */
#ifndef SPEC_SCHEMA_H
#define SPEC_SCHEMA_H

#include <stdbool.h>
#include <stdio.h>

#include <glib.h>

#include "spec/yaml.h"

struct schema_key {
	const char *name;
	const char *help; /* NULL: known, but not in this version */
};

struct schema {
	const char *name;
	const struct schema_key *keys; /* ends with a NULL name */
};

extern const struct schema schema_playbook, schema_start, schema_goal, schema_exit,
    schema_reply, schema_step, schema_split, schema_arm, schema_decide, schema_grant, schema_wait, schema_branch, schema_on_cap, schema_action,
    schema_tag, schema_event, schema_group, schema_template, schema_policy, schema_window,
    schema_tier, schema_limit, schema_push, schema_launch, schema_ramp, schema_stop_at,
    schema_budget, schema_budgets, schema_expect, schema_service, schema_keywords, schema_costs,
    schema_calendar, schema_closure, schema_offers, schema_offer, schema_config, schema_entity, schema_listen,
    schema_provider, schema_hours, schema_success, schema_refused, schema_answer,
    schema_query, schema_secret, schema_registered, schema_copy, schema_copy_rule, schema_lexicon, schema_lexicon_rule, schema_stores, schema_store, schema_store_hours;
/* schema_people.c */
extern const struct schema schema_member, schema_approvals;
/* schema_life.c */
extern const struct schema schema_lifecycle, schema_life_visits, schema_sign,
    schema_warning, schema_stage_rule, schema_word_choice, schema_rate_choice,
    schema_times_choice, schema_term, schema_overlay, schema_talk, schema_presence;
extern const struct schema schema_tasks, schema_business, schema_outcome, schema_late,
    schema_task, schema_tries;
/* schema_report.c */
extern const struct schema schema_reports, schema_report_targets, schema_report_events,
    schema_report_lifetime, schema_report_acquisition, schema_report_commission,
    schema_report_silence,
    schema_report_depth, schema_report_lines, schema_campaign, schema_campaign_cost,
    schema_campaign_worth;
/* schema_scenario.c */
extern const struct schema schema_scenario, schema_scenario_when, schema_scenario_event,
    schema_scenario_reply, schema_scenario_receipt, schema_scenario_click,
    schema_scenario_unsubscribe, schema_scenario_task, schema_scenario_reload, schema_scenario_expect,
    schema_scenario_only, schema_scenario_row, schema_scenario_balance,
    schema_scenario_balance_runs, schema_scenario_customer, schema_scenario_run;
/* journeys */
extern const struct schema schema_mark, schema_repeat, schema_repeat_send, schema_list,
    schema_active, schema_quota, schema_digest;

/* Is it a map of this kind? Adds a diag for anything else and for every key that
 * the schema does not have. False only when it is not a map at all. */
bool schema_check(const struct yaml *map, const struct schema *s, struct report *r);
/* The same, but keys it does not have are the caller's to judge. */
bool schema_check_open(const struct yaml *map, const struct schema *s, struct report *r);
bool schema_has(const struct schema *s, const char *key);
/* The keys that can be written; NULL-terminated, freed with the array. */
GPtrArray *schema_names(const struct schema *s);

/* "KEY is missing", unless the map has it misspelt: then that has been said. */
void schema_missing(
    const struct yaml *map, const char *key, const char *hint, struct report *r);
/* No key of the map is unknown: what seems to be missing is not just misspelt. */
bool schema_all_known(const struct yaml *map);

extern const struct schema *const schema_all[]; /* NULL-terminated */

/* The reference: each mapping, its keys, a line for each. */
void schema_print(FILE *out);

#endif
