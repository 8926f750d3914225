/* header.h - the head of an HTTP answer as it is kept: name, value, name, value, each with its NUL;
 * an empty name ends it. */
#ifndef BASE_HEADER_H
#define BASE_HEADER_H

#include <stddef.h>

/* The first of that name, whatever its case; "" when absent. head may be NULL: an empty one. */
const char *header_of(const char *head, const char *name);
/* Bytes, its end among them. */
size_t header_size(const char *head);

#endif
