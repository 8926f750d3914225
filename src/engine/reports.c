/* reports.c - a report asked of the running daemon: read page by page, each a read of its
 * own, so that none keeps the log from being emptied for long. */
#include <string.h>

#include <jansson.h>

#include "engine_impl.h"
#include "store/reports.h"

struct asking {
	engine_answer *cb;
	void *arg;
	struct catalog *cat; /* what the report's rules are borrowed from */
	struct reports *reports;
	bool all;     /* everything is read */
	char *answer; /* NULL: not yet */
};

static void
asking_free(struct asking *a)
{
	reports_free(a->reports);
	catalog_unref(a->cat);
	free(a->answer);
	g_free(a);
}

static int
page_run(struct task *t, struct work *w, struct err *e)
{
	struct asking *a = t->data;
	int rc = reports_page(a->reports, w->store, e);

	a->all = rc == 0;
	return rc < 0 ? -1 : 0;
}

/* In a read that reads nothing, and so holds no snapshot. */
static int
sheet_run(struct task *t, struct work *w, struct err *e)
{
	struct asking *a = t->data;
	struct sheet *s = reports_sheet(a->reports);
	json_t *j = sheet_to_json(s);

	(void)w;
	(void)e;
	a->answer = json_dumps(j, JSON_COMPACT);
	json_decref(j);
	sheet_free(s);
	return 0;
}

static void
next(struct task *t, const struct err *e)
{
	struct asking *a = t->data;

	if (e == NULL && a->answer == NULL && !t->en->stopping) {
		task_start_read(
		    task_new(t->en, a->all ? sheet_run : page_run, next, a, NULL));
		return;
	}
	if (e != NULL)
		a->cb(a->arg, 503,
		    "{\"error\":\"the database cannot answer now: try again\"}");
	else if (a->answer == NULL)
		a->cb(a->arg, 503, "{\"error\":\"reachd is stopping\"}");
	else
		a->cb(a->arg, 200, a->answer);
	asking_free(a);
}

static void
refuse(const struct err *e, engine_answer *cb, void *arg)
{
	json_t *j = json_pack("{ss}", "error", e->text);
	char *text = json_dumps(j, JSON_COMPACT);

	cb(arg, e->kind == ERR_NOTFOUND ? 404 : 422, text);
	free(text);
	json_decref(j);
}

void
engine_sheet(
    struct engine *en, const struct engine_sheet *q, engine_answer *cb, void *arg)
{
	struct reports_ask ask;
	struct asking *a;
	struct err e = { 0 };

	if (reports_ask_read(&ask, q->name, q->by, q->from, q->to,
		en->catalog->config->entity.zone, &e) != 0) {
		refuse(&e, cb, arg);
		return;
	}
	a = g_new0(struct asking, 1);
	a->cb = cb;
	a->arg = arg;
	a->cat = catalog_ref(en->catalog);
	ask.now = en->world->now(en->world);
	ask.policy = a->cat->policy;
	ask.rules = a->cat->policy->reports;
	ask.inviting = a->cat->inviting;
	a->reports = reports_new(&ask);
	task_start_read(task_new(en, page_run, next, a, NULL));
}

char *
engine_sheet_list(void)
{
	json_t *list = json_array(), *j;
	const struct reports_line *l;
	char *text;

	for (int i = 0; (l = reports_at(i)) != NULL; i++) {
		json_t *by = json_array();

		for (int d = 0; d < DIMS; d++)
			if (l->dims & BIT(d))
				json_array_append_new(
				    by, json_string(reports_dim_name(d)));
		json_array_append_new(
		    list, json_pack("{ss ss ss ss ss so}", "name", l->name, "title",
			      l->title, "title_zh", l->title_zh, "help", l->help,
			      "help_zh", l->help_zh, "by", by));
	}
	j = json_pack("{so}", "reports", list);
	text = json_dumps(j, JSON_COMPACT);
	json_decref(j);
	return text;
}
