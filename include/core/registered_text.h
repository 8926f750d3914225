/* registered_text.h - a text as a gateway has it on its books: filled in, and compared.
 *
 * Its variables are ${name} or {1}, {2} … Pure. */
#ifndef CORE_REGISTERED_TEXT_H
#define CORE_REGISTERED_TEXT_H

#include <stdbool.h>

#include "base/arena.h"

enum registered_status { REGISTERED_PENDING, REGISTERED_APPROVED, REGISTERED_REJECTED };
/* "approved", as consoles and people write it in either language; -1: no such word. */
int registered_status(const char *word);
const char *registered_status_name(enum registered_status s);

/* As the customer will read it. names[i] "": by position, from 1. NULL when a variable of
 * the text has no value, or a value no variable: *missing is its name. */
const char *registered_fill(struct arena *a, const char *text, const char *const *names,
    const char *const *values, int n, const char **missing);

/* The same but for white space? Else the character, from 1, at which they part. */
bool registered_same(const char *a, const char *b, int *character);

#endif
