/* Made-up people: the same from the same seed, nobody's numbers, believable shares,
 * importable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "cmd/cmd.h"
#include "sim/people_make.h"
#include "spec/customers.h"

#define PEOPLE 4000
#define TODAY 20779 /* 2026-11-22 */

static GString *
people_csv(uint64_t seed, int count)
{
	GString *out = g_string_new(NULL);
	struct arena *a = arena_new();
	struct customer c;

	people_make_heading(out);
	for (int i = 0; i < count; i++) {
		people_make(a, seed, i, TODAY, &c);
		people_make_row(&c, out);
		arena_reset(a);
	}
	arena_free(a);
	return out;
}

static void
test_same_seed(void **state)
{
	GString *a = people_csv(7, 300), *b = people_csv(7, 500), *c = people_csv(8, 300);

	(void)state;
	assert_true(b->len > a->len);
	assert_memory_equal(a->str, b->str, a->len);
	assert_string_not_equal(a->str, c->str);
	g_string_free(a, TRUE);
	g_string_free(b, TRUE);
	g_string_free(c, TRUE);
}

static void
test_numbers(void **state)
{
	GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct arena *a = arena_new();
	struct customer c;
	guint n = 0;

	(void)state;
	for (int64_t i = 0; i < 19999; i++) {
		/* Near each other, and at distances that share factors with all numbers.
		 */
		people_make(
		    a, 3, i < 10000 ? i : (i - 9999) * (PEOPLE_MAX / 10000), TODAY, &c);
		const char *number = c.address[CHANNEL_SMS],
			   *mail = c.address[CHANNEL_EMAIL];

		assert_string_equal(number, c.address[CHANNEL_PHONE]);
		if (*number != '\0') {
			assert_true(g_str_has_prefix(number, "+86154"));
			assert_int_equal(strlen(number), 14);
			g_hash_table_add(seen, g_strdup(number));
			n++;
		}
		assert_true(*mail == '\0' || g_str_has_suffix(mail, "@example.com") ||
			    g_str_has_suffix(mail, "@example.org"));
		arena_reset(a);
	}
	assert_int_equal(g_hash_table_size(seen), n);
	assert_true(n > 19000);
	g_hash_table_unref(seen);
	arena_free(a);
}

/* In thousandths of all. */
static void
assert_share(const char *what, int n, int from, int to)
{
	int share = n * 1000 / PEOPLE;

	if (share < from || share > to)
		fail_msg("%s: %d of %d", what, n, PEOPLE);
}

static void
test_shares(void **state)
{
	int dormant = 0, recent = 0, high = 0, marketing = 0, none = 0, urumqi = 0,
	    push = 0, women = 0;
	struct arena *a = arena_new();
	struct customer c;

	(void)state;
	for (int i = 0; i < PEOPLE; i++) {
		people_make(a, 42, i, TODAY, &c);
		int64_t ago =
		    c.last_visit.year != 0 ? TODAY - date_days(c.last_visit) : 0;

		assert_true(
		    c.last_visit.year == 0 ? c.visits == 0 : ago >= 1 && c.visits > 0);
		assert_true(
		    c.visits == 0 || date_days(c.first_visit) <= date_days(c.last_visit));
		assert_true((ago < 365) || c.spend_12m < 0.01);
		assert_int_equal(ago >= 180,
		    strcmp(c.stage, "dormant") == 0 || strcmp(c.stage, "lost") == 0);
		dormant += ago >= 180;
		recent += ago >= 1 && ago < 90;
		high += strcmp(c.tier, "high") == 0;
		marketing += c.consent[CHANNEL_SMS] == CONSENT_MARKETING;
		none += c.consent[CHANNEL_SMS] == CONSENT_NONE;
		urumqi += strcmp(c.tz, "Asia/Urumqi") == 0;
		push += c.address[CHANNEL_PUSH][0] != '\0';
		women += strcmp(c.gender, "female") == 0;
		arena_reset(a);
	}
	arena_free(a);
	assert_share("dormant or lost", dormant, 230, 330);
	assert_share("seen within three months", recent, 250, 500);
	assert_share("high tier", high, 80, 200);
	assert_share("marketing consent", marketing, 750, 880);
	assert_share("no consent", none, 30, 90);
	assert_share("other zone", urumqi, 10, 35);
	assert_share("with the app", push, 320, 420);
	assert_share("women", women, 260, 350);
}

