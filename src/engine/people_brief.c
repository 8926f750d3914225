/* Tasks in brief, for a program that works through them: no names, no story. Reads on a
 * snapshot, in the order in which people see them. */
#include <string.h>

#include "answer.h"
#include "engine_impl.h"
#include "people_view.h"

#define PAGE 200

struct brief {
	engine_answer *cb;
	void *arg;
	int64_t id;   /* 0: the list */
	json_t *json; /* NULL: no such task */
};

static void
brief_free(gpointer p)
{
	struct brief *b = p;

	json_decref(b->json);
	g_free(b);
}

/* What of a row orders and names it. */
struct line {
	bool complaint;
	ms_t due;
	int64_t id;
	int tries;
};

/* To the second, as it is shown; what is never due first. */
static ms_t
due_of(const struct task_row *t)
{
	return t->due_at == MS_NEVER ? 0 : t->due_at / MS_SECOND;
}

static int
by_urgency(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->complaint != y->complaint)
		return x->complaint ? -1 : 1;
	if (x->due != y->due)
		return x->due < y->due ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static json_t *
lines_json(GArray *lines)
{
	json_t *list = json_array();

	g_array_sort(lines, by_urgency);
	for (guint i = 0; i < lines->len; i++) {
		const struct line *l = &g_array_index(lines, struct line, i);
		char id[24];

		g_snprintf(id, sizeof(id), "%" G_GINT64_FORMAT, l->id);
		json_array_append_new(
		    list, json_pack("{ss si}", "id", id, "tries", l->tries));
	}
	return json_pack("{so}", "tasks", list);
}

static int
list_run(struct task *t, struct work *w, struct err *e)
{
	struct brief *b = t->data;
	struct task_row *rows = arena_array(w->arena, struct task_row, PAGE);
	GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct line));
	int64_t after = 0;
	int n;

	do {
		n = task_page(w->store, after, rows, PAGE, e);
		for (int i = 0; i < n; i++) {
			const struct line l = { strcmp(rows[i].kind, TASK_COMPLAINT) == 0,
				due_of(&rows[i]), rows[i].id, rows[i].tries };

			after = l.id;
			if (rows[i].state != TASK_WAITING)
				g_array_append_val(lines, l);
		}
	} while (n == PAGE);
	if (n >= 0)
		b->json = lines_json(lines);
	g_array_unref(lines);
	return n < 0 ? -1 : 0;
}

static int
show_run(struct task *t, struct work *w, struct err *e)
{
	struct brief *b = t->data;
	struct task_row row;
	struct person p;
	int rc = task_get(w->store, b->id, &row, e);

	if (rc != 1)
		return rc;
	if (person_load(w, row.customer, &p, e) != 1)
		return -1;
	b->json = json_pack(
	    "{ss ss}", "state", fsm_name(&task_fsm, row.state), "customer", p.row.c.ext);
	return people_outcomes(w, &row, b->json, e);
}

static void
brief_done(struct task *t, const struct err *e)
{
	struct brief *b = t->data;

	if (e != NULL)
		answer_failed(b->cb, b->arg);
	else if (b->json == NULL)
		answer_error(b->cb, b->arg, 404, "there is no task of that number");
	else
		answer_json(b->cb, b->arg, 200, b->json);
}

static struct brief *
brief_new(int64_t id, engine_answer *cb, void *arg)
{
	struct brief *b = g_new0(struct brief, 1);

	b->id = id;
	b->cb = cb;
	b->arg = arg;
	return b;
}

void
engine_tasks_brief(struct engine *en, engine_answer *cb, void *arg)
{
	task_start_read(
	    task_new(en, list_run, brief_done, brief_new(0, cb, arg), brief_free));
}

void
engine_task_brief(struct engine *en, int64_t id, engine_answer *cb, void *arg)
{
	task_start_read(
	    task_new(en, show_run, brief_done, brief_new(id, cb, arg), brief_free));
}
