/* What a file's bytes are, told from all of them. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "table_private.h"

#define SAMPLE 48 /* bytes of the cell that an ambiguous file is shown by */

struct scan {
	int64_t lines;     /* line feeds so far */
	int64_t bad_line;  /* of the first byte that is not UTF-8; 0: none */
	int64_t bad, good; /* places that are not UTF-8; bytes outside ASCII that are */
	bool ascii;        /* nothing else yet */
	bool common_gb;    /* all outside ASCII are pairs of GB 2312 */
	bool half;         /* a pair is open */
	bool mark;         /* UTF-8's byte order mark */
	int64_t sample_at; /* where the first byte outside ASCII is */
	int64_t offset;
};

/* Symbols and full-width forms (A1, A3) and the two levels of characters. */
static bool
scan_gb_lead(unsigned char c)
{
	return c == 0xa1 || c == 0xa3 || (c >= 0xb0 && c <= 0xf7);
}

static void
scan_pairs(struct scan *s, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] < 0x80) {
			s->common_gb &= !s->half;
			s->half = false;
			continue;
		}
		if (s->ascii)
			s->sample_at = s->offset + (int64_t)i;
		s->ascii = false;
		s->common_gb &=
		    s->half ? p[i] >= 0xa1 && p[i] <= 0xfe : scan_gb_lead(p[i]);
		s->half = !s->half;
	}
}

static int64_t
scan_count(const char *p, size_t n, int c)
{
	int64_t count = 0;

	for (const char *end = p + n; (p = memchr(p, c, (size_t)(end - p))) != NULL; p++)
		count++;
	return count;
}

static int64_t
scan_high(const char *p, size_t n)
{
	int64_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += (unsigned char)p[i] >> 7;
	return count;
}

/* Validates p and goes on after a fault; returns the bytes of a character that
 * the end cuts off. Beyond a hundred faults it is known not to be UTF-8. */
static size_t
scan_utf8(struct scan *s, const char *p, size_t n, bool last)
{
	const char *start = p, *end;

	while (s->bad < 100 && !g_utf8_validate_len(p, n, &end)) {
		s->good += scan_high(p, (size_t)(end - p));
		n -= (size_t)(end - p);
		p = end;
		if (!last && n < 4 &&
		    g_utf8_get_char_validated(p, (gssize)n) == (gunichar)-2)
			return n;
		if (s->bad++ == 0)
			s->bad_line =
			    s->lines + scan_count(start, (size_t)(p - start), '\n') + 1;
		p++;
		n--;
	}
	if (s->bad < 100)
		s->good += scan_high(p, n);
	return 0;
}

static int
scan_file(const char *path, int fd, struct scan *s, struct err *e)
{
	char buf[4 + TABLE_CHUNK];
	size_t carried = 0;
	ssize_t got;

	do {
		got = pread(fd, buf + carried, TABLE_CHUNK, s->offset);
		if (got < 0)
			return err_set(
			    e, ERR_IO, "cannot read %s: %s", path, g_strerror(errno));
		size_t n = carried + (size_t)got;
		const char *fresh = buf + carried, *nul = memchr(fresh, 0, (size_t)got);

		if (nul != NULL)
			return err_at(e,
			    (struct pos){ path,
				(int)(s->lines +
				      scan_count(fresh, (size_t)(nul - fresh), '\n') + 1),
				1 },
			    "this line holds a NUL byte, so the file is not text; save "
			    "it as "
			    "\"CSV UTF-8\"");
		if (s->offset == 0)
			s->mark = got >= 3 && memcmp(buf, "\xef\xbb\xbf", 3) == 0;
		scan_pairs(s, (const unsigned char *)fresh, (size_t)got);
		size_t left = scan_utf8(s, buf, n, got == 0);

		s->lines += scan_count(fresh, (size_t)got, '\n');
		s->offset += got;
		memmove(buf, buf + n - left, left);
		carried = left;
	} while (got > 0);
	s->common_gb &= !s->half && !s->ascii;
	return 0;
}

/* The cell at sample_at, its digits hidden, as UTF-8 of either reading. */
static char *
sample_read(int fd, int64_t at, const char *from)
{
	char buf[SAMPLE];
	int64_t start = MAX(at - 12, 0);
	ssize_t n = pread(fd, buf, sizeof buf, start);
	char *p, *text;

	if (n <= at - start)
		return NULL;
	p = buf + (at - start);
	while (p > buf && strchr(",;\t\"\r\n", p[-1]) == NULL && p[-1] >= 0)
		p--;
	size_t len = 0;

	while (p + len < buf + n && strchr(",;\t\"\r\n", p[len]) == NULL)
		len++;
	for (size_t i = 0; i < len; i++) {
		if (g_ascii_isdigit(p[i]))
			p[i] = '*';
	}
	/* The buffer's end may cut a character: take off bytes until it reads. */
	do
		text = g_convert(p, (gssize)len, "UTF-8", from, NULL, NULL, NULL);
	while (text == NULL && len-- > 1);
	return text;
}

static int
encoding_ambiguous(const char *path, int fd, const struct scan *s, struct err *e)
{
	char *utf8 = sample_read(fd, s->sample_at, "UTF-8");
	char *gb = sample_read(fd, s->sample_at, "GB18030");

	err_at(e, (struct pos){ path, 1, 1 },
	    "the encoding is ambiguous: the same cell reads \"%s\" as UTF-8 and \"%s\" "
	    "as "
	    "GB18030; say which it is, or save the file as \"CSV UTF-8\"",
	    utf8 != NULL ? utf8 : "?", gb != NULL ? gb : "?");
	g_free(utf8);
	g_free(gb);
	return -1;
}

int
table_encoding_find(const char *path, int fd, enum table_encoding want,
    enum table_encoding *out, struct err *e)
{
	struct scan s = { .ascii = true, .common_gb = true };

	if (scan_file(path, fd, &s, e) != 0)
		return -1;
	*out = want;
	if (want != TABLE_DETECT)
		return 0; /* broken characters are met while reading */
	if (s.bad == 0) {
		if (!s.mark && s.common_gb)
			return encoding_ambiguous(path, fd, &s, e);
		*out = TABLE_UTF8;
		return 0;
	}
	/* A few broken characters in a file of UTF-8 would read as wrong Chinese. */
	if (s.mark || s.good > 10 * s.bad)
		return err_at(e, (struct pos){ path, (int)s.bad_line, 1 },
		    "the file is UTF-8 but this line holds a broken character; mend it "
		    "or save "
		    "the file again");
	*out = TABLE_GB18030;
	return 0;
}
