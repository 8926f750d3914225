/* wire.h - what most services' requests are made of: encodings, signatures, headers, bodies. Pure.
 *
 * Strings go into the caller's arena. Percent-encoding is RFC 3986's: everything but
 * letters, digits and -_.~ becomes %XX, a blank %20. */
#ifndef PROVIDER_WIRE_H
#define PROVIDER_WIRE_H

#include <jansson.h>

#include "provider/provider.h"

enum wire_hash { WIRE_SHA1, WIRE_SHA256 };

/* `&name=value`, both encoded; without the & at the beginning of out. */
void wire_field(GString *out, const char *name, const char *value);
/* The value of a field in a query or form, decoded; NULL: it is not there. */
const char *wire_field_of(struct arena *a, const char *form, const char *name);
/* All its fields in the order they came, decoded: *names and *values; returns how many,
 * or -1 when an escape is broken. */
int
wire_fields(struct arena *a, const char *form, const char ***names, const char ***values);

/* Returns the length: 20 or 32. out takes 32. */
size_t wire_hmac(enum wire_hash h, const void *key, size_t key_len, const void *in,
    size_t len, uint8_t out[32]);
const char *wire_hex(struct arena *a, const uint8_t *in, size_t len);
const char *wire_sha256(struct arena *a, const void *in, size_t len); /* in hex */
const char *wire_base64(struct arena *a, const void *in, size_t len);
/* NULL: it is no base64. */
uint8_t *wire_unbase64(struct arena *a, const char *s, size_t *len);

void wire_header(
    struct provider_request *out, struct arena *a, const char *name, const char *value);
void wire_basic(struct provider_request *out, struct arena *a, const char *user,
    const char *password);
/* Its text, compact; j is freed. */
const char *wire_print(struct arena *a, json_t *j);
/* POST with this body; Content-Type is told. j is freed. */
void wire_json(struct provider_request *out, struct arena *a, const char *url, json_t *j);
void wire_form(
    struct provider_request *out, struct arena *a, const char *url, const char *form);
void wire_get(struct provider_request *out, const char *url);

/* Text of a member, "" when it is missing or no text; numbers as text. */
const char *wire_text(struct arena *a, const json_t *j, const char *name);
/* An element as it came, for receipts that are broken: the others need none. */
const char *wire_raw(struct arena *a, const json_t *j);
/* A provider's word for a failure, cut to what is kept of it. */
const char *wire_code(struct arena *a, const char *s);
/* NULL when it is no JSON; the caller frees. One bad byte costs its character only. */
json_t *wire_load(const char *body, size_t len);

/* A service's word on its own pace, by the names of its headers (NULL: it has none): how many
 * calls are left, and when there are more again, in seconds or as an instant. A refusal for now
 * waits as long unless retry_after is set, Retry-After coming first; and so does the account's
 * next call when none is left. */
void wire_pace(const struct provider_reply *reply, const char *left, const char *again,
    struct answer *out, int n);
/* "Sun, 06 Nov 1994 08:49:37 GMT"; 0: unreadable. */
ms_t wire_date(const char *text);

/* The rows of a webhook that posts a JSON list, at most 5,000; one: an object is a list of
 * one. The caller frees. NULL: refused, return -1. */
json_t *wire_rows(const struct hook_request *req, bool one, struct hook_reply *reply);
/* Taken; json is the service's own success form. */
int wire_taken(struct hook_reply *reply, const char *json);
/* Was a stamp of seconds since 1970 made within `life` before now, or `ahead` behind it? */
bool wire_is_fresh(const char *stamp, ms_t now, ms_t life, ms_t ahead);
/* An instant in UTC, as strftime has it. */
const char *wire_utc(struct arena *a, ms_t at, const char *format);
/* Refuses a webhook: for `return wire_refuse(...)` in a hook. */
int wire_refuse(struct hook_reply *reply, int status, const char *json);
/* Does it stop something at the address it names? Then it counts without a message of ours. */
bool wire_stops(const struct receipt *r);
/* A hash for an event that has no id of its own. */
const char *wire_key(struct arena *a, const char *s);

#endif
