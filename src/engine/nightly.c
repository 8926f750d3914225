/* nightly.c - a folder where a DMS leaves its files at night: `orders-dms-20261126.csv`
 *is a file of orders of the source "dms".
 *
 *	look (every half minute, reader thread) ─ a file that has stopped growing
 *	  └─ linked under .work ─► import ─► done/, or refused/ with a report beside it
 *
 * What is no file is left alone and told of: a link may lead anywhere. What could not be taken
 * now stays and is tried again; after a crash the import goes
 * on by itself, and the file is read once more, which does no harm. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <jansson.h>

#include "base/log.h"
#include "base/text.h"
#include "import_kind.h"
#include "store/event.h"

#define LOOK_EVERY (30 * MS_SECOND)

struct nightly {
	struct engine *en;
	char *dir;
	struct timer timer;
	GHashTable *seen; /* name -> size and time of change when it was looked at last */
	GHashTable *told; /* names of what no import will take, told of */
	bool busy;
};

/* A file on its way: from the look to its place at the end. */
struct taken {
	struct nightly *box;
	char *strange; /* lies there and will not be taken; NULL: none */
	const char *why;
	char *name, *what, *source, *work, *report;
	int status;
	uint64_t random;
};

static void
taken_free(gpointer p)
{
	struct taken *t = p;

	g_free(t->strange);
	g_free(t->name);
	g_free(t->what);
	g_free(t->source);
	g_free(t->work);
	g_free(t->report);
	g_free(t);
}

/* "orders-dms-20261126.csv": orders, dms. NULL: no name of ours. */
static char *
what_of(const char *name, char **source)
{
	const char *dash = strchr(name, '-'), *end;
	const struct import_kind *k;
	char *what;

	if (dash == NULL ||
	    !(g_str_has_suffix(name, ".csv") || g_str_has_suffix(name, ".xlsx")))
		return NULL;
	what = g_strndup(name, (gsize)(dash - name));
	k = import_kind_find(what);
	if (k == NULL || k->open == NULL) {
		g_free(what);
		return NULL;
	}
	end = strrchr(name, '.');
	while (end > dash + 1 &&
	       (g_ascii_isdigit(end[-1]) || end[-1] == '-' || end[-1] == '_'))
		end--;
	*source = end > dash + 1 ? g_strndup(dash + 1, (gsize)(end - dash - 1))
				 : g_strdup("inbox");
	return what;
}

/* What is said of it; NULL: it is a file, or there is nothing. */
static const char *
why_no_file(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0 || S_ISREG(st.st_mode))
		return NULL;
	if (S_ISLNK(st.st_mode))
		return "is a link, and none is followed: put the file itself there";
	if (S_ISDIR(st.st_mode))
		return "is a folder, and none is looked into: put its files beside it";
	return "is no file: put a file there, under another name";
}

