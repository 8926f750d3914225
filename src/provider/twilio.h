/* twilio.h - what Twilio posts and lists: the same statuses and replies, under the same keys. Pure. */
#ifndef PROVIDER_TWILIO_H
#define PROVIDER_TWILIO_H

#include "provider/wire.h"

#define TWILIO_ID_MAX 64

void
twilio_auth(const struct account *acc, struct arena *a, struct provider_request *out);
/* "/2010-04-01/Accounts/SID/" and what is below. */
const char *twilio_path(const struct account *acc, struct arena *a, const char *below);

/* What a status means; false: it is not known. */
bool twilio_word(const char *word, enum receipt_kind *kind);
/* Why it failed, by its code. */
void twilio_failure(const char *code, struct receipt *r);
/* One for the same event, posted or listed: provider_id and kind are there. */
const char *twilio_key(const struct receipt *r, const char *word, struct arena *a);

/* The `hook` of struct provider; its `query`, a lost answer among what went to the number, a
 * missing receipt by its id; its `pull`, all that went and came lately. */
int twilio_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply);
int
twilio_query(const struct account *acc, const struct config *cfg, const struct parcel *p,
    ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e);
void twilio_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out);
int twilio_pull(const struct account *acc, const struct config *cfg, const char *cursor,
    const char *ticket, ms_t sig_ts, struct arena *a, struct provider_request *out,
    struct err *e);
int twilio_pull_answer(const struct account *acc, int status, const char *body,
    size_t len, struct arena *a, struct receipt **out, int *n, const char **cursor,
    bool *more, struct answer *why);

#endif
