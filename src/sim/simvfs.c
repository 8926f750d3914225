#include "sim/simvfs.h"

#include <string.h>

#include <glib.h>
#include <sqlite3.h>

#include "base/check.h"
#include "sim/rng.h"

#define SECTOR 512

/* Since the last sync. */
struct change {
	int64_t off; /* -1: truncated to len */
	size_t len;
	uint8_t *bytes;
};

struct disk_file {
	GByteArray *now, *durable;
	GArray *changes; /* struct change */
};

struct simvfs {
	sqlite3_vfs base;
	char name[40];
	struct rng rng;
	GHashTable *files;
	bool dead;
	int wound; /* operations left; -1: none */
};

struct handle {
	sqlite3_file base;
	struct simvfs *disk;
	struct disk_file *file;
};

static void
forget(struct disk_file *f)
{
	for (guint i = 0; i < f->changes->len; i++)
		g_free(g_array_index(f->changes, struct change, i).bytes);
	g_array_set_size(f->changes, 0);
}

static void
file_free(gpointer p)
{
	struct disk_file *f = p;

	forget(f);
	g_array_unref(f->changes);
	g_byte_array_unref(f->now);
	g_byte_array_unref(f->durable);
	g_free(f);
}

static void
put(GByteArray *b, const uint8_t *bytes, size_t len, int64_t off)
{
	guint had = b->len;

	if (len == 0)
		return;
	if ((size_t)off + len > had) {
		g_byte_array_set_size(b, (guint)((size_t)off + len));
		memset(b->data + had, 0, b->len - had);
	}
	memcpy(b->data + off, bytes, len);
}

static void
redo(GByteArray *b, const struct change *c)
{
	if (c->off >= 0)
		put(b, c->bytes, c->len, c->off);
	else if (c->len < b->len)
		g_byte_array_set_size(b, (guint)c->len);
}

static void
note(struct disk_file *f, const void *bytes, size_t len, int64_t off)
{
	struct change c = { .off = off, .len = len };

	if (off >= 0)
		c.bytes = g_memdup2(bytes, len);
	redo(f->now, &c);
	g_array_append_val(f->changes, c);
}

/* true: this operation is the last, and fails. */
static bool
falls(struct simvfs *v)
{
	if (v->dead)
		return true;
	if (v->wound < 0 || v->wound-- > 0)
		return false;
	v->dead = true;
	return true;
}

/* ---- what SQLite asks of a file ---- */

static int
x_close(sqlite3_file *f)
{
	(void)f;
	return SQLITE_OK;
}

static int
x_read(sqlite3_file *p, void *out, int n, sqlite3_int64 off)
{
	GByteArray *b = ((struct handle *)p)->file->now;
	size_t have = off < b->len ? MIN((size_t)n, b->len - (size_t)off) : 0;

	if (have > 0)
		memcpy(out, b->data + off, have);
	if (have == (size_t)n)
		return SQLITE_OK;
	memset((uint8_t *)out + have, 0, (size_t)n - have);
	return SQLITE_IOERR_SHORT_READ;
}

static int
x_write(sqlite3_file *p, const void *in, int n, sqlite3_int64 off)
{
	struct handle *h = (struct handle *)p;
	bool was_dead = h->disk->dead;

	if (falls(h->disk)) {
		if (!was_dead && n > 1)
			note(h->file, in, rng_below(&h->disk->rng, (uint64_t)n), off);
		return SQLITE_IOERR_WRITE;
	}
	note(h->file, in, (size_t)n, off);
	return SQLITE_OK;
}

static int
x_truncate(sqlite3_file *p, sqlite3_int64 size)
{
	struct handle *h = (struct handle *)p;

	if (falls(h->disk))
		return SQLITE_IOERR_TRUNCATE;
	note(h->file, NULL, (size_t)size, -1);
	return SQLITE_OK;
}

static void
make_durable(struct disk_file *f)
{
	for (guint i = 0; i < f->changes->len; i++)
		redo(f->durable, &g_array_index(f->changes, struct change, i));
	forget(f);
}

static int
x_sync(sqlite3_file *p, int flags)
{
	struct handle *h = (struct handle *)p;
	bool was_dead = h->disk->dead;

	(void)flags;
	if (falls(h->disk)) {
		/* It may have reached the platter all the same. */
		if (!was_dead && rng_chance(&h->disk->rng, 0.5))
			make_durable(h->file);
		return SQLITE_IOERR_FSYNC;
	}
	make_durable(h->file);
	return SQLITE_OK;
}

static int
x_size(sqlite3_file *p, sqlite3_int64 *out)
{
	*out = ((struct handle *)p)->file->now->len;
	return SQLITE_OK;
}

static int
x_lock(sqlite3_file *p, int level)
{
	(void)p;
	(void)level;
	return SQLITE_OK;
}

static int
x_reserved(sqlite3_file *p, int *out)
{
	(void)p;
	*out = 0;
	return SQLITE_OK;
}

