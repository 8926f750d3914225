/* group_test.c - jobs of one transaction: what is kept, what is undone, what runs again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "base/crypt.h"
#include "store/group.h"
#include "store/store.h"

struct item {
	struct job job;
	char key[2];
	enum err_kind fails; /* what run() ends in */
	bool row_fails;      /* between mark and back */
	int runs;
};

static struct store *s;

static int
setup(void **state)
{
	static const uint8_t key[CRYPT_KEY] = { 1 };
	struct err e = { 0 };

	(void)state;
	s = store_open(
	    &(struct store_options){ .path = ":memory:", .key = key, .create = true },
	    &e);
	return s == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	store_close(s);
	return 0;
}

static int
one_row(struct item *it, struct err *e)
{
	struct err own = { .kind = ERR_INTERNAL };
	char name[] = { 'r', it->key[0], '\0' };

	if (store_mark(s, e) != 0 || store_meta_set(s, name, "1", e) != 0)
		return -1;
	return it->row_fails ? store_back(s, &own, e) : store_unmark(s, e);
}

static int
run(struct job *job, struct store *st, struct err *e)
{
	struct item *it = (struct item *)(void *)job;

	assert_ptr_equal(st, s);
	assert_true(job->again || it->runs == 0);
	it->runs++;
	if (one_row(it, e) != 0 || store_meta_set(s, it->key, "1", e) != 0)
		return -1;
	return it->fails != ERR_NONE ? err_set(e, it->fails, "job %s", it->key) : 0;
}

static void
check_kept(const char *row, const char *name, bool want)
{
	struct err e = { 0 };
	char text[8];

	assert_int_equal(store_meta_get(s, name, text, sizeof(text), &e), 0);
	if ((*text != '\0') != want)
		fail_msg("%s: %s is %s", row, name, want ? "lost" : "kept");
}

/* Jobs a, b, c; b is the odd one. */
static void
groups(void **state)
{
	static const struct {
		const char *name;
		bool repeats, row_fails;
		enum err_kind fails;
		int rc, runs;     /* of a */
		bool a, b, b_row; /* kept */
	} rows[] = {
		{ "all go well, carefully", false, false, 0, 0, 1, true, true, true },
		{ "all go well, boldly", true, false, 0, 0, 1, true, true, true },
		{ "a failed job loses its own", false, false, ERR_CONFLICT, 0, 1, true,
		    false, false },
		{ "a failed job makes all run again", true, false, ERR_CONFLICT, 0, 2,
		    true, false, false },
		{ "a failed row loses its own", false, true, 0, 0, 1, true, true, false },
		{ "a failed row makes all run again", true, true, 0, 0, 2, true, true,
		    false },
		{ "full loses the group", false, false, ERR_FULL, -1, 1, false, false,
		    false },
		{ "full loses the group at once", true, false, ERR_FULL, -1, 1, false,
		    false, false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct item it[3] = { 0 };
		struct err e = { 0 };

		setup(NULL);
		for (int k = 0; k < 3; k++) {
			it[k].job = (struct job){ .run = run,
				.repeats = rows[i].repeats,
				.next = k < 2 ? &it[k + 1].job : NULL };
			it[k].key[0] = (char)('a' + k);
		}
		it[1].fails = rows[i].fails;
		it[1].row_fails = rows[i].row_fails;
		if (group_write(s, &it[0].job, &e) != rows[i].rc)
			fail_msg("%s: %s", rows[i].name, e.text);
		if (it[0].runs != rows[i].runs)
			fail_msg("%s: ran %d times", rows[i].name, it[0].runs);
		assert_int_equal(it[1].job.failed, rows[i].fails != 0);
		assert_int_equal(it[0].job.failed, rows[i].rc != 0);
		check_kept(rows[i].name, "a", rows[i].a);
		check_kept(rows[i].name, "c", rows[i].a);
		check_kept(rows[i].name, "b", rows[i].b);
		check_kept(rows[i].name, "rb", rows[i].b_row);
		teardown(NULL);
	}
}

/* Row and job fail alike when the world does: the second run would fail as well. */
static void
a_worlds_fault_in_a_row_is_told_at_once(void **state)
{
	struct err own = { .kind = ERR_FULL }, e = { 0 };

	(void)state;
	store_set_careful(s, false);
	assert_int_equal(store_begin(s, &e), 0);
	assert_int_equal(store_mark(s, &e), 0);
	assert_int_equal(store_back(s, &own, &e), -1);
	assert_int_equal(e.kind, ERR_FULL);
	own.kind = ERR_INPUT;
	assert_int_equal(store_back(s, &own, &e), -1);
	assert_int_equal(e.kind, ERR_AGAIN);
	store_rollback(s);
	store_set_careful(s, true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups),
		cmocka_unit_test_setup_teardown(
		    a_worlds_fault_in_a_row_is_told_at_once, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
