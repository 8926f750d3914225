/* web.h - requests in: webhooks, links, unsubscribes and the API, between a server and
 * the engine.
 *
 * web_handle() answers every request it is given exactly once, at once or when the
 * engine has committed. Loop thread only. There are two faces: the public one
 * shows webhooks, /l/, /o/, /u/ and /healthz; the staff one everything, to whom the
 * user behind a Unix socket or a token says he is; nobody we know sees counts.
 * POST /v1/events is also served on the public face, to a caller on this machine
 * that no proxy stands before (the sandbox's people visit that way). */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/engine.h"
#include "web/http.h"

enum web_face { WEB_PUBLIC, WEB_STAFF };

struct web;

/* state_dir: where an upload is kept until it is imported. Both are borrowed. */
struct web *web_new(struct engine *en, const char *state_dir);
/* After the engine has given its last answer. */
void web_free(struct web *w);

void web_handle(struct web *w, struct http_in *in, enum web_face face);

/* What a server takes for a path, for struct server_limits: at most *max bytes of
 * body; true: they go to a file. */
bool web_body(const char *method, const char *path, size_t *max);

#endif
