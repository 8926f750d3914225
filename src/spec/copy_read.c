/* copy_read.c - copy.yaml: the house's rules of copy. */
#include <string.h>

#include "copy_rule.h"
#include "read.h"
#include "spec/schema.h"

static const char *const level_names[] = { "off", "warning", "error", NULL };

/* A word that the list of exceptions never lets through is no exception. */
static void
allow_check(const struct yaml *y, const struct copy_rule *rule, struct report *r)
{
	for (int i = 0;
	     rule->words != NULL && rule->allow != NULL && rule->allow[i] != NULL; i++) {
		bool any = false;

		for (int k = 0; rule->words[k] != NULL; k++)
			any = any || strstr(rule->allow[i], rule->words[k]) != NULL;
		if (!any)
			report_add(r, SEV_WARNING, y->at, "copy", "delete it",
			    "\"%s\" contains none of the rule's words: it excuses "
			    "nothing",
			    rule->allow[i]);
	}
}

static void
words_read(
    struct arena *a, const struct yaml *y, struct copy_rule *rule, struct report *r)
{
	const struct yaml *words = yaml_get(y, "words"), *allow = yaml_get(y, "allow");
	int n = 0;

	if (allow != NULL)
		yaml_strings(a, allow, &rule->allow, &n, r);
	if (allow != NULL && rule->shape != NULL && !rule->shape->takes_allow)
		report_add(r, SEV_ERROR, allow->at, "copy",
		    "excuse a text in its front matter: allow: { RULE: REASON }",
		    "\"%s\" looks at a text as a whole: no phrase is an exception",
		    rule->id);
	if (words == NULL) {
		if (rule->shape == NULL)
			report_add(r, SEV_ERROR, y->at, "missing",
			    "write words: [..], or the id of a built-in rule (reachd "
			    "help copy)",
			    "\"%s\" has no words and is not a built-in rule", rule->id);
		return;
	}
	if (rule->shape != NULL) {
		report_add(r, SEV_ERROR, words->at, "copy",
		    "choose another id for the words",
		    "\"%s\" is a built-in rule and takes no words", rule->id);
		return;
	}
	if (yaml_strings(a, words, &rule->words, &n, r) && n == 0)
		report_add(r, SEV_ERROR, words->at, "type", "", "the list is empty");
	copy_fold_words(a, rule);
	if (allow != NULL)
		allow_check(allow, rule, r);
}

static void
rule_read(struct arena *a, const struct yaml *y, struct copy_rules *all, struct report *r)
{
	struct copy_rule *rule = &all->items[all->n];
	const struct yaml *id = yaml_get(y, "id");
	int level;

	*rule = (struct copy_rule){ .at = y->at,
		.level = COPY_WARNING,
		.why = "",
		.instead = "",
		.channels = BIT(CHANNELS) - 1,
		.categories = BIT(CATEGORIES) - 1 };
	if (!schema_check(y, &schema_copy_rule, r))
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
	rule->shape = copy_shape_named(rule->id);
	if (rule->shape != NULL) {
		rule->level = rule->shape->level;
		rule->categories = rule->shape->categories;
		rule->why = rule->shape->why;
		rule->instead = rule->shape->instead;
	}
	if (yaml_enum(yaml_get(y, "level"), level_names, &level, r))
		rule->level = (enum copy_level)level;
	words_read(a, y, rule, r);
	yaml_str(yaml_get(y, "why"), &rule->why, r);
	yaml_str(yaml_get(y, "instead"), &rule->instead, r);
	word_set(yaml_get(y, "channels"), channel_names, &rule->channels, r);
	word_set(yaml_get(y, "categories"), category_names, &rule->categories, r);
	if (*rule->why == '\0' && rule->shape == NULL)
		schema_missing(y, "why", "write why: what is wrong with these words", r);
	all->n++;
}

/* Shapes that the file does not name hold as they are. */
static void
add_shapes(struct copy_rules *all)
{
	for (const struct copy_shape *s = copy_shapes; s->id != NULL; s++) {
		bool named = false;

		for (int i = 0; i < all->n; i++)
			named = named || all->items[i].shape == s;
		if (!named)
			all->items[all->n++] = (struct copy_rule){ .id = s->id,
				.level = s->level,
				.shape = s,
				.why = s->why,
				.instead = s->instead,
				.channels = BIT(CHANNELS) - 1,
				.categories = s->categories };
	}
}

void
copy_read(
    struct arena *a, const struct yaml *root, struct copy_rules *out, struct report *r)
{
	const struct yaml *list;
	int shapes = 0;

	*out = (struct copy_rules){ .file = root->at.file };
	if (!schema_check(root, &schema_copy, r))
		return;
	while (copy_shapes[shapes].id != NULL)
		shapes++;
	list = yaml_get(root, "copy");
	if (list == NULL || list->kind != YAML_LIST) {
		report_add(r, SEV_ERROR, root->at, "type",
		    "write copy: and a list of rules", "\"copy\" is a list of rules");
		return;
	}
	out->items = arena_array(a, struct copy_rule, list->n + shapes);
	for (int i = 0; i < list->n; i++)
		rule_read(a, list->items[i], out, r);
	add_shapes(out);
}
