/* rehearse_diff.h - what an edit changes: two rehearsals, touch by touch and day by day. */
#ifndef CMD_REHEARSE_DIFF_H
#define CMD_REHEARSE_DIFF_H

#include <stdbool.h>
#include <stdio.h>

#include "rehearse_side.h"

/* 0, or 1 when one of them does not balance. */
int rehearse_diff_print(const struct rehearse_side *old, const struct rehearse_side *new,
    const char *old_name, const char *new_name, bool json, FILE *out);

#endif
