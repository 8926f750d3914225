/* sendgrid_probe.c - is the key good? Asks what it may do. */
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
	wire_get(out, provider_url(acc, a, "/v3/scopes"));
	wire_header(out, a, "Authorization",
	    arena_printf(a, "Bearer %s", provider_setting(acc, "api_key")));
	return 0;
}

static const struct probe_rule rules[] = { { "http-401", PROBED_KEY, "api_key" },
	{ "http-403", PROBED_MAY_NOT, NULL }, { "http-429", PROBED_LATER, NULL },
	{ "http-5", PROBED_LATER, NULL }, { NULL, PROBED_ODD, NULL } };

static bool
may_send(const json_t *scopes)
{
	for (size_t i = 0; i < json_array_size(scopes); i++)
		if (g_strcmp0(
			json_string_value(json_array_get(scopes, i)), "mail.send") == 0)
			return true;
	return false;
}

static void
answer(const struct account *acc, const struct provider_reply *reply, struct probed *out)
{
	json_t *j = wire_load(reply->body, reply->len);
	const json_t *scopes = json_object_get(j, "scopes");

	(void)acc;
	if (reply->status != 200 || !json_is_array(scopes))
		probe_judge(rules, NULL, reply->status, out);
	else if (may_send(scopes))
		probe_good(out, "%s", "");
	else
		probe_setting(out, "api_key", "no scope mail.send");
	json_decref(j);
}

const struct provider_probe sendgrid_probe = { request, answer };
