/* A call whose answer was lost, looked for among what the service took: found, absent, or left open. */
#include <sys/stat.h>

#include "stage.h"

#define MONDAY "2026-11-23T14:00:00+08:00"
#define ACCOUNTS                                                                           \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: http://127.0.0.1:8080\n" \
	"providers:\n  - { name: w, type: wecom, channels: [wecom], url: "                 \
	"\"http://127.0.0.1:2\", internal: true, corp_id: ww1, secret: { credential: "     \
	"s }, sender: LiNa }\ncredentials: secrets\n"
#define PLAYBOOK                                                                 \
	"playbook: p\ncategory: marketing\nstatus: live\nstart: { on: visit }\n" \
	"steps:\n  - { id: a, send: w, expires: 72h }\n  - { id: end, stop: true }\n"
#define OURS "问候，回复TD退订"

struct record {
	const char *to, *text;
	bool busy;   /* being dispatched: cannot be asked about */
	bool crowd;  /* for more than one customer */
	bool person; /* a member made it himself */
	int asked;
};

static struct {
	struct record all[16];
	int n, made, page, lists;
	enum { TELLS, LOST, LOST_UNTAKEN } answer; /* of add_msg_template */
	const char *refuses;                       /* the list; NULL: it does not */
} service;

static struct record *
add(const char *to, const char *text)
{
	struct record *r = &service.all[service.n++];

	*r = (struct record){ .to = to, .text = text };
	return r;
}

static void
make(struct sim_reply *r)
{
	service.made++;
	if (service.answer != LOST_UNTAKEN)
		add("wmX", OURS);
	if (service.answer != TELLS)
		r->kind = SIM_CUT;
	r->body = g_strdup_printf(
	    "{\"errcode\":0,\"fail_list\":[],\"msgid\":\"g%d\"}", service.n - 1);
}

static void
list(const struct sim_request *q, struct sim_reply *r)
{
	const char *cursor = g_strstr_len(q->body, (gssize)q->body_len, "\"cursor\":\"");
	int at = cursor == NULL ? 0 : atoi(cursor + strlen("\"cursor\":\"")), n = 0;
	GString *s = g_string_new("{\"errcode\":0,\"group_msg_list\":[");

	service.lists++;
	for (; at < service.n && n < service.page; at++, n++)
		g_string_append_printf(s,
		    "%s{\"msgid\":\"g%d\",\"create_type\":%d,\"create_time\":"
		    "\"%" G_GINT64_FORMAT "\",\"text\":{\"content\":\"%s\"}}",
		    n > 0 ? "," : "", at, service.all[at].person, stage_at(MONDAY) / 1000,
		    service.all[at].text);
	g_string_append_printf(s, "],\"next_cursor\":\"");
	if (at < service.n)
		g_string_append_printf(s, "%d", at);
	g_string_append(s, "\"}");
	r->body = g_string_free(s, FALSE);
	if (service.refuses != NULL) {
		g_free(r->body);
		r->body = g_strdup(service.refuses);
	}
}

static void
tell(const struct sim_request *q, struct sim_reply *r)
{
	struct record *of = &service.all[atoi(g_strstr_len(q->body, (gssize)q->body_len, "\"g") + 2)];

	if (of->busy)
		r->body = g_strdup("{\"errcode\":41063,\"errmsg\":\"m\"}");
	else if (strstr(q->url, "get_groupmsg_task") != NULL)
		r->body = g_strdup(
		    "{\"errcode\":0,\"task_list\":[{\"userid\":\"LiNa\",\"status\":0}]}");
	else
		r->body = g_strdup_printf(
		    "{\"errcode\":0,\"send_list\":[{\"external_userid\":\"%s\","
		    "\"status\":0}%s]}",
		    of->to,
		    of->crowd ? ",{\"external_userid\":\"wmZ\",\"status\":0}" : "");
	of->asked++;
}

