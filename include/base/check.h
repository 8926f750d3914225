/* check.h - assertions that stay on in production: a bug stops the process.
 *
 * CHECK is for what can only be our own mistake; a wrong input or a failing
 * world is a struct err instead. What matters is committed, so stopping loses
 * nothing (architecture: three kinds of errors). */
#ifndef BASE_CHECK_H
#define BASE_CHECK_H

#define CHECK(cond) ((cond) ? (void)0 : check_failed(__FILE__, __LINE__, #cond))

_Noreturn void check_failed(const char *file, int line, const char *what);

#endif
