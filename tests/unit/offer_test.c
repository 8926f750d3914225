/* offer_test.c - offers on the engine: quotas, approvals, use, promises.
 *
 * proves: 7.8 */
#include "stage.h"
#include "store/offer.h"

#define START "2026-03-10T10:00:00+08:00"
#define MONTH 202603
#define CARE "config/playbooks/care.yaml"
#define OFFERS "config/offers.yaml"
#define HEAD "playbook: care\ncategory: marketing\nstatus: live\n"
#define VISIT HEAD "start: { on: visit }\nre_entry: after 1d\n"
#define CATALOGUE                                                                  \
	"offers:\n"                                                                \
	"  free-check: { title: 免费检测, value: 200, valid: 30d, quota: 2, "  \
	"redeemed_by: booking }\n"                                                 \
	"  wash: { title: 洗车券, value: 40.50, valid: 90d, quota: 1/store }\n" \
	"  half-price: { value: 600, valid: 10d, approval: manager, quota: 1 }\n"  \
	"  custom: { value: 2000, valid: 10d, approval: general-manager }\n"
#define PROMISE                                                                       \
	"---\ntitle: x\ncategory: marketing\noffer: free-check\n---\n{{ offer.title " \
	"}} 到{{ offer.expires | date: \"%m-%d\" }} 拒收请回复R\n"

static struct stage *
open_with(const char *playbook)
{
	struct stage *s = stage_new(START, CARE, playbook, OFFERS, CATALOGUE,
	    "templates/sms/o.liquid", PROMISE, NULL);

	for (int i = 1; i <= 4; i++) {
		char *ext = g_strdup_printf("C%d", i),
		     *n = g_strdup_printf("+8619900%06d", i);

		stage_customer(s, ext, "high", n, "device-1");
		g_free(ext);
		g_free(n);
	}
	return s;
}

static void
note_offer(void *arg, const struct grant *g, const char *ext)
{
	g_string_append_printf(
	    arg, "%s %s %s;", ext, g->name, fsm_name(&offer_fsm, g->state));
}

/* "C1 free-check granted;", newest first. */
static void
offers_are(struct stage *s, const char *want)
{
	GString *text = g_string_new("");
	struct err e = { 0 };

	assert_int_equal(offer_each(s->store, -1, 0, 100, note_offer, text, &e), 0);
	assert_string_equal(text->str, want);
	g_string_free(text, TRUE);
}

static void
note_id(void *arg, const struct grant *g, const char *ext)
{
	(void)ext;
	*(int64_t *)arg = g->id;
}

static int64_t
newest(struct stage *s)
{
	struct err e = { 0 };
	int64_t id = 0;

	assert_int_equal(offer_each(s->store, -1, 0, 1, note_id, &id, &e), 0);
	return id;
}

/* ---- the quota ---- */

static void
never_above_the_quota(void **state)
{
	struct stage *s = open_with(
	    VISIT "steps:\n  - { id: gift, offer: { name: free-check, else: poor } }\n"
		  "  - { id: tell, send: o }\n  - { id: end, stop: true }\n"
		  "  - { id: poor, send: a }\n");
	int used;
	struct err e = { 0 };

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	stage_event(s, "v2", "C2", "visit");
	stage_event(s, "v3", "C3", "visit");
	stage_run(s, MS_MINUTE);
	offers_are(s, "C2 free-check granted;C1 free-check granted;");
	assert_int_equal(
	    offer_quota_used(s->store, "free-check", "", MONTH, &used, &e), 0);
	assert_int_equal(used, 2);
	assert_int_equal((int)s->letters->len, 3);
	assert_string_equal(((struct letter *)s->letters->pdata[0])->text,
	    "【示例】免费检测 到04-09 拒收请回复R");
	assert_non_null(strstr(((struct letter *)s->letters->pdata[2])->text, "one C3"));
	/* The next month is another one. */
	stage_run(s, 25 * MS_DAY);
	stage_event(s, "v4", "C3", "visit");
	offers_are(
	    s, "C3 free-check granted;C2 free-check granted;C1 free-check granted;");
	stage_free(s);
}

static void
says_weak(void *arg, ms_t at, const char *what)
{
	(void)at;
	*(bool *)arg |=
	    strcmp(what, "offer free-check: not given, a weak tie gets no offers") == 0;
}

