/* xlsx.h - parts of an xlsx: XML out of the archive, and what is read before the sheet.
 *
 * An xlsx is a stranger's archive: document types (and with them entities of
 * their own) are refused, and all parts together unpack to at most
 * TABLE_FILE_MAX bytes, counted as they come out and not as they are declared. */
#ifndef SPEC_XLSX_H
#define SPEC_XLSX_H

#include <expat.h>
#include <zip.h>

#include "table_private.h"

/* One part being read. Handlers get this struct, so it comes first in theirs. */
struct xlsx_part {
	XML_Parser parser;
	zip_file_t *file;
	const char *path, *name;
	int64_t *left;   /* of the unpacked bytes allowed */
	char fault[200]; /* why a handler stopped */
};

/* -1: there is no such part (err untouched when optional), or it cannot be opened. */
int xlsx_part_open(struct xlsx_part *x, zip_t *zip, const char *path, const char *name,
    int64_t *left, XML_StartElementHandler start, XML_EndElementHandler end,
    XML_CharacterDataHandler text, struct err *e);
void xlsx_part_close(struct xlsx_part *x);
int xlsx_part_feed(struct xlsx_part *x, struct err *e); /* 1, 0 at the end, -1 */
int xlsx_part_all(struct xlsx_part *x, struct err *e);  /* feeds to the end and closes */
void xlsx_part_stop(struct xlsx_part *x, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
bool xlsx_part_has(zip_t *zip, const char *name);
const char *xlsx_part_local(const char *name); /* without a namespace's prefix */
const char *xlsx_part_attr(const char **attrs, const char *local); /* or NULL */

/* The workbook, its styles and its shared strings. */
struct xlsx_book {
	char *sheet; /* the part of the first sheet */
	bool dates_1904;
	GByteArray *styles; /* by a cell's style: 1 shows a date */
	GString *pool;      /* shared strings, one after the other, each with a NUL */
	GArray *strings;    /* uint32_t: where each begins */
};

int xlsx_book_read(
    struct xlsx_book *b, zip_t *zip, const char *path, int64_t *left, struct err *e);
void xlsx_book_fini(struct xlsx_book *b);
bool xlsx_book_is_date(const struct xlsx_book *b, unsigned long style);

#endif
