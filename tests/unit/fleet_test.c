/* fleet_test.c - a company's cars: who hears of them, in one message; and what becomes of
 * that when people merge, are forgotten, or an import is taken back.
 *
 * proves: S5 */
#include "stage.h"
#include "store/subject.h"
#include "store/tie.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define HEAD "playbook: care\ncategory: marketing\nstatus: live\nsubject: vehicle\n"
#define DUE                                                                            \
	HEAD "start: { on: reminder }\nexits: [{ on: booking }]\n"                     \
	     "digest: { from: 3, send: fleet }\n"                                      \
	     "steps: [{ id: one, after: 1h, send: car }, { id: two, after: 1d, send: " \
	     "car }]\n"                                                                \
	     "replies: [{ is: \"8\", then: stop }]\n"
#define FLEET                                                                         \
	STAGE_TEMPLATE("marketing")                                                   \
	"{{ customer.salutation }}: {% for v in vehicles limit: 3 %}{{ v.plate }} "   \
	"{% endfor %}{% if vehicles.size > 3 %}等{{ vehicles.size }}辆{% endif %} " \
	"拒收请回复R\n"
#define CAR STAGE_TEMPLATE("marketing") "car {{ vehicle.plate }} 拒收请回复R\n"

static struct err e;
static json_t *said;

static void
answered(void *arg, int status, const char *json)
{
	((struct stage *)arg)->answer = status;
	json_decref(said);
	said = json_loads(json, 0, NULL);
}

