/* wecom_kf.c - `type: wecom-kf`: customer service of WeCom (微信客服), which answers who has written.
 *
 * A customer may be sent five messages within 48 hours of his last one (capabilities
 * .reply_most); our reference is the msgid, unique per kf account, and a repeat under it is
 * refused. What customers write is not posted: the callback says only that there is something, with a
 * ticket, and sync_msg is asked for it. Its callback is one for all kf accounts of the company,
 * so an event may be another account's. That a message failed is told, that it arrived is not. */
#include <string.h>

#include "services.h"
#include "wecom.h"

#define TEXT_MAX 2048
#define MSGID_MAX 32
#define ROWS 1000
#define MOST 5
/* A minute less than their 48 hours, for the call itself. */
#define WITHIN (48 * MS_HOUR - MS_MINUTE)
/* How long they know a msgid is not published: nothing is repeated later than this. */
#define KEY_LIFE MS_HOUR
#define LATEST MS_MINUTE
/* Without a ticket asking is closely limited: only for what a lost callback told of. */
#define EVERY (10 * MS_MINUTE)

static const struct provider_setting settings[] = {
	{ "corp_id", "the company's id, ww...", SETTING_NEEDED },
	{ "secret", "the Secret of 微信客服, or of the application that may call it",
	    SETTING_NEEDED | SETTING_SECRET },
	{ "open_kfid", "the kf account, wk...", SETTING_NEEDED },
	{ "callback_token", "Token of the callback address",
	    SETTING_NEEDED | SETTING_SECRET },
	{ "callback_key", "EncodingAESKey of the callback address",
	    SETTING_NEEDED | SETTING_SECRET },
	{ NULL, NULL, 0 },
};

static void
kf_capabilities(const struct account *acc, struct capabilities *out)
{
	(void)acc;
	*out = (struct capabilities){
		.region = REGION_CN,
		.channels = 1U << CHANNEL_WECOM,
		.batch = 1,
		.settle = SETTLE_KEY,
		.key_ttl = KEY_LIFE,
		.window = LATEST,
		.match = MATCH_REF,
		.replies = true,
		.pull = EVERY,
		.reply_within = WITHIN,
		.reply_most = MOST,
	};
}

static void
kf_lint(const struct account *acc, const struct template *t, const char *text,
    struct report *r)
{
	if (strlen(text) > TEXT_MAX)
		report_add(r, SEV_ERROR, t->at, "length", "shorten the text",
		    "%s takes %d bytes of text, not %zu", acc->name, TEXT_MAX,
		    strlen(text));
}

static const char *
kf_refuses(const struct account *acc, const struct parcel *p, struct arena *a)
{
	const char *long_ = wecom_too_long(acc, p, TEXT_MAX, a);

	if (long_ != NULL)
		return long_;
	if (p->turn.heard_at == 0)
		return arena_printf(a,
		    "%s only answers, and the customer has not written to it", acc->name);
	if (p->begun_at - p->turn.heard_at >= WITHIN)
		return arena_printf(
		    a, "the customer last wrote to %s more than 48 hours ago", acc->name);
	return p->turn.sent < MOST
		   ? NULL
		   : arena_printf(a, "%d messages by %s since the customer last wrote",
			 MOST, acc->name);
}

static int
kf_request(const struct account *acc, const struct config *cfg, const struct parcel *p,
    int n, ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e)
{
	(void)cfg;
	(void)sig_ts;
	if (n != 1 || strlen(p->ref) > MSGID_MAX)
		return err_set(e, ERR_INTERNAL, "wecom-kf takes one customer a call");
	wire_json(out, a, wecom_call(acc, a, "/cgi-bin/kf/send_msg"),
	    json_pack("{ss ss ss ss s{ss}}", "touser", p->to, "open_kfid",
		provider_setting(acc, "open_kfid"), "msgid", p->ref, "msgtype", "text",
		"text", "content", p->text));
	return 0;
}

static bool
of_the_msgid(const json_t *j)
{
	const char *text = json_string_value(json_object_get(j, "errmsg"));
	char *lower = g_ascii_strdown(text != NULL ? text : "", -1);
	bool yes = strstr(lower, "msgid") != NULL;

	g_free(lower);
	return yes;
}

