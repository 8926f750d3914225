/* facts.h - what playbooks and reports write on a customer's file: the row, his profile and
 * what follows from it, in one place. Store thread. */
#ifndef ENGINE_FACTS_H
#define ENGINE_FACTS_H

#include "desk.h"

/* One of his own attributes. What is planned before it, if it is a date, moves along. */
int facts_set(struct work *w, struct person *p, const char *name, struct value value,
    struct err *e);

int facts_tag_add(struct work *w, struct person *p, const char *tag, struct err *e);
int facts_tag_remove(struct work *w, struct person *p, const char *tag, struct err *e);

#endif
