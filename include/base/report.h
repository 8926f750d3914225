/* report.h - every mistake in what people wrote, collected and shown all at once.
 *
 * A loader adds one diag per mistake and goes on; the caller prints them all as
 *
 *	config/policy.yaml:4:9: error: unknown key "form"
 *	  - { id: lunch, form: "11:30" }
 *	                 ^
 *	  did you mean "from"?
 *
 * The caret is placed by display width (a Chinese character is two columns).
 * Owned by one thread. */
#ifndef BASE_REPORT_H
#define BASE_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include <glib.h>

#include "base/err.h"

enum severity { SEV_ERROR, SEV_WARNING };

struct diag {
	enum severity severity;
	struct pos at;
	const char *code; /* a short constant: "unknown-key", "yaml", "liquid" ... */
	char *text;       /* one sentence without a full stop */
	char *hint;       /* what to do, or "" */
};

struct report {
	GPtrArray *diags; /* struct diag *, in the order found */
	int errors, warnings;
	GHashTable *sources; /* file name -> text, for the quoted line */
	GStringChunk *names; /* keeps file names alive as long as the report */
};

struct report *report_new(void);
void report_free(struct report *r);

/* Remembers a file's text; returns the file's name with the report's lifetime. */
const char *report_source(struct report *r, const char *file, const char *text);

void report_add(struct report *r, enum severity severity, struct pos at, const char *code,
    const char *hint, const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* Takes over an err (kind INPUT) as an error diag. */
void report_err(struct report *r, const char *code, const struct err *e);

/* Sorted by file, line, column. Same order for both forms. */
void report_print(const struct report *r, FILE *out);
void report_json(const struct report *r, FILE *out);
/* The first error as an err, for callers that need one sentence. */
int report_first(const struct report *r, struct err *e);

/* The nearest of the NULL-terminated names within two edits (a third of the
 * word for long words), or NULL. For "did you mean". */
const char *report_nearest(const char *word, const char *const *names);
/* `what "word"`, with the nearest of the names, or all of them, as its hint. */
void report_unknown(struct report *r, enum severity severity, struct pos at,
    const char *code, const char *what, const char *word, const char *const *names);

#endif
