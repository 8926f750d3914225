/* customer_rows_test.c - rows of the table of bad inputs that need more than the file:
 * rows refused and listed, one phone of two customers, and an opt-out that an import must
 * not undo. */
#include "stage.h"
#include "store/optout.h"

#include "spec/customers.h"

/* ---- C3 ---- */

static const struct {
	const char *name, *row;
	enum row_verdict verdict;
	const char *listed; /* in the report */
} shapes[] = {
	{ "C3 as many as the heading", "A,x,15400000001", ROW_GOOD, NULL },
	{ "C3 one too few", "A,x", ROW_REFUSED,
	    "row 3: it has 2 columns where the heading has 3" },
	{ "C3 one too many", "A,x,15400000001,y", ROW_REFUSED,
	    "row 3: it has 4 columns where" },
	{ "C3 only one", "A", ROW_REFUSED, "row 3: it has 1 column where" },
	{ "C3 a comma too many at the end", "A,x,15400000001,", ROW_REFUSED,
	    "row 3: it has 4 columns" },
};

static void
c3_cells_of_a_row(void **state)
{
	char *dir = g_dir_make_tmp("reachd-rows-XXXXXX", NULL);
	char *path = g_build_filename(dir, "t.csv", NULL);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
		char *text = g_strdup_printf(
		    "id,name,phone\nZ,z,15400000002\n%s\nY,y,15400000003\n",
		    shapes[i].row);
		struct err e = { 0 };
		struct arena *a = arena_new();
		struct customers *r;
		struct rows_report report;
		GString *out = g_string_new(NULL);
		struct row_fault f[3] = { 0 };
		struct customer c;

		assert_true(g_file_set_contents(path, text, -1, NULL));
		r = customers_open(path, TABLE_UTF8, NULL, &e);
		assert_non_null(r);
		rows_report_init(&report);
		for (int k = 0; k < 3; k++) {
			assert_int_equal(customers_next(r, a, &c, &f[k], &e), 1);
			rows_report_add(&report, &f[k]);
		}
		rows_report_text(&report, columns_format(customers_columns(r)), out);
		if (f[0].verdict != ROW_GOOD || f[1].verdict != shapes[i].verdict ||
		    f[2].verdict != ROW_GOOD ||
		    (shapes[i].listed != NULL) !=
			(shapes[i].listed != NULL &&
			    strstr(out->str, shapes[i].listed) != NULL))
			fail_msg(
			    "%s: %d %s", shapes[i].name, (int)f[1].verdict, out->str);
		rows_report_fini(&report);
		customers_close(r);
		g_string_free(out, TRUE);
		arena_free(a);
		g_free(text);
	}
	g_remove(path);
	g_rmdir(dir);
	g_free(path);
	g_free(dir);
}

/* ---- C8, C9: on the stage ---- */

#define PLAYBOOK                                                                    \
	"playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n" \
	"steps:\n  - { id: one, send: a }\n"
#define NOON "2026-11-23T10:00:00+08:00"
#define NUMBER "+8615400000001"

/* One phone, two names: one address, two customers; the low tier's one message a month is
 * the address's too. */
static void
c8_one_phone_two_customers(void **state)
{
	struct stage *s = stage_new(NOON, "config/playbooks/care.yaml", PLAYBOOK, NULL);
	int64_t one = stage_customer(s, "C1", "low", NUMBER, "");
	int64_t two = stage_customer(s, "C2", "low", NUMBER, "");
	int64_t ids[4], h = customer_hash(s->store, CHANNEL_SMS, NUMBER);
	struct err e = { 0 };

	(void)state;
	assert_true(one != two);
	assert_true(h == customer_hash(s->store, CHANNEL_PHONE, NUMBER));
	assert_int_equal(customer_of_address(s->store, h, ids, 4, &e), 2);

	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, MS_HOUR / 2);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	stage_run(s, 4 * MS_DAY); /* later than one text would go for both */
	assert_int_equal(stage_event(s, "v2", "C2", "visit"), 201);
	stage_run(s, MS_HOUR / 2);
	assert_int_equal(s->letters->len, 1);
	stage_expect(s, "C2", 0, MSG_SUPPRESSED, REASON_CAPPED);
	assert_int_equal(stage_used(s, two, 202611), 0);
	stage_free(s);
}

static void
done(void *arg, int status, const char *json)
{
	stage_answer(arg, status, json);
}

