/* route_import.c - POST /v1/import/WHAT: an uploaded file to the engine, its progress
 * back.
 *
 *   body whole (the server's nameless file)
 *     └─ reader thread: a name in the state directory, synced ──► engine_import
 *          ├─ no line yet, then the end: a plain answer with its status
 *          └─ lines: 200 as NDJSON, last {"end": true, "status": N, "answer": ...}
 *
 * The file is kept by the reader thread because a sync would stop the loop. A
 * line that the client is too slow for is left out; the last one is not. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>
#include <jansson.h>

#include "base/log.h"
#include "respond.h"
#include "route.h"

struct import {
	struct job job; /* first */
	struct web *web;
	struct http_in *in;
	int fd;
	char *what, *dir, *path;
	GHashTable *query; /* what `how` points into */
	struct import_how how;
	bool streaming;
	char *last; /* the last line, while it waits to be taken */
};

static void
import_free(struct import *im)
{
	g_free(im->what);
	g_free(im->dir);
	g_free(im->path);
	g_free(im->last);
	g_hash_table_unref(im->query);
	g_free(im);
}

/* A file opened with O_TMPFILE in the same file system can be given one. */
static int
give_name(int fd, const char *path)
{
	char self[64];

	g_snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

static int
copy_bytes(int from, int to)
{
	char buf[64 << 10];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(from, buf, sizeof(buf), at)) > 0) {
		for (ssize_t done = 0, w; done < n; done += w) {
			w = write(to, buf + done, (size_t)(n - done));
			if (w < 0)
				return -1;
		}
		at += n;
	}
	return n < 0 ? -1 : fsync(to);
}

static int
copy(int from, const char *path)
{
	int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), rc, error;

	if (to < 0)
		return -1;
	rc = copy_bytes(from, to);
	error = errno;
	close(to);
	errno = error;
	return rc;
}

static int
sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 ? -1 : fsync(fd);

	if (fd >= 0)
		close(fd);
	return rc;
}

static int
keep(struct job *job, struct store *s, struct err *e)
{
	struct import *im = (struct import *)job;
	int rc;

	(void)s;
	rc = give_name(im->fd, im->path) == 0 ? fsync(im->fd) : copy(im->fd, im->path);
	if (rc == 0)
		rc = sync_dir(im->dir);
	if (rc == 0)
		return 0;
	err_set(e, errno == ENOSPC ? ERR_FULL : ERR_IO, "the file cannot be kept: %s",
	    g_strerror(errno));
	unlink(im->path);
	return -1;
}

static void
give_line(void *arg, const char *json)
{
	struct import *im = arg;
	const char *headers[RESPOND_HEADERS];

	if (!im->streaming) {
		im->streaming = true;
		respond_headers(im->in, 200, "application/x-ndjson", NULL, headers);
		respond_count(im->in, 200);
		im->in->stream(im->in, 200, "application/x-ndjson", headers);
	}
	char *line = g_strconcat(json, "\n", NULL);
	im->in->write(im->in, line, strlen(line));
	g_free(line);
}

static void
give_last(struct http_in *in)
{
	struct import *im = in->arg;

	if (im->last == NULL || in->write(in, im->last, strlen(im->last)) > 0)
		return; /* writable() calls again */
	in->writable = NULL;
	in->end(in);
	import_free(im);
}

static void
finished(void *arg, int status, const char *json)
{
	struct import *im = arg;

	if (!im->streaming) {
		respond_json(im->in, status, json);
		import_free(im);
		return;
	}
	json_t *answer = json_loads(json, 0, NULL);
	json_t *end = json_pack("{sbsiso}", "end", 1, "status", status, "answer",
	    answer != NULL ? answer : json_string(json));
	char *text = json_dumps(end, JSON_COMPACT);
	im->last = g_strconcat(text, "\n", NULL);
	free(text);
	json_decref(end);
	im->in->arg = im;
	im->in->writable = give_last;
	give_last(im->in);
}

static void
kept(struct job *job, const struct err *e)
{
	struct import *im = (struct import *)job;

	if (e != NULL) {
		log_error("import_refused", "%s", e->text);
		respond_error(im->in, 503, "%s", e->text);
		import_free(im);
		return;
	}
	engine_import(
	    im->web->en, im->what, im->path, &im->how, give_line, finished, im);
}

/* ?dry_run=1&source=dms&map={...}&save_map=1&basis=service&evidence=... ; false: a word
 * nobody knows. */
static bool
read_how(struct import *im, const char *query)
{
	static const char *const known[] = { "dry_run", "save_map", "source", "map", "basis",
		"evidence", "history", "sure", NULL };
	GHashTableIter it;
	gpointer key;

	im->query = g_uri_parse_params(query, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
	if (im->query == NULL) {
		im->query = g_hash_table_new(g_str_hash, g_str_equal);
		return false;
	}
	g_hash_table_iter_init(&it, im->query);
	while (g_hash_table_iter_next(&it, &key, NULL))
		if (!g_strv_contains(known, key))
			return false;
	im->how = (struct import_how){
		.dry_run = g_strcmp0(g_hash_table_lookup(im->query, "dry_run"), "1") == 0,
		.save_map = g_strcmp0(g_hash_table_lookup(im->query, "save_map"), "1") == 0,
		.history = g_strcmp0(g_hash_table_lookup(im->query, "history"), "1") == 0,
		.sure = g_strcmp0(g_hash_table_lookup(im->query, "sure"), "1") == 0,
		.source = g_hash_table_lookup(im->query, "source"),
		.map = g_hash_table_lookup(im->query, "map"),
		.basis = g_hash_table_lookup(im->query, "basis"),
		.evidence = g_hash_table_lookup(im->query, "evidence"),
	};
	return true;
}

void
route_import(const struct call *c)
{
	struct world *w = engine_world(c->web->en);
	struct import *im;

	if (c->in->body_fd < 0) {
		respond_error(c->in, 422, "the file is empty");
		return;
	}
	im = g_new0(struct import, 1);
	im->job.run = keep;
	im->job.done = kept;
	im->web = c->web;
	im->in = c->in;
	im->fd = c->in->body_fd;
	if (!read_how(im, c->in->query)) {
		respond_error(c->in, 400,
		    "an import knows dry_run, save_map, source, map, history, sure, basis "
		    "and evidence");
		import_free(im);
		return;
	}
	im->what = g_strdup(c->rest);
	im->dir = g_strdup(c->web->state_dir);
	im->path = g_strdup_printf(
	    "%s/import-%016" G_GINT64_MODIFIER "x.upload", im->dir, w->random(w));
	w->read_start(w, &im->job);
}
