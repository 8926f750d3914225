#include "errand.h"

#include <string.h>

#include "pocket.h"

void
errand_open(struct errand *er, struct engine *en, const struct account *acc)
{
	memset(er, 0, sizeof(*er));
	er->en = en;
	er->cat = catalog_ref(en->catalog);
	er->acc = acc;
	er->arena = arena_new();
	er->request.headers = g_ptr_array_new();
	en->in_flight++;
}

void
errand_go(struct errand *er, void (*done)(struct http_call *http))
{
	const struct provider_request *r = &er->request;

	g_ptr_array_add(r->headers, NULL);
	er->http.req = (struct http_req){ .method = r->method,
		.url = pocket_url(er->en, er->acc, er->arena, r->url),
		.headers = (const char *const *)r->headers->pdata,
		.body = r->body_len > 0 ? r->body : NULL,
		.body_len = r->body_len,
		.internal = er->acc->internal };
	er->http.done = done;
	er->en->world->http_start(er->en->world, &er->http);
}

void
errand_drop(struct errand *er)
{
	if (er->en == NULL)
		return;
	catalog_unref(er->cat);
	g_ptr_array_unref(er->request.headers);
	arena_free(er->arena);
	er->en = NULL;
}

void
errand_close(struct errand *er)
{
	struct engine *en = er->en;

	errand_drop(er);
	dispatch_call_over(en);
}
