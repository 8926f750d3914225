/* The real daemon and contacts of a WeCom that is played by the sandbox: read, matched by the
 * number in a remark, written to by the right member, and no longer once he has removed her.
 * proves: S10 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon.h"
#include "provider_stage.h"

static const struct service wecom = {
	.type = "wecom",
	.channel = "wecom",
	.settings = "    corp_id: ww0000000000000001\n    secret: { credential: wecom }\n"
		    "    callback_token: { credential: wecom-token }\n"
		    "    callback_key: { credential: wecom-key }\n",
	.secrets = (const char *const[]){ "wecom", "example-secret", "wecom-token",
	    "QDG6eK", "wecom-key", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", NULL },
	.front = "",
	.text = "{{ customer.id }} 您好",
	.secret = "wecom",
};

static char *
tool(struct daemon *d, const char *const *words)
{
	char *text = NULL;

	if (daemon_tool(d, &text, words) != 0)
		fail_msg("%s", text);
	return text;
}

static void
import(struct daemon *d, const char *what, const char *file, const char *rows)
{
	char *path = g_build_filename(d->dir, file, NULL);

	daemon_file(d, file, rows);
	g_free(tool(
	    d, (const char *[]){ "import", what, path, "--socket", d->socket, NULL }));
	g_free(path);
}

/* What happens in WeCom; more: JSON members behind a comma. */
static void
happens(struct daemon *d, const char *change, const char *member, const char *more)
{
	char *body =
	    g_strdup_printf("{\"change\":\"%s\",\"member\":\"%s\",\"external_userid\":"
			    "\"wmExample1\"%s}",
		change, member, more);

	assert_int_equal(daemon_status(d->gateway_port, "POST",
			     "/wecom/main/sandbox/contact", JSON_HEADER, body),
	    200);
	g_free(body);
}

#define ADDRESSES "SELECT count(*) FROM address WHERE channel = 1"

static void
s10_read_matched_written_to_and_gone(void **state)
{
	struct daemon *d = service_new(&wecom);
	char *text;

	(void)state;
	service_start(&wecom, d);
	import(d, "customers", "c.csv",
	    "id,name,phone,advisor,consent\nc0,李静,19912340000,E2,service\n");
	happens(d, "add_external_contact", "WangWei",
	    ",\"silent\":true,\"remark\":\"李姐\",\"mobiles\":[\"199 1234 0000\"]");
	/* Her last contact, whom she has removed; only the service knows that yet. */
	happens(d, "add_external_contact", "LiNa", ",\"silent\":true");
	import(d, "staff", "s.csv",
	    "id,name,role,wecom\nE1,李娜,advisor,LiNa\nE2,王伟,advisor,WangWei\n");
	UNTIL(daemon_count(d, "SELECT count(*) FROM roster WHERE read_at > 0") == 2);
	assert_int_equal(
	    daemon_count(d, "SELECT count(*) FROM contact WHERE way = 4"), 1);
	assert_int_equal(daemon_count(d, ADDRESSES), 1);
	happens(d, "del_follow_user", "LiNa", ",\"silent\":true");
	service_visit(d, "v1");
	UNTIL(service_count(d, MSG_DELIVERED) == 1);
	/* By her advisor at the first try: the service takes it from nobody else. */
	assert_int_equal(daemon_count(d, "SELECT n FROM msg"), 1);
	text = tool(d, (const char *[]){ "contacts", "--socket", d->socket, NULL });
	assert_non_null(strstr(text, "王伟"));
	assert_null(strstr(text, "Matched to nobody"));
	g_free(text);
	happens(d, "del_follow_user", "LiNa", "");
	UNTIL(daemon_count(d, "SELECT count(*) FROM follow WHERE ended = 1") == 1);
	assert_int_equal(daemon_count(d, ADDRESSES), 1);
	happens(d, "del_follow_user", "WangWei", "");
	UNTIL(daemon_count(d, ADDRESSES) == 0);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	daemon_free(d);
}

/* Added by the code at the counter: the callback alone tells whose he is. */
static void
s10_a_code_is_told_by_a_callback(void **state)
{
	struct daemon *d = service_new(&wecom);
	char *text;

	(void)state;
	service_start(&wecom, d);
	import(d, "customers", "c.csv", "id,name,consent\nc0,李静,service\n");
	happens(d, "add_external_contact", "LiNa", ",\"state\":\"c:c0\"");
	UNTIL(daemon_count(d, "SELECT count(*) FROM contact WHERE way = 3") == 1);
	UNTIL(daemon_count(d, "SELECT count(*) FROM follow WHERE ask = 1") == 0);
	assert_int_equal(daemon_count(d, ADDRESSES), 1);
	text = tool(d, (const char *[]){ "status", "--socket", d->socket, NULL });
	assert_non_null(strstr(text, "matched 1 of 1"));
	g_free(text);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	daemon_free(d);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s10_read_matched_written_to_and_gone),
		cmocka_unit_test(s10_a_code_is_told_by_a_callback),
	};

	(void)argc;
	daemon_find(argv[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
