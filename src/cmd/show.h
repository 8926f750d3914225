/* show.h - JSON answers of the daemon as text for people; what is missing is left out. */
#ifndef CMD_SHOW_H
#define CMD_SHOW_H

#include <stdbool.h>
#include <stdio.h>

#include <glib.h>
#include <jansson.h>

/* A member as text: strings as they are, numbers, true and false in words; "" when
 * absent, null or a container. Borrowed from `keep`, which lives as long as the text. */
const char *show_text(const json_t *object, const char *key, GStringChunk *keep);
json_int_t show_int(const json_t *object, const char *key); /* 0 when absent */

/* "3 d 4 h", "12 min", "5 s" */
const char *show_span(json_int_t seconds, GStringChunk *keep);
/* "2026-11-22 10:30" of an RFC 3339 text. */
const char *show_time(const char *instant, GStringChunk *keep);

/* Characters as a terminal would show them: text from outside cannot move the cursor. */
char *show_clean(const char *text); /* g_free */

/* A table: rows of n columns, padded by display width; the last one is not padded. */
struct show_table *show_table_new(int columns);
void show_table_row(struct show_table *t, const char *const *cells);
void
show_table_print(struct show_table *t, const char *indent, FILE *out); /* and frees */

/* A/B tests as status and why have them: two lines each. */
void show_experiments(const json_t *list, const char *indent, GStringChunk *keep);

/* Who belongs with a customer, as why and `customer show` have it; full: his cars too. */
void show_ties(const json_t *ties, bool full);

#endif
