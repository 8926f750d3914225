/* renderer.c - writing, escaping, limits and failures of one render. */
#include "renderer.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "printer.h"

static int
set_error(struct renderer *r, struct pos at, const char *fmt, va_list ap)
{
	char text[sizeof(r->err->text)];

	vsnprintf(text, sizeof(text), fmt, ap);
	return err_at(r->err, at, "%s", text);
}

int
renderer_fail(struct renderer *r, struct pos at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_error(r, at, fmt, ap);
	va_end(ap);
	r->soft = false;
	return -1;
}

int
renderer_refuse(struct renderer *r, struct pos at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_error(r, at, fmt, ap);
	va_end(ap);
	r->soft = true;
	return -1;
}

int
renderer_write(struct renderer *r, const char *p, size_t len, struct pos at)
{
	if (r->out->len + len > r->limit)
		return renderer_fail(
		    r, at, "the text is longer than %zu KiB", RENDERER_MAX_OUTPUT >> 10);
	g_string_append_len(r->out, p, (gssize)len);
	return 0;
}

/* May this text hold something that text_clean() removes? */
static bool
is_dirty(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text, *end = p + len;

	for (; p < end; p++) {
		int more = *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : 1;

		if (*p >= 0x20 && *p < 0x7f)
			continue;
		if (*p < 0xc0 || p + 1 == end)
			return true;
		if ((*p == 0xc2 && p[1] < 0xa0) || (*p == 0xe2 && p[1] <= 0x81) ||
		    (*p == 0xd8 && p[1] == 0x9c) || (*p == 0xed && p[1] >= 0xa0) ||
		    (*p == 0xef && p[1] == 0xbb))
			return true;
		for (; p + 1 < end && (p[1] & 0xc0) == 0x80; more--)
			p++;
		if (more != 0)
			return true;
	}
	return false;
}

/* Control characters and what turns the direction of text never leave the house. */
static struct value
cleaned(struct renderer *r, struct value v, bool keep_newlines)
{
	if (!is_dirty(v.s.p, v.s.len))
		return v;
	if (r->clean == NULL)
		r->clean = g_string_new(NULL);
	g_string_truncate(r->clean, 0);
	for (size_t i = 0; i < v.s.len; i++)
		if (v.s.p[i] != '\0')
			g_string_append_c(r->clean, v.s.p[i]);
	text_clean(r->clean->str, keep_newlines);
	return value_str(r->clean->str);
}

static int
write_html(struct renderer *r, struct value v, struct pos at)
{
	const char *p = v.s.p, *end = p + v.s.len, *run;

	while (p < end) {
		const char *entity = NULL;

		for (run = p; p < end && entity == NULL; p++)
			entity = printer_entity(*p);
		if (renderer_write(r, run, (size_t)(p - run) - (entity != NULL), at) < 0)
			return -1;
		if (entity != NULL && renderer_write(r, entity, strlen(entity), at) < 0)
			return -1;
	}
	return 0;
}

static int
print_text(struct renderer *r, struct value v, struct pos at)
{
	switch (r->env->escape) {
	case LIQUID_HEADER:
		if (memchr(v.s.p, '\n', v.s.len) != NULL ||
		    memchr(v.s.p, '\r', v.s.len) != NULL)
			return renderer_fail(
			    r, at, "a line break in this value cannot stand in a header");
		v = cleaned(r, v, false);
		break;
	case LIQUID_HTML:
		if (!v.safe)
			return write_html(r, cleaned(r, v, true), at);
		break;
	case LIQUID_PLAIN:
		v = cleaned(r, v, v.safe);
		break;
	case LIQUID_JSON:
		break;
	}
	return renderer_write(r, v.s.p, v.s.len, at);
}

int
renderer_print(struct renderer *r, struct value v, struct pos at)
{
	GString *text;
	int rc;

	if (v.type == VALUE_STR)
		return print_text(r, v, at);
	if (v.type == VALUE_LIST || v.type == VALUE_MAP) {
		text = g_string_new(NULL);
		printer_append(text, v, r->env->zone);
		rc = print_text(r, value_strn(text->str, text->len), at);
		g_string_free(text, TRUE);
		return rc;
	}
	printer_append(r->out, v, r->env->zone);
	return renderer_write(r, "", 0, at); /* for the limit */
}

int
renderer_block(struct renderer *r, const struct block *b)
{
	for (int i = 0; i < b->n && r->interrupt == INTERRUPT_NONE; i++) {
		const struct node *n = &b->nodes[i];

		if (n->ops->render(r, n) == 0)
			continue;
		if (!r->soft || !r->env->lenient)
			return -1;
		r->soft = false;
		if (r->env->silent) {
			const char *hole = r->env->hole == NULL ? "" : r->env->hole;

			if (renderer_write(r, hole, strlen(hole), n->at) < 0)
				return -1;
			continue;
		}
		if (renderer_write(r, "Liquid error: ", 14, n->at) < 0 ||
		    renderer_write(r, r->err->text, strlen(r->err->text), n->at) < 0)
			return -1;
	}
	return 0;
}

int
renderer_memory(struct renderer *r, struct pos at)
{
	if (arena_size(r->env->arena) - r->arena_start > RENDERER_MAX_MEMORY)
		return renderer_fail(r, at, "this template needs more than %zu MiB",
		    RENDERER_MAX_MEMORY >> 20);
	return 0;
}

int
renderer_round(struct renderer *r, struct pos at)
{
	if (++r->rounds > RENDERER_MAX_ROUNDS)
		return renderer_fail(
		    r, at, "the loops take more than %d rounds", RENDERER_MAX_ROUNDS);
	return renderer_memory(r, at);
}

int
renderer_missing(struct renderer *r, const struct expr *e)
{
	GString *path;

	if (r->env->lenient)
		return 0;
	path = g_string_new(NULL);
	printer_expr(path, e);
	renderer_fail(r, e->at,
	    "\"%.120s\" has no value; give it one with | default: \"...\" or test it "
	    "with if",
	    path->str);
	g_string_free(path, TRUE);
	return -1;
}

struct value
renderer_value(struct renderer *r, const struct expr *e)
{
	return expr_value(e, &r->scope);
}

int
renderer_integer(struct renderer *r, const struct expr *e, bool *given, int64_t *out)
{
	struct value v = e == NULL ? VALUE_NONE : renderer_value(r, e);

	*given = v.type != VALUE_NIL;
	if (!*given || printer_integer(v, out))
		return 0;
	return renderer_refuse(r, e->at, "invalid integer");
}

int
renderer_longest(struct renderer *r, const struct block *const *blocks, int n)
{
	gsize start = r->out->len;
	GString *most = g_string_new(NULL);
	int rc = 0;

	for (int i = 0; i < n && rc == 0; i++) {
		rc = renderer_block(r, blocks[i]);
		if (g_utf8_strlen(r->out->str + start, -1) > g_utf8_strlen(most->str, -1))
			g_string_assign(most, r->out->str + start);
		g_string_truncate(r->out, start);
	}
	g_string_append_len(r->out, most->str, (gssize)most->len);
	g_string_free(most, TRUE);
	return rc;
}
