/* ref.h - own_ref: the name of one attempt that travels with it and comes back in receipts.
 *
 * base32 of message id, attempt number and a 40-bit MAC: derived, so it needs no
 * row and no index, and cannot be guessed. 24 lower-case characters. Pure. */
#ifndef ENGINE_REF_H
#define ENGINE_REF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypt.h"

#define REF_TEXT 25

char *ref_make(struct crypt *c, int64_t msg, int n, char *buf /* REF_TEXT */);
/* Does it name a call, n 0? Whether it is ours is not looked at. */
bool ref_names_call(const char *text);
/* 0, or -1 when it is not one of ours. */
int ref_parse(struct crypt *c, const char *text, int64_t *msg, int *n);

#endif
