/* http_probe.c - a gateway that is described can be asked for a reference it never had, if it can be
 * asked at all. Of one that cannot only its address is tried. */
#include <string.h>

#include "probe.h"
#include "rule.h"
#include "services.h"

static int
request(const struct account *acc, const struct config *cfg, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	const struct parcel p = { .to = "", .ref = "probe" };

	return acc->query.url == NULL
		   ? 1
		   : provider_find(acc->type)->query(acc, cfg, &p, sig_ts, a, out, e);
}

static const struct probe_rule rules[] = { { "http-401", PROBED_KEY, "headers" },
	{ "http-403", PROBED_KEY, "headers" }, { "http-429", PROBED_LATER, NULL },
	{ "http-5", PROBED_LATER, NULL }, { NULL, PROBED_ODD, NULL } };

static void
answer(const struct account *acc, const struct provider_reply *reply, struct probed *out)
{
	json_t *j = json_loadb(reply->body, reply->len, JSON_DECODE_ANY, NULL);

	if (rule_match(&acc->query.absent, reply->status, j) ||
	    rule_match(&acc->query.found, reply->status, j))
		probe_good(out, "%s", "");
	else
		probe_judge(rules, NULL, reply->status, out);
	json_decref(j);
}

const struct provider_probe http_probe = { request, answer };
