/* tree.h - which files make up a set: paths given together, walked and sorted. */
#ifndef SPEC_TREE_H
#define SPEC_TREE_H

#include <stdbool.h>

#include <glib.h>

#include "base/report.h"

struct catalog_file;

struct tree_file {
	char *path;
	char *root; /* the directory it was found under, or "" */
	const struct catalog_file *change; /* read from there instead; NULL: from disk */
};

struct tree {
	GPtrArray *files; /* struct tree_file *, by path, each once */
	char *whole;      /* a directory given that holds reachd.yaml; NULL: none */
};

/* A directory that holds config/reachd.yaml stands for its config and templates.
 * Beside a config directory alone its sibling `templates` is taken. */
struct tree *tree_collect(const char *const *paths, struct report *r);
/* Files that are on no disk take their places; they stay the caller's. */
void tree_change(struct tree *t, const struct catalog_file *files, int n);
/* Nothing else than files of that name. */
void tree_only(struct tree *t, const char *name);
void tree_free(struct tree *t);

#endif
