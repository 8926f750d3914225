/* alone.c - a playbook that nobody keeps in a file, with the one text it sends. */
#include <string.h>

#include <jansson.h>

#include "base/check.h"
#include "spec/catalog.h"
#include "spec/liquid.h"

struct gathering {
	const struct catalog *c;
	GHashTable *names; /* of partials taken */
};

static void
on_partial(void *arg, const char *name, struct pos at)
{
	struct gathering *g = arg;
	const struct liquid *l = g_hash_table_lookup(g->c->partials, name);

	(void)at;
	if (l != NULL && g_hash_table_add(g->names, g_strdup(name)))
		liquid_partials(l, on_partial, g);
}

static json_t *
partials_of(const struct catalog *c, const struct template *t)
{
	const struct liquid *texts[] = { t->body, t->subject, t->text };
	struct gathering g = { c,
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL) };
	json_t *list = json_array();
	GList *names;

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (texts[i] != NULL)
			liquid_partials(texts[i], on_partial, &g);
	if (t->layout != NULL)
		on_partial(&g, t->layout, t->at);
	names = g_list_sort(g_hash_table_get_keys(g.names), (GCompareFunc)strcmp);
	for (GList *l = names; l != NULL; l = l->next)
		json_array_append_new(
		    list, json_pack("{ss ss ss}", "name", l->data, "file", l->data,
			      "text", g_hash_table_lookup(c->partial_texts, l->data)));
	g_list_free(names);
	g_hash_table_unref(g.names);
	return list;
}

char *
catalog_alone(const struct catalog *c, const char *name, const char *playbook,
    const struct template *t)
{
	json_t *bundle = json_pack("{s{ss ss} s[{ss ss ss ss}] so s[]}", "playbook",
	    "file", name, "text", playbook, "templates", "name", t->name, "channel",
	    channel_name((int)t->channel), "file", t->file, "text", t->source, "partials",
	    partials_of(c, t), "list");
	char *dump, *text;

	CHECK(bundle != NULL);
	dump = json_dumps(bundle, JSON_COMPACT | JSON_SORT_KEYS);
	text = g_strdup(dump);
	free(dump);
	json_decref(bundle);
	return text;
}
