#include "report_local.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>

#include "accounts.h"
#include "engine/engine.h"
#include "spec/catalog.h"
#include "store/reports.h"

/* The lock of a running daemon; -1 without it. Nothing is made. */
static int
take_lock(const char *dir, struct err *e)
{
	char *path = g_build_filename(dir, "lock", NULL);
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		err_set(e, ERR_INPUT,
		    "%s holds no database yet: start reachd with `reachd run --config "
		    "...`",
		    dir);
	else if (fd < 0)
		err_set(e, ERR_IO, "%s: %s", path, g_strerror(errno));
	else if (flock(fd, LOCK_SH | LOCK_NB) != 0) {
		err_set(e, ERR_BUSY,
		    "a reachd runs on %s and answers elsewhere: name its socket with "
		    "--socket",
		    dir);
		close(fd);
		fd = -1;
	}
	g_free(path);
	return fd;
}

static struct sheet *
read_sheet(const struct catalog *cat, const struct report_words *q, const char *dir,
    struct err *e)
{
	const struct engine_sheet asked = {
		.name = q->name, .by = q->by, .from = q->from, .to = q->to
	};
	struct timespec wall;
	ms_t newest, now; /* a clock that ran at a speed is ahead of ours */
	char *db = g_build_filename(dir, "reachd.db", NULL);
	struct sheet *out = NULL;
	struct store *s;

	clock_gettime(CLOCK_REALTIME, &wall);
	now = (ms_t)wall.tv_sec * MS_SECOND + wall.tv_nsec / 1000000;
	s = store_open(
	    &(struct store_options){ .path = db, .read_only = true, .sync = true }, e);
	g_free(db);
	if (s == NULL)
		return NULL;
	if (store_begin(s, e) == 0) {
		if (reports_newest(s, &newest, e) == 0)
			out = engine_sheet_alone(cat, s, &asked, MAX(newest, now), e);
		store_rollback(s);
	}
	store_close(s);
	return out;
}

struct sheet *
report_local(
    const char *config, const struct report_words *q, struct report *r, struct err *e)
{
	const char *paths[] = { config, NULL }, *given = getenv("STATE_DIRECTORY");
	struct catalog *cat;
	struct sheet *out = NULL;
	int lock;

	accounts_register();
	cat = catalog_load_dry(paths, r);
	if (cat == NULL) {
		report_first(r, e);
		return NULL;
	}
	if (given == NULL || *given == '\0')
		given = cat->config->state;
	lock = take_lock(given, e);
	if (lock >= 0) {
		out = read_sheet(cat, q, given, e);
		close(lock);
	}
	catalog_unref(cat);
	return out;
}
