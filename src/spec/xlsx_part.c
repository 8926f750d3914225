#include <stdarg.h>
#include <string.h>

#include "xlsx.h"

static struct pos
part_pos(const struct xlsx_part *x)
{
	return (struct pos){ .file = x->path, .line = 1, .col = 1 };
}

static void
part_on_doctype(
    void *arg, const char *name, const char *system, const char *public_, int internal)
{
	(void)name, (void)system, (void)public_, (void)internal;
	xlsx_part_stop(arg, "it declares a document type, which no spreadsheet needs");
}

bool
xlsx_part_has(zip_t *zip, const char *name)
{
	return zip_name_locate(zip, name, ZIP_FL_NOCASE) >= 0;
}

int
xlsx_part_open(struct xlsx_part *x, zip_t *zip, const char *path, const char *name,
    int64_t *left, XML_StartElementHandler start, XML_EndElementHandler end,
    XML_CharacterDataHandler text, struct err *e)
{
	x->path = path;
	x->name = name;
	x->left = left;
	x->fault[0] = '\0';
	x->file = zip_fopen(zip, name, ZIP_FL_NOCASE);
	if (x->file == NULL)
		return err_at(e, part_pos(x), "not an Excel workbook: %s: %s", name,
		    zip_strerror(zip));
	x->parser = XML_ParserCreate(NULL);
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, start, end);
	XML_SetCharacterDataHandler(x->parser, text);
	XML_SetStartDoctypeDeclHandler(x->parser, part_on_doctype);
	return 0;
}

void
xlsx_part_close(struct xlsx_part *x)
{
	if (x->file != NULL)
		zip_fclose(x->file);
	if (x->parser != NULL)
		XML_ParserFree(x->parser);
	x->file = NULL;
	x->parser = NULL;
}

void
xlsx_part_stop(struct xlsx_part *x, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	g_vsnprintf(x->fault, sizeof x->fault, fmt, ap);
	va_end(ap);
	XML_StopParser(x->parser, XML_FALSE);
}

int
xlsx_part_feed(struct xlsx_part *x, struct err *e)
{
	void *buf = XML_GetBuffer(x->parser, TABLE_CHUNK);
	zip_int64_t n = zip_fread(x->file, buf, TABLE_CHUNK);

	if (n < 0)
		return err_at(e, part_pos(x), "the workbook is damaged: %s: %s", x->name,
		    zip_file_strerror(x->file));
	*x->left -= n;
	if (*x->left < 0)
		return err_at(e, part_pos(x),
		    "the workbook unpacks to more than %d MiB; save the sheet as CSV",
		    TABLE_FILE_MAX >> 20);
	if (XML_ParseBuffer(x->parser, (int)n, n == 0) == XML_STATUS_OK)
		return n > 0;
	if (x->fault[0] != '\0')
		return err_at(e, part_pos(x), "%s", x->fault);
	return err_at(e, part_pos(x), "the workbook is damaged: %s, line %lu: %s",
	    x->name, XML_GetCurrentLineNumber(x->parser),
	    XML_ErrorString(XML_GetErrorCode(x->parser)));
}

int
xlsx_part_all(struct xlsx_part *x, struct err *e)
{
	int got;

	do
		got = xlsx_part_feed(x, e);
	while (got > 0);
	xlsx_part_close(x);
	return got;
}

const char *
xlsx_part_local(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon != NULL ? colon + 1 : name;
}

const char *
xlsx_part_attr(const char **attrs, const char *local)
{
	for (; *attrs != NULL; attrs += 2) {
		if (strcmp(xlsx_part_local(attrs[0]), local) == 0)
			return attrs[1];
	}
	return NULL;
}
