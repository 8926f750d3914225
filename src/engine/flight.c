#include "flight.h"

#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "intent.h"

#define MAGIC "reachd flight 1"
#define HEADER 256
#define SLOT (32 + PARCELS_MAX * (int)sizeof(struct answer))

struct header {
	char magic[16], boot_id[40], db_id[40];
	int64_t epoch;
};
struct slot_head {
	int64_t token;
	uint32_t kind, n; /* kind: 'W' or 'A' */
	uint64_t sum;
	uint64_t spare;
};

struct flight {
	const struct files *files; /* outlives the world, which does not outlive us */
	struct file *file;
	int free[FLIGHT_SLOTS], n_free;
	char *buf;
};

/* By words, which tells a torn answer as well as by bytes. */
_Static_assert(sizeof(struct answer) % sizeof(uint64_t) == 0, "answers are whole words");

static uint64_t
sum_of(const struct slot_head *h, const struct answer *a)
{
	uint64_t s = UINT64_C(14695981039346656037) ^ (uint64_t)h->token ^ h->kind, word;

	for (size_t i = 0; i < h->n * sizeof(*a); i += sizeof(word)) {
		memcpy(&word, (const char *)a + i, sizeof(word));
		s = (s ^ word) * UINT64_C(1099511628211);
	}
	return s;
}

static int64_t
offset(int slot)
{
	return HEADER + (int64_t)slot * SLOT;
}

static void
read_slot(struct world *w, struct file *f, int slot, char *buf, GHashTable *out)
{
	struct err e = { 0 };
	int64_t got = w->files->pread(f, buf, SLOT, offset(slot), &e);
	struct slot_head h;
	struct flight_record *r;

	if (got < (int64_t)sizeof(h))
		return;
	memcpy(&h, buf, sizeof(h));
	if (h.token == 0)
		return;
	/* A torn answer still proves that the request was written. */
	if (h.n > PARCELS_MAX || got < (int64_t)(sizeof(h) + h.n * sizeof(struct answer)))
		h.kind = h.n = 0;
	r = g_malloc0(sizeof(*r) + h.n * sizeof(struct answer));
	r->token = h.token;
	r->n = (int)h.n;
	memcpy(r->answers, buf + sizeof(h), h.n * sizeof(struct answer));
	r->answered = h.kind == 'A' && sum_of(&h, r->answers) == h.sum;
	g_hash_table_insert(out, g_memdup2(&h.token, sizeof(h.token)), r);
}

GHashTable *
flight_read(struct world *w, const char *path, const char *db_id, int64_t *epoch)
{
	struct err e = { 0 };
	struct file *f = w->files->open(w, path, false, &e);
	struct header h = { 0 };
	GHashTable *out = NULL;
	char *buf;

	if (f == NULL)
		return NULL;
	if (w->files->pread(f, &h, sizeof(h), 0, &e) == sizeof(h) &&
	    memcmp(h.magic, MAGIC, sizeof(MAGIC)) == 0 &&
	    strncmp(h.boot_id, w->boot_id, sizeof(h.boot_id)) == 0 &&
	    strncmp(h.db_id, db_id, sizeof(h.db_id)) == 0) {
		out = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
		*epoch = h.epoch;
		buf = g_malloc(SLOT);
		for (int i = 0; i < FLIGHT_SLOTS; i++)
			read_slot(w, f, i, buf, out);
		g_free(buf);
	}
	w->files->close(f);
	return out;
}

struct flight *
flight_open(struct world *w, const char *path, const char *db_id, int64_t epoch, struct err *e)
{
	struct flight *f = g_new0(struct flight, 1);
	struct header h = { .magic = MAGIC, .epoch = epoch };

	f->files = w->files;
	f->buf = g_malloc0(SLOT);
	for (int i = FLIGHT_SLOTS - 1; i >= 0; i--)
		f->free[f->n_free++] = i;
	g_strlcpy(h.boot_id, w->boot_id, sizeof(h.boot_id));
	g_strlcpy(h.db_id, db_id, sizeof(h.db_id));
	f->file = w->files->open(w, path, true, e);
	if (f->file == NULL || w->files->truncate(f->file, 0, e) != 0 ||
	    w->files->pwrite(f->file, &h, sizeof(h), 0, e) != 0) {
		flight_close(f);
		return NULL;
	}
	return f;
}

void
flight_close(struct flight *f)
{
	if (f == NULL)
		return;
	if (f->file != NULL)
		f->files->close(f->file);
	g_free(f->buf);
	g_free(f);
}

int
flight_take(struct flight *f)
{
	return f->n_free == 0 ? -1 : f->free[--f->n_free];
}

int
flight_written(struct flight *f, int slot, int64_t token)
{
	struct slot_head h = { .token = token, .kind = 'W' };
	struct err e = { 0 };

	if (f->files->pwrite(f->file, &h, sizeof(h), offset(slot), &e) == 0)
		return 0;
	log_error("flight_log", "error=\"%s\"", e.text);
	return -1;
}

void
flight_answered(struct flight *f, int slot, int64_t token, const struct answer *a, int n)
{
	struct slot_head h = { .token = token, .kind = 'A', .n = (uint32_t)n };
	size_t len = (size_t)n * sizeof(*a);
	struct err e = { 0 };

	CHECK(n <= PARCELS_MAX);
	h.sum = sum_of(&h, a);
	memcpy(f->buf, &h, sizeof(h));
	memcpy(f->buf + sizeof(h), a, len);
	/* Losing this record costs a question to the provider, never a promise. */
	if (f->files->pwrite(f->file, f->buf, sizeof(h) + len, offset(slot), &e) != 0)
		log_error("flight_log", "error=\"%s\"", e.text);
}

void
flight_give(struct flight *f, int slot)
{
	CHECK(f->n_free < FLIGHT_SLOTS);
	f->free[f->n_free++] = slot;
}

int
flight_free(const struct flight *f)
{
	return f->n_free;
}
