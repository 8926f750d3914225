#include "core/stage.h"

#include <string.h>

static bool
holds(const struct view *v, const struct moment *m)
{
	return m->when == NULL || cond_true(m->when, v->scope);
}

/* ---- sets of words ---- */

static int
word_at(const uint32_t *list, int n, uint32_t key)
{
	for (int i = 0; i < n; i++)
		if (list[i] == key)
			return i;
	return -1;
}

static void
word_add(uint32_t *list, int *n, uint32_t key)
{
	if (*n < WORDS_KEPT && word_at(list, *n, key) < 0)
		list[(*n)++] = key;
}

static void
word_drop(uint32_t *list, int *n, uint32_t key)
{
	int i = word_at(list, *n, key);

	if (i >= 0)
		list[i] = list[--*n];
}

/* ---- signs raised by events ---- */

static struct mark *
mark_of(struct profile *p, uint32_t key)
{
	for (int i = 0; i < p->n_marks; i++)
		if (p->mark[i].key == key)
			return &p->mark[i];
	return NULL;
}

/* A sign that is raised anew is newer evidence: the rules of its stages speak again. */
static void
listen_again(struct view *v, unsigned of)
{
	for (int i = 0; i < v->lc->n_rules; i++)
		if (of >> v->lc->rules[i].to & 1)
			word_drop(v->p->silent, &v->p->n_silent, v->lc->rules[i].key);
}

static void
raise(struct view *v, const struct sign *s)
{
	struct profile *p = v->p;
	struct mark *m = mark_of(p, s->key);

	if (m == NULL && p->n_marks == MARKS) {
		m = &p->mark[0]; /* the oldest gives way */
		for (int i = 1; i < MARKS; i++)
			m = p->mark[i].day < m->day ? &p->mark[i] : m;
	} else if (m == NULL) {
		m = &p->mark[p->n_marks++];
		*m = (struct mark){ 0 };
	}
	if (m->day != v->today)
		listen_again(v, s->of);
	*m = (struct mark){ s->key, v->today };
}

static bool
note_sign(struct view *v, const struct sign *s, const char *type)
{
	struct mark *m;

	if (!moment_on(&s->moment, type))
		return false;
	if (holds(v, &s->moment)) {
		raise(v, s);
		return true;
	}
	m = mark_of(v->p, s->key);
	if (m == NULL)
		return false;
	*m = v->p->mark[--v->p->n_marks];
	return true;
}

/* ---- conversations ---- */

static bool
names(const char *const *list, const char *type)
{
	for (; list != NULL && *list != NULL; list++)
		if (strcmp(*list, type) == 0)
			return true;
	return false;
}

static bool
note_talk(struct view *v, int i, const char *type)
{
	const struct talk *t = &v->lc->talks[i];
	ms_t before = v->p->talk[i];

	if (names(t->close, type) || strcmp(type, "conversation_closed") == 0)
		v->p->talk[i] = 0;
	else if (names(t->open, type) &&
		 (t->where == NULL || cond_true(t->where, v->scope)))
		v->p->talk[i] = v->now;
	return v->p->talk[i] != before;
}

const char *
stage_talk(struct view *v, ms_t *until, struct pos *at)
{
	const char *found = NULL;

	for (int i = 0; i < v->lc->n_talks; i++) {
		const struct talk *t = &v->lc->talks[i];

		if (v->p->talk[i] == 0 || v->p->talk[i] + t->hold <= v->now)
			continue;
		if (found != NULL && *until >= v->p->talk[i] + t->hold)
			continue;
		found = t->id;
		*until = v->p->talk[i] + t->hold;
		*at = t->at;
	}
	return found;
}

bool
stage_note(struct view *v, const char *type)
{
	bool changed = false;

	for (int i = 0; i < v->lc->n_signs; i++)
		changed |= note_sign(v, &v->lc->signs[i], type);
	for (int i = 0; i < v->lc->n_talks; i++)
		changed |= note_talk(v, i, type);
	return changed;
}

/* ---- rules ---- */

