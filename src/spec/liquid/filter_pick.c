/* filter_pick.c - members of a list by what a property of theirs is. */
#include "filter.h"

/* Equal to the second argument; without one: anything but nil and false. */
static int
matches(struct filter_call *c, struct value item, bool *yes)
{
	struct value v, target = filter_arg(c, 1);

	if (filter_property(c, item, c->args[0], &v) < 0)
		return -1;
	*yes = target.type == VALUE_NIL ? value_truthy(v) : value_equal(v, target);
	return 0;
}

static int
select_members(struct filter_call *c, struct value *out, bool wanted)
{
	struct value_list *l;
	size_t n = 0;
	bool yes;

	if (filter_items(c, c->in, &l) < 0)
		return -1;
	for (size_t i = 0; i < l->n; i++) {
		if (matches(c, l->items[i], &yes) < 0)
			return -1;
		if (yes == wanted)
			l->items[n++] = l->items[i];
	}
	l->n = n;
	*out = value_list(l);
	return 0;
}

static int
where(struct filter_call *c, struct value *out)
{
	return select_members(c, out, true);
}

static int
reject(struct filter_call *c, struct value *out)
{
	return select_members(c, out, false);
}

/* at: -1 if there is none. */
static int
search(struct filter_call *c, int64_t *at, struct value *found)
{
	struct value_list *l;
	bool yes = false;

	*at = -1;
	*found = VALUE_NONE;
	if (filter_items(c, c->in, &l) < 0)
		return -1;
	for (size_t i = 0; i < l->n && !yes; i++) {
		if (matches(c, l->items[i], &yes) < 0)
			return -1;
		if (yes) {
			*at = (int64_t)i;
			*found = l->items[i];
		}
	}
	return 0;
}

static int
find(struct filter_call *c, struct value *out)
{
	int64_t at;

	return search(c, &at, out);
}

static int
find_index(struct filter_call *c, struct value *out)
{
	struct value found;
	int64_t at;

	if (search(c, &at, &found) < 0)
		return -1;
	if (at >= 0)
		*out = value_int(at);
	return 0;
}

static int
has(struct filter_call *c, struct value *out)
{
	struct value found;
	int64_t at;

	if (search(c, &at, &found) < 0)
		return -1;
	*out = value_bool(at >= 0);
	return 0;
}

const struct filter filter_pick[] = {
	{ "find", 1, 2, find, "find: \"plate\", \"沪A00000\"",
	    "the first member that matches", NULL, false },
	{ "find_index", 1, 2, find_index, "find_index: \"plate\", \"沪A00000\"",
	    "its place, from 0", NULL, false },
	{ "has", 1, 2, has, "has: \"plate\", \"沪A00000\"", "whether a member matches",
	    NULL, false },
	{ "reject", 1, 2, reject, "reject: \"sold\"", "the members that do not match",
	    NULL, false },
	{ "where", 1, 2, where, "where: \"type\", \"SUV\"", "the members that match",
	    NULL, false },
	{ 0 },
};
