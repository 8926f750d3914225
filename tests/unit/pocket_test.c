/* Tokens: one fetch at a time for all accounts of a key, early, and not again where asking does harm. */
#include <sys/stat.h>

#include "stage.h"

#define MONDAY "2026-11-23T14:00:00+08:00"
#define ACCOUNT(name)                                                               \
	"  - { name: " name                                                         \
	", type: wecom, channels: [wecom], url: \"http://127.0.0.1:2\", internal: " \
	"true, corp_id: ww1, secret: { credential: s }, sender: LiNa }\n"
#define ACCOUNTS                                                                           \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: http://127.0.0.1:8080\n" \
	"providers:\n" ACCOUNT("w") ACCOUNT("x") "credentials: secrets\n"
#define PLAYBOOK                                                                 \
	"playbook: p\ncategory: marketing\nstatus: live\nstart: { on: visit }\n" \
	"steps:\n  - { id: a, send: w, expires: 72h }\n  - { id: end, stop: true }\n"

static struct {
	int asked, life;     /* of the counter where tokens are given */
	const char *refuses; /* NULL: it gives one */
	bool silent;
	int calls; /* for customers */
	const char *answers;
	char last[512]; /* address of the last of them */
} service;

static bool
counter(const struct sim_request *q, struct sim_reply *r)
{
	if (strstr(q->url, "gettoken") != NULL) {
		service.asked++;
		r->kind = service.silent ? SIM_SILENCE : SIM_ANSWER;
		r->body = service.refuses != NULL
			      ? g_strdup(service.refuses)
			      : g_strdup_printf("{\"errcode\":0,\"access_token\":\"T%d\","
						"\"expires_in\":%d}",
				    service.asked, service.life);
	} else if (strstr(q->url, "add_msg_template") != NULL) {
		service.calls++;
		g_strlcpy(service.last, q->url, sizeof(service.last));
		r->body = service.answers != NULL
			      ? g_strdup(service.answers)
			      : g_strdup_printf("{\"errcode\":0,\"fail_list\":[],"
						"\"msgid\":\"g%d\"}",
				    service.calls);
	} else {
		r->body = g_strdup("{\"errcode\":0,\"send_list\":[]}");
	}
	r->len = strlen(r->body);
	return true;
}

static struct stage *
begin(void)
{
	stage_else = counter;
	return stage_new(MONDAY, "config/reachd.yaml", ACCOUNTS, "config/secrets/s",
	    "s3cret", "templates/wecom/w.liquid",
	    STAGE_TEMPLATE("marketing") "问候，回复TD退订\n", "config/playbooks/p.yaml",
	    PLAYBOOK, NULL);
}

static void
visit(struct stage *s, const char *ext)
{
	char *wecom = g_strconcat("wm", ext, NULL),
	     *phone = g_strdup_printf("+86199123456%02d", atoi(ext + 1));
	struct customer c = { .ext = ext,
		.name = "x",
		.gender = "",
		.tier = "high",
		.stage = "new",
		.store = "",
		.advisor = "",
		.tz = "",
		.address = { phone, wecom, "", "", "" },
		.consent = { 2, 2, 2, 2, 2 },
		.tags = "",
		.attrs = "{}" };
	struct err e = { 0 };
	bool created;
	int64_t id;

	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(customer_put(s->store, &c, &id, &created, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
	assert_int_equal(stage_event(s, ext, ext, "visit"), 201);
	stage_run(s, 3 * MS_SECOND);
	g_free(phone);
	g_free(wecom);
}

static int
set_up(void **state)
{
	(void)state;
	memset(&service, 0, sizeof(service));
	service.life = 7200;
	return 0;
}

static void
end(struct stage *s)
{
	stage_free(s);
	stage_else = NULL;
}

static void
one_fetch_at_a_time_for_all_of_a_key(void **state)
{
	struct stage *s;

	(void)state;
	service.silent = true;
	s = begin();
	visit(s, "C1");
	visit(s, "C2");
	assert_int_equal(service.asked, 1);
	assert_int_equal(service.calls, 0);
	service.silent = false;
	stage_run(s, MS_MINUTE);
	assert_int_equal(service.asked, 2);
	assert_int_equal(service.calls, 2);
	assert_non_null(strstr(service.last, "access_token=T2"));
	end(s);
}

static void
fetched_anew_before_it_ends(struct stage *s)
{
	visit(s, "C1");
	assert_int_equal(service.asked, 1);
	stage_run(s, 6900 * MS_SECOND);
	assert_int_equal(service.asked, 1);
	stage_run(s, 250 * MS_SECOND);
	/* With nobody waiting for it. */
	visit(s, "C2");
	assert_int_equal(service.calls, 2);
	visit(s, "C3");
	assert_int_equal(service.asked, 2);
	assert_non_null(strstr(service.last, "access_token=T2"));
	end(s);
}

static void
a_token_is_fetched_anew_before_it_ends(void **state)
{
	(void)state;
	fetched_anew_before_it_ends(begin());
}

static void
no_token_is_believed_to_live_longer_than_two_hours(void **state)
{
	(void)state;
	service.life = 86400;
	fetched_anew_before_it_ends(begin());
}

/* Asked again and again with a wrong secret the service shuts the address out. */
static void
a_wrong_secret_is_tried_once(void **state)
{
	struct stage *s;

	(void)state;
	service.refuses = "{\"errcode\":40001,\"errmsg\":\"m\"}";
	s = begin();
	visit(s, "C1");
	stage_run(s, 2 * MS_HOUR);
	visit(s, "C2");
	assert_int_equal(service.asked, 1);
	assert_int_equal(service.calls, 0);
	end(s);
}

/* Not even for what waits and is asked about every five minutes. */
static void
a_secret_that_was_changed_is_tried_once(void **state)
{
	struct stage *s = begin();

	(void)state;
	visit(s, "C1");
	assert_int_equal(service.calls, 1);
	service.refuses = "{\"errcode\":40001,\"errmsg\":\"m\"}";
	stage_run(s, 6 * MS_HOUR);
	assert_int_equal(service.asked, 2);
	end(s);
}

static void
a_busy_service_is_asked_less_and_less(void **state)
{
	struct stage *s;

	(void)state;
	service.refuses = "{\"errcode\":-1,\"errmsg\":\"m\"}";
	s = begin();
	visit(s, "C1");
	stage_run(s, MS_HOUR);
	assert_in_range(service.asked, 10, 75);
	service.refuses = NULL;
	stage_run(s, 2 * MS_MINUTE);
	assert_int_equal(service.calls, 1);
	end(s);
}

/* The second time in a row, with a fresh one, it is not the token. */
static void
what_is_stale_twice_stops_the_account(void **state)
{
	struct stage *s = begin();

	(void)state;
	service.answers = "{\"errcode\":40014,\"errmsg\":\"m\"}";
	visit(s, "C1");
	stage_run(s, MS_HOUR);
	/* Each account of it tries. */
	assert_in_range(service.calls, 2, 4);
	assert_in_range(service.asked, 2, 4);
	end(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup(f, set_up)
		CASE(one_fetch_at_a_time_for_all_of_a_key),
		CASE(a_token_is_fetched_anew_before_it_ends),
		CASE(no_token_is_believed_to_live_longer_than_two_hours),
		CASE(a_wrong_secret_is_tried_once),
		CASE(a_secret_that_was_changed_is_tried_once),
		CASE(a_busy_service_is_asked_less_and_less),
		CASE(what_is_stale_twice_stops_the_account),
	};

	umask(077);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
