#include "core/diff.h"

#include <stdbool.h>
#include <string.h>

#define AROUND 2          /* lines shown on either side of a change */
#define CELLS_MAX 4000000 /* of the table: beyond it, all of the middle counts as new */

struct sides {
	char **a, **b;
	int na, nb;
	GString *out;
	int same; /* lines alike since the last change */
	bool begun;
};

/* A text that ends with a line end has no empty line behind it. */
static int
lines_of(const char *text, char ***out)
{
	int n;

	*out = g_strsplit(text, "\n", -1);
	n = (int)g_strv_length(*out);
	return n > 0 && (*out)[n - 1][0] == '\0' ? n - 1 : n;
}

static void
put(struct sides *s, const char *sign, const char *line)
{
	g_string_append_printf(s->out, "%s%s\n", sign, line);
}

/* Lines alike from a[from] on: those near a change are shown. */
static void
alike(struct sides *s, int from, int to, bool more)
{
	int head = s->begun ? MIN(from + AROUND, to) : from,
	    tail = more ? MAX(head, to - AROUND) : to;

	for (int i = from; i < head; i++)
		put(s, "  ", s->a[i]);
	if (tail > head && s->begun && more)
		g_string_append(s->out, "…\n");
	for (int i = tail; i < to; i++)
		put(s, "  ", s->a[i]);
	s->begun = true;
}

/* len[i][j]: the longest common run of lines of a[i..] and b[j..]. */
static int *
table(const struct sides *s, int from, int ma, int mb)
{
	int *len = g_new0(int, (gsize)(ma + 1) * (gsize)(mb + 1));

	for (int i = ma - 1; i >= 0; i--)
		for (int j = mb - 1; j >= 0; j--) {
			int *cell = &len[i * (mb + 1) + j];

			if (strcmp(s->a[from + i], s->b[from + j]) == 0)
				*cell = len[(i + 1) * (mb + 1) + j + 1] + 1;
			else
				*cell = MAX(len[(i + 1) * (mb + 1) + j],
				    len[i * (mb + 1) + j + 1]);
		}
	return len;
}

static void
middle(struct sides *s, int from, int ma, int mb)
{
	bool small = (gint64)ma * mb <= CELLS_MAX;
	int *len = small ? table(s, from, ma, mb) : NULL, i = 0, j = 0, kept = -1;

	while (i < ma || j < mb) {
		if (small && i < ma && j < mb &&
		    strcmp(s->a[from + i], s->b[from + j]) == 0) {
			kept = kept < 0 ? i : kept;
			i++;
			j++;
			continue;
		}
		if (kept >= 0)
			alike(s, from + kept, from + i, true);
		kept = -1;
		if (j >= mb || (i < ma && (!small || len[(i + 1) * (mb + 1) + j] >=
							 len[i * (mb + 1) + j + 1])))
			put(s, "- ", s->a[from + i++]);
		else
			put(s, "+ ", s->b[from + j++]);
	}
	g_free(len);
}

void
diff_lines(const char *a, const char *b, GString *out)
{
	struct sides s = { .out = out };
	int head = 0, tail = 0, least;

	s.na = lines_of(a, &s.a);
	s.nb = lines_of(b, &s.b);
	least = MIN(s.na, s.nb);
	while (head < least && strcmp(s.a[head], s.b[head]) == 0)
		head++;
	while (tail < least - head &&
	       strcmp(s.a[s.na - 1 - tail], s.b[s.nb - 1 - tail]) == 0)
		tail++;
	if (head < s.na || head < s.nb) {
		alike(&s, 0, head, true);
		middle(&s, head, s.na - head - tail, s.nb - head - tail);
		alike(&s, s.na - tail, s.na, false);
	}
	g_strfreev(s.a);
	g_strfreev(s.b);
}
