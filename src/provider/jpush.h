/* jpush.h - what Aurora is asked beside pushing: cids beforehand, receipts afterwards. Pure. */
#ifndef PROVIDER_JPUSH_H
#define PROVIDER_JPUSH_H

#include "provider/wire.h"

extern const struct provider_keys jpush_keys;

/* The `query` of struct provider: how many devices a message has reached. */
int
jpush_query(const struct account *acc, const struct config *cfg, const struct parcel *p,
    ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e);
void jpush_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out);

#endif
