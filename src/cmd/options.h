/* options.h - the options of a verb, read by a table; mistakes in one manner. */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/report.h"

struct options_spec {
	const char *name;   /* without the "--" */
	char letter;        /* 0: none */
	const char **value; /* takes a value; or */
	bool *flag;         /* takes none */
};

struct options {
	const char *help; /* what --help prints */
	const struct options_spec *specs;
	int n;
	int min, max; /* words that are no options */
};

/* Those words come to the front of argv, from argv[1]; returns how many. When there is
 * nothing more to do, help was given or a mistake told, it returns -1 - exit code:
 *	if ((words = options_read(...)) < 0)
 *		return -1 - words;
 * Values are borrowed from argv. */
int options_read(int argc, char **argv, const struct options *o);
/* "reachd VERB: text" and where to look; returns 2. */
int options_usage(const char *verb, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* The same without the hint; returns the exit code of the error. */
int options_fail(const char *verb, const struct err *e);
/* Mistakes in files, on stderr; frees the report and returns 1. */
int options_report(struct report *r);

#endif
