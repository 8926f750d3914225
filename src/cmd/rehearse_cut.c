#include "rehearse_cut.h"

#include <errno.h>
#include <string.h>

#include "spec/record.h"
#include "spec/table.h"

#define MARK "\xef\xbb\xbf" /* it is UTF-8, and nobody need guess */

/* ---- keys ---- */

/* FNV-1a, and a mix: of a million words no two meet. */
uint64_t
cut_key(int of, const char *word)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)of;

	for (; *word != '\0'; word++)
		h = (h ^ (unsigned char)*word) * UINT64_C(0x100000001b3);
	h = (h ^ (h >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	return (h ^ (h >> 31)) | 1;
}

int
cut_row(const struct cut *c, uint64_t key)
{
	return GPOINTER_TO_INT(g_hash_table_lookup(c->rows, (gpointer)(uintptr_t)key)) -
	       1;
}

void
cut_name(struct cut *c, uint64_t key, int row)
{
	g_hash_table_insert(c->rows, (gpointer)(uintptr_t)key, GINT_TO_POINTER(row + 1));
}

/* ---- the parts ---- */

void
cut_begin(struct cut *c)
{
	c->rows = g_hash_table_new(NULL, NULL);
}

void
cut_parts(struct cut *c, int n)
{
	c->n = n;
	c->parts = g_new0(struct cut_part, n);
}

void
cut_forget(struct cut *c)
{
	if (c->rows != NULL)
		g_hash_table_unref(c->rows);
	c->rows = NULL;
	g_free(c->part);
	c->part = NULL;
}

void
cut_part_done(struct cut *c, int nth)
{
	for (int t = 0; t < CUT_TABLES; t++) {
		if (c->parts[nth].file[t] != NULL)
			fclose(c->parts[nth].file[t]);
		c->parts[nth].file[t] = NULL;
	}
}

void
cut_end(struct cut *c)
{
	for (int i = 0; i < c->n; i++)
		cut_part_done(c, i);
	g_free(c->parts);
	cut_forget(c);
}

/* ---- a file ---- */

struct cut_file {
	struct cut *cut;
	enum cut_table kind;
	struct table *table;
	struct table_row row;
	GString *line;
};

static void
add_cell(GString *line, const char *s, size_t len)
{
	g_string_append_c(line, '"');
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '"')
			g_string_append_c(line, '"');
		g_string_append_c(line, s[i]);
	}
	g_string_append_c(line, '"');
}

static int
open_part(struct cut_part *p, enum cut_table t, const GString *heading, struct err *e)
{
	p->file[t] = tmpfile();
	if (p->file[t] == NULL)
		return err_set(
		    e, ERR_IO, "no temporary file can be written: %s", g_strerror(errno));
	g_snprintf(
	    p->path[t], sizeof(p->path[t]), "/proc/self/fd/%d", fileno(p->file[t]));
	fwrite(heading->str, 1, heading->len, p->file[t]);
	return 0;
}

static int
open_parts(struct cut_file *f, struct err *e)
{
	g_string_assign(f->line, MARK);
	for (int i = 0; i < table_columns(f->table); i++) {
		const char *h = table_heading(f->table, i);

		if (i > 0)
			g_string_append_c(f->line, ',');
		add_cell(f->line, h, strlen(h));
	}
	g_string_append_c(f->line, '\n');
	for (int i = 0; i < f->cut->n; i++)
		if (open_part(&f->cut->parts[i], f->kind, f->line, e) != 0)
			return -1;
	return 0;
}

struct cut_file *
cut_file_open(struct cut *c, enum cut_table table, const char *path, struct err *e)
{
	struct table *t = table_open(path, TABLE_DETECT, e);
	struct cut_file *f;

	if (t == NULL)
		return NULL;
	f = g_new0(struct cut_file, 1);
	f->cut = c;
	f->kind = table;
	f->table = t;
	f->line = g_string_new("");
	c->whole |= table_dates_1904(t);
	if (open_parts(f, e) == 0)
		return f;
	cut_file_close(f);
	return NULL;
}

int
cut_file_next(struct cut_file *f, struct err *e)
{
	return table_next(f->table, &f->row, e);
}

