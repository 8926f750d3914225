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

#define SERVICE(s)                                                                   \
	{ #s ": goes", a_message_goes_and_its_receipt_comes_back, NULL, NULL,        \
		(void *)(uintptr_t) & (s) },                                         \
	{                                                                            \
#s ": wrong key", a_wrong_key_freezes_the_account_and_burns_nothing, \
		    NULL, NULL, (void *)(uintptr_t) & (s)                            \
	}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		SERVICE(aliyun),
		SERVICE(sendgrid),
		SERVICE(mailgun),
		SERVICE(directmail),
	};

	(void)argc;
	daemon_find(argv[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
