/* customers.h - customers out of a table: headings to fields, cells to values, each row
 * judged.
 *
 * Read twice: the first pass only judges (customers_next() to the end), then
 * table_rewind() and the rows are stored in portions. A file that cannot be
 * used at all is an error; a row that cannot is in the fault. Nothing here knows
 * the time or the store: ids seen twice, opt-outs and the store's zone are the
 * importer's. One thread at a time. */
#ifndef SPEC_CUSTOMERS_H
#define SPEC_CUSTOMERS_H

#include "base/arena.h"
#include "base/err.h"
#include "core/customer.h"
#include "spec/rows.h"
#include "spec/columns.h"

struct customers;

/* path is borrowed by the reader and by its errors. mapping: a saved one, pairs
 * {heading, field, ..., NULL} that win over the known headings; a field of "-"
 * leaves the column out, "attribute" keeps it as one; NULL: none. */
struct customers *customers_open(const char *path, enum table_encoding encoding,
    const char *const *mapping, struct err *e);
void customers_close(struct customers *r); /* NULL is fine */

/* The next row: 1, 0 at the end, -1. out is filled, from the arena, when
 * fault->verdict is ROW_GOOD or ROW_NOTED; out->id is 0 and last_visit_at 0. */
int customers_next(struct customers *r, struct arena *a, struct customer *out,
    struct row_fault *fault, struct err *e);
bool customers_reachable(const struct customer *c); /* it has an address */

/* A row of somebody who is known: what the file has no column for, or a cell that cannot be
 * read, stays as it is on file. An empty cell is something else: there the file says that it is gone. said: stage, tags
 * and attrs as files last told them, addresses open. */
void customers_keep(const struct customers *r, struct arena *a, struct customer *row,
    const struct customer *said);
/* Has the file a column for this field? "phone", "consent" … */
bool customers_told(const struct customers *r, const char *field);
/* Those it has none for, separated by ", "; from the arena. */
const char *customers_untold(const struct customers *r, struct arena *a);

/* What a column may be. */
const struct columns_field *customers_fields(int *n);
const struct columns *customers_columns(const struct customers *r);

#endif
