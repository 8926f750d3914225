/* diff.h - what differs between two texts, line by line. Pure. */
#ifndef CORE_DIFF_H
#define CORE_DIFF_H

#include <glib.h>

/* Appends lines that begin with "- " or "+ ", and "  " for one that stands around them;
 * "…" where more stay the same. */
void diff_lines(const char *a, const char *b, GString *out);

#endif
