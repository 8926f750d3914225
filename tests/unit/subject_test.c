/* subject_test.c - runs about vehicles and appointments; stores, advisors and old news.
 */
#include "stage.h"
#include "store/balance.h"
#include "store/event.h"
#include "store/subject.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define HEAD "playbook: care\ncategory: marketing\nstatus: live\nsubject: vehicle\n"
#define CARS "templates/sms/cars.liquid"
#define EACH                                                                     \
	STAGE_TEMPLATE("marketing")                                              \
	"{% for v in vehicles %}{{ v.plate }} {% endfor %}/{{ vehicle.plate }} " \
	"拒收请回复R\n"

static void
car(struct stage *s, int64_t customer, const char *ext, const char *plate, int sold)
{
	struct vehicle v = { .ext = ext,
		.customer = customer,
		.vin = "",
		.plate = plate,
		.model = "示例三号",
		.store = "",
		.mileage = 20000,
		.sold = sold,
		.attrs = "{}" };
	struct err e = { 0 };

	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(vehicle_put(s->store, &v, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
}

static const char *
letter(const struct stage *s, guint i)
{
	assert_true(i < s->letters->len);
	return ((struct letter *)s->letters->pdata[i])->text;
}

static int
event_about(struct stage *s, const char *id, const char *type, const char *about)
{
	char at[CLOCK_TEXT], *body;

	clock_format(sim_world(s->sim)->now(sim_world(s->sim)), 480, at);
	body = g_strdup_printf(
	    "{\"id\":\"%s\",\"customer\":\"C1\",\"type\":\"%s\",\"at\":\"%s\",%s}", id,
	    type, at, about);
	s->answer = 0;
	engine_event(s->engine, id, body, strlen(body), stage_answer, s);
	g_free(body);
	stage_run(s, 5);
	return s->answer;
}

static void
balanced(struct stage *s, int64_t sent, int64_t left)
{
	struct balance b;
	struct err e = { 0 };

	assert_int_equal(balance_get(s->store, 0, stage_at(START), &b, &e), 0);
	assert_true(balance_ok(&b));
	assert_int_equal(b.columns[COLUMN_SENT], sent);
	assert_int_equal(b.columns[COLUMN_LEFT], left);
}

static struct stage *
open_with(const char *playbook)
{
	struct stage *s = stage_new(START, CARE, playbook, CARS, EACH, NULL);
	int64_t id = stage_customer(s, "C1", "high", "+8619900000001", "device-1");

	car(s, id, "V1", "沪A00001", 0);
	car(s, id, "V2", "沪A00002", 0);
	car(s, id, "V3", "沪A00003", 1);
	return s;
}

static const char swept[] = HEAD "start: { when: vehicle.mileage >= 10000 }\n"
				 "steps: [{ id: one, at: day 1, send: cars }]\n";

/* The unsold cars enter, and go out as one message. */
static void
s01_two_cars_within_three_days_one_message(void **state)
{
	struct stage *s = open_with(swept);
	struct run r[8];
	struct err e = { 0 };
	int64_t id;

	(void)state;
	stage_event(s, "v", "C1", "visit");
	stage_run(s, MS_HOUR);
	assert_int_equal(customer_find(s->store, "C1", &id, &e), 1);
	assert_int_equal(run_of_customer(s->store, id, false, r, 8, &e), 2);
	assert_string_not_equal(r[0].subject, r[1].subject);
	assert_int_equal(r[0].state, RUN_FINISHED);
	assert_int_equal(r[1].state, RUN_FINISHED);
	assert_int_equal(s->letters->len, 1);
	assert_non_null(strstr(letter(s, 0), "沪A00001 沪A00002 /沪A00001、沪A00002"));
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	stage_expect(s, "C1", 1, MSG_SUPPRESSED, REASON_MERGED);
	assert_int_equal(stage_used(s, id, 202603), 1);
	balanced(s, 1, 1);
	stage_free(s);
}

/* What was not taken is sent again with every car it spoke of. */
static void
s01_merged_again_after_a_refusal(void **state)
{
	struct stage *s = open_with(swept);

	(void)state;
	s->say = SAY_LATER;
	stage_event(s, "v", "C1", "visit");
	stage_run(s, MS_SECOND);
	stage_expect(s, "C1", 1, MSG_SUPPRESSED, REASON_MERGED);
	s->say = SAY_TAKEN;
	stage_run(s, MS_HOUR);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	assert_non_null(strstr(letter(s, s->letters->len - 1), "沪A00001 沪A00002 "));
	balanced(s, 1, 1);
	stage_free(s);
}

static void
s01_far_apart_two_messages(void **state)
{
	struct stage *s = open_with(HEAD
	    "start: { on: reminder }\nsteps: [{ id: one, after: 1m, send: cars }]\n");

	(void)state;
	assert_int_equal(event_about(s, "e1", "reminder", "\"vehicle\":\"V1\""), 201);
	stage_run(s, 4 * MS_DAY);
	assert_int_equal(
	    event_about(s, "e2", "reminder", "\"vehicle\":\"沪A00002\""), 201);
	stage_run(s, MS_DAY);
	assert_int_equal(s->letters->len, 2);
	assert_non_null(strstr(letter(s, 0), "】沪A00001 /沪A00001 "));
	assert_non_null(strstr(letter(s, 1), "】沪A00002 /沪A00002 "));
	balanced(s, 2, 0);
	stage_free(s);
}

static const struct apart_row {
	const char *name;
	int days;
	guint letters;
} aparts[] = {
	{ "due two days after: goes along", 2, 1 },
	{ "due four days after: waits for its own day", 4, 2 },
};

static void
s01_within_three_days_of_each_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(aparts); i++) {
		struct stage *s =
		    open_with(HEAD "start: { on: reminder }\n"
				   "steps: [{ id: one, after: 6d, send: cars }]\n");

		print_message("%s\n", aparts[i].name);
		event_about(s, "e1", "reminder", "\"vehicle\":\"V1\"");
		stage_run(s, aparts[i].days * MS_DAY);
		event_about(s, "e2", "reminder", "\"vehicle\":\"V2\"");
		stage_run(s, 12 * MS_DAY);
		assert_int_equal(s->letters->len, aparts[i].letters);
		balanced(s, aparts[i].letters, 2 - aparts[i].letters);
		stage_free(s);
	}
}