/* A weak tie is given nothing (2.1): the step goes its other way, and says why. */
static void
a_weak_tie_gets_no_offer(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    VISIT "steps:\n  - { id: gift, offer: { name: free-check, else: poor } }\n"
		  "  - { id: end, stop: true }\n  - { id: poor, send: a }\n",
	    OFFERS, CATALOGUE, "config/lifecycle.yaml",
	    "weak_tie: { tier: weak-tie, stages: given-up }\n", "config/policy.yaml",
	    "tiers:\n  high: { cap: 3 }\n  weak-tie: { cap: 4/year }\n", NULL);
	struct run r;
	bool said = false;
	struct err e = { 0 };

	(void)state;
	stage_customer(s, "C1", "weak-tie", "+8619900000001", "device-1");
	stage_customer(s, "C2", "high", "+8619900000002", "device-1");
	stage_event(s, "v1", "C1", "visit");
	stage_event(s, "v2", "C2", "visit");
	stage_run(s, MS_MINUTE);
	offers_are(s, "C2 free-check granted;");
	stage_last_run(s, "C1", &r);
	assert_int_equal(trail_each(s->store, r.id, says_weak, &said, &e), 0);
	assert_true(said);
	stage_free(s);
}

/* A19 a quota lowered below what is used is taken, nothing more is granted; what an offer
 * was worth when it was granted stays; one that is gone from the catalogue is none. */
static void
a19_lowered_below_used(void **state)
{
	struct stage *s = open_with(
	    VISIT "steps:\n  - { id: gift, offer: { name: free-check, else: poor } }\n"
		  "  - { id: end, stop: true }\n  - { id: poor, send: a }\n");
	struct grant g;
	struct err e = { 0 };

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	stage_put(
	    s, OFFERS, "offers:\n  free-check: { value: 1, valid: 30d, quota: 1 }\n");
	engine_reload(s->engine, stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	stage_event(s, "v2", "C2", "visit");
	offers_are(s, "C1 free-check granted;");
	assert_int_equal(offer_get(s->store, newest(s), &g, &e), 1);
	assert_true(g.value == 200);
	stage_put(s, OFFERS, "offers:\n  other: { value: 1, valid: 30d }\n");
	stage_put(s, CARE,
	    "playbook: care\ncategory: marketing\nstatus: paused\n"
	    "start: { on: visit }\nsteps: [{ id: end, stop: true }]\n");
	stage_put(
	    s, "templates/sms/o.liquid", STAGE_TEMPLATE("marketing") "x 拒收请回复R\n");
	engine_reload(s->engine, stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	stage_event(s, "b1", "C1", "booking");
	offers_are(s, "C1 free-check granted;");
	stage_free(s);
}

/* Of a store its own; who has none is of the house. */
static void
a_quota_of_each_store(void **state)
{
	struct stage *s = open_with(VISIT "steps: [{ id: gift, offer: wash }]\n");
	struct err e = { 0 };
	const char *stores[] = { "S1", "S1", "S2", "" };

	(void)state;
	for (int i = 0; i < 4; i++) {
		char *ext = g_strdup_printf("C%d", i + 1),
		     *id = g_strdup_printf("v%d", i);
		struct customer_row row;
		int64_t n;
		bool created;

		assert_int_equal(customer_find(s->store, ext, &n, &e), 1);
		assert_int_equal(customer_get(s->store, n, &row, &e), 1);
		assert_int_equal(customer_open(s->store, &row, &e), 0);
		row.c.store = stores[i];
		assert_int_equal(store_begin(s->store, &e), 0);
		assert_int_equal(customer_put(s->store, &row.c, &n, &created, &e), 0);
		assert_int_equal(store_commit(s->store, &e), 0);
		stage_event(s, id, ext, "visit");
		g_free(ext);
		g_free(id);
	}
	offers_are(s, "C4 wash granted;C3 wash granted;C1 wash granted;");
	stage_free(s);
}

/* ---- use and end ---- */

static void
used_by_its_event_or_over(void **state)
{
	struct stage *s =
	    open_with(VISIT "steps:\n  - { id: gift, offer: free-check }\n"
			    "  - { id: wait, wait: 40d }\n  - { id: tell, send: o }\n");

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	stage_event(s, "v2", "C2", "visit");
	stage_run(s, MS_DAY);
	stage_event(s, "b0", "C1", "rating");
	stage_event(s, "b1", "C1", "booking");
	stage_event(s, "b2", "C1", "booking");
	offers_are(s, "C2 free-check granted;C1 free-check redeemed;");
	stage_run(s, 31 * MS_DAY);
	offers_are(s, "C2 free-check expired;C1 free-check redeemed;");
	/* What is used or over is not promised again. */
	stage_run(s, 9 * MS_DAY);
	assert_int_equal((int)s->letters->len, 0);
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_AUDIENCE_MISMATCH);
	stage_expect(s, "C2", 0, MSG_SUPPRESSED, REASON_AUDIENCE_MISMATCH);
	stage_free(s);
}

/* An action of a reply or goal gives as well, and goes on without when there is none. */
static void
given_by_an_action(void **state)
{
	struct stage *s =
	    open_with(VISIT "goal: { on: booking, window: 30d, then: { offer: wash } }\n"
			    "steps:\n  - { id: gift, do: { offer: free-check } }\n"
			    "  - { id: more, send: a }\n");

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	stage_event(s, "v2", "C2", "visit");
	stage_event(s, "v3", "C3", "visit");
	stage_run(s, MS_MINUTE);
	assert_int_equal((int)s->letters->len, 3);
	stage_event(s, "b1", "C1", "booking");
	offers_are(s, "C1 wash granted;C2 free-check granted;C1 free-check redeemed;");
	stage_free(s);
}

/* The control group is given nothing and takes no place. */
static void
control_gets_nothing(void **state)
{
	struct stage *s = open_with("playbook: care\ncategory: marketing\nstatus: live\n"
				    "control: 99%\nstart: { on: visit }\n"
				    "steps:\n  - { id: gift, offer: free-check }\n"
				    "  - { id: tell, send: o }\n");

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_MINUTE);
	offers_are(s, "");
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_CONTROL);
	stage_free(s);
}

