/* set.c - reading every file of a set, each by what it is. */
#include "set.h"

#include <string.h>

#include "read.h"
#include "source.h"
#include "spec/catalog.h"

#define LIQUID_MAX (256 << 10)

static void
second(const struct yaml *root, const char *what, const char *first, struct report *r)
{
	report_add(r, SEV_ERROR, root->at, "duplicate", "keep one of them",
	    "a second %s in one set, the first is %s", what, first);
}

static char *
base_name(struct arena *a, const char *path)
{
	char *base = g_path_get_basename(path), *dot = strrchr(base, '.'), *name;

	if (dot != NULL)
		*dot = '\0';
	name = arena_strdup(a, base);
	g_free(base);
	return name;
}

/* Whoever is named to take part does so, as a draft too. */
static bool
made_live(struct set *s, char **text, size_t *len)
{
	const char *line = strstr(*text, "\nstatus: draft");
	size_t before;

	if (line == NULL && strstr(*text, "\nstatus:") != NULL)
		return false;
	before = line == NULL ? *len : (size_t)(line - *text) + 1;
	*text = arena_printf(s->arena, "%.*s%sstatus: live%s", (int)before, *text,
	    line == NULL ? "\n" : "",
	    line == NULL ? "\n" : *text + before + strlen("status: draft"));
	*len = strlen(*text);
	return true;
}

static bool
takes_part(const struct set *s, const struct tree_file *f, const struct yaml *root)
{
	const struct yaml *name = yaml_get(root, "playbook");

	return s->partakers == NULL || f->change != NULL ||
	       (name != NULL && name->kind == YAML_SCALAR &&
		   g_strv_contains(s->partakers, name->text));
}

