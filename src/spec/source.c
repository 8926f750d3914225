/* source.c - reading and vetting the text of a file. */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

const char *
source_name(const char *file)
{
	return g_intern_string(file);
}

size_t
source_bom(const char *text, size_t len)
{
	return len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

/* Reads until max + 1 bytes, so that a file that grows is seen to be too large. */
static ssize_t
read_all(int fd, char *buf, size_t max)
{
	size_t n = 0;
	ssize_t got;

	while (n <= max) {
		got = read(fd, buf + n, max + 1 - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		n += (size_t)got;
	}
	return (ssize_t)n;
}

char *
source_read(struct arena *a, const char *file, size_t max, struct pos at, size_t *len,
    struct report *r)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), error;
	char *buf, *text = NULL;
	struct stat st;
	ssize_t n = -1;

	if (at.file == NULL)
		at.file = source_name(file);
	buf = g_malloc(max + 1);
	if (fd >= 0 && fstat(fd, &st) == 0) {
		if (S_ISREG(st.st_mode))
			n = read_all(fd, buf, max);
		else
			errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	}
	error = errno;
	if (n < 0) {
		report_add(r, SEV_ERROR, at, "file", "", "cannot read %s: %s", file,
		    g_strerror(error));
	} else if ((size_t)n > max) {
		report_add(r, SEV_ERROR, at, "limit", "split it into several files",
		    "%s is larger than %zu KiB", file, max >> 10);
	} else {
		size_t skip = source_bom(buf, (size_t)n);

		*len = (size_t)n - skip;
		text = arena_strndup(a, buf + skip, *len);
		report_source(r, file, text);
	}
	g_free(buf);
	if (fd >= 0)
		close(fd);
	return text;
}

/* What the text must not hold, and its name; NULL: fine. */
static const char *
unfit(gunichar c)
{
	if (c == 0)
		return "a NUL byte";
	if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c <= 0x9f))
		return "a control character";
	if (c == 0xfeff)
		return "a byte order mark inside the text";
	if (c == 0x2028 || c == 0x2029)
		return "a Unicode line separator";
	if ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
		return "a character that turns the direction of the text around";
	if (c == 0xfffe || c == 0xffff)
		return "a character that does not exist";
	return NULL;
}

bool
source_check(const char *file, const char *text, size_t len, struct report *r)
{
	struct pos at = { source_name(file), 1, 1 };
	const char *p = text, *end = text + len;

	if (len >= 2 &&
	    (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0)) {
		report_add(r, SEV_ERROR, at, "encoding", "save it as UTF-8",
		    "the file is UTF-16");
		return false;
	}
	while (p < end) {
		gunichar c = g_utf8_get_char_validated(p, end - p);
		const char *what;

		if (*p == '\0')
			c = 0;
		if (c == (gunichar)-1 || c == (gunichar)-2) {
			report_add(r, SEV_ERROR, at, "encoding", "save the file as UTF-8",
			    "this is not UTF-8 text");
			return false;
		}
		what = unfit(c);
		if (c == '\r' && (p + 1 == end || p[1] != '\n'))
			what = "a carriage return that ends no line";
		if (what != NULL) {
			report_add(r, SEV_ERROR, at, "character", "delete it",
			    "%s (U+%04X)", what, c);
			return false;
		}
		p = c == 0 ? p + 1 : g_utf8_next_char(p);
		at.col = c == '\n' ? 1 : at.col + 1;
		at.line += c == '\n';
	}
	return true;
}
