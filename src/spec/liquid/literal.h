/* literal.h - what stands between the tags. */
#ifndef SPEC_LIQUID_LITERAL_H
#define SPEC_LIQUID_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

struct parser;
struct block;
struct node;

/* Adds it; true if it is white space only. The text is borrowed. */
bool literal_add(struct parser *p, struct block *into, const char *text, size_t len);
bool literal_is_space(const struct node *n);

#endif
