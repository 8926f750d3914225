/* postmark_probe.c - is the token good? Asks what the server is. */
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
	wire_get(out, provider_url(acc, a, "/server"));
	wire_header(out, a, "Accept", "application/json");
	wire_header(
	    out, a, "X-Postmark-Server-Token", provider_setting(acc, "server_token"));
	return 0;
}

static const struct probe_rule rules[] = { { "100", PROBED_LATER, NULL },
	{ "10", PROBED_KEY, "server_token" }, { "405", PROBED_STOPPED, NULL },
	{ "412", PROBED_STOPPED, NULL }, { "413", PROBED_STOPPED, NULL },
	{ "429", PROBED_LATER, NULL }, { "http-401", PROBED_KEY, "server_token" },
	{ "http-429", PROBED_LATER, NULL }, { "http-5", PROBED_LATER, NULL },
	{ NULL, PROBED_ODD, NULL } };

static void
answer(const struct account *acc, const struct provider_reply *reply, struct probed *out)
{
	json_t *j = wire_load(reply->body, reply->len);
	struct arena *a = arena_new();
	const char *kind = wire_text(a, j, "DeliveryType");

	(void)acc;
	if (reply->status != 200 || json_object_get(j, "ID") == NULL) {
		probe_judge(rules, wire_text(a, j, "ErrorCode"), reply->status, out);
	} else {
		probe_good(out, "server %.60s", wire_text(a, j, "Name"));
		/* It takes everything and delivers nothing. */
		if (strcmp(kind, "Sandbox") == 0)
			out->as = PROBED_STOPPED;
		g_strlcpy(out->perr, kind, sizeof out->perr);
	}
	arena_free(a);
	json_decref(j);
}

const struct provider_probe postmark_probe = { request, answer };