static void
import(struct stage *s, const char *what, const char *text)
{
	char *path = g_build_filename(s->dir, "import.csv", NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	engine_import(
	    s->engine, what, path, &(struct import_how){ 0 }, NULL, answered, s);
	stage_run(s, 100);
	assert_int_equal(s->answer, 200);
	g_free(path);
}

static void
event(struct stage *s, const char *customer, const char *type, const char *vehicle)
{
	static int n;
	char at[CLOCK_TEXT], id[16], *body;

	clock_format(sim_world(s->sim)->now(sim_world(s->sim)), 480, at);
	g_snprintf(id, sizeof(id), "e%d", ++n);
	body =
	    g_strdup_printf("{\"id\":\"%s\",\"customer\":\"%s\",\"type\":\"%s\",\"at\":"
			    "\"%s\",\"vehicle\":\"%s\"}",
		id, customer, type, at, vehicle);
	engine_event(s->engine, id, body, strlen(body), stage_answer, s);
	g_free(body);
	stage_run(s, 5);
	assert_int_equal(s->answer, 201);
}

static const struct letter *
letter(const struct stage *s, guint i)
{
	assert_true(i < s->letters->len);
	return s->letters->pdata[i];
}

/* A company, who is spoken to for it, a driver, and its cars P01, P02 … */
static struct stage *
open_fleet(int cars)
{
	struct stage *s = stage_new(START, CARE, DUE, "templates/sms/fleet.liquid", FLEET,
	    "templates/sms/car.liquid", CAR, NULL);
	GString *rows = g_string_new("车辆编号,客户编号,车牌号,司机\n");

	import(s, "customers",
	    "客户编号,客户名称,客户类型,联系人编号,手机,性别,同意,tier\n"
	    "CO,示例物流有限公司,企业客户,BOSS,,,营销,high\n"
	    "BOSS,王强,个人,,19900000001,男,营销,high\n"
	    "DRV,赵六,个人,,19900000002,男,营销,high\n");
	for (int i = 1; i <= cars; i++)
		g_string_append_printf(
		    rows, "V%02d,CO,P%02d,%s\n", i, i, i == 1 ? "DRV" : "");
	import(s, "vehicles", rows->str);
	g_string_free(rows, TRUE);
	return s;
}

static void
remind(struct stage *s, int cars)
{
	for (int i = 1; i <= cars; i++) {
		char plate[8];

		g_snprintf(plate, sizeof(plate), "P%02d", i);
		event(s, "CO", "reminder", plate);
	}
}

static int64_t
id_of(struct stage *s, const char *ext)
{
	int64_t id;

	assert_int_equal(customer_find(s->store, ext, &id, &e), 1);
	return id;
}

/* Runs of a customer in a state. */
static int
runs(struct stage *s, const char *ext, int state)
{
	struct run r[64];
	int n = run_of_customer(s->store, id_of(s, ext), false, r, 64, &e), found = 0;

	for (int i = 0; i < n; i++)
		found += (int)r[i].state == state;
	return found;
}

/* ---- one message ---- */

static void
s05_a_fleet_is_one_message_to_its_contact(void **state)
{
	struct stage *s = open_fleet(12);
	json_t *steps = NULL;
	size_t carried = 0, went = 0;

	(void)state;
	remind(s, 12);
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	assert_string_equal(letter(s, 0)->to, "+8619900000001");
	assert_non_null(strstr(letter(s, 0)->text, "王先生: P01 P02 P03 等12辆"));
	assert_int_equal(runs(s, "CO", RUN_RUNNING) + runs(s, "CO", RUN_FINISHED), 0);
	assert_int_equal(stage_used(s, id_of(s, "BOSS"), 202603), 1); /* one slot */
	engine_why(s->engine, "BOSS", answered, s);
	stage_run(s, 5);
	for (size_t i = 0; i < 12; i++) {
		const json_t *step;

		steps = json_object_get(
		    json_array_get(json_object_get(said, "runs"), i), "steps");
		step = json_array_get(steps, 0);
		carried += json_array_size(json_object_get(step, "carries"));
		went += json_is_integer(json_object_get(step, "went_with"));
	}
	assert_int_equal(carried, 11);
	assert_int_equal(went, 11);
	/* the second step is a digest again */
	stage_run(s, 2 * MS_DAY);
	assert_int_equal(s->letters->len, 2);
	assert_non_null(strstr(letter(s, 1)->text, "等12辆"));
	stage_free(s);
}

static void
s05_hundred_cars_one_message_and_every_run_hears_an_event(void **state)
{
	struct stage *s = open_fleet(99);
	struct run *r = g_new0(struct run, 128);
	int left = 0;

	(void)state;
	remind(s, 99);
	event(s, "CO", "booking", "P01"); /* the oldest of all runs */
	event(s, "CO", "booking", "P99");
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	if (strstr(letter(s, 0)->text, "P02 P03 P04 等97辆") == NULL)
		fail_msg("%s", letter(s, 0)->text);
	assert_int_equal(
	    run_of_customer(s->store, id_of(s, "BOSS"), false, r, 128, &e), 99);
	for (int i = 0; i < 99; i++)
		left += r[i].state == RUN_LEFT;
	assert_int_equal(left, 2);
	engine_ties(s->engine, "BOSS", answered, s);
	stage_run(s, 5);
	assert_int_equal(json_integer_value(json_object_get(said, "cars")), 99);
	g_free(r);
	stage_free(s);
}

/* ---- what happens before ---- */

static const struct {
	const char *name;
	int cars, booked;
	guint letters;
	const char *text; /* of the first */
} dropped[] = {
	{ "one of four is booked: three are told", 4, 1, 1, "P02 P03 P04 " },
	{ "two of four: too few for a digest", 4, 2, 1, "car P03、P04" },
	{ "three of four: one car", 4, 3, 1, "car P04" },
	{ "all are booked: nothing goes", 4, 4, 0, "" },
};

static void
s05_what_was_booked_is_not_in_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(dropped); i++) {
		struct stage *s = open_fleet(dropped[i].cars);

		remind(s, dropped[i].cars);
		for (int k = 1; k <= dropped[i].booked; k++) {
			char plate[8];

			g_snprintf(plate, sizeof(plate), "P%02d", k);
			event(s, "CO", "booking", plate);
		}
		stage_run(s, 2 * MS_HOUR);
		if (s->letters->len != dropped[i].letters ||
		    (s->letters->len > 0 &&
			strstr(letter(s, 0)->text, dropped[i].text) == NULL))
			fail_msg("%s: %u letters, %s", dropped[i].name, s->letters->len,
			    s->letters->len > 0 ? letter(s, 0)->text : "");
		stage_free(s);
	}
}

