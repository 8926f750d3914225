/* yaml_wide.h - signs of a Chinese keyboard where YAML has its own. */
#ifndef SPEC_YAML_WIDE_H
#define SPEC_YAML_WIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/report.h"

/* Looks at a line of a text, 1-based, and at the one before that says something; reports
 * the sign that stands where YAML has one of its own. Chinese sentences keep theirs. */
bool yaml_wide_line(struct pos at, const char *text, struct report *r);
/* A key that is none because of such a sign: send：x/a. */
bool yaml_wide_key(struct pos at, const char *key, struct report *r);

#endif
