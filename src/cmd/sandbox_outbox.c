/* sandbox_outbox.c - one queue a callback address. */
#include "sandbox_outbox.h"

#include <glib.h>

#define EVENTS_A_CALL 200
#define CALLS_AT_ONCE 4 /* to one address; what comes meanwhile makes fuller calls */

struct queue {
	char *url;
	GQueue events; /* char * */
	int calls;
};

struct sandbox_outbox {
	struct sandbox_post *post;
	GHashTable *queues; /* url -> struct queue * */
	unsigned waiting;
};

static void
free_queue(gpointer p)
{
	struct queue *q = p;
	g_queue_clear_full(&q->events, g_free);
	g_free(q->url);
	g_free(q);
}

struct sandbox_outbox *
sandbox_outbox_new(struct sandbox_post *post)
{
	struct sandbox_outbox *o = g_new0(struct sandbox_outbox, 1);
	o->post = post;
	o->queues = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_queue);
	return o;
}

void
sandbox_outbox_free(struct sandbox_outbox *o)
{
	g_hash_table_destroy(o->queues);
	g_free(o);
}

void
sandbox_outbox_add(struct sandbox_outbox *o, const char *callback, char *event)
{
	struct queue *q = g_hash_table_lookup(o->queues, callback);
	if (q == NULL) {
		q = g_new0(struct queue, 1);
		q->url = g_strdup(callback);
		g_hash_table_insert(o->queues, q->url, q);
	}
	g_queue_push_tail(&q->events, event);
	o->waiting++;
}

static void
on_sent(void *arg)
{
	struct queue *q = arg;
	q->calls--;
}

static void
send_some(struct sandbox_outbox *o, struct queue *q)
{
	GString *body = g_string_new("{\"events\":[");
	for (int i = 0; i < EVENTS_A_CALL && !g_queue_is_empty(&q->events); i++) {
		char *event = g_queue_pop_head(&q->events);
		if (i > 0)
			g_string_append_c(body, ',');
		g_string_append(body, event);
		g_free(event);
		o->waiting--;
	}
	g_string_append(body, "]}");
	q->calls++;
	struct errand call = {
		.method = "POST",
		.url = g_strdup(q->url),
		.body = g_string_free(body, FALSE),
		.type = "application/json",
		.agent = "reachd-sandbox",
		.must_arrive = true,
		.done = on_sent,
		.arg = q,
	};
	sandbox_post_send(o->post, &call);
}

void
sandbox_outbox_flush(struct sandbox_outbox *o)
{
	GHashTableIter it;
	gpointer value;
	if (o->waiting == 0)
		return;
	g_hash_table_iter_init(&it, o->queues);
	while (g_hash_table_iter_next(&it, NULL, &value)) {
		struct queue *q = value;
		while (q->calls < CALLS_AT_ONCE && !g_queue_is_empty(&q->events))
			send_some(o, q);
	}
}

unsigned
sandbox_outbox_waiting(const struct sandbox_outbox *o)
{
	return o->waiting;
}
