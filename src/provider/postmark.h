/* postmark.h - what Postmark posts and what it answers when asked. Pure. */
#ifndef PROVIDER_POSTMARK_H
#define PROVIDER_POSTMARK_H

#include "provider/provider.h"

int postmark_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply);

const char *postmark_stream(const struct account *acc, enum category category);

/* A lost answer by our reference, a missing receipt by its id. */
int postmark_query(const struct account *acc, const struct config *cfg,
    const struct parcel *p, ms_t sig_ts, struct arena *a, struct provider_request *out,
    struct err *e);
void postmark_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out);

#endif
