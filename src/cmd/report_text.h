/* report_text.h - a sheet on a terminal: aligned by display width, shares drawn. */
#ifndef CMD_REPORT_TEXT_H
#define CMD_REPORT_TEXT_H

#include <glib.h>

#include "core/sheet.h"

/* width: of the terminal. A sheet that is wider is told row by row. */
void report_text(const struct sheet *s, enum sheet_language l, int width, GString *out);
/* Of the terminal at stdout; what is no terminal is wide. */
int report_text_width(void);

#endif
