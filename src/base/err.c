/* err.c - filling in a struct err. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "base/check.h"
#include "base/text.h"

/* buf was to take n bytes: when they did not fit, cuts between characters, not inside
 * one. What a precision has cut inside the text is mended. */
static void
cut(char *buf, size_t size, int n)
{
	const char *end;

	CHECK(n >= 0);
	if ((size_t)n >= size && !g_utf8_validate(buf, -1, &end) &&
	    g_utf8_get_char_validated(end, -1) == (gunichar)-2)
		buf[end - buf] = '\0';
	text_mend(buf);
}

int
err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	e->kind = kind;
	e->at = (struct pos){ 0 };
	va_start(ap, fmt);
	cut(e->text, sizeof(e->text), vsnprintf(e->text, sizeof(e->text), fmt, ap));
	va_end(ap);
	return -1;
}

int
err_at(struct err *e, struct pos at, const char *fmt, ...)
{
	va_list ap;

	e->kind = ERR_INPUT;
	e->at = at;
	va_start(ap, fmt);
	cut(e->text, sizeof(e->text), vsnprintf(e->text, sizeof(e->text), fmt, ap));
	va_end(ap);
	return -1;
}

int
err_wrap(struct err *e, const char *fmt, ...)
{
	char prefix[sizeof(e->text)], inner[sizeof(e->text)];
	const size_t size = sizeof(e->text);
	va_list ap;

	/* Both are copied first: what the prefix is made of may point into e->text. */
	va_start(ap, fmt);
	vsnprintf(prefix, size, fmt, ap);
	va_end(ap);
	memcpy(inner, e->text, size);
	cut(e->text, size, snprintf(e->text, size, "%s: %s", prefix, inner));
	return -1;
}

bool
err_is_worlds(const struct err *e)
{
	return e->kind == ERR_IO || e->kind == ERR_FULL || e->kind == ERR_BUSY ||
	       e->kind == ERR_AGAIN;
}

int
err_exit_code(const struct err *e)
{
	switch (e->kind) {
	case ERR_NONE:
		return 0;
	case ERR_INPUT:
	case ERR_NOTFOUND:
	case ERR_CONFLICT:
		return 1;
	case ERR_USAGE:
		return 2;
	case ERR_BUSY:
		return 3;
	case ERR_IO:
	case ERR_FULL:
		return 4;
	case ERR_AGAIN:
	case ERR_INTERNAL:
		break;
	}
	return 5;
}
