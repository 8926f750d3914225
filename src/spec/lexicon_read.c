/* lexicon_read.c - lexicon.yaml: words that services do not take, as they publish it. */
#include <string.h>

#include "copy_rule.h"
#include "read.h"
#include "spec/schema.h"

static const char *const level_names[] = { "off", "warning", "error", NULL };

/* "send it by wecom, push or phone instead" */
static const char *
instead_of(struct arena *a, unsigned channels)
{
	const char *list = "";
	int last = -1;

	for (int i = 0; i < CHANNELS; i++)
		last = channels & BIT(i) ? i : last;
	for (int i = 0; i < CHANNELS; i++)
		if (channels & BIT(i))
			list = *list == '\0'
				   ? channel_name(i)
				   : arena_printf(a, "%s%s%s", list,
					 i == last ? " or " : ", ", channel_name(i));
	return last < 0 ? "" : arena_printf(a, "send it by %s instead", list);
}

static void
needed(const struct yaml *y, const char *key, const char *hint, const char *value,
    struct report *r)
{
	if (*value == '\0' && yaml_get(y, key) == NULL)
		schema_missing(y, key, hint, r);
}

static void
rule_read(struct arena *a, const struct yaml *y, struct copy_rules *all, struct report *r)
{
	struct copy_rule *rule = &all->items[all->n];
	const struct yaml *id = yaml_get(y, "id"), *words = yaml_get(y, "words"),
			  *providers = yaml_get(y, "providers");
	unsigned use = 0;
	int level, n;

	*rule = (struct copy_rule){ .at = y->at,
		.level = COPY_ERROR,
		.why = "",
		.source = "",
		.channels = BIT(CHANNEL_SMS),
		.categories = BIT(CATEGORIES) - 1 };
	if (!schema_check(y, &schema_lexicon_rule, r))
		return;
	if (id == NULL) {
		schema_missing(y, "id", "write id: NAME", r);
		return;
	}
	if (!word_read(id, "a rule", false, &rule->id, r))
		return;
	for (int i = 0; i < all->n; i++)
		if (strcmp(all->items[i].id, rule->id) == 0)
			report_add(r, SEV_ERROR, id->at, "duplicate-id",
			    "choose another name", "two rules are called \"%s\"",
			    rule->id);
	if (yaml_enum(yaml_get(y, "level"), level_names, &level, r))
		rule->level = (enum copy_level)level;
	if (words == NULL)
		schema_missing(y, "words", "write words: [...]", r);
	if (words == NULL || !yaml_strings(a, words, &rule->words, &n, r))
		return;
	copy_fold_words(a, rule);
	if (yaml_get(y, "allow") != NULL)
		yaml_strings(a, yaml_get(y, "allow"), &rule->allow, &n, r);
	if (providers != NULL && yaml_strings(a, providers, &rule->providers, &n, r))
		rule->providers_at = providers->at;
	yaml_str(yaml_get(y, "why"), &rule->why, r);
	yaml_str(yaml_get(y, "source"), &rule->source, r);
	needed(y, "why", "write why: what is wrong with these words", rule->why, r);
	needed(y, "source", "write source: where this is written, and when", rule->source,
	    r);
	word_set(yaml_get(y, "use"), channel_names, &use, r);
	rule->instead = instead_of(a, use);
	word_set(yaml_get(y, "channels"), channel_names, &rule->channels, r);
	word_set(yaml_get(y, "categories"), category_names, &rule->categories, r);
	all->n++;
}

void
lexicon_read(
    struct arena *a, const struct yaml *root, struct copy_rules *out, struct report *r)
{
	const struct yaml *list;

	*out = (struct copy_rules){ .file = root->at.file };
	if (!schema_check(root, &schema_lexicon, r))
		return;
	list = yaml_get(root, "lexicon");
	if (list == NULL || list->kind != YAML_LIST) {
		report_add(r, SEV_ERROR, root->at, "type",
		    "write lexicon: and a list of rules",
		    "\"lexicon\" is a list of rules");
		return;
	}
	out->items = arena_array(a, struct copy_rule, list->n + 1);
	for (int i = 0; i < list->n; i++)
		rule_read(a, list->items[i], out, r);
}
