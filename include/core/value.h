/* value.h - what a condition or a template sees: Liquid's data model.
 *
 * Values are small and passed by copy; what they point at is borrowed from an
 * arena, a catalog or a literal and must outlive them. Strings are UTF-8 with a
 * length, not necessarily NUL-terminated. Pure; any thread. */
#ifndef CORE_VALUE_H
#define CORE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"

enum value_type {
	VALUE_NIL,
	VALUE_BOOL,
	VALUE_INT,
	VALUE_FLOAT,
	VALUE_STR,
	VALUE_TIME,  /* an instant; printed in the reader's zone */
	VALUE_LIST,
	VALUE_MAP,
	VALUE_RANGE, /* (from..to), inclusive */
	VALUE_EMPTY, /* the literal `empty` */
	VALUE_BLANK  /* the literal `blank` */
};

struct value;
struct value_list;
struct value_map;

struct value {
	enum value_type type;
	bool safe; /* a string written or escaped by the template itself: not escaped again */
	union {
		bool b;
		int64_t i;
		double f;
		struct {
			const char *p;
			size_t len;
		} s;
		ms_t time;
		const struct value_list *list;
		const struct value_map *map;
		struct {
			int64_t from, to;
		} range;
	};
};

struct value_list {
	size_t n;
	struct value *items;
};

/* Keys in insertion order. A map may instead answer by function (get not NULL):
 * then n is 0, and it is looked up, not iterated. */
struct value_map {
	size_t n, cap;
	struct value_pair {
		const char *key;
		struct value value;
	} *pairs;
	bool (*get)(const struct value_map *, const char *key, size_t len, struct value *out);
	const void *arg;
};

#define VALUE_NONE ((struct value){ .type = VALUE_NIL })
struct value value_bool(bool b);
struct value value_int(int64_t i);
struct value value_float(double f);
struct value value_time(ms_t at);
struct value value_str(const char *s); /* NULL: nil */
struct value value_strn(const char *s, size_t len);

struct value_map *value_map_new(struct arena *a);
/* Replaces an existing key. key is borrowed. */
void value_map_set(struct arena *a, struct value_map *m, const char *key, struct value v);
bool value_map_get(const struct value_map *m, const char *key, size_t len, struct value *out);
struct value value_map(const struct value_map *m);
struct value_list *value_list_new(struct arena *a, size_t cap);
struct value value_list(const struct value_list *l);

/* The shortest text that reads back as f, with a point or an exponent: "1.0", "0.1",
 * "1.0e+20". buf needs VALUE_FLOAT_TEXT bytes; returns the length. */
#define VALUE_FLOAT_TEXT 40
size_t value_float_text(double f, char *buf);

/* Characters (not bytes) of UTF-8 text. */
size_t value_chars(const char *s, size_t len);
/* Where character n begins; s + len if there are fewer. */
const char *value_char_at(const char *s, size_t len, size_t n);

/* A number's leading digits as Ruby's to_i reads them: 2.7 -> 2, "12a" -> 12, nil -> 0. */
int64_t value_to_int(struct value v);

/* Liquid's truth: only nil and false are false. */
bool value_truthy(struct value v);
/* What `empty` equals: "", a list or a map without members. */
bool value_is_empty(struct value v);
/* Liquid's ==, with empty and blank; different types are unequal, 1 == 1.0. */
bool value_equal(struct value a, struct value b);
/* <0, 0, >0; *comparable false when Liquid has no order for the pair (nil, mixed). */
int value_compare(struct value a, struct value b, bool *comparable);
/* False when either side is nil or false; a needle in text is made text first. */
bool value_contains(struct value haystack, struct value needle);

/* From parsed JSON (jansson). Everything is copied into the arena. */
struct json_t;
struct value value_from_json(struct arena *a, const struct json_t *j);
struct json_t *value_to_json(struct value v); /* new reference */

#endif
