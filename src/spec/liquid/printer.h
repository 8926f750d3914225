/* printer.h - values as text, as Ruby's Liquid prints them. Pure. */
#ifndef SPEC_LIQUID_PRINTER_H
#define SPEC_LIQUID_PRINTER_H

#include <stdbool.h>

#include <glib.h>

#include "base/zone.h"
#include "core/expr.h"

/* nil nothing; a list its members run together; a time in the zone (NULL: UTC). */
void printer_append(GString *to, struct value v, const struct zone *zone);
/* With quotes and brackets: "a" is not a, as in a printed map. */
void printer_inspect(GString *to, struct value v, const struct zone *zone);
void printer_json(GString *to, struct value v, const struct zone *zone);
/* A path or literal as it is written. */
void printer_expr(GString *to, const struct expr *e);
/* &amp; and the other four, NULL for any other character. */
const char *printer_entity(char c);
/* Ruby's Integer(): a whole number, or text that is one. */
bool printer_integer(struct value v, int64_t *out);

#endif
