#include "pocket.h"

#include <string.h>

#include "base/log.h"
#include "errand.h"
#include "outlet.h"

#define TOKEN_MAX 2048
#define EARLY (200 * MS_SECOND) /* a token is fetched anew so long before its end */
#define RETRY_MAX MS_MINUTE
#define CERTIFICATE_LIFE MS_DAY
#define CERTIFICATES_MAX 64

struct item {
	struct pocket *pocket;
	char *key;
	char text[TOKEN_MAX];               /* "": none */
	ms_t refresh_at, dead_at, retry_at; /* boot */
	int failures;
	bool doubted; /* called stale; the next time means a wrong account */
	bool busy;
	struct errand errand; /* when busy */
};

struct certificate {
	char *text; /* NULL: being fetched, or it failed */
	ms_t good_until;
	GPtrArray *waiting; /* struct waiter * */
	struct engine *en;
	struct http_call http;
	char *url;
	bool busy, telling;
};

struct pocket {
	struct engine *en;
	GHashTable *items;        /* key -> struct item * */
	GHashTable *certificates; /* url -> struct certificate * */
};

struct waiter {
	void (*cb)(void *arg, bool there);
	void *arg;
};

static void
item_free(gpointer p)
{
	struct item *it = p;

	if (it->busy)
		errand_drop(&it->errand);
	explicit_bzero(it->text, sizeof(it->text));
	g_free(it->key);
	g_free(it);
}

static void
certificate_free(gpointer p)
{
	struct certificate *c = p;

	g_ptr_array_unref(c->waiting);
	g_free(c->text);
	g_free(c->url);
	g_free(c);
}

struct pocket *
pocket_new(struct engine *en)
{
	struct pocket *p = g_new0(struct pocket, 1);

	p->en = en;
	p->items = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, item_free);
	p->certificates =
	    g_hash_table_new_full(g_str_hash, g_str_equal, NULL, certificate_free);
	return p;
}

void
pocket_free(struct pocket *p)
{
	if (p == NULL)
		return;
	g_hash_table_destroy(p->items);
	g_hash_table_destroy(p->certificates);
	g_free(p);
}

/* ---- tokens ---- */

static const struct provider_token *
token_of(const struct account *acc)
{
	const struct provider *p = provider_find(acc->type);

	return p == NULL ? NULL : p->token;
}

static struct item *
item_of(struct engine *en, const struct account *acc)
{
	const struct provider_token *t = token_of(acc);
	struct arena *a = arena_new();
	const char *key = t->key(acc, a);
	struct item *it = g_hash_table_lookup(en->pocket->items, key);

	if (it == NULL) {
		it = g_new0(struct item, 1);
		it->pocket = en->pocket;
		it->key = g_strdup(key);
		g_hash_table_insert(en->pocket->items, it->key, it);
	}
	arena_free(a);
	return it;
}

/* Everybody who shares the key is told to stop: a person must look. */
static void
freeze_all(struct engine *en, const char *key, const char *code)
{
	const struct config *cfg = en->catalog->config;
	struct arena *a = arena_new();

	for (int i = 0; i < cfg->n_accounts; i++) {
		const struct provider_token *t = token_of(&cfg->accounts[i]);

		if (t != NULL && strcmp(t->key(&cfg->accounts[i], a), key) == 0)
			outlet_freeze(en, &cfg->accounts[i], code);
	}
	arena_free(a);
}

static void
keep(struct item *it, ms_t life, ms_t boot)
{
	it->failures = 0;
	it->dead_at = boot + life;
	it->refresh_at = it->dead_at - MIN(EARLY, life / 10);
}

static void
fetched(struct http_call *http)
{
	struct item *it = (struct item *)((char *)http - offsetof(struct item, errand));
	const struct errand *er = &it->errand;
	struct engine *en = it->pocket->en;
	ms_t boot = en->world->boot(en->world), life = 0;
	struct answer why = { .outcome = OUTCOME_UNKNOWN };
	char text[TOKEN_MAX] = "";
	bool ok = http->end == HTTP_ANSWERED &&
		  token_of(er->acc)->answer(er->acc, http->status, http->body,
		      http->body_len, text, sizeof(text), &life, &why);

	if (ok) {
		g_strlcpy(it->text, text, sizeof(it->text));
		keep(it, life, boot);
	} else {
		it->retry_at = boot + MIN(MS_SECOND << MIN(it->failures, 6), RETRY_MAX);
		if (it->failures++ == 0)
			log_warn("token_not_fetched", "account=%s code=%s", er->acc->name,
			    why.perr);
		if (why.freeze)
			freeze_all(en, it->key, why.perr);
	}
	explicit_bzero(text, sizeof(text));
	it->busy = false;
	errand_close(&it->errand);
	if (!en->stopping)
		dispatch_look(en);
}

static void
start(struct engine *en, struct item *it, const struct account *acc)
{
	struct errand *er = &it->errand;
	struct err e = { 0 };

	errand_open(er, en, acc);
	if (token_of(acc)->request(
		acc, en->catalog->config, er->arena, &er->request, &e) != 0) {
		errand_close(er);
		outlet_freeze(en, acc, e.text);
		return;
	}
	it->busy = true;
	errand_go(er, fetched);
}

