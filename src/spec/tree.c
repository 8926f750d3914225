/* tree.c - walking what was named on the command line. */
#include "tree.h"

#include <errno.h>
#include <string.h>

#include "source.h"
#include "spec/catalog.h"

#define DEPTH_MAX 8
#define FILES_MAX 5000

static void
file_free(void *p)
{
	struct tree_file *f = p;

	g_free(f->path);
	g_free(f->root);
	g_free(f);
}

static void
refuse(const char *path, const char *why, struct report *r)
{
	report_add(r, SEV_ERROR, (struct pos){ source_name(path), 0, 0 }, "file", "",
	    "cannot be read: %s", why);
}

static void
file_add(struct tree *t, const char *path, const char *root, struct report *r)
{
	struct tree_file *f;

	if (!g_utf8_validate(path, -1, NULL)) {
		refuse(path, "its name is not UTF-8", r);
		return;
	}
	f = g_new0(struct tree_file, 1);
	f->path =
	    g_strdup(strncmp(path, "./", 2) == 0 && path[2] != '\0' ? path + 2 : path);
	f->root = g_strdup(root);
	g_ptr_array_add(t->files, f);
}

static bool
is_ours(const char *name)
{
	return name[0] != '.' &&
	       (g_str_has_suffix(name, ".yaml") || g_str_has_suffix(name, ".yml") ||
		   g_str_has_suffix(name, ".liquid"));
}

static void
walk(struct tree *t, const char *dir, const char *root, int depth, struct report *r)
{
	GDir *d = g_dir_open(dir, 0, NULL);
	const char *name;

	if (d == NULL) {
		refuse(dir, g_strerror(errno), r);
		return;
	}
	while ((name = g_dir_read_name(d)) != NULL) {
		char *path = g_build_filename(dir, name, NULL);

		if (name[0] == '.' || t->files->len >= FILES_MAX)
			; /* hidden, or far more than anybody wrote */
		else if (!g_file_test(path, G_FILE_TEST_IS_DIR) && is_ours(name))
			file_add(t, path, root, r);
		else if (g_file_test(path, G_FILE_TEST_IS_DIR) && depth < DEPTH_MAX)
			walk(t, path, root, depth + 1, r);
		g_free(path);
	}
	g_dir_close(d);
}

static bool
holds(const char *dir, const char *name)
{
	char *path = g_build_filename(dir, name, NULL);
	bool there = g_file_test(path, G_FILE_TEST_EXISTS);

	g_free(path);
	return there;
}

static void
directory(struct tree *t, const char *dir, struct report *r)
{
	static const char *const parts[] = { "config", "templates" };
	size_t i;

	if (!holds(dir, "config/reachd.yaml")) {
		if (t->whole == NULL && holds(dir, "reachd.yaml"))
			t->whole = g_strdup(dir);
		walk(t, dir, dir, 0, r);
		return;
	}
	for (i = 0; i < G_N_ELEMENTS(parts); i++) {
		char *path = g_build_filename(dir, parts[i], NULL);

		if (i == 0 && t->whole == NULL)
			t->whole = g_strdup(path);
		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			walk(t, path, path, 0, r);
		g_free(path);
	}
}

static bool
has_templates(const struct tree *t)
{
	guint i;

	for (i = 0; i < t->files->len; i++) {
		const struct tree_file *f = t->files->pdata[i];

		if (g_str_has_suffix(f->path, ".liquid"))
			return true;
	}
	return false;
}

static void
sibling(struct tree *t, struct report *r)
{
	char *parent = g_path_get_dirname(t->whole);
	char *path = strcmp(parent, ".") == 0
			 ? g_strdup("templates")
			 : g_build_filename(parent, "templates", NULL);

	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		walk(t, path, path, 0, r);
	g_free(path);
	g_free(parent);
}

static int
by_path(const void *a, const void *b)
{
	const struct tree_file *x = *(const struct tree_file *const *)a;
	const struct tree_file *y = *(const struct tree_file *const *)b;

	return strcmp(x->path, y->path);
}

/* "config/" and "config" are one directory. */
static char *
trimmed(const char *path)
{
	char *s = g_strdup(path);
	size_t n = strlen(s);

	while (n > 1 && s[n - 1] == '/')
		s[--n] = '\0';
	return s;
}

struct tree *
tree_collect(const char *const *paths, struct report *r)
{
	struct tree *t = g_new0(struct tree, 1);
	guint i;

	t->files = g_ptr_array_new_with_free_func(file_free);
	for (; *paths != NULL; paths++) {
		char *path = trimmed(*paths);

		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			directory(t, path, r);
		else if (g_file_test(path, G_FILE_TEST_EXISTS))
			file_add(t, path, "", r);
		else
			refuse(path, g_strerror(ENOENT), r);
		g_free(path);
	}
	if (t->whole != NULL && !has_templates(t))
		sibling(t, r);
	g_ptr_array_sort(t->files, by_path);
	for (i = t->files->len; i > 1; i--) {
		if (by_path(&t->files->pdata[i - 1], &t->files->pdata[i - 2]) == 0)
			g_ptr_array_remove_index(t->files, i - 1);
	}
	return t;
}

/* config/x lies below the directory of reachd.yaml, templates/x below any other. */
static bool
is_same(const struct tree *t, const struct tree_file *f, const char *path)
{
	bool config = g_str_has_prefix(path, "config/");
	const char *below = path + (config ? strlen("config/") : strlen("templates/"));
	size_t n = strlen(f->root);

	return n > 0 && strncmp(f->path, f->root, n) == 0 && f->path[n] == '/' &&
	       (g_strcmp0(f->root, t->whole) == 0) == config &&
	       strcmp(f->path + n + 1, below) == 0;
}

void
tree_change(struct tree *t, const struct catalog_file *files, int n)
{
	for (int i = 0; i < n; i++) {
		struct tree_file *f = NULL;

		for (guint k = 0; k < t->files->len && f == NULL; k++)
			if (is_same(t, t->files->pdata[k], files[i].path))
				f = t->files->pdata[k];
		if (f == NULL) {
			f = g_new0(struct tree_file, 1);
			f->path = g_strdup(files[i].path);
			f->root = g_strdup("");
			g_ptr_array_add(t->files, f);
		}
		f->change = &files[i];
	}
}

void
tree_only(struct tree *t, const char *name)
{
	for (guint i = t->files->len; i > 0; i--) {
		const struct tree_file *f = t->files->pdata[i - 1];
		char *base = g_path_get_basename(f->path);

		if (strcmp(base, name) != 0)
			g_ptr_array_remove_index(t->files, i - 1);
		g_free(base);
	}
}

void
tree_free(struct tree *t)
{
	g_ptr_array_free(t->files, TRUE);
	g_free(t->whole);
	g_free(t);
}
