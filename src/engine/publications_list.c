/* What was put forward so far, newest first. Loop thread, and the jobs it starts. */
#include <jansson.h>

#include "answer.h"
#include "publish_show.h"

struct listing {
	engine_answer *cb;
	void *arg;
	struct page page; /* before an id */
	int64_t before;
	json_t *out;
};

static void
listing_free(gpointer p)
{
	struct listing *l = p;

	json_decref(l->out);
	g_free(l);
}

static int
list_run(struct task *t, struct work *w, struct err *e)
{
	struct listing *l = t->data;

	json_object_clear(l->out);
	return publish_show_list(w, &l->page, l->before, l->out, e);
}

static void
list_done(struct task *t, const struct err *e)
{
	struct listing *l = t->data;

	if (e != NULL) {
		answer_failed(l->cb, l->arg);
		return;
	}
	json_object_set_new(l->out, "in_force", json_string(t->en->catalog->hash));
	answer_json(l->cb, l->arg, 200, l->out);
}

void
engine_publications(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg)
{
	struct listing *l = g_new0(struct listing, 1);

	*l = (struct listing){ .cb = cb,
		.arg = arg,
		.page = page_of(page, ENGINE_PAGE),
		.out = json_object() };
	if (page_number(&l->page, &l->before)) {
		task_start_read(task_new(en, list_run, list_done, l, listing_free));
		return;
	}
	page_refuse(cb, arg);
	listing_free(l);
}
