/* wecom_mass.c - `type: wecom`: a task for a member to send a message to a customer (群发).
 *
 * add_msg_template sends nothing: the member who has him as a contact presses send in the app. The
 * message waits, its result is asked for, it is reminded of and withdrawn. The service has no
 * reference of ours, and a second task would be a second message: after a lost answer what it
 * took is looked through (wecom_search.c). Each customer may get at most as many as `rule` says; the service drops the
 * rest, so they are counted here. */
#include <stdlib.h>
#include <string.h>

#include "services.h"
#include "wecom.h"

#define TEXT_MAX 4000
#define HOURS 24
#define HOURS_MAX 72

static const struct provider_setting settings[] = {
	WECOM_SETTINGS,
	{ "sender",
	    "userid of the member who sends to customers of whom no contact is known",
	    0 },
	{ "confirm_hours", "how long he may take, 1 to 72; 24 when not written", 0 },
	{ "rule", "what a customer may get: day_1 (default), week_7 or month_days", 0 },
	{ NULL, NULL, 0 },
};

static int
hours_of(const struct account *acc)
{
	const char *s = provider_setting(acc, "confirm_hours");

	return s[0] == '\0' ? HOURS : (int)strtol(s, NULL, 10);
}

static void
mass_check(const struct account *acc, struct report *r)
{
	const char *rule = provider_setting(acc, "rule"),
		   *hours = provider_setting(acc, "confirm_hours");

	wecom_check(acc, r);
	if (rule[0] != '\0' && strcmp(rule, "day_1") != 0 &&
	    strcmp(rule, "week_7") != 0 && strcmp(rule, "month_days") != 0)
		report_add(r, SEV_ERROR, acc->at, "value",
		    "write rule: day_1, week_7 or month_days", "\"%.40s\" is no rule",
		    rule);
	if (strspn(hours, "0123456789") != strlen(hours) || hours_of(acc) < 1 ||
	    hours_of(acc) > HOURS_MAX)
		report_add(r, SEV_ERROR, acc->at, "value", "write confirm_hours: 24",
		    "confirm_hours is a number from 1 to %d", HOURS_MAX);
}

static void
mass_capabilities(const struct account *acc, struct capabilities *out)
{
	*out = (struct capabilities){
		.region = REGION_CN,
		.channels = 1U << CHANNEL_WECOM,
		.batch = 1,
		.settle = SETTLE_QUERY,
		.window = WECOM_TOKEN_LIFE,
		.lag = WECOM_LISTED,
		.match = MATCH_ID,
		.receipts = true, /* by asking */
		.tells = true,
		.member = true,
		.confirm = hours_of(acc) * MS_HOUR,
	};
}

/* The longest month is not everybody's: a day less is never too many. */
static int
most_of(const struct account *acc, const struct had *had, const char **span, int *used)
{
	const char *rule = provider_setting(acc, "rule");

	if (strcmp(rule, "month_days") == 0) {
		*span = "this month";
		*used = had->month;
		return 28;
	}
	if (strcmp(rule, "week_7") == 0) {
		*span = "in seven days";
		*used = had->week;
		return 7;
	}
	*span = "today";
	*used = had->day;
	return 1;
}

static const char *
mass_refuses(const struct account *acc, const struct parcel *p, struct arena *a)
{
	const char *span;
	const char *long_ = wecom_too_long(acc, p, TEXT_MAX, a);
	int used, most = most_of(acc, &p->had, &span, &used);

	if (long_ != NULL)
		return long_;
	return used < most ? NULL
			   : arena_printf(a, "WeCom lets a customer have %d of these %s",
				 most, span);
}

/* Who sends it: a contact of the customer's, else whom the account names. */
static const char *
sender_of(const struct account *acc, const struct parcel *p)
{
	return p->sender != NULL && *p->sender != '\0' ? p->sender
						       : provider_setting(acc, "sender");
}

static int
mass_request(const struct account *acc, const struct config *cfg, const struct parcel *p,
    int n, ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e)
{
	(void)cfg;
	(void)sig_ts;
	if (n != 1)
		return err_set(e, ERR_INTERNAL, "wecom takes one customer a call");
	if (sender_of(acc, p)[0] == '\0')
		return err_set(e, ERR_INPUT,
		    "no member is known who has this customer as a contact: write "
		    "`sender`");
	wire_json(out, a, wecom_call(acc, a, "/cgi-bin/externalcontact/add_msg_template"),
	    json_pack("{ss s[s] ss s{ss}}", "chat_type", "single", "external_userid",
		p->to, "sender", sender_of(acc, p), "text", "content", p->text));
	return 0;
}

static bool
failed(const json_t *j, const char *to)
{
	const json_t *list = json_object_get(j, "fail_list");

	for (size_t i = 0; i < json_array_size(list); i++)
		if (g_strcmp0(json_string_value(json_array_get(list, i)), to) == 0)
			return true;
	return false;
}

