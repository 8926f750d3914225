/* postmark.h - what Postmark posts: its webhooks and inbound mails. */
#ifndef PROVIDER_POSTMARK_H
#define PROVIDER_POSTMARK_H

#include "provider/provider.h"

int postmark_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply);

#endif
