/* wecom_staff.c - `type: wecom-staff`: cards of a WeCom application to members of staff.
 *
 * What somebody is asked to do goes as a card with buttons where there is a callback
 * address to hear them, else as a card that opens a page, else as text. The same bytes are
 * not delivered twice within four hours (enable_duplicate_check): a lost answer is settled
 * by sending them again. Some bad recipients are told of with errcode 0. */
#include <stdlib.h>
#include <string.h>

#include "services.h"
#include "wecom.h"

#define WINDOW (14400 * MS_SECOND)
#define TITLE_MAX 128
#define TEXT_MAX 512
#define BUTTONS 6
#define ROWS 6
#define CODE_MAX 1024

static const struct provider_setting settings[] = {
	WECOM_SETTINGS,
	{ "agent_id", "the application's AgentId, a number", SETTING_NEEDED },
	{ "page", "what a card opens, {task} in it is the task's number", 0 },
	{ NULL, NULL, 0 },
};

static void
staff_check(const struct account *acc, struct report *r)
{
	const char *agent = provider_setting(acc, "agent_id");

	wecom_check(acc, r);
	if (agent[0] != '\0' && strspn(agent, "0123456789") != strlen(agent))
		report_add(r, SEV_ERROR, acc->at, "value", "write agent_id: 1000002",
		    "\"%.40s\" is no AgentId", agent);
}

static void
staff_capabilities(const struct account *acc, struct capabilities *out)
{
	*out = (struct capabilities){
		.region = REGION_CN,
		.channels = 1U << CHANNEL_PHONE,
		.batch = 1,
		.settle = SETTLE_WINDOW,
		.window = WINDOW,
		.match = MATCH_REF,
		.staff = true,
		.replies = wecom_hears(acc),
	};
}

/* Card -> request --------------------------------------------------------------------- */

/* At most so many bytes, whole characters. */
static const char *
cut(struct arena *a, const char *s, size_t max)
{
	size_t n = strlen(s);

	if (n <= max)
		return s;
	for (n = max; n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80;)
		n--;
	return arena_strndup(a, s, n);
}

static const char *
lines(const struct ask *ask, struct arena *a, const char *head)
{
	GString *s = g_string_new(head);
	const char *text;

	for (int i = 0; i < ask->n; i++)
		g_string_append_printf(s, "%s%s%s%s", s->len > 0 ? "\n" : "",
		    ask->names[i], ask->names[i][0] != '\0' ? "：" : "", ask->values[i]);
	if (ask->text != NULL)
		g_string_append_printf(s, "\n\n%s", ask->text);
	text = arena_strdup(a, s->str);
	g_string_free(s, TRUE);
	return text;
}

static json_t *
buttons_card(const struct ask *ask, struct arena *a)
{
	json_t *rows = json_array(), *buttons = json_array();

	for (int i = 0; i < ask->n && i < ROWS; i++)
		json_array_append_new(rows, json_pack("{ss ss}", "keyname", ask->names[i],
						"value", ask->values[i]));
	for (int i = 0; i < ask->n_buttons && i < BUTTONS; i++)
		json_array_append_new(
		    buttons, json_pack("{ss si ss}", "text", ask->buttons[i], "style",
				 i == 0 ? 1 : 2, "key", ask->keys[i]));
	return json_pack("{ss s{ss} so ss so}", "card_type", "button_interaction",
	    "main_title", "title", cut(a, ask->title, TITLE_MAX),
	    "horizontal_content_list", rows, "task_id", ask->id, "button_list", buttons);
}

/* What is longer than a card shows goes on where the task is. */
static const char *
shown(const struct ask *ask, struct arena *a)
{
	const char *head = cut(a, ask->text, TEXT_MAX);

	return strlen(head) == strlen(ask->text) ? head : arena_printf(a, "%s……", head);
}

/* What the card opens; "" nothing. */
static const char *
page_of(const struct account *acc, const struct ask *ask, struct arena *a)
{
	const char *page = provider_setting(acc, "page"), *at = strstr(page, "{task}");

	return at == NULL ? page
			  : arena_printf(a, "%.*s%s%s", (int)(at - page), page, ask->task,
				at + strlen("{task}"));
}

static json_int_t
agent_of(const struct account *acc)
{
	return (json_int_t)strtoll(provider_setting(acc, "agent_id"), NULL, 10);
}

static json_t *
replacing(const struct account *acc, const struct parcel *p)
{
	return json_pack("{s[s] sI ss s{ss}}", "userids", p->to, "agentid", agent_of(acc),
	    "response_code", p->ask->code, "button", "replace_name", p->ask->word);
}

static json_t *
body_of(const struct account *acc, const struct parcel *p, struct arena *a)
{
	const struct ask *ask = p->ask;
	const char *page = page_of(acc, ask, a);
	json_t *j = json_pack("{ss sI}", "touser", p->to, "agentid", agent_of(acc)),
	       *card;

	if (ask->n_buttons > 0 && wecom_hears(acc)) {
		json_object_set_new(j, "msgtype", json_string("template_card"));
		card = buttons_card(ask, a);
		if (ask->text != NULL)
			json_object_set_new(
			    card, "sub_title_text", json_string(shown(ask, a)));
		if (page[0] != '\0')
			json_object_set_new(card, "card_action",
			    json_pack("{si ss}", "type", 1, "url", page));
		json_object_set_new(j, "template_card", card);
	} else if (page[0] != '\0') {
		json_object_set_new(j, "msgtype", json_string("textcard"));
		json_object_set_new(j, "textcard",
		    json_pack("{ss ss ss}", "title", cut(a, ask->title, TITLE_MAX),
			"description", cut(a, lines(ask, a, ""), TEXT_MAX), "url", page));
	} else {
		json_object_set_new(j, "msgtype", json_string("text"));
		json_object_set_new(j, "text",
		    json_pack("{ss}", "content",
			cut(a, lines(ask, a, ask->title), 4 * TEXT_MAX)));
	}
	json_object_set_new(j, "safe", json_integer(0));
	json_object_set_new(j, "enable_duplicate_check", json_integer(1));
	json_object_set_new(
	    j, "duplicate_check_interval", json_integer(WINDOW / MS_SECOND));
	return j;
}

