/* A batch taken back: the newest row first, each as it was before, unless something has
 * changed it since. And what the batches were, and which rows were no good. */
#include <jansson.h>
#include <string.h>

#include "answer.h"
#include "base/log.h"
#include "import_kind.h"
#include "page.h"

#define PORTION 256

struct undo {
	engine_answer *cb;
	void *arg;
	int64_t batch, cursor, restored, kept;
	bool ended;
	int status;
	char error[160];
};

static int
refuse(struct undo *u, int status, const char *text)
{
	u->status = status;
	u->ended = true;
	g_strlcpy(u->error, text, sizeof(u->error));
	return 0;
}

static int
begin(struct undo *u, struct work *w, struct err *e)
{
	const struct import_kind *k;
	struct import_batch b;
	int rc = batch_get(w->store, u->batch, &b, e);

	if (rc < 0)
		return -1;
	if (rc == 0)
		return refuse(
		    u, 404, "there is no such batch; `reachd import batches` lists them");
	if (b.undone_at != 0)
		return refuse(u, 409, "this batch has been taken back already");
	k = import_kind_find(b.what);
	if (k == NULL || k->image == NULL)
		return refuse(u, 422,
		    "opt-outs are taken back by an admin, with a proof: `reachd undo "
		    "optouts --batch N`");
	if (b.created + b.changed == 0 && b.rows > 0)
		return refuse(u, 422, "nothing is kept of what this batch changed");
	return 0;
}

static int
one(struct undo *u, struct work *w, const struct batch_row *r, struct err *e)
{
	const struct import_kind *k = import_kind_find(r->what);
	const char *now = "";
	int rc;

	if (k == NULL)
		return -1;
	if (k->always)
		return k->restore(w, r->key, r->before, e);
	if ((rc = k->image(w, r->key, &now, e)) < 0)
		return -1;
	if (rc == 0 && r->before == NULL)
		return 0; /* already gone */
	if (rc == 1 && r->before != NULL && strcmp(now, r->before) == 0)
		return 0;
	if (rc == 0 || batch_hash(w->store, now) != r->after) {
		u->kept++;
		return 0;
	}
	u->restored++;
	return k->restore(w, r->key, r->before, e);
}

static int
undo_run(struct task *t, struct work *w, struct err *e)
{
	struct undo *u = t->data;
	struct batch_row r;

	if (u->cursor == 0 && begin(u, w, e) != 0)
		return -1;
	for (int i = 0; i < PORTION && !u->ended; i++) {
		int rc = batch_row_prev(w->store, u->batch, &u->cursor, &r, e);

		if (rc < 0 || (rc == 1 && one(u, w, &r, e) != 0))
			return -1;
		u->ended = rc == 0;
	}
	if (u->ended && u->status == 200)
		return batch_set_undone(w->store, u->batch, w->now, e);
	return 0;
}

static void
answer(struct undo *u)
{
	json_t *j = u->status != 200 ? json_pack("{ss}", "error", u->error)
				     : json_pack("{sI sI sI}", "batch", u->batch,
					   "restored", u->restored, "kept", u->kept);
	char *text = json_dumps(j, JSON_COMPACT);

	u->cb(u->arg, u->status, text);
	log_info("import_undone",
	    "batch=%" G_GINT64_FORMAT " restored=%" G_GINT64_FORMAT
	    " kept=%" G_GINT64_FORMAT " status=%d",
	    u->batch, u->restored, u->kept, u->status);
	free(text);
	json_decref(j);
	g_free(u);
}

static void
undo_done(struct task *t, const struct err *e)
{
	struct undo *u = t->data;

	if (e != NULL)
		refuse(u, 503,
		    "the database cannot take it now: try again, it goes on where it is");
	if (u->ended || t->en->stopping)
		answer(u);
	else
		task_start(task_new(t->en, undo_run, undo_done, u, NULL));
}