static const struct start_row {
	const char *name, *about;
	int runs;
} starts[] = {
	{ "by id", "\"vehicle\":\"V1\"", 1 },
	{ "one of two is not guessed", "\"data\":{}", 0 },
	{ "another's, or nobody's", "\"vehicle\":\"V9\"", 0 },
	{ "named inside data", "\"data\":{\"vehicle\":\"V2\"}", 1 },
};

static void
s01_an_event_starts_for_what_it_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
		struct stage *s = open_with(HEAD "start: { on: reminder }\nsteps: [{ id: "
						 "one, after: 1d, send: cars }]\n");
		struct run r[4];
		struct err e = { 0 };

		print_message("%s\n", starts[i].name);
		assert_int_equal(event_about(s, "e1", "reminder", starts[i].about), 201);
		assert_int_equal(
		    run_of_customer(s->store, 1, false, r, 4, &e), starts[i].runs);
		/* the same car is not taken twice while it runs */
		event_about(s, "e2", "reminder", starts[i].about);
		assert_int_equal(
		    run_of_customer(s->store, 1, false, r, 4, &e), starts[i].runs);
		stage_free(s);
	}
}

static void
s01_a_visit_of_one_car_is_not_the_others(void **state)
{
	struct stage *s =
	    open_with(HEAD "start: { on: reminder }\ngoal: { on: visit, window: 30d }\n"
			   "steps: [{ id: one, after: 5d, send: cars }]\n");
	struct run r[4];
	struct err e = { 0 };

	(void)state;
	event_about(s, "e1", "reminder", "\"vehicle\":\"V1\"");
	event_about(s, "e2", "reminder", "\"vehicle\":\"V2\"");
	stage_run(s, MS_HOUR);
	event_about(s, "e3", "visit", "\"vehicle\":\"V1\"");
	assert_int_equal(run_of_customer(s->store, 1, true, r, 4, &e), 1);
	assert_string_equal(r[0].subject, "V2");
	event_about(
	    s, "e4", "visit", "\"data\":{}"); /* of no car in particular: of all */
	assert_int_equal(run_of_customer(s->store, 1, true, r, 4, &e), 0);
	stage_free(s);
}