static void
mass_answer(const struct account *acc, const struct parcel *p, int n,
    const struct provider_reply *reply, struct answer *out)
{
	json_t *j = json_loadb(reply->body, reply->len, 0, NULL);
	const char *id = json_string_value(json_object_get(j, "msgid"));
	int64_t code;

	(void)acc;
	(void)n;
	wecom_strange(reply->status, out);
	if (reply->status == 200 && wecom_errcode(j, &code) && code != 0) {
		wecom_judge(reply->status, code, out);
	} else if (reply->status == 200 && wecom_errcode(j, &code) && failed(j, p->to)) {
		*out =
		    (struct answer){ .outcome = OUTCOME_REJECTED, .bad_address = true };
		g_strlcpy(out->perr, "fail_list", sizeof(out->perr));
	} else if (reply->status == 200 && wecom_errcode(j, &code) && id != NULL &&
		   id[0] != '\0' && strlen(id) < sizeof(out->provider_id)) {
		*out = (struct answer){ .outcome = OUTCOME_ACCEPTED };
		g_strlcpy(out->provider_id, id, sizeof(out->provider_id));
	}
	json_decref(j);
}

/* While it waits ------------------------------------------------------------------------ */

static int
mass_query(const struct account *acc, const struct config *cfg, const struct parcel *p,
    ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e)
{
	static const char *const calls[] = { [WISH_TOLD] = "get_groupmsg_send_result",
		[WISH_REMIND] = "remind_groupmsg_send",
		[WISH_WITHDRAW] = "cancel_groupmsg_send" };
	json_t *j = json_pack("{ss}", "msgid", p->provider_id);

	(void)cfg;
	(void)sig_ts;
	(void)e;
	if (p->wish == WISH_TOLD) {
		json_object_set_new(j, "userid", json_string(sender_of(acc, p)));
		json_object_set_new(j, "limit", json_integer(1000));
	}
	wire_json(out, a,
	    wecom_call(
		acc, a, arena_printf(a, "/cgi-bin/externalcontact/%s", calls[p->wish])),
	    j);
	return 0;
}

/* 0 not sent, 1 sent, 2 no friend any more, 3 had another one already. */
static void
read_result(const json_t *list, const char *to, struct answer *out)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *row = json_array_get(list, i);
		json_int_t status = json_integer_value(json_object_get(row, "status"));

		if (g_strcmp0(json_string_value(json_object_get(row, "external_userid")),
			to) != 0)
			continue;
		out->told = status == 1                  ? TOLD_DELIVERED
			    : status == 2 || status == 3 ? TOLD_FAILED
							 : TOLD_NOTHING;
		out->opted_out = status == 2;
		if (out->told == TOLD_FAILED)
			g_snprintf(
			    out->perr, sizeof(out->perr), "status-%d", (int)status);
	}
}

static void
mass_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out)
{
	json_t *j = json_loadb(body, len, 0, NULL);
	const json_t *list = json_object_get(j, "send_list");
	int64_t code;

	(void)acc;
	wecom_strange(status, out);
	if (status == 200 && wecom_errcode(j, &code)) {
		wecom_judge(status, code, out);
		if (code == 0 && (p->wish != WISH_TOLD || json_is_array(list)))
			*out = (struct answer){ .outcome = OUTCOME_ACCEPTED };
		if (code == 0 && p->wish == WISH_WITHDRAW)
			out->told = TOLD_WITHDRAWN;
		if (code == 0 && p->wish == WISH_TOLD)
			read_result(list, p->to, out);
	}
	json_decref(j);
}

/* Contacts come and go ------------------------------------------------------------------ */

static int
mass_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply)
{
	struct wecom_event ev;
	int rc = wecom_open(acc, req, a, &ev, reply);

	(void)cfg;
	*n = 0;
	if (rc != 1)
		return rc;
	*out = arena_new_of(a, struct receipt);
	*n = wecom_contact_event(&ev, a, *out);
	wecom_event_free(&ev);
	return 0;
}

const struct provider wecom_mass_provider = {
	.name = "wecom",
	.summary = "WeCom (企业微信) to customers: a member confirms each message before "
		   "it goes",
	.url = WECOM_URL,
	.settings = settings,
	.check = mass_check,
	.secrets = wecom_secrets,
	.probe = &wecom_mass_probe,
	.capabilities = mass_capabilities,
	.token = &wecom_token,
	.refuses = mass_refuses,
	.request = mass_request,
	.answer = mass_answer,
	.query = mass_query,
	.query_answer = mass_query_answer,
	.search = &wecom_search,
	.contacts = wecom_contacts,
	.contacts_answer = wecom_contacts_answer,
	.signs = true,
	.hook = mass_hook,
};
