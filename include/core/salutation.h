/* salutation.h - how a customer is addressed: 王先生, 欧阳女士. Pure. */
#ifndef CORE_SALUTATION_H
#define CORE_SALUTATION_H

#include <stddef.h>

#include "base/arena.h"

/* Surname and title; without a known gender the whole name; for a company its contact
 * person ("" unknown: the company's name). gender: male, female or "". From the arena,
 * "" when nothing is known. */
const char *
salutation(struct arena *a, const char *name, const char *gender, const char *contact);

/* Bytes of the surname of a Chinese name, 0 of any other: 王小明 3, 欧阳娜 6. */
size_t salutation_surname(const char *name);

#endif
