/* flight_test.c - what the flight log tells the next life, and when it is not believed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/engine/flight.h"
#include "sim/sim.h"

static struct sim *sim;
static struct world *w;

static int
setup(void **state)
{
	(void)state;
	sim =
	    sim_new(&(struct sim_options){ .seed = 1, .start = MS_DAY, .instant = true });
	w = sim_world(sim);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	sim_free(sim);
	return 0;
}

static struct flight *
life(const char *db, int64_t epoch)
{
	struct err e = { 0 };
	struct flight *f = flight_open(w, "flight", db, epoch, &e);

	assert_non_null(f);
	return f;
}

/* Three calls: not written, written, answered for two. */
static void
three_calls(struct flight *f)
{
	struct answer a[2] = { { .outcome = OUTCOME_ACCEPTED, .provider_id = "p1" },
		{ .outcome = OUTCOME_REJECTED, .perr = "x" } };
	int one = flight_take(f), two = flight_take(f), three = flight_take(f);

	assert_true(one != two && two != three && one != three);
	assert_int_equal(flight_free(f), FLIGHT_SLOTS - 3);
	assert_int_equal(flight_written(f, two, 102), 0);
	assert_int_equal(flight_written(f, three, 103), 0);
	flight_answered(f, three, 103, a, 2);
	flight_close(f);
}

static const struct flight_record *
find(GHashTable *log, int64_t token)
{
	return g_hash_table_lookup(log, &token);
}

static void
believed(void **state)
{
	GHashTable *log;
	int64_t epoch = 0;

	(void)state;
	three_calls(life("db", 7));
	log = flight_read(w, "flight", "db", &epoch);
	assert_non_null(log);
	assert_int_equal(epoch, 7);
	assert_null(find(log, 101));
	assert_false(find(log, 102)->answered);
	assert_true(find(log, 103)->answered);
	assert_int_equal(find(log, 103)->n, 2);
	assert_int_equal(find(log, 103)->answers[0].outcome, OUTCOME_ACCEPTED);
	assert_string_equal(find(log, 103)->answers[0].provider_id, "p1");
	assert_int_equal(find(log, 103)->answers[1].outcome, OUTCOME_REJECTED);
	g_hash_table_unref(log);
}

static void
not_believed(void **state)
{
	int64_t epoch;

	(void)state;
	assert_null(flight_read(w, "flight", "db", &epoch)); /* none */
	three_calls(life("db", 7));
	assert_null(flight_read(w, "flight", "other", &epoch));
	sim_kill(sim, false);
	GHashTable *log = flight_read(w, "flight", "db", &epoch);
	assert_non_null(log);
	g_hash_table_unref(log);
	g_strlcpy(w->boot_id, "another boot", sizeof(w->boot_id));
	assert_null(flight_read(w, "flight", "db", &epoch));
}

static void
emptied_by_the_next_life(void **state)
{
	GHashTable *log;
	int64_t epoch;

	(void)state;
	three_calls(life("db", 7));
	flight_close(life("db", 8));
	log = flight_read(w, "flight", "db", &epoch);
	assert_int_equal(epoch, 8);
	assert_int_equal(g_hash_table_size(log), 0);
	g_hash_table_unref(log);
}

/* A torn or spoilt answer still proves that the request was written. */
static void
torn(void **state)
{
	(void)state;
	for (int how = 0; how < 2; how++) {
		struct err e = { 0 };
		struct file *f;
		GHashTable *log;
		int64_t epoch, at, token = 0;
		char byte = 'z';

		three_calls(life("db", 7));
		f = w->files->open(w, "flight", false, &e);
		for (at = 0; token != 103; at += 8)
			assert_int_equal(
			    w->files->pread(f, &token, sizeof(token), at, &e), 8);
		if (how == 0)
			assert_int_equal(w->files->truncate(f, at + 60, &e), 0);
		else
			assert_int_equal(w->files->pwrite(f, &byte, 1, at + 40, &e), 0);
		w->files->close(f);
		log = flight_read(w, "flight", "db", &epoch);
		assert_non_null(find(log, 103));
		assert_false(find(log, 103)->answered);
		g_hash_table_unref(log);
	}
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = { T(believed), T(not_believed),
		T(emptied_by_the_next_life), T(torn) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
