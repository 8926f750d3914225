/* Tables into the store: a first pass judges the whole file, then rows go in, a portion a job. */
#include <jansson.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "engine_impl.h"
#include "intake.h"
#include "spec/customers.h"
#include "spec/event.h"
#include "spec/optouts.h"
#include "store/event.h"

#define PORTION 256
/* Portions queued at once: they share a commit, and other jobs come between. */
#define AHEAD 8

enum what { CUSTOMERS, OPTOUTS, WHATS };
static const char *const whats[WHATS] = { "customers", "optouts" };

struct import {
	struct engine *en;
	enum what what;
	char *path;
	/* The thread's whose job runs; the loop's when none is queued. */
	struct customers *customers;
	struct optouts *optouts;
	struct arena *arena;
	struct rows_report report;
	int64_t rows, done, created, unknown;
	bool ended;
	atomic_bool failed;
	/* The loop's. */
	int queued, status;
	struct err err;
	ms_t told; /* boot, last progress line */
	void (*line)(void *arg, const char *json);
	engine_answer *cb;
	void *arg;
};

/* Some rows: a job, and what the loop may know of it. */
struct portion {
	struct import *im;
	int64_t done;
	bool ended;
};

static void
import_free(struct import *im)
{
	customers_close(im->customers);
	optouts_close(im->optouts);
	rows_report_fini(&im->report);
	arena_free(im->arena);
	g_free(im->path);
	g_free(im);
}

static void
finish(struct import *im, int status, const char *error)
{
	json_t *j = json_object();
	GString *text = g_string_new(NULL);
	char *out;

	if (error != NULL)
		json_object_set_new(j, "error", json_string(error));
	else {
		rows_report_text(&im->report,
		    im->what == CUSTOMERS ? customers_format(im->customers) :
					    optouts_format(im->optouts),
		    text);
		json_object_set_new(j, "report", json_string(text->str));
		json_object_set_new(j, "rows", json_integer(im->rows));
		json_object_set_new(j, "imported", json_integer(im->done));
		json_object_set_new(j, "new", json_integer(im->created));
		json_object_set_new(j, "refused", json_integer(im->report.count[ROW_REFUSED]));
		json_object_set_new(j, "set_aside", json_integer(im->report.count[ROW_ASIDE]));
	}
	/* What a stop cut short goes on at the next start. */
	if (!im->en->stopping)
		unlink(im->path);
	out = json_dumps(j, JSON_COMPACT);
	im->cb(im->arg, status, out);
	log_info("imported", "what=%s rows=%" G_GINT64_FORMAT " imported=%" G_GINT64_FORMAT
			     " new=%" G_GINT64_FORMAT " status=%d",
	    whats[im->what], im->rows, im->done, im->created, status);
	free(out);
	json_decref(j);
	g_string_free(text, TRUE);
	import_free(im);
}

/* ---- second pass: the store thread, a portion a job ---- */

static int
take_parked(struct work *w, const char *ext, int64_t id, struct err *e)
{
	char *body;
	int rc;

	while ((rc = parked_take(w->store, ext, &body, e)) == 1) {
		struct event_in in;
		struct err bad = { 0 };

		if (event_read(w->arena, body, strlen(body), w->now, &in, &bad) != 0)
			continue; /* too old by now */
		if (intake_take(w, &in, id, e) < 0)
			return -1;
	}
	return rc;
}

static int
customer_row(struct import *im, struct work *w, struct err *e)
{
	struct row_fault fault;
	struct customer c;
	int64_t id;
	bool created;
	int rc = customers_next(im->customers, im->arena, &c, &fault, e);

	if (rc != 1 || fault.verdict > ROW_NOTED)
		return rc;
	if (customer_put(w->store, &c, &id, &created, e) != 0)
		return -1;
	desk_zone(w->desk, c.tz);
	im->created += created;
	im->done++;
	return created && take_parked(w, c.ext, id, e) != 0 ? -1 : 1;
}

static int
stop_customer(struct work *w, int64_t id, int channel, ms_t at, struct err *e)
{
	struct person p;

	if (person_load(w, id, &p, e) != 1 || customer_open(w->store, &p.row, e) != 0)
		return -1;
	return intake_opt_out(w, &p, channel, at, "import", e);
}

