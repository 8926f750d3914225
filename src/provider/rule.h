/* rule.h - what an answer proves, by the account's rules or its status alone. Pure. */
#ifndef PROVIDER_RULE_H
#define PROVIDER_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "core/config.h"
#include "provider/provider.h"

/* Everything about a settled-by-nothing answer: UNKNOWN, no id, no code. */
void rule_unknown(struct answer *out);

/* The scalar at a dotted path ("data.0.id") as text. false: absent, null or no
 * scalar. body may be NULL (not JSON). */
bool rule_text(const json_t *body, const char *dotted, char *out, size_t n);

/* Does the answer match? Status and field must both fit where they are given. */
bool rule_match(const struct answer_rule *r, int status, const json_t *body);

/* A status that no rule of the account names. A 2xx says nothing by
 * itself and stays UNKNOWN here. */
void rule_status(int status, struct answer *out);

#endif
