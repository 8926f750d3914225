/* ses.h - what Amazon SES has SNS post. */
#ifndef PROVIDER_SES_H
#define PROVIDER_SES_H

#include "provider/provider.h"

int ses_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply);

#endif
