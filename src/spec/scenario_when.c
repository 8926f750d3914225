/* scenario_when.c - what happens in a scenario, one verb each. */
#include <string.h>

#include <jansson.h>

#include "core/words.h"
#include "scenario_read.h"
#include "spec/schema.h"

#define MORNING (10 * 60) /* of a day without a time */

static const char *const receipt_words[] = { "sent", "delivered", "failed", "open",
	NULL };
static const char *const gateway_words[] = { "takes", "refuses_address", "refuses",
	"throttles", "silent", NULL };

/* ---- data of events ---- */

/* A word without quotes may be a number, true or false. */
static json_t *
scalar_json(const struct yaml *y)
{
	json_t *j = y->quoted || y->block
			? NULL
			: json_loadb(y->text, y->len, JSON_DECODE_ANY, NULL);

	if (j != NULL && !json_is_string(j))
		return j;
	json_decref(j);
	return json_stringn(y->text, y->len);
}

static json_t *
data_json(const struct yaml *y)
{
	json_t *j;

	if (y->kind == YAML_SCALAR)
		return scalar_json(y);
	j = y->kind == YAML_LIST ? json_array() : json_object();
	for (int i = 0; i < y->n; i++) {
		if (y->kind == YAML_LIST)
			json_array_append_new(j, data_json(y->items[i]));
		else
			json_object_set_new(j, y->keys[i]->text,
			    data_json(yaml_get(y, y->keys[i]->text)));
	}
	return j;
}

static const char *
data_read(struct scenario_reading *rd, const struct yaml *y)
{
	json_t *j;
	char *text;
	const char *kept;

	if (y->kind != YAML_MAP) {
		report_add(rd->report, SEV_ERROR, y->at, "type", "write { amount: 1280 }",
		    "data is a mapping");
		return "{}";
	}
	j = data_json(y);
	text = json_dumps(j, JSON_COMPACT);
	kept = arena_strdup(rd->arena, text);
	free(text);
	json_decref(j);
	return kept;
}

/* ---- verbs ---- */

static void
want(struct scenario_reading *rd, const struct yaml *y, const char *key, const char **out)
{
	const struct yaml *v = yaml_get(y, key);

	if (v == NULL)
		schema_missing(y, key, "", rd->report);
	else
		yaml_str(v, out, rd->report);
}

static void
event_read_one(
    struct scenario_reading *rd, const struct yaml *y, struct scenario_act *act)
{
	const struct yaml *data = yaml_get(y, "data");

	want(rd, y, "type", &act->type);
	want(rd, y, "customer", &act->customer);
	yaml_str(yaml_get(y, "id"), &act->id, rd->report);
	yaml_str(yaml_get(y, "vehicle"), &act->vehicle, rd->report);
	yaml_bool(yaml_get(y, "historic"), &act->historic, rd->report);
	yaml_bool(yaml_get(y, "parked"), &act->parked, rd->report);
	act->data = data == NULL ? "{}" : data_read(rd, data);
}

static void
channel_read(struct scenario_reading *rd, const struct yaml *y, struct scenario_act *act)
{
	yaml_enum(yaml_get(y, "channel"), channel_names, &act->channel, rd->report);
}

static void
reply_read(struct scenario_reading *rd, const struct yaml *y, struct scenario_act *act)
{
	want(rd, y, "customer", &act->customer);
	want(rd, y, "text", &act->text);
	channel_read(rd, y, act);
}

static void
message_read(struct scenario_reading *rd, const struct yaml *y, struct scenario_act *act)
{
	want(rd, y, "customer", &act->customer);
	yaml_str(yaml_get(y, "step"), &act->step, rd->report);
	channel_read(rd, y, act);
}

static void
receipt_read(struct scenario_reading *rd, const struct yaml *y, struct scenario_act *act)
{
	message_read(rd, y, act);
	if (yaml_get(y, "kind") == NULL)
		schema_missing(y, "kind", "write kind: delivered, or sent, failed, open",
		    rd->report);
	yaml_enum(yaml_get(y, "kind"), receipt_words, &act->kind, rd->report);
	yaml_str(yaml_get(y, "code"), &act->code, rd->report);
}

