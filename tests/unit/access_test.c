/* access_test.c - who may do what over the API (S14; A12, A13, A15, A17, A18, A20): the user behind a
 * socket, tokens, stores, and in whose name things are done. */
#include <pwd.h>

#include "../../src/web/route.h"
#include "core/role.h"
#include "hand_stage.h"
#include "store/access.h"
#include "store/optout.h"
#include "web/web.h"

#define START "2026-03-10T09:00:00+08:00"
#define HOUSE                                                                              \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: http://127.0.0.1:8080\n" \
	"providers:\n  - { name: sms, type: sandbox, channels: [sms], url: "               \
	"\"http://127.0.0.1:1\", internal: true }\n"                                       \
	"people:\n  - { name: 李明, role: marketer, user: \"4000000001\" }\n"            \
	"  - { name: 王经理, role: manager, user: \"4000000002\", stores: [pudong] }\n" \
	"  - { name: 小周, role: viewer, user: \"4000000003\" }\n"                       \
	"  - { name: 张芳, role: advisor, user: \"4000000004\" }\n"                      \
	"  - { name: 审计, role: auditor, user: \"4000000005\" }\n"
#define STORES \
	"stores:\n  - { id: pudong, name: 浦东店 }\n  - { id: minhang, name: 闵行店 }\n"
#define MARKETER 4000000001U
#define MANAGER 4000000002U
#define VIEWER 4000000003U
#define ADVISOR 4000000004U
#define AUDITOR 4000000005U
#define STRANGER 4000000009U
#define NOBODY 0xffffffffU /* over TCP, of this machine */

struct asked {
	struct http_in in; /* first */
	int status;
	char *body;
};

static void
reply(struct http_in *in, int status, const char *type, const char *const *headers,
    const char *body, size_t len)
{
	struct asked *a = (struct asked *)in;

	(void)type;
	(void)headers;
	a->status = status;
	g_free(a->body);
	a->body = g_strndup(body, len);
}

static struct web *web;
static char *said; /* the last answer */

static int
ask_with(struct stage *s, unsigned uid, const char *method, const char *path,
    const char *name, const char *value, const char *body)
{
	const struct http_field fields[] = { { "Host", "127.0.0.1" },
		{ "Content-Type", "application/json" }, { "If-Match", "" },
		{ name, value } };
	struct asked a = { .in = { .method = method,
			       .path = path,
			       .raw_path = path,
			       .query = "",
			       .fields = fields,
			       .n_fields = 4,
			       .body = body,
			       .body_len = strlen(body),
			       .body_fd = -1,
			       .peer = uid == NOBODY ? "127.0.0.1" : "unix",
			       .client = uid == NOBODY ? "127.0.0.1" : "unix",
			       .has_uid = uid != NOBODY,
			       .uid = uid,
			       .reply = reply } };
	struct http_field own[4];

	memcpy(own, fields, sizeof(own));
	if (strcmp(name, "If-Match") == 0)
		own[2].value = value;
	a.in.fields = own;
	web_handle(web, &a.in, WEB_STAFF);
	stage_run(s, 20);
	g_free(said);
	said = a.body;
	return a.status;
}

static int
ask(struct stage *s, unsigned uid, const char *method, const char *path, const char *body)
{
	return ask_with(s, uid, method, path, "X-None", "", body);
}

static struct stage *
open_house(void)
{
	struct stage *s;

	stage_keeps = true;
	s = stage_new(
	    START, "config/reachd.yaml", HOUSE, "config/stores.yaml", STORES, NULL);
	web = web_new(s->engine, s->dir);
	return s;
}

static void
close_house(struct stage *s)
{
	web_free(web);
	stage_free(s);
}

