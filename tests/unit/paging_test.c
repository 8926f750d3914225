/* paging_test.c - lists page by page: ?limit= and ?after= of every list that can grow (A16). */
#include "../../src/web/route.h"
#include "hand_stage.h"
#include "store/contact.h"
#include "web/web.h"

#define START "2026-03-10T09:00:00+08:00"
#define N 503
#define BEHIND 100000000 /* ids of rows put while somebody turns pages */

static struct web *web;

struct asked {
	struct http_in in; /* first */
	int status;
	json_t *said;
};

static void
reply(struct http_in *in, int status, const char *type, const char *const *headers,
    const char *body, size_t len)
{
	struct asked *a = (struct asked *)in;

	(void)type;
	(void)headers;
	a->status = status;
	a->said = json_loadb(body, len, 0, NULL);
}

/* As root, over the socket. */
static int
ask(struct stage *s, const char *path, const char *query, json_t **said)
{
	const struct http_field field = { "Host", "127.0.0.1" };
	struct asked a = { .in = { .method = "GET",
			       .path = path,
			       .raw_path = path,
			       .query = query,
			       .fields = &field,
			       .n_fields = 1,
			       .body = "",
			       .body_fd = -1,
			       .peer = "unix",
			       .client = "unix",
			       .has_uid = true,
			       .reply = reply } };

	web_handle(web, &a.in, WEB_STAFF);
	for (int i = 0; i < 100 && a.status == 0; i++)
		stage_run(s, 100);
	*said = a.said;
	return a.status;
}

static void
put(struct stage *s, const char *sql, int i)
{
	struct sql *q = sql_get(s->store, sql);
	struct err e = { 0 };

	sql_int(q, 1, i);
	if (sql_run(q, &e) != 0)
		fail_msg("%s", e.text);
}

/* ---- a row of each list ---- */

static void
decision(struct stage *s, int i)
{
	put(s,
	    "INSERT INTO audit(id, at, who, role, act, about, why) VALUES"
	    "(?1, 1, 'x', 'admin', 'token-new', '', '')",
	    i);
}

static void
task(struct stage *s, int i)
{
	put(s,
	    "INSERT INTO task(id, msg, customer, run, version, kind, template, assignee,"
	    " role, store, created_at, day, span, due_at, late_to, late_after, state,"
	    " level, tries) VALUES(?1, 0, (SELECT max(id) FROM customer), 0, 0,"
	    " CASE WHEN ?1 % 7 = 0 THEN 'complaint' ELSE 'answer' END, '', 'x',"
	    " 'advisor', '', 1, 0, 1, 1800000000000 + ?1 % 10 * 60000, '', 0, 0, 0, 0)",
	    i);
}

static void
offer(struct stage *s, int i)
{
	put(s,
	    "INSERT INTO offer(id, name, customer, state, value, store, author, person,"
	    " asked_at, granted_at, expires_at) VALUES(?1, 'wash', 1, 1, 1, '', '', '',"
	    " 1, 1, 2000000000000)",
	    i);
}

static void
parked(struct stage *s, int i)
{
	put(s,
	    "INSERT INTO msg(id, customer, run, version, playbook, step, occ, channel,"
	    " category, priority, planned_at, due_at, expires_at, state, reason)"
	    " VALUES(?1, (SELECT max(id) FROM customer), ?1, 1, 1, 's', 0, 0, 0, 0, 1,"
	    " 1, 2000000000000, 11, 0)",
	    i);
	put(s,
	    "INSERT INTO alarm(at, kind, msg, customer, text) VALUES"
	    "(1, 'parked', ?1, 1, '')",
	    i);
}

static void
correction(struct stage *s, int i)
{
	put(s,
	    "INSERT INTO correction VALUES(?1, 1, 0, 't' || ?1, 1, 'x', '', '', '', 0,"
	    " '', 1)",
	    i);
}

static void
publication(struct stage *s, int i)
{
	put(s,
	    "INSERT INTO publication VALUES(?1, 'h' || ?1, 2, '[]', 1, 1, 0, 0, 0, 0, 0,"
	    " NULL)",
	    i);
}

static void
batch(struct stage *s, int i)
{
	put(s,
	    "INSERT INTO batch(id, what, source, at, rows, refused, aside, basis,"
	    " evidence) VALUES(?1, 'customers', '', 1, 1, 0, 0, '', '')",
	    i);
}

