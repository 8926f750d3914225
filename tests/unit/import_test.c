/* import_test.c - files of every kind into the engine: what they change, what a dry run
 * says, and taking a batch back. */
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "../../src/store/sql.h"
#include "stage.h"
#include "store/contact.h"
#include "store/batch.h"
#include "store/event.h"
#include "store/subject.h"

#define START "2026-03-10T10:00:00+08:00"
#define MONTH 202603
#define CARE "config/playbooks/care.yaml"
#define QUIET_CARE                                            \
	"playbook: care\ncategory: marketing\nstatus: live\n" \
	"start: { on: never }\nsteps: [{ id: one, after: 1m, send: a }]\n"

static struct err e;
static json_t *said;

static void
answered(void *arg, int status, const char *json)
{
	((struct stage *)arg)->answer = status;
	json_decref(said);
	said = json_loads(json, 0, NULL);
}

static int
import_as(
    struct stage *s, const char *what, const char *text, const struct import_how *how)
{
	char *path = g_build_filename(s->dir, "import.csv", NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	s->answer = 0;
	engine_import(s->engine, what, path, how, NULL, answered, s);
	stage_run(s, 100);
	assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	g_free(path);
	return s->answer;
}

static int
import(struct stage *s, const char *what, const char *text)
{
	return import_as(s, what, text, NULL);
}

static int
number(const char *key)
{
	return (int)json_integer_value(json_object_get(said, key));
}

static const char *
report(void)
{
	const char *r = json_string_value(json_object_get(said, "report"));

	return r == NULL ? "" : r;
}

static void
expect(int created, int changed, int unchanged, int refused)
{
	if (number("new") != created || number("changed") != changed ||
	    number("unchanged") != unchanged || number("refused") != refused)
		fail_msg("new %d, changed %d, unchanged %d, refused %d:\n%s",
		    number("new"), number("changed"), number("unchanged"),
		    number("refused"), report());
}

static int
undo(struct stage *s, int batch)
{
	s->answer = 0;
	engine_import_undo(s->engine, batch, answered, s);
	stage_run(s, 50);
	return s->answer;
}

static struct customer_row
who(struct stage *s, const char *ext)
{
	struct customer_row row;
	int64_t id;

	assert_int_equal(customer_find(s->store, ext, &id, &e), 1);
	assert_int_equal(customer_get(s->store, id, &row, &e), 1);
	assert_int_equal(customer_open(s->store, &row, &e), 0);
	return row;
}

static struct stage *
open_house(void)
{
	struct stage *s = stage_new(START, CARE, QUIET_CARE, NULL);

	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_customer(s, "C2", "high", "+8619900000002", "");
	return s;
}

/* ---- S2: kinds ---- */

static void
s02_vehicles_by_chinese_headings(void **state)
{
	static const char file[] =
	    "客户编号,车架号,车牌号,车型,购车日期,行驶里程,保养间隔(月),保险到期日,"
	    "是否转出,颜色\n"
	    "C1,LTEST000000000001,沪A00001,示例三号,2024年3月5日,12000公里,6,20261231,否,"
	    "白\n"
	    "C1,LTEST000000000002,沪A00002,示例五号,2024/3/5,\"8,000\",6,1900-01-01,是,\n"
	    "C9,LTEST000000000003,沪A00003,示例五号,2024/3/5,8000,6,,,\n";
	struct stage *s = open_house();
	struct vehicle v;

	(void)state;
	assert_int_equal(import(s, "vehicles", file), 200);
	expect(2, 0, 0, 1);
	assert_non_null(strstr(report(), "no customer \"C9\" is known"));
	assert_int_equal(vehicle_find(s->store, "沪A00001", &v, &e), 1);
	assert_string_equal(v.ext, "LTEST000000000001");
	assert_int_equal(v.mileage, 12000);
	assert_int_equal(v.every_months, 6);
	assert_int_equal(v.bought.day, 5);
	assert_int_equal(v.insurance_end.year, 2026);
	assert_string_equal(v.attrs, "{\"颜色\":\"白\"}");
	assert_int_equal(vehicle_find(s->store, "沪A00002", &v, &e), 1);
	assert_int_equal(v.sold, 1);
	assert_int_equal(v.insurance_end.year, 0);
	/* again: nothing changes */
	assert_int_equal(import(s, "vehicles", file), 200);
	expect(0, 0, 2, 1);
	stage_free(s);
}

static void
s02_rows_find_their_customer_by_number_or_vehicle(void **state)
{
	struct stage *s = open_house();
	struct appointment a;

	(void)state;
	assert_int_equal(
	    import(s, "vehicles", "车牌号,手机\n沪A00001,19900000001\n"), 200);
	assert_int_equal(import(s, "appointments",
			     "预约单号,车牌号,预约时间,状态,服务顾问\n"
			     "A1,沪A00001,2026-03-12 14:30,已预约,李工\n"
			     "A2,沪A00009,2026-03-12 14:30,已预约,李工\n"
			     "A3,沪A00001,,已预约,李工\n"),
	    200);
	expect(1, 0, 0, 2);
	assert_int_equal(appointment_get(s->store, "A1", &a, &e), 1);
	assert_int_equal(a.at, stage_at("2026-03-12T14:30:00+08:00"));
	assert_string_equal(a.state, "booked");
	assert_string_equal(a.vehicle, "沪A00001");
	assert_int_equal(import(s, "appointments",
			     "预约单号,客户编号,预约时间,状态\nA1,C1,"
			     "2026-03-12 14:30,已取消\n"),
	    200);
	expect(0, 1, 0, 0);
	stage_free(s);
}

static void
s02_staff(void **state)
{
	struct stage *s = open_house();
	struct staff f;

	(void)state;
	assert_int_equal(import(s, "staff",
			     "工号,姓名,岗位,手机,代理人,请假开始,请假结束,离职日期\n"
			     "S1,张伟,服务顾问,19900000031,S2,2026-03-09,2026-03-12,\n"
			     "S2,,店长,,,,,\n"),
	    200);
	expect(1, 0, 0, 1);
	assert_int_equal(staff_get(s->store, "S1", &f, &e), 1);
	assert_string_equal(f.role, "advisor");
	assert_string_equal(f.phone, "+8619900000031");
	assert_false(staff_present(&f, date_days((struct date){ 2026, 3, 10 })));
	stage_free(s);
}

#define ORDERS                                                                                          \
	"工单号,客户编号,车牌号,结算日期,结算金额,里程,推荐项目,施工项目\n" \
	"R1,C1,沪A00001,2025-01-10,800,5000,,机油\n"                                                 \
	"R2,C1,沪A00001,2025-09-10,1200.50,12000,刹车片;滤芯,滤芯\n"                            \
	"R3,C1,沪A00001,2026-03-09,300,15000,,保养\n"                                                \
	"R4,C1,沪A00001,2026-03-09,100,15000,,洗车\n"

static void
s02_history_makes_facts_and_starts_nothing(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    "playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n"
	    "steps: [{ id: one, after: 1m, send: a }]\n",
	    NULL);
	struct customer_row c;
	struct vehicle v;
	struct run r[4];
	struct order o;

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	import(s, "vehicles", "客户编号,车牌号\nC1,沪A00001\n");
	assert_int_equal(import(s, "orders", ORDERS), 200);
	expect(4, 0, 0, 0);
	c = who(s, "C1");
	assert_int_equal(c.c.visits, 3); /* two orders of one day are one visit */
	assert_int_equal(c.c.last_visit.day, 9);
	assert_int_equal(c.c.first_visit.year, 2025);
	assert_float_equal(c.c.spend_12m, 1600.50, 0.001);
	assert_int_equal(order_get(s->store, "R2", &o, &e), 1);
	assert_string_equal(o.recommended, "[\"刹车片\",\"滤芯\"]");
	assert_int_equal(vehicle_get(s->store, "沪A00001", &v, &e), 1);
	assert_int_equal(v.mileage, 15000);
	assert_int_equal(v.last_service.month, 3);
	assert_int_equal(run_of_customer(s->store, c.c.id, false, r, 4, &e), 0);
	/* again: no second visit */
	assert_int_equal(import(s, "orders", ORDERS), 200);
	expect(0, 0, 4, 0);
	assert_int_equal(who(s, "C1").c.visits, 3);
	stage_free(s);
}