static void
customer_at(struct stage *s, const char *ext, const char *store, const char *advisor)
{
	struct customer c = { .ext = ext,
		.name = "x",
		.gender = "",
		.tier = "high",
		.stage = "new",
		.store = store,
		.advisor = advisor,
		.tz = "",
		.address = { "+8619900000001", "", "", "", "" },
		.consent = { 2, 2, 2, 2, 2 },
		.tags = "",
		.attrs = "{}" };
	struct err e = { 0 };
	bool created;
	int64_t id;

	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(customer_put(s->store, &c, &id, &created, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
}

/* ---- rights ---- */

static const struct right_row {
	const char *name;
	unsigned uid;
	const char *method, *path;
	int status;
} rights[] = {
	{ "A13 viewer calls POST", VIEWER, "POST", "/v1/reload", 403 },
	{ "A13 viewer imports", VIEWER, "POST", "/v1/import/customers", 403 },
	{ "viewer reads a report", VIEWER, "GET", "/v1/reports", 200 },
	{ "viewer sees what waits", VIEWER, "GET", "/v1/publish", 200 },
	{ "and what corrections wait", VIEWER, "GET", "/v1/corrections", 200 },
	{ "an advisor does not", ADVISOR, "GET", "/v1/corrections", 403 },
	{ "a marketer publishes", MARKETER, "POST", "/v1/reload", 200 },
	{ "a marketer makes no token", MARKETER, "GET", "/v1/tokens", 403 },
	{ "a marketer erases nobody", MARKETER, "POST", "/v1/customers/C1/erase", 403 },
	{ "a viewer tells of no devices", VIEWER, "PUT", "/v1/customers/C1/devices", 403 },
	{ "a marketer does, properly", MARKETER, "PUT", "/v1/customers/C1/devices", 400 },
	{ "no other list is put", MARKETER, "PUT", "/v1/customers/C1/ties", 404 },
	{ "where PUT is not taken", MARKETER, "PUT", "/v1/reload", 405 },
	{ "an advisor publishes nothing", ADVISOR, "POST", "/v1/reload", 403 },
	{ "an advisor reads no report", ADVISOR, "GET", "/v1/reports/funnel", 403 },
	{ "an advisor has tasks", ADVISOR, "GET", "/v1/tasks", 200 },
	{ "an auditor reads the record", AUDITOR, "GET", "/v1/audit", 200 },
	{ "an auditor reads no customer", AUDITOR, "GET", "/v1/why/C1", 403 },
	{ "a manager of a store has no report of the house", MANAGER, "GET",
	    "/v1/reports/funnel", 403 },
	{ "a user nobody named", STRANGER, "GET", "/v1/tasks", 401 },
	{ "a user nobody named: counts", STRANGER, "GET", "/v1/status", 200 },
	{ "TCP without a token: counts", NOBODY, "GET", "/v1/status", 200 },
	{ "TCP without a token: metrics", NOBODY, "GET", "/metrics", 200 },
	{ "TCP without a token: nobody's tasks", NOBODY, "GET", "/v1/tasks", 401 },
	{ "TCP without a token: no orders", NOBODY, "POST", "/v1/hand/hold", 401 },
	{ "root", 0, "GET", "/v1/tokens", 200 },
};

static void
s14_a13_roles(void **state)
{
	struct stage *s = open_house();

	(void)state;
	customer_at(s, "C1", "pudong", "");
	for (size_t i = 0; i < G_N_ELEMENTS(rights); i++) {
		int status = ask(s, rights[i].uid, rights[i].method, rights[i].path, "");

		if (status != rights[i].status)
			fail_msg("%s: %d %s", rights[i].name, status, said);
	}
	/* who holds another's name does not get his rights */
	assert_int_equal(
	    ask(s, VIEWER, "POST", "/v1/hand/go", "{\"playbook\":\"x\"}"), 403);
	assert_int_equal(
	    ask(s, VIEWER, "POST", "/v1/hand/hold", "{\"playbook\":\"x\"}"), 404);
	close_house(s);
}

/* A12: what lies beyond his stores, or is not his, is not there. */
static void
a12_beyond_his_stores(void **state)
{
	static const struct {
		const char *name;
		unsigned uid;
		const char *path;
		int status;
	} rows[] = {
		{ "A12 his store", MANAGER, "/v1/why/C1", 200 },
		{ "A12 another store", MANAGER, "/v1/why/C2", 404 },
		{ "A12 nobody", MANAGER, "/v1/why/C9", 404 },
		{ "A12 his customer", ADVISOR, "/v1/why/C1", 200 },
		{ "A12 not his customer", ADVISOR, "/v1/why/C2", 404 },
		{ "A12 no such task", MANAGER, "/v1/tasks/7", 404 },
		{ "the whole house", MARKETER, "/v1/why/C2", 200 },
	};
	struct stage *s = open_house();
	char *missing = NULL;

	(void)state;
	customer_at(s, "C1", "pudong", "张芳");
	customer_at(s, "C2", "minhang", "李四");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (ask(s, rows[i].uid, "GET", rows[i].path, "") != rows[i].status)
			fail_msg("%s: %s", rows[i].name, said);
	/* the same words for both */
	ask(s, MANAGER, "GET", "/v1/why/C2", "");
	missing = g_strdup(said);
	ask(s, MANAGER, "GET", "/v1/why/C9", "");
	assert_string_equal(missing, said);
	g_free(missing);
	assert_int_equal(ask(s, MANAGER, "POST", "/v1/customers/C2/answered", "{}"), 404);
	assert_int_equal(ask(s, ADVISOR, "POST", "/v1/customers/C1/merge", "{}"), 403);
	assert_int_equal(ask(s, MANAGER, "POST", "/v1/customers/C1/unmerge", "{}"), 403);
	assert_int_equal(ask(s, MANAGER, "POST", "/v1/offers",
			     "{\"customer\":\"C2\",\"offer\":\"wash\"}"),
	    404);
	close_house(s);
}

/* ---- tokens ---- */

static char *
bearer(void)
{
	json_t *j = json_loads(said, 0, NULL);
	char *field =
	    g_strconcat("Bearer ", json_string_value(json_object_get(j, "token")), NULL);

	json_decref(j);
	return field;
}

static int
with(struct stage *s, const char *token, const char *method, const char *path)
{
	return ask_with(s, NOBODY, method, path, "Authorization", token, "{}");
}

static char *
token_for(struct stage *s, const char *body)
{
	assert_int_equal(ask(s, 0, "POST", "/v1/tokens", body), 201);
	return bearer();
}

static void
s14_tokens(void **state)
{
	struct stage *s = open_house();
	char *person = token_for(s, "{\"name\":\"小周\",\"days\":30}");
	char *program = token_for(s, "{\"name\":\"dms\",\"scope\":\"events\"}"), *id,
	     *bad;

	(void)state;
	assert_int_equal(with(s, person, "GET", "/v1/reports"), 200);
	assert_int_equal(with(s, person, "POST", "/v1/reload"), 403);
	assert_int_equal(with(s, program, "GET", "/v1/reports"), 403);
	assert_int_equal(with(s, program, "POST", "/v1/events"), 400); /* no key */
	bad = g_strdup(person);
	bad[strlen(bad) - 1] ^= 1;
	assert_int_equal(with(s, bad, "GET", "/v1/reports"), 401);
	assert_int_equal(with(s, "Basic eDp5", "GET", "/v1/reports"), 401);
	/* what is kept opens nothing */
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM token WHERE length(hash) = 32"), 2);
	/* it outlives a death */
	stage_fall(s, true);
	stage_rise(s);
	web_free(web);
	web = web_new(s->engine, s->dir);
	stage_run(s, MS_SECOND);
	assert_int_equal(with(s, person, "GET", "/v1/reports"), 200);
	assert_int_equal(
	    stage_number(s, "SELECT used_at > 0 FROM token WHERE name = '小周'"), 1);
	/* revoked, expired */
	id = g_strndup(strchr(person, '_') + 1, 8);
	bad = (g_free(bad), g_strdup_printf("/v1/tokens/%s/revoke", id));
	assert_int_equal(ask(s, 0, "POST", bad, "{}"), 200);
	assert_int_equal(ask(s, 0, "POST", bad, "{}"), 404);
	assert_int_equal(with(s, person, "GET", "/v1/reports"), 401);
	stage_run(s, 91 * MS_DAY);
	assert_int_equal(with(s, program, "POST", "/v1/events"), 401);
	g_free(bad);
	g_free(id);
	g_free(person);
	g_free(program);
	close_house(s);
}

static const struct {
	const char *name, *body;
	int status;
} makings[] = {
	{ "a program needs a role", "{\"name\":\"dms\"}", 422 },
	{ "no such role", "{\"name\":\"dms\",\"role\":\"boss\"}", 422 },
	{ "another role than the file's", "{\"name\":\"小周\",\"role\":\"admin\"}", 422 },
	{ "more than a year", "{\"name\":\"小周\",\"days\":366}", 422 },
	{ "no such scope", "{\"name\":\"小周\",\"scope\":\"write\"}", 422 },
	{ "no such store", "{\"name\":\"dms\",\"role\":\"viewer\",\"stores\":\"x\"}",
	    422 },
	{ "nobody's", "{}", 422 },
	{ "of one store", "{\"name\":\"dms\",\"role\":\"viewer\",\"stores\":\"pudong\"}",
	    201 },
};

static void
s14_tokens_are_made_with_care(void **state)
{
	struct stage *s = open_house();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(makings); i++)
		if (ask(s, 0, "POST", "/v1/tokens", makings[i].body) != makings[i].status)
			fail_msg("%s: %s", makings[i].name, said);
	close_house(s);
}

/* A13: where a provider posts opens nothing else, and it is told apart from no token. */
static void
a13_a_webhooks_token_opens_no_api(void **state)
{
	struct stage *s = open_house();
	struct account *acc =
	    (struct account *)&engine_catalog(s->engine)->config->accounts[0];

	(void)state;
	acc->hook_secret = "hook-0123456789";
	assert_int_equal(with(s, "Bearer hook-0123456789", "GET", "/v1/reports"), 403);
	assert_int_equal(with(s, "Bearer hook-0123456789", "POST", "/v1/events"), 403);
	acc->hook_secret = NULL;
	close_house(s);
}

/* A proxy on our socket is no user of this machine. */
static void
s14_behind_a_proxy_is_nobody(void **state)
{
	struct stage *s = open_house();
	const struct http_field fields[] = { { "Host", "reach.example.com" } };
	struct asked a = { .in = { .method = "GET",
			       .path = "/v1/status",
			       .raw_path = "",
			       .query = "",
			       .fields = fields,
			       .n_fields = 1,
			       .body = "",
			       .body_fd = -1,
			       .peer = "unix",
			       .client = "203.0.113.7",
			       .reply = reply } };

	(void)state;
	web_handle(web, &a.in, WEB_STAFF);
	stage_run(s, 20);
	assert_int_equal(a.status, 401);
	g_free(a.body);
	close_house(s);
}

/* ---- in whose name ---- */

static void
s14_one_acts_in_ones_own_name(void **state)
{
	struct stage *s = open_house();

	(void)state;
	assert_int_equal(ask(s, MARKETER, "POST", "/v1/hand/recall",
			     "{\"playbook\":\"x\",\"by\":\"王经理\"}"),
	    403);
	assert_int_equal(ask(s, MARKETER, "POST", "/v1/hand/recall",
			     "{\"playbook\":\"x\",\"by\":\"李明\"}"),
	    404);
	assert_int_equal(
	    ask(s, MARKETER, "POST", "/v1/publish/submit", "{\"by\":\"王经理\"}"), 403);
	/* an admin may, and it stays on record */
	assert_int_equal(
	    ask(s, 0, "POST", "/v1/publish/submit", "{\"by\":\"王经理\"}"), 200);
	stage_run(s, MS_SECOND);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM audit WHERE act = 'act-for' "
			   "AND about = '王经理'"),
	    1);
	/* the level of an offer is the role's, not what is said */
	assert_int_equal(ask(s, MARKETER, "POST", "/v1/offers/1/approve",
			     "{\"level\":\"general-manager\"}"),
	    400);
	close_house(s);
}

