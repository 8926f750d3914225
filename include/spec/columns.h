/* columns.h - the columns of a file as its reader understands them: which of them is which
 * field, by English and Chinese headings. Part of every reader of files. */
#ifndef SPEC_COLUMNS_H
#define SPEC_COLUMNS_H

#include <stdbool.h>

#include "base/arena.h"
#include "spec/table.h"

#define COLUMNS_ATTRIBUTE (-1) /* unknown: kept as an attribute, where the rows have them */
#define COLUMNS_LEFT_OUT (-2)

/* A field and the headings it is known by, '|' between them, in the form
 * columns_fold() makes: lower case, no spaces, no brackets. */
struct columns_field {
	const char *name;
	const char *headings;
};

struct columns {
	struct table *table;
	const struct columns_field *fields;
	int field[TABLE_COLUMNS_MAX]; /* an index into fields, or COLUMNS_* */
	bool attributes;              /* the rows keep what is unknown */
};

/* Half-width, lower case, without spaces, _ - * and what stands in brackets. */
char *columns_fold(const char *heading);
/* Is the heading, folded, one of a field's? */
bool columns_lists(const char *headings, const char *folded);
/* Fills field of what table and fields say. Two columns for one field are an error. */
int columns_map(struct columns *c, const char *path, int n_fields,
    const char *const *mapping, struct err *e);
/* What a column was taken for: the field's name, "attribute", or "-": left out. */
const char *columns_name(const struct columns *c, int column);
/* Why a row is none: the heading once more (files joined together), or a total. NULL: it
 * may be one. id: the field that is its id. */
const char *columns_no_row(const struct columns *c, const struct table_row *row, int id);
/* Other columns, a JSON object: those the file has a column for as the row says, the rest
 * as it is on file. */
const char *columns_attributes(
    const struct columns *c, struct arena *a, const char *row, const char *said);
/* How the file was read: "UTF-8", "GB18030", "xlsx". */
const char *columns_format(const struct columns *c);

#endif
