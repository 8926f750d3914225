#include "record.h"

#include <string.h>

#include <glib.h>
#include <jansson.h>

static const struct record_kind *const record_all[] = { &record_vehicle,
	&record_appointment, &record_order, &record_staff, &record_send,
	&record_complaint, &record_contact };

const struct record_kind *
record_find(const char *what)
{
	for (size_t i = 0; i < G_N_ELEMENTS(record_all); i++)
		if (strcmp(record_all[i]->what, what) == 0)
			return record_all[i];
	return NULL;
}

#define FIELD(row, f, type) (*(type *)(void *)((char *)(row) + (f)->offset))
#define FIELD_OF(row, f, type) \
	(*(const type *)(const void *)((const char *)(row) + (f)->offset))

static bool
is_text(const struct record_field *f)
{
	return f->cell == CELL_ID || f->cell == CELL_TEXT || f->cell == CELL_WORD ||
	       f->cell == CELL_PHONE || f->cell == CELL_LINES;
}

void
record_clear(const struct record_kind *k, void *row)
{
	memset(row, 0, k->size);
	for (int i = 0; i < k->n_fields; i++) {
		const struct record_field *f = &k->fields[i];

		if (is_text(f))
			FIELD(row, f, const char *) = f->words != NULL ? f->words[0].word
						      : f->cell == CELL_LINES ? "[]"
									      : "";
	}
	if (k->attrs != (size_t)-1)
		*(const char **)(void *)((char *)row + k->attrs) = "{}";
}

void
record_copy(const struct record_field *f, void *row, const void *from)
{
	switch (f->cell) {
	case CELL_DATE:
		FIELD(row, f, struct date) = FIELD_OF(from, f, struct date);
		break;
	case CELL_MOMENT:
		FIELD(row, f, ms_t) = FIELD_OF(from, f, ms_t);
		break;
	case CELL_COUNT:
	case CELL_FLAG:
		FIELD(row, f, int) = FIELD_OF(from, f, int);
		break;
	case CELL_MONEY:
		FIELD(row, f, double) = FIELD_OF(from, f, double);
		break;
	default:
		FIELD(row, f, const char *) = FIELD_OF(from, f, char *);
	}
}

static const struct record_field *
find(const struct record_kind *k, const char *name, size_t len)
{
	for (int i = 0; i < k->n_fields; i++) {
		const struct record_field *f = &k->fields[i];

		if (!f->hidden && strlen(f->name) == len &&
		    memcmp(f->name, name, len) == 0)
			return f;
	}
	return NULL;
}

static struct value
json_value(const char *text, struct arena *a)
{
	json_t *j = json_loads(text, 0, NULL);
	struct value v = j == NULL ? VALUE_NONE : value_from_json(a, j);

	json_decref(j);
	return v;
}

bool
record_value(const struct record_kind *k, const void *row, const char *key, size_t len,
    const struct zone *zone, struct arena *a, struct value *out)
{
	const struct record_field *f = find(k, key, len);
	struct date d;

	if (f == NULL) {
		if (k->attrs == (size_t)-1 || len != 10 ||
		    memcmp(key, "attributes", 10) != 0)
			return false;
		*out = json_value(
		    *(const char *const *)(const void *)((const char *)row + k->attrs),
		    a);
		return true;
	}
	*out = VALUE_NONE;
	switch (f->cell) {
	case CELL_DATE:
		d = FIELD_OF(row, f, struct date);
		if (d.year != 0)
			*out = value_time(zone_instant(zone, date_days(d), 0));
		break;
	case CELL_MOMENT:
		if (FIELD_OF(row, f, ms_t) != 0)
			*out = value_time(FIELD_OF(row, f, ms_t));
		break;
	case CELL_COUNT:
		if (FIELD_OF(row, f, int) != 0)
			*out = value_int(FIELD_OF(row, f, int));
		break;
	case CELL_MONEY:
		*out = value_float(FIELD_OF(row, f, double));
		break;
	case CELL_FLAG:
		*out = value_bool(FIELD_OF(row, f, int) != 0);
		break;
	case CELL_LINES:
		*out = json_value(FIELD_OF(row, f, char *), a);
		break;
	default:
		if (*FIELD_OF(row, f, char *) != '\0')
			*out = value_str(FIELD_OF(row, f, char *));
	}
	return true;
}

