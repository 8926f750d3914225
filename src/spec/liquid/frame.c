/* frame.c - the names of one template while it renders. */
#include "frame.h"

#include <string.h>

static bool
same(const char *a, const char *name, size_t len)
{
	return strncmp(a, name, len) == 0 && a[len] == '\0';
}

/* forloop.x and tablerowloop.x */
static bool
loop_member(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	const struct frame_loop *l = m->arg;
	int64_t cols = l->cols == 0 ? 1 : l->cols;
	const struct {
		const char *key;
		struct value value;
		bool of_row;
	} members[] = {
		{ "index", value_int(l->index + 1), false },
		{ "index0", value_int(l->index), false },
		{ "rindex", value_int(l->length - l->index), false },
		{ "rindex0", value_int(l->length - l->index - 1), false },
		{ "first", value_bool(l->index == 0), false },
		{ "last", value_bool(l->index == l->length - 1), false },
		{ "length", value_int(l->length), false },
		{ "row", value_int(l->index / cols + 1), true },
		{ "col", value_int(l->index % cols + 1), true },
		{ "col0", value_int(l->index % cols), true },
		{ "col_first", value_bool(l->index % cols == 0), true },
		{ "col_last", value_bool(l->index % cols == cols - 1), true },
	};

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		if (same(members[i].key, key, len) &&
		    (!members[i].of_row || l->cols > 0)) {
			*out = members[i].value;
			return true;
		}
	}
	if (l->cols == 0 && same("name", key, len)) {
		*out = value_str(l->name);
		return true;
	}
	if (l->cols == 0 && same("parentloop", key, len) && l->parent != NULL) {
		*out = value_map(&l->parent->object);
		return true;
	}
	return false;
}

static bool
lookup_loop(const struct frame *f, const char *name, size_t len, struct value *out)
{
	bool row = same("tablerowloop", name, len),
	     object = row || same("forloop", name, len);

	for (const struct frame_loop *l = f->loops; l != NULL; l = l->outer) {
		if (same(l->var, name, len)) {
			*out = l->item;
			return true;
		}
		if (object && (l->cols > 0) == row) {
			*out = value_map(&l->object);
			return true;
		}
	}
	return false;
}

bool
frame_lookup(const struct scope *s, const char *name, size_t len, struct value *out)
{
	const struct frame *f = s->arg;

	if (f->loops != NULL && lookup_loop(f, name, len, out))
		return true;
	for (const struct frame_var *v = f->vars; v != NULL; v = v->next) {
		if (same(v->name, name, len)) {
			*out = v->value;
			return true;
		}
	}
	for (const struct frame_number *n = f->numbers; n != NULL; n = n->next) {
		if (n->kind == FRAME_COUNTER && same(n->name, name, len)) {
			*out = value_int(n->n);
			return true;
		}
	}
	return false;
}

void
frame_assign(struct frame *f, const char *name, struct value v)
{
	struct frame_var *var = f->vars;

	while (var != NULL && strcmp(var->name, name) != 0)
		var = var->next;
	if (var == NULL) {
		var = arena_new_of(f->a, struct frame_var);
		var->name = name;
		var->next = f->vars;
		f->vars = var;
	}
	var->value = v;
}

int64_t *
frame_number(struct frame *f, char kind, const char *name)
{
	struct frame_number *n = f->numbers;

	while (n != NULL && (n->kind != kind || strcmp(n->name, name) != 0))
		n = n->next;
	if (n == NULL) {
		if (f->n_numbers++ == FRAME_MAX_NUMBERS)
			return NULL;
		n = arena_new_of(f->a, struct frame_number);
		n->kind = kind;
		n->name = name;
		n->next = f->numbers;
		f->numbers = n;
	}
	return &n->n;
}

struct frame_loop *
frame_push(
    struct frame *f, const char *var, const char *name, int64_t length, int64_t cols)
{
	struct frame_loop *l = arena_new_of(f->a, struct frame_loop);

	l->outer = f->loops;
	l->var = var;
	l->name = name;
	l->length = length;
	l->cols = cols;
	for (l->parent = f->loops; l->parent != NULL && l->parent->cols > 0;)
		l->parent = l->parent->outer;
	l->object.get = loop_member;
	l->object.arg = l;
	f->loops = l;
	return l;
}

void
frame_pop(struct frame *f)
{
	f->loops = f->loops->outer;
}
