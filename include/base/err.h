/* err.h - one error: what kind, where in what people wrote, and the text.
 *
 * Whatever can fail takes a struct err * last and returns 0 or -1. The err is
 * untouched on success. Failing is one statement:
 *
 *	return err_at(e, pos, "unknown channel \"%s\"", name);
 *
 * Texts are plain English, name what to do next and never hold personal data
 * or a secret. Any thread; no allocation. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

/* A place in a file people wrote. line and col count from 1, col in characters;
 * file is borrowed and NULL when there is no place. */
struct pos {
	const char *file;
	int line, col;
};

enum err_kind {
	ERR_NONE,
	ERR_INPUT,    /* refused input, or a check that failed: exit 1 */
	ERR_USAGE,    /* a command line that cannot be understood: exit 2 */
	ERR_BUSY,     /* locked, or already running: exit 3 */
	ERR_IO,       /* the world failed, or the daemon is not running: exit 4 */
	ERR_FULL,     /* no space; rolled back, may be tried again: exit 4 */
	ERR_NOTFOUND, /* asked for something that is not there: exit 1 */
	ERR_CONFLICT, /* same key, other content: exit 1 */
	ERR_AGAIN,    /* undone, to be run once more; never leaves the store thread */
	ERR_INTERNAL  /* our bug, seen before it did harm: exit 5 */
};

struct err {
	enum err_kind kind;
	struct pos at;
	char text[480];
};

/* All return -1. The text is cut to fit at a character boundary. */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
int err_at(struct err *e, struct pos at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4))); /* ERR_INPUT with a place */
/* Puts "prefix: " before the text, from the inside out. */
int err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The world failed, or the work is to be run again: not the fault of one row. */
bool err_is_worlds(const struct err *e);

/* The process exit code of an error, as in the list above. */
int err_exit_code(const struct err *e);

#endif