/* The code of a msgid that is known already is not published, so their words are read, and only
 * to believe that nothing need be sent: of a repeat it was taken; of a first call a copy may
 * have come before it. */
static void
refused(const json_t *j, const struct parcel *p, int64_t code, struct answer *out)
{
	wecom_judge(200, code, out);
	if (!of_the_msgid(j) || out->freeze || out->outcome == OUTCOME_REFUSED_RETRY)
		return;
	out->outcome = p->again ? OUTCOME_ACCEPTED : OUTCOME_UNKNOWN;
	out->bad_address = false;
}

static void
kf_answer(const struct account *acc, const struct parcel *p, int n,
    const struct provider_reply *reply, struct answer *out)
{
	json_t *j = json_loadb(reply->body, reply->len, 0, NULL);
	const char *id = json_string_value(json_object_get(j, "msgid"));
	int64_t code;

	(void)acc;
	(void)n;
	wecom_strange(reply->status, out);
	if (reply->status == 200 && wecom_errcode(j, &code)) {
		if (code != 0)
			refused(j, p, code, out);
		/* Ours, given back. */
		else if (id != NULL && strcmp(id, p->ref) == 0)
			*out = (struct answer){ .outcome = OUTCOME_ACCEPTED };
		else
			g_strlcpy(out->perr, "another msgid", sizeof(out->perr));
	}
	json_decref(j);
}

/* Webhooks: only that there is something -------------------------------------------------- */

static const struct account *
account_of(const struct account *acc, const struct config *cfg, const char *open_kfid)
{
	for (int i = 0; i < cfg->n_accounts; i++) {
		const struct account *other = &cfg->accounts[i];

		if (strcmp(other->type, acc->type) == 0 &&
		    strcmp(provider_setting(other, "corp_id"),
			provider_setting(acc, "corp_id")) == 0 &&
		    strcmp(provider_setting(other, "open_kfid"), open_kfid) == 0)
			return other;
	}
	return NULL;
}

static int
kf_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply)
{
	struct wecom_event ev;
	int rc = wecom_open(acc, req, a, &ev, reply);

	(void)out;
	*n = 0;
	if (rc != 1)
		return rc;
	if (strcmp(wecom_field(&ev, a, "Event"), "kf_msg_or_event") == 0) {
		reply->news = account_of(acc, cfg, wecom_field(&ev, a, "OpenKfId"));
		reply->ticket = wecom_field(&ev, a, "Token");
	}
	wecom_event_free(&ev);
	return 0;
}

/* sync_msg ----------------------------------------------------------------------------------- */

static int
kf_pull(const struct account *acc, const struct config *cfg, const char *cursor,
    const char *ticket, ms_t sig_ts, struct arena *a, struct provider_request *out,
    struct err *e)
{
	json_t *j = json_pack(
	    "{ss si}", "open_kfid", provider_setting(acc, "open_kfid"), "limit", ROWS);

	(void)cfg;
	(void)sig_ts;
	(void)e;
	if (cursor[0] != '\0')
		json_object_set_new(j, "cursor", json_string(cursor));
	if (ticket[0] != '\0')
		json_object_set_new(j, "token", json_string(ticket));
	wire_json(out, a, wecom_call(acc, a, "/cgi-bin/kf/sync_msg"), j);
	return 0;
}

static struct receipt
receipt_of(const json_t *row, struct arena *a)
{
	char *raw = json_dumps(row, JSON_COMPACT | JSON_ENCODE_ANY);
	const char *id = wire_text(a, row, "msgid");
	struct receipt r = { .ref = "",
		.provider_id = "",
		.from = wire_text(a, row, "external_userid"),
		.channel = CHANNEL_WECOM,
		.text = "",
		.perr = "",
		.at = json_integer_value(json_object_get(row, "send_time")) * MS_SECOND,
		.raw = arena_strdup(a, raw != NULL ? raw : "") };

	free(raw);
	r.key = id[0] != '\0' && strlen(id) <= 64 ? id : wire_key(a, r.raw);
	return r;
}

