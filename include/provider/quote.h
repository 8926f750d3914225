/* quote.h - a text as a JSON string literal, appended without building a tree. Pure. */
#ifndef PROVIDER_QUOTE_H
#define PROVIDER_QUOTE_H

#include <stdint.h>

#include <glib.h>

/* s is UTF-8; appends it with its quotation marks. */
void quote_json(GString *out, const char *s);
/* `,"name":"text"`, or nothing at all when the text is "" or NULL. */
void quote_json_member(GString *out, const char *name, const char *s);
void quote_json_int(GString *out, const char *name, int64_t n);

#endif
