/* filter_order.c - sorting; stable, members without a value last. */
#include "filter.h"
#include "printer.h"
#include "renderer.h"

struct keyed {
	struct value item, key;
};

struct order {
	bool mixed;        /* two keys could not be compared */
	struct value a, b; /* these */
};

static int
nil_last(struct value a, struct value b)
{
	return (a.type == VALUE_NIL) - (b.type == VALUE_NIL);
}

static int
by_value(gconstpointer x, gconstpointer y, gpointer arg)
{
	const struct keyed *a = x, *b = y;
	struct order *o = arg;
	bool comparable;
	int c;

	if (a->key.type == VALUE_NIL || b->key.type == VALUE_NIL)
		return nil_last(a->key, b->key);
	c = value_compare(a->key, b->key, &comparable);
	if (!comparable && !o->mixed) {
		o->mixed = true;
		o->a = a->key;
		o->b = b->key;
	}
	return c;
}

/* Keys are text here. Letters A to Z count as small ones, as with Ruby's casecmp. */
static int
by_letters(gconstpointer x, gconstpointer y, gpointer arg)
{
	const struct keyed *a = x, *b = y;
	size_t n = MIN(a->key.s.len, b->key.s.len);

	(void)arg;
	if (a->key.type == VALUE_NIL || b->key.type == VALUE_NIL)
		return nil_last(a->key, b->key);
	for (size_t i = 0; i < n; i++) {
		unsigned char p = (unsigned char)g_ascii_tolower(a->key.s.p[i]);
		unsigned char q = (unsigned char)g_ascii_tolower(b->key.s.p[i]);

		if (p != q)
			return p < q ? -1 : 1;
	}
	return (a->key.s.len > b->key.s.len) - (a->key.s.len < b->key.s.len);
}

static const char *
type_name(struct value v)
{
	static const char *const names[] = { "nil", "Boolean", "Integer", "Float",
		"String", "Time", "Array", "Hash", "Range", "empty", "blank" };

	return names[v.type];
}

static int
keys_of(struct filter_call *c, const struct value_list *l, struct keyed *keyed, bool text)
{
	for (size_t i = 0; i < l->n; i++) {
		keyed[i].item = keyed[i].key = l->items[i];
		if (c->n_args > 0 && c->args[0].type != VALUE_NIL &&
		    filter_property(c, l->items[i], c->args[0], &keyed[i].key) < 0)
			return -1;
		if (text && keyed[i].key.type != VALUE_NIL)
			keyed[i].key = filter_string(c, keyed[i].key);
	}
	return 0;
}

static int
sorted(struct filter_call *c, struct value *out, GCompareDataFunc compare, bool text)
{
	struct order order = { 0 };
	struct value_list *l;
	struct keyed *keyed;

	if (filter_items(c, c->in, &l) < 0)
		return -1;
	keyed = arena_array(c->r->env->arena, struct keyed, l->n + 1);
	if (keys_of(c, l, keyed, text) < 0)
		return -1;
	g_qsort_with_data(keyed, (gint)l->n, sizeof(*keyed), compare, &order);
	if (order.mixed)
		return filter_refuse(c, "comparison of %s with %s failed",
		    type_name(order.a), type_name(order.b));
	for (size_t i = 0; i < l->n; i++)
		l->items[i] = keyed[i].item;
	*out = value_list(l);
	return 0;
}

static int
sort(struct filter_call *c, struct value *out)
{
	return sorted(c, out, by_value, false);
}

static int
sort_natural(struct filter_call *c, struct value *out)
{
	return sorted(c, out, by_letters, true);
}

const struct filter filter_order[] = {
	{ "sort", 0, 1, sort, "sort: \"date\"",
	    "in order; numbers by size, text by character", NULL, false },
	{ "sort_natural", 0, 1, sort_natural, "sort_natural: \"name\"",
	    "in order, large and small letters alike", NULL, false },
	{ 0 },
};
