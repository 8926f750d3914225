/* loop_watch.c - watching directory trees for changes, debounced, for hot reload.
 *
 * inotify watches one directory at a time, so after each change the tree is
 * walked again and every directory found gets a watch of its own. */
#include <glib.h>
#include <sys/stat.h>

#include "loop_impl.h"

#include "base/check.h"

#define DEBOUNCE 300
#define DIRS_MAX 512
#define DEPTH_MAX 8

struct watch {
	struct loop *loop;
	GPtrArray *roots;    /* char * */
	GHashTable *handles; /* char *path -> uv_fs_event_t */
	uv_timer_t quiet;
	void (*changed)(void *arg);
	void *arg;
};

static void
on_closed(uv_handle_t *h)
{
	g_free(h);
}

static void
close_handle(void *h)
{
	uv_close(h, on_closed);
}

static void walk(struct watch *w, const char *dir, int depth);

static void
on_quiet(uv_timer_t *t)
{
	struct watch *w = t->data;
	uint64_t start = uv_hrtime();

	/* Afresh: a directory that was replaced has lost its watch. */
	g_hash_table_remove_all(w->handles);
	for (guint i = 0; i < w->roots->len; i++)
		walk(w, w->roots->pdata[i], 0);
	w->changed(w->arg);
	loop_measure(w->loop, "watch", start);
}

static void
on_event(uv_fs_event_t *h, const char *name, int events, int status)
{
	struct watch *w = h->data;

	(void)name;
	(void)events;
	(void)status;
	uv_timer_start(&w->quiet, on_quiet, DEBOUNCE, 0);
}

static int
add(struct watch *w, const char *dir)
{
	uv_fs_event_t *h;
	int rc;

	if (g_hash_table_contains(w->handles, dir) ||
	    g_hash_table_size(w->handles) >= DIRS_MAX)
		return 0;
	h = g_new0(uv_fs_event_t, 1);
	CHECK(uv_fs_event_init(&w->loop->uv, h) == 0);
	h->data = w;
	rc = uv_fs_event_start(h, on_event, dir, 0);
	if (rc < 0) {
		close_handle(h);
		return rc;
	}
	g_hash_table_insert(w->handles, g_strdup(dir), h);
	return 0;
}

static void
walk(struct watch *w, const char *dir, int depth)
{
	GDir *d = g_dir_open(dir, 0, NULL);
	const char *name;

	add(w, dir);
	while (d != NULL && (name = g_dir_read_name(d)) != NULL) {
		char *path = g_build_filename(dir, name, NULL);
		struct stat st;

		/* lstat: a link out of the tree, or back into it, is not followed. */
		if (depth < DEPTH_MAX && lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
			walk(w, path, depth + 1);
		g_free(path);
	}
	if (d != NULL)
		g_dir_close(d);
}

static void
on_watch_closed(uv_handle_t *h)
{
	g_free(h->data);
}

void
loop_watch_close(struct loop *l)
{
	struct watch *w = l->watch;

	if (w == NULL)
		return;
	l->watch = NULL;
	g_hash_table_destroy(w->handles);
	g_ptr_array_unref(w->roots);
	uv_close((uv_handle_t *)&w->quiet, on_watch_closed);
}

int
loop_watch(struct world *world, const char *const *dirs, void (*changed)(void *arg),
    void *arg, struct err *e)
{
	struct loop *l = loop_of(world);
	struct watch *w = g_new0(struct watch, 1);
	int rc;

	loop_watch_close(l);
	l->watch = w;
	w->loop = l;
	w->changed = changed;
	w->arg = arg;
	w->roots = g_ptr_array_new_with_free_func(g_free);
	w->handles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, close_handle);
	CHECK(uv_timer_init(&l->uv, &w->quiet) == 0);
	w->quiet.data = w;
	for (; *dirs != NULL; dirs++) {
		rc = add(w, *dirs);
		if (rc < 0) {
			loop_watch_close(l);
			return err_set(
			    e, ERR_IO, "cannot watch %s: %s", *dirs, uv_strerror(rc));
		}
		g_ptr_array_add(w->roots, g_strdup(*dirs));
		walk(w, *dirs, 0);
	}
	return 0;
}