static void
quality(struct stage *s, int i)
{
	put(s,
	    "INSERT INTO quality VALUES(CASE WHEN ?1 % 2 THEN 'orders' ELSE 'vehicles'"
	    " END, CASE WHEN ?1 % 3 THEN '门店' ELSE '' END, ?1, 1, 'k', '', 'no')",
	    i);
}

static void
token(struct stage *s, int i)
{
	put(s,
	    "INSERT INTO token(id, hash, name, kind, role, stores, scope, made_by,"
	    " made_at, expires_at) VALUES(?1, randomblob(32), 'dms', 'program',"
	    " 'viewer', '', 'read', 'x', ?1, 2000000000000)",
	    i);
}

static void
text(struct stage *s, int i)
{
	put(s,
	    "INSERT INTO registry VALUES('SMS_' || ?1 % 50, 'p' || ?1 % 2, ?1, 1, 'x', "
	    "1)",
	    i);
}

static void
contact(struct stage *s, int i)
{
	char external[24];
	struct contact_row c = { .h = i, .external = external, .name = "x" };
	struct follow f = {
		.member = "m", .account = "w", .remark = "", .state = "", .mobiles = ""
	};
	struct err e = { 0 };

	g_snprintf(external, sizeof(external), "wm%d", i);
	assert_int_equal(contact_put(s->store, &c, 1, &e), 0);
	f.contact = c.id;
	assert_int_equal(follow_put(s->store, &f, &e), 0);
}

/* 600 letters, as nobody is kept from naming it. */
static void
quality_of_a_long_name(struct stage *s, int i)
{
	put(s,
	    "INSERT INTO quality VALUES('orders', hex(zeroblob(300)), ?1, 1, 'k', '', "
	    "'no')",
	    i);
}

static const struct list_row {
	const char *name, *path, *list, *keys[3];
	void (*add)(struct stage *s, int i);
	int usual;
} lists[] = {
	{ "A16 audit", "/v1/audit", "decisions", { "id" }, decision, 500 },
	{ "A16 tasks", "/v1/tasks", "tasks", { "id" }, task, 500 },
	{ "A16 offers", "/v1/offers", "offers", { "id" }, offer, 500 },
	{ "A16 offers of a state", "/v1/offers/granted", "offers", { "id" }, offer, 500 },
	{ "A16 parked messages", "/v1/settle", "parked", { "message" }, parked, 500 },
	{ "A16 corrections", "/v1/corrections", "corrections", { "id" }, correction,
	    500 },
	{ "A16 publications", "/v1/publish", "publications", { "id" }, publication, 500 },
	{ "A16 batches", "/v1/batches", "batches", { "batch" }, batch, 500 },
	{ "A16 data quality", "/v1/quality", "rows", { "what", "source", "row" }, quality,
	    500 },
	{ "A16 data quality of a long name", "/v1/quality", "rows",
	    { "what", "source", "row" }, quality_of_a_long_name, 500 },
	{ "A16 tokens", "/v1/tokens", "tokens", { "id" }, token, 500 },
	{ "A16 registered texts", "/v1/templates", "texts",
	    { "account", "code", "signature" }, text, 500 },
	{ "A16 contacts", "/v1/contacts", "unmatched", { "id" }, contact, 50 },
};

static void
add(struct stage *s, const struct list_row *r, int from, int n)
{
	struct err e = { 0 };

	assert_int_equal(store_begin(s->store, &e), 0);
	for (int i = from; i < from + n; i++)
		r->add(s, i);
	assert_int_equal(store_commit(s->store, &e), 0);
}

static struct stage *
house(void)
{
	struct stage *s = stage_new(START, NULL);

	hand_people(s, 1);
	web = web_new(s->engine, s->dir);
	return s;
}

/* What was put into the store is read at the start: tokens. */
static void
restart(struct stage *s)
{
	web_free(web);
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, MS_SECOND);
	web = web_new(s->engine, s->dir);
}

static void
close_house(struct stage *s)
{
	web_free(web);
	stage_free(s);
}

/* g_free */
static char *
key_of(const struct list_row *r, const json_t *one)
{
	GString *out = g_string_new(NULL);

	for (int i = 0; i < 3 && r->keys[i] != NULL; i++) {
		char *v = json_dumps(json_object_get(one, r->keys[i]), JSON_ENCODE_ANY);

		g_string_append_printf(out, "%s ", v);
		free(v);
	}
	return g_string_free(out, FALSE);
}