static void
click_read(struct scenario_reading *rd, const struct yaml *y, struct scenario_act *act)
{
	int64_t n = 1;

	message_read(rd, y, act);
	yaml_int(yaml_get(y, "link"), 1, 100, &n, rd->report);
	act->link = (int)n;
}

static void
task_read(struct scenario_reading *rd, const struct yaml *y, struct scenario_act *act)
{
	want(rd, y, "customer", &act->customer);
	yaml_str(yaml_get(y, "kind"), &act->type, rd->report);
	yaml_str(yaml_get(y, "outcome"), &act->outcome, rd->report);
	yaml_str(yaml_get(y, "cause"), &act->cause, rd->report);
	yaml_str(yaml_get(y, "observed"), &act->observed, rd->report);
}

static void
import_read(struct scenario_reading *rd, const struct yaml *y, struct scenario_act *act)
{
	int n = 0;

	scenario_tables_read(rd, y, &act->table, &n);
	if (n != 1)
		report_add(rd->report, SEV_ERROR, y->at, "type",
		    "write one import for each", "one table is imported at a time");
	act->table = n == 1 ? act->table : NULL;
}

static void
reload_read(struct scenario_reading *rd, const struct yaml *y, struct scenario_act *act)
{
	act->set = arena_new_of(rd->arena, struct scenario_set);
	*act->set = rd->scenario->set;
	if (y->kind == YAML_SCALAR) {
		if (yaml_str(y, &act->set->config, rd->report))
			act->set->config = scenario_path(rd, act->set->config);
		act->set->templates = NULL;
	} else if (schema_check(y, &schema_scenario_reload, rd->report)) {
		scenario_set_read(rd, y, act->set);
		yaml_bool(yaml_get(y, "refused"), &act->refused, rd->report);
	}
}

static void
gateway_read(struct scenario_reading *rd, const struct yaml *y, struct scenario_act *act)
{
	yaml_enum(y, gateway_words, &act->kind, rd->report);
}

static void
days_read(struct scenario_reading *rd, const struct yaml *y, struct scenario_act *act)
{
	int64_t n;

	if (yaml_int(y, 1, 4000, &n, rd->report))
		act->days = (int)n;
}

static const char *const verb_names[] = { "event", "reply", "receipt", "click",
	"unsubscribe", "task", "import", "reload", "gateway", "days", NULL };

static const struct {
	const struct schema *schema; /* NULL: not a mapping, or one of its own */
	void (*read)(
	    struct scenario_reading *, const struct yaml *, struct scenario_act *);
} verbs[SCENARIO_VERBS] = {
	[SCENARIO_EVENT] = { &schema_scenario_event, event_read_one },
	[SCENARIO_REPLY] = { &schema_scenario_reply, reply_read },
	[SCENARIO_RECEIPT] = { &schema_scenario_receipt, receipt_read },
	[SCENARIO_CLICK] = { &schema_scenario_click, click_read },
	[SCENARIO_UNSUBSCRIBE] = { &schema_scenario_unsubscribe, message_read },
	[SCENARIO_TASK] = { &schema_scenario_task, task_read },
	[SCENARIO_IMPORT] = { NULL, import_read },
	[SCENARIO_RELOAD] = { NULL, reload_read },
	[SCENARIO_GATEWAY] = { NULL, gateway_read },
	[SCENARIO_DAYS] = { NULL, days_read },
};

/* ---- one thing that happens ---- */

static int
verb_of(struct scenario_reading *rd, const struct yaml *y)
{
	int verb = -1, n = 0;

	for (int i = 0; verb_names[i] != NULL; i++)
		if (yaml_get(y, verb_names[i]) != NULL) {
			verb = i;
			n++;
		}
	if (n == 1)
		return verb;
	if (n > 1 || schema_all_known(y))
		report_add(rd->report, SEV_ERROR, y->at, "step",
		    "write one of event, reply, receipt, click, unsubscribe, task, "
		    "import, reload, "
		    "gateway, days",
		    n > 1 ? "one thing happens at a time" : "nothing happens here");
	return -1;
}

