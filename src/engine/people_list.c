/* The lists of tasks, and one of them whole. Reads on a snapshot. */
#include <string.h>

#include "answer.h"
#include "assign.h"
#include "base/text.h"
#include "engine_impl.h"
#include "page.h"
#include "people_view.h"
#include "store/run.h"
#include "store/version.h"

#define READ 200
#define MASK_TEXT 64

struct view {
	engine_answer *cb;
	void *arg;
	char *to;
	int64_t id;   /* 0: the list */
	json_t *json; /* NULL: no such task */
	struct page page;
	char **after; /* of the list: kind, due, id */
};

static void
view_free(gpointer p)
{
	struct view *v = p;

	g_free(v->to);
	g_strfreev(v->after);
	json_decref(v->json);
	g_free(v);
}

json_t *
people_time(const struct work *w, ms_t at)
{
	char buf[CLOCK_TEXT];

	return at == 0 || at == MS_NEVER
		   ? json_null()
		   : json_string(clock_format(
			 at, zone_offset(w->cat->config->entity.zone, at) / 60, buf));
}

/* The playbook and step that ask for it. */
static int
origin(struct work *w, const struct task_row *t, json_t *j, struct err *e)
{
	char name[128];
	struct run r;
	int rc = t->run == 0 ? 0 : run_get(w->store, t->run, &r, e);

	if (rc != 1)
		return rc;
	if (playbook_name(w->store, r.playbook, name, sizeof(name), e) < 0)
		return -1;
	json_object_set_new(j, "playbook", json_string(name));
	return 0;
}

/* {"id", "kind", "state", "to", "role", "customer", "name", "due", …}; full: with the
 * number to call, which an open task is a reason to see, else it is masked. NULL: err. */
static json_t *
task_json(
    struct work *w, const struct task_row *t, struct person *p, bool full, struct err *e)
{
	char id[24], masked[MASK_TEXT];
	const char *phone, *name = t->assignee;
	json_t *j;

	if (customer_open(w->store, &p->row, e) != 0)
		return NULL;
	/* Who asked for it may be away by now. */
	if (task_is_live(t->state) && task_holder(w, &p->row.c, t, &name, e) != 0)
		return NULL;
	phone = p->row.c.address[CHANNEL_PHONE];
	if (*phone == '\0')
		phone = p->row.c.address[CHANNEL_SMS];
	g_snprintf(id, sizeof(id), "%" G_GINT64_FORMAT, t->id);
	j = json_pack("{ss ss ss ss ss ss ss ss so so sb si ss}", "id", id, "kind",
	    t->kind, "state", fsm_name(&task_fsm, t->state), "to", name, "role", t->role,
	    "customer", p->row.c.ext, "name", p->row.c.name, "phone",
	    full || *phone == '\0' ? phone : text_mask(phone, masked, sizeof(masked)),
	    "created", people_time(w, t->created_at), "due", people_time(w, t->due_at),
	    "late", t->due_at < w->now, "tries", t->tries, "template", t->template_);
	json_object_set_new(j, "sentence", json_string(task_sentence(t->kind)));
	json_object_set_new(j, "sentence_zh", json_string(task_sentence_zh(t->kind)));
	if (origin(w, t, j, e) != 0) {
		json_decref(j);
		return NULL;
	}
	return j;
}

/* ---- the list ---- */

static int
add_one(
    struct work *w, const struct task_row *t, const char *to, json_t *list, struct err *e)
{
	struct person p;
	json_t *j;

	/* Off the list before and in quiet windows. */
	if (t->state == TASK_WAITING)
		return 0;
	if (person_load(w, t->customer, &p, e) != 1)
		return -1;
	j = task_json(w, t, &p, false, e);
	if (j == NULL)
		return -1;
	if (*to == '\0' || strcmp(json_string_value(json_object_get(j, "to")), to) == 0 ||
	    strcmp(t->role, to) == 0)
		json_array_append(list, j);
	json_decref(j);
	return 0;
}