bool
stage_listens(const struct lifecycle *lc, const char *type)
{
	for (int i = 0; i < lc->n_rules; i++)
		if (moment_on(&lc->rules[i].moment, type))
			return true;
	for (int i = 0; i < lc->n_warnings; i++)
		if (moment_on(&lc->warnings[i].moment, type))
			return true;
	return false;
}

static bool
applies(const struct stage_rule *r, enum life_stage now)
{
	return r->from >> now & 1 && r->to != now;
}

static bool
speaks(struct view *v, const struct stage_rule *r, const char *type)
{
	bool mine = moment_on(&r->moment, type);

	if (r->moment.on != NULL && !mine)
		return false;
	if (!holds(v, &r->moment)) {
		word_drop(v->p->silent, &v->p->n_silent, r->key);
		return false;
	}
	return mine || word_at(v->p->silent, v->p->n_silent, r->key) < 0;
}

static void
give_evidence(struct view *v, const struct stage_rule *r, struct stage_change *out)
{
	int n = signal_signs(v, BIT(r->to), out->evidence, EVIDENCE_MAX);

	out->n_evidence = n < EVIDENCE_MAX ? n : EVIDENCE_MAX;
	if (n == 0)
		out->evidence[out->n_evidence++] = r->id;
}

bool
stage_judge(struct view *v, const char *type, struct stage_change *out)
{
	enum life_stage now = (enum life_stage)stage_find(v->c->stage);

	for (int i = 0; i < v->lc->n_rules; i++) {
		const struct stage_rule *r = &v->lc->rules[i];

		if (!applies(r, now) || !speaks(v, r, type))
			continue;
		*out = (struct stage_change){ .to = r->to, .rule = r };
		give_evidence(v, r, out);
		return true;
	}
	return false;
}

/* The first of a list that holds, as index of the word in names + 1. */
static int
chosen(struct view *v, const struct choice *list, int n, const char *const *names_)
{
	for (int i = 0; i < n; i++) {
		if (list[i].when != NULL && !cond_true(list[i].when, v->scope))
			continue;
		for (int k = 0; names_[k] != NULL; k++)
			if (strcmp(names_[k], list[i].is) == 0)
				return k + 1;
	}
	return 0;
}

void
stage_set(struct view *v, enum life_stage to, enum stage_by by)
{
	struct profile *p = v->p;

	p->stage = to;
	p->stage_by = by;
	p->stage_at = v->now;
	p->n_silent = 0;
	/* Back among us: what kind of absence it was is history. */
	if (to != STAGE_DORMANT && to != STAGE_LOST && to != STAGE_GIVEN_UP)
		p->dormant_type = p->lost_cause = 0;
	if (to == STAGE_DORMANT && p->dormant_type == 0)
		p->dormant_type = chosen(v, v->lc->types, v->lc->n_types, dormant_types);
	if (to == STAGE_LOST && p->lost_cause == 0)
		p->lost_cause = chosen(v, v->lc->causes, v->lc->n_causes, lost_causes);
	if (by != STAGE_BY_HAND)
		return;
	for (int i = 0; i < v->lc->n_rules; i++) {
		const struct stage_rule *r = &v->lc->rules[i];

		if (r->moment.on == NULL && applies(r, to) && holds(v, &r->moment))
			word_add(p->silent, &p->n_silent, r->key);
	}
}

/* ---- warnings ---- */

int
stage_warnings(struct view *v, const char *type, const struct warning **out, int max)
{
	struct profile *p = v->p;
	int now = stage_find(v->c->stage), n = 0;

	for (int i = 0; i < v->lc->n_warnings; i++) {
		const struct warning *w = &v->lc->warnings[i];
		bool mine = moment_on(&w->moment, type);

		if (w->moment.on != NULL && !mine)
			continue;
		if (!(w->from >> now & 1) || !holds(v, &w->moment)) {
			word_drop(p->warned, &p->n_warned, w->key);
			continue;
		}
		if (word_at(p->warned, p->n_warned, w->key) >= 0 || n == max)
			continue;
		word_add(p->warned, &p->n_warned, w->key);
		out[n++] = w;
	}
	return n;
}

/* ---- when to look again ---- */

