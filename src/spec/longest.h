/* longest.h - the longest that comes for a variable, in its parts. */
#ifndef SPEC_LONGEST_H
#define SPEC_LONGEST_H

struct arena;
struct set;
struct template;
struct value_map;

/* What every customer has. */
struct value_map *longest_customer(struct arena *a);

/* ---- longest_own.c ---- */

/* Adds every other name that the text uses. */
void longest_own(const struct set *s, const struct template *t, struct arena *a,
    struct value_map *customer, struct value_map *vehicle);
/* For a hint: of which names nobody knows how long they are; "" of none. Owned. */
char *longest_free(const struct set *s, const struct template *t, struct arena *a);

#endif
