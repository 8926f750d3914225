#include <stdlib.h>
#include <string.h>

#include "xlsx.h"

/* ---- xl/workbook.xml: the first sheet and the epoch ---- */

struct workbook_part {
	struct xlsx_part x;
	char *id; /* relation of the first sheet */
	bool dates_1904;
};

static void
book_on_workbook(void *arg, const char *name, const char **attrs)
{
	struct workbook_part *w = arg;

	name = xlsx_part_local(name);
	if (strcmp(name, "workbookPr") == 0) {
		const char *d = xlsx_part_attr(attrs, "date1904");

		w->dates_1904 =
		    d != NULL && (strcmp(d, "1") == 0 || strcmp(d, "true") == 0);
	} else if (strcmp(name, "sheet") == 0 && w->id == NULL) {
		w->id = g_strdup(xlsx_part_attr(attrs, "id"));
	}
}

/* ---- xl/_rels/workbook.xml.rels: where that sheet is ---- */

struct rels_part {
	struct xlsx_part x;
	const char *id;
	char *target;
};

static void
book_on_relation(void *arg, const char *name, const char **attrs)
{
	struct rels_part *r = arg;
	const char *id = xlsx_part_attr(attrs, "Id"),
		   *target = xlsx_part_attr(attrs, "Target");

	if (strcmp(xlsx_part_local(name), "Relationship") != 0 || id == NULL ||
	    target == NULL || strcmp(id, r->id) != 0 || r->target != NULL)
		return;
	r->target =
	    target[0] == '/' ? g_strdup(target + 1) : g_strconcat("xl/", target, NULL);
}

/* ---- xl/styles.xml: which styles show dates ---- */

struct styles_part {
	struct xlsx_part x;
	GHashTable *dates; /* ids of the file's own formats that show dates */
	GByteArray *out;
	bool in_cells;
};

/* A date has a year or a day in its format, outside "quotes", [brackets] and
 * what is escaped: yyyy"年"m"月"d"日". A time of day alone is none. */
static bool
book_format_is_date(const char *f)
{
	for (; *f != '\0'; f++) {
		if (*f == '"' || *f == '[') {
			f = strchr(f + 1, *f == '"' ? '"' : ']');
			if (f == NULL)
				return false;
		} else if ((*f == '\\' || *f == '_' || *f == '*') && f[1] != '\0') {
			f++;
		} else if (strchr("yYdD", *f) != NULL) {
			return true;
		}
	}
	return false;
}

/* The numbers that are dates without being written down, with the East Asian ones. */
static bool
book_builtin_is_date(unsigned long id)
{
	return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 ||
	       (id >= 50 && id <= 54) || id == 57 || id == 58;
}

static void
book_on_style(void *arg, const char *name, const char **attrs)
{
	struct styles_part *s = arg;
	const char *id = xlsx_part_attr(attrs, "numFmtId"),
		   *code = xlsx_part_attr(attrs, "formatCode");

	name = xlsx_part_local(name);
	if (strcmp(name, "cellXfs") == 0) {
		s->in_cells = true;
	} else if (strcmp(name, "numFmt") == 0 && id != NULL && code != NULL) {
		if (book_format_is_date(code))
			g_hash_table_add(
			    s->dates, GUINT_TO_POINTER(strtoul(id, NULL, 10)));
	} else if (strcmp(name, "xf") == 0 && s->in_cells) {
		unsigned long n = id != NULL ? strtoul(id, NULL, 10) : 0;
		guint8 date = book_builtin_is_date(n) ||
			      g_hash_table_contains(s->dates, GUINT_TO_POINTER(n));

		if (s->out->len < 65536)
			g_byte_array_append(s->out, &date, 1);
	}
}

static void
book_on_style_end(void *arg, const char *name)
{
	if (strcmp(xlsx_part_local(name), "cellXfs") == 0)
		((struct styles_part *)arg)->in_cells = false;
}

/* ---- xl/sharedStrings.xml ---- */

struct strings_part {
	struct xlsx_part x;
	struct xlsx_book *book;
	bool in_text;
	int phonetic; /* depth of <rPh>, which is not text */
};

