/* probe.h - accounts tried out by what costs nothing and reaches nobody, through the real world. */
#ifndef CMD_PROBE_H
#define CMD_PROBE_H

#include <jansson.h>

#include "base/world.h"
#include "provider/provider.h"

/* What doctor.h says of an account, and {"batch", "ok", "checks": [{"check", "result", "text",
 * "text_zh", "code", "next", "next_zh"}]}. check: credentials, address, key,
 * clock, webhook; result: ok, note, failed, skipped. running: the daemon is up, so that its
 * webhooks must answer. A new reference. */
json_t *probe_account(
    struct world *w, const struct config *cfg, const struct account *acc, bool running);

/* ---- what probe.c and its parts share ---- */

struct trial {
	struct world *world;
	const struct config *cfg;
	const struct account *acc;
	const struct provider *provider;
	struct arena *arena;
	json_t *checks;
	bool failed;
};

/* A check and its outcome. next: what to do about it, "" for nothing; code: the service's own
 * word, "" for none. */
struct probe_check {
	const char *check, *result, *en, *zh, *next_en, *next_zh, *code;
};
void probe_add(struct trial *t, const struct probe_check *c);

/* One call, until it is over. Strings live in the arena. */
struct probe_call {
	struct http_call http;
	struct trial *trial;
	struct provider_reply reply;
	ms_t now; /* when it was over */
};
void probe_ask(struct trial *t, const struct provider_request *r, bool internal,
    struct probe_call *out);

/* The account's key, from what its probe learned. */
void probe_key(struct trial *t, const struct probed *p);
/* Credentials read, and the webhook's address. */
void probe_credentials(struct trial *t);
void probe_webhook(struct trial *t, bool running);

#endif
