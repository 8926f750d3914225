/* extends.h - a store's own form of a playbook. */
#ifndef SPEC_EXTENDS_H
#define SPEC_EXTENDS_H

#include "read.h"

/* What `own` says, and where it says nothing what `common` says; both mappings, kept as they
 * are. A step that is left out and is not there is reported. */
struct yaml *extends_over(
    struct arena *a, const struct yaml *common, const struct yaml *own, struct report *r);

#endif
