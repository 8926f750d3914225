#include "spec/single.h"

#include <string.h>

#include "read.h"
#include "set.h"
#include "source.h"

#define LIQUID_MAX (256 << 10)

static struct yaml *
read_yaml(struct arena *a, const char *path, struct report *r)
{
	size_t len;
	char *text =
	    source_read(a, path, YAML_SIZE_MAX, (struct pos){ NULL, 1, 1 }, &len, r);

	return text == NULL ? NULL : yaml_parse(a, path, text, len, r);
}

static void
add_calendars(struct arena *a, const char *dir, struct policy *p, struct report *r)
{
	const char *paths[] = { dir, NULL };
	struct tree *tree = tree_collect(paths, r);
	struct set *s = set_read(a, tree, NULL, NULL, r);

	p->n_calendars = (int)s->calendars->len;
	p->calendars = arena_array(a, struct calendar, p->n_calendars + 1);
	for (int i = 0; i < p->n_calendars; i++)
		p->calendars[i] = g_array_index(s->calendars, struct calendar, i);
	set_free(s);
	tree_free(tree);
}

struct policy *
single_policy(struct arena *a, const char *path, struct report *r)
{
	struct yaml *root = read_yaml(a, path, r);
	struct policy *p = arena_new_of(a, struct policy);
	char *parent = g_path_get_dirname(path),
	     *dir = g_build_filename(parent, "calendars", NULL);

	if (root != NULL)
		policy_read(a, root, p, r);
	if (root != NULL && g_file_test(dir, G_FILE_TEST_IS_DIR))
		add_calendars(a, dir, p, r);
	g_free(dir);
	g_free(parent);
	return r->errors == 0 ? p : NULL;
}

struct config *
single_config(struct arena *a, const char *path, struct report *r)
{
	struct yaml *root = read_yaml(a, path, r);
	struct config *c = root == NULL ? NULL : config_read(a, root, r);

	return r->errors == 0 ? c : NULL;
}

struct config *
single_config_secrets(struct arena *a, const char *path, struct report *r)
{
	struct config *c = single_config_anyway(a, path, r, r);

	return r->errors == 0 ? c : NULL;
}

struct config *
single_config_anyway(
    struct arena *a, const char *path, struct report *r, struct report *secrets)
{
	struct config *c = single_config(a, path, r);

	if (c != NULL)
		credential_load(a, c, false, secrets);
	return c;
}

/* The channel whose folder the file lies in, or -1. */
static int
folder_channel(const char *path)
{
	char **parts = g_strsplit(path, "/", -1);
	int found = -1;

	for (int i = 0; parts[i] != NULL && parts[i + 1] != NULL; i++)
		if (channel_find(parts[i]) >= 0)
			found = channel_find(parts[i]);
	g_strfreev(parts);
	return found;
}

/* What `channel:` says in the front matter; its own reader judges the rest. */
static int
stated_channel(const char *text)
{
	char **lines = g_strsplit(text, "\n", 64);
	int found = CHANNEL_SMS;

	for (int i = 1; lines[0] != NULL && lines[i] != NULL; i++) {
		if (g_str_has_prefix(lines[i], "---"))
			break;
		if (!g_str_has_prefix(lines[i], "channel:"))
			continue;
		char *word = g_strstrip(lines[i] + strlen("channel:"));
		word[strcspn(word, " \t#")] = '\0';
		found = channel_find(word) >= 0 ? channel_find(word) : found;
	}
	g_strfreev(lines);
	return found;
}

static struct template *
bare_template(struct arena *a, const char *path, const char *text, size_t len,
    int channel, struct report *r)
{
	struct template *t = arena_new_of(a, struct template);
	struct pos at = { source_name(path), 1, 1 };

	t->name = t->title = t->subject_text = "";
	t->file = at.file;
	t->at = at;
	t->channel = (enum channel)channel;
	t->source = text;
	t->body = liquid_parse(a, text, len, at, r);
	return t;
}

struct template *
single_template(struct arena *a, const char *path, bool *bare, struct report *r)
{
	size_t len;
	char *text =
	    source_read(a, path, LIQUID_MAX, (struct pos){ NULL, 1, 1 }, &len, r);
	struct template *t;
	int channel;

	if (text == NULL)
		return NULL;
	channel = folder_channel(path);
	*bare = !g_str_has_prefix(text, "---\n") && !g_str_has_prefix(text, "---\r\n");
	if (*bare)
		t = bare_template(
		    a, path, text, len, channel >= 0 ? channel : CHANNEL_SMS, r);
	else
		t = template_read(a, path, path,
		    channel >= 0 ? channel : stated_channel(text), text, len, r);
	return r->errors == 0 ? t : NULL;
}

const struct liquid *
single_partial(struct arena *a, const char *dir, const char *name, struct report *r)
{
	const struct liquid *l = NULL;
	char *file = g_strconcat(name, ".liquid", NULL);
	char *path = g_build_filename(dir, file, NULL), *text;
	size_t len;

	if (strstr(name, "..") == NULL && g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
		text =
		    source_read(a, path, LIQUID_MAX, (struct pos){ NULL, 1, 1 }, &len, r);
		while (text != NULL && len > 0 &&
		       (text[len - 1] == '\n' || text[len - 1] == '\r'))
			len--;
		if (text != NULL)
			l = liquid_parse(
			    a, text, len, (struct pos){ source_name(path), 1, 1 }, r);
	}
	g_free(path);
	g_free(file);
	return l;
}
