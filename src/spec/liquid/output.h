/* output.h - {{ value | filter }}: parsed here, evaluated here, also for echo and assign.
 */
#ifndef SPEC_LIQUID_OUTPUT_H
#define SPEC_LIQUID_OUTPUT_H

#include "node.h"

struct parser;

/* Reads the rest of the tag as an output and adds its node. */
void output_parse(struct parser *p, struct block *into);
/* -1: it stops the render, or in lenient mode prints a "Liquid error". */
int output_value(struct renderer *r, const struct output *o, struct value *out);
void output_walk(struct walker *w, const struct output *o);

#endif