/* Telling someone who came yesterday that he is missed is the worst error. */
static void
s04_a_run_under_way_meets_yesterdays_visit(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    "playbook: care\ncategory: marketing\nstatus: live\nstart: { on: dormant }\n"
	    "goal: { on: visit, window: 30d }\nsteps: [{ id: one, after: 3d, send: a "
	    "}]\n",
	    NULL);
	struct run r;

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "d", "C1", "dormant");
	stage_run(s, MS_DAY);
	import(s, "orders",
	    "工单号,客户编号,结算日期,结算金额\nR1,C1,2026-03-11 09:00,300\n");
	expect(1, 0, 0, 0);
	stage_last_run(s, "C1", &r);
	assert_int_equal(r.state, RUN_FINISHED);
	stage_run(s, 4 * MS_DAY);
	assert_int_equal(s->letters->len, 0);
	stage_free(s);
}

static void
s04_an_orders_file_is_the_feed(void **state)
{
	struct stage *s = open_house();
	ms_t at, later;

	(void)state;
	assert_int_equal(feed_last(s->store, "", &at, &e), 0);
	assert_int_equal(at, 0);
	import(s, "orders", "工单号,客户编号,结算日期\nR1,C1,2026-03-09\n");
	feed_last(s->store, "", &at, &e);
	assert_true(at > 0);
	stage_run(s, MS_DAY);
	import(s, "orders",
	    "工单号,客户编号,结算日期\n"); /* nobody came: that is news too */
	feed_last(s->store, "", &later, &e);
	assert_true(later > at + 23 * MS_HOUR);
	stage_free(s);
}

#define SENDS                                          \
	"手机号,发送时间,渠道,类型\n"       \
	"19900000001,2026-03-08 10:00,短信,营销\n" \
	"19900000001,2026-03-09 10:00,短信,营销\n" \
	"19900000001,2026-03-09 11:00,短信,通知\n" \
	"19900000001,2026-02-09 10:00,短信,营销\n" \
	"19900000001,2025-03-09 10:00,短信,营销\n" \
	"19900000009,2026-03-09 10:00,短信,营销\n"

static void
count_one(void *arg, ms_t at, int category)
{
	(void)at;
	(void)category;
	++*(int *)arg;
}

static int
rolling(struct stage *s, int64_t customer)
{
	int n = 0;

	assert_int_equal(reservation_since(s->store, customer,
			     stage_at("2026-01-01T00:00:00+08:00"), count_one, &n, &e),
	    0);
	return n;
}

static void
s02_sends_of_before_take_slots(void **state)
{
	struct stage *s = open_house();

	(void)state;
	assert_int_equal(import(s, "sends", SENDS), 200);
	assert_int_equal(stage_used(s, 1, MONTH), 2);
	assert_int_equal(stage_used(s, 1, 202602), 1);
	assert_int_equal(rolling(s, 1), 4);
	expect(4, 0, 1, 1);
	assert_int_equal(import(s, "sends", SENDS), 200);
	assert_int_equal(stage_used(s, 1, MONTH), 2);
	assert_int_equal(rolling(s, 1), 4);
	assert_int_equal(undo(s, 1), 200);
	assert_int_equal(stage_used(s, 1, MONTH), 0);
	assert_int_equal(rolling(s, 1), 0);
	stage_free(s);
}

static void
s02_open_complaints_and_contact_ids(void **state)
{
	struct stage *s = open_house();

	(void)state;
	assert_int_equal(import(s, "complaints",
			     "投诉编号,客户编号,投诉日期,状态\n"
			     "K1,C1,2026-03-01,处理中\nK2,C2,2025-03-01,已结\n"),
	    200);
	assert_true(who(s, "C1").blocked_at != 0);
	assert_int_equal(who(s, "C2").blocked_at, 0);
	assert_int_equal(
	    import(s, "contacts", "手机,外部联系人ID\n19900000002,wm-0001\n"), 200);
	assert_string_equal(who(s, "C2").c.address[CHANNEL_WECOM], "wm-0001");
	assert_string_equal(who(s, "C2").c.address[CHANNEL_SMS], "+8619900000002");
	stage_free(s);
}

