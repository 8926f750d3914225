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
	struct engine_who who;  /* of a list that is not shown whole */
	const char *list;       /* its key; NULL: whole */
};

struct pending *pending_new(struct web *w, struct http_in *in);
void pending_free(struct pending *p);
/* An engine_answer that hands status and text through. */
void pending_json(void *arg, int status, const char *json);

/* From here on the answer is only what this person sees; returns p. */
struct pending *pending_limit(
    struct pending *p, const struct engine_who *who, const char *list);
/* An engine_answer for it. */
void pending_list(void *arg, int status, const char *json);

#endif