static void
s01_a_sold_car_gets_nothing_more(void **state)
{
	struct stage *s = open_with(HEAD
	    "start: { on: reminder }\nsteps: [{ id: one, after: 1d, send: cars }]\n");

	(void)state;
	event_about(s, "e1", "reminder", "\"vehicle\":\"V1\"");
	car(s, 1, "V1", "沪A00001", 1);
	stage_run(s, 2 * MS_DAY);
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_AUDIENCE_MISMATCH);
	assert_int_equal(s->letters->len, 0);
	stage_free(s);
}

static void
s01_an_appointment_speaks_of_its_car_store_and_advisor(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    "playbook: care\ncategory: service\nstatus: live\nsubject: appointment\n"
	    "start: { on: booked }\nsteps: [{ id: one, after: 1m, send: book }]\n",
	    "templates/sms/book.liquid",
	    STAGE_TEMPLATE(
		"service") "{{ vehicle.plate }}，{{ appointment.at | date: \"%H:%M\" }}，"
			   "{{ store.name }}，{{ advisor.name }}\n",
	    "config/stores.yaml",
	    "stores: [{ id: pd, name: 浦东店, signature: 示例浦东 }]\n", NULL);
	int64_t id = stage_customer(s, "C1", "high", "+8619900000001", "");
	struct appointment a = { .ext = "A1",
		.customer = id,
		.vehicle = "沪A00001",
		.store = "pd",
		.advisor = "李工",
		.at = stage_at("2026-03-12T14:30:00+08:00"),
		.state = "booked",
		.service = "",
		.attrs = "{}" };
	struct err e = { 0 };

	(void)state;
	car(s, id, "V1", "沪A00001", 0);
	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(appointment_put(s->store, &a, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
	event_about(s, "e1", "booked", "\"appointment\":\"A1\"");
	stage_run(s, 5 * MS_MINUTE);
	assert_string_equal(letter(s, 0), "【示例浦东】沪A00001，14:30，浦东店，李工");
	stage_free(s);
}

/* ---- advisors ---- */

static const struct advisor_row {
	const char *name, *advisor, *want;
} advisors[] = {
	{ "at work", "S1", "张伟" },
	{ "by name", "张伟", "张伟" },
	{ "on leave: the deputy", "S2", "张伟" },
	{ "gone: the successor", "S3", "张伟" },
	{ "gone without one: the manager", "S4", "周店长" },
	{ "no member of staff: as written", "小赵", "小赵" },
	{ "a number of no member of staff: nobody", "S77", "您的顾问" },
	{ "none at all", "", "您的顾问" },
};

static void
staff(struct stage *s, struct staff f)
{
	struct err e = { 0 };

	f.wecom = f.role = f.phone = "";
	f.attrs = "{}";
	f.store = "pd";
	f.deputy = f.deputy == NULL ? "" : f.deputy;
	f.successor = f.successor == NULL ? "" : f.successor;
	assert_int_equal(staff_put(s->store, &f, &e), 0);
}

static void
s12_who_signs_is_decided_when_it_is_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(advisors); i++) {
		struct stage *s = stage_new(START, CARE,
		    "playbook: care\ncategory: service\nstatus: live\n"
		    "start: { on: visit }\nsteps: [{ id: one, after: 1m, send: sign }]\n",
		    "templates/sms/sign.liquid",
		    STAGE_TEMPLATE(
			"service") "{{ advisor.name | default: \"您的顾问\" }}\n",
		    "config/stores.yaml", "stores: [{ id: pd, manager: S9 }]\n", NULL);
		struct customer c = { .ext = "C1",
			.name = "x",
			.gender = "",
			.tier = "high",
			.stage = "",
			.store = "pd",
			.advisor = advisors[i].advisor,
			.tz = "",
			.address = { "+8619900000001", "", "", "", "" },
			.consent = { 2 },
			.tags = "",
			.attrs = "{}" };
		const struct date gone = { 2026, 3, 1 };
		struct err e = { 0 };
		bool created;
		int64_t id;

		print_message("%s\n", advisors[i].name);
		assert_int_equal(store_begin(s->store, &e), 0);
		assert_int_equal(customer_put(s->store, &c, &id, &created, &e), 0);
		staff(s, (struct staff){ .ext = "S1", .name = "张伟" });
		staff(s,
		    (struct staff){
			.ext = "S2", .name = "王芳", .away_from = gone, .deputy = "S1" });
		staff(s, (struct staff){ .ext = "S3",
			     .name = "李娜",
			     .left_on = gone,
			     .deputy = "S2",
			     .successor = "S1" });
		staff(s, (struct staff){ .ext = "S4", .name = "赵敏", .left_on = gone });
		staff(s, (struct staff){ .ext = "S9", .name = "周店长" });
		assert_int_equal(store_commit(s->store, &e), 0);
		stage_event(s, "v", "C1", "visit");
		stage_run(s, 5 * MS_MINUTE);
		assert_true(g_str_has_suffix(letter(s, 0), advisors[i].want));
		stage_free(s);
	}
}

