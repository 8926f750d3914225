/* resend_probe.c - is the key good? Asks for the domains, and looks for the sender's among them; a
 * key that may only send is refused with words of its own. */
#include <string.h>

#include "probe.h"
#include "services.h"

static int
request(const struct account *acc, const struct config *cfg, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	(void)cfg;
	(void)sig_ts;
	(void)e;
	wire_get(out, provider_url(acc, a, "/domains"));
	wire_header(out, a, "Authorization",
	    arena_printf(a, "Bearer %s", provider_setting(acc, "api_key")));
	wire_header(out, a, "User-Agent", "reachd"); /* 403 without one */
	return 0;
}

static const struct probe_rule rules[] = { { "restricted_api_key", PROBED_GOOD, NULL },
	{ "missing_api_key", PROBED_KEY, "api_key" },
	{ "invalid_api_", PROBED_KEY, "api_key" },
	{ "validation_error", PROBED_KEY, "api_key" },
	{ "rate_limit_exceeded", PROBED_LATER, NULL },
	{ "daily_quota", PROBED_STOPPED, NULL },
	{ "monthly_quota", PROBED_STOPPED, NULL },
	{ "security_error", PROBED_STOPPED, NULL }, { "http-401", PROBED_KEY, "api_key" },
	{ "http-5", PROBED_LATER, NULL }, { NULL, PROBED_ODD, NULL } };

/* NULL: fine, or it cannot be told, for the list may go on. */
static const char *
wrong_with(const char *domain, const json_t *j)
{
	const json_t *list = json_object_get(j, "data");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *d = json_array_get(list, i);
		const char *name = json_string_value(json_object_get(d, "name"));

		if (name != NULL && g_ascii_strcasecmp(name, domain) == 0)
			return g_strcmp0(json_string_value(json_object_get(d, "status")),
				   "verified") == 0
				   ? NULL
				   : "its domain is not verified";
	}
	return json_is_true(json_object_get(j, "has_more")) ? NULL
							    : "its domain is not there";
}

static void
answer(const struct account *acc, const struct provider_reply *reply, struct probed *out)
{
	json_t *j = wire_load(reply->body, reply->len);
	const char *at = strchr(provider_setting(acc, "from"), '@'), *wrong;

	if (reply->status != 200 || !json_is_array(json_object_get(j, "data")))
		probe_judge(rules, json_string_value(json_object_get(j, "name")),
		    reply->status, out);
	else if (at != NULL && (wrong = wrong_with(at + 1, j)) != NULL)
		probe_setting(out, "from", wrong);
	else
		probe_good(out, "%s", "");
	json_decref(j);
}

const struct provider_probe resend_probe = { request, answer };
