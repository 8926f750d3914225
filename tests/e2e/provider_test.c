/* Real services end to end: the daemon speaks to the sandbox's dialect over HTTP, its webhooks
 * come back. One row a service. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon.h"

#include "provider_stage.h"

static const struct service aliyun = {
	.type = "aliyun",
	.channel = "sms",
	.settings = "    access_key_id: LTAI-example\n"
		    "    access_key_secret: { credential: aliyun-secret }\n"
		    "    hook_secret: { credential: aliyun-hook }\n",
	.secrets = (const char *const[]){ "aliyun-secret", "example-secret",
	    "aliyun-hook", "aliyunhooksecret000000", NULL },
	.front = "providers: { aliyun: { template_code: SMS_000001, params: { name: "
		 "customer.id } } }\n",
	.text = "{{ customer.id }} 您好",
	.secret = "aliyun-secret",
};

#define SENDER                            \
	"    from: news@dealer.example\n" \
	"    from_name: 示例汽车\n"

static const struct service resend = {
	.type = "resend",
	.channel = "email",
	.settings = SENDER "    api_key: { credential: resend-key }\n"
			   "    webhook_secret: { credential: resend-hook }\n",
	.secrets = (const char *const[]){ "resend-key", "re_example", "resend-hook",
	    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", NULL },
	.front = "subject: 谢谢光临\n",
	.text = "{{ customer.id }} 您好",
	.secret = "resend-key",
	.speed = "60",
};

static const struct service postmark = {
	.type = "postmark",
	.channel = "email",
	.settings = SENDER "    server_token: { credential: postmark-token }\n"
			   "    webhook_user: reach\n"
			   "    webhook_password: { credential: postmark-hook }\n"
			   "    inbound: 0123abcd@inbound.postmarkapp.com\n",
	.secrets = (const char *const[]){ "postmark-token", "token-example",
	    "postmark-hook", "example", NULL },
	.front = "subject: 谢谢光临\n",
	.text = "{{ customer.id }} 您好",
	.secret = "postmark-token",
};

static const struct service ses = {
	.type = "ses",
	.channel = "email",
	.settings =
	    SENDER "    region: ap-southeast-1\n"
		   "    access_key_id: AKIAEXAMPLE\n"
		   "    secret_access_key: { credential: ses-secret }\n"
		   "    configuration_set: reach\n"
		   "    topic_arn: arn:aws:sns:ap-southeast-1:123456789012:reach\n",
	.secrets = (const char *const[]){ "ses-secret", "example-secret", NULL },
	.front = "subject: 谢谢光临\n",
	.text = "{{ customer.id }} 您好",
	.secret = "ses-secret",
	.speed = "60",
};

#define MAIL                                                  \
	.channel = "email", .front = "subject: 您的车好了\n", \
	.text = "<p>{{ customer.id }} 您好</p>"
#define FROM "    from: news@dealer.example\n    from_name: 示例汽车\n"

static const struct service sendgrid = {
	.type = "sendgrid",
	MAIL,
	.settings = FROM "    api_key: { credential: sendgrid-key }\n"
			 "    webhook_key: "
			 "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEg/"
			 "McuM4h2w7rfBFsKvYPrQx+QiU3cBS6h1fY141glkSkkFlgafQ1C7R/"
			 "co2p8iV34t1SpI2Pns3g54/qLDHFUg==\n",
	.secrets = (const char *const[]){ "sendgrid-key", "SG.example", NULL },
	.secret = "sendgrid-key",
};

static const struct service mailgun = {
	.type = "mailgun",
	MAIL,
	.settings = FROM "    domain: mg.dealer.example\n"
			 "    api_key: { credential: mailgun-key }\n"
			 "    signing_key: { credential: mailgun-signing }\n",
	.secrets = (const char *const[]){ "mailgun-key", "key-example", "mailgun-signing",
	    "signing-example", NULL },
	.secret = "mailgun-key",
};

static const struct service directmail = {
	.type = "directmail",
	MAIL,
	.settings = FROM "    access_key_id: LTAI-example\n"
			 "    access_key_secret: { credential: dm-secret }\n"
			 "    hook_secret: { credential: dm-hook }\n",
	.secrets = (const char *const[]){ "dm-secret", "example-secret", "dm-hook",
	    "directmailhooksecret00", NULL },
	.secret = "dm-secret",
};

static const struct service twilio = {
	.type = "twilio",
	.channel = "sms",
	.settings = "    account_sid: AC00000000000000000000000000example\n"
		    "    auth_token: { credential: twilio-token }\n"
		    "    from: \"+15005550006\"\n",
	.secrets = (const char *const[]){ "twilio-token", "example-token", NULL },
	.front = "",
	.text = "{{ customer.id }} 您好",
	.secret = "twilio-token",
};

#define TENCENT                                                                       \
	.type = "tencent", .channel = "sms",                                          \
	.secrets = (const char *const[]){ "tencent-secret", "example-secret",         \
		"tencent-hook", "tencenthooksecret00000", NULL },                     \
	.front =                                                                      \
	    "providers: { tencent: { template_id: \"100001\", params: [customer.id] " \
	    "} }\n",                                                                  \
	.text = "{{ customer.id }} 您好", .secret = "tencent-secret"
#define TENCENT_KEYS                       \
	"    secret_id: AKIDexample\n"     \
	"    sdk_app_id: \"1400000001\"\n" \
	"    secret_key: { credential: tencent-secret }\n"

static const struct service tencent = { TENCENT,
	.settings = TENCENT_KEYS "    hook_secret: { credential: tencent-hook }\n" };
/* The same without webhooks: reports are asked for. */
static const struct service tencent_asks = { TENCENT,
	.settings = TENCENT_KEYS "    pull: 1s\n" };

