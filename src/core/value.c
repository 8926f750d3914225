/* value.c - Liquid's data model: comparison, maps, JSON. */
#include "core/value.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>
#include <jansson.h>

struct value
value_bool(bool b)
{
	return (struct value){ .type = VALUE_BOOL, .b = b };
}

struct value
value_int(int64_t i)
{
	return (struct value){ .type = VALUE_INT, .i = i };
}

struct value
value_float(double f)
{
	return (struct value){ .type = VALUE_FLOAT, .f = f };
}

struct value
value_time(ms_t at)
{
	return (struct value){ .type = VALUE_TIME, .time = at };
}

struct value
value_str(const char *s)
{
	return s == NULL ? VALUE_NONE : value_strn(s, strlen(s));
}

struct value
value_strn(const char *s, size_t len)
{
	struct value v = { .type = VALUE_STR };

	v.s.p = s;
	v.s.len = len;
	return v;
}

struct value
value_map(const struct value_map *m)
{
	return (struct value){ .type = VALUE_MAP, .map = m };
}

struct value
value_list(const struct value_list *l)
{
	return (struct value){ .type = VALUE_LIST, .list = l };
}

struct value_map *
value_map_new(struct arena *a)
{
	return arena_new_of(a, struct value_map);
}

static struct value_pair *
find_pair(const struct value_map *m, const char *key, size_t len)
{
	for (size_t i = 0; i < m->n; i++)
		if (strncmp(m->pairs[i].key, key, len) == 0 &&
		    m->pairs[i].key[len] == '\0')
			return &m->pairs[i];
	return NULL;
}

void
value_map_set(struct arena *a, struct value_map *m, const char *key, struct value v)
{
	struct value_pair *pair = find_pair(m, key, strlen(key));

	if (pair == NULL) {
		if (m->n == m->cap) {
			size_t cap = m->cap == 0 ? 8 : 2 * m->cap;
			struct value_pair *pairs = arena_array(a, struct value_pair, cap);

			if (m->n > 0)
				memcpy(pairs, m->pairs, m->n * sizeof(*pairs));
			m->pairs = pairs;
			m->cap = cap;
		}
		pair = &m->pairs[m->n++];
		pair->key = key;
	}
	pair->value = v;
}

bool
value_map_get(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	const struct value_pair *pair;

	if (m->get != NULL)
		return m->get(m, key, len, out);
	pair = find_pair(m, key, len);
	if (pair == NULL)
		return false;
	*out = pair->value;
	return true;
}

struct value_list *
value_list_new(struct arena *a, size_t cap)
{
	struct value_list *l = arena_new_of(a, struct value_list);

	l->items = arena_array(a, struct value, cap == 0 ? 1 : cap);
	return l;
}

size_t
value_float_text(double f, char *buf)
{
	char raw[VALUE_FLOAT_TEXT], digits[VALUE_FLOAT_TEXT];
	char *e, *w = buf;
	int exponent, n = 0;

	if (isnan(f) || isinf(f))
		return (size_t)sprintf(buf, "%s",
		    isnan(f) ? "NaN"
		    : f < 0  ? "-Infinity"
			     : "Infinity");
	for (int precision = 14; precision <= 16; precision++) {
		char format[16];

		snprintf(format, sizeof(format), "%%.%de", precision);
		g_ascii_formatd(raw, sizeof(raw), format, f);
		if (g_ascii_strtod(raw, NULL) == f)
			break;
	}
	e = strchr(raw, 'e');
	exponent = atoi(e + 1);
	for (const char *p = raw; p < e; p++)
		if (*p >= '0' && *p <= '9')
			digits[n++] = *p;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	if (raw[0] == '-')
		*w++ = '-';
	if (exponent < -4 || exponent >= 16) {
		*w++ = digits[0];
		*w++ = '.';
		for (int i = 1; i < n; i++)
			*w++ = digits[i];
		if (n == 1)
			*w++ = '0';
		w += sprintf(w, "e%+03d", exponent);
	} else if (exponent < 0) {
		*w++ = '0';
		*w++ = '.';
		for (int i = exponent + 1; i < 0; i++)
			*w++ = '0';
		for (int i = 0; i < n; i++)
			*w++ = digits[i];
	} else {
		for (int i = 0; i <= exponent; i++)
			*w++ = i < n ? digits[i] : '0';
		*w++ = '.';
		for (int i = exponent + 1; i < n; i++)
			*w++ = digits[i];
		if (n <= exponent + 1)
			*w++ = '0';
	}
	*w = '\0';
	return (size_t)(w - buf);
}