/* It has not changed since it was looked at last. */
static bool
is_still(struct nightly *box, const char *name, const char *path)
{
	struct stat st;
	char *stamp;
	bool still;

	if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	stamp = g_strdup_printf("%lld %lld.%09ld", (long long)st.st_size,
	    (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	still = g_strcmp0(g_hash_table_lookup(box->seen, name), stamp) == 0;
	g_hash_table_insert(box->seen, g_strdup(name), stamp);
	return still;
}

static GPtrArray *
names_in(const char *dir)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GDir *d = g_dir_open(dir, 0, NULL);
	const char *name;

	while (d != NULL && (name = g_dir_read_name(d)) != NULL)
		g_ptr_array_add(names, g_strdup(name));
	if (d != NULL)
		g_dir_close(d);
	g_ptr_array_sort(names, text_order);
	return names;
}

static bool
take(struct taken *t, const char *name)
{
	struct nightly *box = t->box;
	char *path = g_build_filename(box->dir, name, NULL), *source = NULL;
	char *what = what_of(name, &source);
	char *unique = g_strdup_printf("%016" G_GINT64_MODIFIER "x-%s", t->random, name);
	char *work = g_build_filename(box->dir, ".work", unique, NULL);
	bool mine = what != NULL && is_still(box, name, path) && link(path, work) == 0;

	/* By now a link may stand in its place. */
	if (mine && why_no_file(work) != NULL) {
		unlink(work);
		mine = false;
	}
	if (mine) {
		t->name = g_strdup(name);
		t->what = g_steal_pointer(&what);
		t->source = g_steal_pointer(&source);
		t->work = g_steal_pointer(&work);
	}
	g_free(work);
	g_free(unique);
	g_free(what);
	g_free(source);
	g_free(path);
	return mine;
}

static bool
is_ours(const char *name)
{
	return *name == '.' || strcmp(name, "done") == 0 || strcmp(name, "refused") == 0;
}

/* What will never be taken would lie there for ever: told of once. */
static void
wonder(struct taken *t, const char *name)
{
	struct nightly *box = t->box;
	char *path = g_build_filename(box->dir, name, NULL), *source = NULL;
	char *what = what_of(name, &source);
	const char *why = why_no_file(path);

	if (!is_ours(name) && t->strange == NULL &&
	    !g_hash_table_contains(box->told, name) &&
	    (why != NULL || (what == NULL && is_still(box, name, path)))) {
		g_hash_table_add(box->told, g_strdup(name));
		t->strange = g_strdup(name);
		t->why = why;
	}
	g_free(what);
	g_free(source);
	g_free(path);
}

/* What a crash left under .work and no import is going on with. */
static int
clean(struct nightly *box, struct work *w, struct err *e)
{
	char *dir = g_build_filename(box->dir, ".work", NULL);
	GPtrArray *names = names_in(dir);
	int rc = 0;

	for (guint i = 0; rc >= 0 && i < names->len; i++) {
		char *path = g_build_filename(dir, names->pdata[i], NULL);

		rc = import_known(w->store, path, e);
		if (rc == 0)
			unlink(path);
		g_free(path);
	}
	g_ptr_array_unref(names);
	g_free(dir);
	return rc < 0 ? -1 : 0;
}

static int
look_run(struct task *task, struct work *w, struct err *e)
{
	static const char *const folders[] = { ".work", "done", "refused" };
	struct taken *t = task->data;
	GPtrArray *names;

	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		char *folder = g_build_filename(t->box->dir, folders[i], NULL);

		g_mkdir_with_parents(folder, 0700);
		g_free(folder);
	}
	if (clean(t->box, w, e) != 0)
		return -1;
	names = names_in(t->box->dir);
	for (guint i = 0; i < names->len; i++)
		wonder(t, names->pdata[i]);
	for (guint i = 0; i < names->len; i++)
		if (take(t, names->pdata[i]))
			break;
	g_ptr_array_unref(names);
	return 0;
}

/* ---- its place at the end ---- */

static char *
place_for(const struct taken *t, const char *folder, ms_t now)
{
	char *path = g_build_filename(t->box->dir, folder, t->name, NULL);

	if (g_file_test(path, G_FILE_TEST_EXISTS)) {
		char *other = g_strdup_printf("%s.%" G_GINT64_FORMAT, path, now);

		g_free(path);
		path = other;
	}
	return path;
}

static int
put_run(struct task *task, struct work *w, struct err *e)
{
	struct taken *t = task->data;
	char *from = g_build_filename(t->box->dir, t->name, NULL);
	char *to = place_for(t, t->status == 200 ? "done" : "refused", w->now);
	char *report = g_strconcat(to, ".report.txt", NULL);

	(void)e;
	if (g_rename(from, to) != 0)
		log_error("inbox", "file=%s error=\"cannot be moved: %s\"", t->name,
		    g_strerror(errno));
	g_file_set_contents(report, t->report, -1, NULL);
	g_free(report);
	g_free(to);
	g_free(from);
	return 0;
}

static void look(struct nightly *box);

static void
again(struct nightly *box, ms_t after)
{
	struct world *w = box->en->world;

	box->busy = false;
	if (!box->en->stopping)
		w->timer_set_boot(w, &box->timer, w->boot(w) + after);
}

static void
put_done(struct task *task, const struct err *e)
{
	struct taken *t = task->data;

	again(t->box, e == NULL ? MS_SECOND : LOOK_EVERY);
}