static int
optout_row(struct import *im, struct work *w, struct err *e)
{
	struct row_fault fault;
	struct optout o;
	int64_t ids[16];
	int n, rc = optouts_next(im->optouts, im->arena, &o, &fault, e);
	ms_t at;

	if (rc != 1 || fault.verdict > ROW_NOTED)
		return rc;
	at = o.at != 0	     ? o.at :
	    o.date.year != 0 ? zone_instant(w->cat->config->entity.zone, date_days(o.date), 0) :
			       w->now;
	for (int c = 0; c < CHANNELS; c++) {
		int64_t h;

		if (*o.address[c] == '\0' || !(o.channels & BIT(c)))
			continue;
		h = customer_hash(w->store, c, o.address[c]);
		if (optout_add(w->store, h, c, at, "import", e) != 0 ||
		    (n = customer_of_address(w->store, h, ids, (int)G_N_ELEMENTS(ids), e)) < 0)
			return -1;
		for (int i = 0; i < n; i++)
			if (stop_customer(w, ids[i], c, at, e) != 0)
				return -1;
	}
	if (*o.customer != '\0') {
		int64_t id;

		if ((rc = customer_find(w->store, o.customer, &id, e)) < 0)
			return -1;
		im->unknown += rc == 0;
		for (int c = 0; rc == 1 && c < CHANNELS; c++)
			if (o.channels & BIT(c) && stop_customer(w, id, c, at, e) != 0)
				return -1;
	}
	im->done++;
	return 1;
}

static int
ended(struct import *im, struct work *w, struct err *e)
{
	char key[32], at[24];

	g_snprintf(key, sizeof(key), "feed.%s", whats[im->what]);
	g_snprintf(at, sizeof(at), "%" G_GINT64_FORMAT, w->now);
	if (store_meta_set(w->store, key, at, e) != 0)
		return -1;
	return import_drop(w->store, im->path, e);
}

static int
portion_run(struct task *t, struct work *w, struct err *e)
{
	struct portion *p = t->data;
	struct import *im = p->im;

	/* A portion before this one failed: the file is not read on past a hole. */
	if (im->failed)
		return 0;
	for (int i = 0; i < PORTION && !im->ended; i++) {
		int rc;

		arena_reset(im->arena);
		rc = im->what == CUSTOMERS ? customer_row(im, w, e) : optout_row(im, w, e);
		if (rc < 0) {
			im->failed = true;
			return -1;
		}
		im->ended = rc == 0;
	}
	p->done = im->done;
	p->ended = im->ended;
	return im->ended ? ended(im, w, e) : 0;
}

static void portions(struct import *im);

static void
tell(struct import *im, int64_t done)
{
	ms_t boot = im->en->world->boot(im->en->world);
	char text[128];

	if (im->line == NULL || boot - im->told < 200)
		return;
	im->told = boot;
	g_snprintf(text, sizeof(text), "{\"imported\":%" G_GINT64_FORMAT ",\"rows\":%" G_GINT64_FORMAT "}",
	    done, im->rows);
	im->line(im->arg, text);
}

static void
portion_done(struct task *t, const struct err *e)
{
	struct portion *p = t->data;
	struct import *im = p->im;

	im->queued--;
	if (e != NULL && im->err.kind == ERR_NONE) {
		im->failed = true;
		im->err = *e;
	}
	if (im->err.kind == ERR_NONE && !p->ended && !im->en->stopping) {
		tell(im, p->done);
		portions(im);
		return;
	}
	if (im->queued > 0)
		return;
	if (im->err.kind == ERR_NONE && !im->ended)
		err_set(&im->err, ERR_BUSY, "reachd is stopping");
	if (im->err.kind != ERR_NONE) {
		char text[600];

		g_snprintf(text, sizeof(text),
		    "%s; %" G_GINT64_FORMAT " rows are in, import the file again", im->err.text, im->done);
		finish(im, 503, text);
		return;
	}
	im->en->next_sweep = 0;
	finish(im, 200, NULL);
}

static void
portions(struct import *im)
{
	while (im->queued < AHEAD) {
		struct portion *p = g_new0(struct portion, 1);

		p->im = im;
		im->queued++;
		task_start(task_new(im->en, portion_run, portion_done, p, g_free));
	}
}

/* ---- first pass: the reader thread judges the file ---- */