size_t
value_chars(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return n;
}

const char *
value_char_at(const char *s, size_t len, size_t n)
{
	const char *end = s + len;

	for (; s < end; s++)
		if (((unsigned char)*s & 0xc0) != 0x80 && n-- == 0)
			break;
	return s;
}

int64_t
value_to_int(struct value v)
{
	switch (v.type) {
	case VALUE_INT:
		return v.i;
	case VALUE_FLOAT:
		if (!(v.f > -9.2e18 && v.f < 9.2e18))
			return 0;
		return (int64_t)v.f;
	case VALUE_STR: {
		char buf[32];
		size_t n = MIN(v.s.len, sizeof(buf) - 1);

		memcpy(buf, v.s.p, n);
		buf[n] = '\0';
		return g_ascii_strtoll(buf, NULL, 10);
	}
	default:
		return 0;
	}
}

bool
value_truthy(struct value v)
{
	return v.type != VALUE_NIL && !(v.type == VALUE_BOOL && !v.b);
}

bool
value_is_empty(struct value v)
{
	switch (v.type) {
	case VALUE_STR:
		return v.s.len == 0;
	case VALUE_LIST:
		return v.list->n == 0;
	case VALUE_MAP:
		return v.map->n == 0 && v.map->get == NULL;
	default:
		return false;
	}
}

/* What `blank` equals: what is empty, nil, false and text of white space. */
static bool
is_blank(struct value v)
{
	if (!value_truthy(v))
		return true;
	if (v.type == VALUE_STR) {
		for (size_t i = 0; i < v.s.len; i++)
			if (!g_ascii_isspace(v.s.p[i]))
				return false;
		return true;
	}
	return value_is_empty(v);
}

static bool
maps_equal(const struct value_map *a, const struct value_map *b)
{
	struct value other;

	if (a == b)
		return true;
	if (a->get != NULL || b->get != NULL || a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!value_map_get(b, a->pairs[i].key, strlen(a->pairs[i].key), &other) ||
		    !value_equal(a->pairs[i].value, other))
			return false;
	return true;
}

static bool
lists_equal(const struct value_list *a, const struct value_list *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!value_equal(a->items[i], b->items[i]))
			return false;
	return true;
}

static bool
is_number(struct value v)
{
	return v.type == VALUE_INT || v.type == VALUE_FLOAT;
}

static double
number(struct value v)
{
	return v.type == VALUE_INT ? (double)v.i : v.f;
}

bool
value_equal(struct value a, struct value b)
{
	if (a.type != b.type) {
		if (a.type == VALUE_EMPTY)
			return value_is_empty(b);
		if (b.type == VALUE_EMPTY)
			return value_is_empty(a);
		if (a.type == VALUE_BLANK)
			return is_blank(b);
		if (b.type == VALUE_BLANK)
			return is_blank(a);
		return is_number(a) && is_number(b) && number(a) == number(b);
	}
	switch (a.type) {
	case VALUE_BOOL:
		return a.b == b.b;
	case VALUE_INT:
		return a.i == b.i;
	case VALUE_FLOAT:
		return a.f == b.f;
	case VALUE_STR:
		return a.s.len == b.s.len && memcmp(a.s.p, b.s.p, a.s.len) == 0;
	case VALUE_TIME:
		return a.time == b.time;
	case VALUE_LIST:
		return lists_equal(a.list, b.list);
	case VALUE_MAP:
		return maps_equal(a.map, b.map);
	case VALUE_RANGE:
		return a.range.from == b.range.from && a.range.to == b.range.to;
	default:
		return true; /* nil, empty, blank */
	}
}

int
value_compare(struct value a, struct value b, bool *comparable)
{
	*comparable = true;
	if (a.type == VALUE_INT && b.type == VALUE_INT)
		return (a.i > b.i) - (a.i < b.i);
	if (is_number(a) && is_number(b)) {
		*comparable = !isnan(number(a)) && !isnan(number(b));
		return (number(a) > number(b)) - (number(a) < number(b));
	}
	if (a.type == VALUE_TIME && b.type == VALUE_TIME)
		return (a.time > b.time) - (a.time < b.time);
	if (a.type == VALUE_STR && b.type == VALUE_STR) {
		int c = memcmp(a.s.p, b.s.p, MIN(a.s.len, b.s.len));

		return c != 0 ? c : (a.s.len > b.s.len) - (a.s.len < b.s.len);
	}
	*comparable = false;
	return 0;
}

