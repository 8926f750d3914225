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

static const struct service jpush = {
	.type = "jpush",
	.channel = "push",
	.settings = "    app_key: 0123456789abcdef01234567\n"
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
	struct daemon *d = service_new(&aliyun);

	(void)state;
	service_begin(d, 12, "{\"error_after\":0.5}");
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
		cmocka_unit_test(a_lost_answer_is_settled_and_sent_no_second_time),
		SERVICE(jpush),
	};

	(void)argc;
	daemon_find(argv[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
