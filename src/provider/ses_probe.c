/* ses_probe.c - is the key good? Asks for the account's quota and standing (v2, GetAccount). A user that may do no more than send
 * is refused after its signature was found good. */
#include <string.h>

#include "probe.h"
#include "services.h"
#include "ses.h"

static int
request(const struct account *acc, const struct config *cfg, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	(void)cfg;
	(void)e;
	wire_get(out, ses_url(acc, a, "/v2/email/account"));
	wire_header(out, a, "Content-Type", "application/json");
	ses_sign(acc, sig_ts, a, out);
	return 0;
}

static const struct probe_rule rules[] = { { "UnrecognizedClientException", PROBED_KEY,
					       "access_key_id" },
	{ "InvalidClientTokenId", PROBED_KEY, "access_key_id" },
	{ "InvalidSignatureException", PROBED_KEY, "secret_access_key" },
	{ "SignatureDoesNotMatch", PROBED_KEY, "secret_access_key" },
	{ "ExpiredToken", PROBED_KEY, "session_token" },
	{ "RequestExpired", PROBED_CLOCK, NULL },
	{ "AccessDenied", PROBED_MAY_NOT, NULL },
	{ "OptInRequired", PROBED_STOPPED, NULL },
	{ "TooManyRequests", PROBED_LATER, NULL }, { "Throttling", PROBED_LATER, NULL },
	{ "http-403", PROBED_KEY, "access_key_id, secret_access_key" },
	{ "http-5", PROBED_LATER, NULL }, { NULL, PROBED_ODD, NULL } };

static void
refused(const struct provider_reply *reply, const json_t *j, struct probed *out)
{
	const char *message = json_string_value(json_object_get(j, "message"));
	struct arena *a = arena_new();

	probe_judge(rules, ses_error(reply, j, a), reply->status, out);
	arena_free(a);
	if (out->as != PROBED_KEY || message == NULL)
		return;
	/* One name for three mistakes. */
	if (strstr(message, "expired") != NULL ||
	    strstr(message, "not yet current") != NULL) {
		out->as = PROBED_CLOCK;
		out->setting = "";
	} else if (strstr(message, "valid region") != NULL)
		out->setting = "region";
}

static void
stopped(struct probed *out, const char *why)
{
	out->as = PROBED_STOPPED;
	g_strlcpy(out->perr, why, sizeof out->perr);
}

static void
answer(const struct account *acc, const struct provider_reply *reply, struct probed *out)
{
	json_t *j = wire_load(reply->body, reply->len);
	const json_t *quota = json_object_get(j, "SendQuota"),
		     *live = json_object_get(j, "ProductionAccessEnabled");

	(void)acc;
	if (reply->status != 200 || !json_is_boolean(live)) {
		refused(reply, j, out);
	} else {
		probe_good(out, "sent in 24 h: %.0f of %.0f",
		    json_number_value(json_object_get(quota, "SentLast24Hours")),
		    json_number_value(json_object_get(quota, "Max24HourSend")));
		/* In their sandbox mail goes to verified addresses only. */
		if (json_is_false(live))
			stopped(out, "sandbox");
		else if (g_strcmp0(
			     json_string_value(json_object_get(j, "EnforcementStatus")),
			     "SHUTDOWN") == 0)
			stopped(out, "paused by Amazon");
		else if (json_is_false(json_object_get(j, "SendingEnabled")))
			stopped(out, "sending is off");
	}
	json_decref(j);
}

const struct provider_probe ses_probe = { request, answer };
