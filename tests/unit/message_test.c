/* message_test.c - the moves of messages and runs, allowed and refused; ids; columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "core/message.h"
#include "core/reason.h"
#include "core/run.h"

/* Every move there is, apart from the table it is held against. */
static const char *const moves[] = { "due sending", "due suppressed", "due lapsed", "sending accepted",
	"sending rejected", "sending due", "sending unknown", "sending awaiting",
	"accepted delivered", "accepted undelivered", "accepted no_receipt",
	"undelivered delivered", "no_receipt delivered", "no_receipt undelivered",
	"awaiting delivered", "awaiting undelivered", "awaiting lapsed", "awaiting due", "lapsed due", "rejected due",
	"unknown due", "unknown accepted", "unknown rejected", "unknown presumed",
	"unknown parked", "unknown awaiting", "presumed accepted", "presumed delivered",
	"presumed undelivered", "parked accepted", "parked presumed",
	"parked rejected" };
static const char *const run_moves[] = { "running watching", "running finished",
	"running left", "watching finished", "watching left" };

static void
hold(const struct fsm *m, const char *const *list, size_t n)
{
	for (int a = 0; a < m->count; a++)
		for (int b = 0; b < m->count; b++) {
			char *move =
			    g_strdup_printf("%s %s", fsm_name(m, a), fsm_name(m, b));
			bool listed = false;

			for (size_t i = 0; i < n; i++)
				listed |= strcmp(list[i], move) == 0;
			if (fsm_may(m, a, b) != listed)
				fail_msg("%s: %s", m->name, move);
			g_free(move);
		}
}

static void
every_move(void **state)
{
	(void)state;
	hold(&message_fsm, moves, G_N_ELEMENTS(moves));
	hold(&run_fsm, run_moves, G_N_ELEMENTS(run_moves));
}

static void
ids(void **state)
{
	int64_t last = 0, a = message_id(1000, &last), b = message_id(1000, &last);
	int64_t c = message_id(500, &last), d = message_id(1001, &last);

	(void)state;
	assert_true(a < b && b < c && c < d);
	assert_int_equal(message_id_time(a), 1000);
	assert_int_equal(message_id_time(d), 1001);
}

static const struct col {
	int state, reason, due;
	const char *column;
} cols[] = {
	{ MSG_DUE, 0, 0, "planned" },
	{ MSG_DUE, REASON_QUIET, 1, "held" },
	{ MSG_SENDING, 0, 1, "unknown" },
	{ MSG_UNKNOWN, 0, 1, "unknown" },
	{ MSG_PARKED, 0, 1, "unknown" },
	{ MSG_PRESUMED, 0, 1, "sent" },
	{ MSG_ACCEPTED, 0, 1, "sent" },
	{ MSG_DELIVERED, 0, 1, "sent" },
	{ MSG_UNDELIVERED, 0, 1, "sent" },
	{ MSG_NO_RECEIPT, 0, 1, "sent" },
	{ MSG_AWAITING, 0, 1, "awaiting" },
	{ MSG_LAPSED, 0, 1, "failed" },
	{ MSG_REJECTED, 0, 1, "failed" },
	{ MSG_SUPPRESSED, REASON_CAPPED, 1, "capped" },
	{ MSG_SUPPRESSED, REASON_CAPPED_RESERVED, 1, "capped" },
	{ MSG_SUPPRESSED, REASON_SUPPRESSED, 1, "opted_out" },
	{ MSG_SUPPRESSED, REASON_COMPLAINT_BLOCK, 1, "opted_out" },
	{ MSG_SUPPRESSED, REASON_NO_CONSENT, 1, "opted_out" },
	{ MSG_SUPPRESSED, REASON_ERASED, 1, "opted_out" },
	{ MSG_SUPPRESSED, REASON_EXPIRED, 1, "expired" },
	{ MSG_SUPPRESSED, REASON_NO_ADDRESS, 1, "failed" },
	{ MSG_SUPPRESSED, REASON_NOT_REACHABLE, 1, "failed" },
	{ MSG_SUPPRESSED, REASON_TEMPLATE_ERROR, 1, "failed" },
	{ MSG_SUPPRESSED, REASON_CONTENT_LINT, 1, "failed" },
	{ MSG_SUPPRESSED, REASON_PROVIDER_RULE, 1, "failed" },
	{ MSG_SUPPRESSED, REASON_GOAL_MET, 1, "left" },
	{ MSG_SUPPRESSED, REASON_EXITED, 1, "left" },
	{ MSG_SUPPRESSED, REASON_AUDIENCE_MISMATCH, 1, "left" },
	{ MSG_SUPPRESSED, REASON_PAST, 1, "left" },
	{ MSG_SUPPRESSED, REASON_MERGED, 1, "left" },
	{ MSG_SUPPRESSED, REASON_CONTROL, 1, "control" },
};

static void
columns(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cols); i++)
		assert_string_equal(column_name((int)message_column(
					cols[i].state, cols[i].reason, cols[i].due)),
		    cols[i].column);
}

static void
reasons(void **state)
{
	(void)state;
	for (int r = 1; r < REASONS; r++) {
		assert_int_equal(reason_find(reason_name(r)), r);
		assert_true(reason_fate(r) != FATE_GO);
		assert_true(
		    *reason_sentence(r) != '\0' && *reason_sentence_zh(r) != '\0');
	}
	assert_int_equal(reason_find("nonsense"), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_move),
		cmocka_unit_test(ids),
		cmocka_unit_test(columns),
		cmocka_unit_test(reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
