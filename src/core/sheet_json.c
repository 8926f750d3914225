/* sheet_json.c - a sheet on its way from the daemon to whoever asked. */
#include <math.h>
#include <string.h>

#include <jansson.h>

#include "core/sheet.h"

static json_t *
number(double n)
{
	return isfinite(n) ? json_real(n) : json_null();
}

static json_t *
cell_json(const struct sheet_cell *c, enum sheet_type type)
{
	if (!c->known)
		return json_null();
	switch (type) {
	case SHEET_TEXT:
	case SHEET_DATE:
		return json_string(c->text);
	case SHEET_INTEGER:
		return json_integer((json_int_t)c->number);
	case SHEET_INTERVAL:
	case SHEET_RANGE:
		return json_pack("[oo]", number(c->between.low), number(c->between.high));
	default:
		return number(c->number);
	}
}

static json_t *
columns_json(const struct sheet *s)
{
	json_t *list = json_array();

	for (int i = 0; i < s->n_columns; i++) {
		const struct sheet_column *c = &s->columns[i];
		json_t *one =
		    json_pack("{ss ss ss ss}", "name", c->name, "title", c->title,
			"title_zh", c->title_zh, "type", sheet_type_name((int)c->type));

		if (isfinite(c->target))
			json_object_set_new(one, "target", json_real(c->target));
		json_array_append_new(list, one);
	}
	return list;
}

json_t *
sheet_to_json(const struct sheet *s)
{
	json_t *rows = json_array(), *notes = json_array(), *words = json_object();

	for (int r = 0; r < s->n_rows; r++) {
		json_t *row = json_object();

		for (int i = 0; i < s->n_columns; i++)
			json_object_set_new(row, s->columns[i].name,
			    cell_json(sheet_cell(s, r, i), s->columns[i].type));
		json_array_append_new(rows, row);
	}
	for (int i = 0; i < s->n_notes; i++)
		json_array_append_new(notes,
		    json_pack("{ss ss}", "en", s->notes[i].en, "zh", s->notes[i].zh));
	for (int i = 0; i < s->n_words; i++)
		json_object_set_new(words, s->words[i].en, json_string(s->words[i].zh));
	return json_pack("{ss ss ss so so so so}", "report", s->name, "title", s->title,
	    "title_zh", s->title_zh, "columns", columns_json(s), "rows", rows, "notes",
	    notes, "words", words);
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

static void
cell_read(
    struct sheet *s, const struct sheet_column *c, const json_t *v, const json_t *words)
{
	const char *zh;

	if (json_is_string(v)) {
		zh = json_string_value(json_object_get(words, json_string_value(v)));
		if (zh != NULL)
			sheet_words(s, c->name, json_string_value(v), zh);
		else
			sheet_text(s, c->name, json_string_value(v));
		return;
	}
	if (json_is_number(v))
		sheet_number(s, c->name, json_number_value(v));
	else if (json_array_size(v) == 2) {
		const json_t *low = json_array_get(v, 0), *high = json_array_get(v, 1);

		sheet_between(s, c->name,
		    (struct interval){
			json_is_number(low) ? json_number_value(low) : -INFINITY,
			json_is_number(high) ? json_number_value(high) : INFINITY });
	}
}

struct sheet *
sheet_from_json(const json_t *j)
{
	struct sheet *s;
	const json_t *one;
	size_t i;

	if (!json_is_array(json_object_get(j, "columns")) ||
	    json_array_size(json_object_get(j, "columns")) == 0)
		return NULL;
	s = sheet_new(text_of(j, "report"), text_of(j, "title"), text_of(j, "title_zh"));
	json_array_foreach(json_object_get(j, "columns"), i, one)
	{
		int type = sheet_type_find(text_of(one, "type"));
		const json_t *target = json_object_get(one, "target");

		if (type < 0 || sheet_find(s, text_of(one, "name")) >= 0) {
			sheet_free(s);
			return NULL;
		}
		sheet_column(s, text_of(one, "name"), text_of(one, "title"),
		    text_of(one, "title_zh"), (enum sheet_type)type);
		if (json_is_number(target))
			sheet_target(s, json_number_value(target));
	}
	json_array_foreach(json_object_get(j, "rows"), i, one)
	{
		sheet_row(s);
		for (int c = 0; c < s->n_columns; c++)
			cell_read(s, &s->columns[c],
			    json_object_get(one, s->columns[c].name),
			    json_object_get(j, "words"));
	}
	json_array_foreach(json_object_get(j, "notes"), i, one)
	    sheet_note(s, text_of(one, "en"), text_of(one, "zh"));
	return s;
}
