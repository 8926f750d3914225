/* body.h - a JSON body of a request, read strictly; what is wrong is answered here. */
#ifndef WEB_BODY_H
#define WEB_BODY_H

#include <stdbool.h>

#include "web/http.h"

struct json_t;

/* False with 415 answered: not JSON, or packed. */
bool body_is_json(struct http_in *in);

/* An object of texts with no other keys than these (NULL-terminated): a new reference,
 * or NULL with 400 or 415 answered. */
struct json_t *body_texts(struct http_in *in, const char *const *keys);
/* "" when it is not there. */
const char *body_text(const struct json_t *body, const char *key);

#endif
