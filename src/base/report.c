/* report.c - collecting diagnostics and the JSON form; the text form quotes the line. */
#include "base/report.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <jansson.h>

#include "base/check.h"
#include "base/text.h"

#define COLUMNS_MAX 120

static void
diag_free(void *p)
{
	struct diag *d = p;

	g_free(d->text);
	g_free(d->hint);
	g_free(d);
}

struct report *
report_new(void)
{
	struct report *r = g_new0(struct report, 1);

	r->diags = g_ptr_array_new_with_free_func(diag_free);
	r->sources = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	r->names = g_string_chunk_new(1024);
	return r;
}

void
report_free(struct report *r)
{
	if (r == NULL)
		return;
	g_ptr_array_free(r->diags, TRUE);
	g_hash_table_destroy(r->sources);
	g_string_chunk_free(r->names);
	g_free(r);
}

static const char *
intern(struct report *r, const char *file)
{
	char *name = text_clean(g_strdup(file), false);
	const char *kept = g_string_chunk_insert_const(r->names, name);

	g_free(name);
	return kept;
}

const char *
report_source(struct report *r, const char *file, const char *text)
{
	const char *name = intern(r, file);

	g_hash_table_insert(r->sources, (char *)name, g_utf8_make_valid(text, -1));
	return name;
}

/* What two playbooks share, a store's form and the common one, is wrong once. */
static bool
said(const struct report *r, const struct diag *d)
{
	for (guint i = r->diags->len; i-- > 0;) {
		const struct diag *x = r->diags->pdata[i];

		if (x->at.line == d->at.line && x->at.col == d->at.col &&
		    x->at.file == d->at.file && x->severity == d->severity &&
		    strcmp(x->code, d->code) == 0 && strcmp(x->text, d->text) == 0)
			return true;
	}
	return false;
}

/* Takes over text. What is quoted in it came from a file: nothing in it may move
 * the cursor or turn the line around. */
static void
add(struct report *r, enum severity severity, struct pos at, const char *code,
    const char *hint, char *text)
{
	struct diag *d = g_new0(struct diag, 1);

	d->severity = severity;
	d->at = at;
	d->at.file = at.file == NULL ? NULL : intern(r, at.file);
	d->code = code;
	d->text = text_clean(text, false);
	d->hint = text_clean(g_strdup(hint == NULL ? "" : hint), true);
	if (said(r, d)) {
		diag_free(d);
		return;
	}
	g_ptr_array_add(r->diags, d);
	if (severity == SEV_ERROR)
		r->errors++;
	else
		r->warnings++;
}

void
report_add(struct report *r, enum severity severity, struct pos at, const char *code,
    const char *hint, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	add(r, severity, at, code, hint, text_mend(text));
}

void
report_err(struct report *r, const char *code, const struct err *e)
{
	add(r, SEV_ERROR, e->at, code, "", g_strdup(e->text));
}

static int
by_place(const void *a, const void *b)
{
	const struct diag *x = *(const struct diag *const *)a;
	const struct diag *y = *(const struct diag *const *)b;
	int order = g_strcmp0(x->at.file, y->at.file);

	if (order == 0)
		order = (x->at.line > y->at.line) - (x->at.line < y->at.line);
	if (order == 0)
		order = (x->at.col > y->at.col) - (x->at.col < y->at.col);
	return order;
}

/* The diags in order of place; those of one place stay in the order found. */
static GPtrArray *
sorted(const struct report *r)
{
	GPtrArray *list = g_ptr_array_sized_new(r->diags->len);
	guint i;

	for (i = 0; i < r->diags->len; i++)
		g_ptr_array_add(list, r->diags->pdata[i]);
	g_ptr_array_sort(list, by_place);
	return list;
}

/* The line of a diag, without its end; len 0 when its text is not known. */
static const char *
source_line(const struct report *r, struct pos at, size_t *len)
{
	const char *s = at.file == NULL ? NULL : g_hash_table_lookup(r->sources, at.file);
	int line;

	*len = 0;
	if (s == NULL || at.line < 1)
		return "";
	for (line = 1; line < at.line; line++) {
		if ((s = strchr(s, '\n')) == NULL)
			return "";
		s++;
	}
	*len = strcspn(s, "\r\n");
	return s;
}

static int
columns(const char *from, const char *to)
{
	int width = 0;

	for (; from < to; from = g_utf8_next_char(from)) {
		if (*from == '\t')
			width += 8;
		else
			width +=
			    text_width(from, (size_t)(g_utf8_next_char(from) - from));
	}
	return width;
}

/* [*from, *to) is what is shown: all of a line that fits, else what lies around the
 * caret, starting within half a screen before it. */
static void
cut_around(const char **from, const char **to, const char *caret)
{
	const int room = COLUMNS_MAX - 8; /* the indent and two "..." */
	const char *end = *from;

	if (columns(*from, *to) <= COLUMNS_MAX - 2)
		return;
	while (columns(*from, caret) > room / 2)
		*from = g_utf8_next_char(*from);
	for (end = *from; end < *to; end = g_utf8_next_char(end)) {
		if (columns(*from, g_utf8_next_char(end)) > room)
			break;
	}
	*to = end;
}

static void
quote_char(GString *out, const char *p)
{
	gunichar c = g_utf8_get_char(p);

	if (c != '\t' && (g_unichar_iscntrl(c) || g_unichar_type(c) == G_UNICODE_FORMAT))
		c = '?';
	g_string_append_unichar(out, c);
}

/* The quoted line and under it the caret. Tabs of the line are repeated under it, so
 * that both are moved alike whatever a tab is worth here. */
