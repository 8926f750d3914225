#include "engine_impl.h"

#include "base/log.h"
#include "notices.h"
#include "outlet.h"
#include "read_set.h"
#include "vitals.h"

/* What the first run told is undone with it; the desk believes the database again. */
static void
begin_again(struct task *t)
{
	if (t->touches != NULL)
		g_ptr_array_set_size(t->touches, 0);
	g_array_set_size(t->stops, 0);
	g_array_set_size(t->news, 0);
	desk_forget(t->en->desk);
}

static int
run(struct job *job, struct store *s, struct err *e)
{
	struct task *t = (struct task *)job;
	struct work w = {
		.store = s,
		.desk = t->en->desk,
		.cat = t->cat,
		.world = t->en->world,
		.now = t->now,
		.arena = store_scratch(s),
		.touches = t->touches,
		.stops = t->stops,
		.news = t->news,
	};
	struct desk *d = w.desk;
	int rc;

	if (job->again)
		begin_again(t);
	rc = t->run(t, &w, e);

	if (store_read_only(s))
		return rc;
	for (int c = 0; c < CHANNELS; c++)
		t->next_due[c] = MS_NEVER;
	for (guint i = 0; i < d->lanes->len; i++) {
		const struct lane *l = &g_array_index(d->lanes, struct lane, i);

		t->next_due[l->channel] = MIN(t->next_due[l->channel], l->next);
	}
	t->inbox_open = d->inbox_open;
	t->asked = d->asked;
	t->next_wake = d->next_wake;
	t->next_settle = d->next_settle;
	t->next_people = d->next_people;
	return rc;
}

static void
tell(struct engine *en, GPtrArray *touches)
{
	for (guint i = 0; touches != NULL && i < touches->len; i++)
		en->options.watch.touch(en->options.watch.arg, touches->pdata[i]);
}

static void
finish(struct task *t)
{
	drop_set(t->en, t->cat);
	if (t->touches != NULL)
		g_ptr_array_unref(t->touches);
	g_array_unref(t->stops);
	g_array_unref(t->news);
	if (t->free_data != NULL)
		t->free_data(t->data);
	g_free(t);
}

/* A job that was rolled back may have told the desk that nothing is due before tomorrow. */
static int
mend_run(struct task *t, struct work *w, struct err *e)
{
	(void)t;
	desk_forget(w->desk);
	return desk_publish(w, e);
}

void
task_mend(struct timer *t)
{
	struct engine *en = (struct engine *)((char *)t - offsetof(struct engine, mend_timer));

	task_start(task_new(en, mend_run, NULL, NULL, NULL));
}

static void
failed(struct engine *en, const struct err *e)
{
	/* One line for a full disk, not one for each who knocks. */
	if (e->kind != ERR_FULL || !engine_frozen_for(en, "disk"))
		log_error("job_failed", "error=\"%s\"", e->text);
	if (e->kind == ERR_FULL)
		vitals_full(en);
	if (en->started && !en->stopping)
		en->world->timer_set_boot(
		    en->world, &en->mend_timer, en->world->boot(en->world) + MS_SECOND);
}

static void
done(struct job *job, const struct err *e)
{
	struct task *t = (struct task *)job;
	struct engine *en = t->en;

	if (e != NULL)
		failed(en, e);
	else {
		/* Before any answer leaves: who opted out is in the stop set. */
		dispatch_stop_keys(en, t->stops);
		outlet_news(en, t->news);
		tell(en, t->touches);
	}
	for (int c = 0; c < CHANNELS; c++)
		en->next_due[c] = t->next_due[c];
	en->next_wake = t->next_wake;
	en->next_settle = t->next_settle;
	en->next_people = t->next_people;
	en->inbox_open = t->inbox_open;
	en->asked = t->asked;
	if (t->done != NULL)
		t->done(t, e);
	finish(t);
	dispatch_look(en);
	clockwork_look(en);
	notices_look(en);
}

static void
read_done(struct job *job, const struct err *e)
{
	struct task *t = (struct task *)job;

	if (e != NULL)
		log_error("query_failed", "error=\"%s\"", e->text);
	if (t->done != NULL)
		t->done(t, e);
	finish(t);
}

static void
touch_free(gpointer p)
{
	struct engine_touch *t = p;

	g_free((char *)(uintptr_t)(*t->text != '\0' ? t->text : NULL));
	g_free(t);
}

struct task *
task_new(struct engine *en, int (*fn)(struct task *, struct work *, struct err *),
    void (*fn_done)(struct task *, const struct err *), void *data, GDestroyNotify free_data)
{
	struct task *t = g_new0(struct task, 1);

	t->en = en;
	t->cat = catalog_ref(en->catalog);
	t->now = en->world->now(en->world);
	t->boot = en->world->boot(en->world);
	t->run = fn;
	t->done = fn_done;
	t->data = data;
	t->free_data = free_data;
	t->stops = g_array_new(FALSE, FALSE, sizeof(int64_t));
	t->news = g_array_new(FALSE, FALSE, sizeof(struct account_news));
	if (en->options.watch.touch != NULL)
		t->touches = g_ptr_array_new_with_free_func(touch_free);
	return t;
}

void
task_start(struct task *t)
{
	t->job.run = run;
	t->job.done = done;
	t->en->world->job_start(t->en->world, &t->job);
}

void
task_start_repeatable(struct task *t)
{
	t->job.repeats = true;
	task_start(t);
}

void
task_start_slow(struct task *t)
{
	t->job.slow = true;
	task_start_read(t);
}

void
task_start_read(struct task *t)
{
	t->job.run = run;
	t->job.done = read_done;
	t->en->world->read_start(t->en->world, &t->job);
}
