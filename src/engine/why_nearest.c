#include "why_nearest.h"

#include <string.h>

#include "core/shortfall.h"
#include "store/version.h"

struct near {
	const struct version *v;
	struct shortfall lack;
};

/* Of several cars the one for which least is missing. False: it holds for one, or there is
 * nothing it could be about. */
static bool
measure(struct person *p, const struct playbook *pb, struct shortfall *out)
{
	static const char *const himself[] = { "", NULL };
	const char *const *about =
	    pb->subject == SUBJECT_NONE ? himself : person_subjects(p, pb->subject);
	struct shortfall one;
	bool any = false, holds = false;

	for (; *about != NULL && !holds; about++) {
		person_subject(p, pb->subject, *about);
		if (!person_of_stores(p, pb))
			continue; /* another store's */
		shortfall_of(pb->start.when, person_scope(p), &one);
		if (!any || shortfall_nearer(&one, out))
			*out = one;
		any = true;
		holds = one.n == 0;
	}
	person_subject(p, SUBJECT_NONE, "");
	return any && !holds;
}

static int
nearer(const void *a, const void *b)
{
	const struct near *x = a, *y = b;

	return shortfall_nearer(&x->lack, &y->lack) ? -1
	       : shortfall_nearer(&y->lack, &x->lack)
		   ? 1
		   : strcmp(x->v->playbook->name, y->v->playbook->name);
}

/* "signals.days_since_visit is 168, must be at least 180: 12 days short; ..." */
static char *
sentence(const struct shortfall *s, bool zh)
{
	GString *out = g_string_new("");
	char text[SHORTFALL_TEXT];

	for (int i = 0; i < MIN(s->n, SHORTFALLS); i++) {
		shortfall_say(&s->lacks[i], zh, text);
		g_string_append_printf(out, "%s%s", i == 0 ? "" : zh ? "；" : "; ", text);
	}
	g_string_append(out, zh ? "。" : ".");
	return g_string_free(out, FALSE);
}

static json_t *
tell(const struct near *n)
{
	const struct lack *first = &n->lack.lacks[0];
	char *en = sentence(&n->lack, false), *zh = sentence(&n->lack, true);
	json_t *j = json_pack("{ss ss ss si ss ss si so}", "playbook",
	    n->v->playbook->name, "missing", first->cond->text, "file",
	    first->cond->at.file == NULL ? "" : first->cond->at.file, "line",
	    first->cond->at.line, "sentence", en, "sentence_zh", zh, "lacks", n->lack.n,
	    "have", value_to_json(first->have));

	if (first->measured)
		json_object_set_new(j, "by", json_real(first->by));
	g_free(en);
	g_free(zh);
	return j;
}

json_t *
why_nearest(struct work *w, struct person *p)
{
	struct near *all = arena_array(w->arena, struct near, w->cat->n_versions);
	json_t *list = json_array();
	int n = 0;

	for (int i = 0; i < w->cat->n_versions; i++) {
		const struct version *v = w->cat->versions[i];

		if (v->playbook->status != PLAYBOOK_LIVE ||
		    v->playbook->start.kind != START_WHEN)
			continue;
		all[n].v = v;
		if (measure(p, v->playbook, &all[n].lack))
			n++;
	}
	if (n > 0)
		qsort(all, (size_t)n, sizeof(*all), nearer);
	for (int i = 0; i < n; i++)
		json_array_append_new(list, tell(&all[i]));
	return list;
}