/* ---- stores ---- */

static void
s13_zone_and_provider_of_the_store(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    "playbook: care\ncategory: service\nstatus: live\n"
	    "start: { on: visit }\nsteps: [{ id: one, at: day 2 10:00, send: s }]\n",
	    "config/reachd.yaml",
	    "entity: { name: 示例, tz: Asia/Shanghai }\nproviders:\n"
	    "  - { name: one, type: sandbox, channels: [sms], url: "
	    "\"http://127.0.0.1:1\", internal: true }\n"
	    "  - { name: two, type: sandbox, channels: [sms], url: "
	    "\"http://127.0.0.1:1\", internal: true }\n",
	    "config/stores.yaml",
	    "stores: [{ id: ny, aliases: [纽约店], tz: America/New_York, accounts: [two] "
	    "}]\n",
	    NULL);
	struct customer c = { .ext = "C1",
		.name = "x",
		.gender = "",
		.tier = "high",
		.stage = "",
		.store = "纽约店",
		.advisor = "",
		.tz = "",
		.address = { "+8619900000001", "", "", "", "" },
		.consent = { 2 },
		.tags = "",
		.attrs = "{}" };
	struct err e = { 0 };
	bool created;
	int64_t id;
	const struct letter *l;

	(void)state;
	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(customer_put(s->store, &c, &id, &created, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
	stage_event(s, "v", "C1", "visit");
	stage_run(s, 2 * MS_DAY);
	assert_int_equal(s->letters->len, 1);
	l = s->letters->pdata[0];
	assert_string_equal(l->account, "two");
	assert_in_range(l->at, stage_at("2026-03-10T10:00:00-04:00"),
	    stage_at("2026-03-10T10:10:00-04:00"));
	stage_free(s);
}

/* ---- old news ---- */

static void
heard(struct stage *s, const char *shop)
{
	struct err e = { 0 };

	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(feed_heard(s->store, shop, "dms",
			     sim_world(s->sim)->now(sim_world(s->sim)), &e),
	    0);
	assert_int_equal(store_commit(s->store, &e), 0);
}

static const struct stale_row {
	const char *name, *rule;
	bool fed, renewed, held;
} stales[] = {
	{ "never fed by a file: nothing to wait for",
	    "while: signals.days_since_visit < 90\n", false, false, false },
	{ "fed two days ago", "while: signals.days_since_visit < 90\n", true, false,
	    true },
	{ "renewed by an event", "while: signals.days_since_visit < 90\n", true, true,
	    false },
	{ "a playbook that does not read visits", "while: customer.tier == \"high\"\n",
	    true, false, false },
};

static void
s04_old_news_hold_what_reads_visits(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(stales); i++) {
		char *playbook = g_strdup_printf(
		    "playbook: care\ncategory: marketing\nstatus: live\n%s"
		    "start: { on: visit }\n"
		    "steps: [{ id: one, after: 47h, send: a }]\n",
		    stales[i].rule);
		struct stage *s = stage_new(START, CARE, playbook, NULL);

		print_message("%s\n", stales[i].name);
		stage_customer(s, "C1", "high", "+8619900000001", "");
		stage_customer(s, "C2", "high", "+8619900000002", "");
		if (stales[i].fed)
			heard(s, "");
		stage_event(s, "v1", "C1", "visit");
		stage_run(s, 40 * MS_HOUR);
		if (stales[i].renewed)
			stage_event(s, "v2", "C2", "visit");
		stage_run(s, 7 * MS_HOUR + 10 * MS_MINUTE);
		if (stales[i].held)
			stage_expect(s, "C1", 0, MSG_DUE, REASON_DATA_STALE);
		else
			stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
		heard(s, "");
		stage_run(s, 11 * MS_MINUTE);
		stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
		stage_free(s);
		g_free(playbook);
	}
}