/* Notes what the page holds; what comes behind it, g_free, or NULL. */
static char *
turn(struct stage *s, const struct list_row *r, const char *query, GHashTable *seen,
    size_t *n)
{
	json_t *said;
	const json_t *one;
	char *next;
	size_t i;

	if (ask(s, r->path, query, &said) != 200) {
		char *text_ = json_dumps(said, 0);
		fail_msg("%s: ?%s: %s", r->name, query, text_);
	}
	*n = json_array_size(json_object_get(said, r->list));
	json_array_foreach(json_object_get(said, r->list), i, one)
	{
		char *key = key_of(r, one);

		if (seen != NULL && g_hash_table_contains(seen, key))
			fail_msg("%s: %s is on two pages", r->name, key);
		if (seen != NULL)
			g_hash_table_add(seen, key);
		else
			g_free(key);
	}
	next = g_strdup(json_string_value(json_object_get(said, "next")));
	json_decref(said);
	return next;
}

static void
a16_a_page_is_clamped(void **state)
{
	(void)state;
	for (size_t k = 0; k < G_N_ELEMENTS(lists); k++) {
		const struct list_row *r = &lists[k];
		struct stage *s = house();
		char *next, *query;
		size_t n, rest;

		add(s, r, 1, N);
		restart(s);
		next = turn(s, r, "limit=1000000000", NULL, &n);
		if (n != ENGINE_PAGE || next == NULL)
			fail_msg("%s: %zu on the page, next %s", r->name, n, next);
		query =
		    g_strdup_printf("limit=99999999999999999999999999&after=%s", next);
		g_free(next);
		next = turn(s, r, query, NULL, &rest);
		if (rest != N - ENGINE_PAGE || next != NULL)
			fail_msg(
			    "%s: %zu on the last page, next %s", r->name, rest, next);
		g_free(query);
		g_free(turn(s, r, "", NULL, &n));
		if (n != (size_t)r->usual)
			fail_msg("%s: %zu without a limit", r->name, n);
		close_house(s);
	}
}

/* Whoever turns pages meets each row once, whatever comes meanwhile. */
static void
a16_pages_stand_while_rows_come(void **state)
{
	(void)state;
	for (size_t k = 0; k < G_N_ELEMENTS(lists); k++) {
		const struct list_row *r = &lists[k];
		struct stage *s = house();
		GHashTable *seen =
		    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
		char *query = g_strdup("limit=7"), *next;
		int pages = 0;
		size_t n;

		add(s, r, 1000, 40);
		restart(s);
		while ((next = turn(s, r, query, seen, &n)) != NULL) {
			assert_int_equal(n, 7);
			/* before and behind those that are read */
			add(s, r, 1 + 2 * pages, 2);
			add(s, r, BEHIND + 2 * pages, pages < 2 ? 2 : 0);
			g_free(query);
			query = g_strdup_printf("limit=7&after=%s", next);
			g_free(next);
			assert_true(++pages < 30);
		}
		if (pages < 5 || g_hash_table_size(seen) < 40)
			fail_msg("%s: %u rows on %d pages", r->name,
			    g_hash_table_size(seen), pages);
		g_hash_table_unref(seen);
		g_free(query);
		close_house(s);
	}
}

static void
a16_what_is_no_page(void **state)
{
	static const struct {
		const char *name, *query, *says;
	} rows[] = {
		{ "A16 limit 0", "limit=0", "limit is how many" },
		{ "A16 limit -1", "limit=-1", "limit is how many" },
		{ "A16 limit in words", "limit=ten", "limit is how many" },
		{ "A16 no limit's number", "limit=", "limit is how many" },
		{ "A16 a cursor of one's own", "after=%27%20OR%201", "after is what" },
		{ "A16 a cursor of another list", "after=xyz", "after is what" },
		{ "A16 a cursor of any length",
		    "after="
		    "999999999999999999999999999999999999999999999999999999999999999999",
		    "after is what" },
		{ "A16 another word", "page=2", "a list takes limit and after" },
	};
	struct stage *s = house();

	(void)state;
	for (size_t k = 0; k < G_N_ELEMENTS(lists); k++)
		for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
			json_t *said;
			int status = ask(s, lists[k].path, rows[i].query, &said);
			const char *error =
			    json_string_value(json_object_get(said, "error"));

			if (status != 400 || !g_str_has_prefix(error, rows[i].says))
				fail_msg("%s: %s: %d %s", lists[k].name, rows[i].name,
				    status, error);
			json_decref(said);
		}
	close_house(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a16_a_page_is_clamped),
		cmocka_unit_test(a16_pages_stand_while_rows_come),
		cmocka_unit_test(a16_what_is_no_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