static bool
text_contains(struct value text, struct value needle)
{
	char buf[VALUE_FLOAT_TEXT];

	switch (needle.type) {
	case VALUE_STR:
		break;
	case VALUE_BOOL:
		needle = value_str("true"); /* false never gets here */
		break;
	case VALUE_INT:
		needle = value_strn(
		    buf, (size_t)snprintf(buf, sizeof(buf), "%lld", (long long)needle.i));
		break;
	case VALUE_FLOAT:
		needle = value_strn(buf, value_float_text(needle.f, buf));
		break;
	case VALUE_EMPTY:
	case VALUE_BLANK:
		needle = value_str("");
		break;
	default:
		return false;
	}
	return needle.s.len == 0 ||
	       memmem(text.s.p, text.s.len, needle.s.p, needle.s.len) != NULL;
}

bool
value_contains(struct value haystack, struct value needle)
{
	struct value ignored;

	if (!value_truthy(needle))
		return false;
	switch (haystack.type) {
	case VALUE_STR:
		return text_contains(haystack, needle);
	case VALUE_LIST:
		for (size_t i = 0; i < haystack.list->n; i++)
			if (value_equal(haystack.list->items[i], needle))
				return true;
		return false;
	case VALUE_MAP:
		return needle.type == VALUE_STR &&
		       value_map_get(haystack.map, needle.s.p, needle.s.len, &ignored);
	case VALUE_RANGE:
		return is_number(needle) &&
		       number(needle) >= (double)haystack.range.from &&
		       number(needle) <= (double)haystack.range.to;
	default:
		return false;
	}
}

struct value
value_from_json(struct arena *a, const struct json_t *j)
{
	switch (json_typeof(j)) {
	case JSON_TRUE:
	case JSON_FALSE:
		return value_bool(json_is_true(j));
	case JSON_INTEGER:
		return value_int(json_integer_value(j));
	case JSON_REAL:
		return value_float(json_real_value(j));
	case JSON_STRING: {
		size_t len = json_string_length(j);

		return value_strn(arena_strndup(a, json_string_value(j), len), len);
	}
	case JSON_ARRAY: {
		struct value_list *l = value_list_new(a, json_array_size(j));

		for (size_t i = 0; i < json_array_size(j); i++)
			l->items[l->n++] = value_from_json(a, json_array_get(j, i));
		return value_list(l);
	}
	case JSON_OBJECT: {
		struct value_map *m = value_map_new(a);
		const char *key;
		json_t *member;

		m->cap = json_object_size(j);
		m->pairs = arena_array(a, struct value_pair, m->cap == 0 ? 1 : m->cap);
		/* Keys of a JSON object are already distinct. */
		json_object_foreach((json_t *)(uintptr_t)j, key, member)
		{
			m->pairs[m->n].key = arena_strdup(a, key);
			m->pairs[m->n++].value = value_from_json(a, member);
		}
		return value_map(m);
	}
	default:
		return VALUE_NONE;
	}
}

struct json_t *
value_to_json(struct value v)
{
	char buf[64];
	json_t *j;

	switch (v.type) {
	case VALUE_BOOL:
		return json_boolean(v.b);
	case VALUE_INT:
		return json_integer(v.i);
	case VALUE_FLOAT:
		return isfinite(v.f) ? json_real(v.f) : json_null();
	case VALUE_STR:
		j = json_stringn(v.s.p, v.s.len);
		return j != NULL ? j : json_string(""); /* not UTF-8 */
	case VALUE_TIME:
		return json_string(clock_format(v.time, 0, buf));
	case VALUE_LIST:
		j = json_array();
		for (size_t i = 0; i < v.list->n; i++)
			json_array_append_new(j, value_to_json(v.list->items[i]));
		return j;
	case VALUE_MAP:
		j = json_object();
		for (size_t i = 0; i < v.map->n; i++)
			json_object_set_new(
			    j, v.map->pairs[i].key, value_to_json(v.map->pairs[i].value));
		return j;
	case VALUE_RANGE:
		snprintf(buf, sizeof(buf), "%lld..%lld", (long long)v.range.from,
		    (long long)v.range.to);
		return json_string(buf);
	case VALUE_EMPTY:
	case VALUE_BLANK:
		return json_string("");
	default:
		return json_null();
	}
}