/* ---- approvals ---- */

static int
answer(struct stage *s, int64_t id, bool yes, const char *by, const char *level)
{
	s->answer = 0;
	engine_offer_answer(
	    s->engine, id, yes ? "approve" : "refuse", by, level, stage_answer, s);
	stage_run(s, 5);
	return s->answer;
}

#define ASKING                                                                         \
	VISIT "steps:\n  - { id: gift, offer: { name: half-price, else: poor, up_to: " \
	      "2d } }\n"                                                               \
	      "  - { id: yes, send: b }\n  - { id: end, stop: true }\n"                \
	      "  - { id: poor, send: a }\n"

static void
somebody_must_agree(void **state)
{
	static const struct {
		const char *name, *by, *level;
		bool yes;
		int status;
	} rows[] = {
		{ "7.8 no level", "王", "none", true, 403 },
		{ "who asked", "playbook care", "manager", true, 403 },
		{ "nobody", "", "manager", true, 400 },
		{ "no such level", "王", "boss", true, 400 },
		{ "7.8 a manager", "王", "manager", true, 200 },
		{ "twice", "王", "manager", true, 409 },
	};
	struct stage *s = open_with(ASKING);

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_HOUR);
	offers_are(s, "C1 half-price asked;");
	assert_int_equal((int)s->letters->len, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		print_message("%s\n", rows[i].name);
		assert_int_equal(
		    answer(s, newest(s), rows[i].yes, rows[i].by, rows[i].level),
		    rows[i].status);
	}
	assert_int_equal(answer(s, 12345, true, "王", "manager"), 404);
	stage_run(s, MS_MINUTE);
	offers_are(s, "C1 half-price granted;");
	assert_int_equal((int)s->letters->len, 1);
	assert_non_null(strstr(((struct letter *)s->letters->pdata[0])->text, "two"));
	/* The one of the month is given: the next is not even asked about. */
	stage_event(s, "v2", "C2", "visit");
	stage_run(s, MS_MINUTE);
	offers_are(s, "C1 half-price granted;");
	assert_non_null(strstr(((struct letter *)s->letters->pdata[1])->text, "one C2"));
	stage_free(s);
}

