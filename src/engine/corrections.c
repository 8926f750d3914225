/* Corrections that wait for a second person, with what each would do. Reads on a snapshot. */
#include <jansson.h>

#include "answer.h"
#include "corrections.h"
#include "engine_impl.h"
#include "page.h"
#include "people_view.h"
#include "store/launch.h"
#include "store/version.h"

#define WAITING_MAX 200

struct listing {
	engine_answer *cb;
	void *arg;
	json_t *json;
	struct page page;
	int64_t after;
};

static void
listing_free(gpointer p)
{
	struct listing *l = p;

	json_decref(l->json);
	g_free(l);
}

static const char *
decide(struct work *w, const char *playbook, const struct correction *c)
{
	return arena_printf(
	    w->arena, "reachd correct %s --template %s", playbook, c->template_);
}

static int
one(struct work *w, const struct correction *c, json_t *list, struct err *e)
{
	const struct template *t = g_hash_table_lookup(w->cat->templates, c->template_);
	char name[128];
	int64_t n;

	if (playbook_name(w->store, c->of, name, sizeof(name), e) < 0 ||
	    correction_reach(w->store, c, &n, e) != 0)
		return -1;
	json_array_append_new(list,
	    json_pack("{si ss ss ss ss so sI ss ss ss so sI ss}", "id", c->playbook,
		"playbook", name,
		"template", c->template_, "title", t == NULL ? "" : t->title, "channel",
		t == NULL ? "" : channel_name((int)t->channel), "at",
		people_time(w, c->at), "age", (json_int_t)((w->now - c->at) / MS_SECOND),
		"by", c->author, "reason", c->reason, "step", c->step, "since",
		people_time(w, c->since), "customers", (json_int_t)n, "decide",
		decide(w, name, c)));
	return 0;
}

int
corrections_status(struct work *w, json_t *list, struct err *e)
{
	struct correction *all = arena_array(w->arena, struct correction, WAITING_MAX);
	int n = correction_waiting(w->store, 0, all, WAITING_MAX, e);

	for (int i = 0; i < n; i++) {
		char name[128];

		if (playbook_name(w->store, all[i].of, name, sizeof(name), e) < 0)
			return -1;
		json_array_append_new(
		    list, json_pack("{ss ss so ss}", "playbook", name, "template",
			      all[i].template_, "at", people_time(w, all[i].at), "decide",
			      decide(w, name, &all[i])));
	}
	return n < 0 ? -1 : 0;
}

static int
list_run(struct task *t, struct work *w, struct err *e)
{
	struct listing *l = t->data;
	int max = l->page.limit + 1;
	struct correction *all = arena_array(w->arena, struct correction, max);
	json_t *list = json_array();
	int n = correction_waiting(w->store, l->after, all, max, e);

	json_decref(l->json);
	l->json = json_pack("{so}", "corrections", list);
	for (int i = 0; i < n; i++)
		if (one(w, &all[i], list, e) != 0)
			return -1;
	page_end(l->json, list, &l->page, "id");
	return n < 0 ? -1 : 0;
}

static void
list_done(struct task *t, const struct err *e)
{
	struct listing *l = t->data;

	if (e != NULL)
		answer_failed(l->cb, l->arg);
	else
		answer_json(l->cb, l->arg, 200, l->json);
}

void
engine_corrections(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg)
{
	struct listing *l = g_new0(struct listing, 1);

	l->cb = cb;
	l->arg = arg;
	l->page = page_of(page, ENGINE_PAGE);
	if (page_number(&l->page, &l->after)) {
		task_start_read(task_new(en, list_run, list_done, l, listing_free));
		return;
	}
	page_refuse(cb, arg);
	listing_free(l);
}
