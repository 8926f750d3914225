#include "run_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <glib.h>

#define FILES_NEEDED 1024

static int
check_fs(const char *dir, struct err *e)
{
	static const struct {
		long magic;
		const char *name;
	} bad[] = { { 0x6969, "NFS" }, { (long)0xff534d42, "CIFS" }, { (long)0xfe534d42, "SMB2" },
		{ 0x517b, "SMB" }, { 0x65735546, "FUSE" } };
	struct statfs fs;

	if (statfs(dir, &fs) != 0)
		return err_set(e, ERR_IO, "%s: %s", dir, g_strerror(errno));
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		if ((long)fs.f_type == bad[i].magic)
			return err_set(e, ERR_INPUT,
			    "%s is on %s: the state directory must be on a local disk", dir,
			    bad[i].name);
	return 0;
}

static int
check_limits(struct err *e)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) != 0)
		return err_set(e, ERR_IO, "limit of open files: %s", g_strerror(errno));
	if (l.rlim_cur < FILES_NEEDED && l.rlim_max >= FILES_NEEDED) {
		l.rlim_cur = l.rlim_max;
		setrlimit(RLIMIT_NOFILE, &l);
	}
	if (l.rlim_cur < FILES_NEEDED)
		return err_set(e, ERR_INPUT,
		    "at most %llu open files are allowed, %d are needed: raise the limit"
		    " (LimitNOFILE= in the unit, ulimit -n in a shell)",
		    (unsigned long long)l.rlim_cur, FILES_NEEDED);
	return 0;
}

static int
take_lock(struct run_state *s, struct err *e)
{
	char *path = g_strconcat(s->dir, "/lock", NULL);

	s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s->lock < 0)
		err_set(e, ERR_IO, "%s: %s", path, g_strerror(errno));
	else if (flock(s->lock, LOCK_EX | LOCK_NB) != 0) {
		err_set(e, ERR_BUSY, "another reachd runs on %s: stop it first", s->dir);
		close(s->lock);
		s->lock = -1;
	}
	g_free(path);
	return s->lock < 0 ? -1 : 0;
}

static int
private_file(int fd, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_set(e, ERR_IO, "%s: %s", path, g_strerror(errno));
	if (st.st_mode & 077)
		return err_set(e, ERR_INPUT,
		    "%s can be read by others: chmod 600 it", path);
	return 0;
}

static int
read_key(const char *path, bool private, uint8_t key[CRYPT_KEY], struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = 0;

	if (fd < 0)
		return errno == ENOENT ? 1 :
					 err_set(e, ERR_IO, "%s: %s", path, g_strerror(errno));
	if (private)
		rc = private_file(fd, path, e);
	if (rc == 0 && read(fd, key, CRYPT_KEY) != CRYPT_KEY)
		rc = err_set(e, ERR_INPUT, "%s: a key of 32 bytes is expected", path);
	close(fd);
	return rc;
}

static int
make_key(const char *path, uint8_t key[CRYPT_KEY], struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 || getrandom(key, CRYPT_KEY, 0) != CRYPT_KEY ||
	    write(fd, key, CRYPT_KEY) != CRYPT_KEY || fsync(fd) != 0) {
		err_set(e, ERR_IO, "%s: %s", path, g_strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return close(fd);
}

/* The service manager's credential, else a file of our own made at the first start. */
static int
take_key(struct run_state *s, struct err *e)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	char *path;
	int rc = 1;

	if (credentials != NULL) {
		path = g_strconcat(credentials, "/reachd.key", NULL);
		rc = read_key(path, false, s->key, e);
		g_free(path);
	}
	if (rc != 1)
		return rc;
	path = g_strconcat(s->dir, "/key", NULL);
	rc = read_key(path, true, s->key, e);
	if (rc == 1) {
		/* A database without its key must not get another one. */
		if (access(s->db, F_OK) == 0)
			rc = err_set(e, ERR_INPUT,
			    "%s is missing and the database cannot be read without it: restore it",
			    path);
		else
			rc = make_key(path, s->key, e);
	}
	g_free(path);
	return rc;
}

int
run_state_key(const char *dir, uint8_t key[CRYPT_KEY])
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	char *path = g_strconcat(credentials == NULL ? dir : credentials,
	    credentials == NULL ? "/key" : "/reachd.key", NULL);
	struct err ignored = { 0 };
	int rc = read_key(path, false, key, &ignored);

	g_free(path);
	return rc;
}

int
run_state_open(struct run_state *s, const char *dir, struct err *e)
{
	const char *runtime;

	memset(s, 0, sizeof(*s));
	s->lock = -1;
	umask(077);
	if (g_mkdir_with_parents(dir, 0700) != 0)
		return err_set(e, ERR_IO, "%s: %s", dir, g_strerror(errno));
	s->dir = realpath(dir, NULL);
	if (s->dir == NULL)
		return err_set(e, ERR_IO, "%s: %s", dir, g_strerror(errno));
	s->db = g_strconcat(s->dir, "/reachd.db", NULL);
	/* On tmpfs where the service manager gives us one: the flight log must survive a
	 * crash of the process, and need not survive the machine's. */
	runtime = getenv("RUNTIME_DIRECTORY") != NULL ? getenv("RUNTIME_DIRECTORY") : s->dir;
	s->socket = g_strconcat(runtime, "/reachd.sock", NULL);
	s->flight = g_strconcat(runtime, "/flight", NULL);
	s->inbox = g_build_filename(s->dir, "inbox", NULL);
	if (check_fs(s->dir, e) != 0 || check_limits(e) != 0 || take_lock(s, e) != 0 ||
	    take_key(s, e) != 0) {
		run_state_close(s);
		return -1;
	}
	return 0;
}

void
run_state_close(struct run_state *s)
{
	if (s->lock >= 0)
		close(s->lock);
	s->lock = -1;
	explicit_bzero(s->key, sizeof(s->key));
	free(s->dir);
	g_free(s->db);
	g_free(s->socket);
	g_free(s->flight);
	g_free(s->inbox);
	s->dir = s->db = s->socket = s->flight = s->inbox = NULL;
}
