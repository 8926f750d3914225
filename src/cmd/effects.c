#include "effects.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "store/experiment.h"
#include "store/version.h"

#define CONTROL_WANTED 1000 /* people, below which a group is called small */
#define USUAL 0.5           /* where nothing is said: the share that is hardest to move */

struct looking {
	struct store *store;
	const struct catalog *cat;
	GArray *rows;     /* struct experiment_row */
	GPtrArray *names; /* by number */
	GArray *out;      /* struct effect */
};

struct telling {
	const struct catalog *cat;
	effects_one *each;
	void *arg;
};

static void
note_row(void *arg, const struct experiment_row *row)
{
	g_array_append_val(((struct looking *)arg)->rows, *row);
}

static void
note_name(void *arg, int number, const char *name)
{
	struct looking *l = arg;

	if ((guint)number >= l->names->len)
		g_ptr_array_set_size(l->names, number + 1);
	g_free(l->names->pdata[number]);
	l->names->pdata[number] = g_strdup(name);
}

static void
give(const struct telling *l, struct pos at, json_t *j, const GString *text, double rise,
    bool weak)
{
	char *dump;

	json_object_set_new(j, "measurable", isinf(rise) ? json_null() : json_real(rise));
	json_object_set_new(j, "direction_only", json_boolean(weak));
	dump = json_dumps(j, JSON_COMPACT);
	l->each(l->arg, at, dump, text->str, weak);
	free(dump);
	json_decref(j);
}

static void
say_rise(GString *text, double usual, double rise)
{
	if (isinf(rise))
		g_string_append(text, "too few to see any difference");
	else
		g_string_append_printf(text,
		    "the smallest rise that would be seen is %.1f points"
		    " (from %g%%)",
		    rise * 100, usual * 100);
}

/* ---- A/B ---- */

static const struct experiment *
split_of(const struct catalog *cat, const struct effect *f)
{
	const struct version *v = catalog_playbook(cat, f->playbook);
	const struct step *s = v == NULL ? NULL : playbook_step(v->playbook, f->step);

	return s == NULL || s->split == NULL || strcmp(s->split->version, f->version) != 0
		   ? NULL
		   : s->split;
}

static void
tell(const struct telling *l, const struct effect *f, const struct experiment *x)
{
	const struct share *arms = f->shares;
	const struct decide_rule *d = &x->decide;
	double usual = d->usual > 0 ? d->usual : USUAL, rise, least = INFINITY, most = 0;
	GString *text = g_string_new("");
	json_t *list = json_array();
	bool weak;

	g_string_printf(text, "A/B %s (%s, step %s):", x->name, f->playbook, f->step);
	for (int i = 0; i < x->n_arms; i++) {
		least = fmin(least, (double)arms[i].n);
		most = fmax(most, (double)arms[i].n);
		g_string_append_printf(
		    text, "%s %s %d", i > 0 ? "," : "", x->arms[i].name, (int)arms[i].n);
		json_array_append_new(list,
		    json_pack("{ss sI}", "arm", x->arms[i].name, "people", arms[i].n));
	}
	rise = stats_smallest_rise(
	    usual, most, least, d->confidence > 0 ? d->confidence : 0.95, STATS_POWER);
	weak = isinf(rise) || (d->given && least < d->min) ||
	       (d->rise > 0 && rise > d->rise);
	g_string_append(text, " people; ");
	say_rise(text, usual, rise);
	if (d->given && least < d->min)
		g_string_append_printf(text, "; min is %d", d->min);
	if (weak)
		g_string_append(text, ": direction only");
	give(l, x->at,
	    json_pack("{ss ss ss ss so sf}", "type", "experiment", "playbook",
		f->playbook, "step", f->step, "experiment", x->name, "arms", list,
		"usual", usual),
	    text, rise, weak);
	g_string_free(text, TRUE);
}

static int
experiments(const struct looking *l, struct err *e)
{
	for (guint i = 0; i < l->rows->len; i++) {
		const struct experiment_row *row =
		    &g_array_index(l->rows, struct experiment_row, i);
		struct effect f = { 0 };

		g_strlcpy(f.playbook, l->names->pdata[row->playbook], sizeof(f.playbook));
		g_strlcpy(f.step, row->step, sizeof(f.step));
		g_strlcpy(f.version, row->version, sizeof(f.version));
		if (split_of(l->cat, &f) == NULL)
			continue;
		if (experiment_count(l->store, row, MS_NEVER, f.shares, ARMS_MAX, e) != 0)
			return -1;
		g_array_append_val(l->out, f);
	}
	return 0;
}