static void
sum_up(struct set *s, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		s->rules_sum = (s->rules_sum ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
}

/* config/…, templates/…: its place in any set. */
static const char *
place_of(struct set *s, const struct tree_file *f)
{
	size_t n = strlen(f->root);
	bool config = !g_str_has_suffix(f->path, ".liquid");

	if (n == 0 || strncmp(f->path, f->root, n) != 0 || f->path[n] != '/')
		return arena_strdup(s->arena, f->path);
	/* Templates may lie inside the configuration. */
	return arena_printf(s->arena, "%s%s",
	    config						  ? "config/"
	    : g_str_has_prefix(f->path + n + 1, "templates/") ? ""
							      : "templates/",
	    f->path + n + 1);
}

/* The text of a file, wherever it is. */
static char *
text_of(struct set *s, const struct tree_file *f, size_t max, size_t *len)
{
	struct set_text *kept = arena_new_of(s->arena, struct set_text);
	char *text;

	if (f->change == NULL) {
		text = source_read(
		    s->arena, f->path, max, (struct pos){ NULL, 1, 1 }, len, s->report);
	} else {
		*len = f->change->len;
		text = arena_strndup(s->arena, f->change->text, *len);
	}
	if (text == NULL)
		return NULL;
	*kept = (struct set_text){ place_of(s, f),
		f->change == NULL ? arena_strdup(s->arena, f->path) : NULL,
		text, *len };
	g_ptr_array_add(s->texts, kept);
	return text;
}

static const char *
shown(const struct tree_file *f)
{
	return f->change != NULL ? f->change->shown : f->path;
}

/* Keys of one mapping take the places of the other's. */
static void
merge(struct arena *a, struct yaml *into, const struct yaml *from)
{
	int n = into->n + from->n;
	struct yaml **keys = arena_array(a, struct yaml *, n),
		    **items = arena_array(a, struct yaml *, n);

	n = 0;
	for (int i = 0; i < into->n; i++) {
		if (yaml_get(from, into->keys[i]->text) != NULL)
			continue;
		keys[n] = into->keys[i];
		items[n++] = into->items[i];
	}
	for (int i = 0; i < from->n; i++, n++) {
		keys[n] = from->keys[i];
		items[n] = from->items[i];
	}
	into->keys = keys;
	into->items = items;
	into->n = n;
	into->read = arena_array(a, bool, n);
}

/* What is written, where it lies or in a change. */
static struct yaml *
parse(struct set *s, const struct tree_file *f, const char *text, size_t len)
{
	struct yaml *root = yaml_parse(s->arena, shown(f), text, len, s->report), *disk;
	const struct tree_file base = { .path = f->path, .root = f->root };

	if (root == NULL || root->kind != YAML_MAP || f->change == NULL ||
	    !f->change->keys || f->root[0] == '\0')
		return root;
	text = text_of(s, &base, YAML_SIZE_MAX, &len);
	disk = text == NULL ? NULL
			    : yaml_parse(s->arena, f->path, text, len, s->report);
	if (disk == NULL || disk->kind != YAML_MAP)
		return disk;
	merge(s->arena, disk, root);
	return disk;
}

static void
yaml_add(struct set *s, const struct tree_file *f)
{
	const char *path = f->path;
	size_t len;
	char *text = text_of(s, f, YAML_SIZE_MAX, &len);
	struct yaml *root = text == NULL ? NULL : parse(s, f, text, len);
	struct calendar calendar = { 0 };

	if (root == NULL)
		return;
	if (s->partakers != NULL && f->change == NULL &&
	    set_kind_of(path, root) == KIND_PLAYBOOK && takes_part(s, f, root) &&
	    made_live(s, &text, &len))
		root = yaml_parse(s->arena, path, text, len, s->report);
	switch (set_kind_of(path, root)) {
	case KIND_CONFIG:
		if (s->config != NULL)
			second(root, "configuration", s->config->file, s->report);
		else
			s->config = config_read(s->arena, root, s->report);
		return;
	case KIND_POLICY:
		if (s->policy != NULL) {
			second(root, "policy", s->policy->file, s->report);
			return;
		}
		sum_up(s, text, len);
		s->policy = arena_new_of(s->arena, struct policy);
		policy_read(s->arena, root, s->policy, s->report);
		return;
	case KIND_CALENDAR:
		calendar_read(
		    s->arena, base_name(s->arena, path), root, &calendar, s->report);
		g_array_append_val(s->calendars, calendar);
		return;
	case KIND_STORES:
		if (s->stores_file != NULL) {
			second(root, "list of stores", s->stores_file, s->report);
			return;
		}
		s->stores_file = root->at.file;
		stores_read(s->arena, root, &s->stores, s->report);
		return;
	case KIND_COPY:
		if (s->copy.file != NULL)
			second(root, "list of rules of copy", s->copy.file, s->report);
		else
			copy_read(s->arena, root, &s->copy, s->report);
		return;
	case KIND_LEXICON:
		if (s->lexicon.file != NULL)
			second(root, "lexicon", s->lexicon.file, s->report);
		else
			lexicon_read(s->arena, root, &s->lexicon, s->report);
		return;
	case KIND_PLAYBOOK:
		playbook_found(s, root, text, takes_part(s, f, root));
		return;
	case KIND_SEGMENTS:
		if (s->audiences_file != NULL)
			second(root, "file of segments", s->audiences_file, s->report);
		else
			audiences_read(s, root);
		return;
	case KIND_LIFECYCLE:
		sum_up(s, text, len);
		if (s->lifecycle != NULL)
			second(root, "lifecycle", s->lifecycle->file, s->report);
		else
			s->lifecycle = lifecycle_read(s->arena, root, s->report);
		return;
	case KIND_OFFERS:
		if (s->offers != NULL)
			second(root, "catalogue of offers", s->offers->file, s->report);
		else
			s->offers = offers_read(s->arena, root, s->report);
		return;
	}
}

/* ---- templates ---- */

#define PARTIALS CHANNELS      /* the folders beside those of the channels */
#define CONSOLE (CHANNELS + 1) /* pages for staff: not messages */

static int
folder(const char *part)
{
	if (strcmp(part, "partials") == 0)
		return PARTIALS;
	if (strcmp(part, "console") == 0)
		return CONSOLE;
	return channel_find(part);
}

static guint
parts_in(const char *path)
{
	char **parts = g_strsplit(path, "/", -1);
	guint n = path[0] == '\0' ? 0 : g_strv_length(parts);

	g_strfreev(parts);
	return n;
}

/* The part of the path that is a channel's folder: the one below "templates", else
 * the first below the directory given, else the last of all. -1: none. */
static int
folder_at(char **parts, const char *root)
{
	int n = (int)g_strv_length(parts) - 1, below = (int)parts_in(root), i;

	for (i = n - 1; i >= 0; i--) {
		if (strcmp(parts[i], "templates") == 0)
			return i + 1 < n ? i + 1 : -1;
	}
	for (i = below; i < n; i++) {
		if (folder(parts[i]) >= 0)
			return i;
	}
	for (i = n - 1; i >= 0; i--) {
		if (folder(parts[i]) >= 0)
			return i;
	}
	return -1;
}

static void
partial_add(
    struct set *s, const char *path, const char *name, const char *text, size_t len)
{
	struct set_partial *p = arena_new_of(s->arena, struct set_partial);
	size_t n = len;

	while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
		n--;
	p->name = arena_strdup(s->arena, name);
	p->file = source_name(path);
	p->text = text;
	p->liquid =
	    liquid_parse(s->arena, text, n, (struct pos){ p->file, 1, 1 }, s->report);
	g_hash_table_insert(s->partials, (char *)p->name, p);
}

static void
template_add(struct set *s, const char *path, const char *name, int channel,
    const char *text, size_t len)
{
	struct template *t =
	    template_read(s->arena, path, name, channel, text, len, s->report);
	const struct template *other = g_hash_table_lookup(s->templates, name);

	if (t == NULL) {
		s->sure = false;
		return;
	}
	if (!word_fits(name, true))
		report_add(s->report, SEV_ERROR, t->at, "name",
		    "use letters, digits, \"-\" and \"_\", at most 64, no spaces",
		    "no step can send a template called \"%s\"", name);
	if (other != NULL)
		report_add(s->report, SEV_ERROR, t->at, "duplicate-id",
		    "rename one of the files",
		    "two templates are called \"%s\", the other is %s", name,
		    other->file);
	else
		g_hash_table_insert(s->templates, (char *)t->name, t);
}

static void
liquid_add(struct set *s, const struct tree_file *f)
{
	char **parts = g_strsplit(f->path, "/", -1), *name;
	struct pos at = { source_name(shown(f)), 1, 1 };
	int where = folder_at(parts, f->root),
	    kind = where < 0 ? -1 : folder(parts[where]);
	size_t len;
	char *text;

	if (kind < 0) {
		report_add(s->report, SEV_ERROR, at, "template",
		    "put it below sms, wecom, email, push, phone or partials",
		    "the folder does not say which channel this template is for");
	} else if (kind != CONSOLE &&
		   (text = text_of(s, f, LIQUID_MAX, &len)) != NULL &&
		   source_check(shown(f), text, len, s->report)) {
		name = g_strjoinv("/", parts + where + 1);
		name[strlen(name) - strlen(".liquid")] = '\0';
		if (kind == PARTIALS)
			partial_add(s, shown(f), name, text, len);
		else
			template_add(s, shown(f), name, kind, text, len);
		g_free(name);
	} else if (kind != CONSOLE) {
		s->sure = false;
	}
	g_strfreev(parts);
}

static void
missing(const struct tree *tree, const char *name, struct report *r)
{
	char *path = g_build_filename(tree->whole, name, NULL);

	report_add(r, SEV_ERROR, (struct pos){ source_name(path), 0, 0 }, "missing",
	    "the set needs it", "the file is missing");
	g_free(path);
}

struct set *
set_read(struct arena *a, const struct tree *tree, const char *const *playbooks,
    const struct json_t *lists, struct report *r)
{
	struct set *s = g_new0(struct set, 1);
	guint i;

	s->arena = a;
	s->report = r;
	s->partakers = playbooks;
	s->lists = lists;
	s->texts = g_ptr_array_new();
	s->whole = tree->whole != NULL;
	s->n_files = (int)tree->files->len;
	s->sure = s->whole;
	for (i = 0; i < tree->files->len && !s->sure; i++) {
		const struct tree_file *f = tree->files->pdata[i];

		s->sure = f->root[0] != '\0' && g_str_has_suffix(f->path, ".liquid");
	}
	s->calendars = g_array_new(FALSE, TRUE, sizeof(struct calendar));
	s->playbooks = g_ptr_array_new();
	s->written = g_ptr_array_new();
	s->templates = g_hash_table_new(g_str_hash, g_str_equal);
	s->partials = g_hash_table_new(g_str_hash, g_str_equal);
	s->users = g_hash_table_new_full(
	    NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
	for (i = 0; i < tree->files->len; i++) {
		const struct tree_file *f = tree->files->pdata[i];

		if (g_str_has_suffix(f->path, ".liquid"))
			liquid_add(s, f);
		else
			yaml_add(s, f);
	}
	playbooks_close(s);
	if (s->config != NULL) {
		s->config->stores = s->stores;
		stores_check(&s->stores, s->config, r);
		people_check(s->config, r);
	}
	if (s->policy != NULL) {
		s->policy->n_calendars = (int)s->calendars->len;
		s->policy->calendars = arena_array(a, struct calendar, s->calendars->len);
		for (i = 0; i < s->calendars->len; i++)
			s->policy->calendars[i] =
			    g_array_index(s->calendars, struct calendar, i);
	} else if (s->whole) {
		missing(tree, "policy.yaml", r);
	}
	return s;
}

void
set_free(struct set *s)
{
	g_array_free(s->calendars, TRUE);
	g_ptr_array_free(s->playbooks, TRUE);
	g_ptr_array_free(s->written, TRUE);
	g_ptr_array_free(s->texts, TRUE);
	g_hash_table_unref(s->templates);
	g_hash_table_destroy(s->users);
	g_hash_table_destroy(s->partials);
	g_free(s);
}
