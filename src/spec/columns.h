/* columns.h - which column of a table is which field, by English and Chinese headings. */
#ifndef SPEC_COLUMNS_H
#define SPEC_COLUMNS_H

#include "spec/table.h"

#define COLUMNS_ATTRIBUTE (-1) /* unknown: kept as an attribute */
#define COLUMNS_LEFT_OUT (-2)

/* A field and the headings it is known by, '|' between them, in the form
 * columns_fold() makes: lower case, no spaces, no brackets. */
struct columns_field {
	const char *name;
	const char *headings;
};

/* Half-width, lower case, without spaces, _ - * and what stands in brackets. */
char *columns_fold(const char *heading);
/* field[] of TABLE_COLUMNS_MAX ints gets an index into fields or one of the above.
 * Two columns for one field are an error. */
int
columns_map(const struct table *t, const char *path, const struct columns_field *fields,
    int n_fields, const char *const *mapping, int *field, struct err *e);

#endif
