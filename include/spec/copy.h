/* copy.h - the built-in rules of copy, for the reference. */
#ifndef SPEC_COPY_H
#define SPEC_COPY_H

#include <glib.h>

/* Appends a line a rule: id, level, what it asks. */
void copy_help(GString *out);

#endif
