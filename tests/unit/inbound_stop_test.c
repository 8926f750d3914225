/* inbound_stop_test.c - who wants no more, complains or cannot be reached is heeded whether or
 * not the provider's word names a message of ours. */
#include "stage.h"
#include "store/optout.h"
#include "store/event.h"

#include "../../src/store/sql.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define ONE                                                                      \
	"playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit " \
	"}\nsteps:\n"                                                            \
	"  - { id: one, after: 1h, send: a }\n"
#define PHONE "+8619900000001"
#define STRANGER "+8619900000002"

static int
opted_out(struct stage *s, const char *phone)
{
	struct err e = { 0 };

	return optout_has(
	    s->store, customer_hash(s->store, CHANNEL_SMS, phone), CHANNEL_SMS, &e);
}

static void
tell(struct stage *s, struct receipt r)
{
	r.channel = CHANNEL_SMS;
	r.text = r.perr = r.raw = "";
	if (r.ref == NULL)
		r.ref = "";
	if (r.provider_id == NULL)
		r.provider_id = "";
	s->answer = 0;
	engine_receipts(
	    s->engine, &s->catalog->config->accounts[0], &r, 1, stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 200);
}

static struct stage *
one_queued(void)
{
	struct stage *s = stage_new(START, CARE, ONE, NULL);

	stage_customer(s, "C1", "high", PHONE, "");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_MINUTE);
	return s;
}

static const struct row {
	const char *name;
	struct receipt told;
	int optouts, blocked, invalid;
	int64_t open; /* left for its message */
} rows[] = {
	{ "unsubscribe, nothing else named",
	    { .kind = RECEIPT_UNSUBSCRIBE, .key = "k", .from = PHONE }, 1, 0, 0, 0 },
	{ "unsubscribe, of a mail nobody knows",
	    { .kind = RECEIPT_UNSUBSCRIBE,
		.key = "k",
		.from = PHONE,
		.provider_id = "x" },
	    1, 0, 0, 0 },
	{ "unsubscribe, with a reference that is none",
	    { .kind = RECEIPT_UNSUBSCRIBE, .key = "k", .from = PHONE, .ref = "x" }, 1, 0,
	    0, 0 },
	{ "complaint",
	    { .kind = RECEIPT_COMPLAINT, .key = "k", .from = PHONE, .provider_id = "x" },
	    1, 1, 0, 0 },
	{ "failed, for he wants no more",
	    { .kind = RECEIPT_FAILED, .key = "k", .from = PHONE, .opted_out = true }, 1,
	    0, 0, 0 },
	{ "the same of a message that may still be known",
	    { .kind = RECEIPT_FAILED,
		.key = "k",
		.from = PHONE,
		.provider_id = "x",
		.opted_out = true },
	    1, 0, 0, 1 },
	{ "failed, for nobody is there",
	    { .kind = RECEIPT_FAILED, .key = "k", .from = PHONE, .bad_address = true }, 0,
	    0, 1 << CHANNEL_SMS, 0 },
};

static void
w8_of_no_message_of_ours(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = one_queued();
		int64_t open;
		struct err e = { 0 };

		print_message("%s\n", rows[i].name);
		tell(s, rows[i].told);
		tell(s, rows[i].told); /* posted again */
		assert_int_equal(
		    stage_number(s, "SELECT count(*) FROM optout"), rows[i].optouts);
		assert_int_equal(opted_out(s, PHONE), rows[i].optouts);
		assert_int_equal(
		    stage_number(s,
			"SELECT count(*) FROM customer WHERE blocked_at IS NOT NULL "
			"AND blocked_at <> 0"),
		    rows[i].blocked);
		assert_int_equal(
		    stage_number(s, "SELECT count(*) FROM alarm WHERE kind = 'complaint'"),
		    rows[i].blocked);
		assert_int_equal(
		    stage_number(s, "SELECT invalid FROM customer"), rows[i].invalid);
		assert_int_equal(inbox_count_open(s->store, &open, &e), 0);
		assert_int_equal(open, rows[i].open);
		stage_run(s, 8 * MS_DAY);
		assert_int_equal(s->calls, 0);
		assert_int_equal(inbox_count_open(s->store, &open, &e), 0);
		assert_int_equal(open, 0);
		stage_free(s);
	}
}

/* He may be imported tomorrow. */
static void
from_an_address_nobody_has(void **state)
{
	static const enum receipt_kind kinds[] = { RECEIPT_UNSUBSCRIBE,
		RECEIPT_COMPLAINT };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		struct stage *s = one_queued();

		tell(s,
		    (struct receipt){ .kind = kinds[i], .key = "k", .from = STRANGER });
		assert_int_equal(opted_out(s, STRANGER), 1);
		stage_customer(s, "C2", "high", STRANGER, "");
		stage_event(s, "v2", "C2", "visit");
		stage_run(s, 2 * MS_HOUR);
		assert_int_equal(s->calls, 1); /* C1's */
		stage_free(s);
	}
}

/* What is told of others' mails, and only that they arrived, is nobody's business. */
static void
others_receipts_change_nothing(void **state)
{
	struct stage *s = one_queued();

	(void)state;
	tell(s,
	    (struct receipt){
		.kind = RECEIPT_FAILED, .key = "k", .from = PHONE, .provider_id = "x" });
	tell(s, (struct receipt){ .kind = RECEIPT_DELIVERED, .key = "l", .from = PHONE });
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->calls, 1);
	stage_free(s);
}

/* ---- a mailbox that refuses our domain (B-EM5) ---- */

static void
bounced(struct stage *s, const char *key, const char *from, bool ours)
{
	const struct letter *l = s->letters->pdata[s->letters->len - 1];

	tell(s,
	    (struct receipt){ .kind = RECEIPT_FAILED,
		.key = key,
		.ref = l->ref,
		.from = from,
		.distrusted = ours });
}

static void
what_refuses_our_domain_stops_the_account(void **state)
{
	static const char frozen[] = "SELECT count(*) FROM alarm WHERE kind = 'frozen'";
	struct stage *s = one_queued();

	(void)state;
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->calls, 1);
	bounced(s, "k", STRANGER, true); /* where he had it forwarded to */
	assert_int_equal(stage_number(s, frozen), 0);
	stage_customer(s, "C2", "high", STRANGER, "");
	stage_event(s, "v2", "C2", "visit");
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->calls, 2);
	bounced(s, "l", STRANGER, true);
	assert_int_equal(stage_number(s, frozen), 1);
	assert_int_equal(stage_number(s, "SELECT sum(invalid) FROM customer"), 0);
	assert_int_equal(opted_out(s, STRANGER), 0);

	stage_customer(s, "C3", "high", "+8619900000003", "");
	stage_event(s, "v3", "C3", "visit");
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->calls, 2); /* it waits */
	/* Set right: late news of mails sent before say nothing of it. */
	stage_put(s, "config/reachd.yaml", STAGE_ACCOUNTS("idempotency_key") "# right\n");
	s->answer = 0;
	engine_reload(s->engine, stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 200);
	bounced(s, "m", STRANGER, true);
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->calls, 3);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(w8_of_no_message_of_ours),
		cmocka_unit_test(from_an_address_nobody_has),
		cmocka_unit_test(others_receipts_change_nothing),
		cmocka_unit_test(what_refuses_our_domain_stops_the_account),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
