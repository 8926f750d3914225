#include "spec/table.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/text.h"
#include "table_private.h"

struct table {
	const char *path;
	struct table_source *source;
	struct batch batch;
	char *headings[TABLE_COLUMNS_MAX];
	int columns;
	bool ended;
	struct table_cell cells[TABLE_COLUMNS_MAX];
};

/* Files that are often handed in and are not tables, by how they begin. */
static const struct {
	const char *magic;
	size_t len;
	const char *what;
} strangers[] = {
	{ "\x1f\x8b", 2, "it is packed with gzip; unpack it first" },
	{ "\xd0\xcf\x11\xe0", 4,
	    "it is an old Excel file (.xls); save it as .xlsx or CSV" },
	{ "\xff\xfe", 2, "it is UTF-16 text; save it as \"CSV UTF-8\"" },
	{ "\xfe\xff", 2, "it is UTF-16 text; save it as \"CSV UTF-8\"" },
	{ "%PDF", 4, "it is a PDF; export the data as .xlsx or CSV" },
	{ "Rar!", 4, "it is a RAR archive; unpack it first" },
	{ "7z\xbc\xaf", 4, "it is a 7z archive; unpack it first" },
};

static struct pos
table_pos(const char *path, int64_t line)
{
	return (struct pos){ .file = path, .line = (int)line, .col = 1 };
}

static int
table_refuse_stranger(const char *path, const char *head, size_t n, struct err *e)
{
	if (n == 0)
		return err_at(e, table_pos(path, 1), "the file is empty");
	for (size_t i = 0; i < G_N_ELEMENTS(strangers); i++) {
		if (n >= strangers[i].len &&
		    memcmp(head, strangers[i].magic, strangers[i].len) == 0)
			return err_at(
			    e, table_pos(path, 1), "not a table: %s", strangers[i].what);
	}
	return 0;
}