/* Complaints first, then by when it is due. */
static int
by_urgency(const void *a, const void *b)
{
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
	const char *kx = json_string_value(json_object_get(x, "kind")),
		   *ky = json_string_value(json_object_get(y, "kind"));
	bool cx = strcmp(kx, TASK_COMPLAINT) == 0, cy = strcmp(ky, TASK_COMPLAINT) == 0;
	const char *dx = json_string_value(json_object_get(x, "due")),
		   *dy = json_string_value(json_object_get(y, "due"));
	int order = g_strcmp0(dx, dy);

	if (cx != cy)
		return cx ? -1 : 1;
	return order != 0 ? order
			  : strcmp(json_string_value(json_object_get(x, "id")),
				json_string_value(json_object_get(y, "id")));
}

/* Where the page before ended; NULL: nowhere. */
static json_t *
ended_at(const struct view *v)
{
	if (*v->page.after == '\0')
		return NULL;
	return json_pack("{ss ss* ss}", "kind", v->after[0], "due",
	    *v->after[1] == '\0' ? NULL : v->after[1], "id", v->after[2]);
}

/* One more than the page holds, in order. */
static json_t *
sorted(const struct view *v, json_t *list)
{
	size_t n = json_array_size(list);
	json_t **all = g_new(json_t *, n + 1), *out = json_array(), *last = ended_at(v);

	for (size_t i = 0; i < n; i++)
		all[i] = json_array_get(list, i);
	qsort(all, n, sizeof(*all), by_urgency);
	for (size_t i = 0; i < n && json_array_size(out) <= (size_t)v->page.limit; i++)
		if (last == NULL || by_urgency(&all[i], &last) > 0)
			json_array_append(out, all[i]);
	g_free(all);
	json_decref(last);
	json_decref(list);
	return out;
}

static int
list_run(struct task *t, struct work *w, struct err *e)
{
	static const char *const keys[] = { "kind", "due", "id", NULL };
	struct view *v = t->data;
	struct task_row *rows = arena_array(w->arena, struct task_row, READ);
	json_t *list = json_array();
	int64_t after = 0;
	int n;

	do {
		n = task_page(w->store, after, rows, READ, e);
		for (int i = 0; i < n; i++) {
			after = rows[i].id;
			if (add_one(w, &rows[i], v->to, list, e) != 0)
				n = -1;
		}
	} while (n == READ);
	if (n >= 0)
		v->json = json_pack("{so}", "tasks", sorted(v, list));
	else
		json_decref(list);
	if (n >= 0)
		page_end_texts(
		    v->json, json_object_get(v->json, "tasks"), &v->page, keys);
	return n < 0 ? -1 : 0;
}

/* ---- one ---- */

static int
show_run(struct task *t, struct work *w, struct err *e)
{
	struct view *v = t->data;
	struct task_row row;
	struct person p;
	int rc = task_get(w->store, v->id, &row, e);

	if (rc != 1)
		return rc;
	if (person_load(w, row.customer, &p, e) != 1 ||
	    (v->json = task_json(w, &row, &p, task_is_live(row.state), e)) == NULL)
		return -1;
	return people_story(w, &row, &p, v->json, e);
}

static void
view_done(struct task *t, const struct err *e)
{
	struct view *v = t->data;

	if (e != NULL)
		answer_failed(v->cb, v->arg);
	else if (v->json == NULL)
		answer_error(v->cb, v->arg, 404, "there is no task of that number");
	else
		answer_json(v->cb, v->arg, 200, v->json);
}

static struct view *
view_new(const char *to, int64_t id, engine_answer *cb, void *arg)
{
	struct view *v = g_new0(struct view, 1);

	v->to = g_strdup(to);
	v->id = id;
	v->cb = cb;
	v->arg = arg;
	return v;
}

void
engine_tasks(struct engine *en, const char *to, const struct engine_page *page,
    engine_answer *cb, void *arg)
{
	struct view *v = view_new(to, 0, cb, arg);

	v->page = page_of(page, ENGINE_PAGE);
	if ((v->after = page_texts(&v->page, 3)) != NULL) {
		task_start_read(task_new(en, list_run, view_done, v, view_free));
		return;
	}
	page_refuse(cb, arg);
	view_free(v);
}

void
engine_task(struct engine *en, int64_t id, engine_answer *cb, void *arg)
{
	task_start_read(
	    task_new(en, show_run, view_done, view_new("", id, cb, arg), view_free));
}
