/* How many are in a named segment: `reachd segment`. Reads on a snapshot. */
#include <string.h>

#include <jansson.h>

#include "answer.h"
#include "engine_impl.h"

#define PAGE 500

struct asking {
	engine_answer *cb;
	void *arg;
	char *name; /* NULL: all */
	json_t *json;
};

static void
asking_free(gpointer p)
{
	struct asking *a = p;

	g_free(a->name);
	json_decref(a->json);
	g_free(a);
}

static bool
is_asked(const struct asking *a, const struct audience *s)
{
	return a->name == NULL || strcmp(s->name, a->name) == 0;
}

/* Everybody once, a page at a time: what a page leaves in the scratch goes with it. */
static int
count(
    const struct asking *a, struct work *w, int64_t *counts, int64_t *all, struct err *e)
{
	const struct catalog *cat = w->cat;
	struct customer_row *rows = g_new(struct customer_row, PAGE);
	int64_t last, cursor = 0;
	int n = 0, rc = customer_last(w->store, &last, e);

	for (; rc == 0 && cursor < last; cursor += PAGE) {
		arena_reset(w->arena);
		n = customer_page(w->store, cursor, PAGE, NULL, rows, e);
		rc = n < 0 ? -1 : 0;
		for (int i = 0; i < n; i++) {
			struct person p;

			if (rows[i].erased_at != 0)
				continue;
			(*all)++;
			person_of_row(w, &rows[i], &p);
			for (int k = 0; k < cat->n_audiences; k++)
				counts[k] +=
				    is_asked(a, &cat->audiences[k]) &&
				    cond_true(cat->audiences[k].cond, person_scope(&p));
		}
	}
	g_free(rows);
	return rc;
}

static int
segments_run(struct task *t, struct work *w, struct err *e)
{
	struct asking *a = t->data;
	int64_t *counts = g_new0(int64_t, MAX(1, t->cat->n_audiences)), all = 0;
	json_t *list = json_array();
	int rc = count(a, w, counts, &all, e);

	for (int i = 0; rc == 0 && i < t->cat->n_audiences; i++) {
		const struct audience *s = &t->cat->audiences[i];

		if (is_asked(a, s))
			json_array_append_new(
			    list, json_pack("{ss sI ss si ss}", "name", s->name,
				      "customers", counts[i], "file", s->at.file, "line",
				      s->at.line, "condition", s->cond->text));
	}
	a->json = json_pack("{sI so}", "customers", all, "segments", list);
	g_free(counts);
	return rc;
}

static void
segments_done(struct task *t, const struct err *e)
{
	struct asking *a = t->data;

	if (e != NULL)
		answer_failed(a->cb, a->arg);
	else if (a->name != NULL &&
		 json_array_size(json_object_get(a->json, "segments")) == 0)
		answer_error(a->cb, a->arg, 404,
		    "there is no such segment: `reachd segment list` shows them");
	else
		answer_json(a->cb, a->arg, 200, a->json);
}

void
engine_segments(struct engine *en, const char *name, engine_answer *cb, void *arg)
{
	struct asking *a = g_new0(struct asking, 1);

	a->cb = cb;
	a->arg = arg;
	a->name = *name == '\0' ? NULL : g_strdup(name);
	task_start_read(task_new(en, segments_run, segments_done, a, asking_free));
}
