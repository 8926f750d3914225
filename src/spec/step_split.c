/* step_split.c - split: the arms of an A/B test, and how its winner is decided. */
#include <math.h>
#include <string.h>

#include "flow.h"
#include "spec/schema.h"
#include "step.h"

#define WEIGHT_MAX 10000
#define MIN_DEFAULT 200
#define SENDS_MAX 10
#define SENDS_ALL (ARMS_MAX * SENDS_MAX)

static const char *const otherwise_names[] = { "best", "stop", NULL };

/* The arm's candidates go behind those of the arms before it. */
static void
arm_read(struct reading *rd, const struct yaml *key, const struct yaml *y, struct step *s,
    struct split_arm *arm)
{
	struct step one = { .n_sends = 0 };
	int64_t weight = 1;

	arm->name = "";
	arm->at = key->at;
	arm->weight = 1;
	arm->first = s->n_sends;
	if (word_read(key, "an arm", false, &arm->name, rd->report) &&
	    g_strv_contains(otherwise_names, arm->name))
		report_add(rd->report, SEV_ERROR, key->at, "reserved",
		    "choose another name",
		    "\"%s\" has a meaning of its own in else:", arm->name);
	if (!schema_check(y, &schema_arm, rd->report))
		return;
	if (yaml_int(yaml_get(y, "weight"), 1, WEIGHT_MAX, &weight, rd->report))
		arm->weight = (int)weight;
	if (yaml_get(y, "send") == NULL) {
		schema_missing(y, "send", "write send: TEMPLATE, or a list", rd->report);
		return;
	}
	step_send_read(rd, y, yaml_get(y, "send"), &one);
	arm->n = one.n_sends;
	for (int i = 0; i < one.n_sends; i++, s->n_sends++) {
		s->sends[s->n_sends] = one.sends[i];
		s->sends_at[s->n_sends] = one.sends_at[i];
	}
}

static void
arms_read(struct reading *rd, const struct yaml *y, struct step *s, struct experiment *x)
{
	if (y == NULL || y->kind != YAML_MAP || y->n < 2 || y->n > ARMS_MAX) {
		report_add(rd->report, SEV_ERROR, y == NULL ? x->at : y->at, "type",
		    "write arms: { NAME: { weight: 50, send: TEMPLATE }, ... }",
		    "a split needs 2 to %d arms", ARMS_MAX);
		return;
	}
	x->arms = arena_array(rd->arena, struct split_arm, y->n);
	s->sends = arena_array(rd->arena, const char *, SENDS_ALL);
	s->sends_at = arena_array(rd->arena, struct pos, SENDS_ALL);
	s->templates = arena_array(rd->arena, const struct template *, SENDS_ALL);
	for (int i = 0; i < y->n; i++) {
		y->read[i] = true;
		arm_read(rd, y->keys[i], y->items[i], s, &x->arms[i]);
		x->n_arms++;
	}
}

/* What makes it the same experiment: a change of it draws everybody anew. */
static void
version_of(const struct step *s, struct experiment *x)
{
	GString *text = g_string_new(x->name);
	char *hex;

	for (int i = 0; i < x->n_arms; i++) {
		const struct split_arm *a = &x->arms[i];

		g_string_append_printf(text, "\n%s=%d", a->name, a->weight);
		for (int k = 0; k < a->n; k++)
			g_string_append_printf(text, " %s", s->sends[a->first + k]);
	}
	hex = g_compute_checksum_for_string(
	    G_CHECKSUM_SHA256, text->str, (gssize)text->len);
	g_strlcpy(x->version, hex, sizeof(x->version));
	g_free(hex);
	g_string_free(text, TRUE);
}

/* ---- the decision ---- */

static void
otherwise_read(const struct yaml *y, struct experiment *x, struct report *r)
{
	const char *names[ARMS_MAX + 3] = { NULL };
	const char *name, *near;
	char *hint;

	if (!yaml_str(y, &name, r))
		return;
	if (strcmp(name, "best") == 0 || strcmp(name, "stop") == 0) {
		x->decide.otherwise = *name == 'b' ? ARM_BEST : ARM_STOP;
		return;
	}
	x->decide.otherwise = experiment_arm_named(x, name);
	if (x->decide.otherwise >= 0)
		return;
	x->decide.otherwise = 0;
	for (int i = 0; i < x->n_arms; i++)
		names[i] = x->arms[i].name;
	names[x->n_arms] = "best";
	names[x->n_arms + 1] = "stop";
	near = report_nearest(name, names);
	hint = near == NULL ? g_strdup("name an arm, best or stop")
			    : g_strdup_printf("did you mean \"%s\"?", near);
	report_add(
	    r, SEV_ERROR, y->at, "no-arm", hint, "there is no arm \"%.80s\"", name);
	g_free(hint);
}

