#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <csv.h>

#include "table_private.h"

struct csv_source {
	struct table_source base;
	const char *path;
	struct table_bytes *bytes;
	struct csv_parser parser;
	/* While a chunk is parsed: */
	struct batch *batch;
	int64_t row, line; /* of the open row */
	int64_t inside;    /* line ends inside its finished fields */
	int last_end;      /* CR, LF or 0: LF after CR is one line end */
	size_t too_long;   /* a finished field over the limit; 0: none */
	int64_t too_long_line;
};

static struct pos
csv_pos(const struct csv_source *s, int64_t line)
{
	return (struct pos){ .file = s->path, .line = (int)line, .col = 1 };
}

static void
csv_on_field(void *p, size_t len, void *arg)
{
	struct csv_source *s = arg;
	const char *at = p;

	s->last_end = 0;
	if (len > TABLE_FIELD_MAX) {
		if (s->too_long == 0) {
			s->too_long = len;
			s->too_long_line = s->line + s->inside;
		}
		len = 0;
	}
	table_batch_cell(s->batch, at, len);
	for (const char *end = at + len;
	     len > 0 && (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
		s->inside++;
}

static void
csv_on_row(int end, void *arg)
{
	struct csv_source *s = arg;

	if (end == '\n' && s->last_end == '\r') {
		s->last_end = 0;
		return;
	}
	table_batch_end(s->batch, s->row, s->line);
	s->row++;
	s->line += s->inside + 1;
	s->inside = 0;
	s->last_end = end;
}

/* The separator of this file: of comma, tab and semicolon the one its first line
 * has most of, outside quotes. */
static unsigned char
csv_separator(const char *p, size_t n)
{
	static const char separators[] = { ',', '\t', ';' };
	int count[sizeof separators] = { 0 };
	bool quoted = false;
	int best = 0;

	for (size_t i = 0; i < n && (quoted || (p[i] != '\n' && p[i] != '\r')); i++) {
		quoted ^= p[i] == '"';
		for (size_t k = 0; k < sizeof separators && !quoted; k++)
			count[k] += p[i] == separators[k];
	}
	for (int k = 1; k < (int)sizeof separators; k++) {
		if (count[k] > count[best])
			best = k;
	}
	return (unsigned char)separators[best];
}

static void
csv_begin(struct csv_source *s)
{
	csv_init(&s->parser, CSV_REPALL_NL);
	s->row = 0;
	s->line = 1;
	s->inside = 0;
	s->last_end = 0;
	s->too_long = 0;
}

static int
csv_unclosed(const struct csv_source *s, struct err *e)
{
	return err_at(e, csv_pos(s, s->line + s->inside),
	    "a quote opened in this line is not closed by the end of the file");
}

/* C10, and C2 in a large file: a quote that never closes swallows the rest. */
static int
csv_check_length(const struct csv_source *s, struct err *e)
{
	if (s->too_long > 0)
		return err_at(e, csv_pos(s, s->too_long_line),
		    "a field of this line has %zu bytes and at most %d are read",
		    s->too_long, TABLE_FIELD_MAX);
	if (s->parser.entry_pos <= TABLE_FIELD_MAX)
		return 0;
	return err_at(e, csv_pos(s, s->line + s->inside),
	    s->parser.quoted
		? "a quote opened in this line is not closed within %d bytes"
		: "a field of this line is longer than the %d bytes that are read",
	    TABLE_FIELD_MAX);
}

static int
csv_feed(struct table_source *base, struct batch *batch, struct err *e)
{
	struct csv_source *s = (struct csv_source *)base;
	const char *p;
	size_t n;
	int got = table_bytes_next(s->bytes, &p, &n, e);

	if (got < 0)
		return -1;
	s->batch = batch;
	if (got == 0) {
		/* Strict only now: a quote inside an unquoted field is harmless. */
		csv_set_opts(&s->parser, CSV_REPALL_NL | CSV_STRICT | CSV_STRICT_FINI);
		if (csv_fini(&s->parser, csv_on_field, csv_on_row, s) != 0)
			return csv_unclosed(s, e);
		return csv_check_length(s, e) != 0 ? -1 : 0;
	}
	if (s->row == 0) {
		csv_set_delim(&s->parser, csv_separator(p, n));
		s->row = 1;
	}
	if (csv_parse(&s->parser, p, n, csv_on_field, csv_on_row, s) != n)
		return err_at(e, csv_pos(s, s->line), "not CSV: %s",
		    csv_strerror(csv_error(&s->parser)));
	return csv_check_length(s, e) != 0 ? -1 : 1;
}

static int
csv_rewind(struct table_source *base, struct err *e)
{
	struct csv_source *s = (struct csv_source *)base;

	csv_free(&s->parser);
	csv_begin(s);
	return table_bytes_rewind(s->bytes, e);
}

static void
csv_close(struct table_source *base)
{
	struct csv_source *s = (struct csv_source *)base;

	csv_free(&s->parser);
	table_bytes_close(s->bytes);
	g_free(s);
}

struct table_source *
table_csv_open(const char *path, int fd, enum table_encoding want, struct err *e)
{
	enum table_encoding encoding;
	struct table_bytes *bytes;

	if (table_encoding_find(path, fd, want, &encoding, e) != 0) {
		close(fd);
		return NULL;
	}
	bytes = table_bytes_open(path, fd, encoding, e);
	if (bytes == NULL)
		return NULL;
	struct csv_source *s = g_new0(struct csv_source, 1);

	s->base = (struct table_source){ .feed = csv_feed,
		.rewind = csv_rewind,
		.close = csv_close,
		.encoding = encoding };
	s->path = path;
	s->bytes = bytes;
	csv_begin(s);
	return &s->base;
}
