/* life_rules.c - signs, warnings, rules of stages, conversations, choices. */
#include <math.h>
#include <string.h>

#include "core/profile.h"
#include "life.h"

bool
life_list(const struct yaml *y, const char *key, int max, struct report *r)
{
	if (y == NULL)
		return false;
	if (y->kind != YAML_LIST) {
		report_add(r, SEV_ERROR, y->at, "type", "begin each with \"- \"",
		    "\"%s\" is a list", key);
		return false;
	}
	if (y->n > max)
		report_add(
		    r, SEV_ERROR, y->at, "range", "", "more than %d in \"%s\"", max, key);
	return y->n <= max;
}

bool
life_share(const struct yaml *y, double *out, struct report *r)
{
	const char *text;
	char *end;
	double n;

	if (!yaml_str(y, &text, r))
		return false;
	n = g_ascii_strtod(text, &end);
	if (!g_ascii_isdigit(text[0]) || strcmp(end, "%") != 0 || !isfinite(n) ||
	    n > 100) {
		report_add(r, SEV_ERROR, y->at, "type", "write it as in 40%",
		    "\"%.80s\" is not a share from 0%% to 100%%", text);
		return false;
	}
	*out = n / 100;
	return true;
}

/* The id, not used by an earlier one of the list. */
static uint32_t
id_read(
    const struct yaml *list, int i, const char *what, const char **id, struct report *r)
{
	const struct yaml *y = yaml_get(list->items[i], "id");

	*id = "";
	if (y == NULL)
		schema_missing(list->items[i], "id", "give it a name", r);
	if (!word_read(y, what, false, id, r))
		return 1;
	for (int k = 0; k < i; k++) {
		const struct yaml *other = list->items[k]->kind == YAML_MAP
					       ? yaml_get(list->items[k], "id")
					       : NULL;

		if (other != NULL && other->kind == YAML_SCALAR &&
		    strcmp(other->text, *id) == 0)
			report_add(r, SEV_ERROR, y->at, "duplicate-id",
			    "choose another name",
			    "\"%s\" is already the name of %s above", *id, what);
	}
	return profile_key(*id);
}

static const char *const *
events_read(struct arena *a, const struct yaml *y, struct report *r)
{
	const char **list;
	int n;

	if (y == NULL || !yaml_strings(a, y, &list, &n, r))
		return NULL;
	for (int i = 0; i < n; i++)
		event_name_read(y->kind == YAML_LIST ? y->items[i] : y, &list[i], r);
	return list;
}

static void
moment_read(struct arena *a, const struct yaml *y, struct moment *out, struct report *r)
{
	const struct yaml *when = yaml_get(y, "when");

	out->on = events_read(a, yaml_get(y, "on"), r);
	out->when = cond_read(a, when, out->on == NULL ? PATH_CONDITION : PATH_EVENT, r);
	if (when == NULL && yaml_get(y, "on") == NULL)
		schema_missing(y, "when", "write when: CONDITION, or on: EVENT", r);
}

void
life_signs(struct arena *a, const struct yaml *y, struct lifecycle *lc, struct report *r)
{
	if (!life_list(y, "signs", MARKS, r))
		return;
	lc->signs = arena_array(a, struct sign, y->n);
	for (int i = 0; i < y->n; i++) {
		struct sign *s = &lc->signs[lc->n_signs];
		const struct yaml *of;

		if (!schema_check(y->items[i], &schema_sign, r))
			continue;
		s->at = y->items[i]->at;
		s->key = id_read(y, i, "a sign", &s->id, r);
		of = yaml_get(y->items[i], "of");
		if (of == NULL)
			schema_missing(y->items[i], "of", "write of: doubting", r);
		word_set(of, stage_names, &s->of, r);
		moment_read(a, y->items[i], &s->moment, r);
		lc->n_signs++;
	}
}

void
life_warnings(
    struct arena *a, const struct yaml *y, struct lifecycle *lc, struct report *r)
{
	if (!life_list(y, "warnings", WORDS_KEPT, r))
		return;
	lc->warnings = arena_array(a, struct warning, y->n);
	for (int i = 0; i < y->n; i++) {
		struct warning *w = &lc->warnings[lc->n_warnings];

		if (!schema_check(y->items[i], &schema_warning, r))
			continue;
		w->at = y->items[i]->at;
		w->key = id_read(y, i, "a warning", &w->id, r);
		w->from = (BIT(STAGES) - 1) &
			  ~(BIT(STAGE_DORMANT) | BIT(STAGE_LOST) | BIT(STAGE_GIVEN_UP));
		word_set(yaml_get(y->items[i], "from"), stage_names, &w->from, r);
		moment_read(a, y->items[i], &w->moment, r);
		w->due = 48 * MS_HOUR;
		yaml_duration(yaml_get(y->items[i], "due"), &w->due, r);
		lc->n_warnings++;
	}
}