bool
pocket_ready(struct engine *en, const struct account *acc, ms_t boot, ms_t *ready)
{
	const struct outlet *o = outlet_of(en, acc);
	struct item *it;
	bool good;

	if (token_of(acc) == NULL)
		return true;
	/* A wrong secret asked with again and again shuts this machine out. */
	if (o != NULL && o->frozen)
		return false;
	it = item_of(en, acc);
	good = *it->text != '\0' && boot < it->dead_at;
	if (!it->busy && !en->stopping && (!good || boot >= it->refresh_at)) {
		if (boot >= it->retry_at)
			start(en, it, acc);
		else if (!good)
			*ready = MIN(*ready, it->retry_at);
	}
	return good;
}

const char *
pocket_url(struct engine *en, const struct account *acc, struct arena *a, const char *url)
{
	const char *place = strstr(url, PROVIDER_TOKEN);
	const struct item *it;

	if (place == NULL || token_of(acc) == NULL)
		return url;
	it = item_of(en, acc);
	if (*it->text == '\0')
		return "";
	return arena_printf(a, "%.*s%s%s", (int)(place - url), url, it->text,
	    place + strlen(PROVIDER_TOKEN));
}

const char *
pocket_why(const struct http_call *http)
{
	return *http->req.url == '\0'
		   ? "its access token was refused, a new one is awaited"
		   : http->error;
}

bool
pocket_stale(struct engine *en, const struct account *acc, const char *url)
{
	struct item *it;

	if (token_of(acc) == NULL)
		return false;
	it = item_of(en, acc);
	/* Another call has had it renewed meanwhile. */
	if (*it->text == '\0' || strstr(url, it->text) == NULL)
		return false;
	*it->text = '\0';
	it->retry_at = 0;
	if (it->doubted)
		return true;
	it->doubted = true;
	return false;
}

void
pocket_good(struct engine *en, const struct account *acc)
{
	if (token_of(acc) != NULL)
		item_of(en, acc)->doubted = false;
}

/* ---- certificates ---- */

static void
tell(struct certificate *c, bool there)
{
	GPtrArray *waiting = c->waiting;

	c->telling = true;
	c->waiting = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < waiting->len; i++) {
		struct waiter *w = waiting->pdata[i];

		w->cb(w->arg, there);
	}
	g_ptr_array_unref(waiting);
	c->telling = false;
}

static void
certificate_fetched(struct http_call *http)
{
	struct certificate *c =
	    (struct certificate *)((char *)http - offsetof(struct certificate, http));
	struct engine *en = c->en;
	bool ok = http->end == HTTP_ANSWERED && http->status == 200 && http->body_len > 0;

	c->busy = false;
	if (ok) {
		g_free(c->text);
		c->text = g_strndup(http->body, http->body_len);
		c->good_until = en->world->boot(en->world) + CERTIFICATE_LIFE;
	} else {
		log_warn("page_not_fetched", "status=%d error=\"%s\"", http->status,
		    http->error);
	}
	tell(c, ok);
	dispatch_call_over(en);
}

const char *
engine_fetched(struct engine *en, const char *url)
{
	const struct certificate *c = g_hash_table_lookup(en->pocket->certificates, url);

	return c != NULL && c->text != NULL && en->world->boot(en->world) < c->good_until
		   ? c->text
		   : NULL;
}

/* Addresses that gave nothing, or long ago, must not keep others out. */
static gboolean
is_of_no_use(gpointer url, gpointer one, gpointer arg)
{
	const struct certificate *c = one;

	(void)url;
	return !c->busy && !c->telling &&
	       (c->text == NULL || *(const ms_t *)arg >= c->good_until);
}

bool
engine_fetch(struct engine *en, const char *url, bool internal,
    void (*cb)(void *arg, bool there), void *arg)
{
	struct certificate *c = g_hash_table_lookup(en->pocket->certificates, url);
	struct waiter w = { cb, arg };
	ms_t boot = en->world->boot(en->world);

	if (en->stopping || (!internal && !g_str_has_prefix(url, "https://")))
		return false;
	if (c == NULL) {
		if (g_hash_table_size(en->pocket->certificates) >= CERTIFICATES_MAX)
			g_hash_table_foreach_remove(
			    en->pocket->certificates, is_of_no_use, &boot);
		if (g_hash_table_size(en->pocket->certificates) >= CERTIFICATES_MAX)
			return false;
		c = g_new0(struct certificate, 1);
		c->en = en;
		c->url = g_strdup(url);
		c->waiting = g_ptr_array_new_with_free_func(g_free);
		g_hash_table_insert(en->pocket->certificates, c->url, c);
	}
	g_ptr_array_add(c->waiting, g_memdup2(&w, sizeof(w)));
	if (c->busy)
		return true;
	c->busy = true;
	memset(&c->http, 0, sizeof(c->http));
	c->http.req =
	    (struct http_req){ .method = "GET", .url = c->url, .internal = internal };
	c->http.done = certificate_fetched;
	en->in_flight++;
	en->world->http_start(en->world, &c->http);
	return true;
}
