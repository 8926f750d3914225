/* What the sender of a file asked for, kept so that a crash does not change it. */
#include <string.h>

#include <jansson.h>

#include "import_kind.h"

#define MAP_MAX (32 << 10)

void
import_how_copy(struct import *im, const struct import_how *how)
{
	static const struct import_how plain = { .source = "file" };

	im->how = how == NULL ? plain : *how;
	im->how.source = g_strdup(
	    im->how.source == NULL || *im->how.source == '\0' ? "file" : im->how.source);
	im->how.map = g_strdup(im->how.map == NULL ? "" : im->how.map);
	im->how.basis = g_strdup(im->how.basis == NULL ? "" : im->how.basis);
	im->how.evidence = g_strdup(im->how.evidence == NULL ? "" : im->how.evidence);
}

void
import_how_free(struct import *im)
{
	g_free((char *)(uintptr_t)im->how.source);
	g_free((char *)(uintptr_t)im->how.map);
	g_free((char *)(uintptr_t)im->how.basis);
	g_free((char *)(uintptr_t)im->how.evidence);
	g_strfreev(im->mapping);
}

char *
import_how_json(const struct import *im)
{
	json_t *j = json_pack("{ss ss ss ss sb sb sb}", "source", im->how.source, "map",
	    im->how.map, "basis", im->how.basis, "evidence", im->how.evidence, "save_map",
	    im->how.save_map, "history", im->how.history, "sure", im->how.sure);
	char *text = json_dumps(j, JSON_COMPACT), *copy = g_strdup(text);

	free(text);
	json_decref(j);
	return copy;
}

void
import_how_read(struct import *im, const char *json)
{
	struct import_how how = { 0 };
	json_t *j = json_loads(json, 0, NULL);
	int save = 0, history = 0, sure = 0;

	if (json_unpack(j, "{ss ss ss ss sb sb sb}", "source", &how.source, "map",
		&how.map, "basis", &how.basis, "evidence", &how.evidence, "save_map",
		&save, "history", &history, "sure", &sure) == 0) {
		how.save_map = save;
		how.history = history;
		how.sure = sure;
	}
	import_how_copy(im, &how);
	json_decref(j);
}

static void
map_key(const struct import *im, char *buf, size_t n)
{
	g_snprintf(buf, n, "map.%s.%s", im->kind->what, im->how.source);
}

/* {"客户号": "id", "备注": "-"} into pairs. */
static int
read_pairs(struct import *im, const char *json, struct err *e)
{
	json_t *j = json_loads(json, 0, NULL), *v;
	GPtrArray *pairs = g_ptr_array_new();
	const char *heading;

	json_object_foreach(j, heading, v)
	{
		if (!json_is_string(v))
			continue;
		g_ptr_array_add(pairs, g_strdup(heading));
		g_ptr_array_add(pairs, g_strdup(json_string_value(v)));
	}
	g_ptr_array_add(pairs, NULL);
	g_strfreev(im->mapping);
	im->mapping = (char **)g_ptr_array_free(pairs, FALSE);
	if (json_is_object(j)) {
		json_decref(j);
		return 0;
	}
	json_decref(j);
	return err_set(
	    e, ERR_INPUT, "the mapping is no JSON object of headings and fields");
}

int
import_mapping(struct import *im, struct store *s, struct err *e)
{
	char key[200], *saved;
	int rc = 0;

	if (*im->how.map != '\0')
		return read_pairs(im, im->how.map, e);
	saved = g_malloc(MAP_MAX);
	map_key(im, key, sizeof(key));
	rc = store_meta_get(s, key, saved, MAP_MAX, e);
	if (rc == 0 && *saved != '\0')
		rc = read_pairs(im, saved, e);
	g_free(saved);
	return rc;
}

int
import_save_mapping(const struct import *im, struct store *s, struct err *e)
{
	const struct columns *c = im->kind->columns(im->reader);
	json_t *j = json_object();
	char key[200], *text;
	int rc;

	for (int i = 0; i < table_columns(c->table); i++)
		json_object_set_new(
		    j, table_heading(c->table, i), json_string(columns_name(c, i)));
	text = json_dumps(j, JSON_COMPACT);
	map_key(im, key, sizeof(key));
	rc = strlen(text) >= MAP_MAX
		 ? err_set(e, ERR_INPUT, "the mapping is too long to be kept")
		 : store_meta_set(s, key, text, e);
	free(text);
	json_decref(j);
	return rc;
}