/* What was not taken is sent again without the car that was booked meanwhile. */
static void
s05_a_second_attempt_drops_it_too(void **state)
{
	struct stage *s = open_fleet(5);

	(void)state;
	s->say = SAY_LATER;
	remind(s, 5);
	stage_run(s, MS_HOUR + MS_SECOND);
	assert_true(s->letters->len > 0);
	event(s, "CO", "booking", "P03");
	s->say = SAY_TAKEN;
	stage_run(s, MS_HOUR);
	assert_non_null(
	    strstr(letter(s, s->letters->len - 1)->text, "P01 P02 P04 等4辆"));
	stage_free(s);
}

static void
s05_an_answer_is_said_of_all(void **state)
{
	struct stage *s = open_fleet(4);

	(void)state;
	remind(s, 4);
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(runs(s, "BOSS", RUN_RUNNING), 4);
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "r1", 0, "+8619900000001", "8"), 200);
	assert_int_equal(runs(s, "BOSS", RUN_RUNNING), 0);
	stage_free(s);
}

/* ---- whom it concerns ---- */

static void
s05_a_driver_hears_of_his_own_car(void **state)
{
	struct stage *s = open_fleet(3);

	(void)state;
	event(s, "DRV", "reminder", "P01");
	event(s, "DRV", "reminder", "P02"); /* not his */
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	assert_string_equal(letter(s, 0)->to, "+8619900000002");
	assert_non_null(strstr(letter(s, 0)->text, "car P01"));
	/* What the company books ends his run; another car's booking does not. */
	event(s, "CO", "booking", "P02");
	assert_int_equal(runs(s, "DRV", RUN_RUNNING), 1);
	event(s, "CO", "booking", "P01");
	assert_int_equal(runs(s, "DRV", RUN_LEFT), 1);
	stage_free(s);
}

/* A name and a number: the company is written to at it, and its contact is addressed. */
static void
s05_a_contact_by_name_and_number(void **state)
{
	struct stage *s = open_fleet(0);

	(void)state;
	import(s, "customers",
	    "客户编号,单位,联系人,联系人电话,手机,性别,同意,tier\n"
	    "NC,示例商贸,孙丽,19900000005,19900000006,女,营销,high\n");
	import(s, "vehicles",
	    "车辆编号,单位编号,车牌号\nN1,NC,沪A00001\nN2,NC,沪A00002\n"
	    "N3,NC,沪A00003\n");
	for (int i = 1; i <= 3; i++)
		event(s, "NC", "reminder",
		    i == 1   ? "沪A00001"
		    : i == 2 ? "沪A00002"
			     : "沪A00003");
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	assert_string_equal(letter(s, 0)->to, "+8619900000005");
	stage_free(s);
}

static const struct {
	const char *name, *file;
	const char *kind, *shown, *contact, *contact_name, *sms;
} rows[] = {
	{ "a person stays one", "客户编号,姓名,客户类型,手机\nX,李四,个人,19900000011\n",
	    "person", "李四", "", "", "+8619900000011" },
	{ "a sort of the dealer's own is no kind",
	    "客户编号,姓名,客户类型,手机\nX,李四,老客户,19900000011\n", "", "李四", "",
	    "", "+8619900000011" },
	{ "who is named beside a company is its contact",
	    "客户编号,姓名,公司名称,手机\nX,李四,示例公司,19900000011\n", "company",
	    "示例公司", "", "李四", "+8619900000011" },
	{ "a person's employer is not who he is",
	    "客户编号,姓名,单位,客户性质,手机\nX,李四,示例公司,个人,19900000011\n",
	    "person", "李四", "", "", "+8619900000011" },
	{ "the only name is a contact's",
	    "客户编号,联系人,联系人电话\nX,李四,19900000011\n", "", "李四", "", "",
	    "+8619900000011" },
	{ "a person's number is not given away",
	    "客户编号,姓名,手机,联系人,联系人电话\nX,李四,19900000011,王五,19900000012\n",
	    "", "李四", "", "王五", "+8619900000011" },
	{ "the number of a known person is that person",
	    "客户编号,公司名称,联系人电话\nX,示例公司,19900000001\n", "company",
	    "示例公司", "BOSS", "", "+8619900000001" },
	{ "a contact told before he is known",
	    "客户编号,公司名称,contact\nX,示例公司,Y9\n", "company", "示例公司", "Y9", "",
	    "" },
};