void
engine_import_undo(struct engine *en, int64_t batch, engine_answer *cb, void *arg)
{
	struct undo *u = g_new0(struct undo, 1);

	u->cb = cb;
	u->arg = arg;
	u->batch = batch;
	u->status = 200;
	task_start(task_new(en, undo_run, undo_done, u, NULL));
}

/* ---- lists ---- */

struct listing {
	engine_answer *cb;
	void *arg;
	json_t *json;
	const struct zone *zone;
	struct page page;
	int64_t before;
	char **after; /* of quality: what, source, row */
};

static void
listing_free(gpointer p)
{
	struct listing *l = p;

	g_strfreev(l->after);
	json_decref(l->json);
	g_free(l);
}

static json_t *
when(const struct zone *z, ms_t at)
{
	char buf[CLOCK_TEXT];

	return at == 0 ? json_null()
		       : json_string(clock_format(at, zone_offset(z, at) / 60, buf));
}

static int
batches_run(struct task *t, struct work *w, struct err *e)
{
	struct listing *l = t->data;
	const struct zone *z = w->cat->config->entity.zone;
	int max = l->page.limit + 1;
	struct import_batch *b = arena_array(w->arena, struct import_batch, max);
	json_t *list = json_array();
	int n = batch_list(w->store, l->before, b, max, e);

	for (int i = 0; i < n; i++)
		json_array_append_new(
		    list, json_pack("{sI ss ss so sI sI sI sI sI ss ss so}", "batch",
			      b[i].id, "what", b[i].what, "source", b[i].source, "at",
			      when(z, b[i].at), "rows", b[i].rows, "new", b[i].created,
			      "changed", b[i].changed, "refused", b[i].refused,
			      "set_aside", b[i].aside, "basis", b[i].basis, "evidence",
			      b[i].evidence, "undone", when(z, b[i].undone_at)));
	json_decref(l->json);
	l->json = json_pack("{so}", "batches", list);
	page_end(l->json, list, &l->page, "batch");
	return n < 0 ? -1 : 0;
}

static void
note(void *arg, const struct quality *q)
{
	struct listing *l = arg;

	json_array_append_new(json_object_get(l->json, "rows"),
	    json_pack("{ss ss sI ss ss ss so}", "what", q->what, "source", q->source,
		"row", q->row, "id", q->key, "column", q->heading, "reason", q->reason,
		"at", when(l->zone, q->at)));
}

static int
quality_run(struct task *t, struct work *w, struct err *e)
{
	struct listing *l = t->data;

	static const char *const keys[] = { "what", "source", "row", NULL };
	const struct quality after = { .what = l->after[0],
		.source = l->after[1],
		.row = g_ascii_strtoll(l->after[2], NULL, 10) };

	l->zone = w->cat->config->entity.zone;
	json_decref(l->json);
	l->json = json_pack("{so}", "rows", json_array());
	if (quality_each(w->store, &after, l->page.limit + 1, note, l, e) != 0)
		return -1;
	page_end_texts(l->json, json_object_get(l->json, "rows"), &l->page, keys);
	return 0;
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

static struct listing *
listing_new(const struct engine_page *page, engine_answer *cb, void *arg)
{
	struct listing *l = g_new0(struct listing, 1);

	l->cb = cb;
	l->arg = arg;
	l->page = page_of(page, ENGINE_PAGE);
	return l;
}

void
engine_batches(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg)
{
	struct listing *l = listing_new(page, cb, arg);

	if (page_number(&l->page, &l->before)) {
		task_start_read(task_new(en, batches_run, list_done, l, listing_free));
		return;
	}
	page_refuse(cb, arg);
	listing_free(l);
}

void
engine_quality(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg)
{
	struct listing *l = listing_new(page, cb, arg);

	if ((l->after = page_texts(&l->page, 3)) != NULL) {
		task_start_read(task_new(en, quality_run, list_done, l, listing_free));
		return;
	}
	page_refuse(cb, arg);
	listing_free(l);
}
