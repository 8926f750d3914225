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
	};

	(void)argc;
	daemon_find(argv[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
