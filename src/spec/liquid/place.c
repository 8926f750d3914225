/* place.c - line and column of any character of a source. */
#include "place.h"

#include <string.h>

#include "core/value.h"

void
place_init(
    struct places *p, struct arena *a, const char *src, size_t len, struct pos base)
{
	int n = 1;

	memset(p, 0, sizeof(*p));
	p->src = src;
	p->end = src + len;
	p->base = base;
	for (const char *s = src; (s = memchr(s, '\n', (size_t)(p->end - s))) != NULL;
	     s++)
		n++;
	p->lines = arena_array(a, const char *, n);
	p->lines[p->n_lines++] = src;
	for (const char *s = src; (s = memchr(s, '\n', (size_t)(p->end - s))) != NULL;
	     s++)
		p->lines[p->n_lines++] = s + 1;
	p->last = src;
}

static int
line_of(const struct places *p, const char *at)
{
	int low = 0, high = p->n_lines;

	while (high - low > 1) {
		int mid = (low + high) / 2;

		if (p->lines[mid] <= at)
			low = mid;
		else
			high = mid;
	}
	return low;
}

struct pos
place_at(struct places *p, const char *at)
{
	struct pos pos = p->base;
	int line = line_of(p, at), col;

	/* Count from the nearer of the last answer and the line's beginning: a file
	 * of one long line would otherwise take quadratic time. */
	if (line == p->last_line && at >= p->last)
		col = p->last_col + (int)value_chars(p->last, (size_t)(at - p->last));
	else if (line == p->last_line && p->last - at < at - p->lines[line])
		col = p->last_col - (int)value_chars(at, (size_t)(p->last - at));
	else
		col = (int)value_chars(p->lines[line], (size_t)(at - p->lines[line]));
	p->last = at;
	p->last_line = line;
	p->last_col = col;
	pos.line += line;
	pos.col = (line == 0 ? p->base.col : 1) + col;
	return pos;
}