static int
unionids(struct stage *s, const char *unionid)
{
	int64_t ids[4];

	return unionid_of(s->store, contact_union_hash(s->store, unionid), ids, 4, &e);
}

static void
s10_unionids_of_files_are_kept_and_taken_back(void **state)
{
	struct stage *s = open_house();
	int first;

	(void)state;
	assert_int_equal(import(s, "contacts", "手机,unionid\n19900000002,oX1\n"), 200);
	first = number("batch");
	assert_int_equal(import(s, "contacts", "手机,UnionID\n19900000002,oX2\n"), 200);
	assert_int_equal(unionids(s, "oX1"), 1);
	assert_int_equal(unionids(s, "oX2"), 1);
	assert_int_equal(undo(s, number("batch")), 200);
	assert_int_equal(unionids(s, "oX2"), 0);
	assert_int_equal(unionids(s, "oX1"), 1);
	assert_int_equal(undo(s, first), 200);
	assert_int_equal(unionids(s, "oX1"), 0);
	stage_free(s);
}

/* ---- S3: mapping, dry run, undo, quality ---- */

static void
s03_a_mapping_is_saved_for_its_source(void **state)
{
	struct stage *s = open_house();
	const struct import_how told = { .source = "dms",
		.save_map = true,
		.map = "{\"号\":\"id\",\"备注\":\"-\"}" },
				saved = { .source = "dms" };

	(void)state;
	assert_int_equal(import(s, "customers", "号,姓名,备注\nC7,李四,x\n"), 422);
	assert_int_equal(
	    import_as(s, "customers", "号,姓名,备注\nC7,李四,x\n", &told), 200);
	assert_string_equal(who(s, "C7").c.attrs, "{}");
	assert_int_equal(
	    import_as(s, "customers", "号,姓名,备注\nC8,王五,x\n", &saved), 200);
	assert_string_equal(who(s, "C8").c.attrs, "{}");
	stage_free(s);
}

static void
s03_a_dry_run_says_what_would_change(void **state)
{
	static const struct import_how dry = { .dry_run = true };
	struct stage *s = open_house();
	struct vehicle v;

	(void)state;
	import(s, "vehicles", "客户编号,车牌号,里程\nC1,沪A00001,100\nC1,沪A00003,100\n");
	assert_int_equal(
	    import_as(s, "vehicles",
		"客户编号,车牌号,里程\nC1,沪A00001,200\nC1,沪A00002,1\nC1,沪A00003,100\n"
		"C9,沪A00004,1\n",
		&dry),
	    200);
	expect(1, 1, 1, 1);
	assert_non_null(strstr(report(), "dry run: nothing was changed"));
	assert_non_null(strstr(report(), "客户编号 = customer"));
	assert_non_null(strstr(report(), "mileage 100 -> 200"));
	assert_int_equal(vehicle_get(s->store, "沪A00002", &v, &e), 0);
	assert_int_equal(vehicle_get(s->store, "沪A00001", &v, &e), 1);
	assert_int_equal(v.mileage, 100);
	/* told in milliseconds and fen, with a key whose parts ran together */
	import(s, "orders", "工单号,客户编号,日期,金额\nR1,C1,2026-01-05,558\n");
	import_as(
	    s, "orders", "工单号,客户编号,日期,金额\nR1,C1,2026-01-06 09:30,500\n", &dry);
	assert_non_null(strstr(report(), "at 2026-01-05 00:00 -> 2026-01-06 09:30"));
	assert_non_null(strstr(report(), "amount 558.00 -> 500.00"));
	import_as(s, "sends",
	    "客户编号,发送时间,渠道,类别,编号\n"
	    "C1,2026-03-01 10:00,短信,营销,s1\n",
	    &dry);
	assert_non_null(strstr(report(), "C1 2026-03-01 10:00 sms marketing s1 is new"));
	/* personal values are masked */
	import_as(s, "customers", "客户编号,手机\nC1,19900000077\n", &dry);
	assert_non_null(strstr(report(), "199****0001 -> 199****0077"));
	assert_string_equal(who(s, "C1").c.address[CHANNEL_SMS], "+8619900000001");
	stage_free(s);
}

static void
s03_a_batch_is_taken_back(void **state)
{
	struct stage *s = open_house();
	struct vehicle v;
	int batch;
	int64_t count;

	(void)state;
	import(s, "customers",
	    "客户编号,姓名,手机,标签,到店次数\nC1,李四,19900000001,vip,3\n");
	import(s, "customers",
	    "客户编号,姓名,手机,标签,到店次数,爱好\nC1,王五,19900000055,,5,钓鱼\n"
	    "C5,赵六,19900000005,,,\nC6,钱七,19900000006,,,\n");
	batch = number("batch");
	import(s, "customers",
	    "客户编号,姓名,手机\nC6,钱八,19900000006\n"); /* changed since */
	assert_int_equal(undo(s, batch), 200);
	assert_int_equal(number("restored"), 2);
	assert_int_equal(number("kept"), 1);
	assert_string_equal(who(s, "C1").c.name, "李四");
	assert_string_equal(who(s, "C1").c.address[CHANNEL_SMS], "+8619900000001");
	assert_string_equal(who(s, "C1").c.tags, "vip");
	assert_string_equal(who(s, "C1").c.attrs, "{}");
	assert_int_equal(who(s, "C1").c.visits, 3);
	assert_string_equal(who(s, "C6").c.name, "钱八");
	assert_int_equal(customer_find(s->store, "C5", &(int64_t){ 0 }, &e), 0);
	/* the status counted whom the undo had made forget */
	assert_int_equal(customer_count(s->store, &count, &e), 0);
	assert_int_equal(count, 3);
	assert_int_equal(undo(s, batch), 409);
	assert_int_equal(undo(s, 999), 404);
	/* orders take their facts, their visits and the odometer with them */
	import(s, "vehicles", "客户编号,车牌号\nC1,沪A00001\n");
	import(s, "orders", ORDERS);
	assert_int_equal(undo(s, number("batch")), 200);
	assert_int_equal(number("kept"), 0);
	assert_int_equal(who(s, "C1").c.last_visit.year, 0);
	assert_int_equal(who(s, "C1").c.visits, 3);
	assert_int_equal(vehicle_get(s->store, "沪A00001", &v, &e), 1);
	assert_int_equal(v.mileage, 0);
	assert_int_equal(event_known(s->store, "import", "order:R1", &e), 0);
	import(s, "optouts", "手机\n19900000001\n");
	assert_int_equal(undo(s, number("batch")), 422);
	stage_free(s);
}