static void
quote(const struct report *r, const struct diag *d, FILE *out)
{
	GString *text = g_string_new("  "), *mark = g_string_new("  ");
	const char *line, *caret, *from, *to, *p;
	size_t len;
	int col;

	from = line = source_line(r, d->at, &len);
	to = caret = line + len;
	if (len > 0) {
		for (caret = line, col = 1; col < d->at.col && caret < to; col++)
			caret = g_utf8_next_char(caret);
		cut_around(&from, &to, caret);
		if (from > line) {
			g_string_append(text, "...");
			g_string_append(mark, "   ");
		}
		for (p = from; p < to; p = g_utf8_next_char(p)) {
			gsize before = text->len;
			int n;

			quote_char(text, p);
			if (p >= caret)
				continue;
			n = text_width(text->str + before, text->len - before);
			g_string_append_printf(mark, "%*s", n, *p == '\t' ? "\t" : "");
		}
		fprintf(out, "%s%s\n", text->str, to < line + len ? "..." : "");
		if (d->at.col > 0)
			fprintf(out, "%s^\n", mark->str);
	}
	g_string_free(text, TRUE);
	g_string_free(mark, TRUE);
}

static void
print_hint(const char *hint, FILE *out)
{
	char **lines = g_strsplit(hint, "\n", -1);
	int i;

	for (i = 0; lines[i] != NULL; i++) {
		if (lines[i][0] != '\0')
			fprintf(out, "  %s\n", lines[i]);
	}
	g_strfreev(lines);
}

static const char *
severity_name(enum severity s)
{
	return s == SEV_ERROR ? "error" : "warning";
}

void
report_print(const struct report *r, FILE *out)
{
	GPtrArray *list = sorted(r);
	guint i;

	for (i = 0; i < list->len; i++) {
		const struct diag *d = list->pdata[i];

		if (d->at.file != NULL)
			fprintf(out, "%s:", d->at.file);
		if (d->at.file != NULL && d->at.line > 0)
			fprintf(out, "%d:", d->at.line);
		if (d->at.file != NULL && d->at.line > 0 && d->at.col > 0)
			fprintf(out, "%d:", d->at.col);
		fprintf(out, "%s%s: %s\n", d->at.file == NULL ? "" : " ",
		    severity_name(d->severity), d->text);
		quote(r, d, out);
		print_hint(d->hint, out);
	}
	g_ptr_array_free(list, TRUE);
}

void
report_json(const struct report *r, FILE *out)
{
	GPtrArray *list = sorted(r);
	json_t *array = json_array(), *o;
	guint i;

	for (i = 0; i < list->len; i++) {
		const struct diag *d = list->pdata[i];

		o = json_pack("{s:s, s:i, s:i, s:s, s:s, s:s, s:s}", "file",
		    d->at.file == NULL ? "" : d->at.file, "line", d->at.line, "column",
		    d->at.col, "severity", severity_name(d->severity), "code", d->code,
		    "message", d->text, "hint", d->hint);
		CHECK(o != NULL);
		json_array_append_new(array, o);
	}
	json_dumpf(array, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(array);
	g_ptr_array_free(list, TRUE);
}

int
report_first(const struct report *r, struct err *e)
{
	GPtrArray *list = sorted(r);
	int result = 0;
	guint i;

	for (i = 0; i < list->len && result == 0; i++) {
		const struct diag *d = list->pdata[i];

		if (d->severity == SEV_ERROR)
			result = err_at(e, d->at, "%s", d->text);
	}
	g_ptr_array_free(list, TRUE);
	return result;
}

#define WORD_MAX 64

/* Edits from a to b: insert, delete, replace, or swap of two neighbours. */
static int
distance(const gunichar *a, int n, const gunichar *b, int m)
{
	int d[WORD_MAX + 1][WORD_MAX + 1], i, j;

	for (i = 0; i <= n; i++)
		d[i][0] = i;
	for (j = 0; j <= m; j++)
		d[0][j] = j;
	for (i = 1; i <= n; i++) {
		for (j = 1; j <= m; j++) {
			int best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

			best = MIN(best, MIN(d[i - 1][j], d[i][j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				best = MIN(best, d[i - 2][j - 2] + 1);
			d[i][j] = best;
		}
	}
	return d[n][m];
}

const char *
report_nearest(const char *word, const char *const *names)
{
	const char *nearest = NULL;
	gunichar *a, *b;
	glong n, m;
	int limit, i;

	a = g_utf8_to_ucs4(word, -1, NULL, &n, NULL);
	if (a == NULL || n > WORD_MAX) {
		g_free(a);
		return NULL;
	}
	/* Two edits make any word of two letters into any other. */
	limit = n <= 3 ? (int)n / 2 : (int)MAX(2, n / 3);
	for (i = 0; names[i] != NULL; i++) {
		b = g_utf8_to_ucs4(names[i], -1, NULL, &m, NULL);
		if (b != NULL && m <= WORD_MAX && ABS(m - n) <= limit) {
			int edits = distance(a, (int)n, b, (int)m);

			if (edits < limit || (edits == limit && nearest == NULL)) {
				nearest = names[i];
				limit = edits;
			}
		}
		g_free(b);
	}
	g_free(a);
	return nearest;
}

void
report_unknown(struct report *r, enum severity severity, struct pos at, const char *code,
    const char *what, const char *word, const char *const *names)
{
	const char *near = report_nearest(word, names);
	char *all = g_strjoinv(", ", (char **)(uintptr_t)names);
	char *hint = near != NULL ? g_strdup_printf("did you mean \"%s\"?", near)
				  : g_strdup_printf("one of %s", all);

	report_add(r, severity, at, code, hint, "%s \"%.80s\"", what, word);
	g_free(hint);
	g_free(all);
}