/* The etag of the list of C1's telephones, as If-Match has it; g_free. */
static char *
etag(struct stage *s)
{
	json_t *j;
	char *out;

	assert_int_equal(ask(s, 0, "GET", "/v1/customers/C1/devices", ""), 200);
	j = json_loads(said, 0, NULL);
	out = g_strdup_printf(
	    "\"%s\"", json_string_value(json_object_get(j, "etag")));
	json_decref(j);
	return out;
}

/* A15: what is changed by what was looked at says what that was. */
static void
a15_if_match(void **state)
{
	static const char approve[] = "/v1/publish/0123456789abcdef/approve",
			  devices[] = "/v1/customers/C1/devices",
			  one[] = "{\"devices\":[{\"token\":\"device-1\",\"platform\":"
				  "\"android\"}]}",
			  none[] = "{\"devices\":[]}";
	static const struct {
		const char *name, *method, *path, *match, *body; /* of: as it is now */
		int status;
	} rows[] = {
		{ "A15 a yes without it", "POST", approve, "", "{}", 428 },
		{ "A15 a yes to another set", "POST", approve, "\"0123\"", "{}", 412 },
		{ "A15 a yes to nothing", "POST", approve, "set", "{}", 404 },
		{ "A15 a reload over another set", "POST", "/v1/reload", "\"0123\"", "",
		    412 },
		{ "A15 a reload", "POST", "/v1/reload", "set", "", 200 },
		{ "A15 telephones without it", "PUT", devices, "", one, 428 },
		{ "A15 telephones, first", "PUT", devices, "etag", one, 200 },
		{ "A15 telephones, stale", "PUT", devices, "old", none, 412 },
		{ "A15 telephones, no etag of ours", "PUT", devices, "W/\"1\"", none, 412 },
		{ "A15 telephones, read again", "PUT", devices, "etag", none, 200 },
		{ "A15 telephones, whatever there is", "PUT", devices, "*", one, 200 },
		{ "A15 telephones of nobody", "PUT", "/v1/customers/C9/devices", "*", one,
		    404 },
		{ "A15 PATCH there is none", "PATCH", "/v1/customers/C1", "*", "{}", 405 },
	};
	struct stage *s = open_house();
	char *set = g_strdup_printf("\"%s\"", engine_catalog(s->engine)->hash), *old;

	(void)state;
	customer_at(s, "C1", "pudong", "");
	old = etag(s);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *now = etag(s);
		const char *match = strcmp(rows[i].match, "set") == 0	 ? set
				    : strcmp(rows[i].match, "etag") == 0 ? now
				    : strcmp(rows[i].match, "old") == 0	 ? old
									 : rows[i].match;
		int status = ask_with(s, MARKETER, rows[i].method, rows[i].path,
		    "If-Match", match, rows[i].body);

		if (status != rows[i].status)
			fail_msg("%s: %d %s", rows[i].name, status, said);
		g_free(now);
	}
	g_free(old);
	g_free(set);
	close_house(s);
}