static int
x_control(sqlite3_file *p, int op, void *arg)
{
	(void)p;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int
x_sector(sqlite3_file *p)
{
	(void)p;
	return SECTOR;
}

static int
x_traits(sqlite3_file *p)
{
	(void)p;
	return 0;
}

static const sqlite3_io_methods methods = {
	.iVersion = 1,
	.xClose = x_close,
	.xRead = x_read,
	.xWrite = x_write,
	.xTruncate = x_truncate,
	.xSync = x_sync,
	.xFileSize = x_size,
	.xLock = x_lock,
	.xUnlock = x_lock,
	.xCheckReservedLock = x_reserved,
	.xFileControl = x_control,
	.xSectorSize = x_sector,
	.xDeviceCharacteristics = x_traits,
};

/* ---- what SQLite asks of a disk ---- */

static int
x_open(sqlite3_vfs *base, const char *name, sqlite3_file *p, int flags, int *out_flags)
{
	struct simvfs *v = (struct simvfs *)base;
	struct handle *h = (struct handle *)p;
	struct disk_file *f = g_hash_table_lookup(v->files, name);

	h->base.pMethods = NULL;
	if (f == NULL && !(flags & SQLITE_OPEN_CREATE))
		return SQLITE_CANTOPEN;
	if (f == NULL) {
		f = g_new0(struct disk_file, 1);
		f->now = g_byte_array_new();
		f->durable = g_byte_array_new();
		f->changes = g_array_new(FALSE, FALSE, sizeof(struct change));
		g_hash_table_insert(v->files, g_strdup(name), f);
	}
	h->base.pMethods = &methods;
	h->disk = v;
	h->file = f;
	if (out_flags != NULL)
		*out_flags = flags;
	return SQLITE_OK;
}

static int
x_delete(sqlite3_vfs *base, const char *name, int sync)
{
	struct simvfs *v = (struct simvfs *)base;

	(void)sync;
	if (falls(v))
		return SQLITE_IOERR_DELETE;
	g_hash_table_remove(v->files, name);
	return SQLITE_OK;
}

static int
x_access(sqlite3_vfs *base, const char *name, int flags, int *out)
{
	(void)flags;
	*out = g_hash_table_contains(((struct simvfs *)base)->files, name);
	return SQLITE_OK;
}

static int
x_path(sqlite3_vfs *base, const char *name, int n, char *out)
{
	(void)base;
	g_strlcpy(out, name, (gsize)n);
	return SQLITE_OK;
}

static int
x_random(sqlite3_vfs *base, int n, char *out)
{
	struct simvfs *v = (struct simvfs *)base;

	for (int i = 0; i < n; i++)
		out[i] = (char)rng_next(&v->rng);
	return n;
}

static int
x_sleep(sqlite3_vfs *base, int us)
{
	(void)base;
	return us;
}

static int
x_time(sqlite3_vfs *base, double *out)
{
	(void)base;
	*out = 2461000.5; /* nothing in the store asks SQLite what time it is */
	return SQLITE_OK;
}

struct simvfs *
simvfs_new(uint64_t seed)
{
	static unsigned made;
	struct simvfs *v = g_new0(struct simvfs, 1);

	rng_seed(&v->rng, seed, "disk");
	g_snprintf(v->name, sizeof(v->name), "simvfs-%u", ++made);
	v->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, file_free);
	v->wound = -1;
	v->base = (sqlite3_vfs){ .iVersion = 1,
		.szOsFile = sizeof(struct handle),
		.mxPathname = 256,
		.zName = v->name,
		.xOpen = x_open,
		.xDelete = x_delete,
		.xAccess = x_access,
		.xFullPathname = x_path,
		.xRandomness = x_random,
		.xSleep = x_sleep,
		.xCurrentTime = x_time };
	CHECK(sqlite3_vfs_register(&v->base, 0) == SQLITE_OK);
	return v;
}

void
simvfs_free(struct simvfs *v)
{
	if (v == NULL)
		return;
	sqlite3_vfs_unregister(&v->base);
	g_hash_table_unref(v->files);
	g_free(v);
}

const char *
simvfs_name(const struct simvfs *v)
{
	return v->name;
}

void
simvfs_wound(struct simvfs *v, int after)
{
	v->wound = after;
}

void
simvfs_die(struct simvfs *v)
{
	v->dead = true;
}

/* ---- after a power cut ---- */

/* Of one write, the sectors that made it. */
static void
part_of(struct simvfs *v, struct disk_file *f, const struct change *c)
{
	size_t done = 0;

	if (c->off < 0) {
		redo(f->durable, c);
		return;
	}
	while (done < c->len) {
		size_t n = MIN(
		    c->len - done, SECTOR - (size_t)(c->off + (int64_t)done) % SECTOR);

		if (rng_chance(&v->rng, 0.7))
			put(f->durable, c->bytes + done, n, c->off + (int64_t)done);
		done += n;
	}
}

static void
cut(struct simvfs *v, struct disk_file *f)
{
	bool none = rng_chance(&v->rng, 0.4);

	for (guint i = 0; !none && i < f->changes->len; i++)
		if (rng_chance(&v->rng, 0.5))
			part_of(v, f, &g_array_index(f->changes, struct change, i));
	forget(f);
	g_byte_array_set_size(f->now, 0);
	g_byte_array_append(f->now, f->durable->data, f->durable->len);
}

static gint
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(a, b);
}

void
simvfs_rise(struct simvfs *v, bool power)
{
	GList *names = g_list_sort(g_hash_table_get_keys(v->files), by_name);

	/* In one order, whatever the table's is. */
	for (GList *l = names; power && l != NULL; l = l->next)
		cut(v, g_hash_table_lookup(v->files, l->data));
	g_list_free(names);
	v->dead = false;
	v->wound = -1;
}
