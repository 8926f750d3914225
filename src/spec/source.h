/* source.h - the text of a file people wrote: read whole, within a limit, and fit to be
 * parsed. */
#ifndef SPEC_SOURCE_H
#define SPEC_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/report.h"

/* NUL-terminated in the arena, or NULL with a diag at `at` (of the file itself
 * when at.file is NULL). A BOM is skipped; the report quotes from it. */
char *source_read(struct arena *a, const char *file, size_t max, struct pos at,
    size_t *len, struct report *r);

/* UTF-8 without control characters, or false with a diag at the first that is not. */
bool source_check(const char *file, const char *text, size_t len, struct report *r);

/* The length of a byte order mark at the start: 3 or 0. */
size_t source_bom(const char *text, size_t len);

/* A file name that lives as long as the process: places outlive reports. */
const char *source_name(const char *file);

#endif
