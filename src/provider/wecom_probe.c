/* wecom_probe.c - is the secret good, and for what? After the token: the application of agent_id, or
 * those of the house who may write to customers. */
#include <string.h>

#include "probe.h"
#include "services.h"
#include "wecom.h"

static const struct probe_rule rules[] = { { "40013", PROBED_KEY, "corp_id" },
	{ "40001", PROBED_KEY, "secret" }, { "40091", PROBED_KEY, "secret" },
	{ "40056", PROBED_SETTING, "agent_id" }, { "301002", PROBED_SETTING, "agent_id" },
	{ "301007", PROBED_STOPPED, NULL }, { "60020", PROBED_PLACE, NULL },
	{ "60011", PROBED_MAY_NOT, NULL }, { "48002", PROBED_STOPPED, NULL },
	{ "84074", PROBED_STOPPED, NULL }, { "701001", PROBED_STOPPED, NULL },
	{ "-1", PROBED_LATER, NULL }, { "45009", PROBED_LATER, NULL },
	{ "45033", PROBED_LATER, NULL }, { "http-5", PROBED_LATER, NULL },
	{ NULL, PROBED_ODD, NULL } };

/* False: it is refused, and out says so. */
static bool
fine(const json_t *j, int status, struct probed *out)
{
	char text[24] = "";
	int64_t code;
	bool coded = wecom_errcode(j, &code);

	if (coded)
		g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, code);
	probe_judge(rules, text, status, out);
	return status == 200 && coded && code == 0;
}

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
	if (fine(j, reply->status, out))
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

	if (!fine(j, reply->status, out))
		;
	else if (among(
		     json_object_get(j, "follow_user"), provider_setting(acc, "sender")))
		probe_good(out, "%s", "");
	else
		probe_setting(out, "sender", "may not write to customers");
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

	if (fine(j, reply->status, out))
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