static const struct service jpush = {
	.type = "jpush",
	.channel = "push",
	.settings = "    app_key: 0123456789abcdef01234567\n"
		    "    class: marketing\n"
		    "    master_secret: { credential: jpush-secret }\n"
		    "    hook_secret: { credential: jpush-hook }\n",
	.secrets = (const char *const[]){ "jpush-secret", "example-secret", "jpush-hook",
	    "jpushhooksecret0000000", NULL },
	.front = "",
	.text = "{{ customer.id }} 您好",
	.secret = "jpush-secret",
};

static void
a_message_goes_and_its_receipt_comes_back(void **state)
{
	service_delivers(*state);
}

static void
a_wrong_key_freezes_the_account_and_burns_nothing(void **state)
{
	service_freezes(*state);
}

/* Each number of customers stands in the ledger once, whatever became of the answers. */
static void
each_once(const struct daemon *d, int customers)
{
	for (int i = 0; i < customers; i++) {
		char *to = g_strdup_printf("\"to\":\"+861990%07d\"", i), *text = NULL,
		     *at;

		assert_true(g_file_get_contents(d->ledger, &text, NULL, NULL));
		at = strstr(text, to);
		if (at == NULL || strstr(at + 1, to) != NULL)
			fail_msg("customer %d was sent %s", i,
			    at == NULL ? "nothing" : "two messages");
		g_free(text);
		g_free(to);
	}
}

/* Every other answer is an error although it was taken, those of queries too: what was taken is found, and nobody gets
 * it twice. */
static void
a_lost_answer_is_settled_and_sent_no_second_time(void **state)
{
	struct daemon *d = service_new(*state);

	service_begin(*state, d, 12, "{\"error_after\":0.5}");
	for (int i = 0; i < 12; i++) {
		char id[16];

		g_snprintf(id, sizeof(id), "v%d", i);
		service_visit_of(d, id, i);
	}
	UNTIL(service_count(d, MSG_DELIVERED) + service_count(d, MSG_UNDELIVERED) == 12);
	each_once(d, 12);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	daemon_free(d);
}

