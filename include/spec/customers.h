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

const struct columns *customers_columns(const struct customers *r);

#endif
