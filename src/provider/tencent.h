/* tencent.h - the two halves of `type: tencent`: what is sent, and what comes back. */
#ifndef PROVIDER_TENCENT_H
#define PROVIDER_TENCENT_H

#include "tc3.h"

/* A call's own error, else NULL. j: the answer read. */
const char *tencent_error(const json_t *j);
/* An error a person must see to: key, address, balance. */
bool tencent_stops(const char *code);
struct tc3 tencent_call(const struct account *acc, const char *action, ms_t at);

int tencent_pull(const struct account *acc, const struct config *cfg, const char *cursor,
    const char *ticket, ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e);
int tencent_pull_answer(const struct account *acc, int status, const char *body,
    size_t len, struct arena *a, struct receipt **out, int *n, const char **cursor,
    bool *more, struct answer *why);
/* Of one message, by its number. */
int
tencent_query(const struct account *acc, const struct config *cfg, const struct parcel *p,
    ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e);
void tencent_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out);
int tencent_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply);

#endif
