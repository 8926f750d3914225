/* sql.h - statements of the store: prepared once, bound, stepped. Private to store/.
 *
 * The SQL text is the same for every driver; sqlite.c is the only file that
 * knows SQLite. `text` must be a literal: statements are cached by its address.
 * Columns' strings are valid until the next step. */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/store.h"

struct sql;

/* Takes the cached statement, reset and unbound. Never NULL: a text that does
 * not compile is our bug. */
struct sql *sql_get(struct store *s, const char *text);
void sql_int(struct sql *q, int i, int64_t v); /* i from 1 */
void sql_int_or_null(struct sql *q, int i, int64_t v); /* 0: null */
void sql_text(struct sql *q, int i, const char *v); /* borrowed until the step is done */
void sql_blob(struct sql *q, int i, const void *p, size_t n); /* NULL: null */
/* 1: a row, 0: done, -1: err. */
int sql_step(struct sql *q, struct err *e);
/* Step a statement that returns no row. */
int sql_run(struct sql *q, struct err *e);
void sql_end(struct sql *q); /* give up the rest of the rows */

/* Fills a struct from the row at hand. */
typedef void sql_reader(struct store *s, struct sql *q, void *into);
/* The first row: 1, 0 there is none, -1. */
int sql_one(struct store *s, struct sql *q, sql_reader *read, void *into, struct err *e);
/* Runs a statement about the row called ?1 that RETURNs its customer: the next sweep looks at
 * him. (signal.c) */
int sql_run_look(struct store *s, struct sql *q, const char *ext, struct err *e);
/* Every row into an array of structs of `size`, which has room for them: how many, or -1. */
int sql_all(struct store *s, struct sql *q, sql_reader *read, void *into, size_t size,
    struct err *e);
/* The first column of every row: how many, or -1. */
int sql_ids(struct sql *q, int64_t *ids, struct err *e);

int64_t sql_col(struct sql *q, int i); /* i from 0; null is 0 */
bool sql_is_null(struct sql *q, int i);
const char *sql_col_text(struct sql *q, int i); /* "" for null */
char *sql_col_dup(struct store *s, struct sql *q, int i); /* into the scratch arena */
const char *sql_col_word(struct store *s, struct sql *q, int i); /* the same; "" costs nothing */
const void *sql_col_blob(struct sql *q, int i, size_t *n);

int sql_script(struct store *s, const char *text, struct err *e);

#endif
