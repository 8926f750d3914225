/* hook.h - what gateways without a file of their own post, one form.
 *
 *	{"events":[{"id","type","ref","id_provider","from","text","at","code"}]}
 *
 * For gateways of `type: http` and for the sandbox. type is one of sent,
 * delivered, failed, open, click, reply, complaint, unsubscribe. `ref` is the
 * reference reachd gave, `id_provider` the id the gateway answered; one of
 * them, or `from` for what a person does, must be there. `channel` is needed
 * only where an account serves several. It is protected by the secret in its
 * path, which the web layer checks. Pure. */
#ifndef PROVIDER_HOOK_H
#define PROVIDER_HOOK_H

#include "provider/provider.h"

/* The `hook` of struct provider. An element that cannot be understood is
 * returned as broken and does not stop the others. */
int hook_events(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply);

#endif
