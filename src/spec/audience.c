/* audience.c - a list of customers in a file beside its playbook: ids, phones, VINs or
 * plates, one a line or in a table. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "read.h"
#include "set.h"
#include "source.h"
#include "spec/table.h"

#define IDS_MAX 200000
#define ID_MAX 64

static const char *const id_headings[] = { "id", "ID", "customer", "客户编号", "客户ID",
	"编号", "phone", "手机", "手机号", "手机号码", "vin", "VIN", "车架号", "plate",
	"车牌", "车牌号", NULL };

/* Which column holds the ids. One column without a known heading has none: its
 * heading is the first id. -1: no column does. */
static int
id_column(const struct table *t, bool *headless)
{
	int i;

	*headless = false;
	for (i = 0; i < table_columns(t); i++) {
		if (g_strv_contains(id_headings, table_heading(t, i)))
			return i;
	}
	*headless = table_columns(t) == 1;
	return *headless ? 0 : -1;
}

static bool
id_add(GPtrArray *ids, struct arena *a, const char *id, struct pos at, struct report *r)
{
	if (id[0] == '\0')
		return true;
	if (strlen(id) > ID_MAX || ids->len >= IDS_MAX) {
		report_add(r, SEV_ERROR, at, "list", "",
		    "a list holds at most 200,000 ids of at most 64 bytes");
		return false;
	}
	g_ptr_array_add(ids, arena_strdup(a, id));
	return true;
}

static int
rows_read(struct table *t, const char *file, GPtrArray *ids, struct arena *a,
    struct report *r, struct err *e)
{
	struct pos at = { file, 1, 1 };
	struct table_row row;
	bool headless;
	int column = id_column(t, &headless), rc;

	if (column < 0) {
		report_add(r, SEV_ERROR, at, "list",
		    "call the column \"id\", \"phone\", \"vin\" or \"plate\"",
		    "no column of this table says who is meant");
		return 0;
	}
	if (headless)
		id_add(ids, a, table_heading(t, 0), at, r);
	while ((rc = table_next(t, &row, e)) == 1) {
		at.line = (int)row.line;
		if (column < row.n && !id_add(ids, a, row.cells[column].p, at, r))
			return 0;
	}
	return rc;
}

/* Sorted, each once, NULL-terminated. */
static const char **
finish(struct arena *a, GPtrArray *ids)
{
	const char **list = arena_array(a, const char *, ids->len + 1);
	guint i, n = 0;

	g_ptr_array_sort(ids, text_order);
	for (i = 0; i < ids->len; i++) {
		if (n == 0 || strcmp(list[n - 1], ids->pdata[i]) != 0)
			list[n++] = ids->pdata[i];
	}
	return list;
}

/* As it was when the set was kept. */
static bool
kept(const struct set *s, struct playbook *p, GPtrArray *ids)
{
	const json_t *list = json_object_get(s->lists, p->name), *id;
	size_t i;

	json_array_foreach(list, i, id) g_ptr_array_add(
	    ids, arena_strdup(s->arena, json_string_value(id)));
	return list != NULL;
}

static void
from_file(const struct set *s, struct playbook *p, GPtrArray *ids)
{
	struct err e = { .kind = ERR_NONE };
	char *dir = g_path_get_dirname(p->start.list_pos.file);
	char *path = strcmp(dir, ".") == 0
			 ? g_strdup(p->start.list_file)
			 : g_build_filename(dir, p->start.list_file, NULL);
	struct table *t = table_open(path, TABLE_DETECT, &e);

	if (t == NULL ||
	    rows_read(t, source_name(path), ids, s->arena, s->report, &e) < 0)
		report_add(
		    s->report, SEV_ERROR, p->start.list_pos, "list", "", "%s", e.text);
	else if (ids->len == 0)
		report_add(s->report, SEV_WARNING, p->start.list_pos, "list", "",
		    "the list is empty");
	table_close(t);
	g_free(path);
	g_free(dir);
}

void
audience_read(const struct set *s, struct playbook *p)
{
	GPtrArray *ids;

	if (p->start.list_file == NULL)
		return;
	ids = g_ptr_array_new();
	if (!kept(s, p, ids))
		from_file(s, p, ids);
	p->start.list = finish(s->arena, ids);
	g_ptr_array_free(ids, TRUE);
}
