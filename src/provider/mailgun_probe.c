/* mailgun_probe.c - are key and domain good? A sending key may do nothing else than POST to
 * messages and messages.mime: so a mail of no words to nobody, and in test mode, is handed in. It can only be
 * refused. */
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
	wire_form(out, a,
	    provider_url(acc, a,
		arena_printf(a, "/v3/%s/messages", provider_setting(acc, "domain"))),
	    "o:testmode=yes");
	wire_basic(out, a, "api", provider_setting(acc, "api_key"));
	return 0;
}

static const struct probe_rule rules[] = { { "http-401", PROBED_KEY, "api_key" },
	{ "http-404", PROBED_SETTING, "domain" }, { "http-402", PROBED_STOPPED, NULL },
	{ "http-403", PROBED_STOPPED, NULL }, { "http-429", PROBED_LATER, NULL },
	{ "http-5", PROBED_LATER, NULL }, { NULL, PROBED_ODD, NULL } };

static void
answer(const struct account *acc, const struct provider_reply *reply, struct probed *out)
{
	json_t *j = wire_load(reply->body, reply->len);

	(void)acc;
	if (reply->status == 400 && json_is_string(json_object_get(j, "message")))
		probe_good(out, "%s", "");
	else
		probe_judge(rules, NULL, reply->status, out);
	json_decref(j);
}

const struct provider_probe mailgun_probe = { request, answer };
