#include "report_text.h"

#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"
#include "show.h"

#define WIDTH 120 /* where there is no terminal */
#define BAR 10
#define BAR_SHORT 4 /* where it is tight */

static int
width_of(const char *s)
{
	return text_width(s, strlen(s));
}

static void
pad(GString *out, int n)
{
	while (n-- > 0)
		g_string_append_c(out, ' ');
}

/* "1,234,567.89" */
static void
grouped(GString *out, double n, int decimals)
{
	char buf[64];
	size_t digits;

	g_snprintf(buf, sizeof(buf), "%.*f", decimals, fabs(n));
	digits = strcspn(buf, ".");
	if (n < 0 && strspn(buf, "0.") != strlen(buf))
		g_string_append_c(out, '-');
	for (size_t i = 0; buf[i] != '\0'; i++) {
		if (i > 0 && i < digits && (digits - i) % 3 == 0)
			g_string_append_c(out, ',');
		g_string_append_c(out, buf[i]);
	}
}

static void
percent(GString *out, double share, const char *more)
{
	grouped(out, 100 * share, 1);
	g_string_append_printf(out, " %%%s", more);
}

static void
bound(GString *out, double n, enum sheet_type type)
{
	if (!isfinite(n))
		g_string_append(out, n < 0 ? "-∞" : "∞");
	else if (type == SHEET_INTERVAL)
		percent(out, n, "");
	else
		grouped(out, n, 2);
}

/* Eighths of a character; what is above one or below nothing is cut. */
static void
bar(GString *out, double share, int length)
{
	static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	int n = (int)lround(8 * length * fmin(fmax(share, 0), 1)), full = n / 8;

	for (int i = 0; i < full; i++)
		g_string_append(out, "█");
	g_string_append(out, eighths[n % 8]);
	pad(out, length - full - (n % 8 > 0));
}

/* How it stands to what the house wants. */
static const char *
mark_of(const struct sheet_column *c, double share)
{
	if (!isfinite(c->target))
		return "";
	return share > c->target ? " ✓" : " ✗";
}

static char *
cell_text(const struct sheet *s, int row, int column, enum sheet_language l)
{
	const struct sheet_cell *c = sheet_cell(s, row, column);
	const struct sheet_column *of = &s->columns[column];
	GString *out = g_string_new("");

	if (!c->known)
		return g_string_free(out, FALSE);
	switch (of->type) {
	case SHEET_TEXT:
	case SHEET_DATE:
		g_string_free(out, TRUE);
		return show_clean(sheet_said(s, c, l));
	case SHEET_INTEGER:
		grouped(out, c->number, 0);
		break;
	case SHEET_SHARE:
		percent(out, c->number, mark_of(of, c->number));
		break;
	case SHEET_MONEY:
		grouped(out, c->number, 2);
		break;
	case SHEET_INTERVAL:
	case SHEET_RANGE:
		bound(out, c->between.low, of->type);
		g_string_append(out, " … ");
		bound(out, c->between.high, of->type);
		break;
	default:
		if (c->number != 0 && fabs(c->number) < 0.005)
			g_string_append_printf(out, "%.2g", c->number);
		else
			grouped(out, c->number, 2);
	}
	return g_string_free(out, FALSE);
}

static bool
is_text(const struct sheet_column *c)
{
	return c->type == SHEET_TEXT || c->type == SHEET_DATE;
}

static bool
is_drawn(const struct sheet_column *c)
{
	return c->type == SHEET_SHARE;
}

/* ---- a table ---- */

struct grid {
	const struct sheet *s;
	enum sheet_language l;
	char **cells; /* headings, then rows */
	int *width, bar;
};

static void
grid_init(struct grid *g, const struct sheet *s, enum sheet_language l)
{
	int n = s->n_columns;

	g->s = s;
	g->l = l;
	g->bar = BAR;
	g->cells = g_new0(char *, (gsize)(n * (s->n_rows + 1)));
	g->width = g_new0(int, (gsize)n);
	for (int r = 0; r <= s->n_rows; r++)
		for (int i = 0; i < n; i++) {
			char *text = r == 0 ? g_strdup(sheet_heading(&s->columns[i], l))
					    : cell_text(s, r - 1, i, l);

			g->cells[r * n + i] = text;
			g->width[i] = MAX(g->width[i], width_of(text));
		}
}

static void
grid_fini(struct grid *g)
{
	for (int i = 0; i < g->s->n_columns * (g->s->n_rows + 1); i++)
		g_free(g->cells[i]);
	g_free(g->cells);
	g_free(g->width);
}

static int
grid_width(const struct grid *g)
{
	int sum = 0;

	for (int i = 0; i < g->s->n_columns; i++)
		sum += g->width[i] + 2 + (is_drawn(&g->s->columns[i]) ? g->bar + 1 : 0);
	return sum - 2;
}

static void
grid_row(const struct grid *g, int row, GString *out)
{
	const struct sheet *s = g->s;
	GString *line = g_string_new("");

	for (int i = 0; i < s->n_columns; i++) {
		const char *text = g->cells[row * s->n_columns + i];
		int room = g->width[i] - width_of(text);

		pad(line, i > 0 ? 2 : 0);
		if (!is_text(&s->columns[i]))
			pad(line, room);
		g_string_append(line, text);
		if (is_text(&s->columns[i]))
			pad(line, room);
		if (!is_drawn(&s->columns[i]))
			continue;
		pad(line, 1);
		if (row > 0 && sheet_cell(s, row - 1, i)->known)
			bar(line, sheet_cell(s, row - 1, i)->number, g->bar);
		else
			pad(line, g->bar);
	}
	g_string_append_printf(out, "%s\n", g_strchomp(line->str));
	g_string_free(line, TRUE);
}

