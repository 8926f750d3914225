/* set_kind.c - what a file of a set is, by its name and folder, else by its keys. */
#include <string.h>

#include "set.h"
#include "spec/yaml.h"

static bool
lies_in(const char *path, const char *dir)
{
	char *parent = g_path_get_dirname(path), *name = g_path_get_basename(parent);
	bool yes = strcmp(name, dir) == 0;

	g_free(name);
	g_free(parent);
	return yes;
}

static bool
is_called(const char *path, const char *name)
{
	char *base = g_path_get_basename(path);
	bool yes = strcmp(base, name) == 0;

	g_free(base);
	return yes;
}

static bool
has_key(const struct yaml *root, const char *const *keys)
{
	int i;

	for (i = 0; root->kind == YAML_MAP && i < root->n; i++) {
		if (g_strv_contains(keys, root->keys[i]->text))
			return true;
	}
	return false;
}

/* By name and folder; a file that lies elsewhere by what is in it. */
enum set_kind
set_kind_of(const char *path, const struct yaml *root)
{
	static const char *const playbook[] = { "playbook", "steps", NULL };
	static const char *const policy[] = { "quiet", "tiers", "keywords", NULL };
	static const char *const config[] = { "entity", "providers", "listen", NULL };
	static const char *const stores[] = { "stores", NULL };
	static const char *const copy[] = { "copy", NULL };
	static const char *const lexicon[] = { "lexicon", NULL };
	static const char *const lifecycle[] = { "stages", "signs", "warnings", NULL };
	static const char *const offers[] = { "offers", NULL };
	static const char *const calendar[] = { "covers", "closed", "holidays", NULL };

	if (is_called(path, "reachd.yaml"))
		return KIND_CONFIG;
	if (is_called(path, "policy.yaml"))
		return KIND_POLICY;
	if (is_called(path, "stores.yaml"))
		return KIND_STORES;
	if (is_called(path, "copy.yaml"))
		return KIND_COPY;
	if (is_called(path, "lexicon.yaml"))
		return KIND_LEXICON;
	if (is_called(path, "offers.yaml"))
		return KIND_OFFERS;
	if (is_called(path, "lifecycle.yaml"))
		return KIND_LIFECYCLE;
	if (lies_in(path, "calendars"))
		return KIND_CALENDAR;
	if (lies_in(path, "playbooks") || has_key(root, playbook))
		return KIND_PLAYBOOK;
	if (is_called(path, "segments.yaml"))
		return KIND_SEGMENTS;
	if (has_key(root, lifecycle))
		return KIND_LIFECYCLE;
	if (has_key(root, policy))
		return KIND_POLICY;
	if (has_key(root, config))
		return KIND_CONFIG;
	if (has_key(root, calendar))
		return KIND_CALENDAR;
	if (has_key(root, copy))
		return KIND_COPY;
	if (has_key(root, lexicon))
		return KIND_LEXICON;
	if (has_key(root, offers))
		return KIND_OFFERS;
	return has_key(root, stores) ? KIND_STORES : KIND_PLAYBOOK;
}
