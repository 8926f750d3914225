#include "stock.h"

#include <limits.h>

#include "base/log.h"
#include "errand.h"

#define TRIES 4 /* then messages go without */
#define RETRY_MAX MS_MINUTE
#define KEYS_MAX 1000

/* What one owner of an account there was given. */
struct shelf {
	struct stock *stock;
	char *owner;
	GQueue keys; /* struct given *, the oldest first */
	int failures;
	ms_t retry_at; /* boot */
	bool busy;
	struct errand errand; /* when busy */
};

struct stock {
	struct engine *en;
	GHashTable *shelves; /* owner -> struct shelf * */
};

static void
given_free(gpointer p)
{
	g_free(((struct given *)p)->key);
	g_free(p);
}

static void
shelf_free(gpointer p)
{
	struct shelf *s = p;

	if (s->busy)
		errand_drop(&s->errand);
	g_queue_clear_full(&s->keys, given_free);
	g_free(s->owner);
	g_free(s);
}

struct stock *
stock_new(struct engine *en)
{
	struct stock *s = g_new0(struct stock, 1);

	s->en = en;
	s->shelves = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, shelf_free);
	return s;
}

void
stock_free(struct stock *s)
{
	if (s == NULL)
		return;
	g_hash_table_destroy(s->shelves);
	g_free(s);
}

static const struct provider_keys *
keys_of(const struct account *acc)
{
	const struct provider *p = provider_find(acc->type);

	return p == NULL ? NULL : p->keys;
}

static struct shelf *
shelf_of(struct engine *en, const struct account *acc)
{
	const char *owner = keys_of(acc)->owner(acc);
	struct shelf *s = g_hash_table_lookup(en->stock->shelves, owner);

	if (s != NULL)
		return s;
	s = g_new0(struct shelf, 1);
	s->stock = en->stock;
	s->owner = g_strdup(owner);
	g_queue_init(&s->keys);
	g_hash_table_insert(en->stock->shelves, s->owner, s);
	return s;
}

/* ---- fetching ---- */

static void
failed(struct shelf *s, const struct account *acc, const char *why, ms_t boot)
{
	s->retry_at = boot + MIN(MS_SECOND << MIN(s->failures, 6), RETRY_MAX);
	if (++s->failures == TRIES)
		log_warn("keys_not_fetched",
		    "account=%s why=\"%s\" effect=\"messages go without, a lost answer "
		    "is "
		    "not repeated\"",
		    acc->name, why);
}

static void
fetched(struct http_call *http)
{
	struct shelf *s = (struct shelf *)((char *)http - offsetof(struct shelf, errand));
	const struct errand *er = &s->errand;
	struct engine *en = s->stock->en;
	ms_t boot = en->world->boot(en->world);
	const char *keys[KEYS_MAX];
	int n = http->end != HTTP_ANSWERED
		    ? 0
		    : keys_of(er->acc)->answer(er->acc, http->status, http->body,
			  http->body_len, er->arena, keys, KEYS_MAX);

	for (int i = 0; i < n; i++) {
		struct given *g = g_new0(struct given, 1);

		*g = (struct given){ boot, g_strdup(keys[i]) };
		g_queue_push_tail(&s->keys, g);
	}
	if (n > 0) {
		s->failures = 0;
		s->retry_at = boot + MS_SECOND; /* however few it gave */
	} else
		failed(s, er->acc, http->end == HTTP_ANSWERED ? "answer" : http->error,
		    boot);
	s->busy = false;
	errand_close(&s->errand);
	if (!en->stopping)
		dispatch_look(en);
}

static void
start(struct engine *en, struct shelf *s, const struct account *acc)
{
	struct errand *er = &s->errand;
	struct err e = { 0 };

	errand_open(er, en, acc);
	if (keys_of(acc)->request(
		acc, en->catalog->config, er->arena, &er->request, &e) != 0) {
		errand_close(er);
		failed(s, acc, e.text, en->world->boot(en->world));
		return;
	}
	s->busy = true;
	errand_go(er, fetched);
}

/* ---- using ---- */

/* Those that are old begin no message: their life is counted from when they were given. */
static void
clear_out(struct shelf *s, const struct account *acc, ms_t boot)
{
	struct given *g;

	while ((g = g_queue_peek_head(&s->keys)) != NULL &&
	       boot - g->at >= keys_of(acc)->fresh)
		given_free(g_queue_pop_head(&s->keys));
}

bool
stock_ready(struct engine *en, const struct account *acc, ms_t boot, ms_t *ready)
{
	struct shelf *s;
	int n;

	if (keys_of(acc) == NULL)
		return true;
	s = shelf_of(en, acc);
	clear_out(s, acc, boot);
	n = (int)g_queue_get_length(&s->keys);
	if (n <= keys_of(acc)->low && !s->busy && boot >= s->retry_at && !en->stopping)
		start(en, s, acc);
	if (n > 0 || s->failures >= TRIES)
		return true;
	if (!s->busy)
		*ready = MIN(*ready, s->retry_at);
	return false;
}

int
stock_room(struct engine *en, const struct account *acc)
{
	guint n;

	if (keys_of(acc) == NULL)
		return INT_MAX;
	n = g_queue_get_length(&shelf_of(en, acc)->keys);
	return n == 0 ? INT_MAX : (int)n;
}

GPtrArray *
stock_lend(struct engine *en, const struct account *acc, int *n)
{
	GPtrArray *lent;
	struct shelf *s;

	if (keys_of(acc) == NULL)
		return NULL;
	s = shelf_of(en, acc);
	lent = g_ptr_array_new_with_free_func(given_free);
	while ((int)lent->len < *n && !g_queue_is_empty(&s->keys))
		g_ptr_array_add(lent, g_queue_pop_head(&s->keys));
	if (s->failures < TRIES)
		*n = (int)lent->len;
	return lent;
}

void
stock_back(struct engine *en, const struct account *acc, GPtrArray *lent, int n)
{
	struct shelf *s = shelf_of(en, acc);

	/* From the end, so that the oldest is first again. */
	while (n-- > 0)
		g_queue_push_head(&s->keys, g_ptr_array_steal_index_fast(lent, (guint)n));
}
