/* sheet_write.h - sheets as files for spreadsheets: CSV and xlsx.
 *
 * Texts can be no formulas: CSV guards them, xlsx holds them as strings. Shares are
 * fractions, intervals two columns. Chinese CSV begins with a byte order mark, without
 * which spreadsheets take it for another encoding. */
#ifndef SPEC_SHEET_WRITE_H
#define SPEC_SHEET_WRITE_H

#include <glib.h>

#include "base/err.h"
#include "core/sheet.h"

void sheet_csv(const struct sheet *s, enum sheet_language l, GString *out);
/* Shares with bars in their cells, notes on a page of their own. */
int
sheet_xlsx(const struct sheet *s, enum sheet_language l, const char *path, struct err *e);

#endif