const char **
record_paths(const struct record_kind *k)
{
	GPtrArray *names = g_ptr_array_new();

	for (int i = 0; i < k->n_fields; i++)
		if (!k->fields[i].hidden)
			g_ptr_array_add(names, (char *)k->fields[i].name);
	if (k->attrs != (size_t)-1)
		g_ptr_array_add(names, (char *)"attributes");
	g_ptr_array_add(names, NULL);
	return (const char **)g_ptr_array_free(names, FALSE);
}

bool
record_has_path(const struct record_kind *k, const char *name)
{
	return find(k, name, strlen(name)) != NULL ||
	       (k->attrs != (size_t)-1 && strcmp(name, "attributes") == 0);
}

/* ---- images ---- */

static json_t *
cell_json(const void *row, const struct record_field *f)
{
	struct date d;

	switch (f->cell) {
	case CELL_DATE:
		d = FIELD_OF(row, f, struct date);
		return d.year == 0 ? json_null() : json_integer(date_days(d));
	case CELL_MOMENT:
		return json_integer(FIELD_OF(row, f, ms_t));
	case CELL_COUNT:
	case CELL_FLAG:
		return json_integer(FIELD_OF(row, f, int));
	case CELL_MONEY:
		return json_integer((int64_t)(FIELD_OF(row, f, double) * 100 + 0.5));
	default:
		return json_string(FIELD_OF(row, f, char *));
	}
}

char *
record_image(const struct record_kind *k, const void *row, struct arena *a)
{
	json_t *j = json_object();
	char *text, *copy;

	for (int i = 0; i < k->n_fields; i++)
		json_object_set_new(j, k->fields[i].name, cell_json(row, &k->fields[i]));
	if (k->attrs != (size_t)-1)
		json_object_set_new(j, "attributes",
		    json_string(*(const char *const *)(const void *)((const char *)row +
								     k->attrs)));
	text = json_dumps(j, JSON_COMPACT);
	copy = arena_strdup(a, text);
	free(text);
	json_decref(j);
	return copy;
}

static void
cell_of_json(const json_t *v, const struct record_field *f, struct arena *a, void *row)
{
	switch (f->cell) {
	case CELL_DATE:
		if (json_is_integer(v))
			FIELD(row, f, struct date) =
			    date_from_days(json_integer_value(v));
		break;
	case CELL_MOMENT:
		FIELD(row, f, ms_t) = json_integer_value(v);
		break;
	case CELL_COUNT:
	case CELL_FLAG:
		FIELD(row, f, int) = (int)json_integer_value(v);
		break;
	case CELL_MONEY:
		FIELD(row, f, double) = (double)json_integer_value(v) / 100;
		break;
	default:
		if (json_is_string(v))
			FIELD(row, f, const char *) =
			    arena_strdup(a, json_string_value(v));
	}
}

int
record_of_image(const struct record_kind *k, const char *json, struct arena *a, void *row)
{
	json_t *j = json_loads(json, 0, NULL);
	const char *attrs;

	if (j == NULL)
		return -1;
	record_clear(k, row);
	for (int i = 0; i < k->n_fields; i++)
		cell_of_json(
		    json_object_get(j, k->fields[i].name), &k->fields[i], a, row);
	attrs = json_string_value(json_object_get(j, "attributes"));
	if (k->attrs != (size_t)-1 && attrs != NULL)
		*(const char **)(void *)((char *)row + k->attrs) = arena_strdup(a, attrs);
	json_decref(j);
	return 0;
}
