/* aliyun.h - what the parts of Alibaba Cloud SMS share. Pure. */
#ifndef PROVIDER_ALIYUN_H
#define PROVIDER_ALIYUN_H

#include "provider/wire.h"

/* What the carrier says of a message it did not deliver. */
void
aliyun_failure(const char *code, const char *text, bool *bad_address, bool *opted_out);
int aliyun_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply);

#endif
