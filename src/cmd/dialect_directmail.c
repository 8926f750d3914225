/* dialect_directmail.c - Alibaba Cloud DirectMail: SingleSendMail, events as EventBridge posts them. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "dialect_acs3.h"
#include "dialects.h"
#include "provider/wire.h"

static void
send_one(struct dialect_call *c)
{
	json_t *headers = json_loads(dialect_acs3_param(c, "Headers"), 0, NULL);
	const char *way = wire_text(c->arena, headers, "List-Unsubscribe");
	const struct dialect_message m = { .channel = CHANNEL_EMAIL,
		.category = *way != '\0' ? CATEGORY_MARKETING : CATEGORY_SERVICE,
		.to = dialect_acs3_param(c, "ToAddress"),
		.ref = wire_text(c->arena, headers, "X-User-Notify-UID"),
		.subject = dialect_acs3_param(c, "Subject"),
		.text = dialect_acs3_param(c, "TextBody"),
		.html = dialect_acs3_param(c, "HtmlBody"),
		.unsubscribe =
		    *way == '<' ? arena_strndup(c->arena, way + 1, strcspn(way + 1, ">"))
				: "" };
	struct sandbox_take t;

	json_decref(headers);
	dialect_take(c, &m, &t);
	if (t.what == TAKE_REFUSED)
		dialect_acs3_error(c, 400,
		    strcmp(t.code, "bad_address") == 0 ? "InvalidToAddress"
						       : "InvalidBody",
		    t.code);
	else
		g_string_printf(
		    c->body, "{\"EnvId\":\"%s\",\"RequestId\":\"sandbox\"}", t.id);
}

static void
handle(struct dialect_call *c)
{
	if (!dialect_acs3_admit(c))
		return;
	if (strcmp(dialect_header(c, "x-acs-action"), "DescAccountSummary") == 0)
		g_string_assign(c->body, "{\"DailyQuota\":2000,\"RequestId\":\"sandbox\"}");
	else if (strcmp(dialect_header(c, "x-acs-action"), "SingleSendMail") != 0)
		dialect_acs3_error(c, 404, "InvalidAction.NotFound", "no such action");
	else if (strcmp(dialect_acs3_param(c, "AccountName"),
		     provider_setting(c->acc, "from")) != 0)
		dialect_acs3_error(
		    c, 404, "InvalidMailAddress.NotFound", "no such sender");
	else
		send_one(c);
}

/* Events ------------------------------------------------------------------------------ */

static const struct {
	const char *kind, *type;
} types[] = {
	{ "delivered", "dm:Deliver:Succeed" },
	{ "failed", "dm:Deliver:Fail" },
	{ "open", "dm:Trace:Open" },
	{ "click", "dm:Trace:Click" },
	{ "complaint", "dm:Feedback:FblReport" },
	{ "unsubscribe", "dm:Feedback:UnSubscribe" },
};

static bool
event(const struct account *acc, const char *url, const struct dialect_event *ev,
    ms_t real, struct dialect_post *out)
{
	bool failed = strcmp(ev->kind, "failed") == 0;
	const char *type = NULL;
	char at[CLOCK_TEXT];
	json_t *j;

	(void)acc;
	(void)url;
	(void)real;
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(types[i].kind, ev->kind) == 0)
			type = types[i].type;
	if (type == NULL)
		return false;
	j = json_pack("{ss ss ss ss ss s{ss ss ss ss ss s{ss}}}", "specversion", "1.0",
	    "id", ev->key, "source", "acs:dm", "type", type, "time",
	    clock_format(ev->at, 480, at), "data", "event", type, "env_id", ev->id,
	    "rcpt", ev->to, "err_code", failed ? "554" : "250", "failed_type",
	    failed ? "SmtpNxBox" : "", "header", "X-User-Notify-UID", ev->ref);
	out->body = json_dumps(j, JSON_COMPACT);
	json_decref(j);
	return true;
}

const struct dialect dialect_directmail = { "directmail", handle, event };