/* A14: what looks like SQL is stored as text, in every string that is kept. */
static void
a14_sql_is_text(void **state)
{
#define SQL_TEXT "x'); DROP TABLE customer;--\\\" OR 1=1"
	static const struct {
		const char *name, *path, *body;
	} rows[] = {
		{ "A14 household", "/v1/customers/C1/ties",
		    "{\"household\":\"" SQL_TEXT "\"}" },
		{ "A14 contact_name", "/v1/customers/C1/ties",
		    "{\"contact_name\":\"" SQL_TEXT "\"}" },
		{ "A14 a token's name", "/v1/tokens",
		    "{\"name\":\"" SQL_TEXT "\",\"role\":\"viewer\"}" },
	};
	struct stage *s = open_house();

	(void)state;
	customer_at(s, "C1", "pudong", "");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		int status = ask(s, 0, "POST", rows[i].path, rows[i].body);

		if (status / 100 != 2)
			fail_msg("%s: %d %s", rows[i].name, status, said);
		ask(s, 0, "GET", rows[i].path, "");
		if (strstr(said, "\"" SQL_TEXT "\"") == NULL)
			fail_msg("%s: %s", rows[i].name, said);
	}
	/* nor does an address or a query say anything to the store */
	assert_int_equal(ask(s, 0, "GET", "/v1/why/C1' OR 1=1--", ""), 404);
	assert_int_equal(stage_number(s, "SELECT count(*) FROM customer"), 1);
	close_house(s);
}