/* ---- too wide for a table: figures below each other, rows side by side ---- */

/* The first columns name a row; texts after a number are figures. */
static int
keys_of(const struct sheet *s)
{
	int n = 0;

	while (n < s->n_columns && is_text(&s->columns[n]))
		n++;
	return n;
}

/* What names a row. g_free */
static char *
label(const struct grid *g, int row)
{
	const struct sheet *s = g->s;
	GString *out = g_string_new("");

	for (int i = 0; i < keys_of(s); i++) {
		const char *text = g->cells[(row + 1) * s->n_columns + i];

		if (*text != '\0')
			g_string_append_printf(
			    out, "%s%s", out->len > 0 ? " · " : "", text);
	}
	return g_string_free(out, FALSE);
}

/* Numbers end in one place, bars begin in one. */
static int
numbers_width(const struct grid *g, int row)
{
	const struct sheet *s = g->s;
	int w = 0;

	for (int i = keys_of(s); i < s->n_columns; i++)
		if (!is_text(&s->columns[i]))
			w = MAX(w, width_of(g->cells[(row + 1) * s->n_columns + i]));
	return w;
}

static int
side_width(const struct grid *g, int row)
{
	const struct sheet *s = g->s;
	char *name = label(g, row);
	int w = MAX(numbers_width(g, row) + 1 + g->bar, width_of(name));

	for (int i = keys_of(s); i < s->n_columns; i++)
		if (is_text(&s->columns[i]))
			w = MAX(w, width_of(g->cells[(row + 1) * s->n_columns + i]));
	g_free(name);
	return w;
}

static void
side_cell(const struct grid *g, int row, int i, GString *line)
{
	const char *text = g->cells[(row + 1) * g->s->n_columns + i];
	size_t before = line->len;

	if (!is_text(&g->s->columns[i]))
		pad(line, numbers_width(g, row) - width_of(text));
	g_string_append(line, text);
	if (is_drawn(&g->s->columns[i]) && sheet_cell(g->s, row, i)->known) {
		pad(line, 1);
		bar(line, sheet_cell(g->s, row, i)->number, g->bar);
	}
	pad(line,
	    side_width(g, row) - text_width(line->str + before, line->len - before));
}

static void
side_line(const struct grid *g, int from, int to, int i, int heads, GString *out)
{
	GString *line = g_string_new(g->cells[i]);
	double target = g->s->columns[i].target;
	bool any = false;

	pad(line, heads - width_of(g->cells[i]));
	for (int r = from; r < to; r++) {
		pad(line, 2);
		side_cell(g, r, i, line);
		any |= sheet_cell(g->s, r, i)->known;
	}
	if (isfinite(target))
		g_string_append_printf(line, "  > %.0f %%", 100 * target);
	if (any)
		g_string_append_printf(out, "%s\n", g_strchomp(line->str));
	g_string_free(line, TRUE);
}

static void
side_by_side(const struct grid *g, int from, int to, int heads, GString *out)
{
	GString *line = g_string_new("");

	pad(line, heads);
	for (int r = from; r < to; r++) {
		char *name = label(g, r);

		g_string_append_printf(line, "  %s", name);
		pad(line, side_width(g, r) - width_of(name));
		g_free(name);
	}
	g_strchomp(line->str);
	if (*line->str != '\0')
		g_string_append_printf(out, "%s\n", line->str);
	g_string_free(line, TRUE);
	for (int i = keys_of(g->s); i < g->s->n_columns; i++)
		side_line(g, from, to, i, heads, out);
}

/* As many at once as fit. */
static void
sides(struct grid *g, int width, GString *out)
{
	const int target = 8; /* "  > 70 %" */
	int heads = 0, to;

	g->bar = BAR;
	for (int i = keys_of(g->s); i < g->s->n_columns; i++)
		heads = MAX(heads, width_of(g->cells[i]));
	for (int from = 0; from < g->s->n_rows; from = to) {
		int used = heads + target + 2 + side_width(g, from);

		for (to = from + 1; to < g->s->n_rows; to++) {
			used += 2 + side_width(g, to);
			if (used > width)
				break;
		}
		g_string_append(out, from > 0 ? "\n" : "");
		side_by_side(g, from, to, heads, out);
	}
}

void
report_text(const struct sheet *s, enum sheet_language l, int width, GString *out)
{
	struct grid g;

	g_string_append_printf(out, "%s\n\n", l == SHEET_ZH ? s->title_zh : s->title);
	grid_init(&g, s, l);
	if (grid_width(&g) > width)
		g.bar = BAR_SHORT;
	if (s->n_rows == 0)
		g_string_append(out, l == SHEET_ZH ? "尚无数据\n" : "nothing yet\n");
	else if (grid_width(&g) > width)
		sides(&g, width, out);
	else
		for (int r = 0; r <= s->n_rows; r++)
			grid_row(&g, r, out);
	grid_fini(&g);
	g_string_append(out, s->n_notes > 0 ? "\n" : "");
	for (int i = 0; i < s->n_notes; i++)
		g_string_append_printf(
		    out, "%s\n", l == SHEET_ZH ? s->notes[i].zh : s->notes[i].en);
}

int
report_text_width(void)
{
	struct winsize w;

	if (isatty(1) && ioctl(1, TIOCGWINSZ, &w) == 0 && w.ws_col > 20)
		return w.ws_col;
	return WIDTH;
}