/* The first day after today on which it is otherwise. */
static int
turns(struct view *v, const struct moment *m, int next)
{
	int day;

	if (m->on != NULL || m->when == NULL)
		return next;
	day = foresee_true(v, m->when);
	if (day <= v->today)
		day = foresee_false(v, m->when);
	return day > v->today && day < next ? day : next;
}

int
stage_next(struct view *v)
{
	int now = stage_find(v->c->stage), next = DAY_NEVER;

	for (int i = 0; i < v->lc->n_rules; i++)
		if (applies(&v->lc->rules[i], (enum life_stage)now))
			next = turns(v, &v->lc->rules[i].moment, next);
	for (int i = 0; i < v->lc->n_warnings; i++)
		if (v->lc->warnings[i].from >> now & 1)
			next = turns(v, &v->lc->warnings[i].moment, next);
	return next;
}

/* ---- the customer's place ---- */

const char *
stage_lifecycle(struct view *v)
{
	const struct profile *p = v->p;
	int visits = 0;

	for (int i = 0; i < p->n_notes; i++)
		visits += p->note[i].visits;
	if (v->c->visits > visits)
		visits = v->c->visits;
	if (visits >= v->lc->mature)
		return "mature";
	if (visits >= v->lc->growing)
		return "growing";
	return visits > 0 || p->tally[TALLY_PURCHASE].total > 0 ? "new" : "prospect";
}

const char *
stage_dormant_type(struct view *v)
{
	return v->p->dormant_type == 0 ? "" : dormant_types[v->p->dormant_type - 1];
}

const char *
stage_lost_cause(struct view *v)
{
	return v->p->lost_cause == 0 ? "" : lost_causes[v->p->lost_cause - 1];
}

const char *
stage_duration(struct view *v)
{
	int last = signal_last_day(v);
	const char *name = "";

	for (int i = 0; last != 0 && i < v->lc->n_durations; i++)
		if (v->today - last >= v->lc->durations[i].days)
			name = v->lc->durations[i].name;
	return name;
}

/* In force this month, without the overlay. */
static const char *
value_tier(struct view *v)
{
	double spend;

	if (*v->c->tier != '\0' || v->lc->n_tiers == 0)
		return v->c->tier;
	spend = (double)signal_spend_12m(v, v->month_start - 1) / 100;
	for (int i = 0; i < v->lc->n_tiers - 1; i++)
		if (spend >= v->lc->tiers[i].from)
			return v->lc->tiers[i].name;
	return v->lc->tiers[v->lc->n_tiers - 1].name;
}

static bool
lies_under(const struct view *v, const struct overlay *o, int stage)
{
	const struct tier *t = o->tier == NULL ? NULL : policy_tier(v->policy, o->tier);

	if (t == NULL || strcmp(t->name, o->tier) != 0)
		return false;
	return o->stages >> stage & 1 ||
	       (stage == STAGE_LOST && o->causes >> v->p->lost_cause & 1);
}

const char *
stage_tier(struct view *v)
{
	const char *value = value_tier(v);
	int stage = stage_find(v->c->stage);

	if (lies_under(v, &v->lc->weak_tie, stage))
		return v->lc->weak_tie.tier;
	if (v->lc->weak_tie.tier != NULL && strcmp(value, v->lc->weak_tie.tier) == 0)
		return value;
	return lies_under(v, &v->lc->at_risk, stage) ? v->lc->at_risk.tier : value;
}

/* ---- giving up ---- */

bool
stage_may_give_up(const struct lifecycle *lc, const struct scope *s)
{
	struct value customer, reason = VALUE_NONE, tags = VALUE_NONE;

	if (lc->give_up == NULL)
		return true;
	if (!scope_get(s, "customer", 8, &customer) || customer.type != VALUE_MAP)
		return false;
	value_map_get(customer.map, "give_up_reason", 14, &reason);
	value_map_get(customer.map, "tags", 4, &tags);
	for (int i = 0; lc->give_up[i] != NULL; i++)
		if (value_equal(reason, value_str(lc->give_up[i])) ||
		    value_contains(tags, value_str(lc->give_up[i])))
			return true;
	return false;
}
