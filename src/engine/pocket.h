/* pocket.h - what services want fetched before they are spoken to or believed: tokens, certificates. Loop thread.
 *
 * A token is fetched once for all accounts of one key, again before it ends, and at once when
 * the service calls it stale. A certificate is fetched by its address and kept for a day. */
#ifndef ENGINE_POCKET_H
#define ENGINE_POCKET_H

#include "engine_impl.h"

struct pocket *pocket_new(struct engine *en);
/* Cancels what is under way. */
void pocket_free(struct pocket *p);

/* May the account be used? false: its token is being fetched, or will be; *ready is lowered to
 * the boot instant at which asking again is worth while. */
bool pocket_ready(struct engine *en, const struct account *acc, ms_t boot, ms_t *ready);
/* The address with the token in its place, in the arena; "" while there is none. */
const char *pocket_url(
    struct engine *en, const struct account *acc, struct arena *a, const char *url);
/* The service no longer takes the token with which the call went. The second time in a row,
 * with a fresh one, is a mistake in the account: true. */
bool pocket_stale(struct engine *en, const struct account *acc, const char *url);
/* A call went well with it. */
void pocket_good(struct engine *en, const struct account *acc);

/* Why a call was not made: without a token there is none. */
const char *pocket_why(const struct http_call *http);

#endif
