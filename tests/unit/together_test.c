/* together_test.c - who may travel in one call is asked with all that the service may look at.
 * Mail services on the small stage: three are due at once, and go by one call. */
#include <sys/stat.h>

#include "stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define PEOPLE 3

struct row {
	const char *name, *account, *answer;
	int status, calls; /* that three mails of one kind go by */
};

static const struct row rows[] = {
	{ "sendgrid",
	    "    type: sendgrid\n    api_key: { credential: key }\n"
	    "    webhook_key: "
	    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEg/"
	    "McuM4h2w7rfBFsKvYPrQx+QiU3cBS6h1fY141glkSkkFlgafQ1C7R/"
	    "co2p8iV34t1SpI2Pns3g54/qLDHFUg==\n",
	    "", 202, 1 },
	{ "mailgun",
	    "    type: mailgun\n    domain: mg.dealer.example\n"
	    "    api_key: { credential: key }\n    signing_key: { credential: hook }\n",
	    "{\"id\":\"<1@mg.dealer.example>\",\"message\":\"Queued. Thank you.\"}", 200,
	    1 },
	/* Each with an id of its own, by a call of its own. */
	{ "ses",
	    "    type: ses\n    region: ap-southeast-1\n    access_key_id: AKIAEXAMPLE\n"
	    "    secret_access_key: { credential: key }\n    configuration_set: reach\n"
	    "    topic_arn: arn:aws:sns:ap-southeast-1:123456789012:reach\n",
	    "{\"MessageId\":\"1\"}", 200, PEOPLE },
};

static const struct row *now;

static void
taken(struct stage *s, const struct sim_request *q, struct sim_reply *r)
{
	(void)q;
	s->calls++;
	r->status = now->status;
	r->body = g_strdup(now->answer);
	r->len = strlen(r->body);
}

static struct stage *
stage_of(const struct row *row)
{
	char *config = g_strconcat(
	    "entity: { name: 示例, tz: Asia/Shanghai }\n"
	    "public_url: http://127.0.0.1:8080\ncredentials: secrets\nproviders:\n"
	    "  - name: mail\n    channels: [email]\n    url: http://127.0.0.1:1\n"
	    "    internal: true\n    from: news@dealer.example\n",
	    row->account,
	    "  - { name: sms, type: sandbox, channels: [sms, push], url: "
	    "\"http://127.0.0.1:1\", internal: true, settle: none }\n",
	    NULL);
	struct stage *s = stage_new(START, "config/reachd.yaml", config,
	    "config/secrets/key", "example", "config/secrets/hook",
	    "example-hook-secret-0000", "templates/email/m.liquid",
	    "---\ntitle: x\ncategory: marketing\nsubject: 广告：hello\n---\n"
	    "hello {{ customer.id }} {{ message.unsubscribe }}\n",
	    "config/playbooks/care.yaml",
	    "playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n"
	    "steps:\n  - { id: one, after: 1m, send: m }\n",
	    NULL);

	g_free(config);
	s->arrive = taken;
	return s;
}

/* The process is down when they fall due, so that they fall due together. */
static void
due_together(void **state)
{
	struct stage *s;

	now = *state;
	s = stage_of(now);
	for (int i = 0; i < PEOPLE; i++)
		stage_mailbox(s, i);
	for (int i = 0; i < PEOPLE; i++) {
		char ext[16], id[16];

		g_snprintf(ext, sizeof(ext), "C%d", i);
		g_snprintf(id, sizeof(id), "v%d", i);
		assert_int_equal(stage_event(s, id, ext, "visit"), 201);
	}
	stage_fall(s, false);
	stage_run(s, 2 * MS_MINUTE);
	stage_rise(s);
	stage_run(s, MS_MINUTE);
	for (int i = 0; i < PEOPLE; i++) {
		char ext[16];

		g_snprintf(ext, sizeof(ext), "C%d", i);
		stage_expect(s, ext, 0, MSG_ACCEPTED, REASON_NONE);
	}
	assert_int_equal(s->calls, now->calls);
	stage_free(s);
}

int
main(void)
{
	struct CMUnitTest tests[G_N_ELEMENTS(rows)];

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		tests[i] = (struct CMUnitTest){ rows[i].name, due_together, NULL, NULL,
			(void *)(uintptr_t)&rows[i] };
	umask(077);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
