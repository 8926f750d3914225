/* mailgun.h - what Mailgun posts: events, and answers by a route. Pure. */
#ifndef PROVIDER_MAILGUN_H
#define PROVIDER_MAILGUN_H

#include "provider/mail.h"
#include "provider/wire.h"

/* The `hook` of struct provider. */
int mailgun_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply);

#endif
