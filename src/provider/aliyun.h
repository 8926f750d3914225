/* aliyun.h - SMS of Alibaba Cloud: what aliyun.c, which sends, and aliyun_back.c, which hears, have in
 * common. */
#ifndef PROVIDER_ALIYUN_H
#define PROVIDER_ALIYUN_H

#include "provider/wire.h"

#define ALIYUN_VERSION "2017-05-25"

/* Mainland numbers go without the country: 138... */
const char *aliyun_number(const char *to);
/* Our reference: one a call. */
const char *aliyun_out_id(const struct parcel *p);
/* A nonce of its own for every call and instant; derived, so that it needs no dice. */
const char *aliyun_nonce(struct arena *a, const char *what, ms_t at);

int
aliyun_query(const struct account *acc, const struct config *cfg, const struct parcel *p,
    ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e);
void aliyun_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out);
int aliyun_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply);

#endif
