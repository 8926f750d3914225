/* Tasks as staff meet them: `reachd task`, /v1/tasks, `reachd staff`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "daemon.h"

#define CLOCK "--epoch", "2026-03-10T10:00:00+08:00", "--speed", "60"
#define JSON_HEADER "Content-Type: application/json\r\n"

static struct daemon *d;

static int
set_up(void **state)
{
	(void)state;
	d = daemon_new(NULL);
	daemon_config(d, "roles: { manager: 王经理 }\n");
	daemon_start(d, (const char *[]){ CLOCK, NULL });
	assert_int_equal(daemon_import(d, 3), 0);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	daemon_free(d);
	return 0;
}

static int
tool(char **text, const char *a, const char *b, const char *c, const char *more,
    const char *value)
{
	const char *words[10] = { a, b };
	int n = 2;

	if (c != NULL)
		words[n++] = c;
	if (more != NULL) {
		words[n++] = more;
		words[n++] = value;
	}
	words[n++] = "--socket";
	words[n++] = d->socket;
	return daemon_tool(d, text, words);
}

static void
complain(const char *id, const char *customer)
{
	char *body =
	    g_strdup_printf("{\"id\":\"%s\",\"customer\":\"%s\",\"type\":\"complaint\","
			    "\"at\":\"2026-03-10T10:00:00+08:00\"}",
		id, customer);
	char *headers = g_strdup_printf(JSON_HEADER "Idempotency-Key: %s\r\n", id);

	assert_int_equal(
	    daemon_status(d->staff_port, "POST", "/v1/events", headers, body), 201);
	g_free(headers);
	g_free(body);
}

/* The id of the only task there is. */
static char *
only(void)
{
	char *text, *id;
	json_t *j;

	assert_int_equal(tool(&text, "task", "list", "--json", NULL, NULL), 0);
	j = json_loads(text, 0, NULL);
	assert_int_equal(json_array_size(json_object_get(j, "tasks")), 1);
	id = g_strdup(json_string_value(
	    json_object_get(json_array_get(json_object_get(j, "tasks"), 0), "id")));
	json_decref(j);
	g_free(text);
	return id;
}

static void
listed_shown_done(void **state)
{
	char *text, *id;

	(void)state;
	assert_int_equal(tool(&text, "task", "list", NULL, NULL, NULL), 0);
	assert_non_null(strstr(text, "nothing is to be done"));
	g_free(text);
	complain("x1", "c1");
	id = only();
	assert_int_equal(tool(&text, "task", "list", NULL, "--to", "王经理"), 0);
	assert_non_null(strstr(text, id));
	assert_non_null(strstr(text, "complaint"));
	g_free(text);
	assert_int_equal(tool(&text, "task", "show", id, NULL, NULL), 0);
	assert_non_null(strstr(text, "answer in person"));
	assert_non_null(strstr(text, "c1"));
	g_free(text);
	assert_int_equal(tool(&text, "task", "done", id, "--outcome", "sung"), 1);
	g_free(text);
	/* a complaint is not simply done */
	assert_int_equal(tool(&text, "task", "done", id, "--note", "已当面道歉"), 1);
	g_free(text);
	assert_int_equal(daemon_tool(d, &text,
			     (const char *[10]){ "task", "done", id, "--outcome", "settled",
				 "--note", "已当面道歉", "--socket", d->socket }),
	    0);
	g_free(text);
	assert_int_equal(tool(&text, "task", "show", id, NULL, NULL), 0);
	assert_non_null(strstr(text, "已当面道歉"));
	g_free(text);
	/* what was written about a customer is sealed, and in no log */
	assert_int_equal(
	    daemon_count(d, "SELECT count(*) FROM task WHERE note_enc IS NOT NULL "
			    "AND instr(note_enc, '道歉') = 0"),
	    1);
	assert_false(daemon_says(d->log, "道歉"));
	g_free(id);
}

static void
by_http(void **state)
{
	static const struct {
		const char *method, *rest, *body;
		int status;
	} rows[] = {
		{ "GET", "", "", 200 },
		{ "GET", "/done", "", 404 },
		{ "POST", "", "{}", 404 },
		{ "POST", "/done", "[1]", 400 },
		{ "POST", "/done", "{\"outcome\":1}", 400 },
		{ "POST", "/done", "{\"result\":\"done\"}", 400 },
		{ "POST", "/done", "{\"outcome\":\"sung\"}", 422 },
		{ "POST", "/done", "{\"outcome\":\"settled\",\"observed\":[\"asks_prices\"]}",
		    200 },
		{ "POST", "/done", "{\"outcome\":\"settled\"}", 200 },
		{ "POST", "/done", "{\"outcome\":\"none\"}", 409 },
		{ "POST", "/withdraw", "{}", 409 },
	};
	char *id, *path;

	(void)state;
	complain("x2", "c2");
	id = only();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		path = g_strdup_printf("/v1/tasks/%s%s", id, rows[i].rest);
		if (daemon_status(DAEMON_OWN, rows[i].method, path, JSON_HEADER,
			rows[i].body) != rows[i].status)
			fail_msg("%s %s %s", rows[i].method, rows[i].rest, rows[i].body);
		g_free(path);
	}
	assert_int_equal(
	    daemon_status(DAEMON_OWN, "GET", "/v1/tasks/12x", "", ""), 404);
	assert_int_equal(daemon_status(d->public_port, "GET", "/v1/tasks", "", ""), 404);
	assert_int_equal(
	    daemon_count(d, "SELECT count(*) FROM event WHERE type = 'observation'"), 1);
	g_free(id);
}

static void
somebody_is_away(void **state)
{
	static const char *const leave[] = { "staff", "leave", "王经理", "--from",
		"2026-03-10", "--to", "2026-03-12", "--socket", NULL, NULL };
	const char *words[10];
	char *text;

	(void)state;
	memcpy(words, leave, sizeof(leave));
	words[8] = d->socket;
	/* nobody has imported staff yet */
	assert_int_equal(daemon_tool(d, &text, words), 1);
	assert_non_null(strstr(text, "import staff"));
	g_free(text);
	assert_int_equal(tool(&text, "staff", "leave", "王经理", NULL, NULL), 2);
	g_free(text);
	assert_int_equal(tool(&text, "task", "sing", NULL, NULL, NULL), 2);
	g_free(text);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(listed_shown_done),
		cmocka_unit_test(by_http),
		cmocka_unit_test(somebody_is_away),
	};

	(void)argc;
	daemon_find(argv[0]);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
