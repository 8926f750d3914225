/* twilio_probe.c - are the keys good? With the auth token asks for the balance, which a subaccount
 * does not have; with a key for the last message, for a restricted key may be given the messages,
 * which it needs, and never the balance. */
#include <string.h>

#include "probe.h"
#include "services.h"

static int
request(const struct account *acc, const struct config *cfg, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	const char *sid = provider_setting(acc, "account_sid"),
		   *key = provider_setting(acc, "api_key");

	(void)cfg;
	(void)sig_ts;
	(void)e;
	wire_get(
	    out, provider_url(acc, a,
		     arena_printf(a, "/2010-04-01/Accounts/%s/%s", sid,
			 *key != '\0' ? "Messages.json?PageSize=1" : "Balance.json")));
	if (*key != '\0')
		wire_basic(out, a, key, provider_setting(acc, "api_secret"));
	else
		wire_basic(out, a, sid, provider_setting(acc, "auth_token"));
	return 0;
}

/* Of which of the two it says nothing. */
#define RULES(keys)                                                                    \
	{                                                                              \
		{ "20003", PROBED_KEY, keys }, { "20005", PROBED_STOPPED, NULL },      \
		    { "20403", PROBED_MAY_NOT, NULL },                                 \
		    { "20404", PROBED_SETTING, "account_sid" },                        \
		    { "20429", PROBED_LATER, NULL }, { "http-401", PROBED_KEY, keys }, \
		    { "http-403", PROBED_MAY_NOT, NULL },                              \
		    { "http-404", PROBED_SETTING, "account_sid" },                     \
		    { "http-429", PROBED_LATER, NULL },                                \
		    { "http-5", PROBED_LATER, NULL },                                  \
		{                                                                      \
			NULL, PROBED_ODD, NULL                                         \
		}                                                                      \
	}

static void
answer(const struct account *acc, const struct provider_reply *reply, struct probed *out)
{
	static const struct probe_rule by_token[] = RULES("account_sid, auth_token"),
				       by_key[] = RULES("api_key, api_secret");
	json_t *j = wire_load(reply->body, reply->len);
	struct arena *a = arena_new();
	const char *balance = wire_text(a, j, "balance");

	if (reply->status == 200 && *balance != '\0')
		probe_good(
		    out, "balance %.20s %.5s", balance, wire_text(a, j, "currency"));
	else if (reply->status == 200 &&
		 (json_is_array(json_object_get(j, "messages")) ||
		     strcmp(wire_text(a, j, "account_sid"),
			 provider_setting(acc, "account_sid")) == 0))
		probe_good(out, "%s", "");
	else
		probe_judge(*provider_setting(acc, "api_key") != '\0' ? by_key : by_token,
		    wire_text(a, j, "code"), reply->status, out);
	arena_free(a);
	json_decref(j);
}

const struct provider_probe twilio_probe = { request, answer };
