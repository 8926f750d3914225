/* payload.h - JSON from outside, read strictly: one value, nothing twice, nothing cut, no
 * guesses.
 *
 * Refused: duplicate keys, trailing bytes, comments, NaN, numbers out of range,
 * invalid UTF-8, lone surrogates, NUL, more than 32 levels. An error's text begins
 * with the place as a JSON pointer and never quotes a value. Pure; any thread.
 * */
#ifndef SPEC_PAYLOAD_H
#define SPEC_PAYLOAD_H

#include <stddef.h>

#include "base/err.h"

#define PAYLOAD_DEPTH_MAX 32

struct json_t;

/* A new reference, or NULL with ERR_INPUT. Takes arrays and objects, no bare scalar. */
struct json_t *payload_parse(const char *body, size_t len, struct err *e);

#endif
