/* bundle.c - a playbook and the texts it names as one JSON document, and its hash. */
#include <string.h>

#include <jansson.h>

#include "base/check.h"
#include "base/text.h"
#include "set.h"

struct bundling {
	const struct set *set;
	GHashTable *partials; /* names taken so far; values from the set */
};

static void
on_partial(void *arg, const char *name, struct pos at)
{
	struct bundling *b = arg;
	struct set_partial *p = g_hash_table_lookup(b->set->partials, name);

	(void)at;
	if (p == NULL || !g_hash_table_insert(b->partials, (char *)p->name, p))
		return;
	if (p->liquid != NULL)
		liquid_partials(p->liquid, on_partial, b);
}

static void
collect(struct bundling *b, const struct template *t)
{
	const struct liquid *texts[] = { t->body, t->subject, t->text };
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(texts); i++) {
		if (texts[i] != NULL)
			liquid_partials(texts[i], on_partial, b);
	}
	if (t->layout != NULL)
		on_partial(b, t->layout, t->at);
}

static json_t *
text_object(const char *name, const char *file, const char *text)
{
	json_t *o = json_pack("{s:s, s:s}", "file", file, "text", text);

	CHECK(o != NULL);
	if (name != NULL)
		json_object_set_new(o, "name", json_string(name));
	return o;
}

static json_t *
templates_json(GHashTable *templates)
{
	GPtrArray *names = text_keys(templates);
	json_t *list = json_array(), *o;
	guint i;

	for (i = 0; i < names->len; i++) {
		const struct template *t =
		    g_hash_table_lookup(templates, names->pdata[i]);

		o = text_object(t->name, t->file, t->source);
		json_object_set_new(
		    o, "channel", json_string(channel_name((int)t->channel)));
		json_array_append_new(list, o);
	}
	g_ptr_array_free(names, TRUE);
	return list;
}

static json_t *
partials_json(GHashTable *partials)
{
	GPtrArray *names = text_keys(partials);
	json_t *list = json_array();
	guint i;

	for (i = 0; i < names->len; i++) {
		const struct set_partial *p =
		    g_hash_table_lookup(partials, names->pdata[i]);

		json_array_append_new(list, text_object(p->name, p->file, p->text));
	}
	g_ptr_array_free(names, TRUE);
	return list;
}

static void
drop_files(json_t *list)
{
	json_t *o;
	size_t i;

	json_array_foreach(list, i, o) json_object_del(o, "file");
}

void
bundle_hash(const json_t *bundle, char hash[65])
{
	json_t *copy = json_deep_copy(bundle);
	char *text, *hex;

	json_object_del(json_object_get(copy, "playbook"), "file");
	json_object_del(json_object_get(copy, "common"), "file");
	drop_files(json_object_get(copy, "templates"));
	drop_files(json_object_get(copy, "partials"));
	text = json_dumps(copy, JSON_COMPACT | JSON_SORT_KEYS);
	CHECK(text != NULL);
	hex = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
	g_strlcpy(hash, hex, 65);
	g_free(hex);
	free(text);
	json_decref(copy);
}

char *
bundle_write(const struct set *s, const struct set_playbook *one)
{
	const struct playbook *p = one->playbook;
	const struct step *step;
	GHashTable *templates = g_hash_table_new(g_str_hash, g_str_equal);
	struct bundling b = { s, g_hash_table_new(g_str_hash, g_str_equal) };
	json_t *bundle, *list = json_array(), *forms = json_object();
	char *dump, *text;
	int i, k;

	for (i = 0; (step = playbook_sender(p, i)) != NULL; i++) {
		for (k = 0; k < step->n_sends; k++) {
			const struct template *t = step->templates[k];

			CHECK(t != NULL);
			if (g_hash_table_insert(templates, (char *)t->name, (void *)t))
				collect(&b, t);
		}
	}
	for (i = 0; i < p->n_tasks; i++) {
		const struct template *t = p->tasks[i]->template_;

		if (t != NULL &&
		    g_hash_table_insert(templates, (char *)t->name, (void *)t))
			collect(&b, t);
	}
	for (i = 0; i < p->n_forms; i++)
		json_object_set_new(
		    forms, p->forms[i].store, json_string(p->forms[i].playbook));
	for (i = 0; p->start.list != NULL && p->start.list[i] != NULL; i++)
		json_array_append_new(list, json_string(p->start.list[i]));
	bundle = json_pack("{s:o, s:o, s:o, s:o}", "playbook",
	    text_object(NULL, one->file, one->text), "templates",
	    templates_json(templates), "partials", partials_json(b.partials), "list",
	    list);
	CHECK(bundle != NULL);
	if (one->common != NULL)
		json_object_set_new(bundle, "common",
		    text_object(NULL, one->common->file, one->common->text));
	if (p->n_forms > 0)
		json_object_set(bundle, "forms", forms);
	json_decref(forms);
	dump = json_dumps(bundle, JSON_COMPACT | JSON_SORT_KEYS);
	CHECK(dump != NULL);
	text = g_strdup(dump);
	free(dump);
	json_decref(bundle);
	g_hash_table_destroy(templates);
	g_hash_table_destroy(b.partials);
	return text;
}