/* ---- what a body is (A17, A18) ---- */

static int
send_as(struct stage *s, const char *path, unsigned methods, const char *type,
    const char *encoding)
{
	const struct http_field fields[] = { { "Host", "127.0.0.1" },
		{ "Content-Type", type }, { "Content-Encoding", encoding },
		{ "Idempotency-Key", "k" } };
	struct asked a = { .in = { .method = methods & METHOD_POST ? "POST" : "PUT",
			       .path = path,
			       .raw_path = path,
			       .query = "",
			       .fields = fields,
			       .n_fields = 4,
			       .body = "{}",
			       .body_len = 2,
			       .body_fd = -1,
			       .peer = "unix",
			       .client = "unix",
			       .has_uid = true,
			       .reply = reply } };

	web_handle(web, &a.in, WEB_STAFF);
	stage_run(s, 50);
	g_free(said);
	said = a.body;
	return a.status;
}

/* Every address that takes something, whatever is below it. */
static void
a17_a18_what_is_sent_is_json(void **state)
{
	static const struct {
		const char *name, *type, *encoding;
		bool taken;
	} rows[] = {
		{ "A17 text/plain", "text/plain", "", false },
		{ "A17 a form", "application/x-www-form-urlencoded", "", false },
		{ "A17 no type", "", "", false },
		{ "A17 another charset", "application/json; charset=gbk", "", false },
		{ "A18 gzip", "application/json", "gzip", false },
		{ "A18 deflate", "application/json", "deflate", false },
		{ "A17 JSON", "application/json; charset=utf-8", "", true },
		{ "A18 as it is", "application/json", "identity", true },
	};
	struct stage *s = open_house();
	int n = 0;

	(void)state;
	for (int k = 0; k < route_count; k++) {
		const struct route *r = &route_table[k];
		bool below = g_str_has_suffix(r->path, "/");
		char *path = g_strconcat(r->path, below ? "1/done" : "", NULL);

		if ((r->methods & METHOD_POST) != 0 && r->guard != GUARD_NONE &&
		    r->handle != route_import)
			for (size_t i = 0; i < G_N_ELEMENTS(rows); i++, n++) {
				int status = send_as(s, path, r->methods, rows[i].type,
				    rows[i].encoding);

				if ((status == 415) == rows[i].taken)
					fail_msg("%s: %s: %d %s", rows[i].name, path,
					    status, said);
			}
		g_free(path);
	}
	assert_true(n > 100);
	/* what providers post and readers press is of many kinds */
	assert_int_not_equal(
	    send_as(s, "/hooks/wecom/main", METHOD_POST, "text/xml", ""), 415);
	assert_int_not_equal(send_as(s, "/u/x", METHOD_POST,
				 "application/x-www-form-urlencoded", ""),
	    415);
	close_house(s);
}

