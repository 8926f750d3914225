/* What people report about their tasks: done, withdrawn. Loop thread, and the jobs. */
#include <jansson.h>

#include "answer.h"
#include "engine_impl.h"
#include "tasks_done.h"

struct telling {
	engine_answer *cb;
	void *arg;
	int64_t id;
	bool withdraw;
	char *outcome, *cause, *observed, *note, *by;
	int status;
	char *text;
};

static void
telling_free(gpointer p)
{
	struct telling *r = p;

	g_free(r->outcome);
	g_free(r->cause);
	g_free(r->observed);
	g_free(r->note);
	g_free(r->by);
	g_free(r->text);
	g_free(r);
}

static int
telling_run(struct task *t, struct work *w, struct err *e)
{
	struct telling *r = t->data;
	const struct tasks_report said = { r->outcome, r->cause, r->observed, r->note,
		r->by };
	struct tasks_answer out = { 500, "" };
	int rc = r->withdraw ? tasks_withdraw(w, r->id, &out, e)
			     : tasks_done(w, r->id, &said, &out, e);

	r->status = out.status;
	g_free(r->text);
	r->text = g_strdup(out.text);
	return rc < 0 ? -1 : 0;
}

static void
telling_done(struct task *t, const struct err *e)
{
	struct telling *r = t->data;
	json_t *j;

	if (e != NULL) {
		answer_failed(r->cb, r->arg);
		return;
	}
	j = json_pack("{ss}", r->status < 400 ? "status" : "error", r->text);
	answer_json(r->cb, r->arg, r->status, j);
	json_decref(j);
}

static struct telling *
telling_new(int64_t id, engine_answer *cb, void *arg)
{
	struct telling *r = g_new0(struct telling, 1);

	r->id = id;
	r->cb = cb;
	r->arg = arg;
	return r;
}

void
engine_task_done(struct engine *en, int64_t id, const struct engine_report *said,
    engine_answer *cb, void *arg)
{
	struct telling *r = telling_new(id, cb, arg);

	r->outcome = g_strdup(said->outcome);
	r->cause = g_strdup(said->cause);
	r->observed = g_strdup(said->observed);
	r->note = g_strdup(said->note);
	r->by = g_strdup(said->by);
	task_start_repeatable(task_new(en, telling_run, telling_done, r, telling_free));
}

void
engine_task_withdraw(struct engine *en, int64_t id, engine_answer *cb, void *arg)
{
	struct telling *r = telling_new(id, cb, arg);

	r->withdraw = true;
	task_start_repeatable(task_new(en, telling_run, telling_done, r, telling_free));
}
