#include "crew.h"

#include <stdbool.h>

#include <glib.h>
#include <uv.h>

#include "base/check.h"

struct crew {
	void (*work)(void *item, void *arg);
	void *arg;
	int max, n, idle;
	bool stop;
	GQueue queue;
	uv_mutex_t lock;
	uv_cond_t more;
	uv_thread_t threads[];
};

static void
on_thread(void *p)
{
	struct crew *c = p;

	uv_mutex_lock(&c->lock);
	for (;;) {
		void *item = g_queue_pop_head(&c->queue);

		if (item != NULL) {
			uv_mutex_unlock(&c->lock);
			c->work(item, c->arg);
			uv_mutex_lock(&c->lock);
		} else if (c->stop) {
			break;
		} else {
			c->idle++;
			uv_cond_wait(&c->more, &c->lock);
			c->idle--;
		}
	}
	uv_mutex_unlock(&c->lock);
}

struct crew *
crew_new(void (*work)(void *item, void *arg), void *arg, int max)
{
	struct crew *c = g_malloc0(sizeof(*c) + sizeof(uv_thread_t) * (size_t)max);

	c->work = work;
	c->arg = arg;
	c->max = max;
	g_queue_init(&c->queue);
	CHECK(uv_mutex_init(&c->lock) == 0 && uv_cond_init(&c->more) == 0);
	return c;
}

void
crew_push(struct crew *c, void *item)
{
	uv_mutex_lock(&c->lock);
	g_queue_push_tail(&c->queue, item);
	if (c->idle < (int)c->queue.length && c->n < c->max)
		CHECK(uv_thread_create(&c->threads[c->n++], on_thread, c) == 0);
	uv_cond_signal(&c->more);
	uv_mutex_unlock(&c->lock);
}

void
crew_free(struct crew *c)
{
	uv_mutex_lock(&c->lock);
	c->stop = true;
	uv_cond_broadcast(&c->more);
	uv_mutex_unlock(&c->lock);
	for (int i = 0; i < c->n; i++)
		CHECK(uv_thread_join(&c->threads[i]) == 0);
	uv_cond_destroy(&c->more);
	uv_mutex_destroy(&c->lock);
	g_free(c);
}
