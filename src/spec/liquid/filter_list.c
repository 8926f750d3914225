/* filter_list.c - lists as a whole. */
#include <string.h>

#include "filter.h"
#include "printer.h"
#include "renderer.h"

static int
join(struct filter_call *c, struct value *out)
{
	struct value glue = c->n_args > 0 ? filter_string(c, c->args[0]) : value_str(" ");
	struct value_list *l;
	GString *b;

	if (filter_items(c, c->in, &l) < 0)
		return -1;
	b = filter_buffer(c);
	for (size_t i = 0; i < l->n; i++) {
		if (i > 0)
			g_string_append_len(b, glue.s.p, (gssize)glue.s.len);
		printer_append(b, l->items[i], c->r->env->zone);
		if (filter_room(c, b) < 0)
			return -1;
	}
	return filter_result(c, b, out);
}

/* Of a map the first pair, of a text the first or last character. */
static int
end(struct filter_call *c, struct value *out, bool last)
{
	struct value v = c->in;
	struct value_list *pair;

	switch (v.type) {
	case VALUE_LIST:
		if (v.list->n > 0)
			*out = v.list->items[last ? v.list->n - 1 : 0];
		return 0;
	case VALUE_RANGE:
		*out = value_int(last ? v.range.to : v.range.from);
		return 0;
	case VALUE_MAP:
		if (last || v.map->n == 0)
			return 0;
		pair = value_list_new(c->r->env->arena, 2);
		pair->items[pair->n++] = value_str(v.map->pairs[0].key);
		pair->items[pair->n++] = v.map->pairs[0].value;
		*out = value_list(pair);
		return 0;
	case VALUE_STR:
		if (v.s.len > 0) {
			size_t n = value_chars(v.s.p, v.s.len);
			const char *p =
			    last ? value_char_at(v.s.p, v.s.len, n - 1) : v.s.p;
			size_t rest = v.s.len - (size_t)(p - v.s.p);

			*out = value_strn(p, (size_t)(value_char_at(p, rest, 1) - p));
		}
		return 0;
	default:
		return 0;
	}
}

static int
first(struct filter_call *c, struct value *out)
{
	return end(c, out, false);
}

static int
last(struct filter_call *c, struct value *out)
{
	return end(c, out, true);
}

static int
reverse(struct filter_call *c, struct value *out)
{
	struct value_list *l;

	if (filter_items(c, c->in, &l) < 0)
		return -1;
	for (size_t i = 0; i < l->n / 2; i++) {
		struct value v = l->items[i];

		l->items[i] = l->items[l->n - 1 - i];
		l->items[l->n - 1 - i] = v;
	}
	*out = value_list(l);
	return 0;
}

static int
concat(struct filter_call *c, struct value *out)
{
	struct value_list *a, *b, *all;

	if (c->args[0].type != VALUE_LIST && c->args[0].type != VALUE_RANGE)
		return filter_refuse(c, "concat filter requires an array argument");
	if (filter_items(c, c->in, &a) < 0 || filter_items(c, c->args[0], &b) < 0)
		return -1;
	if (a->n + b->n > RENDERER_MAX_ROUNDS)
		return renderer_fail(c->r, c->at,
		    "concat makes a list of more than %d members", RENDERER_MAX_ROUNDS);
	all = value_list_new(c->r->env->arena, a->n + b->n);
	memcpy(all->items, a->items, a->n * sizeof(*all->items));
	memcpy(all->items + a->n, b->items, b->n * sizeof(*all->items));
	all->n = a->n + b->n;
	*out = value_list(all);
	return 0;
}

/* Of the member itself, or of its property when the filter was given one. */
static int
key_of(struct filter_call *c, struct value item, struct value *key)
{
	*key = item;
	if (c->n_args == 0 || c->args[0].type == VALUE_NIL)
		return 0;
	return filter_property(c, item, c->args[0], key);
}

static int
compact(struct filter_call *c, struct value *out)
{
	struct value_list *l;
	struct value key;
	size_t n = 0;

	if (filter_items(c, c->in, &l) < 0)
		return -1;
	for (size_t i = 0; i < l->n; i++) {
		if (key_of(c, l->items[i], &key) < 0)
			return -1;
		if (key.type != VALUE_NIL)
			l->items[n++] = l->items[i];
	}
	l->n = n;
	*out = value_list(l);
	return 0;
}

static int
uniq(struct filter_call *c, struct value *out)
{
	GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GString *text = g_string_new(NULL);
	struct value_list *l;
	struct value key;
	size_t n = 0;
	int rc = filter_items(c, c->in, &l);

	for (size_t i = 0; rc == 0 && i < l->n; i++) {
		rc = key_of(c, l->items[i], &key);
		g_string_truncate(text, 0);
		printer_inspect(text, key, c->r->env->zone);
		if (rc == 0 && g_hash_table_add(seen, g_strndup(text->str, text->len)))
			l->items[n++] = l->items[i];
	}
	g_string_free(text, TRUE);
	g_hash_table_destroy(seen);
	if (rc < 0)
		return -1;
	l->n = n;
	*out = value_list(l);
	return 0;
}

static int
map(struct filter_call *c, struct value *out)
{
	struct value_list *l;

	if (filter_items(c, c->in, &l) < 0)
		return -1;
	for (size_t i = 0; i < l->n; i++)
		if (filter_property(c, l->items[i], c->args[0], &l->items[i]) < 0)
			return -1;
	*out = value_list(l);
	return 0;
}

const struct filter filter_list[] = {
	{ "compact", 0, 1, compact, "compact", "without members that have no value", NULL,
	    false },
	{ "concat", 1, 1, concat, "concat: others", "one list after the other", NULL,
	    false },
	{ "first", 0, 0, first, "first", "the first member", NULL, false },
	{ "join", 0, 1, join, "join: \"、\"", "the members as one text", NULL, false },
	{ "last", 0, 0, last, "last", "the last member", NULL, false },
	{ "map", 1, 1, map, "map: \"name\"", "one property of each member", NULL, false },
	{ "reverse", 0, 0, reverse, "reverse", "the last member first", NULL, false },
	{ "uniq", 0, 1, uniq, "uniq", "without repetitions", NULL, false },
	{ 0 },
};
