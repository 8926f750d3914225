/* decide_test.c - messages before a person: the list, his word, and what it moves. */
#include "stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define MONTH 202603
#define CARE "config/playbooks/care.yaml"
#define PARK                                                                        \
	"playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n" \
	"steps:\n  - { id: one, after: 1m, send: a, on_unknown: park }\n"           \
	"  - { id: two, after: 1h, send: b }\n"

struct said {
	int status;
	char *json;
};

static void
note(void *arg, int status, const char *json)
{
	struct said *said = arg;

	said->status = status;
	g_free(said->json);
	said->json = g_strdup(json);
}

static int
settle(struct stage *s, const char *id, const char *word)
{
	struct said said = { 0 };

	engine_settle(s->engine, id, word, note, &said);
	stage_run(s, 5);
	g_free(said.json);
	return said.status;
}

/* How many wait; the first one's number in id. */
static size_t
waiting(struct stage *s, char id[24])
{
	struct said said = { 0 };
	json_t *j, *list;
	size_t n;

	engine_parked(s->engine, NULL, note, &said);
	stage_run(s, 5);
	assert_int_equal(said.status, 200);
	j = json_loads(said.json, 0, NULL);
	list = json_object_get(j, "parked");
	n = json_array_size(list);
	if (n > 0) {
		const json_t *one = json_array_get(list, 0);

		g_strlcpy(id, json_string_value(json_object_get(one, "message")), 24);
		assert_string_equal(
		    json_string_value(json_object_get(one, "customer")), "C1");
		assert_string_equal(
		    json_string_value(json_object_get(one, "playbook")), "care");
		assert_string_equal(
		    json_string_value(json_object_get(one, "step")), "one");
		assert_string_equal(json_string_value(json_object_get(one, "at")),
		    "2026-03-10T10:01:01+08:00");
	}
	json_decref(j);
	g_free(said.json);
	return n;
}

static struct stage *
park(int64_t *customer)
{
	struct stage *s = stage_new(
	    START, CARE, PARK, "config/reachd.yaml", STAGE_ACCOUNTS("none"), NULL);

	*customer = stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "v1", "C1", "visit");
	s->say = SAY_CUT;
	stage_run(s, 2 * MS_MINUTE);
	s->say = SAY_TAKEN;
	stage_expect(s, "C1", 0, MSG_PARKED, REASON_NONE);
	assert_int_equal(stage_used(s, *customer, MONTH), 1);
	return s;
}

static void
note_trail(void *arg, ms_t at, const char *what)
{
	(void)at;
	g_string_append_printf(arg, "%s\n", what);
}

static void
trail_says(struct stage *s, const char *what)
{
	GString *all = g_string_new("");
	struct err e = { 0 };
	struct run r;

	stage_last_run(s, "C1", &r);
	assert_int_equal(trail_each(s->store, r.id, note_trail, all, &e), 0);
	assert_non_null(strstr(all->str, what));
	g_string_free(all, TRUE);
}

static void
settled_as_sent(void **state)
{
	int64_t customer;
	struct stage *s = park(&customer);
	struct message m;
	struct run r;
	char id[24];

	(void)state;
	assert_int_equal(waiting(s, id), 1);
	assert_int_equal(settle(s, id, "sent"), 200);
	stage_expect(s, "C1", 0, MSG_PRESUMED, REASON_NONE);
	assert_int_equal(stage_used(s, customer, MONTH), 1);
	trail_says(s, "one: a person settled it as sent");
	assert_int_equal(waiting(s, id), 0);
	stage_last_run(s, "C1", &r);
	assert_true(r.first_sent_at != 0);
	stage_run(s, 2 * MS_HOUR);
	stage_expect(s, "C1", 1, MSG_ACCEPTED, REASON_NONE);
	assert_int_equal(stage_used(s, customer, MONTH), 2);
	/* A receipt still raises it. */
	stage_receipt(s, RECEIPT_DELIVERED, "k1", 0, "", "");
	stage_expect(s, "C1", 0, MSG_DELIVERED, REASON_NONE);
	stage_touch(s, "C1", 0, &m);
	assert_int_equal(m.n, 1);
	assert_int_equal(s->letters->len, 2);
	stage_free(s);
}

static void
settled_as_lost(void **state)
{
	int64_t customer;
	struct stage *s = park(&customer);
	struct message m;
	struct run r;
	char id[24];

	(void)state;
	assert_int_equal(waiting(s, id), 1);
	assert_int_equal(settle(s, id, "lost"), 200);
	stage_expect(s, "C1", 0, MSG_REJECTED, REASON_NONE);
	stage_touch(s, "C1", 0, &m);
	assert_string_equal(m.perr, "settled-lost");
	assert_int_equal(stage_used(s, customer, MONTH), 0);
	trail_says(s, "one: a person settled it as lost");
	stage_last_run(s, "C1", &r);
	assert_int_equal(r.first_sent_at, 0);
	/* Never again by itself; the run goes on with its next step. */
	stage_fall(s, true);
	stage_rise(s);
	stage_run(s, 2 * MS_DAY);
	stage_expect(s, "C1", 0, MSG_REJECTED, REASON_NONE);
	assert_int_equal(s->letters->len, 2);
	assert_non_null(strstr(((struct letter *)s->letters->pdata[1])->text, "two"));
	assert_int_equal(stage_used(s, customer, MONTH), 1);
	stage_free(s);
}

/* What is asked twice, of another message, or of none. */
static void
what_cannot_be_settled(void **state)
{
	static const char *const numbers[] = { "", "0", "-1", "1", "x",
		"99999999999999999999" };
	int64_t customer;
	struct stage *s = park(&customer);
	char id[24];

	(void)state;
	assert_int_equal(waiting(s, id), 1);
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		assert_int_equal(settle(s, numbers[i], "sent"), 404);
	assert_int_equal(settle(s, id, "found"), 404);
	assert_int_equal(settle(s, id, ""), 404);
	stage_expect(s, "C1", 0, MSG_PARKED, REASON_NONE);
	assert_int_equal(settle(s, id, "lost"), 200);
	assert_int_equal(settle(s, id, "lost"), 422);
	assert_int_equal(settle(s, id, "sent"), 422);
	stage_expect(s, "C1", 0, MSG_REJECTED, REASON_NONE);
	assert_int_equal(stage_used(s, customer, MONTH), 0);
	stage_free(s);
}

/* The receipt came first: there is nothing to decide any more. */
static void
a_receipt_decides(void **state)
{
	int64_t customer;
	struct stage *s = park(&customer);
	char id[24];

	(void)state;
	assert_int_equal(waiting(s, id), 1);
	stage_receipt(s, RECEIPT_DELIVERED, "k1", 0, "", "");
	assert_int_equal(settle(s, id, "lost"), 422);
	assert_int_equal(waiting(s, id), 0);
	stage_expect(s, "C1", 0, MSG_DELIVERED, REASON_NONE);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settled_as_sent),
		cmocka_unit_test(settled_as_lost),
		cmocka_unit_test(what_cannot_be_settled),
		cmocka_unit_test(a_receipt_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