/* A20: nobody lifts an opt-out without a proof but an admin, who says why. */
static void
a20_an_opt_out_is_lifted_with_a_proof(void **state)
{
	static const char undo[] = "/v1/hand/undo-optout";
	static const struct {
		const char *name;
		unsigned uid;
		const char *more;
		int status;
	} rows[] = {
		{ "A20 a marketer, nothing", MARKETER, "", 403 },
		{ "A20 a marketer's reason", MARKETER, ",\"reason\":\"asked\"", 403 },
		{ "A20 a marketer's empty proof", MARKETER,
		    ",\"proof\":\"\",\"reason\":\"asked\"", 403 },
		{ "A20 a viewer's proof", VIEWER, ",\"proof\":\"a form\"", 403 },
		{ "A20 an admin, nothing", 0, "", 422 },
		{ "A20 an admin's reason", 0, ",\"reason\":\"a mistake of ours\"", 200 },
	};
	struct stage *s = open_house();
	struct err e = { 0 };
	int64_t key;

	(void)state;
	customer_at(s, "C1", "pudong", "");
	key = customer_hash(s->store, CHANNEL_SMS, "+8619900000001");
	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(
	    optout_add(s->store, key, CHANNEL_SMS,
		&(struct refusal){ .src = "test", .origin = "", .at = 1, .heard = 1 },
		&e),
	    0);
	assert_int_equal(store_commit(s->store, &e), 0);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *body = g_strdup_printf("{\"customer\":\"C1\"%s}", rows[i].more);
		int status = ask(s, rows[i].uid, "POST", undo, body);
		int audited = stage_number(
		    s, "SELECT count(*) FROM audit WHERE act = 'opt-in'");

		if (status != rows[i].status || audited != (status == 200) ||
		    optout_has(s->store, key, CHANNEL_SMS, &e) != (status != 200))
			fail_msg("%s: %d %s", rows[i].name, status, said);
		g_free(body);
	}
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM audit WHERE act = 'opt-in' AND why = "
			   "'without a proof' AND about LIKE 'customer:%'"),
	    1);
	/* what can never be deleted holds nothing of the customer's */
	assert_int_equal(stage_number(s, "SELECT count(*) FROM audit WHERE about LIKE "
					"'%C1%' OR why LIKE '%mistake%'"),
	    0);
	close_house(s);
}

