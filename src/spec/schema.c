/* schema.c - checking a mapping against the keys it may have, and printing the reference.
 */
#include "spec/schema.h"

#include <string.h>

#include <glib.h>

static const struct schema_key *
find(const struct schema *s, const char *name)
{
	const struct schema_key *k;

	for (k = s->keys; k->name != NULL; k++) {
		if (strcmp(k->name, name) == 0)
			return k;
	}
	return NULL;
}

bool
schema_has(const struct schema *s, const char *key)
{
	return find(s, key) != NULL;
}

GPtrArray *
schema_names(const struct schema *s)
{
	GPtrArray *names = g_ptr_array_new();
	const struct schema_key *k;

	for (k = s->keys; k->name != NULL; k++) {
		if (k->help != NULL)
			g_ptr_array_add(names, (char *)k->name);
	}
	g_ptr_array_add(names, NULL);
	return names;
}

static void
unknown_key(const struct schema *s, const struct yaml *key, struct report *r)
{
	GPtrArray *names = schema_names(s);

	yaml_unknown_key(key, (const char *const *)names->pdata, r);
	g_ptr_array_free(names, TRUE);
}

static bool
check(const struct yaml *map, const struct schema *s, bool open, struct report *r)
{
	int i;

	if (map->kind != YAML_MAP) {
		report_add(r, SEV_ERROR, map->at, "type", "",
		    "a mapping is expected here (%s)", s->name);
		return false;
	}
	((struct yaml *)map)->schema = s;
	for (i = 0; i < map->n; i++) {
		const struct yaml *key = map->keys[i];
		const struct schema_key *k = find(s, key->text);

		if (k == NULL && !open)
			unknown_key(s, key, r);
		else if (k != NULL && k->help == NULL)
			report_add(r, SEV_ERROR, key->at, "later", "",
			    "\"%s\" is not in this version", key->text);
	}
	return true;
}

bool
schema_check(const struct yaml *map, const struct schema *s, struct report *r)
{
	return check(map, s, false, r);
}

bool
schema_check_open(const struct yaml *map, const struct schema *s, struct report *r)
{
	return check(map, s, true, r);
}

bool
schema_all_known(const struct yaml *map)
{
	int i;

	for (i = 0; map->schema != NULL && i < map->n; i++) {
		if (find(map->schema, map->keys[i]->text) == NULL)
			return false;
	}
	return true;
}

static bool
is_misspelt(const struct yaml *map, const char *key)
{
	GPtrArray *names =
	    map->schema == NULL ? g_ptr_array_new() : schema_names(map->schema);
	bool yes = false;
	int i;

	for (i = 0; map->schema != NULL && i < map->n && !yes; i++) {
		if (find(map->schema, map->keys[i]->text) == NULL)
			yes = g_strcmp0(report_nearest(map->keys[i]->text,
					    (const char *const *)names->pdata),
				  key) == 0;
	}
	g_ptr_array_free(names, TRUE);
	return yes;
}

void
schema_missing(
    const struct yaml *map, const char *key, const char *hint, struct report *r)
{
	bool misspelt = is_misspelt(map, key);

	/* What neither says is missing in the common one, and told once. */
	while (map->under != NULL && yaml_get(map->under, key) == NULL)
		map = map->under;
	if (!misspelt)
		report_add(
		    r, SEV_ERROR, map->at, "missing", hint, "\"%s\" is missing", key);
}

void
schema_print(FILE *out)
{
	const struct schema_key *k;
	int i;

	for (i = 0; schema_all[i] != NULL; i++) {
		fprintf(out, "%s%s\n", i > 0 ? "\n" : "", schema_all[i]->name);
		for (k = schema_all[i]->keys; k->name != NULL; k++) {
			if (k->help != NULL)
				fprintf(out, "  %-15s %s\n", k->name, k->help);
		}
	}
}
