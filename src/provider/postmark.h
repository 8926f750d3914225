/* postmark.h - what Postmark posts and what it answers when asked. Pure. */
#ifndef PROVIDER_POSTMARK_H
#define PROVIDER_POSTMARK_H

#include <jansson.h>

#include "provider/provider.h"

int postmark_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply);

/* One record, posted or listed, into r, whose strings are ""; false: of no interest. */
bool
postmark_record(const char *type, const json_t *j, struct arena *a, struct receipt *r);
/* Of a change that has no id: perr, from and at are there. */
const char *postmark_change_key(const struct receipt *r, struct arena *a);

void
postmark_auth(const struct account *acc, struct arena *a, struct provider_request *out);
const char *postmark_escaped(struct arena *a, const char *s);
const char *postmark_stream(const struct account *acc, enum category category);

/* A lost answer by our reference, a missing receipt by its id. */
int postmark_query(const struct account *acc, const struct config *cfg,
    const struct parcel *p, ms_t sig_ts, struct arena *a, struct provider_request *out,
    struct err *e);
void postmark_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out);

/* What it took, what came back and who wants no more, since the last that was seen. */
int postmark_pull(const struct account *acc, const struct config *cfg, const char *cursor,
    const char *ticket, ms_t sig_ts, struct arena *a, struct provider_request *out,
    struct err *e);
int postmark_pull_answer(const struct account *acc, int status, const char *body,
    size_t len, struct arena *a, struct receipt **out, int *n, const char **cursor,
    bool *more, struct answer *why);

#endif
