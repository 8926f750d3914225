/* resend.h - what Resend is asked about a mail. Pure. */
#ifndef PROVIDER_RESEND_H
#define PROVIDER_RESEND_H

#include "provider/wire.h"

/* The `query` of struct provider: what has become of a mail, by its id. */
int
resend_query(const struct account *acc, const struct config *cfg, const struct parcel *p,
    ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e);
void resend_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out);

#endif