/* ---- control groups ---- */

static void
tell_control(const struct telling *l, const struct effect *f, struct pos at)
{
	GString *text = g_string_new("");
	const struct share *held = f->shares;
	double rise = stats_smallest_rise(
	    USUAL, (double)held[1].n, (double)held[0].n, 0.95, STATS_POWER);
	bool weak = held[1].n < CONTROL_WANTED;

	g_string_printf(text, "control of %s: %d held out, %d not; ",
	    *f->playbook == '\0' ? "the house" : f->playbook, (int)held[1].n,
	    (int)held[0].n);
	say_rise(text, USUAL, rise);
	if (weak)
		g_string_append_printf(
		    text, "; fewer than %d held out: direction only", CONTROL_WANTED);
	give(l, at,
	    json_pack("{ss ss sI sI sf}", "type", "control", "playbook", f->playbook,
		"held", held[1].n, "treated", held[0].n, "usual", USUAL),
	    text, rise, weak);
	g_string_free(text, TRUE);
}

static int
control(const struct looking *l, int number, const char *playbook, struct err *e)
{
	struct effect f = { .control = true };

	g_strlcpy(f.playbook, playbook, sizeof(f.playbook));
	if (control_count(l->store, number, 0, f.shares, e) != 0)
		return -1;
	g_array_append_val(l->out, f);
	return 0;
}

static int
controls(const struct looking *l, struct err *e)
{
	if (l->cat->policy->control > 0 && control(l, 0, "", e) != 0)
		return -1;
	for (guint i = 1; i < l->names->len; i++) {
		const struct version *v =
		    l->names->pdata[i] == NULL
			? NULL
			: catalog_playbook(l->cat, l->names->pdata[i]);

		if (v != NULL && v->playbook->control > 0 &&
		    v->playbook->status == PLAYBOOK_LIVE &&
		    control(l, (int)i, v->playbook->name, e) != 0)
			return -1;
	}
	return 0;
}

/* ---- outside ---- */

int
effects_count(struct store *s, const struct catalog *cat, GArray *out, struct err *e)
{
	struct looking l = { s, cat,
		g_array_new(FALSE, FALSE, sizeof(struct experiment_row)),
		g_ptr_array_new_with_free_func(g_free), out };
	int rc = playbook_each(s, note_name, &l, e);

	if (rc == 0)
		rc = experiment_each(s, 0, note_row, &l, e);
	if (rc == 0)
		rc = experiments(&l, e);
	if (rc == 0)
		rc = controls(&l, e);
	g_array_unref(l.rows);
	g_ptr_array_unref(l.names);
	return rc;
}

static bool
is_of(const struct effect *a, const struct effect *b)
{
	return a->control == b->control && strcmp(a->playbook, b->playbook) == 0 &&
	       strcmp(a->step, b->step) == 0 && strcmp(a->version, b->version) == 0;
}

void
effects_add(GArray *sum, const struct effect *one)
{
	for (guint i = 0; i < sum->len; i++) {
		struct effect *f = &g_array_index(sum, struct effect, i);

		if (!is_of(f, one))
			continue;
		for (int k = 0; k < ARMS_MAX; k++) {
			f->shares[k].n += one->shares[k].n;
			f->shares[k].hits += one->shares[k].hits;
		}
		return;
	}
	g_array_append_val(sum, *one);
}

void
effects_tell(const GArray *all, const struct catalog *cat, effects_one *each, void *arg)
{
	const struct telling l = { cat, each, arg };

	for (guint i = 0; i < all->len; i++) {
		const struct effect *f = &g_array_index(all, struct effect, i);

		if (!f->control)
			tell(&l, f, split_of(cat, f));
		else if (*f->playbook == '\0')
			tell_control(&l, f, cat->policy->control_at);
		else
			tell_control(
			    &l, f, catalog_playbook(cat, f->playbook)->playbook->at);
	}
}

int
effects_each(struct store *s, const struct catalog *cat, effects_one *each, void *arg,
    struct err *e)
{
	GArray *all = effects_new();
	int rc = effects_count(s, cat, all, e);

	if (rc == 0)
		effects_tell(all, cat, each, arg);
	g_array_unref(all);
	return rc;
}

GArray *
effects_new(void)
{
	return g_array_new(FALSE, TRUE, sizeof(struct effect));
}
