#include <jansson.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "contacts.h"
#include "import_kind.h"
#include "spec/likeness.h"
#include "store/event.h"
#include "store/join.h"

#define PORTION 256
/* Portions queued at once: they share a commit, and other jobs come between. */
#define AHEAD 8

/* Some rows: a job, and what the loop may know of it. */
struct portion {
	struct import *im;
	int64_t done;
	bool ended;
};

static void
import_free(struct import *im)
{
	if (im->reader != NULL)
		im->kind->close(im->reader);
	rows_report_fini(&im->report);
	g_string_free(im->examples, TRUE);
	g_hash_table_unref(im->met);
	arena_free(im->arena);
	import_how_free(im);
	g_free(im->path);
	g_free(im);
}

static void
finish(struct import *im, int status, const char *error)
{
	char *text;

	if (error != NULL) {
		json_t *j = json_pack("{ss}", "error", error);
		char *out = json_dumps(j, JSON_COMPACT);

		text = g_strdup(out);
		free(out);
		json_decref(j);
	} else {
		text = import_report(im);
	}
	/* What a stop cut short goes on at the next start. */
	if (!im->en->stopping || im->how.dry_run)
		unlink(im->path);
	im->cb(im->arg, status, text);
	if (strcmp(im->kind->what, "staff") == 0)
		contacts_wake(im->en);
	log_info("imported",
	    "what=%s rows=%" G_GINT64_FORMAT " imported=%" G_GINT64_FORMAT
	    " new=%" G_GINT64_FORMAT " batch=%" G_GINT64_FORMAT " dry_run=%d status=%d",
	    im->kind->what, im->rows, im->done, im->created, im->batch, im->how.dry_run,
	    status);
	g_free(text);
	import_free(im);
}

/* ---- second pass: the store thread, a portion a job ---- */

static int
ended(struct import *im, struct work *w, struct err *e)
{
	struct import_batch b = { .id = im->batch,
		.rows = im->rows,
		.refused = im->report.count[ROW_REFUSED],
		.aside = im->report.count[ROW_ASIDE] };
	char key[32], at[24];

	if (im->how.dry_run)
		return 0;
	g_snprintf(key, sizeof(key), "feed.%s", im->kind->what);
	g_snprintf(at, sizeof(at), "%" G_GINT64_FORMAT, w->now);
	if (store_meta_set(w->store, key, at, e) != 0 ||
	    batch_end(w->store, &b, e) != 0 ||
	    (im->how.save_map && import_save_mapping(im, w->store, e) != 0) ||
	    (im->kind->ended != NULL && im->kind->ended(im, w, e) != 0))
		return -1;
	/* What went in before a crash counts too. */
	if (im->kind->image != NULL) {
		if (batch_get(w->store, im->batch, &b, e) != 1)
			return -1;
		im->created = b.created;
		im->changed = b.changed;
	}
	return import_drop(w->store, im->path, e);
}

/* A dry run is the same work undone: nothing it would stop or tell is. */
static int
roll_back(struct work *w, guint stops, guint touches, struct err *e)
{
	g_array_set_size(w->stops, stops);
	if (w->touches != NULL)
		g_ptr_array_set_size(w->touches, (int)touches);
	return store_untry(w->store, e);
}

static int
portion_run(struct task *t, struct work *w, struct err *e)
{
	struct portion *p = t->data;
	struct import *im = p->im;
	guint stops = w->stops->len, touches = w->touches == NULL ? 0 : w->touches->len;

	/* A portion before this one failed: the file is not read on past a hole. */
	if (im->failed)
		return 0;
	if (im->how.dry_run && store_try(w->store, e) != 0)
		return -1;
	for (int i = 0; i < PORTION && !im->ended; i++) {
		int rc;

		arena_reset(im->arena);
		rc = import_row(im, w, e);
		if (rc < 0) {
			im->failed = true;
			return -1;
		}
		im->ended = rc == 0;
	}
	if (im->how.dry_run && roll_back(w, stops, touches, e) != 0) {
		im->failed = true;
		return -1;
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
	g_snprintf(text, sizeof(text),
	    "{\"imported\":%" G_GINT64_FORMAT ",\"rows\":%" G_GINT64_FORMAT "}", done,
	    im->rows);
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
		    "%s; %" G_GINT64_FORMAT " rows are in, import the file again",
		    im->err.text, im->done);
		finish(im, 503, text);
		return;
	}
	if (!im->how.dry_run)
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
judge(struct import *im, struct work *w, struct err *e)
{
	const struct import_kind *k = im->kind;
	int rc;

	do {
		struct row_fault fault;
		void *row;

		arena_reset(im->arena);
		row = arena_alloc(im->arena, k->size);
		rc = k->next(im->reader, im->arena, row, &fault, e);
		if (rc != 1)
			break;
		if (fault.verdict <= ROW_NOTED && k->settle != NULL &&
		    k->settle(im, w, row, &fault, e) != 0)
			return -1;
		if (fault.verdict <= ROW_NOTED && k->count != NULL)
			k->count(im, row);
		im->rows++;
		rows_report_add(&im->report, &fault);
	} while (rc == 1);
	return rc < 0 ? -1 : table_rewind(k->columns(im->reader)->table, e);
}

