/* wecom_probe.c - is the secret good, and for what? After the token: the application of agent_id, or
 * those of the house who may write to customers. */
#include <string.h>

#include "probe.h"
#include "services.h"
#include "wecom.h"

static int
staff_request(const struct account *acc, const struct config *cfg, ms_t sig_ts,
    struct arena *a, struct provider_request *out, struct err *e)
{
	(void)cfg;
	(void)sig_ts;
	(void)e;
	wire_get(out,
	    arena_printf(a, "%s&agentid=%s", wecom_call(acc, a, "/cgi-bin/agent/get"),
		provider_setting(acc, "agent_id")));
	return 0;
}

static void
staff_answer(
    const struct account *acc, const struct provider_reply *reply, struct probed *out)
{
	json_t *j = wire_load(reply->body, reply->len);
	struct arena *a = arena_new();

	(void)acc;
	if (wecom_probed(j, reply->status, out))
		probe_good(out, "application %.60s", wire_text(a, j, "name"));
	arena_free(a);
	json_decref(j);
}

const struct provider_probe wecom_staff_probe = { staff_request, staff_answer };

static int
mass_request(const struct account *acc, const struct config *cfg, ms_t sig_ts,
    struct arena *a, struct provider_request *out, struct err *e)
{
	(void)cfg;
	(void)sig_ts;
	(void)e;
	wire_get(
	    out, wecom_call(acc, a, "/cgi-bin/externalcontact/get_follow_user_list"));
	return 0;
}

static bool
among(const json_t *list, const char *name)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *s = json_string_value(json_array_get(list, i));

		if (s != NULL && g_ascii_strcasecmp(s, name) == 0)
			return true;
	}
	return false;
}

static void
mass_answer(
    const struct account *acc, const struct provider_reply *reply, struct probed *out)
{
	json_t *j = wire_load(reply->body, reply->len);
	const json_t *list = json_object_get(j, "follow_user");
	const char *sender = provider_setting(acc, "sender");

	if (!wecom_probed(j, reply->status, out))
		;
	else if (*sender == '\0' && json_array_size(list) > 0)
		probe_good(
		    out, "%d members may write to customers", (int)json_array_size(list));
	else if (among(list, sender))
		probe_good(out, "%s", "");
	else
		probe_setting(out, "sender",
		    *sender == '\0' ? "nobody may write to customers"
				    : "may not write to customers");
	json_decref(j);
}

const struct provider_probe wecom_mass_probe = { mass_request, mass_answer };

/* Of the accounts of customer service: is ours among them? */
static int
kf_request(const struct account *acc, const struct config *cfg, ms_t sig_ts,
    struct arena *a, struct provider_request *out, struct err *e)
{
	(void)cfg;
	(void)sig_ts;
	(void)e;
	wire_json(out, a, wecom_call(acc, a, "/cgi-bin/kf/account/list"),
	    json_pack("{si si}", "offset", 0, "limit", 100));
	return 0;
}

static void
kf_answer(
    const struct account *acc, const struct provider_reply *reply, struct probed *out)
{
	json_t *j = wire_load(reply->body, reply->len);
	const json_t *list = json_object_get(j, "account_list");
	const char *ours = provider_setting(acc, "open_kfid");

	if (wecom_probed(j, reply->status, out))
		probe_setting(
		    out, "open_kfid", "no such account, or not for this secret");
	for (size_t i = 0; i < json_array_size(list); i++)
		if (g_strcmp0(json_string_value(
				  json_object_get(json_array_get(list, i), "open_kfid")),
			ours) == 0)
			probe_good(out, "%s", "");
	/* The list may go on. */
	if (out->as == PROBED_SETTING && json_array_size(list) == 100)
		probe_good(out, "%s", "");
	json_decref(j);
}

const struct provider_probe wecom_kf_probe = { kf_request, kf_answer };
