/* expr.c - the meaning of conditions and paths. */
#include "core/expr.h"

#include <string.h>

bool
scope_get(const struct scope *s, const char *name, size_t len, struct value *out)
{
	for (; s != NULL; s = s->outer)
		if (s->lookup(s, name, len, out))
			return true;
	return false;
}

static bool
lookup_map(const struct scope *s, const char *name, size_t len, struct value *out)
{
	return value_map_get(s->arg, name, len, out);
}

struct scope
scope_of_map(const struct value_map *m, const struct scope *outer)
{
	return (struct scope){ .lookup = lookup_map, .arg = m, .outer = outer };
}

static struct value
char_of(struct value text, int64_t i)
{
	int64_t n = (int64_t)value_chars(text.s.p, text.s.len);
	const char *p, *end = text.s.p + text.s.len;

	if (i < 0)
		i += n;
	if (i < 0 || i >= n)
		return VALUE_NONE;
	p = value_char_at(text.s.p, text.s.len, (size_t)i);
	return value_strn(p, (size_t)(value_char_at(p, (size_t)(end - p), 1) - p));
}

static struct value
item_of(struct value v, int64_t i)
{
	if (v.type == VALUE_STR)
		return char_of(v, i);
	if (v.type != VALUE_LIST)
		return VALUE_NONE;
	if (i < 0)
		i += (int64_t)v.list->n;
	return i >= 0 && i < (int64_t)v.list->n ? v.list->items[i] : VALUE_NONE;
}

static struct value
size_of(struct value v)
{
	switch (v.type) {
	case VALUE_STR:
		return value_int((int64_t)value_chars(v.s.p, v.s.len));
	case VALUE_LIST:
		return value_int((int64_t)v.list->n);
	case VALUE_MAP:
		return v.map->get == NULL ? value_int((int64_t)v.map->n) : VALUE_NONE;
	case VALUE_RANGE:
		return value_int(
		    v.range.to < v.range.from
			? 0
			: (int64_t)((uint64_t)v.range.to - (uint64_t)v.range.from + 1));
	default:
		return VALUE_NONE;
	}
}

static struct value
end_of(struct value v, bool last)
{
	if (v.type == VALUE_RANGE)
		return value_int(last ? v.range.to : v.range.from);
	return item_of(v, last ? -1 : 0);
}

/* .name: a member, or one of the three properties. */
static struct value
member_of(struct value v, const char *name)
{
	struct value out;

	if (v.type == VALUE_MAP && value_map_get(v.map, name, strlen(name), &out))
		return out;
	if (strcmp(name, "size") == 0)
		return size_of(v);
	if (strcmp(name, "first") == 0)
		return end_of(v, false);
	if (strcmp(name, "last") == 0)
		return end_of(v, true);
	return VALUE_NONE;
}

static struct value
indexed(struct value v, struct value key)
{
	struct value out;

	if (key.type == VALUE_INT)
		return item_of(v, key.i);
	if (key.type == VALUE_STR && v.type == VALUE_MAP &&
	    value_map_get(v.map, key.s.p, key.s.len, &out))
		return out;
	return VALUE_NONE;
}

static struct value
path_value(const struct expr *e, const struct scope *s)
{
	const struct path_part *head = &e->parts[0];
	struct value v = VALUE_NONE, name;

	if (head->name != NULL) {
		scope_get(s, head->name, strlen(head->name), &v);
	} else {
		name = expr_value(head->index, s);
		if (name.type == VALUE_STR)
			scope_get(s, name.s.p, name.s.len, &v);
	}
	for (int i = 1; i < e->n_parts && v.type != VALUE_NIL; i++) {
		const struct path_part *part = &e->parts[i];

		if (part->name != NULL)
			v = member_of(v, part->name);
		else
			v = indexed(v, expr_value(part->index, s));
	}
	return v;
}

static bool
ordered(const struct expr *e, const struct scope *s)
{
	bool comparable;
	int c =
	    value_compare(expr_value(e->left, s), expr_value(e->right, s), &comparable);

	if (!comparable)
		return false;
	switch (e->op) {
	case EXPR_LT:
		return c < 0;
	case EXPR_GT:
		return c > 0;
	case EXPR_LE:
		return c <= 0;
	default:
		return c >= 0;
	}
}

struct value
expr_value(const struct expr *e, const struct scope *s)
{
	struct value v = { .type = VALUE_RANGE };

	switch (e->op) {
	case EXPR_LITERAL:
		return e->literal;
	case EXPR_PATH:
		return path_value(e, s);
	case EXPR_RANGE:
		v.range.from = value_to_int(expr_value(e->left, s));
		v.range.to = value_to_int(expr_value(e->right, s));
		return v;
	default:
		return value_bool(expr_true(e, s));
	}
}

bool
expr_true(const struct expr *e, const struct scope *s)
{
	switch (e->op) {
	case EXPR_EQ:
		return value_equal(expr_value(e->left, s), expr_value(e->right, s));
	case EXPR_NE:
		return !value_equal(expr_value(e->left, s), expr_value(e->right, s));
	case EXPR_LT:
	case EXPR_GT:
	case EXPR_LE:
	case EXPR_GE:
		return ordered(e, s);
	case EXPR_CONTAINS:
		return value_contains(expr_value(e->left, s), expr_value(e->right, s));
	case EXPR_AND:
		return expr_true(e->left, s) && expr_true(e->right, s);
	case EXPR_OR:
		return expr_true(e->left, s) || expr_true(e->right, s);
	default:
		return value_truthy(expr_value(e, s));
	}
}

/* The first part whose truth is `truth`; NULL: none. */
static const struct cond *
first_part(const struct cond *c, const struct scope *s, bool truth)
{
	for (int i = 0; i < c->n_parts; i++)
		if (cond_true(c->parts[i], s) == truth)
			return c->parts[i];
	return NULL;
}

bool
cond_true(const struct cond *c, const struct scope *s)
{
	switch (c->kind) {
	case COND_ALL:
		return first_part(c, s, false) == NULL;
	case COND_ANY:
		return first_part(c, s, true) != NULL;
	case COND_NONE:
		return first_part(c, s, true) == NULL;
	default:
		return expr_true(c->expr, s);
	}
}

const struct cond *
cond_decider(const struct cond *c, const struct scope *s)
{
	const struct cond *part = NULL;

	if (c->kind == COND_ALL)
		part = first_part(c, s, false);
	else if (c->kind == COND_NONE)
		part = first_part(c, s, true);
	return part == NULL ? c : cond_decider(part, s);
}