static void
refused_or_too_late(void **state)
{
	struct stage *s = open_with(ASKING);

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	assert_int_equal(answer(s, newest(s), false, "王", "general-manager"), 200);
	stage_run(s, MS_MINUTE);
	offers_are(s, "C1 half-price refused;");
	stage_event(s, "v2", "C2", "visit");
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, 3 * MS_DAY);
	offers_are(s, "C2 half-price expired;C1 half-price refused;");
	assert_int_equal((int)s->letters->len, 2);
	assert_non_null(strstr(((struct letter *)s->letters->pdata[1])->text, "one C2"));
	assert_int_equal(answer(s, newest(s), true, "王", "manager"), 409);
	stage_free(s);
}

/* Who has left, or was sent elsewhere, waits for no yes: it would take a place for nothing. */
static void
asked_no_longer(void **state)
{
	struct stage *s = open_with(
	    VISIT "goal: { on: booking, window: 30d }\nreplies:\n  - { is: \"1\", then: "
		  "poor }\n"
		  "steps:\n  - { id: hello, send: b }\n"
		  "  - { id: gift, offer: { name: half-price, else: poor, up_to: 2d } }\n"
		  "  - { id: end, stop: true }\n  - { id: poor, send: a }\n");

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	stage_event(s, "v2", "C2", "visit");
	stage_run(s, MS_MINUTE);
	offers_are(s, "C2 half-price asked;C1 half-price asked;");
	stage_event(s, "b1", "C1", "booking");
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "r1", 1, "+8619900000002", "1"), 200);
	stage_run(s, MS_MINUTE);
	offers_are(s, "C2 half-price expired;C1 half-price expired;");
	assert_int_equal((int)s->letters->len, 3);
	assert_int_equal(answer(s, newest(s), true, "王", "manager"), 409);
	stage_free(s);
}

/* Two asked, one place: the second yes finds none left. */
static void
two_yes_one_place(void **state)
{
	struct stage *s = open_with(ASKING);
	int64_t first;

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	first = newest(s);
	stage_event(s, "v2", "C2", "visit");
	assert_int_equal(answer(s, newest(s), true, "王", "manager"), 200);
	assert_int_equal(answer(s, first, true, "王", "manager"), 409);
	offers_are(s, "C2 half-price granted;C1 half-price asked;");
	stage_free(s);
}

static void
by_hand(void **state)
{
	struct stage *s = open_with(VISIT "steps: [{ id: a, stop: true }]\n");

	(void)state;
	engine_offer_ask(s->engine, "C1", "custom", "李", "manager", stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 201);
	offers_are(s, "C1 custom asked;");
	assert_int_equal(answer(s, newest(s), true, "李", "general-manager"), 403);
	assert_int_equal(answer(s, newest(s), true, "陈", "manager"), 403);
	assert_int_equal(answer(s, newest(s), true, "陈", "general-manager"), 200);
	engine_offer_answer(
	    s->engine, newest(s), "redeem", "李", "none", stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 200);
	engine_offer_answer(
	    s->engine, newest(s), "redeem", "李", "none", stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 409);
	offers_are(s, "C1 custom redeemed;");
	engine_offer_ask(s->engine, "C2", "wash", "李", "none", stage_answer, s);
	stage_run(s, 5);
	offers_are(s, "C2 wash granted;C1 custom redeemed;");
	engine_offer_ask(s->engine, "C2", "washing", "李", "none", stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 404);
	engine_offer_ask(s->engine, "C99", "wash", "李", "none", stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 404);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(never_above_the_quota),
		cmocka_unit_test(a_weak_tie_gets_no_offer),
		cmocka_unit_test(a19_lowered_below_used),
		cmocka_unit_test(a_quota_of_each_store),
		cmocka_unit_test(used_by_its_event_or_over),
		cmocka_unit_test(given_by_an_action),
		cmocka_unit_test(control_gets_nothing),
		cmocka_unit_test(somebody_must_agree),
		cmocka_unit_test(refused_or_too_late),
		cmocka_unit_test(asked_no_longer),
		cmocka_unit_test(two_yes_one_place),
		cmocka_unit_test(by_hand),
	};

	return cmocka_run_group_tests_name("offer", tests, NULL, NULL);
}
