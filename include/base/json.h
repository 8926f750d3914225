/* json.h - JSON as jansson takes it, read faster.
 *
 * jansson reads a character a call, and that is four fifths of what a body costs. Plain
 * text - no \u, no very long number - is cut here and given to jansson as values; the rest,
 * and all that is wrong, jansson judges itself, so that both take the same. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stddef.h>

#include <jansson.h>

/* json_loadb(text, len, 0, NULL): an object or a list, else NULL. */
json_t *json_read(const char *text, size_t len);
/* The same of a string. */
json_t *json_read_text(const char *text);

#endif
