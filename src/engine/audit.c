/* Who decided what, as people read it. */
#include "answer.h"
#include "engine_impl.h"
#include "page.h"
#include "store/access.h"

struct reading {
	engine_answer *cb;
	void *arg;
	struct page page;
	int64_t before;
	const struct zone *zone;
	json_t *json;
};

static void
reading_free(gpointer p)
{
	struct reading *r = p;

	json_decref(r->json);
	g_free(r);
}

static void
note(void *arg, const struct audit *a)
{
	const struct reading *r = arg;
	char at[CLOCK_TEXT];

	json_array_append_new(json_object_get(r->json, "decisions"),
	    json_pack("{so ss ss ss ss ss ss}", "id",
		json_sprintf("%" G_GINT64_FORMAT, a->id), "at",
		clock_format(a->at, zone_offset(r->zone, a->at) / 60, at), "who", a->who,
		"role", a->role, "act", a->act, "about", a->about, "why", a->why));
}

static int
read_run(struct task *t, struct work *w, struct err *e)
{
	struct reading *r = t->data;

	json_decref(r->json);
	r->json = json_pack("{s[]}", "decisions");
	r->zone = w->cat->config->entity.zone;
	return audit_each(w->store, 0, r->before, r->page.limit + 1, note, r, e);
}

static void
read_done(struct task *t, const struct err *e)
{
	struct reading *r = t->data;

	if (e != NULL) {
		answer_failed(r->cb, r->arg);
		return;
	}
	page_end(r->json, json_object_get(r->json, "decisions"), &r->page, "id");
	answer_json(r->cb, r->arg, 200, r->json);
}

void
engine_audit(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg)
{
	struct reading *r = g_new0(struct reading, 1);

	r->cb = cb;
	r->arg = arg;
	r->page = page_of(page, ENGINE_PAGE);
	if (page_number(&r->page, &r->before)) {
		task_start_read(task_new(en, read_run, read_done, r, reading_free));
		return;
	}
	page_refuse(cb, arg);
	reading_free(r);
}