static int
staff_request(const struct account *acc, const struct config *cfg, const struct parcel *p,
    int n, ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e)
{
	(void)cfg;
	(void)sig_ts;
	if (n != 1 || p->ask == NULL)
		return err_set(e, ERR_INTERNAL, "wecom-staff tells of tasks only");
	if (p->ask->code != NULL)
		wire_json(out, a,
		    wecom_call(acc, a, "/cgi-bin/message/update_template_card"),
		    replacing(acc, p));
	else
		wire_json(out, a, wecom_call(acc, a, "/cgi-bin/message/send"),
		    body_of(acc, p, a));
	return 0;
}

/* Answer -> outcome ----------------------------------------------------------------------- */

/* Their lists are in lower case and joined by |. */
static bool
listed(const json_t *j, const char *name, const char *user)
{
	const char *list = json_string_value(json_object_get(j, name));
	char **all = g_strsplit(list != NULL ? list : "", "|", -1);
	bool there = false;

	for (char **s = all; *s != NULL; s++)
		there = there || g_ascii_strcasecmp(*s, user) == 0;
	g_strfreev(all);
	return there;
}

static void
taken(const json_t *j, const struct parcel *p, struct answer *out)
{
	const char *id = json_string_value(json_object_get(j, "msgid"));

	*out = (struct answer){ .outcome = OUTCOME_UNKNOWN };
	if (p->ask != NULL && p->ask->code != NULL) {
		out->outcome = OUTCOME_ACCEPTED;
	} else if (listed(j, "invaliduser", p->to) ||
		   listed(j, "unlicenseduser", p->to)) {
		out->outcome = OUTCOME_REJECTED;
		out->bad_address = true;
		g_strlcpy(out->perr, "invaliduser", sizeof(out->perr));
	} else if (id != NULL && id[0] != '\0' && strlen(id) < sizeof(out->provider_id)) {
		out->outcome = OUTCOME_ACCEPTED;
		g_strlcpy(out->provider_id, id, sizeof(out->provider_id));
	} else {
		g_strlcpy(out->perr, "no msgid", sizeof(out->perr));
	}
}

static void
staff_answer(const struct account *acc, const struct parcel *p, int n,
    const struct provider_reply *reply, struct answer *out)
{
	json_t *j = json_loadb(reply->body, reply->len, 0, NULL);
	int64_t code;

	(void)acc;
	(void)n;
	if (reply->status != 200 || !wecom_errcode(j, &code))
		wecom_strange(reply->status, out);
	else if (code == 0)
		taken(j, p, out);
	else
		wecom_judge(reply->status, code, out);
	json_decref(j);
}

static const char *
staff_code(const char *body, size_t len, struct arena *a)
{
	json_t *j = json_loadb(body, len, 0, NULL);
	const char *code = json_string_value(json_object_get(j, "response_code"));
	const char *kept =
	    arena_strdup(a, code == NULL || strlen(code) > CODE_MAX ? "" : code);

	json_decref(j);
	return kept;
}

/* Webhooks -------------------------------------------------------------------------------- */

static int
staff_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply)
{
	struct wecom_event ev;
	int rc = wecom_open(acc, req, a, &ev, reply);
	struct receipt *r;

	(void)cfg;
	*n = 0;
	if (rc != 1)
		return rc;
	if (strcmp(wecom_field(&ev, a, "Event"), "template_card_event") == 0) {
		r = *out = arena_new_of(a, struct receipt);
		*r = (struct receipt){ .kind = RECEIPT_DONE,
			.key = wecom_event_key(&ev, a),
			.ref = wecom_field(&ev, a, "TaskId"),
			.provider_id = "",
			.from = wecom_field(&ev, a, "FromUserName"),
			.channel = CHANNEL_PHONE,
			.text = wecom_field(&ev, a, "EventKey"),
			.code = wecom_field(&ev, a, "ResponseCode"),
			.perr = "",
			.at =
			    g_ascii_strtoll(wecom_field(&ev, a, "CreateTime"), NULL, 10) *
			    MS_SECOND,
			.raw = "" };
		r->broken = r->ref[0] == '\0' || r->from[0] == '\0' || r->text[0] == '\0';
		*n = 1;
	}
	wecom_event_free(&ev);
	return 0;
}

const struct provider wecom_staff_provider = {
	.name = "wecom-staff",
	.summary =
	    "WeCom (企业微信) to staff: a card for each call and task, done by a tap",
	.url = WECOM_URL,
	.settings = settings,
	.check = staff_check,
	.secrets = wecom_secrets,
	.probe = &wecom_staff_probe,
	.capabilities = staff_capabilities,
	.token = &wecom_token,
	.request = staff_request,
	.answer = staff_answer,
	.card_code = staff_code,
	.signs = true,
	.hook = staff_hook,
};
