/* identity.h - who asks, as far as the daemon can vouch for it: the user behind a Unix
 * socket, or a token. */
#ifndef WEB_IDENTITY_H
#define WEB_IDENTITY_H

#include "route.h"

/* Fills out, or answers 401 or 403 and is false. Strings last for this turn of the loop. */
bool identity_find(struct web *w, struct http_in *in, enum web_face face,
    const struct route *r, struct engine_who *out);

/* May he? Else 401 or 403 is answered, and logged. */
bool identity_may(
    struct http_in *in, const struct engine_who *who, unsigned right, const char *route);

/* To keep it beyond this turn. */
void identity_copy(struct arena *a, const struct engine_who *who, struct engine_who *out);
/* Sees less than the whole house. */
bool identity_limited(const struct engine_who *who);

/* Whom he acts for: himself, or for an admin somebody else, which is kept on record. NULL
 * with 403 answered. */
const char *identity_by(const struct call *c, const char *claimed);
/* What offers this person may agree to: by the role, whoever types it. */
const char *identity_level(const struct call *c, const char *by);

/* A body with "by" as it is believed: a new text, or NULL answered. What is no JSON object
 * comes back as it is. */
char *identity_sign(const struct call *c);

#endif
