/* files.c - the real struct files: small files, written whole, synced on demand. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <glib.h>

#include "loop_impl.h"


struct file {
	int fd;
	char *path;
};

static int
failed(struct err *e, const char *what, const char *path)
{
	enum err_kind kind = ERR_IO;

	if (errno == ENOSPC || errno == EDQUOT)
		kind = ERR_FULL;
	else if (errno == ENOENT)
		kind = ERR_NOTFOUND;
	return err_set(e, kind, "cannot %s %s: %s", what, path, g_strerror(errno));
}

/* A new name is durable only when its directory is. */
static int
sync_directory(const char *path, struct err *e)
{
	char *dir = g_path_get_dirname(path);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 || fsync(fd) < 0 ? failed(e, "sync", dir) : 0;

	if (fd >= 0)
		close(fd);
	g_free(dir);
	return rc;
}

static struct file *
files_open(struct world *w, const char *path, bool create, struct err *e)
{
	char *full = g_path_is_absolute(path)
			 ? g_strdup(path)
			 : g_build_filename(loop_of(w)->state_dir, path, NULL);
	bool fresh = false;
	struct file *f;
	int fd = open(full, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 && errno == ENOENT && create) {
		fd = open(full, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_CREAT, 0600);
		fresh = fd >= 0;
	}
	if (fd < 0 || (fresh && sync_directory(full, e) < 0)) {
		if (fd < 0)
			failed(e, "open", full);
		else
			close(fd);
		g_free(full);
		return NULL;
	}
	f = g_new(struct file, 1);
	f->fd = fd;
	f->path = full;
	return f;
}

static int
files_pwrite(struct file *f, const void *buf, size_t len, int64_t off, struct err *e)
{
	const char *p = buf;

	while (len > 0) {
		ssize_t n = pwrite(f->fd, p, len, off);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return failed(e, "write", f->path);
		p += n;
		off += n;
		len -= (size_t)n;
	}
	return 0;
}

static int64_t
files_pread(struct file *f, void *buf, size_t len, int64_t off, struct err *e)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n =
		    pread(f->fd, (char *)buf + got, len - got, off + (int64_t)got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed(e, "read", f->path);
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (int64_t)got;
}

static int
files_truncate(struct file *f, int64_t len, struct err *e)
{
	return ftruncate(f->fd, len) < 0 ? failed(e, "truncate", f->path) : 0;
}

static int
files_sync(struct file *f, struct err *e)
{
	return fdatasync(f->fd) < 0 ? failed(e, "sync", f->path) : 0;
}

static void
files_close(struct file *f)
{
	if (f == NULL)
		return;
	close(f->fd);
	g_free(f->path);
	g_free(f);
}

int
files_room(struct world *w, int64_t *left, int64_t *size)
{
	struct statvfs fs;

	if (statvfs(loop_of(w)->state_dir, &fs) < 0)
		return -1;
	*left = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
	*size = (int64_t)fs.f_blocks * (int64_t)fs.f_frsize;
	return 0;
}

const struct files files_real = {
	.open = files_open,
	.pwrite = files_pwrite,
	.pread = files_pread,
	.truncate = files_truncate,
	.sync = files_sync,
	.close = files_close,
};