static void
import(struct stage *s, const char *text)
{
	char *path = g_build_filename(s->dir, "again.csv", NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	s->answer = 0;
	engine_import(s->engine, "customers", path, NULL, NULL, done, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	g_free(path);
}

/* An export from the dealer's system says yes; the customer has said no. */
static void
c9_an_import_is_no_consent(void **state)
{
	struct stage *s = stage_new(NOON, "config/playbooks/care.yaml", PLAYBOOK, NULL);
	int64_t h = customer_hash(s->store, CHANNEL_SMS, NUMBER);
	struct err e = { 0 };

	(void)state;
	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(
	    optout_add(s->store, h, CHANNEL_SMS,
		&(struct refusal){ .src = "reply", .origin = "", .at = 1, .heard = 1 },
		&e),
	    0);
	assert_int_equal(store_commit(s->store, &e), 0);
	for (int round = 0; round < 2; round++) {
		import(s, "id,name,phone,tier,consent\nC1,x,15400000001,low,yes\n"
			  "C2,y,15400000002,low,yes\n");
		assert_int_equal(optout_has(s->store, h, CHANNEL_SMS, &e), 1);
	}
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	assert_int_equal(stage_event(s, "v2", "C2", "visit"), 201);
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_SUPPRESSED);
	stage_expect(s, "C2", 0, MSG_ACCEPTED, REASON_NONE);
	stage_free(s);
}

/* ---- template T9, and the plain part of a mail, as sent ---- */

#define MAIL_ACCOUNT                                                                       \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: http://127.0.0.1:8080\n" \
	"providers:\n  - { name: mail, type: sandbox, channels: [email], url: "            \
	"\"http://127.0.0.1:1\", internal: true, settle: idempotency_key }\n"
#define MAIL "---\ncategory: marketing\nsubject: 广告：您好\nlayout: frame\n---\n"
#define FRAME                                                                          \
	"<html><head><title>x</title></head><body>{{ content | raw }}<p>示例店</p>" \
	"<a href=\"{{ message.unsubscribe }}\">退订</a></body></html>\n"

static void
by_mail(struct stage *s, const char *ext, const char *name)
{
	struct customer c = { .ext = ext,
		.name = name,
		.gender = "",
		.tier = "",
		.stage = "",
		.store = "",
		.advisor = "",
		.tz = "",
		.tags = "",
		.attrs = "{}",
		.address = { "", "", "a@a.example", "", "" },
		.consent = { 2, 2, 2, 2, 2 } };
	struct err e = { 0 };
	bool created;
	int64_t id;

	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(customer_put(s->store, &c, &id, &created, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
	assert_int_equal(stage_event(s, ext, ext, "visit"), 201);
	stage_run(s, MS_HOUR);
}

static void
plain_part_keeps_the_links(void **state)
{
	struct stage *s = stage_new(NOON, "config/reachd.yaml", MAIL_ACCOUNT,
	    "config/playbooks/care.yaml",
	    "playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n"
	    "steps:\n  - { id: one, send: m }\n",
	    "templates/partials/frame.liquid", FRAME, "templates/email/m.liquid",
	    MAIL "<p>{{ customer.name }}您好</p><a href=\"{{ \"https://a.example/?n=\" | "
		 "append: "
		 "customer.name | short_link }}\">预约</a>\n",
	    NULL);
	const struct letter *l;

	(void)state;
	by_mail(s, "C1", "王 <b>&");
	assert_int_equal(s->letters->len, 1);
	l = s->letters->pdata[0];
	if (!g_str_has_prefix(l->text, "王 <b>&您好\n\n预约 (http://127.0.0.1:8080/l/") ||
	    strstr(l->text, "示例店") == NULL ||
	    strstr(l->text, "退订 (http://127.0.0.1:8080/u/") == NULL ||
	    strstr(l->text, "/o/") != NULL)
		fail_msg("%s", l->text);
	stage_free(s);
}

/* What the check cannot see is seen when it is rendered. */
static void
template_t9_a_link_to_a_fields_host(void **state)
{
	static const struct {
		const char *name, *value;
		bool sent;
	} links[] = {
		{ "template T9 a host of the text", "https://a.example/x", true },
		{ "template T9 a host of a field", "https://evil.example/x", false },
		{ "template T9 a longer host", "https://a.example.evil.example/x",
		    false },
		{ "template T9 a shorter host", "https://b.example/x", false },
		{ "template T9 a host behind a name", "https://a.example@evil.example/",
		    false },
		{ "template T9 a script", "javascript:alert(1)//https://a.example/",
		    false },
		{ "template T9 no host", "https:///x", false },
		{ "template T9 no link", "x", false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
		struct stage *s = stage_new(NOON, "config/reachd.yaml", MAIL_ACCOUNT,
		    "config/playbooks/care.yaml",
		    "playbook: care\ncategory: marketing\nstatus: live\nstart: { on: "
		    "visit }\n"
		    "steps:\n  - { id: one, send: m }\n",
		    "templates/partials/frame.liquid", FRAME, "templates/email/m.liquid",
		    MAIL "<p>https://a.example/ https://b.example.net/</p>{% assign u = "
			 "customer.name %}"
			 "<a href=\"{{ u | short_link }}\">x</a>\n",
		    NULL);

		by_mail(s, "C1", links[i].value);
		if ((s->letters->len == 1) != links[i].sent)
			fail_msg("%s: %u letters", links[i].name, s->letters->len);
		if (!links[i].sent)
			stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_TEMPLATE_ERROR);
		stage_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(c3_cells_of_a_row),
		cmocka_unit_test(c8_one_phone_two_customers),
		cmocka_unit_test(c9_an_import_is_no_consent),
		cmocka_unit_test(plain_part_keeps_the_links),
		cmocka_unit_test(template_t9_a_link_to_a_fields_host),
	};

	return cmocka_run_group_tests_name("customer rows", tests, NULL, NULL);
}