/* ---- what a member must send ---- */

static const struct service wecom = {
	.type = "wecom",
	.channel = "wecom",
	.settings = "    corp_id: ww0000000000000001\n    sender: LiNa\n"
		    "    secret: { credential: wecom }\n",
	.secrets = (const char *const[]){ "wecom", "example-secret", NULL },
	.front = "",
	.text = "{{ customer.id }} 您好",
	.secret = "wecom",
};

/* Taken as a task, confirmed by the member a while later, and found out by asking. */
static void
a_message_waits_for_a_yes_and_goes(void **state)
{
	struct daemon *d = service_new(&wecom);
	char *path = g_build_filename(d->dir, "c.csv", NULL), *text = NULL;

	(void)state;
	service_start(&wecom, d);
	daemon_file(d, "c.csv", "id,name,wecom,consent\nc0,李静,wmExample1,service\n");
	if (daemon_tool(d, &text,
		(const char *[]){
		    "import", "customers", path, "--socket", d->socket, NULL }) != 0)
		fail_msg("%s", text);
	service_visit(d, "v1");
	UNTIL(service_count(d, MSG_AWAITING) == 1);
	UNTIL(service_count(d, MSG_DELIVERED) == 1);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	g_free(text);
	g_free(path);
	daemon_free(d);
}

/* ---- who has written may be answered ---- */

