/* Keys that a service gives out: each message has its own, a lost answer is repeated under it, and
 * what went without is never repeated. */
#include <sys/stat.h>

#include "stage.h"

#define MONDAY "2026-11-23T10:00:00+08:00"
#define APP(name)                                                                      \
	"  - { name: " name ", type: jpush, channels: [push], url: "                   \
	"\"http://127.0.0.1:2\", internal: true, connections: 1, app_key: a1, class: " \
	"service, master_secret: { credential: s } }\n"
#define HOUSE                                                                              \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: http://127.0.0.1:8080\n" \
	"credentials: secrets\nproviders:\n"
#define ACCOUNT HOUSE APP("app")
#define TWO HOUSE APP("app") APP("other")
#define PLAYBOOK                                                               \
	"playbook: p\ncategory: service\nstatus: live\nstart: { on: visit }\n" \
	"steps:\n  - { id: a, send: w, expires: 72h }\n  - { id: end, stop: true }\n"

#define PUSHES 16
static struct {
	bool gives, silent; /* cids */
	enum sim_reply_kind kind;
	int status, asked, many, given, calls;
	char *bodies[PUSHES]; /* of pushes, the first sixteen */
} service;

static char *
cids(void)
{
	GString *s = g_string_new("{\"cidlist\":[");

	for (int i = 0; i < service.many; i++)
		g_string_append_printf(
		    s, "%s\"a1-%04x\"", i > 0 ? "," : "", service.given++);
	g_string_append(s, "]}");
	return g_string_free(s, FALSE);
}

static bool
counter(const struct sim_request *q, struct sim_reply *r)
{
	if (strstr(q->url, "/v3/push/cid") != NULL) {
		service.asked++;
		r->kind = service.silent ? SIM_SILENCE : SIM_ANSWER;
		r->status = service.gives ? 200 : 500;
		r->body = service.gives ? cids() : g_strdup("<html>");
	} else if (strstr(q->url, "/v3/received/detail") != NULL) {
		r->body = g_strdup("[]");
	} else {
		if (service.calls < PUSHES)
			service.bodies[service.calls] = g_strndup(q->body, q->body_len);
		r->kind = service.kind;
		r->status = service.status;
		r->body = service.status == 200
			      ? g_strdup_printf(
				    "{\"sendno\":\"0\",\"msg_id\":\"%d\"}", service.calls)
			      : g_strdup("<html>");
		service.calls++;
	}
	r->len = strlen(r->body);
	return true;
}

static struct stage *
begin(void)
{
	stage_else = counter;
	return stage_new(MONDAY, "config/reachd.yaml", ACCOUNT, "config/secrets/s",
	    "s3cret", "templates/push/w.liquid", STAGE_TEMPLATE("service") "取车\n",
	    "config/playbooks/p.yaml", PLAYBOOK, NULL);
}