static bool
part_read(const struct yaml *map, const char *key, double *out, struct report *r)
{
	int per_10000;

	if (!share_read(yaml_get(map, key), 99.99, &per_10000, r))
		return false;
	*out = per_10000 / 10000.0;
	return true;
}

/* Can what is asked for be seen with `min` people an arm? */
static void
check_rise(const struct decide_rule *d, struct report *r)
{
	double needed;

	if (d->rise <= 0)
		return;
	if (d->usual <= 0 || d->usual + d->rise >= 1) {
		report_add(r, SEV_ERROR, d->rise_at, "range",
		    "write usual: 10%, the share that is reached without a change",
		    "a rise is told from the usual share, and ends below 100%%");
		return;
	}
	needed =
	    ceil(stats_needed(d->usual, d->usual + d->rise, d->confidence, STATS_POWER));
	if (needed > d->min)
		report_add(r, SEV_WARNING, d->at, "power",
		    "raise min:, or take what comes out as a direction only",
		    "direction only: to tell %g%% from %g%% an arm needs %.0f people, "
		    "min is %d",
		    d->usual * 100, (d->usual + d->rise) * 100, needed, d->min);
}

static void
decide_read(const struct yaml *y, struct experiment *x, struct report *r)
{
	struct decide_rule *d = &x->decide;
	const struct yaml *at;
	int64_t min;
	int word;

	*d = (struct decide_rule){
		.after = 7 * MS_DAY, .min = MIN_DEFAULT, .confidence = 0.95
	};
	if (y == NULL || !schema_check(y, &schema_decide, r))
		return;
	d->given = true;
	d->at = y->at;
	at = yaml_get(y, "at");
	if (yaml_enum(yaml_get(y, "metric"), metric_names, &word, r))
		d->metric = (enum metric)word;
	if (yaml_duration(at, &d->after, r) && d->after < 7 * MS_DAY)
		report_add(r, SEV_WARNING, at->at, "week", "write at: 7d, or more",
		    "people differ by the day: a test should run at least one full week");
	if (yaml_int(yaml_get(y, "min"), 1, 10000000, &min, r))
		d->min = (int)min;
	if (part_read(y, "confidence", &d->confidence, r) && d->confidence < 0.8) {
		report_add(r, SEV_ERROR, yaml_get(y, "confidence")->at, "range",
		    "write confidence: 95%", "a confidence is from 80%% to 99.99%%");
		d->confidence = 0.95;
	}
	otherwise_read(yaml_get(y, "else"), x, r);
	part_read(y, "usual", &d->usual, r);
	if (part_read(y, "rise", &d->rise, r))
		d->rise_at = yaml_get(y, "rise")->at;
	check_rise(d, r);
}

void
step_split_read(
    struct reading *rd, const struct yaml *map, const struct yaml *y, struct step *s)
{
	struct experiment *x = arena_new_of(rd->arena, struct experiment);

	(void)map;
	s->split = x;
	x->name = s->id;
	x->at = y->at;
	if (!schema_check(y, &schema_split, rd->report))
		return;
	if (yaml_get(y, "name") != NULL)
		word_read(
		    yaml_get(y, "name"), "an experiment", false, &x->name, rd->report);
	arms_read(rd, yaml_get(y, "arms"), s, x);
	version_of(s, x);
	decide_read(yaml_get(y, "decide"), x, rd->report);
}

void
step_split_leads(const struct step *s, struct leads *l)
{
	leads_add(l, STEP_NEXT, 0);
	if (s->split->decide.given && s->split->decide.otherwise == ARM_STOP)
		leads_add(l, STEP_END, 0);
}

void
split_check(const struct playbook *p, struct report *r)
{
	for (int i = 0; i < p->n_steps; i++) {
		const struct experiment *x = p->steps[i].split;

		if (x == NULL || !x->decide.given || x->decide.metric != METRIC_GOAL ||
		    p->goal.on != NULL)
			continue;
		report_add(r, SEV_ERROR, x->decide.at, "goal",
		    "write goal: in the playbook, or metric: click",
		    "step \"%s\" is decided by the goal, and the playbook has none",
		    p->steps[i].id);
	}
}
