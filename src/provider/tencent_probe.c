/* tencent_probe.c - are the keys good? Asks for the packages of the application: those of the last
 * year, for both ends of the time are asked for, and the later must be over (API 2021-01-11,
 * SmsPackagesStatistics; cloud.tencent.com has it, the international site does not). */
#include <string.h>

#include "probe.h"
#include "services.h"
#include "tencent.h"

#define YEAR (365 * MS_DAY)

/* An hour in Beijing, as 2026112210. */
static const char *
hour(struct arena *a, ms_t at)
{
	char text[CLOCK_TEXT];

	clock_format(at, 480, text);
	return arena_printf(a, "%.4s%.2s%.2s%.2s", text, text + 5, text + 8, text + 11);
}

static int
request(const struct account *acc, const struct config *cfg, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	const struct tc3 r = tencent_call(acc, "SmsPackagesStatistics", sig_ts);

	(void)cfg;
	(void)e;
	tc3_sign(&r,
	    json_pack("{ss si si ss ss}", "SmsSdkAppId",
		provider_setting(acc, "sdk_app_id"), "Limit", 100, "Offset", 0,
		"BeginTime", hour(a, sig_ts - YEAR), "EndTime",
		hour(a, sig_ts - MS_HOUR)),
	    a, out);
	return 0;
}

static const struct probe_rule rules[] = {
	{ "AuthFailure.SecretIdNotFound", PROBED_KEY, "secret_id" },
	{ "AuthFailure.InvalidSecretId", PROBED_KEY, "secret_id" },
	{ "AuthFailure.SignatureExpire", PROBED_CLOCK, NULL },
	{ "AuthFailure.UnauthorizedOperation", PROBED_MAY_NOT, NULL },
	{ "AuthFailure", PROBED_KEY, "secret_key" },
	{ "InvalidParameterValue.SdkAppIdNotExist", PROBED_SETTING, "sdk_app_id" },
	{ "UnauthorizedOperation.SmsSdkAppIdVerifyFail", PROBED_SETTING, "sdk_app_id" },
	{ "UnauthorizedOperation.RequestIpNotInWhitelist", PROBED_PLACE, NULL },
	{ "IpNotInWhitelist", PROBED_PLACE, NULL },
	{ "UnauthorizedOperation.ServiceSuspend", PROBED_STOPPED, NULL },
	{ "UnauthorizedOperation", PROBED_MAY_NOT, NULL },
	{ "UnsupportedRegion", PROBED_SETTING, "region" },
	{ "RequestLimitExceeded", PROBED_LATER, NULL },
	{ "InternalError", PROBED_LATER, NULL },
	{ NULL, PROBED_ODD, NULL },
};

/* Messages left in packages; what is paid for afterwards has none. */
static json_int_t
left(const json_t *packages)
{
	json_int_t n = 0;

	for (size_t i = 0; i < json_array_size(packages); i++) {
		const json_t *p = json_array_get(packages, i);

		n += json_integer_value(json_object_get(p, "PackageAmount")) -
		     json_integer_value(json_object_get(p, "CurrentUsage"));
	}
	return n;
}

static void
answer(const struct account *acc, const struct provider_reply *reply, struct probed *out)
{
	json_t *j = wire_load(reply->body, reply->len);
	const json_t *packages =
	    json_object_get(json_object_get(j, "Response"), "SmsPackagesStatisticsSet");

	(void)acc;
	if (reply->status == 200 && json_is_array(packages))
		probe_good(
		    out, "left in packages: %" JSON_INTEGER_FORMAT, left(packages));
	else
		probe_judge(rules, tencent_error(j), reply->status, out);
	json_decref(j);
}

const struct provider_probe tencent_probe = { request, answer };
