/* What T3 writes without having read it: only where all stands as T2 left it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/reason.h"
#include "store/msg.h"
#include "store/run.h"

static struct store *s;
static struct err e;

static int
setup(void **state)
{
	static const uint8_t key[CRYPT_KEY];

	(void)state;
	memset(&e, 0, sizeof(e));
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

/* Message n of the run 1, as T2 writes it. */
static struct message
begun(int n, int64_t token)
{
	struct message m = { .id = n,
		.customer = 1,
		.run = 1,
		.step = "one",
		.occ = n,
		.state = MSG_DUE,
		.account = "",
		.template_ = "",
		.provider_id = "",
		.perr = "" };

	assert_int_equal(msg_add(s, &m, &e), 1);
	m.state = MSG_SENDING;
	m.token = token;
	m.settle_at = 12;
	assert_int_equal(msg_save(s, &m, &e), 0);
	return m;
}

static void
accepts(void **state)
{
	static const struct {
		const char *name;
		int state, reason;
		int64_t token;
		int expected;
	} rows[] = {
		{ "as T2 wrote it", MSG_SENDING, REASON_NONE, 7, 1 },
		{ "recalled meanwhile", MSG_SENDING, REASON_EXITED, 7, 0 },
		{ "unknown by now", MSG_UNKNOWN, REASON_NONE, 7, 0 },
		{ "begun anew under another token", MSG_SENDING, REASON_NONE, 8, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct message m = begun((int)i + 1, rows[i].token), as_begun = m, got;

		as_begun.token = 7;
		as_begun.provider_id = "id";
		m.state = rows[i].state;
		m.reason = rows[i].reason;
		assert_int_equal(msg_save(s, &m, &e), 0);
		if (msg_accept(s, &as_begun, &e) != rows[i].expected)
			fail_msg("%s", rows[i].name);
		assert_int_equal(msg_get(s, m.id, &got, &e), 1);
		assert_int_equal(got.state, rows[i].expected ? MSG_ACCEPTED : m.state);
		assert_string_equal(got.provider_id, rows[i].expected ? "id" : "");
		assert_int_equal(got.settle_at, 12);
	}
}

/* A run ends without being read only where it waits for this message of this version. */
static void
finishes(void **state)
{
	static const struct {
		const char *name;
		enum run_state state;
		enum run_wait wait;
		int occ;
		int64_t version;
		ms_t wake_at, first_sent_at;
		int expected;
	} rows[] = {
		{ "waits for it", RUN_RUNNING, WAIT_MESSAGE, 2, 1, 0, 0, 1 },
		{ "was sent something before", RUN_RUNNING, WAIT_MESSAGE, 2, 1, 0, 3, 1 },
		{ "has left", RUN_LEFT, WAIT_MESSAGE, 2, 1, 0, 0, 0 },
		{ "waits for another thing", RUN_RUNNING, WAIT_STEP, 2, 1, 0, 0, 0 },
		{ "waits for a later touch", RUN_RUNNING, WAIT_MESSAGE, 3, 1, 0, 0, 0 },
		{ "is of another version", RUN_RUNNING, WAIT_MESSAGE, 2, 9, 0, 0, 0 },
		{ "is woken, too", RUN_RUNNING, WAIT_MESSAGE, 2, 1, 5, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct run r = { .customer = 100 + (int64_t)i,
			.playbook = 1,
			.version = rows[i].version,
			.state = rows[i].state,
			.wait = rows[i].wait,
			.occ = rows[i].occ,
			.wake_at = rows[i].wake_at,
			.first_sent_at = rows[i].first_sent_at,
			.step = "only",
			.why = "",
			.entry = "e" },
			   got;
		struct message m = { .version = 1, .occ = 2, .begun_at = 8 };
		bool done = rows[i].expected == 1;

		assert_int_equal(run_add(s, &r, &e), 1);
		m.run = r.id;
		if (run_finish(s, &m, 9, "steps", &e) != rows[i].expected)
			fail_msg("%s", rows[i].name);
		assert_int_equal(run_get(s, r.id, &got, &e), 1);
		assert_int_equal(got.state, done ? RUN_FINISHED : rows[i].state);
		assert_int_equal(got.ended_at, done ? 9 : 0);
		assert_int_equal(got.first_sent_at, rows[i].first_sent_at
							? rows[i].first_sent_at
						    : done ? 8
							   : 0);
		assert_string_equal(got.step, done ? "" : "only");
	}
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = { T(accepts), T(finishes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
