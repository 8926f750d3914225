/* SQLite's allocations keep what is written into them, whatever is given back and wherever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <sqlite3.h>

#include "../../src/store/slab.h"

#define BLOCKS 400
#define MOVES 200000

struct block {
	unsigned char *p;
	int n, fill;
};

static void
prove(const struct block *b)
{
	for (int i = 0; i < b->n; i++)
		assert_int_equal(b->p[i], b->fill);
}

static void
renew(struct block *b, int n, int fill)
{
	b->p = sqlite3_malloc(n);
	assert_non_null(b->p);
	assert_int_equal((uintptr_t)b->p % 8, 0);
	assert_true((int)sqlite3_msize(b->p) >= n);
	b->n = n;
	b->fill = fill;
	memset(b->p, fill, (size_t)n);
}

/* Sizes around the edges of the classes, taken, grown, shrunk and given back at random. */
static void
holds(void **state)
{
	static struct block all[BLOCKS];
	GRand *dice = g_rand_new_with_seed(1);

	(void)state;
	for (int i = 0; i < MOVES; i++) {
		struct block *b = &all[g_rand_int_range(dice, 0, BLOCKS)];
		int n = g_rand_int_range(dice, 1, i % 50 == 0 ? 9000 : 1200);

		if (b->p == NULL) {
			renew(b, n, i % 251);
			continue;
		}
		if (i % 16 == 0)
			prove(b);
		if (i % 3 != 0) {
			sqlite3_free(b->p);
			b->p = NULL;
			continue;
		}
		b->p = sqlite3_realloc(b->p, n);
		assert_non_null(b->p);
		b->n = MIN(b->n, n);
		prove(b);
		b->n = n;
		memset(b->p, b->fill, (size_t)n);
	}
	for (int i = 0; i < BLOCKS; i++) {
		if (all[i].p != NULL)
			prove(&all[i]);
		sqlite3_free(all[i].p);
	}
	g_rand_free(dice);
}

static gpointer
give_back(gpointer p)
{
	struct block *all = p;

	for (int i = 0; i < BLOCKS; i++) {
		sqlite3_free(all[i].p);
		renew(&all[i], 40 + i, 7);
	}
	return NULL;
}

/* Taken by one thread, given back by another that ends, and the other way round. */
static void
crosses_threads(void **state)
{
	static struct block all[BLOCKS];

	(void)state;
	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < BLOCKS; i++)
			renew(&all[i], 1 + 3 * i, 9);
		g_thread_join(g_thread_new("other", give_back, all));
		for (int i = 0; i < BLOCKS; i++) {
			prove(&all[i]);
			sqlite3_free(all[i].p);
		}
	}
}

static int
setup(void **state)
{
	(void)state;
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	slab_use();
	return sqlite3_initialize();
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(holds),
		cmocka_unit_test(crosses_threads) };

	return cmocka_run_group_tests(tests, setup, NULL);
}
