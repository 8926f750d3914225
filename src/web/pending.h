/* pending.h - a request that waits for the engine. */
#ifndef WEB_PENDING_H
#define WEB_PENDING_H

#include "base/arena.h"
#include "provider/provider.h"
#include "web/web.h"

struct pending {
	struct web *web;
	struct http_in *in;
	struct arena *arena;
	struct hook_reply hook; /* webhooks: the provider's success form */
	int language;           /* pages */
};

struct pending *pending_new(struct web *w, struct http_in *in);
void pending_free(struct pending *p);
/* An engine_answer that hands status and text through. */
void pending_json(void *arg, int status, const char *json);

#endif
