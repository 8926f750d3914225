/* seq.c - what a loop goes over. */
#include "seq.h"

struct seq
seq_of(struct value v)
{
	struct seq s = { .of = v };
	uint64_t n;

	switch (v.type) {
	case VALUE_LIST:
		s.n = (int64_t)v.list->n;
		break;
	case VALUE_MAP:
		s.n = (int64_t)v.map->n;
		break;
	case VALUE_STR:
		s.n = v.s.len > 0;
		break;
	case VALUE_RANGE:
		if (v.range.to < v.range.from)
			break;
		n = (uint64_t)v.range.to - (uint64_t)v.range.from;
		s.n = n < INT64_MAX ? (int64_t)n + 1 : INT64_MAX;
		break;
	default:
		break;
	}
	return s;
}

void
seq_cut(struct seq *s, int64_t offset, int64_t limit)
{
	int64_t end = s->n;

	/* A negative offset begins before the first member, as in Ruby. */
	if (limit >= 0 && (offset < 0 || limit < s->n - offset))
		end = offset + limit;
	else if (limit < 0)
		end = s->n;
	if (offset < 0)
		offset = 0;
	if (end > s->n)
		end = s->n;
	s->from = offset;
	s->n = end > offset ? end - offset : 0;
}

struct value
seq_item(const struct seq *s, int64_t i, struct arena *a)
{
	int64_t at = s->from + (s->reversed ? s->n - 1 - i : i);
	struct value_list *pair;

	switch (s->of.type) {
	case VALUE_LIST:
		return s->of.list->items[at];
	case VALUE_RANGE:
		return value_int(s->of.range.from + at);
	case VALUE_MAP:
		pair = value_list_new(a, 2);
		pair->n = 2;
		pair->items[0] = value_str(s->of.map->pairs[at].key);
		pair->items[1] = s->of.map->pairs[at].value;
		return value_list(pair);
	default:
		return s->of;
	}
}
