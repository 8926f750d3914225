#include "import_map.h"

#include <string.h>

#include <glib.h>
#include <jansson.h>

static int
read_line(json_t *map, char *line, const char *path, int n, struct err *e)
{
	char *equals = strrchr(line, '=');

	g_strstrip(line);
	if (*line == '\0' || *line == '#')
		return 0;
	if (equals == NULL || equals[1 + strspn(equals + 1, " \t")] == '\0')
		return err_at(e, (struct pos){ path, n, 1 },
		    "write HEADING = FIELD; a field of - leaves the column out");
	*equals = '\0';
	json_object_set_new(map, g_strchomp(line), json_string(g_strstrip(equals + 1)));
	return 0;
}

char *
import_map_read(const char *path, struct err *e)
{
	json_t *map = json_object();
	char *text, *out = NULL, *dump;
	char **lines;
	int rc = 0;

	if (!g_file_get_contents(path, &text, NULL, NULL)) {
		json_decref(map);
		err_set(e, ERR_INPUT, "the mapping %.300s cannot be read", path);
		return NULL;
	}
	lines = g_strsplit(text, "\n", -1);
	for (int i = 0; rc == 0 && lines[i] != NULL; i++)
		rc = read_line(map, lines[i], path, i + 1, e);
	if (rc == 0) {
		dump = json_dumps(map, JSON_COMPACT);
		out = g_strdup(dump);
		free(dump);
	}
	g_strfreev(lines);
	g_free(text);
	json_decref(map);
	return out;
}
