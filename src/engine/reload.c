/* Hot reload: a changed set is checked whole and swapped in whole, or refused whole. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include <string.h>

#include "access.h"
#include "base/log.h"
#include "launch.h"
#include "pace.h"
#include "publish.h"
#include "read_set.h"
#include "registry.h"

struct reload {
	engine_answer *cb;
	void *arg;
	struct catalog *fresh;
	char *who; /* "" nobody said it */
	char *by;  /* in whose name; "" his own */
	int role;
	int64_t confirm; /* so many are fine */
	bool keeps;      /* what is published is kept */
	bool by_itself;  /* a start, a file saved, a signal: nobody reads the answer */
	bool waits;      /* for somebody's yes: nothing has been published */
	bool again;      /* somebody said no to this very set */
	struct publish_figures figures;
	int64_t due; /* too many: nothing has been published; 0: fine */
	struct report *hours; /* plans of more hours than there are, texts not approved: nothing has been published */
};

static void
reload_free(gpointer p)
{
	struct reload *r = p;

	report_free(r->hours);
	g_free(r->who);
	g_free(r->by);
	g_free(r);
}

static void begin(struct engine *en, struct reload *r);

/* Nothing is read for it; freed. */
static void
turn_away(struct reload *r, int status, const char *why)
{
	char *json = g_strdup_printf("{\"error\":\"%s\"}", why);

	r->cb(r->arg, status, json);
	g_free(json);
	reload_free(r);
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

/* "" names nobody new. */
static bool
is_named(const struct publication *p, const char *name)
{
	return *name == '\0' || publish_is_author(p->authors, name);
}

/* It waits, unless it does already; what waited before is withdrawn. */
static int
put_forward(struct reload *r, struct work *w, const char *authors, struct err *e)
{
	struct publication p, old;
	int rc = publication_now(w->store, PUBLICATION_WAITS, &old, e);

	if (rc < 0)
		return -1;
	p = (struct publication){ .hash = r->fresh->hash,
		.state = PUBLICATION_WAITS,
		.authors = authors,
		.at = w->now,
		.since = w->now,
		.needs = r->figures.needs,
		.confirmed = r->confirm,
		.audience = r->figures.audience,
		.due = r->figures.due,
		.cost = r->figures.cost,
		.content = r->fresh->content };
	if (rc == 1 && strcmp(old.hash, p.hash) == 0 &&
	    w->now < old.at + w->cat->policy->approvals.lapse &&
	    is_named(&old, r->who) && is_named(&old, r->by)) {
		p.confirmed = MAX(r->confirm, old.confirmed);
		return publication_count(w->store, old.id, &p, e);
	}
	if (rc == 1 && publication_end(w->store, old.id, PUBLICATION_WITHDRAWN, w->now, e) != 0)
		return -1;
	if (publication_add(w->store, &p, e) != 0)
		return -1;
	return access_note(w, r->who, r->role, "submit", p.hash,
	    arena_printf(w->arena, "by %s", authors), p.id, p.audience, e);
}

/* The files are again what is in force: what waited is withdrawn. */
static int
nothing_new(struct work *w, struct err *e)
{
	struct publication old;
	int rc = publication_now(w->store, PUBLICATION_WAITS, &old, e);

	if (rc == 1)
		rc = publication_end(w->store, old.id, PUBLICATION_WITHDRAWN, w->now, e);
	return rc < 0 ? -1 : 0;
}

/* Who saves a file again does not ask again what was refused. */
static int
was_refused(struct reload *r, struct work *w, struct err *e)
{
	struct publication p;
	int rc = publication_of(w->store, r->fresh->hash, &p, e);

	if (rc == 1)
		r->again = p.state == PUBLICATION_REFUSED && *r->who == '\0';
	return rc < 0 ? -1 : 0;
}

static int
due_only(struct work *w, struct reload *r, struct err *e)
{
	const struct catalog *before = w->cat;
	int rc;

	r->figures = (struct publish_figures){ 0 };
	w->cat = r->fresh;
	rc = launch_due_soon(w, &r->figures.due, e);
	w->cat = before;
	return rc;
}

static int
prove(struct work *w, struct reload *r, struct err *e)
{
	report_free(r->hours); /* of a job that is run again */
	r->hours = report_new();
	return publish_prove(w, r->fresh, r->hours, e);
}

static int
publish_run(struct task *t, struct work *w, struct err *e)
{
	struct reload *r = t->data;
	const struct catalog *before = t->cat;
	int64_t many = r->fresh->policy->launch.confirm;
	bool same = r->keeps && strcmp(r->fresh->hash, before->hash) == 0;
	const char *authors = "[]";

	r->due = 0;
	r->waits = r->again = false;
	if (prove(w, r, e) != 0)
		return -1;
	if (r->hours->errors > 0)
		return 0;
	if ((r->keeps ? publish_judge(w, r->fresh, &r->figures, e)
		      : due_only(w, r, e)) != 0)
		return -1;
	if (same)
		r->figures.needs = 0;
	if (r->keeps)
		authors = publish_authors(w, before, r->fresh, r->who, r->by);
	if (many != 0 && r->figures.due > MAX(r->confirm, many) &&
	    (r->figures.needs == 0 || !r->fresh->config->publish_approved)) {
		r->due = r->figures.due;
		return 0;
	}
	if (r->figures.needs > 0) {
		r->waits = true;
		if (was_refused(r, w, e) != 0)
			return -1;
		return r->again ? 0 : put_forward(r, w, authors, e);
	}
	w->cat = r->fresh;
	if (same ? nothing_new(w, e) != 0
		 : r->keeps && publish_force(w, authors, r->who, r->role, &r->figures, e) != 0)
		return -1;
	return desk_publish(w, e);
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

static void refuse(struct engine *en, struct reload *r, const struct report *report);

static bool
too_much(const struct reload *r)
{
	return r->hours != NULL && r->hours->errors > 0;
}

static void
answer_waits(struct reload *r)
{
	char *json = g_strdup_printf("{\"status\":\"waits\",\"hash\":\"%s\",\"needs\":%d,"
				     "\"audience\":%" G_GINT64_FORMAT ",\"due\":%" G_GINT64_FORMAT "}",
	    r->fresh->hash, r->figures.needs, r->figures.audience, r->figures.due);

	if (r->again)
		r->cb(r->arg, 409,
		    "{\"error\":\"this very set has been refused: change it, or put it forward "
		    "yourself with `reachd publish submit`\"}");
	else
		r->cb(r->arg, 202, json);
	g_free(json);
}

static int
based_run(struct task *t, struct work *w, struct err *e)
{
	struct reload *r = t->data;

	w->cat = r->fresh;
	return desk_publish(w, e);
}

static void
based_done(struct task *t, const struct err *e)
{
	struct reload *r = t->data;

	t->en->publishing = false;
	if (e != NULL)
		drop_set(t->en, r->fresh);
	else
		publish_swap(t->en, r->fresh);
	publish_again(t->en);
}

/* What waits waits; but who may agree to it, the providers, the listeners are the
 * machine's, and hold at once. */
static void
machine_read(struct engine *en, struct catalog *fresh, const struct report *report, void *data)
{
	struct reload *r = data;
	struct err first = { 0 };

	r->fresh = fresh;
	if (fresh != NULL && !en->stopping) {
		task_start(task_new(en, based_run, based_done, r, reload_free));
		return;
	}
	if (!en->stopping) {
		report_first(report, &first);
		remember(en, report->errors, &first);
	}
	catalog_unref(fresh);
	reload_free(r);
	en->publishing = false;
	publish_again(en);
}

static void
take_machine(struct engine *en)
{
	read_set(en, en->catalog->content, en->catalog->content_len, machine_read,
	    g_new0(struct reload, 1));
}

static void
publish_done(struct task *t, const struct err *e)
{
	struct reload *r = t->data;
	struct engine *en = t->en;

	if (e == NULL && r->waits && !too_much(r)) {
		log_info("publication_waits", "hash=%.12s needs=%d", r->fresh->hash,
		    r->figures.needs);
		json_decref(en->refused);
		en->refused = NULL;
		answer_waits(r);
		drop_set(en, r->fresh);
		take_machine(en);
		return;
	}
	en->publishing = false;
	if (e != NULL || r->due > 0 || too_much(r))
		drop_set(en, r->fresh);
	if (e == NULL && too_much(r)) {
		refuse(en, r, r->hours);
		publish_again(en);
		return;
	}
	if (e == NULL && r->due > 0) {
		ask_back(en, r);
		publish_again(en);
		return;
	}
	if (e != NULL) {
		r->cb(r->arg, 503, "{\"error\":\"the database cannot take the new set now: try again\"}");
		publish_again(en);
		return;
	}
	publish_swap(en, r->fresh);
	r->cb(r->arg, 200, "{\"status\":\"reloaded\"}");
	publish_again(en);
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

void
publish_again(struct engine *en)
{
	struct reload *next = en->reload_next;

	if (en->publish_again && !en->stopping)
		task_start(task_new(en, republish_run, NULL, NULL, NULL));
	en->publish_again = en->publishing_by_itself = false;
	en->reload_next = NULL;
	if (next != NULL)
		begin(en, next);
}

void
publish_forget(struct engine *en)
{
	if (en->reload_next != NULL)
		reload_free(en->reload_next);
}

static void
files_read(struct engine *en, struct catalog *fresh, const struct report *report, void *data)
{
	struct reload *r = data;

	r->fresh = fresh;
	if (fresh != NULL && !en->stopping) {
		task_start(task_new(en, publish_run, publish_done, r, reload_free));
		return;
	}
	en->publishing = false;
	if (en->stopping) {
		catalog_unref(fresh);
		turn_away(r, 503, "reachd is stopping");
	} else {
		refuse(en, r, report);
		reload_free(r);
	}
	publish_again(en);
}

static void
begin(struct engine *en, struct reload *r)
{
	if (en->stopping) {
		turn_away(r, 503, "reachd is stopping");
		return;
	}
	en->publishing = true;
	en->publishing_by_itself = r->by_itself;
	read_set(en, NULL, 0, files_read, r);
}

/* Behind what is being published; it takes the place of what waits already. */
static void
wait(struct engine *en, struct reload *r)
{
	struct reload *before = en->reload_next;

	en->reload_next = r;
	if (before != NULL)
		turn_away(before, 409, "the files changed again: they are read once for both");
}

static struct reload *
reload_new(struct engine *en, const struct engine_who *who, const char *by, engine_answer *cb,
    void *arg)
{
	struct reload *r = g_new0(struct reload, 1);

	r->who = g_strdup(who == NULL ? "" : who->name);
	r->by = g_strdup(by);
	r->role = who == NULL ? 0 : who->role;
	r->keeps = en->options.revive != NULL;
	r->cb = cb;
	r->arg = arg;
	return r;
}

void
engine_reload(struct engine *en, engine_answer *cb, void *arg)
{
	engine_reload_by(en, NULL, "", 0, cb, arg);
}

void
engine_reload_next(struct engine *en, engine_answer *cb, void *arg)
{
	struct reload *r = reload_new(en, NULL, "", cb, arg);

	r->by_itself = true;
	if (!en->publishing)
		begin(en, r);
	else if (en->reload_next == NULL || en->reload_next->by_itself)
		wait(en, r);
	else
		turn_away(r, 409, "somebody has asked for the same: the files are read for him");
}

void
engine_reload_by(struct engine *en, const struct engine_who *who, const char *by,
    int64_t confirm, engine_answer *cb, void *arg)
{
	struct reload *r = reload_new(en, who, by, cb, arg);

	r->confirm = confirm;
	if (!en->publishing)
		begin(en, r);
	else if (en->publishing_by_itself &&
		 (en->reload_next == NULL || en->reload_next->by_itself))
		wait(en, r);
	else
		turn_away(r, 409, "another set is being published: the first wins; try again");
}
