/* sigv4.h - the signature of Amazon Web Services, AWS4-HMAC-SHA256, for a call of JSON. Pure. */
#ifndef PROVIDER_SIGV4_H
#define PROVIDER_SIGV4_H

#include "provider/wire.h"

struct sigv4 {
	const char *key_id, *secret;
	const char *token; /* of temporary credentials; "": none */
	const char *region, *service;
	const char *method;
	const char *host, *path; /* path: in canonical form already, no query */
	const char *body;
	size_t body_len;
	const char *date; /* 20261122T035000Z: good for five minutes */
};

/* What goes into Authorization. */
const char *sigv4_authorization(const struct sigv4 *r, struct arena *a);
/* An instant as X-Amz-Date has it. */
const char *sigv4_date(struct arena *a, ms_t at);

#endif