static void
add(struct stage *s, const char *ext)
{
	char *device = g_strconcat("device", ext, NULL);
	struct customer c = { .ext = ext,
		.name = "x",
		.gender = "",
		.tier = "high",
		.stage = "new",
		.store = "",
		.advisor = "",
		.tz = "",
		.address = { "", "", "", device, "" },
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
	g_free(device);
}

static void
visit(struct stage *s, const char *ext)
{
	add(s, ext);
	stage_run(s, 3 * MS_SECOND);
}

static int
set_up(void **state)
{
	(void)state;
	memset(&service, 0, sizeof(service));
	service.gives = true;
	service.status = 200;
	service.many = 150;
	service.kind = SIM_ANSWER;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	for (int i = 0; i < PUSHES; i++)
		g_clear_pointer(&service.bodies[i], g_free);
	stage_else = NULL;
	return 0;
}

/* The cid of the i-th push; "" none. */
static const char *
cid(int i)
{
	static char out[32];
	const char *at =
	    service.bodies[i] == NULL ? NULL : strstr(service.bodies[i], "\"cid\":\"");

	out[0] = '\0';
	if (at != NULL)
		g_strlcpy(out, at + 7, MIN(sizeof(out), strcspn(at + 7, "\"") + 1));
	return out;
}

static int
state_of(struct stage *s, const char *ext)
{
	struct message m;

	assert_int_equal(stage_touch(s, ext, 0, &m), 1);
	return m.state;
}

static void
each_message_has_its_own(void **state)
{
	struct stage *s = begin();

	(void)state;
	visit(s, "C1");
	visit(s, "C2");
	visit(s, "C3");
	visit(s, "C4");
	assert_int_equal(service.calls, 4);
	for (int i = 0; i < 4; i++) {
		char *one = g_strdup(cid(i));

		assert_true(g_str_has_prefix(one, "a1-"));
		for (int k = 0; k < i; k++)
			assert_string_not_equal(one, cid(k));
		g_free(one);
	}
	stage_free(s);
}

static void
a_lost_answer_is_repeated_under_its_key(void **state)
{
	static const struct {
		const char *name;
		enum sim_reply_kind kind;
		int status;
	} rows[] = { { "cut", SIM_CUT, 200 }, { "silence", SIM_SILENCE, 200 },
		{ "their own trouble", SIM_ANSWER, 500 } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s;

		tear_down(state);
		set_up(state);
		s = begin();
		service.kind = rows[i].kind;
		service.status = rows[i].status;
		visit(s, "C1");
		assert_int_equal(service.calls, 1);
		service.kind = SIM_ANSWER;
		service.status = 200;
		stage_run(s, 2 * MS_MINUTE);
		assert_int_equal(service.calls, 2);
		assert_true(*cid(0) != '\0');
		assert_string_equal(service.bodies[0], service.bodies[1]);
		assert_int_equal(state_of(s, "C1"), MSG_ACCEPTED);
		stage_run(s, 2 * MS_HOUR);
		assert_int_equal(service.calls, 2);
		stage_free(s);
	}
}

/* It may still be at work on the first. */
static void
not_at_once(void **state)
{
	struct stage *s = begin();

	(void)state;
	service.kind = SIM_CUT;
	visit(s, "C1");
	stage_run(s, MS_SECOND);
	assert_int_equal(service.calls, 1);
	stage_free(s);
}

static void
the_first_is_waited_for(void **state)
{
	struct stage *s;

	(void)state;
	service.silent = true;
	s = begin();
	visit(s, "C1");
	assert_int_equal(service.calls, 0);
	service.silent = false;
	stage_run(s, MS_MINUTE);
	assert_int_equal(service.calls, 1);
	assert_true(*cid(0) != '\0');
	stage_free(s);
}

static void
where_none_is_had_it_goes_without_and_is_not_repeated(void **state)
{
	struct stage *s;

	(void)state;
	service.gives = false;
	s = begin();
	visit(s, "C1");
	service.kind = SIM_CUT;
	stage_run(s, 20 * MS_SECOND);
	assert_int_equal(service.calls, 1);
	assert_string_equal(cid(0), "");
	assert_int_equal(service.asked, 4);
	/* That there are keys again later does not help this one. */
	service.gives = true;
	service.kind = SIM_ANSWER;
	stage_run(s, MS_HOUR);
	assert_int_equal(service.calls, 1);
	assert_int_equal(state_of(s, "C1"), MSG_PRESUMED);
	visit(s, "C2");
	assert_true(*cid(1) != '\0');
	stage_free(s);
}

static void
old_keys_begin_no_message(void **state)
{
	struct stage *s = begin();

	(void)state;
	visit(s, "C1");
	assert_true(strcmp(cid(0), "a1-0095") <= 0);
	assert_int_equal(service.asked, 1);
	stage_run(s, MS_HOUR);
	visit(s, "C2");
	assert_int_equal(service.calls, 2);
	assert_int_equal(service.asked, 2);
	assert_true(strcmp(cid(1), "a1-0095") > 0);
	stage_free(s);
}

/* The keys of the calls before are forgotten there: nothing may be repeated under them. */
static void
a_key_is_used_no_longer_than_it_lives(void **state)
{
	struct stage *s = begin();
	int calls;

	(void)state;
	service.kind = SIM_CUT;
	visit(s, "C1");
	stage_run(s, 23 * MS_HOUR);
	calls = service.calls;
	assert_in_range(calls, 3, 500);
	assert_int_equal(state_of(s, "C1"), MSG_PRESUMED);
	stage_run(s, 2 * MS_DAY);
	assert_int_equal(service.calls, calls);
	stage_free(s);
}

/* One key for two accounts of one app: the other message waits for the next. */
static void
accounts_of_one_owner_share(void **state)
{
	struct stage *s;

	(void)state;
	service.many = 1;
	stage_else = counter;
	s = stage_new(MONDAY, "config/reachd.yaml", TWO, "config/secrets/s", "s3cret",
	    "templates/push/w.liquid", STAGE_TEMPLATE("service") "取车\n",
	    "config/playbooks/p.yaml", PLAYBOOK, NULL);
	stage_run(s, 2 * MS_SECOND);
	engine_freeze(s->engine, "operator");
	add(s, "C1");
	add(s, "C2");
	stage_run(s, 3 * MS_SECOND);
	engine_thaw(s->engine, "operator");
	stage_run(s, MS_MINUTE);
	assert_int_equal(service.calls, 2);
	for (int i = 0; i < 2; i++)
		assert_true(*cid(i) != '\0');
	stage_free(s);
}

/* Killed with its call under way: the key is on disk, and the next life repeats it. */
static void
a_key_outlives_the_process(void **state)
{
	struct stage *s = begin();

	(void)state;
	service.kind = SIM_SILENCE;
	visit(s, "C1");
	assert_int_equal(service.calls, 1);
	stage_fall(s, false);
	service.kind = SIM_ANSWER;
	stage_rise(s);
	stage_run(s, 2 * MS_MINUTE);
	assert_int_equal(service.calls, 2);
	assert_true(*cid(0) != '\0');
	assert_string_equal(service.bodies[0], service.bodies[1]);
	assert_int_equal(state_of(s, "C1"), MSG_ACCEPTED);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
		CASE(each_message_has_its_own),
		CASE(a_lost_answer_is_repeated_under_its_key),
		CASE(not_at_once),
		CASE(the_first_is_waited_for),
		CASE(where_none_is_had_it_goes_without_and_is_not_repeated),
		CASE(old_keys_begin_no_message),
		CASE(a_key_is_used_no_longer_than_it_lives),
		CASE(accounts_of_one_owner_share),
		CASE(a_key_outlives_the_process),
	};

	umask(077);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