static void
imported(void *arg, int status, const char *json)
{
	struct taken *t = arg;
	json_t *j = json_loads(json, 0, NULL);
	const char *text = json_string_value(json_object_get(j, "report"));

	if (text == NULL)
		text = json_string_value(json_object_get(j, "error"));
	t->status = status;
	t->report = g_strdup_printf("%s\n", text == NULL ? json : text);
	json_decref(j);
	if (status == 200)
		log_info("inbox", "file=%s what=%s", t->name, t->what);
	else
		log_warn("inbox", "file=%s what=%s status=%d", t->name, t->what, status);
	if (status == 503 || t->box->en->stopping) {
		again(t->box, LOOK_EVERY);
		taken_free(t);
		return;
	}
	task_start_read(task_new(t->box->en, put_run, put_done, t, taken_free));
}

struct strange {
	char *name;
	const char *why; /* NULL: its name says no kind */
};

static void
strange_free(gpointer p)
{
	struct strange *g = p;

	g_free(g->name);
	g_free(g);
}

static int
strange_run(struct task *task, struct work *w, struct err *e)
{
	const struct strange *g = task->data;
	char *kinds = import_kind_names();
	const char *text =
	    g->why != NULL ? arena_printf(w->arena, "%.80s in the watched folder %s",
				 g->name, g->why)
			   : arena_printf(w->arena,
				 "%.80s lies in the watched folder untouched: name it "
				 "KIND-SOURCE.csv or "
				 ".xlsx, as "
				 "customers-dms.csv; kinds: %s",
				 g->name, kinds);
	int rc = alarm_said(w->store, "inbox", text, e);

	g_free(kinds);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return alarm_add(w->store, w->now, "inbox", 0, 0, text, e);
}

static void
strange_done(struct task *task, const struct err *e)
{
	const struct strange *g = task->data;

	(void)e;
	log_warn("inbox", "file=%s error=\"%s\"", g->name,
	    g->why == NULL ? "its name says no kind: KIND-SOURCE.csv or .xlsx"
			   : "it is no file, and is left alone");
}

static void
strange_tell(struct taken *t)
{
	struct strange *g = g_new0(struct strange, 1);

	g->name = g_steal_pointer(&t->strange);
	g->why = t->why;
	task_start(task_new(t->box->en, strange_run, strange_done, g, strange_free));
}

static void
look_done(struct task *task, const struct err *e)
{
	struct taken *t = task->data;
	struct taken *mine;

	if (t->strange != NULL && !t->box->en->stopping)
		strange_tell(t);
	if (e != NULL || t->name == NULL || t->box->en->stopping) {
		again(t->box, LOOK_EVERY);
		return;
	}
	mine = g_memdup2(t, sizeof(*t));
	*t = (struct taken){ 0 };
	const struct import_how how = { .source = mine->source };
	engine_import(
	    mine->box->en, mine->what, mine->work, &how, NULL, imported, mine);
}

static void
look(struct nightly *box)
{
	struct taken *t;

	if (box->busy || box->en->stopping)
		return;
	box->busy = true;
	t = g_new0(struct taken, 1);
	t->box = box;
	t->random = box->en->world->random(box->en->world);
	task_start_read(task_new(box->en, look_run, look_done, t, taken_free));
}

static void
fire(struct timer *t)
{
	look((struct nightly *)((char *)t - offsetof(struct nightly, timer)));
}

void
nightly_start(struct engine *en)
{
	struct nightly *box;

	if (en->options.nightly == NULL)
		return;
	box = en->nightly = g_new0(struct nightly, 1);
	box->en = en;
	box->dir = g_strdup(en->options.nightly);
	box->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	box->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	box->timer.fire = fire;
	look(box);
}

void
nightly_cancel(struct engine *en)
{
	if (en->nightly != NULL)
		en->world->timer_cancel(en->world, &en->nightly->timer);
}

void
nightly_stop(struct engine *en)
{
	struct nightly *box = en->nightly;

	if (box == NULL)
		return;
	en->nightly = NULL;
	g_hash_table_unref(box->seen);
	g_hash_table_unref(box->told);
	g_free(box->dir);
	g_free(box);
}