static void
s04_old_news_let_nobody_in(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    "playbook: care\ncategory: marketing\nstatus: live\n"
	    "start: { when: customer.visits >= 0 }\n"
	    "steps: [{ id: one, after: 1d, send: a }]\n",
	    NULL);
	struct run r[2];
	struct err e = { 0 };

	(void)state;
	heard(s, "");
	stage_run(s, 37 * MS_HOUR);
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "p1", "C1", "ping");
	assert_int_equal(run_of_customer(s->store, 1, false, r, 2, &e), 0);
	heard(s, "");
	stage_event(s, "p2", "C1", "ping");
	assert_int_equal(run_of_customer(s->store, 1, false, r, 2, &e), 1);
	stage_free(s);
}

/* ---- what the check says ---- */

static const struct check_row {
	const char *name, *playbook, *text, *want; /* NULL: fine */
} checks[] = {
	{ "a path of no subject", "start: { when: vehicle.mileage > 1 }\n", "x",
	    "a path nobody defines: vehicle.mileage" },
	{ "a slip of the pen", "subject: vehicle\nstart: { when: vehicle.milage > 1 }\n",
	    "x", "a path nobody defines: vehicle.milage" },
	{ "an order has a vehicle",
	    "subject: order\nstart: { when: vehicle.mileage > 1 }\n", "x", NULL },
	{ "a text about a car", "start: { on: visit }\n", "{{ vehicle.plate }}",
	    "uses vehicle.plate, and the playbook's subject is none" },
	{ "a text that can do without", "start: { on: visit }\n",
	    "{{ vehicle.plate | default: \"爱车\" }}", NULL },
	{ "other columns",
	    "subject: vehicle\nstart: { when: vehicle.attributes.色 == \"白\" }\n", "x",
	    NULL },
};

static void
s01_paths_are_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(checks); i++) {
		struct stage *s = stage_new(START, NULL);
		struct report *r = report_new();
		char *playbook =
		    g_strdup_printf("playbook: care\ncategory: service\n%s"
				    "steps: [{ id: one, after: 1m, send: t }]\n",
			checks[i].playbook);
		char *text =
		    g_strconcat(STAGE_TEMPLATE("service"), checks[i].text, "\n", NULL);
		char *config = g_build_filename(s->dir, "config", NULL);
		const char *paths[] = { config, NULL };
		bool found = false;

		print_message("%s\n", checks[i].name);
		stage_put(s, CARE, playbook);
		stage_put(s, "templates/sms/t.liquid", text);
		catalog_check(paths, r);
		for (guint k = 0; k < r->diags->len; k++) {
			const struct diag *d = r->diags->pdata[k];

			found |= checks[i].want != NULL &&
				 strstr(d->text, checks[i].want) != NULL;
		}
		assert_int_equal(r->errors, checks[i].want != NULL);
		assert_true(found || checks[i].want == NULL);
		report_free(r);
		g_free(config);
		g_free(text);
		g_free(playbook);
		stage_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s01_two_cars_within_three_days_one_message),
		cmocka_unit_test(s01_merged_again_after_a_refusal),
		cmocka_unit_test(s01_far_apart_two_messages),
		cmocka_unit_test(s01_within_three_days_of_each_other),
		cmocka_unit_test(s01_an_event_starts_for_what_it_names),
		cmocka_unit_test(s01_a_visit_of_one_car_is_not_the_others),
		cmocka_unit_test(s01_a_sold_car_gets_nothing_more),
		cmocka_unit_test(s01_an_appointment_speaks_of_its_car_store_and_advisor),
		cmocka_unit_test(s12_who_signs_is_decided_when_it_is_written),
		cmocka_unit_test(s13_zone_and_provider_of_the_store),
		cmocka_unit_test(s04_old_news_hold_what_reads_visits),
		cmocka_unit_test(s04_old_news_let_nobody_in),
		cmocka_unit_test(s01_paths_are_checked),
	};

	return cmocka_run_group_tests_name("subject", tests, NULL, NULL);
}
