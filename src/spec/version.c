/* version.c - a stored playbook read again by the readers that read it from disk. */
#include <string.h>

#include <jansson.h>

#include "extends.h"
#include "read.h"
#include "set.h"
#include "source.h"
#include "spec/catalog.h"

/* One version while it is read. */
struct reviving {
	struct version *v;
	struct report *report;
	GHashTable *templates;
};

/* A member as text in the arena; "" when it is not there. */
static const char *
member(struct reviving *rv, const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return arena_strdup(rv->v->arena, s == NULL ? "" : s);
}

static void
broken(struct reviving *rv, const char *what)
{
	report_add(rv->report, SEV_ERROR, (struct pos){ NULL, 0, 0 }, "version", "",
	    "the stored version has no usable %s", what);
}

static void
read_partials(struct reviving *rv, const json_t *list)
{
	const json_t *o;
	size_t i, n;

	json_array_foreach(list, i, o)
	{
		const char *text = member(rv, o, "text"), *file = member(rv, o, "file");
		struct liquid *t;

		report_source(rv->report, file, text);
		for (n = strlen(text);
		     n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'); n--)
			;
		t = liquid_parse(rv->v->arena, text, n,
		    (struct pos){ source_name(file), 1, 1 }, rv->report);
		if (t != NULL)
			g_hash_table_insert(
			    rv->v->partials, (char *)member(rv, o, "name"), t);
	}
}

static void
read_templates(struct reviving *rv, const json_t *list)
{
	const json_t *o;
	size_t i;

	json_array_foreach(list, i, o)
	{
		const char *text = member(rv, o, "text"), *file = member(rv, o, "file");
		int channel = channel_find(member(rv, o, "channel"));
		struct template *t;

		if (channel < 0) {
			broken(rv, "template");
			continue;
		}
		report_source(rv->report, file, text);
		t = template_read(rv->v->arena, file, member(rv, o, "name"), channel,
		    text, strlen(text), rv->report);
		if (t != NULL)
			g_hash_table_insert(rv->templates, (char *)t->name, t);
	}
}

static struct yaml *
read_yaml(struct reviving *rv, const json_t *o)
{
	const char *text = member(rv, o, "text");

	return yaml_parse(
	    rv->v->arena, member(rv, o, "file"), text, strlen(text), rv->report);
}

static void
read_forms(struct reviving *rv, json_t *forms, struct playbook *p)
{
	const char *store;
	json_t *name;

	p->forms =
	    arena_array(rv->v->arena, struct store_form, MAX(1, json_object_size(forms)));
	json_object_foreach(forms, store, name) p->forms[p->n_forms++] =
	    (struct store_form){ arena_strdup(rv->v->arena, store),
		    member(rv, forms, store) };
}

static void
read_playbook(struct reviving *rv, const json_t *bundle)
{
	const json_t *list = json_object_get(bundle, "list"), *id;
	const json_t *of = json_object_get(bundle, "common");
	struct yaml *root = read_yaml(rv, json_object_get(bundle, "playbook"));
	const struct yaml *common = of == NULL ? NULL : read_yaml(rv, of);
	struct playbook *p;
	size_t i;

	if (root == NULL || (of != NULL && common == NULL))
		return;
	if (common != NULL)
		root = extends_over(rv->v->arena, common, root, rv->report);
	p = playbook_read(rv->v->arena, root, rv->report);
	link_playbook(p, rv->templates, true, rv->report);
	read_forms(rv, json_object_get(bundle, "forms"), p);
	if (p->start.list_file != NULL)
		p->start.list =
		    arena_array(rv->v->arena, const char *, json_array_size(list) + 1);
	json_array_foreach(list, i, id)
	{
		if (p->start.list != NULL && json_is_string(id))
			p->start.list[i] =
			    arena_strdup(rv->v->arena, json_string_value(id));
	}
	rv->v->playbook = p;
}

static struct version *
version_new(const char *bundle, size_t len)
{
	struct version *v = g_new0(struct version, 1);

	v->arena = arena_new();
	v->partials = g_hash_table_new(g_str_hash, g_str_equal);
	v->bundle = arena_strndup(v->arena, bundle, len);
	v->bundle_len = len;
	return v;
}

struct version *
version_load(const char *bundle, size_t len, struct err *e)
{
	struct reviving rv = { version_new(bundle, len), report_new(),
		g_hash_table_new(g_str_hash, g_str_equal) };
	struct err first = { .kind = ERR_NONE };
	json_t *root = json_loadb(bundle, len, JSON_REJECT_DUPLICATES, NULL);
	struct version *v = rv.v;

	if (root == NULL) {
		broken(&rv, "content");
	} else {
		read_partials(&rv, json_object_get(root, "partials"));
		read_templates(&rv, json_object_get(root, "templates"));
		read_playbook(&rv, root);
		bundle_hash(root, v->hash);
	}
	if (rv.report->errors > 0) {
		report_first(rv.report, &first);
		/* The place is of a text in the database; its file says enough. */
		first.at.file = first.at.file == NULL ? NULL : source_name(first.at.file);
		err_at(e, first.at, "this version cannot be read: %s", first.text);
		version_free(v);
		v = NULL;
	}
	json_decref(root);
	g_hash_table_destroy(rv.templates);
	report_free(rv.report);
	return v;
}

void
version_free(struct version *v)
{
	if (v == NULL)
		return;
	g_hash_table_destroy(v->partials);
	arena_free(v->arena);
	g_free(v);
}
