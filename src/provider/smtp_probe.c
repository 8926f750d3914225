/* smtp_probe.c - does the server let us in? EHLO, STARTTLS, AUTH, NOOP, QUIT. */
#include <string.h>

#include "probe.h"
#include "services.h"
#include "smtp.h"

static int
request(const struct account *acc, const struct config *cfg, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	struct envelope *v = arena_new_of(a, struct envelope);
	const char *at = strchr(provider_setting(acc, "from"), '@');

	(void)cfg;
	(void)sig_ts;
	(void)e;
	*v = (struct envelope){ .from = "",
		.to = "",
		.user = provider_setting(acc, "user"),
		.password = provider_setting(acc, "password"),
		.plain = *provider_setting(acc, "tls") != '\0' };
	out->method = "SMTP";
	out->url = smtp_url(acc, at != NULL ? at + 1 : "localhost", a);
	out->body = "";
	out->body_len = 0;
	out->envelope = v;
	return 0;
}

static const struct probe_rule rules[] = { { "530", PROBED_KEY, "user" },
	{ "535", PROBED_KEY, "user, password" }, { "534", PROBED_KEY, "user, password" },
	{ "538", PROBED_KEY, "tls" }, { "2", PROBED_GOOD, NULL },
	{ "4", PROBED_LATER, NULL }, { NULL, PROBED_ODD, NULL } };

static void
answer(const struct account *acc, const struct provider_reply *reply, struct probed *out)
{
	char code[8];

	(void)acc;
	g_snprintf(code, sizeof code, "%d", reply->status);
	probe_judge(rules, code, reply->status, out);
}

const struct provider_probe smtp_probe = { request, answer };
