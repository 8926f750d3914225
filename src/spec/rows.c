#include "spec/rows.h"

#include <stdarg.h>

bool
rows_judge(struct row_fault *f, enum row_verdict verdict, int column, const char *heading,
    const char *fmt, ...)
{
	const char *end;
	va_list ap;

	if (verdict > f->verdict) {
		f->verdict = verdict;
		f->column = column;
		g_utf8_strncpy(f->heading, heading, (sizeof f->heading - 1) / 4);
		va_start(ap, fmt);
		g_vsnprintf(f->reason, sizeof f->reason, fmt, ap);
		va_end(ap);
		if (!g_utf8_validate(f->reason, -1, &end)) /* cut inside a character */
			f->reason[end - f->reason] = '\0';
	}
	return f->verdict >= ROW_ASIDE;
}

void
rows_report_init(struct rows_report *r)
{
	*r = (struct rows_report){ .unreachable = 0 };
	for (int v = 0; v < ROW_VERDICTS; v++)
		r->shown[v] = g_array_new(FALSE, FALSE, sizeof(struct row_fault));
}

void
rows_report_fini(struct rows_report *r)
{
	for (int v = 0; v < ROW_VERDICTS; v++)
		g_array_free(r->shown[v], TRUE);
}

void
rows_report_add(struct rows_report *r, const struct row_fault *f)
{
	r->count[f->verdict]++;
	if (f->verdict != ROW_GOOD && r->shown[f->verdict]->len < ROWS_SHOWN)
		g_array_append_val(r->shown[f->verdict], *f);
}

static int64_t
rows_read(const struct rows_report *r)
{
	int64_t n = 0;

	for (int v = 0; v < ROW_VERDICTS; v++)
		n += r->count[v];
	return n;
}

static void
rows_list(
    const struct rows_report *r, enum row_verdict v, const char *title, GString *out)
{
	const GArray *shown = r->shown[v];

	if (r->count[v] == 0)
		return;
	g_string_append_printf(out, "%s\n", title);
	for (guint i = 0; i < shown->len; i++) {
		const struct row_fault *f = &g_array_index(shown, struct row_fault, i);

		g_string_append_printf(out, "  row %" G_GINT64_FORMAT, f->row);
		if (f->column > 0)
			g_string_append_printf(
			    out, ", column %d (%s)", f->column, f->heading);
		g_string_append_printf(out, ": %s\n", f->reason);
	}
	if (r->count[v] > shown->len)
		g_string_append_printf(
		    out, "  and %" G_GINT64_FORMAT " more\n", r->count[v] - shown->len);
}

void
rows_report_text(const struct rows_report *r, const char *format, GString *out)
{
	g_string_append_printf(out,
	    "%" G_GINT64_FORMAT " row%s read (%s): %" G_GINT64_FORMAT
	    " imported, %" G_GINT64_FORMAT " refused, %" G_GINT64_FORMAT " set aside\n",
	    rows_read(r), rows_read(r) == 1 ? "" : "s", format,
	    r->count[ROW_GOOD] + r->count[ROW_NOTED], r->count[ROW_REFUSED],
	    r->count[ROW_ASIDE]);
	if (r->unreachable > 0)
		g_string_append_printf(out,
		    "%" G_GINT64_FORMAT
		    " imported without any address: nothing can reach them\n",
		    r->unreachable);
	rows_list(
	    r, ROW_REFUSED, "refused, to be mended in the file and imported again:", out);
	rows_list(r, ROW_ASIDE, "set aside on the data-quality list, not imported:", out);
	rows_list(r, ROW_NOTED, "imported without the value named:", out);
}
