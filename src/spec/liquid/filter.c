/* filter.c - finding filters, and what their families share. */
#include "filter.h"

#include <stdarg.h>
#include <string.h>

#include "base/report.h"
#include "printer.h"
#include "renderer.h"

#define MAX_FILTERS 100

static const struct filter *const families[] = { filter_own, filter_date, filter_text,
	filter_replace, filter_html, filter_code, filter_math, filter_list, filter_pick,
	filter_order };

const struct filter *
filter_find(const char *name, size_t len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(families); i++)
		for (const struct filter *f = families[i]; f->name != NULL; f++)
			if (strlen(f->name) == len && memcmp(f->name, name, len) == 0)
				return f;
	return NULL;
}

const char *
filter_nearest(const char *name, size_t len)
{
	const char *names[MAX_FILTERS], *near;
	size_t n = 0;
	char *word = g_strndup(name, len);

	for (size_t i = 0; i < G_N_ELEMENTS(families); i++)
		for (const struct filter *f = families[i]; f->name != NULL; f++)
			if (n < MAX_FILTERS - 1)
				names[n++] = f->name;
	names[n] = NULL;
	near = report_nearest(word, names);
	g_free(word);
	return near;
}

void
filter_help(GString *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(families); i++)
		for (const struct filter *f = families[i]; f->name != NULL; f++)
			g_string_append_printf(out, "  %-23s %s\n%*s| %s\n", f->name,
			    f->about, 26, "", f->use);
}

struct value
filter_arg(const struct filter_call *c, int i)
{
	return i < c->n_args ? c->args[i] : VALUE_NONE;
}

GString *
filter_buffer(struct filter_call *c)
{
	struct renderer *r = c->r;

	if (r->buffer == NULL)
		r->buffer = g_string_new(NULL);
	g_string_truncate(r->buffer, 0);
	return r->buffer;
}

struct value
filter_string(struct filter_call *c, struct value v)
{
	GString *text;

	if (v.type == VALUE_STR)
		return v;
	text = g_string_new(NULL);
	printer_append(text, v, c->r->env->zone);
	v = value_strn(arena_strndup(c->r->env->arena, text->str, text->len), text->len);
	g_string_free(text, TRUE);
	return v;
}

int
filter_room(struct filter_call *c, const GString *text)
{
	if (text->len > RENDERER_MAX_OUTPUT)
		return renderer_fail(c->r, c->at, "%s makes a text longer than %zu KiB",
		    c->filter->name, RENDERER_MAX_OUTPUT >> 10);
	return 0;
}

int
filter_result(struct filter_call *c, const GString *text, struct value *out)
{
	if (filter_room(c, text) < 0)
		return -1;
	*out =
	    value_strn(arena_strndup(c->r->env->arena, text->str, text->len), text->len);
	return 0;
}

int
filter_refuse(struct filter_call *c, const char *fmt, ...)
{
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (c->r->env->lenient)
		return renderer_refuse(c->r, c->at, "%s", text);
	return renderer_refuse(c->r, c->at, "%s: %s", c->filter->name, text);
}

int
filter_integer(struct filter_call *c, struct value v, int64_t *out)
{
	if (printer_integer(v, out))
		return 0;
	return filter_refuse(c, "invalid integer");
}

void
filter_safe(struct filter_call *c, struct value *v)
{
	/* Elsewhere safe text would escape the cleaning of plain messages. */
	v->safe = c->r->env->escape == LIQUID_HTML;
}

static size_t
flat_size(struct value v)
{
	size_t n = 0;

	if (v.type != VALUE_LIST)
		return 1;
	for (size_t i = 0; i < v.list->n; i++)
		n += flat_size(v.list->items[i]);
	return n;
}

static void
flatten(struct value_list *into, struct value v)
{
	if (v.type != VALUE_LIST) {
		into->items[into->n++] = v;
		return;
	}
	for (size_t i = 0; i < v.list->n; i++)
		flatten(into, v.list->items[i]);
}

int
filter_items(struct filter_call *c, struct value v, struct value_list **out)
{
	uint64_t n;

	if (v.type == VALUE_RANGE)
		n = v.range.to < v.range.from
			? 0
			: (uint64_t)v.range.to - (uint64_t)v.range.from + 1;
	else if (v.type == VALUE_NIL || v.type == VALUE_EMPTY || v.type == VALUE_BLANK)
		n = 0;
	else
		n = flat_size(v);
	if (n > RENDERER_MAX_ROUNDS ||
	    (v.type == VALUE_RANGE && n == 0 && v.range.to >= v.range.from))
		return renderer_fail(c->r, c->at,
		    "%s is given a list of more than %d members", c->filter->name,
		    RENDERER_MAX_ROUNDS);
	*out = value_list_new(c->r->env->arena, n);
	if (v.type == VALUE_RANGE)
		for (uint64_t i = 0; i < n; i++)
			(*out)->items[(*out)->n++] = value_int(v.range.from + (int64_t)i);
	else if (n > 0)
		flatten(*out, v);
	return 0;
}

int
filter_property(
    struct filter_call *c, struct value item, struct value key, struct value *out)
{
	struct value name = filter_string(c, key);

	*out = VALUE_NONE;
	switch (item.type) {
	case VALUE_MAP:
		if (key.type == VALUE_STR)
			value_map_get(item.map, name.s.p, name.s.len, out);
		return 0;
	case VALUE_STR: /* Ruby: "text"["ex"] is "ex" */
		if (key.type == VALUE_STR && value_contains(item, key))
			*out = key;
		return 0;
	case VALUE_NIL:
		return 0;
	default:
		return filter_refuse(c, "cannot select the property '%.*s'",
		    (int)MIN(name.s.len, 100), name.s.p);
	}
}
