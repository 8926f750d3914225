/* memfile.h - bytes as a file with a name, never on a disk. */
#ifndef TESTS_MEMFILE_H
#define TESTS_MEMFILE_H

#include <sys/mman.h>
#include <unistd.h>

struct memfile {
	int fd;
	char path[32];
};

static inline struct memfile
memfile_of(const void *data, size_t size)
{
	struct memfile f = { .fd = memfd_create("fuzz", MFD_CLOEXEC) };

	g_snprintf(f.path, sizeof(f.path), "/proc/self/fd/%d", f.fd);
	if (f.fd < 0 || write(f.fd, data, size) != (ssize_t)size)
		abort();
	return f;
}

static inline void
memfile_close(struct memfile *f)
{
	close(f->fd);
}

#endif
