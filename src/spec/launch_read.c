/* launch_read.c - how campaigns are let out: the countdown and the ramp. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "read.h"
#include "spec/schema.h"

#define COUNTDOWN (10 * MS_MINUTE)
#define HOLD (2 * MS_HOUR)
#define CONFIRM 5000

static bool
is_off(const struct yaml *y)
{
	return y->kind == YAML_SCALAR && strcmp(y->text, "off") == 0;
}

/* ---- stages ---- */

static bool
stage_of(const char *text, struct ramp_stage *out)
{
	size_t n = strspn(text, "0123456789");
	char *end;
	double share;

	if (n > 0 && n <= 8 && text[n] == '\0') {
		out->count = atoi(text);
		return out->count > 0;
	}
	share = g_ascii_strtod(text, &end);
	if (n == 0 || strcmp(end, "%") != 0 || !isfinite(share) || share <= 0 ||
	    share > 100)
		return false;
	out->share = (int)lround(share * 100);
	return out->share > 0;
}

/* Counts first, then shares, each larger than the one before, up to everybody. */
static bool
follows(const struct ramp *r, struct ramp_stage next)
{
	const struct ramp_stage *last = r->n > 0 ? &r->stages[r->n - 1] : NULL;

	if (last == NULL)
		return true;
	if (next.count > 0)
		return last->count > 0 && next.count > last->count;
	return next.share > last->share;
}

static void
stages_read(const struct yaml *y, struct ramp *out, struct report *r)
{
	static const char hint[] = "write how many, then shares, as in [20, 10%, 100%]";

	if (y->kind != YAML_LIST || y->n == 0 || y->n > RAMP_STAGES_MAX) {
		report_add(r, SEV_ERROR, y->at, "type", hint,
		    "a ramp is a list of 1 to %d stages, or off", RAMP_STAGES_MAX);
		return;
	}
	for (int i = 0; i < y->n; i++) {
		struct ramp_stage s = { 0, 0 };
		const char *text;

		if (!yaml_str(y->items[i], &text, r))
			return;
		if (!stage_of(text, &s) || !follows(out, s)) {
			report_add(r, SEV_ERROR, y->items[i]->at, "ramp", hint,
			    "\"%.40s\" is not a stage larger than the one before", text);
			return;
		}
		out->stages[out->n++] = s;
	}
	if (out->stages[out->n - 1].share != 10000)
		report_add(r, SEV_ERROR, y->items[y->n - 1]->at, "ramp", "end with 100%",
		    "the last stage does not let everybody in");
}

/* ---- limits ---- */

static void
limit_read(const struct yaml *y, int *out, struct report *r)
{
	const char *text;
	char *end;
	double share;

	if (!yaml_str(y, &text, r))
		return;
	share = g_ascii_strtod(text, &end);
	if (!g_ascii_isdigit(text[0]) || strcmp(end, "%") != 0 || !isfinite(share) ||
	    share > 100)
		report_add(r, SEV_ERROR, y->at, "type", "write a share, as in 0.5%",
		    "\"%.40s\" is not a share from 0%% to 100%%", text);
	else
		*out = (int)lround(share * 100);
}

static void
stop_at_read(const struct yaml *y, struct ramp_limits *out, struct report *r)
{
	if (y == NULL || !schema_check(y, &schema_stop_at, r))
		return;
	limit_read(yaml_get(y, "complaints"), &out->complaints, r);
	limit_read(yaml_get(y, "opt_outs"), &out->opt_outs, r);
	limit_read(yaml_get(y, "errors"), &out->errors, r);
}

void
ramp_read(const struct yaml *y, struct ramp *out, struct report *r)
{
	const struct yaml *stages;

	out->stop_at = (struct ramp_limits){ RAMP_UNSAID, RAMP_UNSAID, RAMP_UNSAID };
	if (y == NULL)
		return;
	out->said = true;
	out->at = y->at;
	if (is_off(y))
		return;
	if (y->kind != YAML_MAP) {
		stages_read(y, out, r);
		return;
	}
	if (!schema_check(y, &schema_ramp, r))
		return;
	if ((stages = yaml_get(y, "stages")) == NULL)
		schema_missing(y, "stages", "write stages: [20, 10%, 100%]", r);
	else
		stages_read(stages, out, r);
	yaml_duration(yaml_get(y, "hold"), &out->hold, r);
	stop_at_read(yaml_get(y, "stop_at"), &out->stop_at, r);
}

/* ---- the policy's ---- */

static const struct ramp usual = {
	.stages = { { 20, 0 }, { 0, 1000 }, { 0, 10000 } },
	.n = 3,
	.hold = HOLD,
	.stop_at = { 50, 300, 500 },
};

static void
house_ramp_read(const struct yaml *y, struct ramp *out, struct report *r)
{
	*out = usual;
	if (y == NULL)
		return;
	out->n = 0;
	out->hold = 0;
	ramp_read(y, out, r);
	if (out->hold == 0)
		out->hold = usual.hold;
	if (out->stop_at.complaints == RAMP_UNSAID)
		out->stop_at.complaints = usual.stop_at.complaints;
	if (out->stop_at.opt_outs == RAMP_UNSAID)
		out->stop_at.opt_outs = usual.stop_at.opt_outs;
	if (out->stop_at.errors == RAMP_UNSAID)
		out->stop_at.errors = usual.stop_at.errors;
}

void
launch_read(const struct yaml *y, struct launch_rules *out, struct report *r)
{
	static const char *const tests[] = { "optional", "required", NULL };
	const struct yaml *v;
	int64_t n;
	int word;

	out->countdown = COUNTDOWN;
	out->confirm = CONFIRM;
	house_ramp_read(NULL, &out->ramp, r);
	if (y == NULL || !schema_check(y, &schema_launch, r))
		return;
	out->at = y->at;
	if ((v = yaml_get(y, "countdown")) != NULL) {
		if (is_off(v))
			out->countdown = 0;
		else
			yaml_span(v, MS_MINUTE, MS_DAY, &out->countdown, r);
	}
	house_ramp_read(yaml_get(y, "ramp"), &out->ramp, r);
	if (yaml_enum(yaml_get(y, "test_send"), tests, &word, r))
		out->test_send = word == 1;
	if ((v = yaml_get(y, "confirm")) != NULL) {
		if (is_off(v))
			out->confirm = 0;
		else if (yaml_int(v, 1, 10000000, &n, r))
			out->confirm = (int)n;
	}
}
