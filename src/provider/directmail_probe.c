/* directmail_probe.c - is the key good? Asks for the account's quota and status (2015-11-23,
 * DescAccountSummary). */
#include <stdlib.h>
#include <string.h>

#include "acs3.h"
#include "probe.h"
#include "services.h"

static int
request(const struct account *acc, const struct config *cfg, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	static const char *const none[] = { NULL };

	(void)cfg;
	(void)e;
	acs3_sign(
	    &(struct acs3){ .acc = acc,
		.version = "2015-11-23",
		.action = "DescAccountSummary",
		.at = sig_ts,
		.nonce = wire_key(a, arena_printf(a, "probe %" G_GINT64_FORMAT, sig_ts)),
		.fields = none,
		.form = "" },
	    a, out);
	return 0;
}

static const struct probe_rule rules[] = { ACS3_PROBE_RULES,
	{ "InsufficientBalance", PROBED_STOPPED, NULL }, { NULL, PROBED_ODD, NULL } };

/* Bits of UserStatus; 0: normal. */
static const struct {
	int bit;
	const char *why;
} stops[] = { { 1, "frozen" }, { 2, "overdue" }, { 4, "sending is limited" },
	{ 8, "deleted" } };

static void
judge_status(int status, struct probed *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(stops); i++)
		if ((status & stops[i].bit) != 0) {
			out->as = PROBED_STOPPED;
			g_strlcpy(out->perr, stops[i].why, sizeof out->perr);
			return;
		}
}

static void
answer(const struct account *acc, const struct provider_reply *reply, struct probed *out)
{
	json_t *j = wire_load(reply->body, reply->len);
	const char *code = json_string_value(json_object_get(j, "Code"));
	struct arena *a = arena_new();
	const char *quota = wire_text(a, j, "DailyQuota");

	(void)acc;
	if (reply->status == 200 && code == NULL &&
	    json_object_get(j, "RequestId") != NULL) {
		probe_good(out, "%s%.20s", *quota != '\0' ? "mails a day: " : "", quota);
		judge_status(atoi(wire_text(a, j, "UserStatus")), out);
	} else {
		probe_judge(rules, code, reply->status, out);
	}
	arena_free(a);
	json_decref(j);
}

const struct provider_probe directmail_probe = { request, answer };
