/* step_repeat.c - repeat: the same touch again and again, each round with a text of its
 * own where there are several. */
#include "flow.h"
#include "spec/schema.h"
#include "step.h"

#define TIMES_MAX 60

static void
missing(const struct yaml *y, const char *key, const char *hint, struct report *r)
{
	report_add(r, SEV_ERROR, y->at, "missing", hint, "a repeat needs \"%s\"", key);
}

static void
texts_read(struct reading *rd, const struct yaml *y, struct step *s)
{
	const struct yaml *each;

	if (y->kind != YAML_MAP) {
		step_send_read(rd, NULL, y, s);
		return;
	}
	schema_check(y, &schema_repeat_send, rd->report);
	each = yaml_get(y, "each");
	s->each = true;
	if (each == NULL || each->kind != YAML_LIST)
		report_add(rd->report, SEV_ERROR, y->at, "type",
		    "write send: { each: [a, b, c] }, a template for each round",
		    "\"each\" needs a list of templates");
	else
		step_send_read(rd, NULL, each, s);
}

/* As many rounds as texts, unless fewer are wanted. */
static void
times_read(
    const struct yaml *y, const struct yaml *times, struct step *s, struct report *r)
{
	int64_t n;

	if (times == NULL && s->each) {
		s->times = s->n_sends;
		return;
	}
	if (times == NULL) {
		missing(y, "times", "write times: 4, how many rounds", r);
		return;
	}
	if (!yaml_int(times, 2, TIMES_MAX, &n, r))
		return;
	s->times = (int)n;
	if (s->each && s->n_sends > 0 && s->times > s->n_sends)
		report_add(r, SEV_ERROR, times->at, "repeat",
		    "name one more template for each round, or lower times",
		    "%d rounds, but only %d texts", s->times, s->n_sends);
}

void
step_repeat_read(
    struct reading *rd, const struct yaml *map, const struct yaml *y, struct step *s)
{
	const struct yaml *every = yaml_get(y, "every"), *send = yaml_get(y, "send");
	struct report *r = rd->report;

	if (!schema_check(y, &schema_repeat, r))
		return;
	if (s->timing.kind == TIMING_BEFORE)
		report_add(r, SEV_ERROR, yaml_key_at(map, "before"), "repeat",
		    "begin it with at: or after:",
		    "a repeat goes on past the date it would come before");
	if (every == NULL)
		missing(y, "every", "write every: 7d", r);
	else if (timing_span(every, &s->every_days, &s->every, r) && s->every > 0 &&
		 s->every < MS_HOUR)
		report_add(
		    r, SEV_ERROR, every->at, "range", "", "rounds are at least 1h apart");
	if (send == NULL)
		missing(y, "send", "write send: TEMPLATE, or send: { each: [a, b] }", r);
	else
		texts_read(rd, send, s);
	times_read(y, yaml_get(y, "times"), s, r);
}

int64_t
step_repeat_minutes(const struct step *s)
{
	return s->every_days > 0 ? (int64_t)s->every_days * DAY_MINUTES
				 : s->every / MS_MINUTE;
}

void
step_repeat_leads(const struct step *s, struct leads *l)
{
	leads_add(l, STEP_NEXT, (s->times - 1) * step_repeat_minutes(s));
}