/* Those of many, whatever the proof: an admin. */
static void
a20_opt_outs_of_many_are_lifted_by_an_admin(void **state)
{
	static const char undo[] = "/v1/hand/undo-optouts",
			  what[] = "{\"account\":\"sms\",\"since\":\"2h\",\"yes\":true,"
				   "\"reason\":\"forged\",\"proof\":\"signed\"}";
	struct stage *s = open_house();

	(void)state;
	assert_int_equal(ask(s, MARKETER, "POST", undo, what), 403);
	assert_int_equal(ask(s, 0, "POST", undo, what), 200);
	close_house(s);
}

/* The record cannot be changed, by whatever statement. */
static void
s14_the_record_stays(void **state)
{
	struct stage *s = open_house();
	struct err e = { 0 };

	(void)state;
	assert_true(stage_number(s, "SELECT count(*) FROM audit") > 0);
	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(sql_run(sql_get(s->store, "DELETE FROM audit"), &e), -1);
	e = (struct err){ 0 };
	assert_int_equal(
	    sql_run(sql_get(s->store, "UPDATE audit SET who = 'x'"), &e), -1);
	store_rollback(s->store);
	close_house(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s14_a13_roles),
		cmocka_unit_test(a12_beyond_his_stores),
		cmocka_unit_test(s14_tokens),
		cmocka_unit_test(s14_tokens_are_made_with_care),
		cmocka_unit_test(a13_a_webhooks_token_opens_no_api),
		cmocka_unit_test(s14_behind_a_proxy_is_nobody),
		cmocka_unit_test(s14_one_acts_in_ones_own_name),
		cmocka_unit_test(a15_if_match),
		cmocka_unit_test(a14_sql_is_text),
		cmocka_unit_test(a17_a18_what_is_sent_is_json),
		cmocka_unit_test(a20_an_opt_out_is_lifted_with_a_proof),
		cmocka_unit_test(a20_opt_outs_of_many_are_lifted_by_an_admin),
		cmocka_unit_test(s14_the_record_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
