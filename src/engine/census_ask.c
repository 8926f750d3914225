/* A census by request: a part of the customers, with the set that lies on disk. */
#include <stdio.h>
#include <stdlib.h>

#include "answer.h"
#include "census.h"
#include "read_set.h"

/* So many ids are asked at once: an answer takes about a second. */
#define PART 10000

struct asking {
	engine_answer *cb;
	void *arg;
	struct catalog *fresh; /* on the loop */
	int64_t after, last;
	bool end;
	json_t *json;
};

static void
asking_free(gpointer p)
{
	struct asking *a = p;

	catalog_unref(a->fresh);
	json_decref(a->json);
	g_free(a);
}

static int
census_run(struct task *t, struct work *w, struct err *e)
{
	struct asking *a = t->data;
	struct census *c;
	int rc;

	w->cat = a->fresh;
	if (customer_last(w->store, &a->last, e) != 0 || (c = census_new(w, e)) == NULL)
		return -1;
	rc = census_take(w, c, &a->after, PART, &a->end, e);
	if (rc == 0) {
		json_decref(a->json);
		a->json = census_json(c);
		json_object_set_new(
		    a->json, "after", a->end ? json_null() : json_integer(a->after));
		json_object_set_new(a->json, "last", json_integer(a->last));
	}
	census_free(c);
	return rc;
}

static void
census_done(struct task *t, const struct err *e)
{
	struct asking *a = t->data;

	if (a->end && t->en->census == a->fresh) {
		drop_set(t->en, t->en->census);
		t->en->census = NULL;
	}
	if (e != NULL)
		answer_failed(a->cb, a->arg);
	else
		answer_json(a->cb, a->arg, 200, a->json);
}

static void
refuse(const struct report *report, engine_answer *cb, void *arg)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	json_t *j;

	report_print(report, f);
	fclose(f);
	j = json_pack("{ss ss%}", "error",
	    "the set on disk has mistakes: reachd check shows them", "report", text, len);
	answer_json(cb, arg, 422, j);
	json_decref(j);
	free(text);
}

static void
ask(struct engine *en, struct asking *a, struct catalog *set)
{
	a->fresh = catalog_ref(set);
	task_start_read(task_new(en, census_run, census_done, a, asking_free));
}

static void
set_read(
    struct engine *en, struct catalog *fresh, const struct report *report, void *data)
{
	struct asking *a = data;

	if (en->census != NULL)
		drop_set(en, en->census);
	en->census = fresh;
	if (fresh != NULL) {
		ask(en, a, fresh);
		return;
	}
	refuse(report, a->cb, a->arg);
	asking_free(a);
}

/* Read once for all parts: whoever asks for the first one begins anew. */
void
engine_census(struct engine *en, int64_t after, engine_answer *cb, void *arg)
{
	struct asking *a = g_new0(struct asking, 1);

	a->cb = cb;
	a->arg = arg;
	a->after = after;
	if (en->options.load == NULL)
		ask(en, a, en->catalog);
	else if (after != 0 && en->census != NULL)
		ask(en, a, en->census);
	else
		read_set(en, NULL, 0, set_read, a);
}
