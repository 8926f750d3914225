/* A call of an account for itself: a token, keys to call under, who its contacts are, what came
 * for it. No message is in it, so nothing of it is kept on disk. While it is open it holds its
 * account's catalog and counts among the calls the engine waits for before it stops. */
#ifndef REACHD_ENGINE_ERRAND_H
#define REACHD_ENGINE_ERRAND_H

#include "engine_impl.h"

struct errand {
	struct http_call http;
	struct engine *en; /* NULL: it is not open */
	struct catalog *cat;
	const struct account *acc;
	struct arena *arena; /* lives until it is closed */
	struct provider_request request;
};

void errand_open(struct errand *er, struct engine *en, const struct account *acc);

/* Sends the request that was made; `done` runs on the loop, and closes it in the end. */
void errand_go(struct errand *er, void (*done)(struct http_call *http));

/* Frees what it held, before the call or after it. The engine may have stopped after this. */
void errand_close(struct errand *er);

/* Frees it, if it is open, when the engine itself is freed: nobody waits any more. */
void errand_drop(struct errand *er);

#endif
