/* proof_test.c - bulk marketing by a domain that is known not to prove itself waits until
 * tomorrow (B-EM1); Postmark on the small stage. */
#include <sys/stat.h>

#include "core/bulk.h"
#include "hand_stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define MAIL(category)                                                          \
	"---\ntitle: x\ncategory: " category "\nsubject: 广告：hello\n---\n" \
	"hello {{ customer.id }} {{ message.unsubscribe }}\n"
#define BOOK(name, category)                                                          \
	"playbook: " name "\ncategory: " category                                     \
	"\nstatus: live\nstart: { on: visit }\nre_entry: after 1m\nagain: parallel\n" \
	"steps:\n  - { id: one, after: 1m, send: " name ", expires: 3d }\n"
#define ACCOUNT(name, from)                                                  \
	"  - name: " name "\n    type: postmark\n    channels: [email]\n"    \
	"    url: http://127.0.0.1:1\n    internal: true\n    from: " from   \
	"\n    server_token: { credential: key }\n    webhook_user: reach\n" \
	"    webhook_password: { credential: hook }\n"

static void
primary_domains(void **state)
{
	static const struct {
		const char *name, *primary;
	} rows[] = {
		{ "dealer.example", "dealer.example" },
		{ "news.dealer.example", "dealer.example" },
		{ "a.b.dealer.com", "dealer.com" },
		{ "dealer.com.cn", "dealer.com.cn" },
		{ "news.dealer.com.cn", "dealer.com.cn" },
		{ "m.dealer.co.uk", "dealer.co.uk" },
		{ "m.dealer.cn", "dealer.cn" },
		{ "com.cn", "com.cn" },
		/* The list knows what no rule of thumb does. */
		{ "news.dealer.gd.cn", "dealer.gd.cn" },
		{ "news.dealer.or.jp", "dealer.or.jp" },
		{ "news.co.de", "co.de" },
		{ "m.dealer.xn--55qx5d.cn", "dealer.xn--55qx5d.cn" },
		{ "news.com.example", "com.example" },
		{ "localhost", "localhost" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		assert_string_equal(bulk_domain(rows[i].name), rows[i].primary);
}

static void
postmark(struct stage *s, const struct sim_request *q, struct sim_reply *r)
{
	s->calls += strcmp(q->method, "POST") == 0;
	r->body = g_strdup(strcmp(q->method, "POST") == 0
			       ? "[{\"MessageID\":\"m1\",\"ErrorCode\":0}]"
			       : "{\"Bounces\":[],\"Messages\":[],\"Suppressions\":[]}");
	r->len = strlen(r->body);
}

static struct stage *
open_(void)
{
	struct stage *s = stage_new(START, "config/reachd.yaml",
	    "entity: { name: 示例, tz: Asia/Shanghai }\n"
	    "public_url: http://127.0.0.1:8080\ncredentials: "
	    "secrets\nproviders:\n" ACCOUNT("mail", "news@mail.dealer.example") ACCOUNT(
		"other", "x@dealer.example") ACCOUNT("third", "x@another.example"),
	    "config/secrets/key", "token-example", "config/secrets/hook", "example",
	    "templates/email/care.liquid", MAIL("marketing"),
	    "templates/email/ready.liquid", MAIL("service"), "config/playbooks/care.yaml",
	    BOOK("care", "marketing"), "config/playbooks/ready.yaml",
	    BOOK("ready", "service"), NULL);

	s->arrive = postmark;
	stage_mailbox(s, 0);
	return s;
}

/* So many mails by the account an hour ago. */
static void
went(struct stage *s, const char *account, int n, ms_t ago)
{
	char *sql = g_strdup_printf("INSERT INTO mailing VALUES('%s', %" G_GINT64_FORMAT
				    ", %d, 0)",
	    account, (sim_world(s->sim)->now(sim_world(s->sim)) - ago) / MS_HOUR, n);
	struct err e = { 0 };

	assert_int_equal(sql_run(sql_get(s->store, g_intern_string(sql)), &e), 0);
	g_free(sql);
}

static int
lacks(struct stage *s, const char *domain, const char *missing)
{
	char *body = g_strdup_printf("{\"accounts\":[{\"account\":\"mail\",\"domain\":"
				     "\"%s\",\"missing\":\"%s\"}]}",
	    domain, missing);
	int status = hand(s, "mail-dns", body);

	g_free(body);
	return status;
}

static int
alarms(struct stage *s)
{
	return stage_number(s, "SELECT count(*) FROM alarm WHERE kind = 'domain' AND text "
			      "LIKE '%lacked SPF, DMARC%2026-03-10%'");
}

/* What is taken in two hours of one visit more: 2 marketing goes too, 1 it waits. */
static int
taken(struct stage *s)
{
	static int n;
	char id[16];
	int before = s->calls;

	g_snprintf(id, sizeof(id), "v%d", n++);
	assert_int_equal(stage_event(s, id, "C0", "visit"), 201);
	stage_run(s, 2 * MS_HOUR);
	return s->calls - before;
}

static void
bulk_waits_until_tomorrow(void **state)
{
	struct stage *s = open_();

	(void)state;
	went(s, "other", 4000, MS_HOUR); /* the same primary domain */
	went(s, "mail", 999, MS_HOUR);
	assert_int_equal(lacks(s, "mail.dealer.example", "SPF, DMARC"), 200);
	assert_int_equal(alarms(s), 0);
	went(s, "mail", 1, 2 * MS_HOUR);
	assert_int_equal(taken(s), 1); /* the service's */
	assert_int_equal(alarms(s), 1);
	assert_true(stage_number(s, "SELECT count(*) FROM decision WHERE rule = "
				   "'domain_proof' AND detail LIKE 'mail.dealer.example "
				   "lacked SPF, DMARC on 2026-03-10; 500% mails of "
				   "dealer.example today, at most 5000'") > 0);
	stage_run(s, 24 * MS_HOUR);
	assert_int_equal(s->calls, 2);
	assert_int_equal(alarms(s), 0);
	stage_free(s);
}

static void
what_does_not_hold_it(void **state)
{
	static const struct {
		const char *name, *domain, *missing, *account;
		int n;
		ms_t ago;
	} rows[] = {
		{ "below what they take", "mail.dealer.example", "SPF", "mail", 4000,
		    MS_HOUR },
		{ "nothing is missing", "mail.dealer.example", "", "mail", 9000,
		    MS_HOUR },
		{ "another domain was looked at", "old.example", "SPF", "mail", 9000,
		    MS_HOUR },
		{ "yesterday's", "mail.dealer.example", "SPF", "mail", 9000,
		    12 * MS_HOUR },
		{ "of another primary domain", "mail.dealer.example", "SPF", "third",
		    9000, MS_HOUR },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = open_();

		print_message("%s\n", rows[i].name);
		went(s, rows[i].account, rows[i].n, rows[i].ago);
		assert_int_equal(lacks(s, rows[i].domain, rows[i].missing), 200);
		assert_int_equal(taken(s), 2);
		stage_free(s);
	}
}

/* It goes on as soon as the record is there. */
static void
set_right_it_goes_on(void **state)
{
	struct stage *s = open_();

	(void)state;
	went(s, "mail", 5000, MS_HOUR);
	assert_int_equal(lacks(s, "mail.dealer.example", "SPF, DMARC"), 200);
	assert_int_equal(alarms(s), 1);
	assert_int_equal(taken(s), 1);
	assert_int_equal(lacks(s, "mail.dealer.example", ""), 200);
	assert_int_equal(alarms(s), 0);
	assert_int_equal(taken(s), 2);
	assert_int_equal(hand(s, "mail-dns", "{}"), 422);
	assert_int_equal(
	    hand(s, "mail-dns", "{\"accounts\":[{\"account\":\"mail\"}]}"), 422);
	assert_int_equal(hand(s, "mail-dns",
			     "{\"accounts\":[{\"account\":\"gone\",\"domain\":\"x\","
			     "\"missing\":\"\"}]}"),
	    200);
	stage_free(s);
}

static void
shown(void *arg, int status, const char *json)
{
	json_t *j = json_loads(json, 0, NULL), *days = json_object_get(j, "mails_today");

	assert_int_equal(status, 200);
	assert_int_equal(
	    json_integer_value(json_object_get(days, "dealer.example")), 5001);
	assert_int_equal(json_integer_value(json_object_get(days, "another.example")), 0);
	assert_non_null(strstr(json, "\"level\":\"error\",\"about\":\"mail\",\"text\":"
				     "\"mail.dealer.example lacked SPF, DMARC"));
	json_decref(j);
	((struct stage *)arg)->answer = 1;
}

static void
the_doctor_shows_it(void **state)
{
	struct stage *s = open_();

	(void)state;
	went(s, "mail", 5000, MS_HOUR);
	went(s, "other", 1, MS_HOUR);
	assert_int_equal(lacks(s, "mail.dealer.example", "SPF, DMARC"), 200);
	s->answer = 0;
	engine_doctor(s->engine, shown, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 1);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(primary_domains),
		cmocka_unit_test(bulk_waits_until_tomorrow),
		cmocka_unit_test(what_does_not_hold_it),
		cmocka_unit_test(set_right_it_goes_on),
		cmocka_unit_test(the_doctor_shows_it),
	};

	umask(077); /* credentials are its owner's alone */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