/* Whoever said which column is which, or that he is sure, is not asked. */
static bool
is_another(const struct import *im, struct err *e)
{
	struct err own = { 0 };
	struct table *t = NULL;
	const char *other = NULL;

	if (!im->how.sure && im->mapping == NULL)
		t = table_open(im->path, TABLE_DETECT, &own);
	if (t != NULL)
		other = likeness_other(t, im->kind->what);
	table_close(t);
	if (other != NULL)
		err_set(e, ERR_INPUT,
		    "this looks like a file of %s: `reachd import %s` (in the watched "
		    "folder: "
		    "%s-NAME.csv). If it is one of %s all the same: --yes, or a mapping "
		    "of its "
		    "columns",
		    other, other, other, im->kind->what);
	return other != NULL;
}

static int
judge_run(struct task *t, struct work *w, struct err *e)
{
	struct import *im = t->data;
	struct err bad = { 0 };
	char key[32], at[24];

	(void)e;
	im->merges = join_any(w->store, &bad) == 1;
	g_snprintf(key, sizeof(key), "feed.%s", im->kind->what);
	if (store_meta_get(w->store, key, at, sizeof(at), &bad) == 0)
		im->before = g_ascii_strtoll(at, NULL, 10);
	if (import_mapping(im, w->store, &bad) == 0 && !is_another(im, &bad))
		im->reader = im->kind->open(im, w->cat->config->entity.zone, &bad);
	if (im->reader == NULL || judge(im, w, &bad) != 0) {
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

	if (im->how.dry_run)
		return 0;
	return import_drop(w->store, im->path, e) != 0
		   ? -1
		   : batch_drop(w->store, im->batch, e);
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
	struct import_batch b = { .what = im->kind->what,
		.source = im->how.source,
		.at = w->now,
		.basis = im->how.basis,
		.evidence = im->how.evidence };
	char *how;
	int rc;

	if (batch_add(w->store, &b, e) != 0 ||
	    quality_clear(w->store, im->kind->what, im->how.source, e) != 0)
		return -1;
	im->batch = b.id;
	how = import_how_json(im);
	rc = import_add(w->store, im->path, im->kind->what, w->now, b.id, how, e);
	g_free(how);
	return rc;
}

static void
keep_done(struct task *t, const struct err *e)
{
	struct import *im = t->data;

	if (e != NULL) {
		unlink(im->path);
		finish(
		    im, 503, "there is no room for the file now: import it again later");
	} else
		task_start_read(task_new(im->en, judge_run, judge_done, im, NULL));
}

/* Marketing consent without a paper behind it is none. */
static const char *
refused_how(const struct import_how *how)
{
	static const char *const bases[] = { "none", "service", "marketing", NULL };

	if (how == NULL || how->basis == NULL || *how->basis == '\0')
		return NULL;
	if (!g_strv_contains(bases, how->basis))
		return "{\"error\":\"the basis of consent is none, service or "
		       "marketing\"}";
	if (strcmp(how->basis, "marketing") == 0 &&
	    (how->evidence == NULL || *how->evidence == '\0'))
		return "{\"error\":\"marketing consent needs its evidence: the form, its "
		       "date and "
		       "who answers for it\"}";
	return NULL;
}

static struct import *
import_new(struct engine *en, const struct import_kind *kind, const char *path,
    engine_answer *cb, void *arg)
{
	struct import *im = g_new0(struct import, 1);

	im->en = en;
	im->kind = kind;
	im->path = g_strdup(path);
	im->arena = arena_new();
	im->examples = g_string_new(NULL);
	im->met = g_hash_table_new(NULL, NULL);
	im->cb = cb;
	im->arg = arg;
	rows_report_init(&im->report);
	return im;
}

void
engine_import(struct engine *en, const char *what, const char *path,
    const struct import_how *how, void (*line)(void *arg, const char *json),
    engine_answer *cb, void *arg)
{
	const struct import_kind *kind = import_kind_find(what);
	const char *no = refused_how(how);
	struct import *im;
	char *text, *names;

	if (kind == NULL || kind->open == NULL) {
		names = import_kind_names();
		text = g_strdup_printf("{\"error\":\"import knows %s\"}", names);
		unlink(path);
		cb(arg, 404, text);
		g_free(text);
		g_free(names);
		return;
	}
	if (no != NULL) {
		unlink(path);
		cb(arg, 422, no);
		return;
	}
	im = import_new(en, kind, path, cb, arg);
	im->line = line;
	import_how_copy(im, how);
	if (im->how.dry_run)
		task_start_read(task_new(en, judge_run, judge_done, im, NULL));
	else
		task_start(task_new(en, keep_run, keep_done, im, NULL));
}

/* ---- after a crash ---- */

struct resume {
	char *path, *what, *how;
	int64_t batch;
};

static void
resume_free(gpointer p)
{
	struct resume *r = p;

	g_free(r->path);
	g_free(r->what);
	g_free(r->how);
	g_free(r);
}

static int
resume_run(struct task *t, struct work *w, struct err *e)
{
	struct resume *r = t->data;
	char *path, *what, *how;
	int rc = import_open(w->store, &path, &what, &r->batch, &how, e);

	if (rc != 1)
		return rc;
	r->path = g_strdup(path);
	r->what = g_strdup(what);
	r->how = g_strdup(how);
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
	struct import *im;

	if (e != NULL || r->path == NULL)
		return;
	log_info("import_resumed", "what=%s", r->what);
	im = import_new(t->en, import_kind_find(r->what), r->path, resumed, t->en);
	im->batch = r->batch;
	import_how_read(im, r->how);
	task_start_read(task_new(t->en, judge_run, judge_done, im, NULL));
}

void
import_resume(struct engine *en)
{
	task_start(
	    task_new(en, resume_run, resume_done, g_new0(struct resume, 1), resume_free));
}
