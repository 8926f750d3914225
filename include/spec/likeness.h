/* likeness.h - files that were sent as another kind than they are. */
#ifndef SPEC_LIKENESS_H
#define SPEC_LIKENESS_H

#include "spec/table.h"

/* The kind whose headings these are rather than those of what it was sent as; NULL: none is
 * clearly better. Each column that only one of both knows speaks for that one. */
const char *likeness_other(const struct table *t, const char *what);

#endif
