/* svix.h - webhooks signed as Svix does it (Standard Webhooks): HMAC-SHA256 over id, time and body. Pure. */
#ifndef PROVIDER_SVIX_H
#define PROVIDER_SVIX_H

#include "provider/wire.h"

/* secret: "whsec_" and base64. The key's length, or 0 when it is none. */
size_t svix_key(struct arena *a, const char *secret, const uint8_t **key);
/* Is the request signed with it, within five minutes of now? *id: the event's, the same
 * however often it comes. */
bool svix_verify(
    const struct hook_request *req, const char *secret, struct arena *a, const char **id);

#endif