static void
s03_tests_and_defaults_go_to_a_list(void **state)
{
	struct stage *s = open_house();
	const json_t *rows;

	(void)state;
	import(s, "customers",
	    "客户编号,姓名,手机,生日\nC3,测试,19900000003,\n"
	    "C4,张先生138,19900000004,\nC5,李四,19900000005,1900-01-01\n"
	    "C6,王五,02162345678,1980-01-01\nC7,赵六,,\n");
	assert_int_equal(number("set_aside"), 3);
	assert_int_equal(customer_find(s->store, "C3", &(int64_t){ 0 }, &e), 0);
	engine_quality(s->engine, NULL, answered, s);
	stage_run(s, 10);
	rows = json_object_get(said, "rows");
	assert_int_equal(json_array_size(rows), 3);
	assert_string_equal(
	    json_string_value(json_object_get(json_array_get(rows, 1), "id")), "C4");
	/* a landline is for calls only; a row without an address is kept */
	assert_string_equal(who(s, "C6").c.address[CHANNEL_SMS], "");
	assert_string_equal(who(s, "C6").c.address[CHANNEL_PHONE], "+862162345678");
	assert_string_equal(who(s, "C7").c.name, "赵六");
	/* the next file of the source replaces the list */
	import(s, "customers", "客户编号,姓名\nC3,李三\n");
	engine_quality(s->engine, NULL, answered, s);
	stage_run(s, 10);
	assert_int_equal(json_array_size(json_object_get(said, "rows")), 0);
	stage_free(s);
}

/* ---- S3: the folder of nightly files ---- */

static bool
there(struct stage *s, const char *path)
{
	char *full = g_build_filename(s->dir, "inbox", path, NULL);
	bool yes = g_file_test(full, G_FILE_TEST_EXISTS);

	g_free(full);
	return yes;
}

static void
count_strangers(void *arg, ms_t at, const char *kind, const char *ext, const char *text)
{
	(void)at;
	(void)ext;
	*(int *)arg += strcmp(kind, "inbox") == 0 && strstr(text, "notes.txt") != NULL;
}

static int
strangers(struct stage *s)
{
	int n = 0;

	assert_int_equal(alarm_each(s->store, 50, count_strangers, &n, &e), 0);
	return n;
}

static void
s03_nightly_files_are_taken_from_a_folder(void **state)
{
	struct stage *s = stage_new(START, CARE, QUIET_CARE, "inbox/notes.txt", "x",
	    "inbox/orders-dms-20260310.csv",
	    "工单号,客户编号,结算日期\nR1,C1,2026-03-09\n", "inbox/vehicles-dms.csv",
	    "牌子\nx\n", NULL);
	struct order o;

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_run(s, 3 * MS_MINUTE);
	assert_int_equal(order_get(s->store, "R1", &o, &e), 1);
	assert_true(there(s, "done/orders-dms-20260310.csv"));
	assert_true(there(s, "done/orders-dms-20260310.csv.report.txt"));
	assert_true(there(s, "refused/vehicles-dms.csv.report.txt"));
	assert_false(there(s, "orders-dms-20260310.csv"));
	/* what no import will ever take is told of once */
	assert_true(there(s, "notes.txt"));
	assert_int_equal(strangers(s), 1);
	/* one that grows is left alone until it has come to rest */
	for (int i = 0; i < 5; i++) {
		char *text = g_strdup_printf("工号,姓名\nS1,张伟%*s\n", i, "");

		stage_put(s, "inbox/staff-hr.csv", text);
		stage_run(s, 20 * MS_SECOND);
		assert_true(there(s, "staff-hr.csv"));
		g_free(text);
	}
	stage_run(s, 2 * MS_MINUTE);
	assert_true(there(s, "done/staff-hr.csv"));
	stage_free(s);
}

/* What is no file was passed over in silence. A link is not followed: it may lead out of the
 * folder. */
static int
make_in_inbox(struct stage *s, const char *name, const char *what)
{
	char *path = g_build_filename(s->inbox, name, NULL),
	     *out = g_build_filename(s->dir, "out.csv", NULL);
	int rc = 0;

	stage_put(s, "out.csv", "工单号,客户编号,结算日期\nR1,C1,2026-03-09\n");
	if (strcmp(what, "link") == 0)
		rc = symlink(out, path);
	else if (strcmp(what, "hanging") == 0)
		rc = symlink("/nowhere", path);
	else if (strcmp(what, "folder") == 0)
		rc = g_mkdir(path, 0700);
	else if (strcmp(what, "pipe") == 0)
		rc = mkfifo(path, 0600);
	else
		stage_put(s, "inbox/.hidden.csv", "x");
	g_free(out);
	g_free(path);
	return rc;
}

static char *strange; /* the last alarm of the folder */

static void
keep_stranger(void *arg, ms_t at, const char *kind, const char *ext, const char *text)
{
	(void)at;
	(void)ext;
	if (strcmp(kind, "inbox") == 0) {
		++*(int *)arg;
		g_free(strange);
		strange = g_strdup(text);
	}
}