/* day: 3 */
static bool
day_read(struct scenario_reading *rd, const struct yaml *y, struct scenario_time *out)
{
	int64_t n;

	if (!yaml_int(y, 1, 4000, &n, rd->report))
		return false;
	*out = (struct scenario_time){ .at = y->at,
		.day = rd->scenario->first_day + n - 1,
		.minute = -1,
		.minute_to = -1 };
	return true;
}

bool
scenario_when_time(struct scenario_reading *rd, const struct yaml *y, bool span,
    struct scenario_time *out)
{
	const struct yaml *at = yaml_get(y, "at"), *day = yaml_get(y, "day");

	if (at != NULL && day != NULL)
		report_add(rd->report, SEV_ERROR, yaml_key_at(y, "day"), "timing",
		    "keep one of them", "it has one time: \"at\" or \"day\"");
	if (at != NULL)
		return scenario_time_read(rd, at, span, out);
	return day != NULL && day_read(rd, day, out);
}

/* Things are told in the order in which they happen. */
static void
check_order(struct scenario_reading *rd, const struct scenario_act *act)
{
	const struct scenario *s = rd->scenario;
	const struct scenario_act *before = NULL;

	if (act->when.day < s->first_day ||
	    (act->when.day == s->first_day && act->when.minute < s->from_minute)) {
		report_add(rd->report, SEV_ERROR, act->when.at, "timing", "",
		    "this is before the scenario begins");
		return;
	}
	for (int i = 0; i < s->n_acts; i++)
		if (s->acts[i].verb != SCENARIO_DAYS)
			before = &s->acts[i];
	if (before != NULL && (before->when.day > act->when.day ||
				  (before->when.day == act->when.day &&
				      before->when.minute > act->when.minute)))
		report_add(rd->report, SEV_ERROR, act->when.at, "timing",
		    "put things in the order in which they happen",
		    "this is earlier than line %d", before->at.line);
}

static void
act_read(struct scenario_reading *rd, const struct yaml *y, struct scenario_act *act)
{
	const struct yaml *body;
	bool timed;
	int verb;

	*act = (struct scenario_act){ .at = y->at,
		.channel = -1,
		.customer = "",
		.type = "",
		.id = "",
		.vehicle = "",
		.data = "{}",
		.text = "",
		.step = "",
		.code = "",
		.outcome = "",
		.cause = "",
		.observed = "" };
	act->verb = SCENARIO_DAYS;
	if (!schema_check(y, &schema_scenario_when, rd->report) ||
	    (verb = verb_of(rd, y)) < 0)
		return;
	act->verb = (enum scenario_verb)verb;
	timed = scenario_when_time(rd, y, false, &act->when);
	if (act->when.minute < 0)
		act->when.minute = MORNING;
	if (timed && act->verb != SCENARIO_DAYS)
		check_order(rd, act);
	else if (act->verb != SCENARIO_DAYS && yaml_get(y, "at") == NULL &&
		 yaml_get(y, "day") == NULL)
		report_add(rd->report, SEV_ERROR, y->at, "missing",
		    "write at: day 3 10:30, or day: 3",
		    "it is not said when this happens");
	body = yaml_get(y, verb_names[verb]);
	if (verbs[verb].schema == NULL ||
	    schema_check(body, verbs[verb].schema, rd->report))
		verbs[verb].read(rd, body, act);
}

void
scenario_when_read(struct scenario_reading *rd, const struct yaml *y)
{
	struct scenario *s = rd->scenario;

	if (y->kind != YAML_LIST) {
		report_add(rd->report, SEV_ERROR, y->at, "type", "begin each with \"- \"",
		    "\"when\" is a list");
		return;
	}
	s->acts = arena_array(rd->arena, struct scenario_act, y->n);
	for (int i = 0; i < y->n; i++) {
		act_read(rd, y->items[i], &s->acts[i]);
		s->n_acts++;
	}
}
