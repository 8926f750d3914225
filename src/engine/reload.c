/* Hot reload: a changed set is checked whole and swapped in whole, or refused whole. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "launch.h"
#include "outlet.h"
#include "pace.h"
#include "pulls.h"

struct reload {
	engine_answer *cb;
	void *arg;
	struct catalog *fresh;
	int64_t confirm; /* so many are fine */
	int64_t due;     /* too many: nothing has been published; 0: fine */
	struct report *hours; /* plans of more hours than there are: nothing has either */
};

static void
reload_free(gpointer p)
{
	struct reload *r = p;

	report_free(r->hours);
	g_free(r);
}

/* For `reachd status`, until a good set comes. */
static void
remember(struct engine *en, int mistakes, const struct err *first)
{
	ms_t now = en->world->now(en->world);
	char at[CLOCK_TEXT];
	char *text = first->at.file == NULL ?
	    g_strdup(first->text) :
	    g_strdup_printf("%s:%d:%d: %s", first->at.file, first->at.line, first->at.col, first->text);

	json_decref(en->refused);
	en->refused = json_pack("{ss si ss}", "at",
	    clock_format(now, zone_offset(en->catalog->config->entity.zone, now) / 60, at), "mistakes",
	    mistakes, "first", text);
	g_strdelimit(text, "\"", '\'');
	log_error("reload_refused", "mistakes=%d first=\"%s\"", mistakes, text);
	g_free(text);
}

static int
publish_run(struct task *t, struct work *w, struct err *e)
{
	struct reload *r = t->data;

	w->cat = r->fresh;
	report_free(r->hours); /* of a job that is run again */
	r->hours = report_new();
	if (pace_prove(w, r->hours, e) != 0)
		return -1;
	if (r->hours->errors > 0)
		return 0;
	if (launch_due_soon(w, &r->due, e) != 0)
		return -1;
	if (w->cat->policy->launch.confirm == 0 ||
	    r->due <= MAX(r->confirm, w->cat->policy->launch.confirm))
		r->due = 0;
	return r->due > 0 ? 0 : desk_publish(w, e);
}

/* Nobody sends 40,000 messages by saving a file. */
static void
ask_back(struct engine *en, struct reload *r)
{
	struct err first = { 0 };
	char *json;

	err_set(&first, ERR_INPUT,
	    "%" G_GINT64_FORMAT " messages would be due within the hour: look, then `reachd reload "
	    "--confirm %" G_GINT64_FORMAT "`",
	    r->due, r->due);
	remember(en, 0, &first);
	json = g_strdup_printf("{\"error\":\"needs confirm=%" G_GINT64_FORMAT ": so many messages "
			       "would be due within the hour; nothing has been published\","
			       "\"confirm\":%" G_GINT64_FORMAT "}",
	    r->due, r->due);
	r->cb(r->arg, 409, json);
	g_free(json);
}

static void republish(struct engine *en);
static void refuse(struct engine *en, struct reload *r, const struct report *report);

static bool
too_much(const struct reload *r)
{
	return r->hours != NULL && r->hours->errors > 0;
}

static void
publish_done(struct task *t, const struct err *e)
{
	struct reload *r = t->data;
	struct engine *en = t->en;

	en->publishing = false;
	if (e != NULL || r->due > 0 || too_much(r))
		catalog_unref(r->fresh);
	if (e == NULL && too_much(r)) {
		refuse(en, r, r->hours);
		republish(en);
		return;
	}
	if (e == NULL && r->due > 0) {
		ask_back(en, r);
		republish(en);
		return;
	}
	if (e != NULL) {
		r->cb(r->arg, 503, "{\"error\":\"the database cannot take the new set now: try again\"}");
		return;
	}
	catalog_unref(en->catalog);
	en->catalog = r->fresh;
	json_decref(en->refused);
	en->refused = NULL;
	en->next_sweep = 0; /* a new list may be due */
	outlet_catalog(en);
	pulls_look(en);
	log_info("reloaded", "playbooks=%d", en->catalog->n_versions);
	r->cb(r->arg, 200, "{\"status\":\"reloaded\"}");
	republish(en);
}

static void
refuse(struct engine *en, struct reload *r, const struct report *report)
{
	struct err first = { 0 };
	char *text = NULL, *json;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	json_t *j;

	report_print(report, f);
	fclose(f);
	report_first(report, &first);
	remember(en, report->errors, &first);
	j = json_pack("{ss ss%}", "error", "the new set has mistakes; the old one stays in force",
	    "report", text, len);
	json = json_dumps(j, JSON_COMPACT);
	r->cb(r->arg, 422, json);
	free(json);
	json_decref(j);
	free(text);
}

/* A test send came between: what waited for it is looked at again. */
static int
republish_run(struct task *t, struct work *w, struct err *e)
{
	(void)t;
	return desk_publish(w, e);
}

static void
republish(struct engine *en)
{
	if (en->publish_again && !en->stopping)
		task_start(task_new(en, republish_run, NULL, NULL, NULL));
	en->publish_again = false;
}

void
engine_reload(struct engine *en, engine_answer *cb, void *arg)
{
	engine_reload_as(en, 0, cb, arg);
}

void
engine_reload_as(struct engine *en, int64_t confirm, engine_answer *cb, void *arg)
{
	struct report *report;
	struct reload *r;

	if (en->publishing) {
		cb(arg, 409, "{\"error\":\"another set is being published: the first wins; try again\"}");
		return;
	}
	report = report_new();
	r = g_new0(struct reload, 1);
	r->confirm = confirm;

	r->cb = cb;
	r->arg = arg;
	r->fresh = en->options.load(en->options.load_arg, report);
	if (r->fresh == NULL) {
		refuse(en, r, report);
		reload_free(r);
	} else {
		en->publishing = true;
		task_start(task_new(en, publish_run, publish_done, r, reload_free));
	}
	report_free(report);
}
