/* listen.c - opening a listening socket, or taking it from the service manager. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib.h>
#include <systemd/sd-daemon.h>

#include "listen.h"

#define BACKLOG 1024

static int
failed(const char *address, int fd, struct err *e)
{
	int error = errno;

	if (fd >= 0)
		close(fd);
	if (error == EADDRINUSE)
		return err_set(
		    e, ERR_BUSY, "cannot listen on %s: something else does", address);
	return err_set(e, ERR_IO, "cannot listen on %s: %s", address, g_strerror(error));
}

static int
bind_and_listen(
    const char *address, const struct sockaddr *sa, socklen_t len, struct err *e)
{
	int on = 1,
	    fd = socket(sa->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return failed(address, fd, e);
	if (sa->sa_family != AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (sa->sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	if (bind(fd, sa, len) < 0 || listen(fd, BACKLOG) < 0)
		return failed(address, fd, e);
	return fd;
}

/* Whether somebody answers there; a socket nobody listens on is left over. */
static bool
is_alive(const struct sockaddr_un *sa)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool alive = fd >= 0 &&
		     (connect(fd, (const void *)sa, sizeof *sa) == 0 || errno == EAGAIN);

	if (fd >= 0)
		close(fd);
	return alive;
}

static int
open_unix(const char *address, const char *path, struct err *e)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	struct stat st;
	int fd;

	if (strlen(path) >= sizeof sa.sun_path || path[0] != '/')
		return err_set(e, ERR_INPUT,
		    "cannot listen on %s: give an absolute path of at most %zu bytes",
		    address, sizeof sa.sun_path - 1);
	g_strlcpy(sa.sun_path, path, sizeof sa.sun_path);
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode) && !is_alive(&sa))
		unlink(path);
	fd = bind_and_listen(address, (const void *)&sa, sizeof sa, e);
	/* The proxy reaches it through the group of the directory. */
	if (fd >= 0 && chmod(path, 0660) < 0)
		return failed(address, fd, e);
	return fd;
}

static int
open_systemd(const char *address, const char *name, struct err *e)
{
	char **names = NULL;
	int n = sd_listen_fds_with_names(0, &names), fd = -1;

	for (int i = 0; i < n; i++) {
		if (fd < 0 && strcmp(names[i], name) == 0)
			fd = SD_LISTEN_FDS_START + i;
		free(names[i]);
	}
	free(names);
	if (fd < 0)
		return err_set(e, ERR_IO,
		    "cannot listen on %s: the service manager passed no socket of that "
		    "name; set FileDescriptorName=%s in the .socket unit",
		    address, name);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	return fd;
}

static int
open_tcp(const char *address, struct err *e)
{
	const char *colon = strrchr(address, ':');
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	guint64 port = 0;
	char *host;
	size_t len;
	int fd = -2;

	if (colon == NULL ||
	    !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &port, NULL))
		return err_set(e, ERR_INPUT,
		    "cannot listen on \"%s\": write ADDRESS:PORT, [IPv6]:PORT, "
		    "unix:/PATH or "
		    "systemd:NAME",
		    address);
	host = g_strndup(address, (gsize)(colon - address));
	len = strlen(host);
	v4.sin_port = v6.sin6_port = htons((uint16_t)port);
	if (inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
		fd = bind_and_listen(address, (const void *)&v4, sizeof v4, e);
	} else if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
		host[len - 1] = '\0';
		if (inet_pton(AF_INET6, host + 1, &v6.sin6_addr) == 1)
			fd = bind_and_listen(address, (const void *)&v6, sizeof v6, e);
	}
	g_free(host);
	if (fd == -2)
		return err_set(e, ERR_INPUT,
		    "cannot listen on \"%s\": write the address as numbers, like "
		    "127.0.0.1:8080 or [::1]:8080",
		    address);
	return fd;
}

int
listen_open(const char *address, int *port, struct err *e)
{
	union {
		struct sockaddr sa;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct sockaddr_storage any;
	} name;
	socklen_t len = sizeof name;
	int fd;

	if (g_str_has_prefix(address, "unix:"))
		fd = open_unix(address, address + 5, e);
	else if (g_str_has_prefix(address, "systemd:"))
		fd = open_systemd(address, address + 8, e);
	else
		fd = open_tcp(address, e);
	*port = 0;
	if (fd >= 0 && getsockname(fd, &name.sa, &len) == 0) {
		if (name.sa.sa_family == AF_INET)
			*port = ntohs(name.v4.sin_port);
		else if (name.sa.sa_family == AF_INET6)
			*port = ntohs(name.v6.sin6_port);
	}
	return fd;
}
