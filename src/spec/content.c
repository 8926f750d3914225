/* content.c - a set as one text: what people agree to, and what is kept of it. */
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include "base/check.h"
#include "set.h"
#include "source.h"
#include "spec/catalog.h"

/* The last one asked for: most files of a set are one user's. */
struct owner {
	bool known;
	uid_t uid;
	const char *name;
};

/* Interned: few of them, and they outlive the set. */
static const char *
user_name(uid_t uid)
{
	struct passwd pw, *found = NULL;
	char buf[4096], number[24];

	if (getpwuid_r(uid, &pw, buf, sizeof(buf), &found) == 0 && found != NULL)
		return source_name(pw.pw_name);
	g_snprintf(number, sizeof(number), "%u", (unsigned)uid);
	return source_name(number);
}

/* The user whose file it is; "" unknown. */
static const char *
owner_of(const char *disk, struct owner *last)
{
	struct stat st;

	if (disk == NULL || stat(disk, &st) != 0)
		return "";
	if (!last->known || last->uid != st.st_uid)
		*last = (struct owner){ true, st.st_uid, user_name(st.st_uid) };
	return last->name;
}

/* What reachd.yaml says is the machine's: providers, listeners, people. */
static bool
is_machine(const char *path)
{
	const char *slash = strrchr(path, '/');

	return strcmp(slash == NULL ? path : slash + 1, "reachd.yaml") == 0;
}

static int
by_path(const void *a, const void *b)
{
	const struct set_text *x = *(const struct set_text *const *)a,
			      *y = *(const struct set_text *const *)b;

	return strcmp(x->path, y->path);
}

static json_t *
lists_of(const struct set *s)
{
	json_t *lists = json_object();

	for (guint i = 0; i < s->playbooks->len; i++) {
		const struct playbook *p =
		    ((struct set_playbook *)s->playbooks->pdata[i])->playbook;
		json_t *ids;

		if (p->start.list_file == NULL || p->start.list == NULL)
			continue;
		ids = json_array();
		for (int k = 0; p->start.list[k] != NULL; k++)
			json_array_append_new(ids, json_string(p->start.list[k]));
		json_object_set_new(lists, p->name, ids);
	}
	return lists;
}

void
content_write(struct catalog *c, const struct set *s)
{
	struct catalog_source *sources =
	    arena_array(c->arena, struct catalog_source, (int)s->texts->len);
	json_t *files = json_array(), *all;
	struct owner last = { 0 };
	char *text, *hex;

	g_ptr_array_sort(s->texts, by_path);
	for (guint i = 0; i < s->texts->len; i++) {
		const struct set_text *t = s->texts->pdata[i];

		if (is_machine(t->path))
			continue;
		sources[c->n_sources++] =
		    (struct catalog_source){ t->path, owner_of(t->disk, &last) };
		CHECK(json_array_append_new(files, json_pack("{ss ss%}", "path", t->path,
						       "text", t->text, t->len)) == 0);
	}
	c->sources = sources;
	all = json_pack("{so so}", "files", files, "lists", lists_of(s));
	CHECK(all != NULL);
	text = json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS);
	CHECK(text != NULL);
	c->content_len = strlen(text);
	c->content = arena_strndup(c->arena, text, c->content_len);
	hex = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
	g_strlcpy(c->hash, hex, sizeof(c->hash));
	g_free(hex);
	free(text);
	json_decref(all);
}
