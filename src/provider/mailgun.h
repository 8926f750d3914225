/* mailgun.h - what Mailgun posts and lists: events, and answers by a route. Pure. */
#ifndef PROVIDER_MAILGUN_H
#define PROVIDER_MAILGUN_H

#include "provider/mail.h"
#include "provider/wire.h"

/* The `hook` of struct provider. */
int mailgun_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply);

/* One event, posted or listed, under its own id; key: for one that has none. false: it tells
 * nothing. */
bool mailgun_event(
    const json_t *data, const char *key, struct arena *a, struct receipt *r);

/* When it was, whatever number that is called. */
double mailgun_seconds(const json_t *data);

/* A lost answer by our reference, a missing receipt by that or by its id. */
int mailgun_query(const struct account *acc, const struct config *cfg,
    const struct parcel *p, ms_t sig_ts, struct arena *a, struct provider_request *out,
    struct err *e);
void mailgun_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out);

/* All events of the domain since the last ones. */
int mailgun_pull(const struct account *acc, const struct config *cfg, const char *cursor,
    const char *ticket, ms_t sig_ts, struct arena *a, struct provider_request *out,
    struct err *e);
int mailgun_pull_answer(const struct account *acc, int status, const char *body,
    size_t len, struct arena *a, struct receipt **out, int *n, const char **cursor,
    bool *more, struct answer *why);

#endif
