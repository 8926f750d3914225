/* tc3.h - the signature of Tencent Cloud, TC3-HMAC-SHA256. Pure.
 *
 * Source: "Signature v3" of Tencent Cloud's API documentation; tests/oracle checks it
 * against their own SDK. It has no nonce: the same bytes are taken again, so a call that
 * is repeated sends again. */
#ifndef PROVIDER_TC3_H
#define PROVIDER_TC3_H

#include "provider/wire.h"

struct tc3 {
	const struct account *acc; /* secret_id, secret_key, region */
	const char *service, *action, *version;
	ms_t at; /* the instant the signature carries: good for 5 min */
};

/* The whole request, to the account's url with path "/". j is freed. */
void
tc3_sign(const struct tc3 *r, json_t *j, struct arena *a, struct provider_request *out);

#endif