void
life_stages(struct arena *a, const struct yaml *y, struct lifecycle *lc, struct report *r)
{
	if (!life_list(y, "stages", WORDS_KEPT, r))
		return;
	lc->rules = arena_array(a, struct stage_rule, y->n);
	for (int i = 0; i < y->n; i++) {
		struct stage_rule *s = &lc->rules[lc->n_rules];
		const struct yaml *to;
		int stage = STAGE_NONE;

		if (!schema_check(y->items[i], &schema_stage_rule, r))
			continue;
		s->at = y->items[i]->at;
		s->key = id_read(y, i, "a rule", &s->id, r);
		to = yaml_get(y->items[i], "to");
		if (to == NULL)
			schema_missing(y->items[i], "to", "write to: dormant", r);
		yaml_enum(to, stage_names, &stage, r);
		s->to = (enum life_stage)stage;
		if (stage == STAGE_GIVEN_UP)
			report_add(r, SEV_ERROR, to->at, "stage",
			    "let a person or a playbook do it, with a reason of give_up",
			    "no rule gives a customer up");
		s->from = BIT(STAGES) - 1;
		word_set(yaml_get(y->items[i], "from"), stage_names, &s->from, r);
		moment_read(a, y->items[i], &s->moment, r);
		lc->n_rules++;
	}
}

void
life_talks(struct arena *a, const struct yaml *y, struct lifecycle *lc, struct report *r)
{
	if (!life_list(y, "conversations", TALKS, r))
		return;
	lc->talks = arena_array(a, struct talk, y->n);
	for (int i = 0; i < y->n; i++) {
		struct talk *t = &lc->talks[lc->n_talks];

		if (!schema_check(y->items[i], &schema_talk, r))
			continue;
		t->at = y->items[i]->at;
		id_read(y, i, "a conversation", &t->id, r);
		if (yaml_get(y->items[i], "open") == NULL)
			schema_missing(y->items[i], "open", "write open: EVENT", r);
		t->open = events_read(a, yaml_get(y->items[i], "open"), r);
		t->close = events_read(a, yaml_get(y->items[i], "close"), r);
		t->where = cond_read(a, yaml_get(y->items[i], "where"), PATH_EVENT, r);
		t->hold = 7 * MS_DAY;
		yaml_duration(yaml_get(y->items[i], "hold"), &t->hold, r);
		lc->n_talks++;
	}
}

static void
choice_value(const struct yaml *y, enum life_choice kind, const char *const *words,
    struct choice *out, struct report *r)
{
	static const char *const keys[] = { "is", "rate", "times" };
	const struct yaml *value = yaml_get(y, keys[kind]);
	int w = 0;

	out->is = "";
	if (value == NULL)
		schema_missing(y, keys[kind], "", r);
	else if (kind == LIFE_RATE)
		life_share(value, &out->number, r);
	else if (kind == LIFE_TIMES)
		yaml_number(value, 0, 1e9, &out->number, r);
	else if (words == NULL)
		word_read(value, "a priority", false, &out->is, r);
	else if (yaml_enum(value, words, &w, r))
		out->is = words[w];
}

void
life_choices(struct arena *a, const struct yaml *root, const char *key,
    enum life_choice kind, const char *const *words, struct choice **out, int *n,
    struct report *r)
{
	static const struct schema *const schemas[] = { &schema_word_choice,
		&schema_rate_choice, &schema_times_choice };
	const struct yaml *y = yaml_get(root, key);

	if (!life_list(y, key, 64, r))
		return;
	*out = arena_array(a, struct choice, y->n);
	for (int i = 0; i < y->n; i++) {
		struct choice *c = &(*out)[*n];
		const struct yaml *when;

		if (!schema_check(y->items[i], schemas[kind], r))
			continue;
		c->at = y->items[i]->at;
		choice_value(y->items[i], kind, words, c, r);
		when = yaml_get(y->items[i], "when");
		c->when = cond_read(a, when, PATH_CONDITION, r);
		if (when == NULL && i + 1 < y->n)
			report_add(r, SEV_ERROR, c->at, "unreachable",
			    "give it a condition, or put it last",
			    "it always holds: what follows in \"%s\" is never asked",
			    key);
		(*n)++;
	}
}
