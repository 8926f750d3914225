/* signal_stage.c - signals of the stage: its age, the signs that count, the values. */
#include <math.h>

#include "signal_read.h"

/* Signs and values are conditions that may ask for signals, these among them. */
#define DEPTH_MAX 3

struct value
read_days_in_stage(struct view *v)
{
	if (v->p->stage_at == 0)
		return VALUE_NONE;
	return value_int((v->now - v->p->stage_at) / MS_DAY);
}

int
next_days_in_stage_next(struct view *v, double than)
{
	if (v->p->stage_at == 0)
		return DAY_NEVER;
	return next_count(
	    v, v->today - (double)((v->now - v->p->stage_at) / MS_DAY), than);
}

/* ---- signs ---- */

static int
raised(const struct view *v, const struct sign *s)
{
	for (int i = 0; i < v->p->n_marks; i++)
		if (v->p->mark[i].key == s->key)
			return v->p->mark[i].day;
	return 0;
}

static bool
counts(struct view *v, const struct sign *s)
{
	int day;

	if (s->moment.on == NULL)
		return s->moment.when == NULL || cond_true(s->moment.when, v->scope);
	day = raised(v, s);
	return day != 0 && day > v->today - v->lc->window;
}

int
signal_signs(struct view *v, unsigned of, const char **out, int max)
{
	int n = 0;

	if (v->depth >= DEPTH_MAX)
		return 0;
	v->depth++;
	for (int i = 0; i < v->lc->n_signs; i++) {
		const struct sign *s = &v->lc->signs[i];

		if (!(s->of & of) || !counts(v, s))
			continue;
		if (out != NULL && n < max)
			out[n] = s->id;
		n++;
	}
	v->depth--;
	return n;
}

struct value
read_doubting_signs(struct view *v)
{
	return value_int(signal_signs(v, BIT(STAGE_DOUBTING), NULL, 0));
}

struct value
read_trying_signs(struct view *v)
{
	return value_int(signal_signs(v, BIT(STAGE_TRYING), NULL, 0));
}

int
next_signs_next(struct view *v, double than)
{
	int next = DAY_NEVER;

	(void)than;
	if (v->depth >= DEPTH_MAX)
		return v->today + 1;
	v->depth++;
	for (int i = 0; i < v->lc->n_signs; i++) {
		const struct sign *s = &v->lc->signs[i];
		int day = DAY_NEVER;

		if (s->moment.on != NULL)
			day = counts(v, s) ? raised(v, s) + v->lc->window : DAY_NEVER;
		else if (s->moment.when != NULL)
			day = counts(v, s) ? foresee_false(v, s->moment.when)
					   : foresee_true(v, s->moment.when);
		next = day > v->today && day < next ? day : next;
	}
	v->depth--;
	return next;
}

/* ---- values ---- */

#define VALUE(name, fn)                          \
	struct value read_##name(struct view *v) \
	{                                        \
		struct value out = VALUE_NONE;   \
                                                 \
		if (v->depth < DEPTH_MAX) {      \
			v->depth++;              \
			out = fn;                \
			v->depth--;              \
		}                                \
		return out;                      \
	}
VALUE(clv, value_float(score_clv(v)))
VALUE(success_rate, value_float(score_success(v)))
VALUE(potential, value_float(score_potential(v)))
VALUE(value_score, value_float(score_clv(v) * score_success(v) * score_potential(v)))
VALUE(priority, value_str(score_priority(v)))

/* Made of anything: looked at every day by who asks for it. */
int
next_any_next(struct view *v, double than)
{
	(void)than;
	return v->today + 1;
}
