/* services.h - accounts of real services as the end-to-end tests have them.
 *
 * Include after daemon.h. */
#ifndef TESTS_E2E_SERVICES_H
#define TESTS_E2E_SERVICES_H

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
			   "    webhook_secret: { credential: resend-hook }\n"
			   "    read_key: { credential: resend-read }\n",
	.secrets = (const char *const[]){ "resend-key", "re_example", "resend-hook",
	    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "resend-read", "re_read", NULL },
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
	    "postmark-hook", "hook-password", NULL },
	.front = "subject: 谢谢光临\n",
	.text = "{{ customer.id }} 您好",
	.secret = "postmark-token",
};

/* The same without webhooks: what it took and what came back is asked for. */
static const struct service postmark_asks = {
	.type = "postmark",
	.channel = "email",
	.settings = SENDER "    server_token: { credential: postmark-token }\n"
			   "    pull: 1s\n",
	.secrets = (const char *const[]){ "postmark-token", "token-example", NULL },
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
			 "    signing_key: { credential: mailgun-signing }\n"
			 "    events_key: { credential: mailgun-events }\n",
	.secrets = (const char *const[]){ "mailgun-key", "key-example", "mailgun-signing",
	    "signing-example", "mailgun-events", "events-example", NULL },
	.secret = "mailgun-key",
};

/* The same without webhooks: events are asked for. */
static const struct service mailgun_asks = {
	.type = "mailgun",
	MAIL,
	.settings = FROM "    domain: mg.dealer.example\n"
			 "    pull: 1s\n"
			 "    api_key: { credential: mailgun-key }\n"
			 "    signing_key: { credential: mailgun-signing }\n"
			 "    events_key: { credential: mailgun-events }\n",
	.secrets = (const char *const[]){ "mailgun-key", "key-example", "mailgun-signing",
	    "signing-example", "mailgun-events", "events-example", NULL },
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

/* The same without webhooks: statuses and replies are asked for. */
static const struct service twilio_asks = {
	.type = "twilio",
	.channel = "sms",
	.settings = "    account_sid: AC00000000000000000000000000example\n"
		    "    auth_token: { credential: twilio-token }\n"
		    "    pull: 1s\n"
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
/* Whose service messages the vendors let through without their limit of marketing. */
static const struct service jpush_service = {
	.type = "jpush",
	.channel = "push",
	.settings = "    app_key: 0123456789abcdef01234567\n"
		    "    class: service\n"
		    "    master_secret: { credential: jpush-secret }\n"
		    "    hook_secret: { credential: jpush-hook }\n",
	.secrets = (const char *const[]){ "jpush-secret", "example-secret", "jpush-hook",
	    "jpushhooksecret0000000", NULL },
	.front = "",
	.text = "{{ customer.id }} 您好",
	.secret = "jpush-secret",
};

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

static const struct service wecom_staff = {
	.type = "wecom-staff",
	.channel = "phone",
	.settings = "    corp_id: ww0000000000000001\n    agent_id: 1000002\n"
		    "    secret: { credential: wecom }\n"
		    "    callback_token: { credential: wecom-token }\n"
		    "    callback_key: { credential: wecom-key }\n",
	.secrets = (const char *const[]){ "wecom", "example-secret", "wecom-token",
	    "QDG6eK", "wecom-key", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", NULL },
	.front = "outcomes: { reached: 接通, none: 没人接 }\n",
	.text = "您好，{{ customer.id }}",
	.secret = "wecom",
};

static const struct service smtp = {
	.type = "smtp",
	.submits = true,
	.channel = "email",
	.settings = "    from: news@dealer.example\n    from_name: 示例汽车\n"
		    "    user: reach\n    password: { credential: mail-password }\n"
		    "    bounce: bounce@dealer.example\n    tls: \"no\"\n"
		    "    hook_secret: { credential: mail-hook }\n",
	.secrets = (const char *const[]){ "mail-password", "example-password",
	    "mail-hook", "mailhooksecret00000000", NULL },
	.front = "subject: 您的车好了\n",
	.text = "<p>{{ customer.id }} <a href=\"{{ \"https://www.example.com/book\" | "
		"short_link }}\">预约</a></p>",
	.secret = "mail-password",
};

static inline struct daemon *
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

static inline void
staff_import(const struct daemon *d)
{
	char *path = g_build_filename(d->dir, "staff.csv", NULL), *text = NULL;

	if (daemon_tool(d, &text,
		(const char *[]){
		    "import", "staff", path, "--socket", d->socket, NULL }) != 0)
		fail_msg("%s", text);
	g_free(text);
	g_free(path);
}

#endif
