/* aliyun_probe.c - is the key good? Asks for the messages to a number that nobody can have: the
 * same call by which lost answers are settled. */
#include <string.h>

#include "acs3.h"
#include "probe.h"
#include "services.h"

#define NOBODY "10000000000"

static int
request(const struct account *acc, const struct config *cfg, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	const char *fields[] = { "CurrentPage", "1", "PageSize", "1", "PhoneNumber",
		NOBODY, "SendDate", arena_printf(a, "%d", acs3_day(sig_ts)), NULL };

	(void)cfg;
	(void)e;
	acs3_sign(
	    &(struct acs3){ .acc = acc,
		.version = "2017-05-25",
		.action = "QuerySendDetails",
		.at = sig_ts,
		.nonce = wire_key(a, arena_printf(a, "probe %" G_GINT64_FORMAT, sig_ts)),
		.fields = fields,
		.form = "" },
	    a, out);
	return 0;
}

static const struct probe_rule rules[] = {
	{ "OK", PROBED_GOOD, NULL },
	{ "isv.MOBILE_NUMBER_ILLEGAL", PROBED_GOOD, NULL },
	ACS3_PROBE_RULES,
	{ "isp.RAM_PERMISSION_DENY", PROBED_MAY_NOT, NULL },
	{ "isv.DENY_IP_RANGE", PROBED_PLACE, NULL },
	{ "isv.AMOUNT_NOT_ENOUGH", PROBED_STOPPED, NULL },
	{ "isv.OUT_OF_SERVICE", PROBED_STOPPED, NULL },
	{ "isv.PRODUCT_UN", PROBED_STOPPED, NULL },
	{ "isv.ACCOUNT_", PROBED_STOPPED, NULL },
	{ NULL, PROBED_ODD, NULL },
};

static void
answer(const struct account *acc, const struct provider_reply *reply, struct probed *out)
{
	json_t *j = wire_load(reply->body, reply->len);

	(void)acc;
	probe_judge(
	    rules, json_string_value(json_object_get(j, "Code")), reply->status, out);
	json_decref(j);
}

const struct provider_probe aliyun_probe = { request, answer };