static void
s03_what_is_no_file_is_told_of_once(void **state)
{
	static const struct {
		const char *name, *file, *what, *says; /* says NULL: nothing */
	} rows[] = {
		{ "a link", "orders-dms.csv", "link",
		    "orders-dms.csv in the watched folder is a link, and none is followed" },
		{ "a link to nothing", "orders-dms.csv", "hanging", "is a link" },
		{ "a link of no kind", "x", "link", "is a link" },
		{ "a folder", "orders-dms.csv", "folder", "is a folder" },
		{ "a folder of no kind", "march", "folder", "is a folder" },
		{ "a pipe", "orders-dms.csv", "pipe", "is no file" },
		{ "what is hidden", ".hidden.csv", "file", NULL },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = stage_new(
		    START, CARE, QUIET_CARE, "inbox/staff-hr.csv", "工号,姓名\nS1,张伟\n", NULL);
		struct order o;
		int n = 0;

		stage_customer(s, "C1", "high", "+8619900000001", "");
		assert_int_equal(make_in_inbox(s, rows[i].file, rows[i].what), 0);
		stage_run(s, 10 * MS_MINUTE);
		assert_true(there(s, "done/staff-hr.csv"));
		assert_int_equal(order_get(s->store, "R1", &o, &e), 0);
		assert_int_equal(alarm_each(s->store, 50, keep_stranger, &n, &e), 0);
		if (n != (rows[i].says != NULL) ||
		    (n == 1 && strstr(strange, rows[i].says) == NULL))
			fail_msg("%s: told of %d times: %s", rows[i].name, n, strange);
		/* the same again after a night */
		stage_fall(s, false);
		stage_rise(s);
		stage_run(s, 10 * MS_MINUTE);
		n = 0;
		assert_int_equal(alarm_each(s->store, 50, keep_stranger, &n, &e), 0);
		if (n != (rows[i].says != NULL))
			fail_msg("%s: told of %d times after a restart", rows[i].name, n);
		stage_free(s);
	}
	g_clear_pointer(&strange, g_free);
}

/* ---- rows that are none ---- */