static int
judge(struct import *im, struct err *e)
{
	int rc;

	do {
		struct row_fault fault;

		arena_reset(im->arena);
		if (im->what == CUSTOMERS) {
			struct customer c;

			rc = customers_next(im->customers, im->arena, &c, &fault, e);
			if (rc == 1 && fault.verdict <= ROW_NOTED && !customers_reachable(&c))
				im->report.unreachable++;
		} else {
			struct optout o;

			rc = optouts_next(im->optouts, im->arena, &o, &fault, e);
		}
		if (rc == 1) {
			im->rows++;
			rows_report_add(&im->report, &fault);
		}
	} while (rc == 1);
	if (rc < 0)
		return -1;
	return im->what == CUSTOMERS ? customers_rewind(im->customers, e) :
				       optouts_rewind(im->optouts, e);
}

static int
judge_run(struct task *t, struct work *w, struct err *e)
{
	struct import *im = t->data;
	struct err bad = { 0 };

	(void)w;
	(void)e;
	if (im->what == CUSTOMERS)
		im->customers = customers_open(im->path, TABLE_DETECT, NULL, &bad);
	else
		im->optouts = optouts_open(im->path, TABLE_DETECT, NULL, &bad);
	if ((im->customers == NULL && im->optouts == NULL) || judge(im, &bad) != 0) {
		im->failed = true;
		im->err = bad;
	}
	return 0;
}

/* A file that cannot be used is not looked for again after a restart. */
static int
refuse_run(struct task *t, struct work *w, struct err *e)
{
	struct import *im = t->data;

	return import_drop(w->store, im->path, e);
}

static void
refuse_done(struct task *t, const struct err *e)
{
	struct import *im = t->data;
	char text[600];

	(void)e;
	g_snprintf(text, sizeof(text), "line %d: %s", im->err.at.line, im->err.text);
	finish(im, im->status, im->err.at.line > 0 ? text : im->err.text);
}

static void
judge_done(struct task *t, const struct err *e)
{
	struct import *im = t->data;

	if (e == NULL && !im->failed && !im->en->stopping) {
		portions(im);
		return;
	}
	if (im->en->stopping) {
		finish(im, 503, "reachd is stopping: import the file again");
		return;
	}
	im->status = e != NULL ? 503 : 422;
	if (e != NULL)
		im->err = *e;
	/* Its place points into the reader's text, which goes with the reader. */
	im->err.at.file = NULL;
	task_start(task_new(im->en, refuse_run, refuse_done, im, NULL));
}

/* From here on a crash does not end it. */
static int
keep_run(struct task *t, struct work *w, struct err *e)
{
	struct import *im = t->data;

	return import_add(w->store, im->path, whats[im->what], w->now, e);
}

static void
keep_done(struct task *t, const struct err *e)
{
	struct import *im = t->data;

	if (e != NULL) {
		unlink(im->path);
		finish(im, 503, "there is no room for the file now: import it again later");
	} else
		task_start_read(task_new(im->en, judge_run, judge_done, im, NULL));
}

void
engine_import(struct engine *en, const char *what, const char *path,
    void (*line)(void *arg, const char *json), engine_answer *cb, void *arg)
{
	struct import *im;
	int w = 0;

	while (w < WHATS && strcmp(whats[w], what) != 0)
		w++;
	if (w == WHATS) {
		unlink(path);
		cb(arg, 404, "{\"error\":\"import knows customers and optouts\"}");
		return;
	}
	im = g_new0(struct import, 1);
	im->en = en;
	im->what = (enum what)w;
	im->path = g_strdup(path);
	im->arena = arena_new();
	im->line = line;
	im->cb = cb;
	im->arg = arg;
	rows_report_init(&im->report);
	task_start(task_new(en, keep_run, keep_done, im, NULL));
}

/* ---- after a crash ---- */

struct resume {
	char *path, *what;
};

static void
resume_free(gpointer p)
{
	struct resume *r = p;

	g_free(r->path);
	g_free(r->what);
	g_free(r);
}

static int
resume_run(struct task *t, struct work *w, struct err *e)
{
	struct resume *r = t->data;
	char *path, *what;
	int rc = import_open(w->store, &path, &what, e);

	if (rc != 1)
		return rc;
	r->path = g_strdup(path);
	r->what = g_strdup(what);
	return 0;
}

static void
resumed(void *arg, int status, const char *json)
{
	(void)status;
	(void)json;
	import_resume(arg);
}

static void
resume_done(struct task *t, const struct err *e)
{
	struct resume *r = t->data;

	if (e != NULL || r->path == NULL)
		return;
	log_info("import_resumed", "what=%s", r->what);
	engine_import(t->en, r->what, r->path, NULL, resumed, t->en);
}

void
import_resume(struct engine *en)
{
	task_start(task_new(en, resume_run, resume_done, g_new0(struct resume, 1), resume_free));
}