static void
assert_same(const struct customer *a, const struct customer *b)
{
	assert_string_equal(a->ext, b->ext);
	assert_string_equal(a->name, b->name);
	assert_string_equal(a->gender, b->gender);
	assert_string_equal(a->tier, b->tier);
	assert_string_equal(a->stage, b->stage);
	assert_string_equal(a->store, b->store);
	assert_string_equal(a->advisor, b->advisor);
	assert_string_equal(a->tz, b->tz);
	assert_string_equal(a->tags, b->tags);
	assert_memory_equal(a->consent, b->consent, CHANNELS);
	assert_memory_equal(&a->birthday, &b->birthday, sizeof a->birthday);
	assert_memory_equal(&a->first_visit, &b->first_visit, sizeof a->first_visit);
	assert_memory_equal(&a->last_visit, &b->last_visit, sizeof a->last_visit);
	assert_int_equal(a->visits, b->visits);
	assert_true(
	    a->spend_12m - b->spend_12m < 0.01 && b->spend_12m - a->spend_12m < 0.01);
	for (int i = 0; i < CHANNELS; i++)
		assert_string_equal(a->address[i], b->address[i]);
}

/* What is made is read back as it was, without one fault. */
static void
test_round_trip(void **state)
{
	GString *csv = people_csv(5, PEOPLE);
	char *path = NULL;
	int fd = g_file_open_tmp("reachd-people-XXXXXX", &path, NULL);
	struct err e = { .kind = ERR_NONE };
	struct arena *a = arena_new();
	struct customer made, read;
	struct row_fault f;

	(void)state;
	close(fd);
	assert_true(g_file_set_contents(path, csv->str, (gssize)csv->len, NULL));
	struct customers *r = customers_open(path, TABLE_DETECT, NULL, &e);

	assert_non_null(r);
	for (int i = 0; i < table_columns(customers_columns(r)->table); i++)
		assert_string_equal(columns_name(customers_columns(r), i),
		    table_heading(customers_columns(r)->table, i));
	for (int i = 0; i < PEOPLE; i++) {
		assert_int_equal(customers_next(r, a, &read, &f, &e), 1);
		if (f.verdict != ROW_GOOD)
			fail_msg("row %d: %s", i, f.reason);
		people_make(a, 5, i, TODAY, &made);
		assert_same(&made, &read);
		arena_reset(a);
	}
	assert_int_equal(customers_next(r, a, &read, &f, &e), 0);
	customers_close(r);
	arena_free(a);
	g_string_free(csv, TRUE);
	g_unlink(path);
	g_free(path);
}

/* ---- the command ---- */

static int
run(const char *out, char **argv)
{
	int argc = (int)g_strv_length(argv), status;
	pid_t child = fork();

	if (child == 0) {
		int fd = open(out, O_WRONLY);

		dup2(fd, 1);
		dup2(open("/dev/null", O_WRONLY), 2);
		_exit(cmd_people(argc, argv));
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
test_command(void **state)
{
	static const struct {
		const char *name, *out;
		const char *args[6];
		int code;
	} cases[] = {
		{ "plain", "/dev/null", { "people", "--seed", "0x2a", "--count", "10" },
		    0 },
		{ "with a day", "/dev/null",
		    { "people", "--today", "2026-11-22", "--count=3" }, 0 },
		{ "help", "/dev/null", { "people", "--help" }, 0 },
		{ "K3 full disk", "/dev/full", { "people", "--count", "10" }, 4 },
		{ "seed of words", "/dev/null", { "people", "--seed", "abc" }, 2 },
		{ "negative count", "/dev/null", { "people", "--count", "-1" }, 2 },
		{ "no such day", "/dev/null", { "people", "--today", "2026-02-30" }, 2 },
		{ "unknown option", "/dev/null", { "people", "--frob" }, 2 },
		{ "missing value", "/dev/null", { "people", "--seed" }, 2 },
		{ "one too many", "/dev/null", { "people", "x" }, 2 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *args[7] = { NULL };

		for (int k = 0; k < 6; k++)
			args[k] = g_strdup(cases[i].args[k]);
		int code = run(cases[i].out, args);

		if (code != cases[i].code)
			fail_msg("%s: exit %d", cases[i].name, code);
		for (int k = 0; k < 6; k++)
			g_free(args[k]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_seed),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_command),
	};

	return cmocka_run_group_tests_name("people", tests, NULL, NULL);
}
