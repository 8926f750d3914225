/* told.h - what a service told of somebody: texts in one JSON object, sealed in his row.
 * Store thread. */
#ifndef STORE_TOLD_H
#define STORE_TOLD_H

#include <jansson.h>

#include "sql.h"

/* place: what the row is sealed for, so that it opens in no other. */
void
told_bind(struct store *s, struct sql *q, int parameter, const char *place, json_t *told);
/* A new reference; NULL: err. */
json_t *
told_open(struct store *s, struct sql *q, int column, const char *place, struct err *e);
/* In the scratch arena; "": it is not told. */
const char *told_text(struct store *s, const json_t *told, const char *key);

#endif