static void
book_on_string(void *arg, const char *name, const char **attrs)
{
	struct strings_part *s = arg;

	(void)attrs;
	name = xlsx_part_local(name);
	if (strcmp(name, "si") == 0) {
		uint32_t at = (uint32_t)s->book->pool->len;

		g_array_append_val(s->book->strings, at);
	} else if (strcmp(name, "rPh") == 0) {
		s->phonetic++;
	}
	s->in_text = strcmp(name, "t") == 0 && s->phonetic == 0;
}

static void
book_on_string_end(void *arg, const char *name)
{
	struct strings_part *s = arg;

	name = xlsx_part_local(name);
	s->in_text = false;
	if (strcmp(name, "rPh") == 0)
		s->phonetic--;
	else if (strcmp(name, "si") == 0)
		g_string_append_c(s->book->pool, '\0');
}

static void
book_on_string_text(void *arg, const char *text, int len)
{
	struct strings_part *s = arg;

	if (s->in_text && s->book->strings->len > 0)
		g_string_append_len(s->book->pool, text, len);
}

/* ---- all of it ---- */

static int
book_find_sheet(
    struct xlsx_book *b, zip_t *zip, const char *path, int64_t *left, struct err *e)
{
	struct workbook_part w = { .id = NULL };
	struct rels_part r = { .target = NULL };

	if (xlsx_part_open(&w.x, zip, path, "xl/workbook.xml", left, book_on_workbook,
		NULL, NULL, e) != 0)
		return -1;
	int rc = xlsx_part_all(&w.x, e);

	b->dates_1904 = w.dates_1904;
	r.id = w.id != NULL ? w.id : "";
	if (rc == 0)
		rc = xlsx_part_open(&r.x, zip, path, "xl/_rels/workbook.xml.rels", left,
		    book_on_relation, NULL, NULL, e);
	if (rc == 0)
		rc = xlsx_part_all(&r.x, e);
	b->sheet = r.target;
	g_free(w.id);
	if (rc == 0 && b->sheet == NULL)
		rc = err_at(e, (struct pos){ path, 1, 1 }, "the workbook has no sheet");
	return rc;
}

static int
book_read_styles(
    struct xlsx_book *b, zip_t *zip, const char *path, int64_t *left, struct err *e)
{
	struct styles_part s = { .out = b->styles };

	if (!xlsx_part_has(zip, "xl/styles.xml"))
		return 0;
	if (xlsx_part_open(&s.x, zip, path, "xl/styles.xml", left, book_on_style,
		book_on_style_end, NULL, e) != 0)
		return -1;
	s.dates = g_hash_table_new(NULL, NULL);
	int rc = xlsx_part_all(&s.x, e);

	g_hash_table_unref(s.dates);
	return rc;
}

static int
book_read_strings(
    struct xlsx_book *b, zip_t *zip, const char *path, int64_t *left, struct err *e)
{
	struct strings_part s = { .book = b };

	if (!xlsx_part_has(zip, "xl/sharedStrings.xml"))
		return 0;
	if (xlsx_part_open(&s.x, zip, path, "xl/sharedStrings.xml", left, book_on_string,
		book_on_string_end, book_on_string_text, e) != 0)
		return -1;
	return xlsx_part_all(&s.x, e);
}

int
xlsx_book_read(
    struct xlsx_book *b, zip_t *zip, const char *path, int64_t *left, struct err *e)
{
	*b = (struct xlsx_book){
		.styles = g_byte_array_new(),
		.pool = g_string_new(NULL),
		.strings = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
	};
	if (book_find_sheet(b, zip, path, left, e) != 0 ||
	    book_read_styles(b, zip, path, left, e) != 0 ||
	    book_read_strings(b, zip, path, left, e) != 0)
		return -1;
	return 0;
}

void
xlsx_book_fini(struct xlsx_book *b)
{
	g_free(b->sheet);
	g_byte_array_unref(b->styles);
	g_string_free(b->pool, TRUE);
	g_array_free(b->strings, TRUE);
}

bool
xlsx_book_is_date(const struct xlsx_book *b, unsigned long style)
{
	return style < b->styles->len && b->styles->data[style] != 0;
}