static void
s05_columns_of_companies(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = open_fleet(0);
		struct customer_row row;

		import(s, "customers", rows[i].file);
		assert_int_equal(customer_get(s->store, id_of(s, "X"), &row, &e), 1);
		assert_int_equal(customer_open(s->store, &row, &e), 0);
		if (strcmp(row.c.kind, rows[i].kind) != 0 ||
		    strcmp(row.c.name, rows[i].shown) != 0 ||
		    strcmp(row.c.contact, rows[i].contact) != 0 ||
		    strcmp(row.c.contact_name, rows[i].contact_name) != 0 ||
		    strcmp(row.c.address[CHANNEL_SMS], rows[i].sms) != 0)
			fail_msg("%s: %s %s %s %s %s", rows[i].name, row.c.kind,
			    row.c.name, row.c.contact, row.c.contact_name,
			    row.c.address[CHANNEL_SMS]);
		stage_free(s);
	}
}

/* ---- set by hand, undone, merged, forgotten ---- */

static int
set(struct stage *s, const char *who, struct engine_ties t)
{
	const char **each[] = { &t.kind, &t.contact, &t.contact_name, &t.household,
		&t.vehicle, &t.driver };

	for (size_t i = 0; i < G_N_ELEMENTS(each); i++)
		if (*each[i] == NULL)
			*each[i] = "";
	engine_ties_set(s->engine, who, &t, answered, s);
	stage_run(s, 20);
	return s->answer;
}

static void
s05_set_by_hand(void **state)
{
	struct stage *s = open_fleet(3);
	struct vehicle v;

	(void)state;
	assert_int_equal(set(s, "CO", (struct engine_ties){ .contact = "nobody" }), 404);
	assert_int_equal(set(s, "CO", (struct engine_ties){ .contact = "CO" }), 422);
	assert_int_equal(set(s, "CO", (struct engine_ties){ .kind = "club" }), 422);
	assert_int_equal(set(s, "DRV", (struct engine_ties){ .contact = "BOSS" }), 422);
	assert_int_equal(
	    set(s, "DRV", (struct engine_ties){ .vehicle = "P02", .driver = "DRV" }),
	    404);
	assert_int_equal(set(s, "CO",
			     (struct engine_ties){
				 .contact = "DRV", .vehicle = "P02", .driver = "BOSS" }),
	    200);
	assert_int_equal(vehicle_get(s->store, "V02", &v, &e), 1);
	assert_int_equal(v.driver, id_of(s, "BOSS"));
	remind(s, 3);
	stage_run(s, 2 * MS_HOUR);
	assert_string_equal(letter(s, 0)->to, "+8619900000002");
	/* The nightly file that says nothing of it leaves it. */
	import(s, "customers", "客户编号,客户名称\nCO,示例物流有限公司\n");
	import(s, "vehicles", "车辆编号,客户编号,车牌号\nV02,CO,P02\n");
	assert_int_equal(
	    set(s, "CO", (struct engine_ties){ .vehicle = "P02", .driver = "-" }), 200);
	assert_string_equal(json_string_value(json_object_get(said, "contact")), "DRV");
	assert_int_equal(json_array_size(json_object_get(said, "vehicles")), 3);
	assert_null(json_object_get(
	    json_array_get(json_object_get(said, "vehicles"), 1), "driver"));
	stage_free(s);
}

static void
s05_an_import_taken_back(void **state)
{
	struct stage *s = open_fleet(2);
	struct customer_row row;
	struct vehicle v;
	int64_t batch;

	(void)state;
	import(s, "vehicles", "车辆编号,客户编号,车牌号,司机\nV02,CO,P02,BOSS\n");
	batch = json_integer_value(json_object_get(said, "batch"));
	engine_import_undo(s->engine, batch, answered, s);
	stage_run(s, 50);
	assert_int_equal(vehicle_get(s->store, "V02", &v, &e), 1);
	assert_int_equal(v.driver, 0);
	import(s, "customers",
	    "客户编号,客户名称,客户类型,联系人编号,家庭编号,同意,tier\n"
	    "CO,示例物流有限公司,公司,DRV,H1,营销,high\n");
	batch = json_integer_value(json_object_get(said, "batch"));
	engine_import_undo(s->engine, batch, answered, s);
	stage_run(s, 50);
	assert_int_equal(customer_get(s->store, id_of(s, "CO"), &row, &e), 1);
	assert_string_equal(row.c.contact, "BOSS");
	assert_string_equal(row.c.household, "");
	stage_free(s);
}

