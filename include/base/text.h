/* text.h - text as people see it: display width, masks, cleaning. Pure; any thread. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

/* Columns on a terminal: East Asian wide and emoji 2, combining 0. Valid UTF-8. */
int text_width(const char *s, size_t len);

/* "+8613800138000" -> "138****8000"; "wang@example.com" -> "w***@e***.com"; anything
 * else keeps its first and last character. buf of size n; returns buf. */
char *text_mask(const char *address, char *buf, size_t n);

/* Removes NUL, control characters, bidi overrides and lone surrogates in place;
 * CR and LF become one space unless keep_newlines. Returns s. */
char *text_clean(char *s, bool keep_newlines);

/* Cuts to at most n characters (not bytes) in place. */
char *text_cut(char *s, size_t n);

/* What a precision (%.60s) has left of a character becomes `?`, in place: JSON takes none
 * of it. Returns s. */
char *text_mend(char *s);

/* Are these len bytes exactly that text? */
bool text_is(const char *s, size_t len, const char *text);

/* A prefix and the number after it, decimal, in buf, which has room for TEXT_NUMBER bytes beside
 * the prefix; returns buf. printf takes ten times as long, and each message names six such. */
#define TEXT_NUMBER 21
char *text_number(char *buf, const char *prefix, int64_t n);

/* For qsort, bsearch and GPtrArray: arrays of texts, by their bytes. */
int text_order(const void *a, const void *b);
/* The keys of a table of texts, in that order, borrowed; freed with g_ptr_array_unref(). */
GPtrArray *text_keys(GHashTable *table);

#endif