static const struct service wecom_kf = {
	.type = "wecom-kf",
	.channel = "wecom",
	.settings = "    corp_id: ww0000000000000001\n    open_kfid: wkExample1\n"
		    "    secret: { credential: wecom }\n"
		    "    callback_token: { credential: wecom-token }\n"
		    "    callback_key: { credential: wecom-key }\n",
	.secrets = (const char *const[]){ "wecom", "example-secret", "wecom-token",
	    "QDG6eK", "wecom-key", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", NULL },
	.front = "",
	.text = "{{ customer.id }} 您好",
	.secret = "wecom",
	.alone = true,
};

static struct daemon *
kf_start(const char *faults)
{
	struct daemon *d = service_new(&wecom_kf);
	char *path = g_build_filename(d->dir, "c.csv", NULL), *text = NULL;

	daemon_file(d, "config/playbooks/hello.yaml",
	    "playbook: hello\ntitle: 到店\ncategory: service\nstatus: live\n"
	    "start: { on: visit }\nre_entry: after 1m\nagain: parallel\n"
	    "steps: [{ id: thanks, after: 1m, send: hello/thanks, expires: 3d }]\n");
	service_begin(&wecom_kf, d, 1, faults);
	daemon_file(d, "c.csv", "id,name,wecom,consent\nc0,李静,wmExample1,service\n");
	if (daemon_tool(d, &text,
		(const char *[]){
		    "import", "customers", path, "--socket", d->socket, NULL }) != 0)
		fail_msg("%s", text);
	g_free(text);
	g_free(path);
	return d;
}

static void
kf_say(struct daemon *d, const char *body)
{
	struct answer a;

	daemon_ask(d->gateway_port, "POST", "/wecom-kf/main/say", "", body, &a);
	answer_free(&a);
}

static int64_t
kf_replies(struct daemon *d)
{
	return daemon_count(d, "SELECT count(*) FROM inbox WHERE kind = 5");
}

/* The customer writes in: five messages go, the sixth is held by the rule until he has
 * written again; then he refuses, and that arrives as a receipt. */
static void
five_go_to_who_has_written(void **state)
{
	struct daemon *d = kf_start(NULL);

	(void)state;
	service_visit(d, "v0");
	UNTIL(service_count(d, MSG_SUPPRESSED) == 1);
	kf_say(d, "{\"from\":\"wmExample1\",\"text\":\"3\"}");
	UNTIL(kf_replies(d) == 1);
	for (int i = 1; i <= 6; i++) {
		char id[16];

		g_snprintf(id, sizeof(id), "v%d", i);
		service_visit(d, id);
		UNTIL(service_count(d, MSG_ACCEPTED) == MIN(i, 5));
	}
	UNTIL(service_count(d, MSG_SUPPRESSED) == 2);
	assert_int_equal(
	    daemon_count(d, "SELECT count(*) FROM decision WHERE rule = 'main'"), 2);
	kf_say(d, "{\"from\":\"wmExample1\",\"refuse\":true,\"text\":\"3\"}");
	UNTIL(kf_replies(d) == 2);
	service_visit(d, "v7");
	UNTIL(service_count(d, MSG_UNDELIVERED) == 1);
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM optout"), 1);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	daemon_free(d);
}

/* Every other answer is lost: what was taken is known again by its msgid, and what he wrote
 * is asked for until it is had. */
static void
a_lost_answer_is_known_by_its_msgid(void **state)
{
	struct daemon *d = kf_start("{\"error_after\":0.5}");
	char *text = NULL, **lines;

	(void)state;
	kf_say(d, "{\"from\":\"wmExample1\",\"text\":\"3\"}");
	UNTIL(kf_replies(d) == 1);
	for (int i = 1; i <= 5; i++) {
		char id[16];

		g_snprintf(id, sizeof(id), "v%d", i);
		service_visit(d, id);
	}
	UNTIL(service_count(d, MSG_ACCEPTED) == 5);
	assert_true(g_file_get_contents(d->ledger, &text, NULL, NULL));
	lines = g_strsplit(g_strstrip(text), "\n", -1);
	assert_int_equal(g_strv_length(lines), 5);
	g_strfreev(lines);
	g_free(text);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	daemon_free(d);
}

/* ---- cards to staff ---- */

static const struct service wecom_staff = {
	.type = "wecom-staff",
	.channel = "phone",
	.settings =
	    "    corp_id: ww0000000000000001\n    agent_id: 1000002\n"
	    "    secret: { credential: wecom }\n"
	    "    callback_token: { credential: wecom-token }\n"
	    "    callback_key: { credential: wecom-key }\n",
	.secrets = (const char *const[]){ "wecom", "example-secret", "wecom-token",
	    "QDG6eK", "wecom-key", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", NULL },
	.front = "outcomes: { reached: 接通, none: 没人接 }\n",
	.text = "您好，{{ customer.id }}",
	.secret = "wecom",
};

static struct daemon *
staff_new(void)
{
	struct daemon *d = service_new(&wecom_staff);

	daemon_file(d, "config/playbooks/hello.yaml",
	    "playbook: hello\ntitle: 到店\ncategory: service\nstatus: live\n"
	    "start: { on: visit }\nsteps:\n"
	    "  - { id: c, after: 1m, call: hello/thanks, to: manager, due: 48h,"
	    " outcomes: { reached: end, none: end } }\n  - { id: end, stop: true }\n");
	daemon_file(d, "staff.csv", "id,name,role,wecom\nE1,王经理,manager,LiNa\n");
	return d;
}

static void
import(const struct daemon *d, const char *what, const char *file)
{
	char *path = g_build_filename(d->dir, file, NULL), *text = NULL;

	if (daemon_tool(d, &text,
		(const char *[]){
		    "import", what, path, "--socket", d->socket, NULL }) != 0)
		fail_msg("%s", text);
	g_free(text);
	g_free(path);
}

/* The task is made, told, its button pressed, and done: over HTTP, encrypted both ways. */
static void
a_call_is_told_and_done_by_a_press(void **state)
{
	struct daemon *d = staff_new();

	(void)state;
	service_start(&wecom_staff, d);
	import(d, "staff", "staff.csv");
	service_visit(d, "v1");
	UNTIL(daemon_count(d, "SELECT count(*) FROM card WHERE state = 3") == 1);
	UNTIL(daemon_count(d, "SELECT count(*) FROM task WHERE outcome = 'reached' AND"
			      " done_by = '王经理'") == 1);
	UNTIL(service_count(d, MSG_DELIVERED) == 1);
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM card"), 1);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	daemon_free(d);
}

/* A text for the advisor to send by hand: told, "sent" pressed, counted, and the card shows that
 * it is done. */
static void
a_draft_is_told_and_done_by_a_press(void **state)
{
	struct daemon *d = staff_new();

	(void)state;
	daemon_file(d, "config/templates/wecom/hello/note.liquid",
	    "---\ntitle: 问候\ncategory: service\n---\n您好，{{ customer.id }}\n");
	daemon_file(d, "config/playbooks/hello.yaml",
	    "playbook: hello\ntitle: 到店\ncategory: service\nstatus: live\n"
	    "start: { on: visit }\nsteps:\n"
	    "  - { id: c, after: 1m, send: hello/note, kind: personal }\n"
	    "  - { id: end, stop: true }\n");
	service_start(&wecom_staff, d);
	import(d, "staff", "staff.csv");
	daemon_file(d, "w.csv", "id,name,wecom,consent\nc0,李静,wmExample1,service\n");
	import(d, "customers", "w.csv");
	service_visit(d, "v1");
	UNTIL(daemon_count(d, "SELECT count(*) FROM task WHERE kind = 'draft' AND"
			      " outcome = 'sent' AND done_by = '王经理'") == 1);
	UNTIL(service_count(d, MSG_DELIVERED) == 1);
	UNTIL(daemon_count(d, "SELECT count(*) FROM card WHERE face = 1 AND code_enc IS"
			      " NULL") == 1);
	assert_true(daemon_says(d->log, "card_replaced"));
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	daemon_free(d);
}

/* The account stops; the call stays on the list and its card waits. */
static void
a_wrong_secret_loses_no_call(void **state)
{
	struct daemon *d = staff_new();

	(void)state;
	service_start(&wecom_staff, d);
	import(d, "staff", "staff.csv");
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	service_secret(d, "wecom", "another-key");
	daemon_start(d, (const char *[]){ STAGE_CLOCK, NULL });
	service_visit(d, "v1");
	UNTIL(daemon_says(d->log, "account_frozen"));
	UNTIL(daemon_count(d, "SELECT count(*) FROM task WHERE state = 0") == 1);
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM card"), 0);
	daemon_free(d);
}

#define SERVICE(s)                                                                   \
	{ #s ": goes", a_message_goes_and_its_receipt_comes_back, NULL, NULL,        \
		(void *)(uintptr_t) & (s) },                                         \
	{                                                                            \
#s ": wrong key", a_wrong_key_freezes_the_account_and_burns_nothing, \
		    NULL, NULL, (void *)(uintptr_t) & (s)                            \
	}

#define LOST(s)                                                                       \
	{                                                                             \
#s ": lost answers", a_lost_answer_is_settled_and_sent_no_second_time, NULL, \
		    NULL, (void *)(uintptr_t) & (s)                                   \
	}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		SERVICE(aliyun),
		LOST(aliyun),
		SERVICE(postmark),
		SERVICE(resend),
		SERVICE(ses),
		SERVICE(sendgrid),
		SERVICE(mailgun),
		SERVICE(directmail),
		SERVICE(twilio),
		LOST(twilio),
		SERVICE(tencent),
		SERVICE(tencent_asks),
		SERVICE(jpush),
		cmocka_unit_test(a_message_waits_for_a_yes_and_goes),
		cmocka_unit_test(five_go_to_who_has_written),
		cmocka_unit_test(a_lost_answer_is_known_by_its_msgid),
		cmocka_unit_test(a_call_is_told_and_done_by_a_press),
		cmocka_unit_test(a_draft_is_told_and_done_by_a_press),
		cmocka_unit_test(a_wrong_secret_loses_no_call),
	};

	(void)argc;
	daemon_find(argv[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
