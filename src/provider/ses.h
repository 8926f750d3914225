/* ses.h - what Amazon SES has SNS post. */
#ifndef PROVIDER_SES_H
#define PROVIDER_SES_H

#include "provider/wire.h"

/* The account's address and a path behind it. */
const char *ses_url(const struct account *acc, struct arena *a, const char *path);
/* Signs a request that is otherwise whole, Content-Type: application/json among its headers. */
void ses_sign(const struct account *acc, ms_t sig_ts, struct arena *a,
    struct provider_request *out);
/* The name of an error; "": it has none. */
const char *
ses_error(const struct provider_reply *reply, const json_t *j, struct arena *a);

int ses_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply);

#endif