static void
s05_merged_and_apart_again(void **state)
{
	struct stage *s = open_fleet(3);
	struct vehicle v;
	int64_t who;

	(void)state;
	engine_merge(s->engine, "BOSS", "DRV", false, answered, s);
	stage_run(s, 20);
	assert_int_equal(s->answer, 200);
	assert_int_equal(vehicle_get(s->store, "V01", &v, &e), 1);
	assert_int_equal(v.driver, id_of(s, "BOSS"));
	engine_unmerge(s->engine, "DRV", false, answered, s);
	stage_run(s, 20);
	assert_int_equal(vehicle_get(s->store, "V01", &v, &e), 1);
	assert_int_equal(v.driver, id_of(s, "DRV"));
	engine_merge(s->engine, "DRV", "BOSS", false, answered, s);
	stage_run(s, 20);
	assert_int_equal(tie_contact_of(s->store, id_of(s, "CO"), &who, &e), 1);
	assert_int_equal(who, id_of(s, "DRV"));
	remind(s, 3);
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(
	    s->letters->len, 1); /* contact and driver are one: each car once */
	engine_unmerge(s->engine, "BOSS", false, answered, s);
	stage_run(s, 20);
	assert_int_equal(tie_contact_of(s->store, id_of(s, "CO"), &who, &e), 1);
	assert_int_equal(who, id_of(s, "BOSS"));
	stage_free(s);
}

static void
s05_forgotten(void **state)
{
	struct stage *s = open_fleet(3);
	struct vehicle v;
	struct run r[8];
	int64_t who, boss;
	char *text;
	size_t len;

	(void)state;
	remind(s, 3);
	event(s, "DRV", "reminder", "P01");
	stage_run(s, 2 * MS_HOUR);
	boss = id_of(s, "BOSS");
	engine_erase(s->engine, "DRV", answered, s);
	stage_run(s, 50);
	assert_int_equal(vehicle_get(s->store, "V01", &v, &e), 1);
	assert_int_equal(v.driver, 0);
	/* The company goes: what its contact was told of its cars goes with it. */
	engine_erase(s->engine, "CO", answered, s);
	stage_run(s, 50);
	assert_int_equal(s->answer, 200);
	assert_int_equal(run_of_customer(s->store, boss, false, r, 8, &e), 3);
	for (int i = 0; i < 3; i++) {
		struct message m[4];

		assert_int_equal(r[i].state, RUN_LEFT);
		assert_true(g_str_has_prefix(r[i].subject, "gone:"));
		assert_true(msg_of_run(s->store, r[i].id, m, 4, &e) > 0);
		assert_int_equal(msg_body(s->store, m[0].id, &text, &len, &e), 0);
	}
	assert_int_equal(tie_contact_of(s->store, 1, &who, &e), 0);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s05_a_fleet_is_one_message_to_its_contact),
		cmocka_unit_test(
		    s05_hundred_cars_one_message_and_every_run_hears_an_event),
		cmocka_unit_test(s05_what_was_booked_is_not_in_it),
		cmocka_unit_test(s05_a_second_attempt_drops_it_too),
		cmocka_unit_test(s05_an_answer_is_said_of_all),
		cmocka_unit_test(s05_a_driver_hears_of_his_own_car),
		cmocka_unit_test(s05_a_contact_by_name_and_number),
		cmocka_unit_test(s05_columns_of_companies),
		cmocka_unit_test(s05_set_by_hand),
		cmocka_unit_test(s05_an_import_taken_back),
		cmocka_unit_test(s05_merged_and_apart_again),
		cmocka_unit_test(s05_forgotten),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	json_decref(said);
	return failed;
}
