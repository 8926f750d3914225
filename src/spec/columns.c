#include "spec/columns.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

char *
columns_fold(const char *heading)
{
	char *wide = g_utf8_normalize(heading, -1, G_NORMALIZE_ALL_COMPOSE);
	char *low = g_utf8_casefold(wide != NULL ? wide : heading, -1);
	char *to = low;

	/* NFKC made full-width brackets plain ones; 消费金额(元) is 消费金额. */
	for (const char *p = low; *p != '\0' && *p != '(' && *p != '['; p++) {
		if (strchr(" \t\r\n_-*:", *p) == NULL)
			*to++ = *p;
	}
	*to = '\0';
	g_free(wide);
	return low;
}

bool
columns_lists(const char *headings, const char *folded)
{
	size_t len = strlen(folded);

	for (const char *p = headings; *p != '\0';) {
		size_t n = strcspn(p, "|");

		if (n == len && memcmp(p, folded, n) == 0)
			return true;
		p += n + (p[n] == '|');
	}
	return false;
}

static int
columns_find(const struct columns_field *fields, int n, const char *heading)
{
	char *folded = columns_fold(heading);
	int found = COLUMNS_ATTRIBUTE;

	for (int i = 0; i < n && found < 0 && *folded != '\0'; i++) {
		if (columns_lists(fields[i].headings, folded))
			found = i;
	}
	g_free(folded);
	return found;
}

/* The saved mapping's word for this heading: 1 and *out, 0 when it has none. */
static int
columns_saved(const struct columns_field *fields, int n, const char *const *mapping,
    const char *heading, struct pos at, int *out, struct err *e)
{
	for (; mapping != NULL && mapping[0] != NULL; mapping += 2) {
		if (strcmp(mapping[0], heading) != 0)
			continue;
		*out =
		    strcmp(mapping[1], "-") == 0 ? COLUMNS_LEFT_OUT : COLUMNS_ATTRIBUTE;
		for (int i = 0; i < n; i++) {
			if (strcmp(fields[i].name, mapping[1]) == 0)
				*out = i;
		}
		if (*out == COLUMNS_ATTRIBUTE && strcmp(mapping[1], "attribute") != 0)
			return err_at(e, at,
			    "the mapping sends \"%s\" to \"%s\", which is no field",
			    heading, mapping[1]);
		return 1;
	}
	return 0;
}

int
columns_map(struct columns *c, const char *path, int n_fields,
    const char *const *mapping, struct err *e)
{
	struct pos at = { .file = path, .line = 1, .col = 1 };
	int *field = c->field;

	for (int i = 0; i < table_columns(c->table); i++) {
		const char *heading = table_heading(c->table, i);
		int saved =
		    columns_saved(c->fields, n_fields, mapping, heading, at, &field[i], e);

		if (saved < 0)
			return -1;
		if (saved == 0)
			field[i] = columns_find(c->fields, n_fields, heading);
		for (int k = 0; k < i && field[i] >= 0; k++) {
			if (field[k] == field[i])
				return err_at(e, at,
				    "columns %d \"%s\" and %d \"%s\" are both "
				    "taken for %s; "
				    "map one of them to something else",
				    k + 1, table_heading(c->table, k), i + 1, heading,
				    c->fields[field[i]].name);
		}
	}
	return 0;
}

const char *
columns_name(const struct columns *c, int column)
{
	int f = c->field[column];

	if (f >= 0)
		return c->fields[f].name;
	return f == COLUMNS_ATTRIBUTE && c->attributes ? "attribute" : "-";
}

const char *
columns_format(const struct columns *c)
{
	return table_encoding_name(table_encoding(c->table));
}

const char *
columns_attributes(
    const struct columns *c, struct arena *a, const char *row, const char *said)
{
	json_t *was, *is, *all;
	const char *copy = said; /* as it is written, when nothing changes */
	char *text;

	if (strcmp(said, "{}") == 0)
		return row;
	was = json_loads(said, 0, NULL);
	is = json_loads(row, 0, NULL);
	all = json_copy(was);
	for (int i = 0; i < table_columns(c->table); i++)
		if (c->field[i] == COLUMNS_ATTRIBUTE)
			json_object_del(all, table_heading(c->table, i));
	json_object_update(all, is);
	if (!json_equal(all, was)) {
		text = json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS);
		copy = arena_strdup(a, text);
		free(text);
	}
	json_decref(all);
	json_decref(was);
	json_decref(is);
	return copy;
}

static bool
cell_is(struct table_cell cell, const char *s)
{
	return cell.len == strlen(s) && memcmp(cell.p, s, cell.len) == 0;
}

const char *
columns_no_row(const struct columns *c, const struct table_row *row, int id)
{
	static const char *const totals[] = { "合计", "总计", "小计", "共计", "合计：",
		"总计：" };
	int same = 0;

	for (int i = 0; i < row->n && i < table_columns(c->table); i++) {
		same += cell_is(row->cells[i], table_heading(c->table, i));
		if (c->field[i] != id)
			continue;
		for (size_t k = 0; k < G_N_ELEMENTS(totals); k++)
			if (cell_is(row->cells[i], totals[k]))
				return "a total, not a row";
	}
	return same > 0 && same == table_columns(c->table) ? "it is the heading once more"
							   : NULL;
}