/* The descriptor goes to the CSV source or is closed; libzip opens by name. */
static struct table_source *
table_source_open(const char *path, enum table_encoding want, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	char head[8];
	ssize_t n;

	if (fd < 0) {
		err_set(e, errno == ENOENT ? ERR_NOTFOUND : ERR_IO, "cannot open %s: %s",
		    path, g_strerror(errno));
		return NULL;
	}
	if (fstat(fd, &st) != 0 || (n = pread(fd, head, sizeof head, 0)) < 0) {
		if (S_ISDIR(st.st_mode))
			err_at(e, table_pos(path, 1), "this is a directory, not a file");
		else
			err_set(e, ERR_IO, "cannot read %s: %s", path, g_strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		err_at(e, table_pos(path, 1), "this is not a regular file");
	} else if (st.st_size > TABLE_FILE_MAX) {
		err_at(e, table_pos(path, 1),
		    "the file has %" G_GINT64_FORMAT
		    " MiB and at most %d are read; split it",
		    (gint64)(st.st_size >> 20), TABLE_FILE_MAX >> 20);
	} else if (table_refuse_stranger(path, head, (size_t)n, e) == 0) {
		if (n < 4 || memcmp(head, "PK\3\4", 4) != 0)
			return table_csv_open(path, fd, want, e);
		close(fd);
		return xlsx_open(path, e);
	}
	close(fd);
	return NULL;
}

/* 1: row is the next one, 0: the end, -1. */
static int
table_take(struct table *t, struct batch_row *row, struct err *e)
{
	struct batch *b = &t->batch;

	while (b->next == b->rows->len) {
		if (t->ended)
			return 0;
		table_batch_compact(b);
		int more = t->source->feed(t->source, b, e);

		if (more < 0)
			return -1;
		t->ended = more == 0;
	}
	*row = g_array_index(b->rows, struct batch_row, b->next);
	b->next++;
	return 1;
}

static struct table_cell
table_batch_at(const struct batch *b, guint cell)
{
	const struct batch_cell *c = &g_array_index(b->cells, struct batch_cell, cell);

	return (struct table_cell){ b->text->str + c->at, c->len };
}

/* C4: a column nobody can name, or two with one name, would be guessed at. */
static int
table_check_heading(const struct table *t, int i, int64_t line, struct err *e)
{
	const char *h = t->headings[i];

	if (*h == '\0')
		return err_at(e, table_pos(t->path, line),
		    "column %d has no heading; name it or delete the column", i + 1);
	if (g_utf8_strlen(h, -1) > TABLE_HEADING_MAX)
		return err_at(e, table_pos(t->path, line),
		    "the heading of column %d has more than %d characters; is this row "
		    "the "
		    "heading?",
		    i + 1, TABLE_HEADING_MAX);
	for (int k = 0; k < i; k++) {
		if (g_ascii_strcasecmp(t->headings[k], h) == 0)
			return err_at(e, table_pos(t->path, line),
			    "columns %d and %d are both called \"%s\"; rename or delete "
			    "one",
			    k + 1, i + 1, h);
	}
	return 0;
}

static int
table_read_heading(struct table *t, struct err *e)
{
	struct batch_row row;
	int got = table_take(t, &row, e);

	if (got < 0)
		return -1;
	if (got == 0)
		return err_at(e, table_pos(t->path, 1),
		    "there is no heading: the first row must name the columns");
	if (row.n > TABLE_COLUMNS_MAX)
		return err_at(e, table_pos(t->path, row.line),
		    "the heading has %d columns and at most %d are read", row.n,
		    TABLE_COLUMNS_MAX);
	while (t->columns < row.n) {
		int i = t->columns++;
		char *h = g_strdup(table_batch_at(&t->batch, row.first + (guint)i).p);

		t->headings[i] = g_strstrip(text_clean(h, false));
		if (table_check_heading(t, i, row.line, e) != 0)
			return -1;
	}
	return 0;
}

struct table *
table_open(const char *path, enum table_encoding encoding, struct err *e)
{
	struct table_source *source = table_source_open(path, encoding, e);

	if (source == NULL)
		return NULL;
	struct table *t = g_new0(struct table, 1);

	t->path = path;
	t->source = source;
	table_batch_init(&t->batch);
	if (table_read_heading(t, e) != 0) {
		table_close(t);
		return NULL;
	}
	return t;
}

void
table_close(struct table *t)
{
	if (t == NULL)
		return;
	t->source->close(t->source);
	table_batch_fini(&t->batch);
	for (int i = 0; i < t->columns; i++)
		g_free(t->headings[i]);
	g_free(t);
}

enum table_encoding
table_encoding(const struct table *t)
{
	return t->source->encoding;
}

const char *
table_encoding_name(enum table_encoding encoding)
{
	static const char *const names[] = { "?", "UTF-8", "GB18030", "xlsx" };

	return names[encoding];
}

bool
table_dates_1904(const struct table *t)
{
	return t->source->dates_1904;
}

int
table_columns(const struct table *t)
{
	return t->columns;
}

const char *
table_heading(const struct table *t, int column)
{
	CHECK(column >= 0 && column < t->columns);
	return t->headings[column];
}

int
table_next(struct table *t, struct table_row *out, struct err *e)
{
	struct batch_row row;
	int got = table_take(t, &row, e);

	if (got <= 0)
		return got;
	/* The batch counts the heading too, and what it has read ahead. */
	int64_t number = t->batch.count - (t->batch.rows->len - t->batch.next) - 1;

	if (number > TABLE_ROWS_MAX)
		return err_at(e, table_pos(t->path, row.line),
		    "more than %d rows; split the file", TABLE_ROWS_MAX);
	int kept = MIN(row.kept, TABLE_COLUMNS_MAX);

	for (int i = 0; i < kept; i++)
		t->cells[i] = table_batch_at(&t->batch, row.first + (guint)i);
	*out = (struct table_row){
		.row = row.row, .line = row.line, .n = row.n, .cells = t->cells
	};
	if (t->source->pads && row.n < t->columns) {
		for (int i = row.n; i < t->columns; i++)
			t->cells[i] = (struct table_cell){ "", 0 };
		out->n = t->columns;
	}
	return 1;
}

int
table_rewind(struct table *t, struct err *e)
{
	struct batch_row heading;

	table_batch_clear(&t->batch);
	t->ended = false;
	if (t->source->rewind(t->source, e) != 0)
		return -1;
	return table_take(t, &heading, e) < 0 ? -1 : 0;
}

/* 1900 was no leap year, but serial 60 is its 29 February: days before it count
 * one less. */
int
table_serial_days(double serial, bool from_1904, int64_t *days)
{
	double whole = floor(serial);

	if (!(whole >= 0 && whole <= 2958465))
		return -1;
	if (from_1904) {
		*days = (int64_t)whole - 24107;
		return 0;
	}
	if (whole < 1 || whole == 60)
		return -1;
	*days = (int64_t)whole - (whole < 60 ? 25568 : 25569);
	return 0;
}