/* Files joined together have their heading twice, sheets have totals: both were customers. */
static void
a_heading_and_a_total_are_nobody(void **state)
{
	static const struct {
		const char *name, *what, *csv;
		int imported, aside;
		const char *says;
	} rows[] = {
		{ "a heading twice", "customers",
		    "客户编号,姓名\nX1,张伟\n客户编号,姓名\nX2,李娜\n", 2, 1,
		    "row 3: it is the heading once more" },
		{ "a total of customers", "customers", "客户编号,姓名\nX1,张伟\n合计,1\n", 1, 1,
		    "row 3: a total, not a row" },
		{ "a total of vehicles", "vehicles",
		    "车辆编号,客户编号,车牌号\nV1,C1,沪A1\n合计,C1,1\n", 1, 1,
		    "row 3: a total" },
		{ "a heading of orders", "orders",
		    "工单号,客户编号,结算日期\n工单号,客户编号,结算日期\nR1,C1,2026-03-01\n",
		    1, 1, "row 2: it is the heading" },
		{ "whose name is a heading", "customers", "客户编号,姓名\nX1,姓名\n", 1, 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = open_house();

		assert_int_equal(import(s, rows[i].what, rows[i].csv), 200);
		if (number("imported") != rows[i].imported ||
		    number("set_aside") != rows[i].aside ||
		    strstr(report(), rows[i].says) == NULL)
			fail_msg("%s: %s", rows[i].name, report());
		stage_free(s);
	}
}

/* ---- a row told twice in one file ---- */

/* The dry run called "changed" what the import itself then called "unchanged". */
static void
a_row_told_twice_is_counted_once(void **state)
{
#define HEAD "客户编号,车牌号,里程\n"
	static const struct import_how dry = { .dry_run = true };
	static const struct {
		const char *name, *rows;
		int created, changed, same, again;
	} rows[] = {
		{ "once", "C1,沪A1,100\nC1,沪A2,5\nC1,沪A9,1\n", 1, 1, 1, 0 },
		{ "new, twice the same", "C1,沪A9,1\nC1,沪A9,1\n", 1, 0, 0, 1 },
		{ "new, then another", "C1,沪A9,1\nC1,沪A9,2\n", 1, 0, 0, 1 },
		{ "changed, twice the same", "C1,沪A2,5\nC1,沪A2,5\n", 0, 1, 0, 1 },
		{ "changed, changed again", "C1,沪A2,5\nC1,沪A2,6\n", 0, 1, 0, 1 },
		{ "the same, then changed", "C1,沪A1,100\nC1,沪A1,7\n", 0, 1, 0, 1 },
		{ "the same, thrice", "C1,沪A1,100\nC1,沪A1,100\nC1,沪A1,100\n", 0, 0, 1,
		    2 },
		{ "far apart", NULL, 301, 0, 0, 300 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (int real = 0; real < 2; real++) {
			struct stage *s = open_house();
			GString *text = g_string_new(HEAD);

			g_string_append(text, rows[i].rows == NULL ? "" : rows[i].rows);
			for (int k = 0; rows[i].rows == NULL && k < 601; k++)
				g_string_append_printf(text, "C1,沪B%d,%d\n", k % 301, k);
			import(s, "vehicles", HEAD "C1,沪A1,100\nC1,沪A2,100\n");
			assert_int_equal(
			    import_as(s, "vehicles", text->str, real ? NULL : &dry), 200);
			if (number("new") != rows[i].created ||
			    number("changed") != rows[i].changed ||
			    number("unchanged") != rows[i].same ||
			    number("repeated") != rows[i].again)
				fail_msg("%s, %s: %s", rows[i].name,
				    real ? "imported" : "dry run", report());
			assert_true((strstr(report(), "repeated in the file") != NULL) ==
				    (rows[i].again > 0));
			g_string_free(text, TRUE);
			stage_free(s);
		}
}

/* ---- S3: a file that is of another kind ---- */

#define CUSTOMERS_HEAD "id,name,gender,phone,email,tier,store,advisor,birthday\n"

static void
s03_a_file_of_another_kind_is_refused_until_it_is_meant(void **state)
{
	static const struct {
		const char *name, *what, *text, *says; /* says NULL: it is taken */
		struct import_how how;
	} rows[] = {
		{ "customers as vehicles", "vehicles", CUSTOMERS_HEAD "A,张伟,,,,,,,\n",
		    "`reachd import customers`", { 0 } },
		{ "customers as staff", "staff", CUSTOMERS_HEAD "A,张伟,,,,,,,\n",
		    "`reachd import customers`", { 0 } },
		{ "customers as opt-outs", "optouts", CUSTOMERS_HEAD "A,张伟,,,,,,,\n",
		    "`reachd import customers`", { 0 } },
		{ "orders as complaints", "complaints",
		    "工单号,客户编号,结算日期,金额,里程,车牌号,服务顾问,单号\nR,C1,2026-"
		    "03-09,1,2,,,R\n",
		    "`reachd import orders`", { 0 } },
		{ "vehicles as customers", "customers",
		    "id,customer,vin,plate,model,mileage\nV,C1,,,,\n",
		    "`reachd import vehicles`", { 0 } },
		{ "meant", "staff", CUSTOMERS_HEAD "A,张伟,,,,,,,\n", NULL,
		    { .sure = true } },
		{ "mapped", "staff", CUSTOMERS_HEAD "A,张伟,,,,,,,\n", NULL,
		    { .map = "{\"email\":\"-\"}" } },
		{ "staff with what HR knows", "staff",
		    "id,name,gender,phone,email,birthday,store,role\nS,张伟,,,,,,\n",
		    NULL, { 0 } },
		{ "a car with its owner's name", "vehicles",
		    "车辆编号,客户编号,车主姓名,性别,邮箱,手机,车牌号,车型\nV,C1,,,,,,\n",
		    NULL, { 0 } },
		{ "opt-outs with names", "optouts",
		    "客户编号,姓名,手机,门店,退订日期\nC1,,,,\n", NULL, { 0 } },
		{ "staff of no id", "staff", "姓名,门店\n张伟,浦东\n",
		    "needs a column id: head one so (员工编号, 工号", { 0 } },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = stage_new(START, CARE, QUIET_CARE, NULL);
		int status;
		const char *why;

		print_message("%s\n", rows[i].name);
		stage_customer(s, "C1", "high", "+8619900000001", "");
		status = import_as(s, rows[i].what, rows[i].text, &rows[i].how);
		why = json_string_value(json_object_get(said, "error"));
		assert_int_equal(status, rows[i].says == NULL ? 200 : 422);
		if (rows[i].says != NULL && strstr(why, rows[i].says) == NULL)
			fail_msg("%s", why);
		stage_free(s);
	}
}

/* "25:00" was midnight: an appointment nobody made. */
static void
an_hour_that_is_none_is_not_midnight(void **state)
{
	static const struct {
		const char *at;
		bool taken;
	} rows[] = { { "2026-03-12", true }, { "2026-03-12 09:05", true },
		{ "2026-03-12T09:05:00+08:00", true }, { "2026/3/12 9:05:30", true },
		{ "2026年3月12日 09:05", true }, { "46093.5", true },
		{ "2026-03-12 ", true }, { "2026-03-12 25:00", false },
		{ "2026-03-12 10:61", false }, { "2026-03-12 10", false },
		{ "2026-03-12T10:00+99", false } };
	struct stage *s = open_house();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *text = g_strdup_printf(
		    "预约编号,客户编号,预约时间\nA%zu,C1,%s\n", i, rows[i].at);

		print_message("%s\n", rows[i].at);
		assert_int_equal(import(s, "appointments", text), 200);
		expect(rows[i].taken, 0, 0, !rows[i].taken);
		g_free(text);
	}
	stage_free(s);
}

/* ---- S5: one person twice ---- */

static int
merge(struct stage *s, const char *a, const char *b, bool dry)
{
	s->answer = 0;
	engine_merge(s->engine, a, b, dry, answered, s);
	stage_run(s, 20);
	return s->answer;
}

static int
unmerge(struct stage *s, const char *b, bool dry)
{
	s->answer = 0;
	engine_unmerge(s->engine, b, dry, answered, s);
	stage_run(s, 20);
	return s->answer;
}

static struct stage *
open_twins(void)
{
	struct stage *s = stage_new(START, CARE,
	    "playbook: care\ncategory: marketing\nstatus: live\nstart: { on: dormant }\n"
	    "steps: [{ id: one, after: 1d, send: a }]\n",
	    NULL);

	import(s, "customers",
	    "客户编号,姓名,手机,邮箱,标签,到店次数,同意\n"
	    "C1,李四,19900000001,,vip,3,营销\n"
	    "C2,李四,19900000002,li@example.com,ev,2,sms:服务;email:营销\n");
	import(s, "vehicles", "客户编号,车牌号\nC2,沪A00002\n");
	import(s, "sends",
	    "客户编号,发送时间,渠道,类型\nC1,2026-03-08 10:00,短信,营销\n"
	    "C2,2026-03-09 10:00,短信,营销\n");
	return s;
}

static void
s05_two_rows_become_one_person(void **state)
{
	struct stage *s = open_twins();
	struct vehicle v;
	struct run r;
	int64_t id;

	(void)state;
	stage_event(s, "d", "C2", "dormant");
	assert_int_equal(merge(s, "C1", "C2", true), 200);
	assert_non_null(strstr(report(), "consent by sms: marketing -> service"));
	assert_non_null(strstr(report(), "address by email: nothing -> l"));
	assert_int_equal(who(s, "C1").c.visits, 3); /* a preview changes nothing */
	assert_int_equal(who(s, "C2").c.id, 2);
	assert_int_equal(merge(s, "C1", "C2", false), 200);
	assert_int_equal(who(s, "C1").c.consent[CHANNEL_SMS], CONSENT_SERVICE);
	assert_string_equal(who(s, "C1").c.address[CHANNEL_EMAIL], "li@example.com");
	assert_string_equal(who(s, "C1").c.tags, "ev;vip");
	assert_int_equal(who(s, "C1").c.visits, 5);
	assert_int_equal(stage_used(s, 1, MONTH), 2); /* the sum of the month's touches */
	assert_int_equal(rolling(s, 1), 2);
	assert_int_equal(vehicle_get(s->store, "沪A00002", &v, &e), 1);
	assert_int_equal(v.customer, 1);
	assert_int_equal(run_get(s->store, 0, &r, &e), 0);
	assert_int_equal(run_of_customer(s->store, 2, true, &r, 1, &e), 0);
	/* his id and number lead to him */
	assert_int_equal(customer_find(s->store, "C2", &id, &e), 1);
	assert_int_equal(id, 1);
	assert_int_equal(
	    customer_of_address(s->store,
		customer_hash(s->store, CHANNEL_SMS, "+8619900000002"), &id, 1, &e),
	    1);
	assert_int_equal(id, 1);
	import(s, "customers", "客户编号,姓名\nC2,别人\n");
	assert_int_equal(number("set_aside"), 1);
	assert_string_equal(who(s, "C1").c.name, "李四");
	assert_int_equal(merge(s, "C1", "C2", false), 409);
	assert_int_equal(merge(s, "C1", "C1", false), 422);
	assert_int_equal(merge(s, "C1", "C9", false), 404);
	stage_free(s);
}

static void
s05_and_two_again(void **state)
{
	struct stage *s = open_twins();
	struct vehicle v;

	(void)state;
	assert_int_equal(unmerge(s, "C2", false), 409);
	merge(s, "C1", "C2", false);
	assert_int_equal(unmerge(s, "C2", true), 200);
	assert_int_equal(who(s, "C2").c.id, 1);
	assert_int_equal(unmerge(s, "C2", false), 200);
	assert_int_equal(who(s, "C2").c.id, 2);
	assert_string_equal(who(s, "C2").c.address[CHANNEL_SMS], "+8619900000002");
	assert_int_equal(who(s, "C1").c.consent[CHANNEL_SMS], CONSENT_MARKETING);
	assert_string_equal(who(s, "C1").c.address[CHANNEL_EMAIL], "");
	assert_int_equal(who(s, "C1").c.visits, 3);
	assert_int_equal(stage_used(s, 1, MONTH), 1);
	assert_int_equal(rolling(s, 1), 1);
	assert_int_equal(vehicle_get(s->store, "沪A00002", &v, &e), 1);
	assert_int_equal(v.customer, 2);
	/* what has changed since is not turned back */
	merge(s, "C1", "C2", false);
	import(s, "customers", "客户编号,姓名,手机\nC1,李五,19900000001\n");
	assert_int_equal(unmerge(s, "C2", false), 200);
	assert_string_equal(who(s, "C1").c.name, "李五");
	stage_free(s);
}

/* Who came with a file and goes with it is on nobody's list any more. */
static void
a_batch_taken_back_ends_what_it_set_off(void **state)
{
	struct stage *s = open_twins();
	struct run r;
	int batch;

	(void)state;
	import(s, "customers", "客户编号,手机\nC7,19900000007\n");
	batch = number("batch");
	stage_event(s, "d", "C7", "dormant");
	stage_last_run(s, "C7", &r);
	assert_int_equal(r.state, RUN_RUNNING);
	assert_int_equal(undo(s, batch), 200);
	assert_int_equal(run_get(s->store, r.id, &r, &e), 1);
	assert_int_equal(r.state, RUN_LEFT);
	stage_free(s);
}

static char *
profile_text(struct stage *s, const char *ext)
{
	struct customer_row row = who(s, ext);
	char *text, *all;

	engine_why(s->engine, ext, answered, s);
	stage_run(s, 10);
	text =
	    json_dumps(json_object_get(said, "profile"), JSON_COMPACT | JSON_SORT_KEYS);
	all = g_strdup_printf("%s %s %d %d %.2f", text == NULL ? "" : text, row.c.stage,
	    row.c.visits, row.c.last_visit.day, row.c.spend_12m);
	free(text);
	return all;
}

#define LATER "工单号,客户编号,日期,金额\nR9,C1,2026-03-09,500\n"

/* Undoing left signs, memory and counts of what never was: as if the rows had never come,
 * and what came after them still counts. */
static void
a_batch_taken_back_left_its_signs(void **state)
{
	char *want = NULL;

	(void)state;
	for (int with = 0; with < 2; with++) {
		struct stage *s =
		    stage_new(START, CARE, QUIET_CARE, "config/lifecycle.yaml",
			"signs:\n  - { id: complains, of: doubting, on: complaint }\n"
			"stages:\n"
			"  - { id: doubts, to: doubting, from: [none, satisfied], when: "
			"signals.doubting_signs >= 1 }\n"
			"  - { id: known, to: satisfied, from: none, when: "
			"signals.days_since_visit >= 0 }\n",
			NULL);
		int batches[2] = { 0 };
		char *have;

		stage_customer(s, "C1", "high", "+8619900000001", "");
		stage_event(s, "v1", "C1", "visit");
		if (with) {
			import(s, "orders", ORDERS);
			batches[0] = number("batch");
			import(s, "complaints",
			    "编号,客户编号,日期,状态\nX1,C1,2026-03-01,已解决\n");
			batches[1] = number("batch");
		} else {
			stage_run(s, 200);
		}
		stage_run(s, MS_DAY); /* the sweep has judged him by them */
		stage_event(s, "b1", "C1", "booking");
		stage_event(s, "v2", "C1", "visit");
		for (int k = 1; with && k >= 0; k--)
			assert_int_equal(undo(s, batches[k]), 200);
		stage_run(s, with ? MS_DAY - 110 : MS_DAY - 10);
		have = profile_text(s, "C1");
		if (with)
			assert_string_equal(have, want);
		else
			want = g_strdup(have);
		g_free(have);
		stage_free(s);
	}
	g_free(want);
}

/* ---- S6: consent by batch ---- */

static const struct consent_row {
	const char *name, *file, *basis, *evidence;
	int status, sms; /* consent of C8 by SMS */
} consents[] = {
	{ "nothing told", "客户编号,手机\nC8,19900000008\n", "", "", 200, CONSENT_NONE },
	{ "service relationship", "客户编号,手机\nC8,19900000008\n", "service", "", 200,
	    CONSENT_SERVICE },
	{ "marketing without evidence", "客户编号,手机\nC8,19900000008\n", "marketing",
	    "", 422, -1 },
	{ "marketing with evidence", "客户编号,手机\nC8,19900000008\n", "marketing",
	    "2026-01 门店签字表，张经理", 200, CONSENT_MARKETING },
	{ "the basis bounds the column", "客户编号,手机,同意\nC8,19900000008,营销\n",
	    "service", "", 200, CONSENT_SERVICE },
	{ "the column bounds the basis", "客户编号,手机,同意\nC8,19900000008,无\n",
	    "service", "", 200, CONSENT_NONE },
	{ "no such basis", "客户编号,手机\nC8,19900000008\n", "always", "", 422, -1 },
};

static void
s06_consent_by_batch_with_its_basis(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(consents); i++) {
		const struct consent_row *c = &consents[i];
		const struct import_how how = { .basis = c->basis,
			.evidence = c->evidence };
		struct stage *s = open_house();

		print_message("%s\n", c->name);
		assert_int_equal(import_as(s, "customers", c->file, &how), c->status);
		if (c->status == 200) {
			assert_int_equal(who(s, "C8").c.consent[CHANNEL_SMS], c->sms);
			assert_non_null(strstr(report(),
			    c->sms == CONSENT_MARKETING ? "marketing may reach 1"
			    : c->sms == CONSENT_SERVICE ? "service 1 more"
							: "nothing 1"));
		}
		stage_free(s);
	}
}

static int
count(struct stage *s, const char *sql)
{
	struct sql *q = sql_get(s->store, sql);
	int n;

	assert_int_equal(sql_step(q, &e), 1);
	n = (int)sql_col(q, 0);
	sql_end(q);
	return n;
}

/* A date that cannot be read cost the whole row. Where it is not what the row is about, it
 * costs its cell: what is on file stays, and the list of data quality has it. */
static void
a_date_that_cannot_be_read(void **state)
{
	static const struct {
		const char *name, *what, *csv, *sql; /* of what must be there, 1 */
		int refused, noted;
	} rows[] = {
		{ "a vehicle's inspection", "vehicles",
		    "id,customer,plate,inspection_due,mileage\nV1,C1,沪A1,2026-02-30,9000\n",
		    "SELECT count(*) FROM vehicle WHERE ext = 'V1' AND mileage = 9000 AND "
		    "inspection_due = 20500 AND bought = 19000",
		    0, 1 },
		{ "a new vehicle's", "vehicles",
		    "id,customer,plate,bought\nV2,C1,沪A2,去年\n",
		    "SELECT count(*) FROM vehicle WHERE ext = 'V2' AND plate = '沪A2' AND "
		    "ifnull(bought, 0) = 0",
		    0, 1 },
		{ "what stands for none", "vehicles",
		    "id,customer,inspection_due\nV1,C1,1900-01-01\n",
		    "SELECT count(*) FROM vehicle WHERE ext = 'V1' AND inspection_due = 20500",
		    0, 1 },
		{ "an empty cell is none", "vehicles",
		    "id,customer,inspection_due\nV1,C1,\n",
		    "SELECT count(*) FROM vehicle WHERE ext = 'V1' AND "
		    "ifnull(inspection_due, 0) = 0 AND bought = 19000 AND plate = '沪A1'",
		    0, 0 },
		{ "its mileage", "vehicles", "id,customer,mileage\nV1,C1,不详\n",
		    "SELECT count(*) FROM vehicle WHERE ext = 'V1' AND mileage = 8000", 0, 1 },
		{ "whether it is sold", "vehicles", "id,customer,sold\nV1,C1,maybe\n",
		    "SELECT count(*) FROM vehicle WHERE ext = 'V1' AND sold = 1", 0, 1 },
		{ "its other columns", "vehicles", "id,customer,内饰\nV1,C1,黑\n",
		    "SELECT count(*) FROM vehicle WHERE ext = 'V1' AND "
		    "attrs LIKE '%颜色%白%' AND attrs LIKE '%内饰%黑%'",
		    0, 0 },
		{ "an order's own day", "orders",
		    "id,customer,date,amount\nR1,C1,2026-02-30,100\n",
		    "SELECT count(*) = 0 FROM repair WHERE ext = 'R1'", 1, 0 },
		{ "an order without one", "orders", "id,customer,date,amount\nR1,C1,,100\n",
		    "SELECT count(*) = 0 FROM repair WHERE ext = 'R1'", 1, 0 },
		{ "an absence", "staff",
		    "id,name,away_from,away_to\nE1,李娜,下周,2026-03-20\n",
		    "SELECT count(*) = 0 FROM staff", 1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = open_house();
		int64_t noted;

		import(s, "vehicles",
		    "id,customer,plate,bought,inspection_due,mileage,sold,颜色\n"
		    "V1,C1,沪A1,2022-01-08,2026-02-16,8000,1,白\n");
		assert_int_equal(import(s, rows[i].what, rows[i].csv), 200);
		if (count(s, rows[i].sql) != 1)
			fail_msg("%s: %s", rows[i].name, report());
		assert_int_equal(quality_count(s->store, &noted, &e), 0);
		if (noted != rows[i].noted || number("refused") != rows[i].refused)
			fail_msg("%s: %d noted: %s", rows[i].name, (int)noted, report());
		stage_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s02_vehicles_by_chinese_headings),
		cmocka_unit_test(a_date_that_cannot_be_read),
		cmocka_unit_test(s02_rows_find_their_customer_by_number_or_vehicle),
		cmocka_unit_test(s02_staff),
		cmocka_unit_test(s02_history_makes_facts_and_starts_nothing),
		cmocka_unit_test(s04_a_run_under_way_meets_yesterdays_visit),
		cmocka_unit_test(s04_an_orders_file_is_the_feed),
		cmocka_unit_test(s02_sends_of_before_take_slots),
		cmocka_unit_test(s02_open_complaints_and_contact_ids),
		cmocka_unit_test(s10_unionids_of_files_are_kept_and_taken_back),
		cmocka_unit_test(s03_a_mapping_is_saved_for_its_source),
		cmocka_unit_test(an_hour_that_is_none_is_not_midnight),
		cmocka_unit_test(s03_a_dry_run_says_what_would_change),
		cmocka_unit_test(s03_a_batch_is_taken_back),
		cmocka_unit_test(s03_tests_and_defaults_go_to_a_list),
		cmocka_unit_test(s03_a_file_of_another_kind_is_refused_until_it_is_meant),
		cmocka_unit_test(s03_nightly_files_are_taken_from_a_folder),
		cmocka_unit_test(s03_what_is_no_file_is_told_of_once),
		cmocka_unit_test(a_row_told_twice_is_counted_once),
		cmocka_unit_test(a_heading_and_a_total_are_nobody),
		cmocka_unit_test(a_batch_taken_back_ends_what_it_set_off),
		cmocka_unit_test(a_batch_taken_back_left_its_signs),
		cmocka_unit_test(s05_two_rows_become_one_person),
		cmocka_unit_test(s05_and_two_again),
		cmocka_unit_test(s06_consent_by_batch_with_its_basis),
	};

	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
