/* jpush_probe.c - are the keys good? Asks for one cid, good for a day, by which nothing is pushed. */
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
	wire_get(out, provider_url(acc, a, "/v3/push/cid?count=1"));
	wire_basic(out, a, provider_setting(acc, "app_key"),
	    provider_setting(acc, "master_secret"));
	return 0;
}

static const struct probe_rule rules[] = { { "1004", PROBED_KEY,
					       "app_key, master_secret" },
	{ "1008", PROBED_KEY, "app_key" }, { "2002", PROBED_LATER, NULL },
	{ "2003", PROBED_STOPPED, NULL }, { "2004", PROBED_PLACE, NULL },
	{ "2006", PROBED_MAY_NOT, NULL }, { "2007", PROBED_STOPPED, NULL },
	{ "1000", PROBED_LATER, NULL }, { "1030", PROBED_LATER, NULL },
	{ "http-401", PROBED_KEY, "app_key, master_secret" },
	{ "http-429", PROBED_LATER, NULL }, { "http-5", PROBED_LATER, NULL },
	{ NULL, PROBED_ODD, NULL } };

static void
answer(const struct account *acc, const struct provider_reply *reply, struct probed *out)
{
	json_t *j = wire_load(reply->body, reply->len);
	struct arena *a = arena_new();

	(void)acc;
	if (reply->status == 200 && json_is_array(json_object_get(j, "cidlist")))
		probe_good(out, "%s", "");
	else
		probe_judge(rules, wire_text(a, json_object_get(j, "error"), "code"),
		    reply->status, out);
	arena_free(a);
	json_decref(j);
}

const struct provider_probe jpush_probe = { request, answer };
