/* single.h - one file of a set read alone, for verbs that ask about no more than that.
 *
 * Everything lives in the arena. NULL when the report holds an error. */
#ifndef SPEC_SINGLE_H
#define SPEC_SINGLE_H

#include "base/arena.h"
#include "base/report.h"
#include "core/config.h"
#include "core/policy.h"
#include "core/template.h"

/* A policy with the calendars in `calendars` beside it. */
struct policy *single_policy(struct arena *a, const char *path, struct report *r);
struct config *single_config(struct arena *a, const char *path, struct report *r);

/* The same with the values of its credentials. */
struct config *single_config_secrets(struct arena *a, const char *path, struct report *r);
/* The same whatever is wrong with credentials: that goes into `secrets`, their values are NULL. */
struct config *single_config_anyway(
    struct arena *a, const char *path, struct report *r, struct report *secrets);

/* A template; one without front matter is Liquid and nothing else: its body as it
 * stands, category marketing, and *bare is true. The channel is that of the folder it
 * lies in, else what the front matter says, else SMS. */
struct template *
single_template(struct arena *a, const char *path, bool *bare, struct report *r);
/* A partial of that name below dir; NULL also when there is none. */
const struct liquid *
single_partial(struct arena *a, const char *dir, const char *name, struct report *r);

#endif
