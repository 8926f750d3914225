/* scenario_set.c - which files a scenario plays with: a configuration on disk, and what
 * the scenario itself puts in their place. */
#include <string.h>

#include "scenario_read.h"
#include "spec/schema.h"

/* ---- text out of the scenario's own file ----
 *
 * It keeps its lines and columns: what is wrong in it is told of the scenario. */

static const char *
line_at(const char *text, int line)
{
	while (--line > 0)
		text = strchr(text, '\n') + 1;
	return text;
}

/* As many lines of nothing as stand above. */
static GString *
lines_above(int line)
{
	GString *out = g_string_new(NULL);

	while (--line > 0)
		g_string_append_c(out, '\n');
	return out;
}

static int
indent_of(const char *line)
{
	int n = (int)strspn(line, " ");

	return line[n] == '\n' || line[n] == '\r' || line[n] == '\0' || line[n] == '#'
		   ? -1
		   : n;
}

/* A mapping in block style with everything below it. */
static const char *
block_text(struct scenario_reading *rd, const struct yaml *y, size_t *len)
{
	const char *line = line_at(rd->text, y->at.line), *end;
	GString *out = lines_above(y->at.line);
	const char *kept;

	for (int i = 0; *line != '\0'; i++, line = end) {
		int indent = i == 0 ? y->at.col - 1 : indent_of(line);

		if (indent >= 0 && indent < y->at.col - 1)
			break;
		end = strchr(line, '\n');
		end = end == NULL ? line + strlen(line) : end + 1;
		/* "- playbook: x": the dash is the list's. */
		if (i == 0)
			for (int c = 1; c < y->at.col; c++)
				g_string_append_c(out, ' ');
		g_string_append_len(out, i == 0 ? line + y->at.col - 1 : line,
		    end - line - (i == 0 ? y->at.col - 1 : 0));
	}
	kept = arena_strndup(rd->arena, out->str, out->len);
	*len = out->len;
	g_string_free(out, TRUE);
	return kept;
}

/* YAML inside a `|` text. */
static const char *
nested_text(struct scenario_reading *rd, const struct yaml *y, size_t *len)
{
	GString *out = lines_above(y->text_at.line);
	char **lines = g_strsplit(y->text, "\n", -1);
	const char *kept;

	for (int i = 0; lines[i] != NULL; i++) {
		for (int c = 1; *lines[i] != '\0' && c < y->text_at.col; c++)
			g_string_append_c(out, ' ');
		g_string_append_printf(out, "%s\n", lines[i]);
	}
	kept = arena_strndup(rd->arena, out->str, out->len);
	*len = out->len;
	g_strfreev(lines);
	g_string_free(out, TRUE);
	return kept;
}

/* What is read as text is read. */
static void
all_read(const struct yaml *y)
{
	for (int i = 0; y->kind != YAML_SCALAR && i < y->n; i++) {
		if (y->kind == YAML_MAP)
			y->read[i] = true;
		all_read(y->items[i]);
	}
}

static bool
is_block(struct scenario_reading *rd, const struct yaml *y)
{
	const char *line = line_at(rd->text, y->at.line);

	if (y->kind == YAML_MAP && y->n > 0 &&
	    *g_utf8_offset_to_pointer(line, y->at.col - 1) != '{' &&
	    (int)strspn(line, " -") == y->at.col - 1) {
		all_read(y);
		return true;
	}
	report_add(rd->report, SEV_ERROR, y->at, "type",
	    "write it over several lines, one key a line, without { }",
	    "a whole file is expected here");
	return false;
}

/* ---- the parts ---- */

static struct catalog_file *
file_add(struct scenario_reading *rd, struct scenario_set *set, const char *path)
{
	struct catalog_file *all =
	    arena_array(rd->arena, struct catalog_file, set->n_files + 1);
	int i = 0;

	while (i < set->n_files && strcmp(set->files[i].path, path) != 0)
		i++;
	if (i < set->n_files)
		return &set->files[i];
	if (set->n_files > 0)
		memcpy(all, set->files, sizeof(*all) * (size_t)set->n_files);
	set->files = all;
	all[set->n_files].path = path;
	return &all[set->n_files++];
}

#define INLINE "config/playbooks/(inline)/"

static void
inline_playbook(
    struct scenario_reading *rd, const struct yaml *y, struct scenario_set *set)
{
	const struct yaml *name = yaml_get(y, "playbook");
	struct catalog_file *f;

