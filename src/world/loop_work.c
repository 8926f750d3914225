/* loop_work.c - work for a processor on libuv's thread pool. */
#include <glib.h>

#include "loop_impl.h"

#include "base/check.h"

struct item {
	uv_work_t uv;
	struct loop *loop;
	struct loop_work *work;
};

static void
on_work(uv_work_t *uv)
{
	struct item *item = uv->data;

	item->work->work(item->work);
}

static void
on_after(uv_work_t *uv, int status)
{
	struct item *item = uv->data;
	struct loop *l = item->loop;
	struct loop_work *work = item->work;
	uint64_t start = uv_hrtime();

	CHECK(status == 0); /* nothing cancels */
	g_free(item);
	l->works--;
	work->impl = NULL;
	work->after(work);
	loop_measure(l, "work_after", start);
}

void
loop_worker(struct world *w, struct loop_work *work)
{
	struct item *item = g_new0(struct item, 1);

	item->loop = loop_of(w);
	item->work = work;
	item->uv.data = item;
	work->impl = item;
	item->loop->works++;
	CHECK(uv_queue_work(&item->loop->uv, &item->uv, on_work, on_after) == 0);
}
