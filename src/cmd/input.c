#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

GString *
input_read(int fd, gsize max, const char *what, struct err *e)
{
	GString *text = g_string_new("");
	char buf[64 << 10];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			err_set(
			    e, ERR_IO, "%s cannot be read: %s", what, g_strerror(errno));
		else if (text->len + (gsize)n > max)
			err_set(
			    e, ERR_INPUT, "%s is larger than %zu MiB", what, max >> 20);
		if (n < 0 || text->len + (gsize)n > max) {
			g_string_free(text, TRUE);
			return NULL;
		}
		g_string_append_len(text, buf, n);
	}
	return text;
}

GString *
input_file(const char *path, gsize max, struct err *e)
{
	GString *text;
	int fd;

	if (strcmp(path, "-") == 0)
		return input_read(STDIN_FILENO, max, "standard input", e);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		err_set(e, errno == ENOENT ? ERR_INPUT : ERR_IO,
		    "%.300s cannot be opened: %s", path, g_strerror(errno));
		return NULL;
	}
	text = input_read(fd, max, path, e);
	close(fd);
	return text;
}

void
input_chop(GString *text)
{
	if (text->len > 0 && text->str[text->len - 1] == '\n')
		g_string_truncate(text, text->len - 1);
	if (text->len > 0 && text->str[text->len - 1] == '\r')
		g_string_truncate(text, text->len - 1);
}
