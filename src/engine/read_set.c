#include "read_set.h"

struct reading {
	struct job job; /* first */
	struct engine *en;
	char *content; /* its own; NULL: the files */
	size_t len;
	struct report *report;
	struct catalog *fresh;
	read_set_fn *done;
	void *data;
};

/* On the worker: of the engine only what never changes. */
static int
run(struct job *job, struct store *s, struct err *e)
{
	struct reading *r = (struct reading *)job;
	const struct engine_options *o = &r->en->options;

	(void)s;
	(void)e;
	r->fresh = r->content == NULL
		       ? o->load(o->load_arg, r->report)
		       : o->revive(o->load_arg, r->content, r->len, true, r->report);
	return 0;
}

static void
finish(struct reading *r)
{
	report_free(r->report);
	g_free(r->content);
	g_free(r);
}

/* With an error the world is stopping and the set was never read. */
static void
done(struct job *job, const struct err *e)
{
	struct reading *r = (struct reading *)job;

	if (e != NULL)
		report_add(r->report, SEV_ERROR, (struct pos){ 0 }, "stopping", "", "%s",
		    e->text);
	r->done(r->en, r->fresh, r->report, r->data);
	finish(r);
}

void
read_set(struct engine *en, const char *content, size_t len, read_set_fn *cb, void *data)
{
	struct reading *r = g_new0(struct reading, 1);

	r->job.run = run;
	r->job.done = done;
	r->en = en;
	r->content = content == NULL ? NULL : g_memdup2(content, len + 1);
	r->len = len;
	r->report = report_new();
	r->done = cb;
	r->data = data;
	en->world->work_start(en->world, &r->job);
}

/* ---- letting go ---- */

struct dropping {
	struct job job; /* first */
	struct catalog *c;
};

static void
let_go(struct dropping *d)
{
	catalog_unref(d->c);
	d->c = NULL;
}

static int
drop_run(struct job *job, struct store *s, struct err *e)
{
	(void)s;
	(void)e;
	let_go((struct dropping *)job);
	return 0;
}

/* A world that is stopping runs nothing any more. */
static void
drop_done(struct job *job, const struct err *e)
{
	struct dropping *d = (struct dropping *)job;

	if (e != NULL)
		let_go(d);
	g_free(d);
}

void
drop_set(struct engine *en, struct catalog *c)
{
	struct dropping *d;

	if (c->refs > 1) {
		catalog_unref(c);
		return;
	}
	d = g_new0(struct dropping, 1);
	d->job.run = drop_run;
	d->job.done = drop_done;
	d->c = c;
	en->world->work_start(en->world, &d->job);
}
