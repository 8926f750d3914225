/* Receipts that name the call, not the message: of several numbers, or of one. */
#include "stage.h"

#include "../../src/engine/ref.h"

#define START "2026-03-10T10:00:00+08:00"
#define ONE                                                                         \
	"playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n" \
	"steps:\n  - { id: one, after: 1m, send: a }\n"
#define PHONE "+8619900000001"
#define TOKEN INT64_C(77)
#define OTHER "+8619900000002"

/* As a gateway with one reference a call tells of one of its numbers. */
static void
tell_of_call(struct stage *s, const char *key, const char *id, const char *from)
{
	struct account gateway = { .name = "gateway", .type = "aliyun" };
	char ref[REF_TEXT];
	struct receipt r = { .kind = RECEIPT_DELIVERED,
		.key = key,
		.ref = ref_make(store_crypt(s->store), TOKEN, 0, ref),
		.provider_id = id,
		.from = from,
		.channel = CHANNEL_SMS,
		.text = "",
		.perr = "",
		.raw = "" };

	engine_receipts(s->engine, &gateway, &r, 1, stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 200);
}

static struct stage *
two_sent(struct message m[2])
{
	struct stage *s = stage_new(START, "config/playbooks/care.yaml", ONE, NULL);

	stage_customer(s, "C1", "high", PHONE, "");
	stage_event(s, "v1", "C1", "visit");
	stage_customer(s, "C2", "high", OTHER, "");
	stage_event(s, "v2", "C2", "visit");
	stage_run(s, 2 * MS_MINUTE);
	stage_touch(s, "C1", 0, &m[0]);
	stage_touch(s, "C2", 0, &m[1]);
	return s;
}

static void
of_a_member_of_a_call(void **state)
{
	struct err e = { 0 };
	struct message m[2];
	struct stage *s = two_sent(m);

	(void)state;
	assert_int_equal(
	    request_add(s->store, TOKEN, 1, (const int64_t[]){ m[0].id, m[1].id }, 2, &e),
	    0);
	tell_of_call(s, "k1", "biz", "+8619900000003");
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	stage_expect(s, "C2", 0, MSG_ACCEPTED, REASON_NONE);
	tell_of_call(s, "k2", "biz", OTHER);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	stage_expect(s, "C2", 0, MSG_DELIVERED, REASON_NONE);
	stage_free(s);
}

/* Where its answer was taken down, nobody else of the call is looked at. */
static void
of_a_call_by_its_name(void **state)
{
	struct err e = { 0 };
	struct message m[2];
	struct stage *s = two_sent(m);
	char name[64];

	(void)state;
	g_snprintf(name, sizeof(name), "biz %" G_GINT64_FORMAT,
	    customer_hash(s->store, CHANNEL_SMS, PHONE));
	assert_int_equal(ref_add(s->store, "gateway", name, m[0].id, &e), 0);
	tell_of_call(s, "k1", "biz", OTHER);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	stage_expect(s, "C2", 0, MSG_ACCEPTED, REASON_NONE);
	tell_of_call(s, "k2", "biz", PHONE);
	stage_expect(s, "C1", 0, MSG_DELIVERED, REASON_NONE);
	stage_expect(s, "C2", 0, MSG_ACCEPTED, REASON_NONE);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_a_member_of_a_call),
		cmocka_unit_test(of_a_call_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