/* 10: he refused the account. 4, 5, 6: more than 48 hours, the chat is over, more than five:
 * he must write again. */
static void
read_failure(const json_t *event, struct arena *a, struct receipt *r)
{
	json_int_t type = json_integer_value(json_object_get(event, "fail_type"));

	r->kind = RECEIPT_FAILED;
	r->ref = wire_text(a, event, "fail_msgid");
	r->from = wire_text(a, event, "external_userid");
	r->perr = arena_printf(a, "fail-%d", (int)type);
	r->opted_out = type == 10;
	r->shut = type >= 4 && type <= 6;
	r->broken = r->ref[0] == '\0';
}

/* A picture or a voice is an answer, too, without words. */
static void
read_message(const json_t *row, const char *type, struct arena *a, struct receipt *r)
{
	const json_t *text = json_object_get(row, "text");

	r->kind = RECEIPT_REPLY;
	r->text = wire_text(a, text, "content");
	r->broken = r->from[0] == '\0' || r->at <= 0 ||
		    (strcmp(type, "text") == 0 && !json_is_object(text));
}

/* false: nothing we look at, as what a member of staff wrote, or that he opened the chat:
 * only a message of his own lets us answer. */
static bool
read_row(const struct account *acc, const json_t *row, struct arena *a, struct receipt *r)
{
	const char *type = wire_text(a, row, "msgtype");
	const json_t *event = json_object_get(row, "event");
	const char *kfid = wire_text(a, row, "open_kfid");
	bool is_event = strcmp(type, "event") == 0;

	if (is_event && kfid[0] == '\0')
		kfid = wire_text(a, event, "open_kfid");
	if (kfid[0] != '\0' && strcmp(kfid, provider_setting(acc, "open_kfid")) != 0)
		return false;
	*r = receipt_of(row, a);
	if (!json_is_object(row) || type[0] == '\0') {
		r->broken = true;
	} else if (is_event) {
		if (strcmp(wire_text(a, event, "event_type"), "msg_send_fail") != 0)
			return false;
		read_failure(event, a, r);
	} else {
		if (json_integer_value(json_object_get(row, "origin")) != 3)
			return false;
		read_message(row, type, a, r);
	}
	return true;
}

static int
kf_pull_answer(const struct account *acc, int status, const char *body, size_t len,
    struct arena *a, struct receipt **out, int *n, const char **cursor, bool *more,
    struct answer *why)
{
	json_t *j = wire_load(body, len);
	const json_t *list = json_object_get(j, "msg_list");
	const char *next = wire_text(a, j, "next_cursor");
	size_t rows = json_array_size(list);
	int64_t code;
	bool ok = status == 200 && wecom_errcode(j, &code) && code == 0 &&
		  strlen(next) <= 64 && rows <= ROWS;

	*n = 0;
	wecom_strange(status, why);
	if (status == 200 && wecom_errcode(j, &code) && code != 0)
		wecom_judge(status, code, why);
	if (ok) {
		*out = arena_array(a, struct receipt, (int)rows + 1);
		for (size_t i = 0; i < rows; i++)
			*n += read_row(acc, json_array_get(list, i), a, &(*out)[*n]);
		/* What does not move on would be read for ever. */
		*more = json_integer_value(json_object_get(j, "has_more")) == 1 &&
			next[0] != '\0' && strcmp(next, *cursor) != 0;
		if (next[0] != '\0')
			*cursor = next;
	}
	json_decref(j);
	return ok ? 0 : -1;
}

const struct provider wecom_kf_provider = {
	.name = "wecom-kf",
	.summary =
	    "WeCom customer service (微信客服): answers customers who have written, "
	    "five messages within 48 hours",
	.url = WECOM_URL,
	.settings = settings,
	.check = wecom_check,
	.secrets = wecom_secrets,
	.probe = &wecom_kf_probe,
	.capabilities = kf_capabilities,
	.token = &wecom_token,
	.lint = kf_lint,
	.refuses = kf_refuses,
	.request = kf_request,
	.answer = kf_answer,
	.signs = true,
	.hook = kf_hook,
	.pull = kf_pull,
	.pull_answer = kf_pull_answer,
};
