/* sim_files.c - small files in memory: a kill leaves them, a power cut does not. */
#include <string.h>

#include "sim_impl.h"

struct file {
	GByteArray *bytes; /* counted */
};

static void
bytes_free(gpointer p)
{
	g_byte_array_unref(p);
}

static struct file *
open_file(struct world *w, const char *path, bool create, struct err *e)
{
	struct sim *s = (struct sim *)w;
	GByteArray *b = g_hash_table_lookup(s->files, path);
	struct file *f;

	if (b == NULL && !create) {
		err_set(e, ERR_NOTFOUND, "there is no file %s", path);
		return NULL;
	}
	if (b == NULL) {
		b = g_byte_array_new();
		g_hash_table_insert(s->files, g_strdup(path), b);
	}
	f = g_new0(struct file, 1);
	f->bytes = g_byte_array_ref(b);
	return f;
}

static void
grow(GByteArray *b, size_t to)
{
	guint had = b->len;

	if (to <= had)
		return;
	g_byte_array_set_size(b, (guint)to);
	memset(b->data + had, 0, to - had);
}

static int
write_at(struct file *f, const void *buf, size_t len, int64_t off, struct err *e)
{
	(void)e;
	grow(f->bytes, (size_t)off + len);
	memcpy(f->bytes->data + off, buf, len);
	return 0;
}

static int64_t
read_at(struct file *f, void *buf, size_t len, int64_t off, struct err *e)
{
	(void)e;
	if (off >= f->bytes->len)
		return 0;
	len = MIN(len, f->bytes->len - (size_t)off);
	memcpy(buf, f->bytes->data + off, len);
	return (int64_t)len;
}

static int
truncate_to(struct file *f, int64_t len, struct err *e)
{
	(void)e;
	grow(f->bytes, (size_t)len);
	g_byte_array_set_size(f->bytes, (guint)len);
	return 0;
}

static int
sync_file(struct file *f, struct err *e)
{
	(void)f;
	(void)e;
	return 0;
}

static void
close_file(struct file *f)
{
	g_byte_array_unref(f->bytes);
	g_free(f);
}

static const struct files files = {
	.open = open_file,
	.pwrite = write_at,
	.pread = read_at,
	.truncate = truncate_to,
	.sync = sync_file,
	.close = close_file,
};

void
sim_files_init(struct sim *s)
{
	s->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, bytes_free);
	s->w.files = &files;
}

void
sim_files_free(struct sim *s)
{
	g_hash_table_unref(s->files);
}

void
sim_files_lost(struct sim *s)
{
	g_hash_table_remove_all(s->files);
}