	if (!is_block(rd, y))
		return;
	if (name == NULL || name->kind != YAML_SCALAR) {
		report_add(rd->report, SEV_ERROR, y->at, "missing",
		    "write playbook: NAME first", "the playbook has no name");
		return;
	}
	f = file_add(rd, set, arena_printf(rd->arena, INLINE "%s.yaml", name->text));
	f->shown = rd->scenario->file;
	f->text = block_text(rd, y, &f->len);
}

/* A new list leaves nothing of the one before. */
static void
drop_inline(struct scenario_set *set)
{
	int n = 0;

	for (int i = 0; i < set->n_files; i++)
		if (!g_str_has_prefix(set->files[i].path, INLINE))
			set->files[n++] = set->files[i];
	set->n_files = n;
}

/* Names of the configuration's, and whole ones. */
static void
playbooks_read(
    struct scenario_reading *rd, const struct yaml *y, struct scenario_set *set)
{
	int n = 0;

	drop_inline(set);
	if (y->kind != YAML_LIST) {
		report_add(rd->report, SEV_ERROR, y->at, "type",
		    "begin each with \"- \": a name, or a whole playbook",
		    "\"playbooks\" is a list");
		return;
	}
	set->playbooks = arena_array(rd->arena, const char *, y->n + 1);
	for (int i = 0; i < y->n; i++) {
		if (y->items[i]->kind != YAML_SCALAR)
			inline_playbook(rd, y->items[i], set);
		else if (yaml_str(y->items[i], &set->playbooks[n], rd->report))
			n++;
	}
}

static bool
path_fits(const char *path)
{
	return (g_str_has_prefix(path, "config/") ||
		   g_str_has_prefix(path, "templates/")) &&
	       strstr(path, "..") == NULL &&
	       (g_str_has_suffix(path, ".yaml") || g_str_has_suffix(path, ".liquid"));
}

static void
files_read(struct scenario_reading *rd, const struct yaml *y, struct scenario_set *set)
{
	for (int i = 0; y->kind == YAML_MAP && i < y->n; i++) {
		const struct yaml *key = y->keys[i], *text = y->items[i];
		struct catalog_file *f;
		const char *body;

		yaml_get(y, key->text);
		if (!path_fits(key->text)) {
			report_add(rd->report, SEV_ERROR, key->at, "path",
			    "write config/NAME.yaml or templates/CHANNEL/NAME.liquid",
			    "\"%.80s\" is no file of a set", key->text);
			continue;
		}
		if (!yaml_str(text, &body, rd->report))
			continue;
		f = file_add(rd, set, key->text);
		if (g_str_has_suffix(key->text, ".yaml") && text->block) {
			f->shown = rd->scenario->file;
			f->text = nested_text(rd, text, &f->len);
		} else {
			f->shown = arena_printf(
			    rd->arena, "%s#%s", rd->scenario->file, key->text);
			f->text = body;
			f->len = text->len;
		}
	}
	if (y->kind != YAML_MAP)
		report_add(rd->report, SEV_ERROR, y->at, "type",
		    "write PATH: | and the text below", "\"files\" is a mapping");
}

static void
policy_read_inline(
    struct scenario_reading *rd, const struct yaml *y, struct scenario_set *set)
{
	struct catalog_file *f;

	if (!is_block(rd, y))
		return;
	f = file_add(rd, set, "config/policy.yaml");
	f->keys = true;
	f->shown = rd->scenario->file;
	f->text = block_text(rd, y, &f->len);
}

void
scenario_set_read(
    struct scenario_reading *rd, const struct yaml *y, struct scenario_set *set)
{
	struct catalog_file *own =
	    arena_array(rd->arena, struct catalog_file, set->n_files);
	const struct yaml *v;
	const char *path;

	/* Of a set that was copied from another. */
	if (set->n_files > 0)
		memcpy(own, set->files, sizeof(*own) * (size_t)set->n_files);
	set->files = own;
	if (yaml_str(yaml_get(y, "config"), &path, rd->report)) {
		set->config = scenario_path(rd, path);
		set->templates = NULL;
	}
	if (yaml_str(yaml_get(y, "templates"), &path, rd->report))
		set->templates = scenario_path(rd, path);
	if ((v = yaml_get(y, "playbooks")) != NULL)
		playbooks_read(rd, v, set);
	if ((v = yaml_get(y, "policy")) != NULL)
		policy_read_inline(rd, v, set);
	if ((v = yaml_get(y, "files")) != NULL)
		files_read(rd, v, set);
}

struct catalog *
scenario_catalog(const struct scenario_set *set, struct report *r)
{
	const char *paths[] = { set->config, set->templates, NULL };
	const struct catalog_change change = { .files = set->files,
		.n_files = set->n_files,
		.playbooks = set->playbooks };

	return catalog_load_changed(paths, &change, r);
}
