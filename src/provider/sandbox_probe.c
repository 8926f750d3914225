/* sandbox_probe.c - is it the sandbox that listens there? Asks for a reference nobody has. */
#include <string.h>

#include "probe.h"
#include "services.h"

static int
request(const struct account *acc, const struct config *cfg, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	const struct parcel p = { .to = "", .ref = "probe" };

	return provider_find(acc->type)->query(acc, cfg, &p, sig_ts, a, out, e);
}

static void
answer(const struct account *acc, const struct provider_reply *reply, struct probed *out)
{
	static const struct probe_rule rules[] = { { "http-404", PROBED_SETTING, "url" },
		{ "http-5", PROBED_LATER, NULL }, { NULL, PROBED_ODD, NULL } };
	json_t *j = wire_load(reply->body, reply->len);

	(void)acc;
	if (reply->status == 200 && json_is_boolean(json_object_get(j, "found")))
		probe_good(out, "%s", "");
	else
		probe_judge(rules, NULL, reply->status, out);
	json_decref(j);
}

const struct provider_probe sandbox_probe = { request, answer };