void
cut_file_give(struct cut_file *f, int part)
{
	g_string_truncate(f->line, 0);
	for (int i = 0; i < f->row.n; i++) {
		if (i > 0)
			g_string_append_c(f->line, ',');
		add_cell(f->line, f->row.cells[i].p, f->row.cells[i].len);
	}
	g_string_append_c(f->line, '\n');
	fwrite(f->line->str, 1, f->line->len, f->cut->parts[part].file[f->kind]);
}

void
cut_file_close(struct cut_file *f)
{
	if (f == NULL)
		return;
	for (int i = 0; i < f->cut->n; i++)
		if (f->cut->parts[i].file[f->kind] != NULL)
			fflush(f->cut->parts[i].file[f->kind]);
	table_close(f->table);
	g_string_free(f->line, TRUE);
	g_free(f);
}

/* ---- records ---- */

static const struct record_kind *const kinds[CUT_TABLES] = {
	[CUT_VEHICLES] = &record_vehicle,
	[CUT_ORDERS] = &record_order,
	[CUT_APPOINTMENTS] = &record_appointment,
	[CUT_SENDS] = &record_send,
};

/* The text of a field; "" when the kind has none of that name. */
static const char *
text_of(const struct record_kind *k, const void *row, const char *name)
{
	for (int i = 0; i < k->n_fields; i++)
		if (strcmp(k->fields[i].name, name) == 0)
			return *(const char *const *)(const void *)((const char *)row +
								    k->fields[i].offset);
	return "";
}

static int
row_of_word(const struct cut *c, int of, const char *word)
{
	return *word == '\0' ? -1 : cut_row(c, cut_key(of, word));
}

/* As the import finds him: by his id, else by his number, else by a vehicle. */
static int
owner_of(const struct cut *c, const struct record_kind *k, const void *row)
{
	const char *owner = text_of(k, row, "customer");
	int found = row_of_word(c, CUT_CUSTOMER, owner);

	if (*owner != '\0')
		return found;
	found = row_of_word(c, CHANNEL_SMS, text_of(k, row, "phone"));
	if (found < 0 && k != &record_vehicle)
		found = row_of_word(c, CUT_VEHICLE, text_of(k, row, "vehicle"));
	if (found < 0 && k != &record_vehicle)
		found = row_of_word(c, CUT_VEHICLE, text_of(k, row, "plate"));
	return found;
}

static void
name_vehicle(struct cut *c, const void *row, int owner)
{
	static const char *const names[] = { "id", "vin", "plate" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *word = text_of(&record_vehicle, row, names[i]);

		if (*word != '\0')
			cut_name(c, cut_key(CUT_VEHICLE, word), owner);
	}
}

static void
give(struct cut *c, struct cut_file *f, const void *row, struct row_fault *fault)
{
	const struct record_kind *k = kinds[f->kind];
	int owner;

	if (fault->verdict > ROW_NOTED)
		return;
	if ((owner = owner_of(c, k, row)) < 0) {
		rows_judge(fault, ROW_REFUSED, 0, "",
		    "it names no customer that is known; import the customers first");
		return;
	}
	if (k == &record_vehicle)
		name_vehicle(c, row, owner);
	cut_file_give(f, c->part[owner]);
}

static void
tell(const struct rows_report *report, const struct records *rows, const char *path)
{
	GString *text = g_string_new("");

	rows_report_text(report, columns_format(records_columns(rows)), text);
	fprintf(stderr, "%s: %s\n", path, g_strchomp(text->str));
	g_string_free(text, TRUE);
}

int
cut_records(struct cut *c, enum cut_table table, const char *path,
    const struct zone *zone, bool quiet, struct err *e)
{
	const struct record_kind *k = kinds[table];
	struct records *rows = records_open(k, path, TABLE_DETECT, NULL, zone, e);
	struct cut_file *f = rows == NULL ? NULL : cut_file_open(c, table, path, e);
	struct arena *a = arena_new();
	void *row = g_malloc0(k->size);
	struct rows_report report;
	struct row_fault fault;
	int rc = -1;

	rows_report_init(&report);
	while (f != NULL && (rc = records_next(rows, a, row, &fault, e)) == 1 &&
	       (rc = cut_file_next(f, e)) == 1) {
		give(c, f, row, &fault);
		rows_report_add(&report, &fault);
		arena_reset(a);
	}
	if (rc == 0 && !quiet && report.count[ROW_REFUSED] > 0)
		tell(&report, rows, path);
	rows_report_fini(&report);
	cut_file_close(f);
	records_close(rows);
	g_free(row);
	arena_free(a);
	return rc;
}
