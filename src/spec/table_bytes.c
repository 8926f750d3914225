#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include "table_private.h"

#define CARRY 4 /* a character has at most four bytes in both encodings */

struct table_bytes {
	const char *path;
	int fd;
	enum table_encoding encoding;
	iconv_t cd;    /* GB18030 only */
	int64_t lines; /* line ends handed out, for the place of a fault */
	bool begun;
	struct timespec changed; /* of the file when it was opened */
	off_t size;
	size_t carried; /* bytes of an unfinished character at the front of in */
	char in[CARRY + TABLE_CHUNK];
	char out[CARRY +
		 TABLE_CHUNK * 2]; /* two bytes of GB18030 are at most three of UTF-8 */
};

struct table_bytes *
table_bytes_open(const char *path, int fd, enum table_encoding encoding, struct err *e)
{
	struct table_bytes *b = g_new0(struct table_bytes, 1);
	struct stat st;

	b->path = path;
	b->fd = fd;
	b->encoding = encoding;
	b->cd = (iconv_t)-1;
	if (encoding == TABLE_GB18030)
		b->cd = iconv_open("UTF-8", "GB18030");
	if (fstat(fd, &st) != 0 || (encoding == TABLE_GB18030 && b->cd == (iconv_t)-1)) {
		err_set(e, ERR_IO, "cannot read %s: %s", path, g_strerror(errno));
		table_bytes_close(b);
		return NULL;
	}
	b->changed = st.st_mtim;
	b->size = st.st_size;
	return b;
}

void
table_bytes_close(struct table_bytes *b)
{
	if (b == NULL)
		return;
	if (b->cd != (iconv_t)-1)
		iconv_close(b->cd);
	close(b->fd);
	g_free(b);
}

int
table_bytes_rewind(struct table_bytes *b, struct err *e)
{
	b->carried = 0;
	b->lines = 0;
	b->begun = false;
	if (b->cd != (iconv_t)-1)
		iconv(b->cd, NULL, NULL, NULL, NULL);
	if (lseek(b->fd, 0, SEEK_SET) == 0)
		return 0;
	return err_set(e, ERR_IO, "cannot read %s: %s", b->path, g_strerror(errno));
}

static void
bytes_count_lines(struct table_bytes *b, const char *p, size_t n)
{
	const char *end = p + n;

	while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		b->lines++;
		p++;
	}
}

static int
bytes_broken(struct table_bytes *b, const char *p, size_t n, struct err *e)
{
	bytes_count_lines(b, p, n);
	return err_at(e, (struct pos){ b->path, (int)b->lines + 1, 1 },
	    "this line holds bytes that are not %s; save the file again as UTF-8",
	    table_encoding_name(b->encoding));
}

/* Both passes and every row must come from the same bytes. */
static int
bytes_unchanged(const struct table_bytes *b, struct err *e)
{
	struct stat st;

	if (fstat(b->fd, &st) == 0 && st.st_size == b->size &&
	    st.st_mtim.tv_sec == b->changed.tv_sec &&
	    st.st_mtim.tv_nsec == b->changed.tv_nsec)
		return 0;
	return err_at(e, (struct pos){ b->path, (int)b->lines + 1, 1 },
	    "the file changed while it was read; try again when it is complete");
}

static int
bytes_utf8(struct table_bytes *b, size_t n, bool last, size_t *used, struct err *e)
{
	const char *end;

	if (!g_utf8_validate_len(b->in, n, &end)) {
		size_t left = n - (size_t)(end - b->in);

		if (last || left >= CARRY ||
		    g_utf8_get_char_validated(end, (gssize)left) != (gunichar)-2)
			return bytes_broken(b, b->in, (size_t)(end - b->in), e);
	}
	*used = (size_t)(end - b->in);
	return 0;
}

static int
bytes_gb18030(
    struct table_bytes *b, size_t n, bool last, size_t *used, size_t *made, struct err *e)
{
	char *in = b->in, *out = b->out;
	size_t in_left = n, out_left = sizeof b->out;

	if (iconv(b->cd, &in, &in_left, &out, &out_left) == (size_t)-1 &&
	    (errno != EINVAL || last))
		return bytes_broken(b, b->in, n - in_left, e);
	*used = n - in_left;
	*made = sizeof b->out - out_left;
	return 0;
}

int
table_bytes_next(struct table_bytes *b, const char **p, size_t *n, struct err *e)
{
	ssize_t got;

	do
		got = read(b->fd, b->in + b->carried, TABLE_CHUNK);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_set(
		    e, ERR_IO, "cannot read %s: %s", b->path, g_strerror(errno));

	size_t have = b->carried + (size_t)got, used = 0, made = 0;

	if (have == 0)
		return bytes_unchanged(b, e);
	if (b->encoding == TABLE_GB18030) {
		if (bytes_gb18030(b, have, got == 0, &used, &made, e) != 0)
			return -1;
		*p = b->out;
	} else {
		if (bytes_utf8(b, have, got == 0, &used, e) != 0)
			return -1;
		/* Lent until the next call, so what is carried moves only then. */
		memcpy(b->out, b->in, used);
		*p = b->out;
		made = used;
	}
	b->carried = have - used;
	memmove(b->in, b->in + used, b->carried);
	bytes_count_lines(b, *p, made);
	if (!b->begun && made >= 3 && memcmp(*p, "\xef\xbb\xbf", 3) == 0) {
		*p += 3;
		made -= 3;
	}
	b->begun = true;
	*n = made;
	return 1;
}