static bool
counter(const struct sim_request *q, struct sim_reply *r)
{
	if (strstr(q->url, "gettoken") != NULL)
		r->body = g_strdup(
		    "{\"errcode\":0,\"access_token\":\"T\",\"expires_in\":7200}");
	else if (strstr(q->url, "add_msg_template") != NULL)
		make(r);
	else if (strstr(q->url, "get_groupmsg_list_v2") != NULL)
		list(q, r);
	else if (strstr(q->url, "get_groupmsg_") != NULL)
		tell(q, r);
	else
		r->body = g_strdup("{\"errcode\":0}");
	r->len = strlen(r->body);
	return true;
}

static struct stage *
begin(int answer)
{
	struct customer c = { .ext = "C1",
		.name = "x",
		.gender = "",
		.tier = "high",
		.stage = "new",
		.store = "",
		.advisor = "",
		.tz = "",
		.address = { "+8619912345678", "wmX", "", "", "" },
		.consent = { 2, 2, 2, 2, 2 },
		.tags = "",
		.attrs = "{}" };
	struct err e = { 0 };
	struct stage *s;
	bool created;
	int64_t id;

	service.made = service.lists = 0;
	service.answer = answer;
	stage_else = counter;
	s = stage_new(MONDAY, "config/reachd.yaml", ACCOUNTS, "config/secrets/s",
	    "s3cret", "templates/wecom/w.liquid", STAGE_TEMPLATE("marketing") OURS "\n",
	    "config/playbooks/p.yaml", PLAYBOOK, NULL);
	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(customer_put(s->store, &c, &id, &created, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, MS_MINUTE);
	return s;
}

static void
end(struct stage *s)
{
	stage_free(s);
	stage_else = NULL;
}

static int
set_up(void **state)
{
	(void)state;
	memset(&service, 0, sizeof(service));
	service.page = 100;
	return 0;
}

static const char *
state_of(struct stage *s)
{
	struct message m;

	assert_true(stage_touch(s, "C1", 0, &m) == 1);
	return fsm_name(&message_fsm, m.state);
}

static void
what_was_taken_is_found_and_waits_for_its_yes(void **state)
{
	struct stage *s = begin(LOST);
	struct err e = { 0 };
	int64_t msg;

	(void)state;
	assert_string_equal(state_of(s), "awaiting");
	assert_int_equal(service.made, 1);
	/* No other message will be asked whether it is its own. */
	assert_int_equal(ref_find(s->store, "w", "g0", &msg, &e), 1);
	stage_run(s, 3 * MS_DAY);
	assert_string_equal(state_of(s), "lapsed");
	assert_int_equal(service.made, 1);
	end(s);
}

/* Not before the token of the lost call is refused; then the gate looks anew. */
static void
what_is_absent_for_good_is_made_again(void **state)
{
	struct stage *s = begin(LOST_UNTAKEN);

	(void)state;
	stage_run(s, 2 * MS_HOUR + 9 * MS_MINUTE);
	assert_string_equal(state_of(s), "unknown");
	assert_int_equal(service.made, 1);
	service.answer = TELLS;
	stage_run(s, MS_DAY);
	assert_int_equal(service.made, 2);
	end(s);
}

static void
a_late_copy_is_found(void **state)
{
	struct stage *s = begin(LOST_UNTAKEN);

	(void)state;
	stage_run(s, 2 * MS_HOUR);
	add("wmX", OURS);
	stage_run(s, 11 * MS_MINUTE);
	assert_string_equal(state_of(s), "awaiting");
	assert_int_equal(service.made, 1);
	end(s);
}

/* The same words for another customer, a crowd, a member's own. */
static void
others_are_not_taken_for_ours(void **state)
{
	struct record *r;
	struct stage *s;

	(void)state;
	add("wmOther", OURS);
	add("wmX", OURS)->crowd = true;
	r = add("wmX", "别的话");
	r->person = true;
	s = begin(LOST_UNTAKEN);
	assert_string_equal(state_of(s), "unknown");
	assert_in_range(service.all[0].asked, 2, 20);
	assert_int_equal(r->asked, 0);
	service.answer = TELLS;
	stage_run(s, MS_DAY);
	assert_int_equal(service.made, 2);
	end(s);
}

static void
on_a_later_page_it_is_found(void **state)
{
	struct stage *s;

	(void)state;
	for (int i = 0; i < 5; i++)
		add("wmOther", "别的话");
	service.page = 2;
	s = begin(LOST);
	assert_string_equal(state_of(s), "awaiting");
	assert_int_equal(service.lists, 3);
	end(s);
}

/* Nothing is guessed: presumed after a week, never made again. */
static void
stays_open(struct stage *s)
{
	assert_string_equal(state_of(s), "unknown");
	stage_run(s, 6 * MS_DAY);
	assert_string_equal(state_of(s), "unknown");
	stage_run(s, 2 * MS_DAY);
	assert_string_equal(state_of(s), "presumed");
	assert_int_equal(service.made, 1);
	end(s);
}

static void
two_that_fit_leave_it_open(void **state)
{
	(void)state;
	add("wmX", OURS);
	stays_open(begin(LOST));
}

static void
one_for_him_in_other_words_leaves_it_open(void **state)
{
	(void)state;
	add("wmX", "别的话");
	stays_open(begin(LOST_UNTAKEN));
}

static void
what_cannot_be_asked_leaves_it_open(void **state)
{
	(void)state;
	service.refuses = "{\"errcode\":45009,\"errmsg\":\"m\"}";
	stays_open(begin(LOST_UNTAKEN));
}

static void
being_dispatched_it_is_asked_about_later(void **state)
{
	struct record *r = add("wmX", OURS);
	struct stage *s;

	(void)state;
	r->busy = true;
	s = begin(LOST_UNTAKEN);
	assert_string_equal(state_of(s), "unknown");
	r->busy = false;
	stage_run(s, 10 * MS_MINUTE);
	assert_string_equal(state_of(s), "awaiting");
	end(s);
}

/* Another message has the number: nobody need be asked whose it is. */
static void
what_is_known_is_no_candidate(void **state)
{
	struct err e = { 0 };
	struct stage *s;

	(void)state;
	add("wmX", OURS);
	service.refuses = "{\"errcode\":-1,\"errmsg\":\"m\"}";
	s = begin(LOST_UNTAKEN);
	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(ref_add(s->store, "w", "g0", 4711, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
	service.refuses = NULL;
	stage_run(s, 10 * MS_MINUTE);
	assert_string_equal(state_of(s), "unknown");
	assert_int_equal(service.all[0].asked, 0);
	end(s);
}

static void
a_killed_process_looks_anew(void **state)
{
	struct record *r = add("wmX", OURS);
	struct stage *s;

	(void)state;
	r->busy = true;
	s = begin(LOST_UNTAKEN);
	stage_fall(s, true);
	stage_rise(s);
	r->busy = false;
	stage_run(s, 11 * MS_MINUTE);
	assert_string_equal(state_of(s), "awaiting");
	assert_int_equal(service.made, 1);
	end(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup(f, set_up)
		CASE(what_was_taken_is_found_and_waits_for_its_yes),
		CASE(what_is_absent_for_good_is_made_again),
		CASE(a_late_copy_is_found),
		CASE(others_are_not_taken_for_ours),
		CASE(on_a_later_page_it_is_found),
		CASE(two_that_fit_leave_it_open),
		CASE(one_for_him_in_other_words_leaves_it_open),
		CASE(what_cannot_be_asked_leaves_it_open),
		CASE(being_dispatched_it_is_asked_about_later),
		CASE(what_is_known_is_no_candidate),
		CASE(a_killed_process_looks_anew),
	};

	umask(077);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
