/* Somebody is away: written down, and what moves to whom shown. Loop thread, and the job. */
#include <string.h>

#include <jansson.h>

#include "answer.h"
#include "assign.h"
#include "engine_impl.h"
#include "store/subject.h"

#define PAGE 200

struct leave {
	engine_answer *cb;
	void *arg;
	char *name, *deputy;
	struct date from, to;
	int status;
	json_t *json;
};

static void
leave_free(gpointer p)
{
	struct leave *l = p;

	g_free(l->name);
	g_free(l->deputy);
	json_decref(l->json);
	g_free(l);
}

static int
refuse(struct leave *l, int status, const char *text)
{
	l->status = status;
	json_decref(l->json);
	l->json = json_pack("{ss}", "error", text);
	return 0;
}

/* Live tasks that are his, with who has them while he is away. */
static int
tasks_of(struct work *w, const struct staff *f, json_t *list, struct err *e)
{
	struct task_row *rows = arena_array(w->arena, struct task_row, PAGE);
	int64_t after = 0;
	int n;

	do {
		n = task_page(w->store, after, rows, PAGE, e);
		for (int i = 0; i < n; i++) {
			struct customer_row row;
			const char *to;
			char id[24];

			after = rows[i].id;
			if (strcmp(rows[i].assignee, f->name) != 0 &&
			    strcmp(rows[i].assignee, f->ext) != 0)
				continue;
			if (customer_get(w->store, rows[i].customer, &row, e) != 1 ||
			    task_holder(w, &row.c, &rows[i], &to, e) != 0)
				return -1;
			g_snprintf(id, sizeof(id), "%" G_GINT64_FORMAT, rows[i].id);
			json_array_append_new(
			    list, json_pack("{ss ss ss ss}", "id", id, "kind",
				      rows[i].kind, "customer", row.c.ext, "to", to));
		}
	} while (n == PAGE);
	return n < 0 ? -1 : 0;
}

/* Whom his customers are answered by on the first day of it. */
static int
moves(struct work *w, struct leave *l, const struct staff *f, struct err *e)
{
	struct work then = *w;
	struct customer c = { .advisor = f->name, .store = f->store };
	json_t *list = json_array();
	const char *to;
	int64_t customers;

	then.now = MAX(w->now,
	    zone_instant(w->cat->config->entity.zone, date_days(l->from), 12 * 60));
	l->json = json_pack("{ss so}", "name", f->name, "tasks", list);
	if (task_assignee(&then, &c, "advisor", &to, e) != 0 ||
	    customer_count_of(w->store, f->name, f->ext, &customers, e) != 0 ||
	    tasks_of(&then, f, list, e) != 0)
		return -1;
	json_object_set_new(l->json, "customers", json_integer(customers));
	json_object_set_new(l->json, "to", json_string(to));
	return 0;
}

static int
leave_run(struct task *t, struct work *w, struct err *e)
{
	struct leave *l = t->data;
	struct staff f, deputy;
	int rc = staff_find(w->store, l->name, "", &f, e);

	l->status = 200;
	if (rc == 0)
		return refuse(
		    l, 404, "nobody on the staff is called so: import staff first");
	if (rc == 1 && *l->deputy != '\0') {
		rc = staff_find(w->store, l->deputy, f.store, &deputy, e);
		if (rc == 0)
			return refuse(l, 404, "the deputy is not on the staff");
		if (rc == 1 && strcmp(deputy.ext, f.ext) == 0)
			return refuse(l, 422, "nobody stands in for himself");
		if (rc == 1)
			f.deputy = deputy.ext;
	}
	f.away_from = l->from;
	f.away_to = l->to;
	if (rc < 0 || staff_put(w->store, &f, e) != 0)
		return -1;
	json_decref(l->json);
	return moves(w, l, &f, e);
}

static void
leave_done(struct task *t, const struct err *e)
{
	struct leave *l = t->data;

	if (e != NULL)
		answer_failed(l->cb, l->arg);
	else
		answer_json(l->cb, l->arg, l->status, l->json);
}

void
engine_staff_leave(
    struct engine *en, const struct engine_leave *said, engine_answer *cb, void *arg)
{
	struct leave *l = g_new0(struct leave, 1);

	l->cb = cb;
	l->arg = arg;
	l->name = g_strdup(said->name);
	l->deputy = g_strdup(said->deputy);
	l->from = said->from;
	l->to = said->to;
	task_start_repeatable(task_new(en, leave_run, leave_done, l, leave_free));
}
