/* mail_part.h - the parts of a mail that came in, over GMime. Private to provider/. */
#ifndef PROVIDER_MAIL_PART_H
#define PROVIDER_MAIL_PART_H

#include <stdbool.h>

#include "base/arena.h"
#include "gmime.h"

/* NULL: it is no mail. */
GMimeMessage *mail_parse(const char *raw, size_t len);
const char *mail_header(GMimeObject *o, const char *name); /* "" when absent */
/* Content of a part, decoded; "" when it has none. */
const char *mail_content(struct arena *a, GMimeObject *o);
/* A text part as UTF-8, line breaks as \n. */
const char *mail_text(struct arena *a, GMimeObject *o);
bool mail_is(GMimeObject *o, const char *type, const char *subtype);
/* The first part of that type, at any depth, but not inside a mail that is enclosed. depth: 0 */
GMimeObject *mail_find(GMimeObject *o, const char *type, const char *subtype, int depth);

#endif
