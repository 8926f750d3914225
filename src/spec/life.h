/* life.h - the parts of config/lifecycle.yaml. Private to spec/. */
#ifndef SPEC_LIFE_H
#define SPEC_LIFE_H

#include "core/lifecycle.h"
#include "read.h"
#include "spec/schema.h"

/* A list of mappings; false: absent, or said what is wrong. */
bool life_list(const struct yaml *y, const char *key, int max, struct report *r);
void
life_signs(struct arena *a, const struct yaml *y, struct lifecycle *lc, struct report *r);
void life_warnings(
    struct arena *a, const struct yaml *y, struct lifecycle *lc, struct report *r);
void life_stages(
    struct arena *a, const struct yaml *y, struct lifecycle *lc, struct report *r);
void
life_talks(struct arena *a, const struct yaml *y, struct lifecycle *lc, struct report *r);
/* words NULL: any word. kind: what the value is. */
enum life_choice { LIFE_WORD, LIFE_RATE, LIFE_TIMES };
void life_choices(struct arena *a, const struct yaml *root, const char *key,
    enum life_choice kind, const char *const *words, struct choice **out, int *n,
    struct report *r);

/* "40%": a share of 0 to 1. Absent: *out stays. */
bool life_share(const struct yaml *y, double *out, struct report *r);

#endif
