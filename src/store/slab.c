/* slab.c - SQLite's small allocations. Some of its builds have no lookaside of their own, and a
 * message makes a hundred: each thread keeps what it gives back, by size. */
#include "slab.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <sqlite3.h>

#define STEP 64
#define CLASSES 16 /* up to 1,024 bytes; anything larger goes straight to malloc() */
#define KEPT 64    /* of a class */

/* What stands before each block: how much fits. SQLite asks for eight bytes' alignment. */
typedef int64_t head;

struct kept {
	void *first[CLASSES]; /* each begins with the next */
	int n[CLASSES];
};

static _Thread_local struct kept *own;

static void
drop(gpointer p)
{
	struct kept *k = p;

	own = NULL;
	for (int i = 0; i < CLASSES; i++)
		while (k->first[i] != NULL) {
			void *block = k->first[i];

			memcpy(&k->first[i], block, sizeof(void *));
			free((head *)block - 1);
		}
	free(k);
}

static GPrivate owner = G_PRIVATE_INIT(drop);

static int
rounded(int n)
{
	return n <= CLASSES * STEP ? (n + STEP - 1) / STEP * STEP : (n + 7) / 8 * 8;
}

static int
size(void *block)
{
	return (int)((head *)block)[-1];
}

/* -1: too large for any. */
static int
class_of(int fits)
{
	return fits <= CLASSES * STEP ? fits / STEP - 1 : -1;
}

static void *
take(int n)
{
	int fits = rounded(MAX(n, 1)), c = class_of(fits);
	head *h;

	if (c >= 0 && own != NULL && own->first[c] != NULL) {
		void *block = own->first[c];

		memcpy(&own->first[c], block, sizeof(void *));
		own->n[c]--;
		return block;
	}
	h = malloc(sizeof(*h) + (size_t)fits);
	if (h == NULL)
		return NULL;
	*h = fits;
	return h + 1;
}

static bool
keep(void *block)
{
	int c = class_of(size(block));

#ifdef SLAB_OFF
	c = -1;
#endif
	if (c < 0)
		return false;
	if (own == NULL) {
		own = calloc(1, sizeof(*own));
		g_private_set(&owner, own);
	}
	if (own == NULL || own->n[c] == KEPT)
		return false;
	memcpy(block, &own->first[c], sizeof(void *));
	own->first[c] = block;
	own->n[c]++;
	return true;
}

static void
give(void *block)
{
	if (block != NULL && !keep(block))
		free((head *)block - 1);
}

static void *
resize(void *block, int n)
{
	int fits = size(block);
	void *other;

	if (n <= fits && (fits <= CLASSES * STEP || n > fits / 2))
		return block;
	other = take(n);
	if (other != NULL) {
		memcpy(other, block, (size_t)MIN(n, fits));
		give(block);
	}
	return other;
}

static int
begin(void *unused)
{
	(void)unused;
	return SQLITE_OK;
}

static void
end(void *unused)
{
	(void)unused;
}

void
slab_use(void)
{
	static const sqlite3_mem_methods methods = { take, give, resize, size, rounded,
		begin, end, NULL };

	sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}
